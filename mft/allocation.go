package mft

import (
	"errors"
	"io"
	"math/bits"
)

// Allocation is what $Bitmap says of the clusters of a stream, in bytes. Of a deleted file
// it shows whether the content may still be there: clusters that are in use belong to
// another file, and those that are free may have been used by another one in between.
type Allocation struct {
	Free    int64 // in clusters that no file has
	InUse   int64 // in clusters that a file has: the file itself, if it exists
	Unknown int64 // in clusters that are not on the volume, or not in $Bitmap
}

// Allocation returns what $Bitmap says of the clusters of a stream. A resident stream has
// none, nor has a hole.
func (v *Volume) Allocation(rec *Record, stream string) (Allocation, error) {
	rec = orNoPlace(rec)
	s := rec.streamNamed(stream)
	if s == nil || s.Resident {
		return Allocation{}, nil
	}
	bitmap, err := v.MFT().Record(EntryBitmap)
	if err != nil {
		return Allocation{}, err
	}
	r, err := v.OpenStream(bitmap, "")
	if err != nil {
		return Allocation{}, err
	}
	var a Allocation
	budget := 2 * (v.clusters.size / v.clusters.unit) // runs may overlap, and claim anything
	for _, run := range s.Runs {
		n := int64(min(run.Length, uint64(maxClusters)))
		switch {
		case run.LCN == LCNSparse:
			continue
		case run.LCN < 0 || budget <= 0:
			a.Unknown += n * v.clusters.unit
			continue
		}
		known := min(n, budget, max(r.Size()*8-run.LCN, 0))
		used, err := ones(r, run.LCN, known)
		if err != nil {
			return a, v.in(err, "$Bitmap")
		}
		a.InUse += used * v.clusters.unit
		a.Free += (known - used) * v.clusters.unit
		a.Unknown += (n - known) * v.clusters.unit
		budget -= known
	}
	return a, nil
}

// ones counts the bits that are set, of n bits from the bit at first.
func ones(r io.ReaderAt, first, n int64) (count int64, err error) {
	var buf [4096]byte
	for n > 0 {
		b := buf[:min(int64(len(buf)), (first%8+n+7)/8)]
		if _, err := r.ReadAt(b, first/8); err != nil && !errors.Is(err, io.EOF) {
			return count, err
		}
		b[0] &= 0xff << (first % 8)
		have := int64(len(b))*8 - first%8
		if have > n {
			b[len(b)-1] &= 0xff >> (have - n)
			have = n
		}
		for _, c := range b {
			count += int64(bits.OnesCount8(c))
		}
		first += have
		n -= have
	}
	return count, nil
}
