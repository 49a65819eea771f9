package detectionhistory

import (
	"io"
	"io/fs"
	"iter"

	"github.com/birthmark-dfir/birthmark/internal/whole"
)

// Reader has the content of one file, which is read when it is opened. It may be used by
// several goroutines. A nil Reader has an empty Detection.
type Reader struct{ file *whole.File[Detection] }

// Option changes how a file is read.
type Option func(*config)

type config struct{ name string }

// WithName sets what errors and problems call the file. The default is the name given
// to Open or OpenFS, and "detectionhistory" for NewReader.
func WithName(name string) Option { return func(c *config) { c.name = name } }

// Open opens the named detection history file. Close closes the file.
func Open(name string, opts ...Option) (*Reader, error) {
	return reader(format.Open(name, named(name, opts)))
}

// OpenFS opens a detection history file of a file system. Close closes the file.
func OpenFS(fsys fs.FS, name string, opts ...Option) (*Reader, error) {
	return reader(format.OpenFS(fsys, name, named(name, opts)))
}

// maxSize is the largest file that is read, in bytes. Windows writes some kilobytes.
const maxSize = 4 << 20

// NewReader reads a detection history file of size bytes. If the file is something else,
// errors.Is(err, ErrNotDetection). A damaged one opens, and Problems says what is wrong with it.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	return reader(format.Read(r, size, named("detectionhistory", opts)))
}

var format = whole.Format[Detection]{Part: "file", Max: maxSize, TooLarge: ErrNotDetection, Decode: decode}

func decode(name string, raw []byte, _ int64) (Detection, []Problem, error) {
	d := decoder{name: name, raw: raw}
	err := d.decode()
	return d.content, d.problems, err
}

// named returns what errors call a file.
func named(name string, opts []Option) string { return whole.Configure(config{name}, opts).name }

func reader(f *whole.File[Detection], err error) (*Reader, error) {
	if err != nil {
		return nil, err
	}
	return &Reader{f}, nil
}

// decoded returns the file, which is nil if r is.
func (r *Reader) decoded() *whole.File[Detection] {
	if r == nil {
		return nil
	}
	return r.file
}

// Detection returns the content. Its slices are those of the Reader, and must not be
// changed.
func (r *Reader) Detection() *Detection {
	content := r.decoded().Content()
	return &content
}

// Problems yields what is wrong with the file.
func (r *Reader) Problems() iter.Seq[Problem] { return r.decoded().Problems() }

// Close closes the file that Open or OpenFS opened. It does nothing after NewReader,
// and when it is called again.
func (r *Reader) Close() error { return r.decoded().Close() }
