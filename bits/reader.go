package bits

import (
	"io"
	"io/fs"
	"iter"
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/whole"
)

// Reader has the jobs of one file, which is read when it is opened. It may be used by
// several goroutines. A nil Reader has no jobs.
type Reader struct{ file *whole.File[content] }

// content is what a file has.
type content struct {
	jobs  []item
	files []*File // of no job that is known
}

// item is a job, or damage.
type item struct {
	job *Job
	err error
}

// Option changes how a file is read.
type Option func(*config)

type config struct{ name string }

// WithName sets what errors and problems call the file. The default is the name given
// to Open or OpenFS, and "bits" for NewReader.
func WithName(name string) Option { return func(c *config) { c.name = name } }

// Open opens the named file. Close closes the file.
func Open(name string, opts ...Option) (*Reader, error) {
	return reader(format.Open(name, named(name, opts)))
}

// OpenFS opens a queue of BITS of a file system. Close closes the file.
func OpenFS(fsys fs.FS, name string, opts ...Option) (*Reader, error) {
	return reader(format.OpenFS(fsys, name, named(name, opts)))
}

// maxSize is how much of a file is read, in bytes. Windows has some MiB.
const maxSize = 256 << 20

// NewReader reads a queue of BITS of size bytes. If the file is something else,
// errors.Is(err, ErrNotQueue). A damaged one opens, and Problems says what is wrong with it.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	return reader(format.Read(r, size, named("bits", opts)))
}

var format = whole.Format[content]{Part: "file", Max: maxSize, TooLarge: ErrNotQueue, Decode: decode}

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

// Jobs yields the jobs of the queue in its order, then those that are left from before in
// the order of the file: of each job, the last version, and earlier ones that had another
// owner, name or notify command. A damage error is followed by the next job.
func (r *Reader) Jobs() iter.Seq2[*Job, error] {
	return func(yield func(*Job, error) bool) {
		for _, item := range r.decoded().Content().jobs {
			if !yield(item.job, item.err) {
				return
			}
		}
	}
}

// Files yields the files whose job is not known, in the order of the file.
func (r *Reader) Files() iter.Seq[*File] { return slices.Values(r.decoded().Content().files) }

// Problems yields what is wrong with the file.
func (r *Reader) Problems() iter.Seq[Problem] { return r.decoded().Problems() }

// Close closes the file that Open or OpenFS opened. It does nothing after NewReader,
// and when it is called again.
func (r *Reader) Close() error { return r.decoded().Close() }
