package huffman

import "encoding/binary"

// Words reads bits from words of 16 bits, from the highest bit down. Two words are read
// ahead.
type Words struct {
	In    []byte
	Pos   int    // of the next word
	bits  uint32 // the next ones, the first one highest
	extra int    // of bits, how many are there beyond 16
}

// Start reads the first words, at pos.
func (w *Words) Start(pos int) {
	w.Pos, w.bits, w.extra = pos, 0, 16
	w.bits = w.word()<<16 | w.word()
}

// word returns the next word. Behind the end are zeros, which Short shows.
func (w *Words) word() uint32 {
	v := uint32(0)
	if w.Pos+2 <= len(w.In) {
		v = uint32(binary.LittleEndian.Uint16(w.In[w.Pos:]))
	}
	w.Pos += 2
	return v
}

// Extra returns how many bits are read ahead beyond the next 16.
func (w *Words) Extra() int { return w.extra }

// Drop removes n bits, at most 16.
func (w *Words) Drop(n uint32) {
	w.bits <<= n
	if w.extra -= int(n); w.extra < 0 {
		w.bits |= w.word() << -w.extra
		w.extra += 16
	}
}

// Take removes and returns n bits, at most 16.
func (w *Words) Take(n uint32) uint32 {
	if n == 0 {
		return 0
	}
	v := w.bits >> (32 - n)
	w.Drop(n)
	return v
}

// Short reports whether more was read than there is. Two words are read ahead.
func (w *Words) Short() bool { return w.Pos > len(w.In)+4 }

// Symbol returns the next symbol of a code.
func (w *Words) Symbol(d *Decoder) (uint32, bool) {
	sym, n := d.Decode(w.bits >> 16)
	w.Drop(n)
	return sym, n > 0
}
