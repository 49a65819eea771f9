package mft

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
)

// Reader reads a $MFT. Its methods may be called concurrently.
type Reader struct {
	name       string // what errors call it
	src        io.ReaderAt
	size       int64
	recordSize int
	volume     *Volume   // nil for a $MFT without its volume
	secure     *secure   // nil without $Secure
	file       io.Closer // nil if Close has nothing to close

	sids   sidTexts
	chunks sync.Pool // of blocks

	once  sync.Once
	links *links // see Reader.linked
	err   error  // of making links
}

// Open opens a file that holds a $MFT. The caller should Close the Reader.
func Open(name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.OpenOS(name)
	if err != nil {
		return nil, err
	}
	return openReader(f, name, opts)
}

// OpenFS opens a file of fsys that holds a $MFT. The caller should Close the
// Reader.
func OpenFS(fsys fs.FS, name string, opts ...Option) (*Reader, error) {
	f, err := fsfile.Open(fsys, name)
	if err != nil {
		return nil, err
	}
	return openReader(f, name, opts)
}

func openReader(f *fsfile.File, name string, opts []Option) (*Reader, error) {
	r, err := NewReader(f, f.Size, append([]Option{WithName(name)}, opts...)...)
	if err != nil {
		f.Close()
		return nil, err
	}
	r.file = f
	return r, nil
}

// NewReader returns a Reader of the $MFT in the first size bytes of r. It fails
// only if it cannot read any record or finds none. In the latter case the
// *FormatError has the cause ErrNotMFT.
func NewReader(r io.ReaderAt, size int64, opts ...Option) (*Reader, error) {
	cfg := newConfig(opts)
	mft := &Reader{name: cmp.Or(cfg.name, nameMFT), src: r, size: size, recordSize: cfg.recordSize}
	if cfg.recordSize == 0 {
		n, err := findRecordSize(r, size)
		if err != nil {
			return nil, mft.in(err, "")
		}
		mft.recordSize = n
	} else if !isRecordSize(cfg.recordSize) {
		return nil, fmt.Errorf("mft: record size %d: want a power of two from %d to %d", cfg.recordSize, minRecordSize, maxRecordSize)
	}
	if cfg.sds != nil {
		mft.secure = &secure{name: mft.name, sds: cfg.sds, size: cfg.sdsSize}
	}
	return mft, nil
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

// in adds the place to an error: the $MFT and a path in it.
func (r *Reader) in(err error, path string) error { return damage.In(err, r.name, path) }

// entryPath returns the path of an entry, or of a part of it, for errors.
func entryPath(entry uint64, part string) string {
	path := fmt.Sprintf("entry %d", entry)
	if part != "" {
		path += " " + part
	}
	return path
}

func isRecordSize(n int) bool {
	return n >= minRecordSize && n <= maxRecordSize && n&(n-1) == 0
}

// findRecordSize returns the allocated size that most of the intact records claim.
// It samples places spread over the $MFT, because any of it may be damaged. If no
// record there is intact it reads the beginning, up to a limit: a $MFT worth
// reading has a record before that.
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
				failed = err // reading the records there reports it
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
		return 0, failed
	case best == 0:
		return 0, &damage.Error{What: "record", Got: "none", Want: signatureFile, Err: ErrNotMFT}
	}
	return best, nil
}

// voteRecordSize counts the allocated sizes of the intact records in b, which is at
// offset at of the $MFT.
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

// judgeLength adds a problem to the record of the $MFT itself if the input is
// shorter than that record claims. A $MFT that was cut off between two records shows
// no other damage.
func (r *Reader) judgeLength(rec *Record) {
	if rec.Entry != 0 || !slices.ContainsFunc(rec.FileNames, func(n FileName) bool { return n.Name == "$MFT" && n.Parent.Entry == EntryRoot }) {
		return
	}
	for i := range rec.Streams {
		if s := &rec.Streams[i]; s.Name == "" && s.Size > uint64(r.size) {
			rec.note(damage.Truncation, damage.New("$MFT", 0, fmt.Sprintf("%d bytes", r.size), fmt.Sprintf("%d bytes", s.Size)), "")
		}
	}
}

// Len returns the number of entries, including those that were never used.
func (r *Reader) Len() uint64 {
	if r.recordSize == 0 {
		return 0 // the zero Reader
	}
	return uint64(r.size) / uint64(r.recordSize)
}

// RecordSize returns the size of a record in bytes.
func (r *Reader) RecordSize() int { return r.recordSize }

func (r *Reader) place(entry uint64) place {
	at := place{artifact: r.name, entry: entry, offset: int64(entry) * int64(r.recordSize), volume: -1}
	if r.volume != nil {
		if x, ok := r.volume.mftExtents.at(at.offset); ok {
			at.volume = x.volume
		}
	}
	return at
}
