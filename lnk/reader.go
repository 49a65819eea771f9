package lnk

import (
	"io"
	"io/fs"
	"iter"
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/whole"
)

// Reader has the link of one file, which is read when it is opened. It may be used by
// several goroutines. A nil Reader has an empty link.
type Reader struct{ file *whole.File[content] }

// content is what a file has.
type content struct {
	link Link
	size int64 // of the link, in bytes
}

// Option changes how a link is read.
type Option func(*config)

type config struct{ name string }

// WithName sets what errors and problems call the file. The default is the name given
// to Open or OpenFS, and "lnk" for NewReader.
func WithName(name string) Option { return func(c *config) { c.name = name } }

// Open opens the named link. Close closes the file.
func Open(name string, opts ...Option) (*Reader, error) {
	return reader(format.Open(name, named(name, opts)))
}

// OpenFS opens a link of a file system. Close closes the file.
func OpenFS(fsys fs.FS, name string, opts ...Option) (*Reader, error) {
	return reader(format.OpenFS(fsys, name, named(name, opts)))
}

// maxSize is how much of a file is read, in bytes. Links have some kilobytes, unless
// something was appended to them.
const maxSize = 1 << 20

// NewReader reads a link of size bytes. It rejects only a file that is not a link:
// errors.Is(err, ErrNotLink). A damaged link opens, and Problems says what is wrong
// with it.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	return reader(format.Read(r, size, named("lnk", opts)))
}

var format = whole.Format[content]{Part: "header", Max: maxSize, Decode: decode}

func decode(name string, raw []byte, _ int64) (content, []Problem, error) {
	d := decoder{name: name, raw: raw}
	err := d.decode()
	return content{d.link, int64(d.end)}, d.problems, err
}

// named returns what errors call a file.
func named(name string, opts []Option) string { return whole.Configure(config{name}, opts).name }

func reader(f *whole.File[content], err error) (*Reader, error) {
	if err != nil {
		return nil, err
	}
	return &Reader{f}, nil
}

// decoded returns the file, which is nil if r is.
func (r *Reader) decoded() *whole.File[content] {
	if r == nil {
		return nil
	}
	return r.file
}

// Link returns the link.
func (r *Reader) Link() *Link {
	l := r.decoded().Content().link
	l.Items, l.AlternateItems = slices.Clone(l.Items), slices.Clone(l.AlternateItems)
	l.Properties, l.Blocks = slices.Clone(l.Properties), slices.Clone(l.Blocks)
	return &l
}

// Size returns how many bytes of the file the link takes. What follows was appended to it,
// or is the next link of a jump list.
func (r *Reader) Size() int64 { return r.decoded().Content().size }

// Problems yields what is wrong with the file.
func (r *Reader) Problems() iter.Seq[Problem] { return r.decoded().Problems() }

// Close closes the file that Open or OpenFS opened. It does nothing after NewReader,
// and when it is called again.
func (r *Reader) Close() error { return r.decoded().Close() }
