package mft

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
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

// findRecordSize returns the allocated size that most of the intact records state
// in places spread over the $MFT: any of it may be damaged. Where there are none it
// goes on through the beginning, no further than where a record must be found in a
// $MFT worth reading.
func findRecordSize(r io.ReaderAt, size int64) (int, error) {
	const (
		places = 64
		reach  = 64 << 20
	)
	var failed error
	votes := map[int]int{}
	buf := make([]byte, maxRecordSize)
	spread := max(size/places&^(maxRecordSize-1), maxRecordSize)
	for _, pass := range []struct{ step, end int64 }{{spread, size}, {maxRecordSize, min(size, reach)}} {
		for at := int64(0); at >= 0 && at < pass.end && (len(votes) == 0 || pass.step == spread); at += pass.step {
			b := buf[:min(maxRecordSize, size-at)]
			if err := bin.ReadFull(r, b, at, "records"); err != nil {
				failed = err // what reads the records there reports it
				continue
			}
			voteRecordSize(b, at, votes)
		}
	}
	best := 0
	for n, count := range votes {
		if count > votes[best] || count == votes[best] && n < best {
			best = n
		}
	}
	switch {
	case best == 0 && failed != nil:
		return 0, locate(failed, artifactMFT, "")
	case best == 0:
		return 0, locate(damage.New("record", 0, "none", signatureFile), artifactMFT, "")
	}
	return best, nil
}

// voteRecordSize counts the allocated sizes that the intact records in b state,
// which lies at an offset of the $MFT.
func voteRecordSize(b []byte, at int64, votes map[int]int) {
	for ; len(b) >= recordHeaderNewLen; b, at = b[min(1024, len(b)):], at+1024 {
		if _, ok := headerOf(b); !ok {
			continue
		}
		if n := binary.LittleEndian.Uint32(b[0x1c:]); n <= maxRecordSize && isRecordSize(int(n)) && at%int64(n) == 0 {
			votes[int(n)]++
		}
	}
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
