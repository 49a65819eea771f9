package recyclebin

import (
	"io"
	"io/fs"
	"iter"

	"github.com/birthmark-dfir/birthmark/internal/whole"
)

// Reader has the content of one file, which is read when it is opened. It may be used by
// several goroutines. A nil Reader has an empty Info.
type Reader struct{ file *whole.File[Info] }

// Option changes how a file is read.
type Option func(*config)

type config struct{ name string }

// WithName sets what errors and problems call the file. The default is the name given
// to Open or OpenFS, and "recyclebin" for NewReader.
func WithName(name string) Option { return func(c *config) { c.name = name } }

// Open opens the named information file of the recycle bin. Close closes the file.
func Open(name string, opts ...Option) (*Reader, error) {
	return reader(format.Open(name, named(name, opts)))
}

// OpenFS opens an information file of the recycle bin of a file system. Close closes the file.
func OpenFS(fsys fs.FS, name string, opts ...Option) (*Reader, error) {
	return reader(format.OpenFS(fsys, name, named(name, opts)))
}

// maxSize is the largest file that is read, in bytes. Windows writes less than 1 KiB, and
// with long paths up to 64 KiB.
const maxSize = 1 << 20

// NewReader reads an information file of the recycle bin of size bytes. If the file is something else,
// errors.Is(err, ErrNotInfo). A damaged one opens, and Problems says what is wrong with it.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	return reader(format.Read(r, size, named("recyclebin", opts)))
}

var format = whole.Format[Info]{Part: "file", Max: maxSize, TooLarge: ErrNotInfo, Decode: decode}

func decode(name string, raw []byte, _ int64) (Info, []Problem, error) {
	d := decoder{name: name, raw: raw}
	err := d.decode()
	return d.content, d.problems, err
}

// named returns what errors call a file.
func named(name string, opts []Option) string { return whole.Configure(config{name}, opts).name }

func reader(f *whole.File[Info], err error) (*Reader, error) {
	if err != nil {
		return nil, err
	}
	return &Reader{f}, nil
}

// decoded returns the file, which is nil if r is.
func (r *Reader) decoded() *whole.File[Info] {
	if r == nil {
		return nil
	}
	return r.file
}

// Info returns the content.
func (r *Reader) Info() *Info {
	content := r.decoded().Content()
	return &content
}

// Problems yields what is wrong with the file.
func (r *Reader) Problems() iter.Seq[Problem] { return r.decoded().Problems() }

// Close closes the file that Open or OpenFS opened. It does nothing after NewReader,
// and when it is called again.
func (r *Reader) Close() error { return r.decoded().Close() }
