package usnjrnl

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
	"github.com/birthmark-dfir/birthmark/internal/velociraptor"
)

// Reader reads a journal. Its methods may be called concurrently.
type Reader struct {
	name string // what errors call it
	src  io.ReaderAt
	size int64
	file io.Closer // nil if Close has nothing to close

	max    *Max  // nil if it is not known
	badMax error // why it is not, or nil
}

const defaultName = "$UsnJrnl:$J"

// Named reports whether the last element of a slash-separated path is a name that
// collectors give to the journal: $UsnJrnl:$J with another character for the colon,
// without any, or in part.
func Named(name string) bool { return artifact.Named(name) == artifact.USN }

// Option changes how a Reader reads.
type Option func(*Reader)

// WithName sets the name of the journal in errors and problems. The default is the name
// of the opened file or, for NewReader, "$UsnJrnl:$J".
func WithName(name string) Option { return func(r *Reader) { r.name = name } }

// Open opens a file that holds a journal. If Velociraptor left out its holes and wrote
// the index of its ranges beside it, NAME.idx, offsets are those in the journal on its
// volume. The caller should Close the Reader.
func Open(name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.OpenOS(name)
	if err != nil {
		return nil, err
	}
	dir, base := filepath.Split(name)
	return opened(f, name, os.DirFS(cmp.Or(dir, ".")), base, opts)
}

// OpenFS opens a file of fsys that holds a journal, as Open does.
func OpenFS(fsys fs.FS, name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.Open(fsys, name)
	if err != nil {
		return nil, err
	}
	return opened(f, name, fsys, name, opts)
}

// opened returns the Reader of a file. Beside is the folder of its index.
func opened(f *fsfile.File, name string, beside fs.FS, base string, opts []Option) (*Reader, error) {
	src, size := f.ReaderAt, f.Size
	if _, whole := src.(sparse); !whole {
		index, err := velociraptor.ReadIndex(beside, base+velociraptor.IndexExt)
		switch {
		case err == nil:
			s := &collected{velociraptor.Sparse{R: src, Size: size, Index: index}}
			src, size = s, index.Size()
		case damage.Is(err):
			f.Close()
			return nil, damage.In(err, name+velociraptor.IndexExt, "")
		}
	}
	r, err := NewReader(src, size, append([]Option{WithName(name)}, opts...)...)
	if err != nil {
		f.Close()
		return nil, err
	}
	r.file = f
	if r.max == nil && r.badMax == nil {
		r.readMax(beside, base)
	}
	return r, nil
}

// sparse is an input that knows its holes.
type sparse interface {
	// NextData returns the first offset at or behind off that is not in a hole, at most
	// the size.
	NextData(off int64) int64
}

// collected is a copy without holes.
type collected struct{ velociraptor.Sparse }

// NextData implements sparse.
func (c *collected) NextData(off int64) int64 { return c.Index.NextData(off) }

// NewReader returns a Reader of the journal in the first size bytes of r. If r has a
// method NextData(off int64) int64 that returns the first offset at or behind off that is
// not in a hole, holes are not read. An empty journal is one: it has no records.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	j := &Reader{name: defaultName, src: r, size: size}
	if size < 0 {
		return nil, damage.New("size of the journal", -1, size, "≥ 0")
	}
	for _, opt := range opts {
		opt(j)
	}
	return j, nil
}

// Close closes the file that Open or OpenFS opened.
func (r *Reader) Close() error {
	if r == nil || r.file == nil {
		return nil
	}
	f := r.file
	r.file = nil
	return f.Close()
}

// Size returns the size of the journal in bytes, with its holes.
func (r *Reader) Size() int64 {
	if r == nil {
		return 0
	}
	return r.size
}

// Records iterates over the records in the order of their offsets.
//
// A *FormatError means that a range of the journal is lost, and iteration goes on behind
// it; any other error ends the iteration. A record that comes with an error is empty but
// for its offset. Breaking early and ranging again are safe. The caller owns the records.
func (r *Reader) Records() iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		r.walk(yield, func(Problem) bool { return true })
	}
}

// Problems iterates over the damage, which includes that of $Max, and records that are missing
// between two others.
func (r *Reader) Problems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		if r != nil && r.badMax != nil && !yield(damage.Note(kindOf(r.badMax), r.badMax, r.name, "")) {
			return
		}
		r.walk(func(_ Record, err error) bool {
			return err == nil || yield(damage.Note(kindOf(err), err, r.name, ""))
		}, yield)
	}
}

// At returns the record at an offset that Records gave. It needs no record before it.
func (r *Reader) At(off int64) (Record, error) {
	if r == nil || r.src == nil || off < 0 || off >= r.size {
		return Record{}, damage.New("offset of a record", -1, off, "an offset in the journal")
	}
	var buf [pageSize]byte
	n, err := r.src.ReadAt(buf[:min(pageSize, r.size-off)], off)
	rec, bad := decode(buf[:n], off)
	switch {
	case bad == nil:
		return rec, nil
	case err != nil && !errors.Is(err, io.EOF):
		return Record{}, damage.In(err, r.name, "")
	}
	return Record{}, damage.In(bad, r.name, "")
}
