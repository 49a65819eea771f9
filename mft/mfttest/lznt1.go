package mfttest

import (
	"math/bits"

	"github.com/birthmark-dfir/birthmark/mft"
)

// compressionUnit is the size of a unit as a power of two of clusters.
const compressionUnit = 4

// maxCompressedCluster is the largest cluster size for which NTFS compresses.
const maxCompressedCluster = 4096

// compressed returns a stored attribute compressed by LZNT1. A hole follows
// each unit that becomes smaller, and a unit of zeros is a hole.
func (w *writer) compressed(typ mft.AttributeType, name string, data []byte) *attribute {
	a := &attribute{typ: typ, name: name, nonResident: true, flags: 1, unit: compressionUnit, size: uint64(len(data))}
	a.initialized = a.size
	unit := w.ClusterSize << compressionUnit
	for off := 0; off < len(data); off += unit {
		part := data[off:min(off+unit, len(data))]
		packed := compressLZNT1(part)
		if allZero(part) {
			packed = nil
		}
		clusters := w.clusters(len(packed))
		if clusters >= 1<<compressionUnit {
			packed = append(part[:len(part):len(part)], make([]byte, unit-len(part))...)
			clusters = 1 << compressionUnit
		}
		if clusters > 0 {
			a.runs = append(a.runs, w.alloc(packed))
		}
		if hole := 1<<compressionUnit - clusters; hole > 0 {
			a.runs = append(a.runs, mft.Run{LCN: mft.LCNSparse, Length: uint64(hole)})
		}
		a.stored += uint64(clusters) * uint64(w.ClusterSize)
	}
	a.clusters = length(a.runs)
	a.allocated = a.clusters * uint64(w.ClusterSize)
	return a
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// compressLZNT1 compresses b, chunk by chunk.
func compressLZNT1(b []byte) []byte {
	const chunk = 4096
	var out []byte
	for len(b) > 0 {
		part := b[:min(chunk, len(b))]
		b = b[len(part):]
		packed := compressChunk(part)
		if len(packed) >= chunk {
			out = le.AppendUint16(out, 0x3000|uint16(chunk-1))
			out = append(append(out, part...), make([]byte, chunk-len(part))...)
			continue
		}
		out = le.AppendUint16(out, 0xb000|uint16(len(packed)-1))
		out = append(out, packed...)
	}
	return append(out, 0, 0)
}

// compressChunk compresses up to 4096 bytes. It tries only the last occurrence
// of the same three bytes, which is enough to be valid and to shrink most
// files.
func compressChunk(b []byte) []byte {
	var out []byte
	last := map[[3]byte]int{}
	flags, bit := 0, 8
	for pos := 0; pos < len(b); bit++ {
		if bit == 8 {
			flags, bit = len(out), 0
			out = append(out, 0)
		}
		lengthBits := 12
		if pos > 16 {
			lengthBits = 16 - bits.Len(uint(pos-1))
		}
		n, from := 0, 0
		if pos+3 <= len(b) {
			if at, ok := last[[3]byte(b[pos:])]; ok {
				from = at
				for n < 1<<lengthBits+2 && pos+n < len(b) && b[from+n] == b[pos+n] {
					n++
				}
			}
		}
		if n < 3 {
			n = 1
			out = append(out, b[pos])
		} else {
			out[flags] |= 1 << bit
			out = le.AppendUint16(out, uint16((pos-from-1)<<lengthBits|(n-3)))
		}
		for end := pos + n; pos < end; pos++ {
			if pos+3 <= len(b) {
				last[[3]byte(b[pos:])] = pos
			}
		}
	}
	return out
}
