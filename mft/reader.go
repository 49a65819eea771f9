package mft

import (
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/damage"
)

// Reader reads a $MFT. Its methods may be called concurrently.
type Reader struct {
	src        io.ReaderAt
	size       int64
	recordSize int
	volume     *Volume // nil for a $MFT without its volume
	secure     *secure // nil where $Secure is not at hand

	once  sync.Once
	links *links // see Reader.linked
	err   error  // of making links
}

// ReadCloser is a Reader that owns its file.
type ReadCloser struct {
	*Reader
	f *os.File
}

// Close closes the file.
func (r *ReadCloser) Close() error { return r.f.Close() }

// Open opens a file that holds a $MFT.
func Open(name string) (*ReadCloser, error) {
	f, size, err := openFile(name)
	if err != nil {
		return nil, err
	}
	r, err := NewReader(f, size)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &ReadCloser{Reader: r, f: f}, nil
}

func openFile(name string) (f *os.File, size int64, err error) {
	f, err = os.Open(name)
	if err != nil {
		return nil, 0, err
	}
	// A device has no size but an end.
	size, err = f.Seek(0, io.SeekEnd)
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, size, nil
}

// NewReader returns a Reader of the $MFT in the first size bytes of r. It fails
// only where nothing in it looks like a record.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	cfg := newConfig(opts)
	mft := &Reader{src: r, size: size, recordSize: cfg.recordSize}
	if cfg.recordSize == 0 {
		n, err := findRecordSize(r, size)
		if err != nil {
			return nil, err
		}
		mft.recordSize = n
	} else if !isRecordSize(cfg.recordSize) {
		return nil, fmt.Errorf("mft: record size %d: want a power of two from %d to %d", cfg.recordSize, minRecordSize, maxRecordSize)
	}
	if cfg.sds != nil {
		mft.secure = &secure{sds: cfg.sds, size: cfg.sdsSize}
	}
	return mft, nil
}

func isRecordSize(n int) bool {
	return n >= minRecordSize && n <= maxRecordSize && n&(n-1) == 0
}

// findRecordSize returns the allocated size that most of the first intact records
// state: one of them may be damaged. It looks no further than where a record must
// be found in a $MFT worth reading.
func findRecordSize(r io.ReaderAt, size int64) (int, error) {
	const (
		reach  = 64 << 20
		enough = 16 // records
	)
	var head [recordHeaderNewLen]byte
	best, seen, votes := 0, 0, map[int]int{}
	for off := int64(0); off+int64(len(head)) <= min(size, reach) && seen < enough; off += 1024 {
		if err := bin.ReadFull(r, head[:], off, "record header"); err != nil {
			return 0, locate(err, artifactMFT, "")
		}
		if _, ok := headerOf(head[:]); !ok {
			continue
		}
		n := int(uint32(head[0x1c]) | uint32(head[0x1d])<<8 | uint32(head[0x1e])<<16)
		if head[0x1f] != 0 || !isRecordSize(n) || off%int64(n) != 0 {
			continue
		}
		seen++
		if votes[n]++; votes[n] > votes[best] {
			best = n
		}
	}
	if best == 0 {
		return 0, locate(damage.New("record", 0, "none", signatureFile), artifactMFT, "")
	}
	return best, nil
}

// judgeLength reports, beside the record of the $MFT itself, that less of it is
// at hand than it says. A $MFT that was cut off between two records shows no
// other damage.
func (r *Reader) judgeLength(rec *Record) {
	if rec.Entry != 0 || !slices.ContainsFunc(rec.FileNames, func(n FileName) bool { return n.Name == "$MFT" && n.Parent.Entry == EntryRoot }) {
		return
	}
	for i := range rec.Streams {
		if s := &rec.Streams[i]; s.Name == "" && s.Size > uint64(r.size) {
			rec.problem(damage.Truncation, damage.New("$MFT", 0, fmt.Sprintf("%d bytes", r.size), fmt.Sprintf("%d bytes", s.Size)))
		}
	}
}

// Len returns the number of entries, also of those that were never used.
func (r *Reader) Len() uint64 { return uint64(r.size) / uint64(r.recordSize) }

// RecordSize returns the size of a record in bytes.
func (r *Reader) RecordSize() int { return r.recordSize }

func (r *Reader) place(entry uint64) place {
	at := place{entry: entry, offset: int64(entry) * int64(r.recordSize), volume: -1}
	if r.volume != nil {
		if x, ok := r.volume.mftExtents.at(at.offset); ok {
			at.volume = x.volume
		}
	}
	return at
}
