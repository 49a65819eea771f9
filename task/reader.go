package task

import (
	"io"
	"io/fs"
	"iter"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/whole"
)

// Reader has the task of one file, which is read when it is opened. It may be used by
// several goroutines. A nil Reader has an empty task.
type Reader struct{ file *whole.File[Task] }

// Option changes how a task is read.
type Option func(*config)

type config struct{ name string }

// WithName sets what errors and problems call the file. The default is the name given
// to Open or OpenFS, and "task" for NewReader.
func WithName(name string) Option { return func(c *config) { c.name = name } }

// Open opens the named task. Close closes the file.
func Open(name string, opts ...Option) (*Reader, error) {
	return reader(format.Open(name, named(name, opts)))
}

// OpenFS opens a task of a file system. Close closes the file.
func OpenFS(fsys fs.FS, name string, opts ...Option) (*Reader, error) {
	return reader(format.OpenFS(fsys, name, named(name, opts)))
}

// maxSize is how much of a file is read, in bytes. Those of Windows have at most some
// tens of thousands.
const maxSize = 4 << 20

// NewReader reads a task of size bytes. It rejects only a file that is not a task:
// errors.Is(err, ErrNotTask). A damaged task opens, and Problems says what is wrong
// with it.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	return reader(format.Read(r, size, named("task", opts)))
}

var format = whole.Format[Task]{Part: "task", Max: maxSize, Decode: decode}

func decode(name string, raw []byte, size int64) (Task, []Problem, error) {
	d := decoder{name: name}
	if isJob(raw) {
		d.job(raw)
	} else {
		d.text = decodeText(raw)
		if err := d.decode(); err != nil {
			return Task{}, nil, err
		}
	}
	if size > maxSize {
		d.note(damage.Limit, damage.New("task", maxSize, size-maxSize, nil), "")
	}
	return d.task, d.problems, nil
}

// named returns what errors call a file.
func named(name string, opts []Option) string { return whole.Configure(config{name}, opts).name }

func reader(f *whole.File[Task], err error) (*Reader, error) {
	if err != nil {
		return nil, err
	}
	return &Reader{f}, nil
}

// decoded returns the file, which is nil if r is.
func (r *Reader) decoded() *whole.File[Task] {
	if r == nil {
		return nil
	}
	return r.file
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
	content := r.decoded().Content()
	return &content
}

// Problems yields what is wrong with the file.
func (r *Reader) Problems() iter.Seq[Problem] { return r.decoded().Problems() }

// Close closes the file that Open or OpenFS opened. It does nothing after NewReader,
// and when it is called again.
func (r *Reader) Close() error { return r.decoded().Close() }
