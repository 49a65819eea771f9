package lnk

import (
	"io"
	"io/fs"
	"iter"
	"slices"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
)

// Reader has the link of one file, which is read when it is opened. It may be used by
// several goroutines. A nil Reader has an empty link.
type Reader struct {
	link     Link
	size     int64
	problems []Problem

	file   io.Closer // that Open or OpenFS opened
	closed sync.Once
}

// Option changes how a link is read.
type Option func(*config)

type config struct{ name string }

// WithName sets what errors and problems call the file. The default is the name given
// to Open or OpenFS, and "lnk" for NewReader.
func WithName(name string) Option { return func(c *config) { c.name = name } }

// Open opens the named link. Close closes the file.
func Open(name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.OpenOS(name)
	if err != nil {
		return nil, err
	}
	return owned(f, name, opts)
}

// OpenFS opens a link of a file system. Close closes the file.
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

// maxSize is how much of a file is read, in bytes. Links have some kilobytes, unless
// something was appended to them.
const maxSize = 1 << 20

// NewReader reads a link of size bytes. It rejects only a file that is not a link:
// errors.Is(err, ErrNotLink). A damaged link opens, and Problems says what is wrong
// with it.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	c := config{name: "lnk"}
	for _, set := range opts {
		set(&c)
	}
	raw, err := bin.ReadAt(r, size, 0, min(size, maxSize), "header")
	if err != nil {
		return nil, damage.In(err, c.name, "")
	}
	d := decoder{name: c.name, raw: raw}
	if err := d.decode(); err != nil {
		return nil, damage.In(err, c.name, "")
	}
	return &Reader{link: d.link, size: int64(d.end), problems: d.problems}, nil
}

// Link returns the link.
func (r *Reader) Link() *Link {
	if r == nil {
		return &Link{}
	}
	l := r.link
	l.Items, l.AlternateItems = slices.Clone(l.Items), slices.Clone(l.AlternateItems)
	l.Properties, l.Blocks = slices.Clone(l.Properties), slices.Clone(l.Blocks)
	return &l
}

// Size returns how many bytes of the file the link takes. What follows was appended to it,
// or is the next link of a jump list.
func (r *Reader) Size() int64 {
	if r == nil {
		return 0
	}
	return r.size
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
