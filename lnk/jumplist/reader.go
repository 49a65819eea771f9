package jumplist

import (
	"io"
	"io/fs"
	"iter"
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/whole"
)

// Reader has the jump list of one file, which is read when it is opened. It may be used by
// several goroutines. A nil Reader has an empty list.
type Reader struct{ file *whole.File[List] }

// Option changes how a jump list is read.
type Option func(*config)

type config struct{ name string }

// WithName sets what errors and problems call the file. The default is the name given
// to Open or OpenFS, and "jumplist" for NewReader.
func WithName(name string) Option { return func(c *config) { c.name = name } }

// Open opens the named jump list. Close closes the file.
func Open(name string, opts ...Option) (*Reader, error) {
	return reader(format.Open(name, named(name, opts)))
}

// OpenFS opens a jump list of a file system. Close closes the file.
func OpenFS(fsys fs.FS, name string, opts ...Option) (*Reader, error) {
	return reader(format.OpenFS(fsys, name, named(name, opts)))
}

// maxSize is the largest file that is read, in bytes. Jump lists have some kilobytes to some
// megabytes.
const maxSize = 64 << 20

// NewReader reads a jump list of size bytes. Its kind follows from its content, and the
// AppID from the name that WithName sets. If the file is something else,
// errors.Is(err, ErrNotJumpList). A damaged one opens, and Problems says what is wrong with
// it.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	return reader(format.Read(r, size, named("jumplist", opts)))
}

var format = whole.Format[List]{Part: "file", Max: maxSize, TooLarge: ErrNotJumpList, Decode: decode}

func decode(name string, raw []byte, _ int64) (List, []Problem, error) {
	d := decoder{name: name, raw: raw}
	d.list.AppID, _ = Named(name)
	err := d.decode()
	return d.list, d.problems, err
}

// named returns what errors call a file.
func named(name string, opts []Option) string { return whole.Configure(config{name}, opts).name }

func reader(f *whole.File[List], err error) (*Reader, error) {
	if err != nil {
		return nil, err
	}
	return &Reader{f}, nil
}

// decoded returns the file, which is nil if r is.
func (r *Reader) decoded() *whole.File[List] {
	if r == nil {
		return nil
	}
	return r.file
}

// List returns the jump list.
func (r *Reader) List() *List {
	l := r.decoded().Content()
	l.Entries = slices.Clone(l.Entries)
	return &l
}

// Problems yields what is wrong with the file.
func (r *Reader) Problems() iter.Seq[Problem] { return r.decoded().Problems() }

// Close closes the file that Open or OpenFS opened. It does nothing after NewReader,
// and when it is called again.
func (r *Reader) Close() error { return r.decoded().Close() }
