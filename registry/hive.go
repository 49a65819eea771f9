package registry

import (
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
)

// Reader reads one hive, which it holds in memory. Its methods, and those of its
// keys and values, may be called concurrently.
type Reader struct {
	name string // of the hive file, "" without WithName
	base baseBlock
	cells
	root  uint32                   // cell offset of the root key
	known atomic.Pointer[refusals] // the result of refused, as soon as it is known
	slabs sync.Pool                // of *slab

	recent [recentNames]atomic.Pointer[string] // see Reader.recentName

	logs        []LogUse
	logFiles    []logFile
	logProblems []damage.Problem
}

// recentNames is how many names of values a Reader keeps to give out again. Five of six
// values have one of them.
const recentNames = 512

// Open reads the hive in the named file.
func Open(name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.OpenOS(name)
	if err != nil {
		return nil, err
	}
	return readFile(f, name, opts, func() []logFile { return logsBeside(name) })
}

// OpenFS reads the hive in a file of fsys.
func OpenFS(fsys fs.FS, name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.Open(fsys, name)
	if err != nil {
		return nil, err
	}
	return readFile(f, name, opts, func() []logFile { return logsBesideIn(fsys, name) })
}

// readFile reads the hive in f and closes f. The Reader has a copy of the hive.
func readFile(f *fsfile.File, name string, opts []Option, beside func() []logFile) (*Reader, error) {
	defer f.Close()
	c := newConfig(append([]Option{WithName(name)}, opts...))
	if c.beside {
		c.files = beside()
	}
	return newReader(f, f.Size, c)
}

// NewReader reads the hive of size bytes in r, which is not needed afterwards. It
// fails if r fails. It returns a *FormatError if the file is not a hive, with the
// cause ErrNotHive, or if no root key is left; see WithFragments. All other damage is
// reported by Problems, and by the keys and values that it affects: also a base block
// that was overwritten, if the first bin is in its place.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	return newReader(r, size, newConfig(opts))
}

func newReader(r io.ReaderAt, size int64, c config) (*Reader, error) {
	h := &Reader{name: c.name}
	data, err := readHive(r, size)
	if err != nil {
		return nil, err
	}
	for _, l := range c.logs {
		c.files = append(c.files, readLog(l))
	}
	if len(c.files) > 0 {
		p := replayLogs(data, c.files)
		data, h.logs, h.logFiles, h.logProblems = p.data, p.uses, c.files, p.problems
	}
	if h.base, err = parseBaseBlock(data); err != nil {
		stand, ok := lostBaseBlock(data, c.fragment, err)
		if !ok {
			return nil, h.in(err, "")
		}
		h.base = stand
	}
	h.cells = findBins(data, &h.base)
	if h.root, err = h.findRoot(); err != nil {
		if !c.fragment {
			return nil, h.in(err, "")
		}
		h.root = none
	}
	return h, nil
}

// Close returns nil. There is nothing to release: the hive is in memory, and its
// keys and values stay usable.
func (r *Reader) Close() error { return nil }

// Name returns the name of the hive's file: the name given to Open, OpenFS or
// WithName, else the last part of FileName. It may be "".
func (r *Reader) Name() string {
	if r.name != "" {
		return r.name
	}
	return r.base.fileName[strings.LastIndexByte(r.base.fileName, '\\')+1:]
}

// FileName returns the name in the base block: the last 31 characters or so of
// the path that the hive had when Windows last loaded it. It may be "".
func (r *Reader) FileName() string { return r.base.fileName }

// LastWrite returns when Windows last wrote the hive, or the zero Time if the
// base block does not record it.
func (r *Reader) LastWrite() time.Time { return r.base.lastWrite }

// Version returns the format version in the base block, such as 1 and 5.
func (r *Reader) Version() (major, minor uint32) { return r.base.major, r.base.minor }

// Sequence returns the primary and the secondary sequence number. Windows
// increments the first before it writes the hive, and makes the second equal to
// it afterwards. After a replay of transaction logs both are that of the last write.
func (r *Reader) Sequence() (primary, secondary uint32) { return r.base.primary, r.base.secondary }

// Dirty reports whether the newest state of the hive is missing: the hive was not
// closed cleanly, since its sequence numbers differ or the checksum of its base block is
// wrong, and no transaction log that completes it was given; see WithLogs.
func (r *Reader) Dirty() bool { return !r.base.closed() }

// Logs returns what became of each transaction log that was given, in the order in which
// they were given; those beside the hive are in the order of their names.
func (r *Reader) Logs() []LogUse { return slices.Clone(r.logs) }

// in adds the place to an error: the hive and a path in it.
func (r *Reader) in(err error, path string) error { return damage.In(err, r.artifact(), path) }

// artifact returns the name of the hive in errors. A zero Key does not know it.
func (r *Reader) artifact() string {
	if r == nil || r.name == "" {
		return "registry"
	}
	return r.name
}
