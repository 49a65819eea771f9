package mft

import (
	"errors"
	"io"
	"iter"
	"math/bits"

	"github.com/birthmark-dfir/birthmark/internal/wof"
)

// Allocation is what $Bitmap says of the clusters of a stream, in bytes. Of a deleted file
// it shows whether the content may still be there: clusters that are in use belong to
// another file, and those that are free may have been used by another one in between.
type Allocation struct {
	Free    int64 // in clusters that no file has
	InUse   int64 // in clusters that a file has: the file itself, if it exists
	Unknown int64 // in clusters that are not on the volume, or not in $Bitmap
}

// ExtentState is what $Bitmap says of an extent.
type ExtentState uint8

// The states of extents.
const (
	ExtentUnknown ExtentState = iota // not on the volume, or not in $Bitmap
	ExtentFree                       // no file has it
	ExtentInUse                      // a file has it: the file itself, if it exists
	ExtentHole                       // nothing is allocated: it reads as zeros
)

// String returns the state in words.
func (s ExtentState) String() string {
	switch s {
	case ExtentFree:
		return "free"
	case ExtentInUse:
		return "in use"
	case ExtentHole:
		return "hole"
	}
	return "unknown"
}

// Extent is a part of a stream whose clusters follow each other and have the same state.
type Extent struct {
	Offset       int64 // in bytes from the beginning of the stream as it is stored
	Length       int64 // in bytes, whole clusters
	VolumeOffset int64 // in bytes from the beginning of the volume; -1 for a hole, and if it is lost
	State        ExtentState
}

// Extents iterates over the extents of a stream with what $Bitmap says of each. A resident
// stream has none. Those of a file that CompactOS compressed are where its compressed
// content is.
func (v *Volume) Extents(rec *Record, stream string) iter.Seq2[Extent, error] {
	return func(yield func(Extent, error) bool) {
		rec := orNoPlace(rec)
		s := rec.streamNamed(stream)
		if rec.ReparseTag == reparseWOF && stream == "" {
			if packed := rec.streamNamed(wof.Stream); packed != nil {
				s = packed
			}
		}
		if s == nil || s.Resident {
			return
		}
		bitmap, err := v.MFT().Record(EntryBitmap)
		if err == nil {
			var r StreamReader
			if r, err = v.OpenStream(bitmap, ""); err == nil {
				err = v.extents(s, r, yield)
			}
		}
		if err != nil {
			yield(Extent{}, v.in(err, "$Bitmap"))
		}
	}
}

// extents yields the extents of a stream. Runs may overlap, and claim anything: after twice
// the clusters of the volume the rest is unknown.
func (v *Volume) extents(s *Stream, bitmap StreamReader, yield func(Extent, error) bool) error {
	unit := v.clusters.unit
	budget := 2 * (v.clusters.size / unit)
	at := int64(0) // in clusters
	for _, run := range s.Runs {
		n := int64(min(run.Length, uint64(maxClusters)))
		if run.LCN < 0 {
			x := Extent{Offset: at * unit, Length: n * unit, VolumeOffset: -1}
			if run.LCN == LCNSparse {
				x.State = ExtentHole
			}
			if !yield(x, nil) {
				return nil
			}
			at += n
			continue
		}
		known := max(min(n, budget, bitmap.Size()*8-run.LCN), 0)
		budget -= known
		for done := int64(0); done < n; {
			x := Extent{Offset: (at + done) * unit, Length: (n - done) * unit, VolumeOffset: -1}
			if done < known {
				used, same, err := alike(bitmap, run.LCN+done, known-done)
				if err != nil {
					return err
				}
				x.Length, x.VolumeOffset, x.State = same*unit, (run.LCN+done)*unit, ExtentFree
				if used {
					x.State = ExtentInUse
				}
				done += same
			} else {
				done = n
			}
			if !yield(x, nil) {
				return nil
			}
		}
		at += n
	}
	return nil
}

// Allocation returns what $Bitmap says of the clusters of a stream. A resident stream has
// none, nor has a hole.
func (v *Volume) Allocation(rec *Record, stream string) (a Allocation, err error) {
	for x, err := range v.Extents(rec, stream) {
		if err != nil {
			return a, err
		}
		switch x.State {
		case ExtentFree:
			a.Free += x.Length
		case ExtentInUse:
			a.InUse += x.Length
		case ExtentUnknown:
			a.Unknown += x.Length
		}
	}
	return a, nil
}

// alike returns the bit at first, and how many of the n bits from there on have the same
// value.
func alike(r io.ReaderAt, first, n int64) (set bool, count int64, err error) {
	var buf [4096]byte
	var flip byte // makes bits of that value zeros
	for count < n {
		at := first + count
		b := buf[:min(int64(len(buf)), (at%8+n-count+7)/8)]
		if _, err := r.ReadAt(b, at/8); err != nil && !errors.Is(err, io.EOF) {
			return set, count, err
		}
		if count == 0 {
			if set = b[0]>>(at%8)&1 != 0; set {
				flip = 0xff
			}
		}
		skip := at % 8
		for _, c := range b {
			if other := (c ^ flip) >> skip; other != 0 {
				return set, min(count+int64(bits.TrailingZeros8(other)), n), nil
			}
			count += 8 - skip
			skip = 0
		}
	}
	return set, n, nil
}
