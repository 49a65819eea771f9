package registry

import (
	"io"
	"io/fs"
	"math"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
)

// Reader reads one hive, which it holds in memory. Its methods, and those of its
// keys and values, may be called from several goroutines at once.
type Reader struct {
	name string // of the hive file, "" without WithName
	base baseBlock
	cells
	root    uint32 // cell offset of the root key
	refused bitmap // references not to be followed, see check.go; by file offset / 4
}

// Open reads the hive in the named file.
func Open(name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.OpenOS(name)
	if err != nil {
		return nil, err
	}
	return readFile(f, name, opts)
}

// OpenFS reads the hive in a file of fsys.
func OpenFS(fsys fs.FS, name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.Open(fsys, name)
	if err != nil {
		return nil, err
	}
	return readFile(f, name, opts)
}

// readFile reads the hive in f and closes f, of which the Reader has a copy.
func readFile(f *fsfile.File, name string, opts []Option) (*Reader, error) {
	defer f.Close()
	return NewReader(f, f.Size, append([]Option{WithName(name)}, opts...)...)
}

// NewReader reads the hive of size bytes in r; r is not needed afterwards. It
// fails when r fails, and with a *FormatError when this is not a hive, with the
// cause ErrNotHive, or when not even a root key is left of it. What else is wrong
// is reported by Problems, and beside the keys and values it concerns.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	h := &Reader{name: newConfig(opts).name}
	data, err := readHive(r, size)
	if err != nil {
		return nil, err
	}
	if h.base, err = parseBaseBlock(data); err != nil {
		return nil, h.in(err, "")
	}
	h.cells = findBins(data, &h.base)
	if h.root, err = h.findRoot(); err != nil {
		return nil, h.in(err, "")
	}
	h.refused = h.check(nil)
	return h, nil
}

// Close ends the use of the hive, and returns nil. It has nothing to release: the
// hive is in memory, and its keys and values stay usable.
func (r *Reader) Close() error { return nil }

// maxHive is the largest file a hive can be: cell offsets have 31 bits, the
// highest bit tells volatile keys, which are never in a file.
const maxHive = min(baseBlockSize+1<<31, math.MaxInt/2)

// readHive reads what there is of a hive said to be of that size. A file that
// ends earlier is truncated, which is judged later.
func readHive(r io.ReaderAt, size int64) ([]byte, error) {
	const step = 64 << 20 // memory follows what was read, not what was said
	size = max(0, min(size, maxHive))
	var data []byte
	for int64(len(data)) < size {
		have := len(data)
		grown := make([]byte, min(size, int64(max(step, 2*have))))
		copy(grown, data)
		n, err := r.ReadAt(grown[have:], int64(have))
		data = grown[:have+n]
		if n == len(grown)-have {
			continue
		}
		if err != io.EOF && err != io.ErrUnexpectedEOF && err != nil {
			return nil, err
		}
		break
	}
	return data, nil
}

// Name returns the name of the hive's file: that of Open, OpenFS or WithName,
// else the last part of FileName. It may be "".
func (r *Reader) Name() string {
	if r.name != "" {
		return r.name
	}
	return r.base.fileName[strings.LastIndexByte(r.base.fileName, '\\')+1:]
}

// FileName returns the name in the base block: the last 31 characters or so of
// the path that the hive had when Windows last loaded it. It may be "".
func (r *Reader) FileName() string { return r.base.fileName }

// LastWrite returns when Windows last wrote the hive; the zero Time if the base
// block does not say.
func (r *Reader) LastWrite() time.Time { return r.base.lastWrite }

// Version returns the format version that the base block states, such as 1 and 5.
func (r *Reader) Version() (major, minor uint32) { return r.base.major, r.base.minor }

// Sequence returns the primary and the secondary sequence number. Windows
// increments the first before it writes the hive, and makes the second equal to
// it afterwards.
func (r *Reader) Sequence() (primary, secondary uint32) { return r.base.primary, r.base.secondary }

// Dirty reports whether the hive was not closed cleanly, so that its newest
// state may be in its transaction logs: its sequence numbers differ, or the
// checksum of its base block is wrong.
func (r *Reader) Dirty() bool {
	return r.base.primary != r.base.secondary || r.base.checksum != r.base.computed
}

// in names the hive and the place in it of an error.
func (r *Reader) in(err error, path string) error { return damage.In(err, r.artifact(), path) }

// artifact returns what errors call the hive, of which a zero Key knows nothing.
func (r *Reader) artifact() string {
	if r == nil || r.name == "" {
		return "registry"
	}
	return r.name
}
