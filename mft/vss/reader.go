package vss

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"slices"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
	"github.com/birthmark-dfir/birthmark/winid"
)

// GUID is a Windows GUID.
type GUID = winid.GUID

// The header, in the boot sectors of the volume, in bytes from 0x1e00 of the volume:
//
//	0x00  16  identifier of the format
//	0x10   4  version: 1 for Windows Vista and 7, 2 for Windows 8 and later
//	0x14   4  kind of record: 1
//	0x18   8  offset of the header in the volume
//	0x30   8  offset of the catalog in the volume, or 0
//	0x38   8  most bytes that the stores may take, or 0
//	0x40  16  identifier of the volume
//	0x50  16  identifier of the volume that holds the stores
const (
	headerOffset = 0x1e00
	headerLen    = 0x60
	blockSize    = 0x4000
	sectorSize   = 512
)

// identifier begins every record: {3808876b-c176-4e48-b7ae-04046e6cc752}.
const identifier = "\x6b\x87\x08\x38\x76\xc1\x48\x4e\xb7\xae\x04\x04\x6e\x6c\xc7\x52"

// The kinds of records.
const (
	recordHeader  = 1
	recordCatalog = 2
	recordList    = 3 // of blocks
	recordStore   = 4
	recordRanges  = 5
	recordBitmap  = 6
)

// Reader reads the shadow copies of a volume. Its methods may be called concurrently.
type Reader struct {
	name      string // what errors call the volume
	src       io.ReaderAt
	size      int64
	file      io.Closer // nil if Close has nothing to close
	volume    GUID
	storage   GUID
	limit     uint64
	snapshots []*Snapshot // the oldest first
	problems  []Problem   // of the catalog
	lost      error       // why a snapshot may be missing from the catalog, or nil
	carved    []*Snapshot
	reused    func(off, n int64) bool // whether other files have clusters of stores; nil if that is not known

	mu      sync.Mutex
	claimed map[uint64]bool // the blocks of lists that were read
}

const defaultName = "vss"

// Option changes how a Reader reads.
type Option func(*Reader)

// WithName sets the name of the volume in errors and problems. The default is the name of
// the opened file or, for NewReader, "vss".
func WithName(name string) Option { return func(r *Reader) { r.name = name } }

// Open opens the image of a volume. The caller should Close the Reader. For the image of a
// disk use package evidence.
func Open(name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.OpenOS(name)
	if err != nil {
		return nil, err
	}
	return opened(f, name, opts)
}

// OpenFS opens the image of a volume in fsys. The caller should Close the Reader.
func OpenFS(fsys fs.FS, name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.Open(fsys, name)
	if err != nil {
		return nil, err
	}
	return opened(f, name, opts)
}

func opened(f *fsfile.File, name string, opts []Option) (*Reader, error) {
	r, err := NewReader(f, f.Size, append([]Option{WithName(name)}, opts...)...)
	if err != nil {
		f.Close()
		return nil, err
	}
	r.file = f
	return r, nil
}

// NewReader returns a Reader of the volume in the first size bytes of r. If the volume has
// no shadow copies and never had any, the cause of the error is ErrNone. If they were all
// deleted, the Reader has no snapshots.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	v := &Reader{name: defaultName, src: r, size: size}
	for _, opt := range opts {
		opt(v)
	}
	if err := v.readHeader(); err != nil {
		return nil, damage.In(err, v.name, "")
	}
	return v, nil
}

func (r *Reader) readHeader() error {
	b, err := bin.ReadAt(r.src, r.size, headerOffset, headerLen, "header of the shadow copies")
	switch {
	case err != nil && !damage.Is(err):
		return err
	case err != nil || string(b[:16]) != identifier:
		return &damage.Error{Offset: headerOffset, What: "header of the shadow copies", Want: "the identifier of the format", Err: ErrNone}
	}
	for _, f := range []struct {
		what      string
		at        int64
		got, want uint64
	}{
		{"kind of record", 0x14, uint64(binary.LittleEndian.Uint32(b[0x14:])), recordHeader},
		{"offset of the header", 0x18, binary.LittleEndian.Uint64(b[0x18:]), headerOffset},
	} {
		if f.got != f.want {
			r.note(damage.Malformed, damage.New(f.what, headerOffset+f.at, fmt.Sprintf("%#x", f.got), fmt.Sprintf("%#x", f.want)))
		}
	}
	r.limit = binary.LittleEndian.Uint64(b[0x38:])
	r.volume, r.storage = GUID(b[0x40:0x50]), GUID(b[0x50:0x60])
	if at := binary.LittleEndian.Uint64(b[0x30:]); at != 0 {
		return r.readCatalog(at)
	}
	return nil
}

func (r *Reader) note(kind damage.Kind, err error) {
	r.problems = append(r.problems, damage.Note(kind, err, r.name, ""))
}

// Close closes the file that Open or OpenFS opened. The snapshots cannot be read
// afterwards.
func (r *Reader) Close() error {
	if r == nil || r.file == nil {
		return nil
	}
	f := r.file
	r.file = nil
	return f.Close()
}

// Name returns the name of the volume in errors and problems.
func (r *Reader) Name() string {
	if r == nil {
		return ""
	}
	return cmp.Or(r.name, defaultName)
}

// Volume returns the identifier of the volume.
func (r *Reader) Volume() GUID {
	if r == nil {
		return GUID{}
	}
	return r.volume
}

// Storage returns the identifier of the volume that holds the stores. It is that of Volume
// if the volume holds its own.
func (r *Reader) Storage() GUID {
	if r == nil {
		return GUID{}
	}
	return r.storage
}

// Limit returns how many bytes the stores may take, or 0 if there is no limit.
func (r *Reader) Limit() uint64 {
	if r == nil {
		return 0
	}
	return r.limit
}

// Snapshots returns the snapshots, the oldest first. Callers must not change the slice.
func (r *Reader) Snapshots() []*Snapshot {
	if r == nil {
		return nil
	}
	return r.snapshots
}

// Carved returns the snapshots that Carve found and the catalog does not list, the oldest
// first, and then those of unknown age. Callers must not change the slice.
func (r *Reader) Carved() []*Snapshot {
	if r == nil {
		return nil
	}
	return r.carved
}

// CatalogProblems returns the damage in the header and the catalog, which needs no store to
// be read. Callers must not change the slice.
func (r *Reader) CatalogProblems() []Problem {
	if r == nil {
		return nil
	}
	return r.problems
}

// Problems iterates over the damage in the catalog and in the stores. It reads the lists
// of all stores.
func (r *Reader) Problems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		if r == nil {
			return
		}
		for _, p := range r.problems {
			if !yield(p) {
				return
			}
		}
		for _, s := range slices.Concat(r.snapshots, r.carved) {
			for p := range s.Problems() {
				if !yield(p) {
					return
				}
			}
		}
	}
}
