package wof

import (
	"encoding/binary"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/huffman"
)

// A chunk that XPRESS with Huffman codes compressed ([MS-XCA] 2.2), in bytes from its
// beginning:
//
//	0x000  256  the length of the codeword of each of the 512 symbols, 4 bits each, the
//	            even symbol in the low bits
//	0x100    -  words of 16 bits, read from the highest bit down, with bytes among them
//
// A symbol below 256 is a byte. The others are matches: the low 4 bits are the length
// minus 3, or 15 if bytes with the length follow; the high 4 bits are how many bits the
// distance has after its first.
const xpressTable = 256

// words reads the bits of both formats: words of 16 bits, from the highest bit down.
type words struct {
	in    []byte
	pos   int
	bits  uint32 // the next ones, the first one highest
	extra int    // of bits, how many are there beyond 16
}

func (w *words) start(pos int) {
	w.pos, w.bits, w.extra = pos, 0, 16
	w.bits = w.word()<<16 | w.word()
}

// word returns the next word. Behind the end are zeros, which short shows.
func (w *words) word() uint32 {
	v := uint32(0)
	if w.pos+2 <= len(w.in) {
		v = uint32(binary.LittleEndian.Uint16(w.in[w.pos:]))
	}
	w.pos += 2
	return v
}

// drop removes n bits, at most 16.
func (w *words) drop(n uint32) {
	w.bits <<= n
	if w.extra -= int(n); w.extra < 0 {
		w.bits |= w.word() << -w.extra
		w.extra += 16
	}
}

// take removes and returns n bits, at most 16.
func (w *words) take(n uint32) uint32 {
	if n == 0 {
		return 0
	}
	v := w.bits >> (32 - n)
	w.drop(n)
	return v
}

// short reports whether more was read than there is. Two words are read ahead.
func (w *words) short() bool { return w.pos > len(w.in)+4 }

// symbol returns the next symbol of a code.
func (w *words) symbol(d *huffman.Decoder) (uint32, bool) {
	sym, n := d.Decode(w.bits >> 16)
	w.drop(n)
	return sym, n > 0
}

// xpress decompresses a chunk into out, which has its size.
func xpress(out, in []byte) error {
	if len(in) < xpressTable {
		return damage.Truncated("table of codewords", 0, xpressTable, int64(len(in)))
	}
	var lens [2 * xpressTable]uint8
	for i, b := range in[:xpressTable] {
		lens[2*i], lens[2*i+1] = b&15, b>>4
	}
	var code huffman.Decoder
	if err := code.Init(lens[:], "XPRESS", 0); err != nil {
		return err
	}
	w := words{in: in}
	w.start(xpressTable)
	for n := 0; n < len(out); {
		sym, ok := w.symbol(&code)
		if !ok || w.short() {
			return damage.Truncated("compressed chunk", int64(len(in)), int64(len(out)), int64(n))
		}
		if sym < 256 {
			out[n] = byte(sym)
			n++
			continue
		}
		length, bits := int(sym&15), sym>>4&15
		if length == 15 {
			var err error
			if length, err = w.length(); err != nil {
				return err
			}
		}
		length += 3
		distance := int(1<<bits | w.take(bits))
		if distance > n || length > len(out)-n {
			return damage.New("match", int64(w.pos), [2]int{distance, length}, "inside the chunk")
		}
		for range length {
			out[n] = out[n-distance]
			n++
		}
	}
	return nil
}

// length reads the length of a long match, minus 3, from the bytes that follow.
func (w *words) length() (int, error) {
	next := func(n int) (int, error) {
		if w.pos+n > len(w.in) {
			return 0, damage.Truncated("length of a match", int64(w.pos), int64(n), int64(max(0, len(w.in)-w.pos)))
		}
		v := 0
		for i := range n {
			v |= int(w.in[w.pos+i]) << (8 * i)
		}
		w.pos += n
		return v, nil
	}
	length, err := next(1)
	if err != nil || length < 255 {
		return length + 15, err
	}
	if length, err = next(2); err != nil || length > 0 {
		return length, err
	}
	if w.pos+4 > len(w.in) || binary.LittleEndian.Uint32(w.in[w.pos:]) > 1<<24 {
		return 0, damage.New("length of a match", int64(w.pos), "more", 1<<24)
	}
	return next(4)
}
