// Package woftest compresses files as CompactOS does, for tests.
package woftest

import (
	"encoding/binary"

	"github.com/birthmark-dfir/birthmark/internal/xpress/xpresstest"
)

// The algorithms, as a reparse point names them. LZX is not written.
const (
	XPRESS4K  = 0
	XPRESS8K  = 2
	XPRESS16K = 3
)

// ReparsePoint returns the value of the $REPARSE_POINT of a file.
func ReparsePoint(algorithm uint32) []byte {
	b := binary.LittleEndian.AppendUint32(nil, 0x80000017)
	b = binary.LittleEndian.AppendUint32(b, 16) // the length of what follows
	for _, v := range [...]uint32{1, 2, 1, algorithm} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

// Compress returns the content of the stream WofCompressedData.
func Compress(algorithm uint32, data []byte) []byte {
	size := map[uint32]int{XPRESS4K: 4 << 10, XPRESS8K: 8 << 10, XPRESS16K: 16 << 10}[algorithm]
	var table, chunks []byte
	for at := 0; at < len(data); at += size {
		if at > 0 {
			table = binary.LittleEndian.AppendUint32(table, uint32(len(chunks)))
		}
		part := data[at:min(len(data), at+size)]
		if packed := xpresstest.Compress(part); len(packed) < len(part) {
			part = packed
		}
		chunks = append(chunks, part...)
	}
	return append(table, chunks...)
}
