package jumplist

import (
	"fmt"
	"io"
	"io/fs"
	"iter"
	"slices"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
)

// Reader has the jump list of one file, which is read when it is opened. It may be used by
// several goroutines. A nil Reader has an empty list.
type Reader struct {
	list     List
	problems []Problem

	file   io.Closer // that Open or OpenFS opened
	closed sync.Once
}

// Option changes how a jump list is read.
type Option func(*config)

type config struct{ name string }

// WithName sets what errors and problems call the file. The default is the name given
// to Open or OpenFS, and "jumplist" for NewReader.
func WithName(name string) Option { return func(c *config) { c.name = name } }

// Open opens the named jump list. Close closes the file.
func Open(name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.OpenOS(name)
	if err != nil {
		return nil, err
	}
	return owned(f, name, opts)
}

// OpenFS opens a jump list of a file system. Close closes the file.
func OpenFS(fsys fs.FS, name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.Open(fsys, name)
	if err != nil {
		return nil, err
	}
	return owned(f, name, opts)
}

// owned returns a Reader that closes its file.
func owned(f *fsfile.File, name string, opts []Option) (*Reader, error) {
	r, err := NewReader(f, f.Size, append([]Option{WithName(name)}, opts...)...)
	if err != nil {
		f.Close()
		return nil, err
	}
	r.file = f
	return r, nil
}

// maxSize is the largest file that is read, in bytes. Jump lists have some kilobytes to some
// megabytes.
const maxSize = 64 << 20

// NewReader reads a jump list of size bytes. Its kind follows from its content, and the
// AppID from the name that WithName sets. If the file is something else,
// errors.Is(err, ErrNotJumpList). A damaged one opens, and Problems says what is wrong with
// it.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	c := config{name: "jumplist"}
	for _, set := range opts {
		set(&c)
	}
	if size > maxSize {
		return nil, &FormatError{Artifact: c.name, Offset: -1, What: "size of the file", Got: fmt.Sprint(size), Want: fmt.Sprintf("≤ %d", maxSize), Err: ErrNotJumpList}
	}
	raw, err := bin.ReadAt(r, size, 0, size, "file")
	if err != nil {
		return nil, damage.In(err, c.name, "")
	}
	d := decoder{name: c.name, raw: raw}
	d.list.AppID, _ = Named(c.name)
	if err := d.decode(); err != nil {
		return nil, damage.In(err, c.name, "")
	}
	return &Reader{list: d.list, problems: d.problems}, nil
}

// List returns the jump list.
func (r *Reader) List() *List {
	if r == nil {
		return &List{}
	}
	l := r.list
	l.Entries = slices.Clone(l.Entries)
	return &l
}

// Problems yields what is wrong with the file.
func (r *Reader) Problems() iter.Seq[Problem] {
	if r == nil {
		return slices.Values([]Problem(nil))
	}
	return slices.Values(r.problems)
}

// Close closes the file that Open or OpenFS opened. It does nothing after NewReader,
// and when it is called again.
func (r *Reader) Close() (err error) {
	if r != nil && r.file != nil {
		r.closed.Do(func() { err = r.file.Close() })
	}
	return err
}
