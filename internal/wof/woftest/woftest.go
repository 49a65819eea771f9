// Package woftest compresses files as CompactOS does, for tests.
package woftest

import (
	"encoding/binary"

	"github.com/birthmark-dfir/birthmark/internal/huffman"
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
		if packed := xpress(part); len(packed) < len(part) {
			part = packed
		}
		chunks = append(chunks, part...)
	}
	return append(table, chunks...)
}

// item is a byte, or a match if its length is not 0.
type item struct {
	value            byte
	length, distance int
}

// items finds the matches of a chunk.
func items(b []byte) (list []item) {
	last := map[[3]byte]int{}
	for i := 0; i < len(b); {
		best := item{value: b[i]}
		if i+3 <= len(b) {
			key := [3]byte(b[i:])
			if at, ok := last[key]; ok {
				n := 3
				for i+n < len(b) && b[at+n] == b[i+n] {
					n++
				}
				best = item{length: n, distance: i - at}
			}
			last[key] = i
		}
		list = append(list, best)
		i += max(best.length, 1)
	}
	return list
}

// symbol returns the symbol of an item.
func (it item) symbol() int {
	if it.length == 0 {
		return int(it.value)
	}
	bits := 0
	for it.distance>>(bits+1) > 0 {
		bits++
	}
	return 256 | bits<<4 | min(it.length-3, 15)
}

// xpress compresses a chunk.
func xpress(b []byte) []byte {
	list := items(b)
	var freqs [512]int
	for _, it := range list {
		freqs[it.symbol()]++
	}
	lens := huffman.Lengths(freqs[:], 15)
	codes := huffman.Codewords(lens)
	out := make([]byte, 256)
	for i := range out {
		out[i] = lens[2*i] | lens[2*i+1]<<4
	}
	w := newWriter(out)
	for _, it := range list {
		sym := it.symbol()
		w.put(codes[sym], int(lens[sym]))
		if it.length == 0 {
			continue
		}
		if n := it.length - 3; n >= 15 {
			w.bytes(n)
		}
		bits := sym >> 4 & 15
		w.put(uint32(it.distance)&(1<<bits-1), bits)
	}
	return w.end()
}

// writer writes words of 16 bits. A reader reads two words ahead, so the places of two
// words are kept while bytes are written behind them.
type writer struct {
	out   []byte
	first int // places of the next two words
	next  int
	bits  uint32
	n     int
}

func newWriter(out []byte) *writer {
	return &writer{out: append(out, 0, 0, 0, 0), first: len(out), next: len(out) + 2}
}

func (w *writer) put(v uint32, n int) {
	for n > 0 {
		take := min(n, 16-w.n)
		w.bits = w.bits<<take | v>>(n-take)&(1<<take-1)
		w.n += take
		n -= take
		if w.n == 16 && n >= 0 {
			w.flush()
		}
	}
}

func (w *writer) flush() {
	binary.LittleEndian.PutUint16(w.out[w.first:], uint16(w.bits))
	w.first, w.next = w.next, len(w.out)
	w.out = append(w.out, 0, 0)
	w.bits, w.n = 0, 0
}

// bytes writes the length of a long match, minus 3.
func (w *writer) bytes(n int) {
	if n-15 < 255 {
		w.out = append(w.out, byte(n-15))
		return
	}
	w.out = append(w.out, 255)
	w.out = binary.LittleEndian.AppendUint16(w.out, uint16(n))
}

func (w *writer) end() []byte {
	if w.n > 0 {
		w.bits <<= 16 - w.n
		w.n = 16
	}
	binary.LittleEndian.PutUint16(w.out[w.first:], uint16(w.bits))
	return w.out
}
