package registry

import (
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
)

// FormatError says what is malformed in a hive: where it lies (in bytes from the
// beginning of the hive file), what was wanted and what was there.
type FormatError = damage.Error

// Problem is something wrong with a hive that did not stop the rest of it from
// being read.
type Problem = damage.Problem

// An Option changes how NewReader reads a hive.
type Option func(*Reader)

// WithName gives the hive the name or path of its file, which errors, Autostart.Hive and
// Reader.Type use. Without it, the last part of the name in the base block
// serves.
func WithName(name string) Option { return func(r *Reader) { r.name = name } }

// Reader reads one hive, which it holds in memory. Its methods, and those of its
// keys and values, may be called from several goroutines at once.
type Reader struct {
	name string // of the hive file, for errors
	base baseBlock
	cells
	root    uint32 // cell offset of the root key
	refused bitmap // references not to be followed, see check.go; by file offset / 4
}

// NewReader reads the hive of size bytes in r; r is not needed afterwards. It
// fails when r fails, and with a *FormatError when this is no hive or not even
// a root key is left of it. What else is wrong is reported by Problems, and
// beside the keys and values it concerns.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	h := new(Reader)
	if err := h.read(r, size, opts); err != nil {
		return nil, err
	}
	return h, nil
}

func (r *Reader) read(src io.ReaderAt, size int64, opts []Option) error {
	for _, opt := range opts {
		opt(r)
	}
	data, err := readHive(src, size)
	if err != nil {
		return err
	}
	if r.base, err = parseBaseBlock(data); err != nil {
		return r.in(err, "")
	}
	if r.name == "" {
		r.name = r.base.fileName[strings.LastIndexByte(r.base.fileName, '\\')+1:]
	}
	r.cells = findBins(data, &r.base)
	if r.root, err = r.findRoot(); err != nil {
		return r.in(err, "")
	}
	r.refused = r.check(nil)
	return nil
}

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

// in names the hive and the place in it of an error from below.
func (r *Reader) in(err error, path string) error {
	name := r.name
	if name == "" {
		name = "registry"
	}
	return damage.In(err, name, path)
}

// Name returns the name of the hive's file: that of WithName or Open, else the
// last part of FileName. It may be "".
func (r *Reader) Name() string { return r.name }

// FileName returns the name in the base block: the last 31 characters or so of
// the path that the hive had when Windows last loaded it. It may be "".
func (r *Reader) FileName() string { return r.base.fileName }

// LastWritten returns when Windows last wrote the hive; the zero Time where the
// base block does not say.
func (r *Reader) LastWritten() time.Time { return r.base.lastWritten }

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

// ReadCloser is a Reader of a file that Open opened.
type ReadCloser struct {
	Reader
}

// Open reads the hive in the named file. The caller should Close it.
func Open(name string) (*ReadCloser, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	rc := new(ReadCloser)
	if err := rc.read(f, st.Size(), []Option{WithName(filepath.Base(name))}); err != nil {
		return nil, err
	}
	return rc, nil
}

// Close ends the use of the file. Keys and values stay usable: their bytes are
// in memory. It returns nil.
func (r *ReadCloser) Close() error { return nil }
