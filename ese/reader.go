package ese

import (
	"io"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
)

// Reader reads one database. It may be used by several goroutines. A nil Reader has no
// tables.
type Reader struct {
	r      io.ReaderAt
	size   int64
	name   string
	header Header
	tables []*Table
	byName map[string]*Table // by name in lower case

	mu       sync.Mutex
	problems []Problem
	noted    map[uint32]bool // pages whose checksum has been reported

	file   io.Closer // that Open or OpenFS opened
	closed sync.Once
}

// Option changes how a database is read.
type Option func(*Reader)

// WithName sets what errors and problems call the database. The default is the name given
// to Open or OpenFS, and "ese" for NewReader.
func WithName(name string) Option { return func(r *Reader) { r.name = name } }

// Open opens the named database, which is not written to. Close closes the file.
func Open(name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.OpenOS(name)
	if err != nil {
		return nil, err
	}
	return owned(f, name, opts)
}

// OpenFS opens a database of a file system. Close closes the file.
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

// NewReader reads the header and the catalogue of a database of size bytes. If the file is
// something else, errors.Is(err, ErrNotESE). A database whose header and its copy are damaged
// is another error. Otherwise it opens with the tables that its catalogue still has, and
// Problems says what is wrong.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	db := &Reader{r: r, size: size, name: "ese", byName: map[string]*Table{}, noted: map[uint32]bool{}}
	for _, set := range opts {
		set(db)
	}
	if err := db.readHeader(); err != nil {
		return nil, damage.In(err, db.name, "")
	}
	if s := db.header.State; s != CleanShutdown {
		db.note(damage.Unclean, damage.New("state of the database", 0x34, s, CleanShutdown), "header")
	}
	if rest := size % int64(db.header.PageSize); rest != 0 {
		db.note(damage.Truncation, damage.Truncated("last page", size-rest, int64(db.header.PageSize), rest), "")
	}
	if err := db.readCatalog(); err != nil {
		return nil, damage.In(err, db.name, "")
	}
	return db, nil
}

// Header returns what the header says.
func (r *Reader) Header() Header {
	if r == nil {
		return Header{}
	}
	return r.header
}

// Tables returns the tables in the order of the catalogue, with those of the engine itself,
// whose names begin with MSys.
func (r *Reader) Tables() []*Table {
	if r == nil {
		return nil
	}
	return slices.Clone(r.tables)
}

// Table returns the table with a name, in any case, or nil.
func (r *Reader) Table(name string) *Table {
	if r == nil {
		return nil
	}
	return r.byName[strings.ToLower(name)]
}

// Problems yields what was found wrong with the database so far: with the header and the
// catalogue, and with the pages that have been read since.
func (r *Reader) Problems() iter.Seq[Problem] {
	if r == nil {
		return slices.Values([]Problem(nil))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Values(slices.Clone(r.problems))
}

// Close closes the file that Open or OpenFS opened. It does nothing after NewReader,
// and when it is called again.
func (r *Reader) Close() (err error) {
	if r != nil && r.file != nil {
		r.closed.Do(func() { err = r.file.Close() })
	}
	return err
}

// maxProblems is how many problems a Reader keeps. A file of zeros has one for each page.
const maxProblems = 10_000

func (r *Reader) note(kind damage.Kind, err error, path string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, damage.Note(kind, err, r.name, path))
	}
}

// noteOnce is note, once for each page.
func (r *Reader) noteOnce(page uint32, kind damage.Kind, err error, path string) {
	r.mu.Lock()
	known := r.noted[page]
	r.noted[page] = true
	r.mu.Unlock()
	if !known {
		r.note(kind, err, path)
	}
}

// Size returns the size of the file in bytes.
func (r *Reader) Size() int64 {
	if r == nil {
		return 0
	}
	return r.size
}
