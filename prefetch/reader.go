package prefetch

import (
	"io"
	"io/fs"
	"iter"

	"github.com/birthmark-dfir/birthmark/internal/whole"
)

// Reader has the content of one file, which is read when it is opened. It may be used by
// several goroutines. A nil Reader has an empty File.
type Reader struct{ file *whole.File[File] }

// Option changes how a file is read.
type Option func(*config)

type config struct{ name string }

// WithName sets what errors and problems call the file. The default is the name given
// to Open or OpenFS, and "prefetch" for NewReader.
func WithName(name string) Option { return func(c *config) { c.name = name } }

// Open opens the named prefetch file. Close closes the file.
func Open(name string, opts ...Option) (*Reader, error) {
	return reader(format.Open(name, named(name, opts)))
}

// OpenFS opens a prefetch file of a file system. Close closes the file.
func OpenFS(fsys fs.FS, name string, opts ...Option) (*Reader, error) {
	return reader(format.OpenFS(fsys, name, named(name, opts)))
}

// Limits, in bytes. Windows writes some 100 KB; maxPlain is of what a compressed file has.
const (
	maxSize  = 16 << 20
	maxPlain = 64 << 20
)

// NewReader reads a prefetch file of size bytes. If the file is something else,
// errors.Is(err, ErrNotPrefetch). A file whose header or compressed content is damaged is
// another error. Otherwise it opens, and Problems says what is wrong with it.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	return reader(format.Read(r, size, named("prefetch", opts)))
}

var format = whole.Format[File]{Part: "file", Max: maxSize, TooLarge: ErrNotPrefetch, Decode: decode}

func decode(name string, raw []byte, _ int64) (File, []Problem, error) {
	d := decoder{name: name, raw: raw}
	err := d.decode()
	return d.file, d.problems, err
}

// named returns what errors call a file.
func named(name string, opts []Option) string { return whole.Configure(config{name}, opts).name }

func reader(f *whole.File[File], err error) (*Reader, error) {
	if err != nil {
		return nil, err
	}
	return &Reader{f}, nil
}

// decoded returns the file, which is nil if r is.
func (r *Reader) decoded() *whole.File[File] {
	if r == nil {
		return nil
	}
	return r.file
}

// File returns the content. Its slices are those of the Reader, and must not be changed.
func (r *Reader) File() *File {
	content := r.decoded().Content()
	return &content
}

// Problems yields what is wrong with the file.
func (r *Reader) Problems() iter.Seq[Problem] { return r.decoded().Problems() }

// Close closes the file that Open or OpenFS opened. It does nothing after NewReader,
// and when it is called again.
func (r *Reader) Close() error { return r.decoded().Close() }
