// Package xpresstest compresses as XPRESS with Huffman codes does, for tests.
package xpresstest

import (
	"encoding/binary"

	"github.com/birthmark-dfir/birthmark/internal/huffman"
	"github.com/birthmark-dfir/birthmark/internal/xpress"
)

// Compress compresses data.
func Compress(data []byte) []byte {
	var out []byte
	for at := 0; at < len(data); at += xpress.BlockSize {
		out = block(out, data, at)
	}
	return out
}

// item is a byte, or a match if its length is not 0.
type item struct {
	value            byte
	length, distance int
}

// items finds the matches of a block, which begin and end in it.
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

// block appends the block of data that begins at an offset.
func block(out, data []byte, at int) []byte {
	list := items(data[at:min(len(data), at+xpress.BlockSize)])
	var freqs [512]int
	for _, it := range list {
		freqs[it.symbol()]++
	}
	lens := huffman.Lengths(freqs[:], 15)
	codes := huffman.Codewords(lens)
	for i := 0; i < len(lens); i += 2 {
		out = append(out, lens[i]|lens[i+1]<<4)
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
		if w.n == 16 {
			w.flush()
		}
		take := min(n, 16-w.n)
		w.bits = w.bits<<take | v>>(n-take)&(1<<take-1)
		w.n += take
		n -= take
	}
}

// flush writes a full word. A reader takes the next place when it needs a bit of it, so
// this is not done before.
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
