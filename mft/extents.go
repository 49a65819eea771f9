package mft

import (
	"fmt"
	"io"
	"math"
	"sort"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// StreamReader reads the content of a stream. Damage gives a *FormatError whose
// offset is in the volume. ReadAt may be called concurrently.
type StreamReader interface {
	io.ReaderAt
	Size() int64 // in bytes
}

// clusters reads the clusters of a volume.
type clusters struct {
	r    io.ReaderAt
	size int64 // of the volume's image in bytes
	unit int64 // cluster size in bytes
}

// extents reads a stream that is stored in runs of clusters.
type extents struct {
	vol         *clusters
	runs        []Run
	ends        []int64 // of the runs, in bytes of the stream
	size        int64
	initialized int64
}

func newExtents(vol *clusters, s *Stream) (*extents, error) {
	if s.Size > math.MaxInt64 {
		return nil, damage.New("size of the stream", s.Offset+0x30, s.Size, "a size that fits in 63 bits")
	}
	e := &extents{vol: vol, runs: s.Runs, size: int64(s.Size)}
	e.initialized = int64(min(s.InitializedSize, s.Size))
	var end uint64
	for _, run := range s.Runs {
		if end += run.Length; end > maxClusters {
			return nil, damage.New("clusters of the stream", s.Offset, end, "a stream that fits in 63 bits")
		}
		e.ends = append(e.ends, int64(end)*vol.unit)
	}
	return e, nil
}

// Size returns the size of the stream in bytes.
func (e *extents) Size() int64 { return e.size }

// mapped returns how many bytes of the stream the runs cover.
func (e *extents) mapped() int64 {
	if n := len(e.ends); n > 0 {
		return e.ends[n-1]
	}
	return 0
}

// extent is a piece of a stream within one run.
type extent struct {
	run    Run
	volume int64 // in bytes from the beginning of the volume, negative for a hole
	left   int64 // bytes of the run from there on
}

// at returns the extent at offset off of the stream.
func (e *extents) at(off int64) (extent, bool) {
	i := sort.Search(len(e.ends), func(i int) bool { return e.ends[i] > off })
	if i == len(e.ends) {
		return extent{}, false
	}
	x := extent{run: e.runs[i], volume: -1, left: e.ends[i] - off}
	if x.run.LCN >= 0 {
		into := int64(x.run.Length)*e.vol.unit - x.left
		if x.run.LCN > e.vol.size/e.vol.unit || into > e.vol.size {
			x.volume = math.MaxInt64 // the true number may not fit
		} else {
			x.volume = x.run.LCN*e.vol.unit + into
		}
	}
	return x, true
}

// unmapped returns the error for a stream that claims to be larger than its
// runs. There is nothing to read beyond the runs, not even zeros: the size may
// be any number.
func (e *extents) unmapped() error {
	return damage.New("runs of the stream", -1, fmt.Sprintf("%d bytes", e.mapped()), fmt.Sprintf("%d bytes", e.size))
}

// ReadAt implements io.ReaderAt.
func (e *extents) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("mft: negative offset %d", off)
	}
	if off >= e.size {
		return 0, io.EOF
	}
	var eof error
	if int64(len(p)) > e.size-off {
		p, eof = p[:e.size-off], io.EOF
	}
	done := 0
	for done < len(p) {
		n, err := e.readPiece(p[done:], off+int64(done))
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, eof
}

// NextData returns the first offset at or behind off that is not in a hole, at most the
// size of the stream.
func (e *extents) NextData(off int64) int64 {
	for off = max(off, 0); off < e.size; {
		x, ok := e.at(off)
		switch {
		case !ok || x.run.LCN != LCNSparse && off < e.initialized:
			return off
		case off >= e.initialized && e.mapped() >= e.size:
			return e.size
		}
		off += x.left
	}
	return e.size
}

// readPiece reads up to the end of the initialized part or of an extent.
func (e *extents) readPiece(p []byte, off int64) (int, error) {
	x, ok := e.at(off)
	if !ok {
		return 0, e.unmapped()
	}
	p = p[:min(int64(len(p)), x.left)]
	if off >= e.initialized {
		clear(p)
		return len(p), nil
	}
	p = p[:min(int64(len(p)), e.initialized-off)]
	switch {
	case x.run.LCN == LCNSparse:
		clear(p)
		return len(p), nil
	case x.run.LCN == LCNMissing:
		return 0, damage.New("runs of the stream", -1, "none", fmt.Sprintf("the location of the bytes from %d on", off))
	case x.volume > e.vol.size:
		return 0, damage.Truncated("clusters", x.volume, int64(len(p)), 0)
	}
	if have := e.vol.size - x.volume; int64(len(p)) > have {
		err := bin.ReadFull(e.vol.r, p[:have], x.volume, "clusters")
		if err == nil {
			err = damage.Truncated("clusters", x.volume, int64(len(p)), have)
		}
		return 0, err
	}
	if err := bin.ReadFull(e.vol.r, p, x.volume, "clusters"); err != nil {
		return 0, err
	}
	return len(p), nil
}
