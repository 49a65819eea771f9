package mft

import (
	"fmt"
	"math"

	"github.com/birthmark-dfir/birthmark/damage"
)

// The values of Run.LCN that are not clusters of the volume.
const (
	LCNSparse  int64 = -1 // a hole: nothing is allocated, it reads as zeros
	LCNMissing int64 = -2 // the attribute that records the clusters is lost
)

// Run is an extent of a stream.
type Run struct {
	LCN    int64  // first cluster on the volume, or LCNSparse or LCNMissing
	Length uint64 // in clusters
}

// A run list ("mapping pairs") is a sequence of runs that ends with a zero byte.
// The low four bits of a run's first byte are the number of bytes that hold its
// length in clusters. The high four bits are the number of bytes that hold its
// first cluster, as a signed difference from the first cluster of the run before;
// if they are zero, the run is a hole.

// maxClusters bounds the length of a stream, so that sums of valid lengths and
// their products with any cluster size do not overflow.
const maxClusters = math.MaxInt64 >> 21

// parseRuns appends the runs of the run list b at offset base of its artifact, and
// counts their clusters. With an error it returns the runs before the damage.
func parseRuns(runs []Run, b []byte, base int64) (_ []Run, clusters uint64, err error) {
	var lcn int64
	for pos := 0; ; {
		if pos >= len(b) {
			return runs, clusters, damage.Truncated("run list", base+int64(pos), 1, 0)
		}
		head := b[pos]
		if head == 0 {
			return runs, clusters, nil
		}
		nl, no := int(head&0xf), int(head>>4)
		if nl == 0 || nl > 8 || no > 8 {
			return runs, clusters, damage.New("run header", base+int64(pos), fmt.Sprintf("%#02x", head), "sizes of 1 to 8 bytes")
		}
		if 1+nl+no > len(b)-pos {
			return runs, clusters, damage.Truncated("run", base+int64(pos), int64(1+nl+no), int64(len(b)-pos))
		}
		length := signed(b[pos+1 : pos+1+nl])
		if length <= 0 || uint64(length) > maxClusters || clusters+uint64(length) > maxClusters {
			return runs, clusters, damage.New("run length", base+int64(pos), length, "≥ 1 and a stream that fits in 63 bits")
		}
		run := Run{LCN: LCNSparse, Length: uint64(length)}
		if no > 0 {
			next := lcn + signed(b[pos+1+nl:pos+1+nl+no]) // may wrap, and then is negative or out of range
			if next < 0 || next > maxClusters {
				return runs, clusters, damage.New("first cluster of a run", base+int64(pos), next, "a cluster of the volume")
			}
			lcn, run.LCN = next, next
		}
		runs = append(runs, run)
		clusters += run.Length
		pos += 1 + nl + no
	}
}

// signed reads up to eight bytes, little-endian, as a two's complement number.
func signed(b []byte) int64 {
	var u uint64
	for i, c := range b {
		u |= uint64(c) << (8 * i)
	}
	shift := 64 - 8*len(b)
	return int64(u<<shift) >> shift
}
