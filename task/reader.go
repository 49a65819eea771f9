package task

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

// Reader has the task of one file, which is read when it is opened. It may be used by
// several goroutines. A nil Reader has an empty task.
type Reader struct {
	task     Task
	problems []Problem

	file   io.Closer // that Open or OpenFS opened
	closed sync.Once
}

// Option changes how a task is read.
type Option func(*config)

type config struct{ name string }

// WithName sets what errors and problems call the file. The default is the name given
// to Open or OpenFS, and "task" for NewReader.
func WithName(name string) Option { return func(c *config) { c.name = name } }

// Open opens the named task. Close closes the file.
func Open(name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.OpenOS(name)
	if err != nil {
		return nil, err
	}
	return owned(f, name, opts)
}

// OpenFS opens a task of a file system. Close closes the file.
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

// maxSize is how much of a file is read, in bytes. Those of Windows have at most some
// tens of thousands.
const maxSize = 4 << 20

// NewReader reads a task of size bytes. It rejects only a file that is not a task:
// errors.Is(err, ErrNotTask). A damaged task opens, and Problems says what is wrong
// with it.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	c := config{name: "task"}
	for _, set := range opts {
		set(&c)
	}
	raw, err := bin.ReadAt(r, size, 0, min(size, maxSize), "XML")
	if err != nil {
		return nil, damage.In(err, c.name, "")
	}
	d := decoder{name: c.name, text: decodeText(raw)}
	if err := d.decode(); err != nil {
		return nil, err
	}
	if size > maxSize {
		d.note(damage.Limit, damage.New("XML", maxSize, size-maxSize, nil), "")
	}
	return &Reader{task: d.task, problems: d.problems}, nil
}

// Parse reads the XML of a task that is already text, as in an event. The encoding
// that the XML declares does not count.
func Parse(xml string) (*Task, []Problem, error) {
	d := decoder{name: "task", text: text{utf8: valid(xml[:min(len(xml), maxSize)])}}
	if err := d.decode(); err != nil {
		return &Task{}, nil, err
	}
	return &d.task, d.problems, nil
}

// Task returns the task.
func (r *Reader) Task() *Task {
	if r == nil {
		return &Task{}
	}
	t := r.task
	return &t
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
