package logfile

import (
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"iter"
	"math/bits"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
)

// ErrNotLogFile is the cause of the error for a file that has neither a restart page nor
// a record page.
var ErrNotLogFile = errors.New("not a $LogFile")

// Reader reads a log. Its methods may be called concurrently.
type Reader struct {
	name    string // what errors call it
	src     io.ReaderAt
	size    int64
	file    io.Closer // nil if Close has nothing to close
	cluster int       // size in bytes

	restarts []Restart
	layout   layout
	pages    []page // in the order in which they were written
	problems []Problem
	scratch  []byte // of NewReader
}

const (
	defaultName    = "$LogFile"
	defaultCluster = 4096
)

// Named reports whether the last element of a slash-separated path is the name of a log.
func Named(name string) bool { return artifact.Named(name) == artifact.LogFile }

// Option changes how a Reader reads.
type Option func(*Reader)

// WithName sets the name of the log in errors and problems. The default is the name of the
// opened file or, for NewReader, "$LogFile".
func WithName(name string) Option { return func(r *Reader) { r.name = name } }

// WithClusterSize sets the size of a cluster in bytes, a power of two from 512. The default
// is what the checkpoints of the log say, else 4096.
func WithClusterSize(bytes int) Option {
	return func(r *Reader) {
		if bytes >= stride && bytes <= 2<<20 && bytes&(bytes-1) == 0 {
			r.cluster = bytes
		}
	}
}

// Open opens a file that holds a log. The caller should Close the Reader.
func Open(name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.OpenOS(name)
	if err != nil {
		return nil, err
	}
	return opened(f, name, opts)
}

// OpenFS opens a file of fsys that holds a log, as Open does. The log of a volume has the
// name "$LogFile".
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

// NewReader returns a Reader of the log in the first size bytes of r. It reads the log
// once. A log that nothing was written to is empty: it has no records. If there is neither
// a restart page nor a record page the *FormatError has the cause ErrNotLogFile.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	l := &Reader{name: defaultName, src: r, size: size, scratch: make([]byte, maxPageSize)}
	for _, opt := range opts {
		opt(l)
	}
	if size < 0 {
		return nil, damage.New("size of the log", -1, size, "≥ 0")
	}
	if err := l.readRestarts(); err != nil {
		return nil, damage.In(err, l.name, "")
	}
	if err := l.index(); err != nil {
		return nil, damage.In(err, l.name, "")
	}
	if err := l.judge(); err != nil {
		return nil, damage.In(err, l.name, "")
	}
	if l.cluster == 0 {
		l.cluster = l.clusterSize()
	}
	l.scratch = nil
	return l, nil
}

// readRestarts reads the restart pages, and takes the layout from the newer one.
func (r *Reader) readRestarts() error {
	size := defaultPageSize
	for i, off := 0, int64(0); i < restartPages; i, off = i+1, off+int64(size) {
		b := r.scratch[:min(defaultPageSize, max(0, r.size-off))]
		if len(b) < stride {
			break
		}
		if err := bin.ReadFull(r.src, b, off, "restart page"); err != nil {
			if !damage.Is(err) && !errors.Is(err, io.ErrUnexpectedEOF) {
				return err
			}
			r.note(damage.Truncation, err)
			continue
		}
		if unused(b) {
			continue
		}
		if !isRestart(b) {
			r.note(damage.Malformed, damage.New("signature of a restart page", off, quoted(b[:4]), signatureRestart))
			continue
		}
		if n := int(uint16(b[0x10]) | uint16(b[0x11])<<8); i == 0 && n >= minPageSize && n&(n-1) == 0 {
			size = n // of the page that follows
		}
		b = b[:min(len(b), size)]
		if torn, ok := applyFixups(b); !ok || anyTorn(torn) {
			r.note(damage.Torn, damage.New("restart page", off, "parts of two writes", "one write"))
		}
		restart, err := decodeRestart(b, off)
		if err != nil {
			r.note(damage.Malformed, err)
		}
		if restart != nil {
			r.restarts = append(r.restarts, *restart)
		}
	}
	return r.chooseLayout()
}

// chooseLayout takes the layout from the restart page that was written last. Without one
// it is that of Windows, and the pages say how an LSN is made up.
func (r *Reader) chooseLayout() error {
	if len(r.restarts) == 0 {
		r.layout.Restart = Restart{Major: 1, Minor: 1, SystemPageSize: defaultPageSize, LogPageSize: defaultPageSize,
			RecordHeader: recordHeaderLen, DataOffset: 0x40}
		n, major, err := r.guessSequenceBits()
		if err != nil {
			return err
		}
		r.layout.SequenceBits, r.layout.Major = n, major
		r.layout.Minor = 2 - major
	} else {
		r.layout.Restart = slices.MaxFunc(r.restarts, func(a, b Restart) int { return cmp.Compare(a.CurrentLSN, b.CurrentLSN) })
	}
	r.layout.size, r.layout.shift = r.size, 64-r.layout.SequenceBits
	return nil
}

// guessSequenceBits returns how many bits of an LSN are its sequence number, and the
// version, by the pages: most of them have an LSN of their own place.
func (r *Reader) guessSequenceBits() (n int, major uint16, err error) {
	var votes [65]int
	major = 1
	b := r.scratch[:defaultPageSize]
	for off := int64(0); off+defaultPageSize <= r.size; off += defaultPageSize {
		if err := bin.ReadFull(r.src, b[:pageHeaderLen+0x20], off, "page"); err != nil {
			if !damage.Is(err) && !errors.Is(err, io.ErrUnexpectedEOF) {
				return 0, 0, err
			}
			continue
		}
		if string(b[:4]) != signatureRecord {
			continue
		}
		lsn := binary.LittleEndian.Uint64(b[0x20:])
		home := off
		if field := int64(binary.LittleEndian.Uint32(b[copyOffsetAt:])); field > off && off < (restartPages+fastPages)*defaultPageSize {
			home, major = field, 2
		}
		for low := bits.Len64(uint64(home) >> 3); low <= 64-minSequenceBits; low++ {
			if lsn&(1<<low-1)>>9 == uint64(home)>>12 {
				votes[low]++
			}
		}
	}
	best := 0
	for low, n := range votes {
		if n > 0 && n >= votes[best] {
			best = low
		}
	}
	if best == 0 {
		best = 22
	}
	return 64 - best, major, nil
}

// judge adds the problems of the log as a whole.
func (r *Reader) judge() error {
	if len(r.restarts) == 0 && len(r.pages) == 0 {
		if r.onlyOnes() {
			r.problems = nil
			return nil
		}
		return &damage.Error{What: "restart page", Offset: 0, Got: "none", Want: signatureRestart, Err: ErrNotLogFile}
	}
	if len(r.restarts) == 0 {
		r.note(damage.Malformed, damage.New("restart pages", 0, "none", "one at least"))
	}
	if n := r.layout.FileSize; n > r.size {
		r.note(damage.Truncation, damage.Truncated("log", 0, n, r.size))
	}
	return nil
}

// onlyOnes reports whether the log was never used, or was emptied by the drivers of Linux.
func (r *Reader) onlyOnes() bool {
	for off := int64(0); off < r.size; off += maxPageSize {
		b := r.scratch[:min(maxPageSize, r.size-off)]
		if bin.ReadFull(r.src, b, off, "log") != nil {
			return false
		}
		for _, c := range b {
			if c != 0xff {
				return false
			}
		}
	}
	return true
}

// clusterSize returns what the checkpoints say.
func (r *Reader) clusterSize() int {
	size := 0
	r.walk(func(rec Record, err error) bool {
		if err == nil && rec.Checkpoint != nil {
			if n := rec.Checkpoint.BytesPerCluster; n >= stride && n <= 2<<20 && n&(n-1) == 0 {
				size = int(n)
			}
		}
		return size == 0
	}, func(Problem) bool { return true })
	return cmp.Or(size, defaultCluster)
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

// Size returns the size of the log in bytes.
func (r *Reader) Size() int64 {
	if r == nil {
		return 0
	}
	return r.size
}

// Empty reports whether the log holds no record. Windows leaves none behind when it makes
// a log, and the drivers of Linux fill it with ones.
func (r *Reader) Empty() bool { return r == nil || len(r.pages) == 0 }

// Restarts returns the restart pages that could be read, at most two.
func (r *Reader) Restarts() []Restart {
	if r == nil {
		return nil
	}
	return slices.Clone(r.restarts)
}

// ClusterSize returns the size of a cluster in bytes.
func (r *Reader) ClusterSize() int {
	if r == nil {
		return 0
	}
	return r.cluster
}

// Records iterates over the log records in the order of their LSNs.
//
// A *FormatError means that a log record or the rest of a page is lost, and iteration goes
// on behind it; any other error ends the iteration. A record that comes with an error is
// empty but for its LSN and offset, as far as they are known. Breaking early and ranging
// again are safe. The caller owns the records.
func (r *Reader) Records() iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		r.walk(yield, func(Problem) bool { return true })
	}
}

// Problems iterates over the damage, which includes pages that are missing between two
// others.
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
		r.walk(func(_ Record, err error) bool {
			return err == nil || yield(damage.Note(damage.Malformed, err, r.name, ""))
		}, yield)
	}
}

// note adds a problem.
func (r *Reader) note(kind damage.Kind, err error) {
	r.problems = append(r.problems, damage.Note(kind, err, r.name, ""))
}

// lostPage adds the problem of a page that is not one.
func (r *Reader) lostPage(err error) { r.note(damage.Malformed, err) }
