package detectionhistory

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

// Reader has the content of one file, which is read when it is opened. It may be used by
// several goroutines. A nil Reader has an empty Detection.
type Reader struct {
	content  Detection
	problems []Problem

	file   io.Closer // that Open or OpenFS opened
	closed sync.Once
}

// Option changes how a file is read.
type Option func(*config)

type config struct{ name string }

// WithName sets what errors and problems call the file. The default is the name given
// to Open or OpenFS, and "detectionhistory" for NewReader.
func WithName(name string) Option { return func(c *config) { c.name = name } }

// Open opens the named detection history file. Close closes the file.
func Open(name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.OpenOS(name)
	if err != nil {
		return nil, err
	}
	return owned(f, name, opts)
}

// OpenFS opens a detection history file of a file system. Close closes the file.
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

// maxSize is the largest file that is read, in bytes. Windows writes some kilobytes.
const maxSize = 4 << 20

// NewReader reads a detection history file of size bytes. If the file is something else,
// errors.Is(err, ErrNotDetection). A damaged one opens, and Problems says what is wrong with it.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	c := config{name: "detectionhistory"}
	for _, set := range opts {
		set(&c)
	}
	if size > maxSize {
		return nil, &FormatError{Artifact: c.name, Offset: -1, What: "size of the file", Got: fmt.Sprint(size), Want: fmt.Sprintf("≤ %d", maxSize), Err: ErrNotDetection}
	}
	raw, err := bin.ReadAt(r, size, 0, size, "file")
	if err != nil {
		return nil, damage.In(err, c.name, "")
	}
	d := decoder{name: c.name, raw: raw}
	if err := d.decode(); err != nil {
		return nil, damage.In(err, c.name, "")
	}
	return &Reader{content: d.content, problems: d.problems}, nil
}

// Detection returns the content. Its slices are those of the Reader, and must not be
// changed.
func (r *Reader) Detection() *Detection {
	if r == nil {
		return &Detection{}
	}
	d := r.content
	return &d
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
