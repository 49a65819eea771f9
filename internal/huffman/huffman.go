// Package huffman decodes and makes the canonical Huffman codes of Microsoft's
// compression formats. A code is given by the length of each symbol's codeword.
// Shorter codewords come first, and among equals the lower symbol; bits are read from
// the highest down.
package huffman

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

// MaxLen is the length in bits of the longest codeword that a Decoder takes.
const MaxLen = 16

// rootBits is how many bits the first look-up takes. Most codewords are not longer.
const rootBits = 10

// Decoder finds the symbols of a code. Init makes it ready, and again for another
// code. An entry of its tables is a symbol shifted by 5, and the length of its
// codeword; length 0 marks a prefix that no codeword has. If the codeword is longer
// than rootBits, the entry of its first bits refers to a table for the rest: the place
// of the table shifted by 5, and 16 plus the bits that the table takes.
type Decoder struct {
	root  [1 << rootBits]uint32
	below []uint32
	empty bool
}

const (
	lenBits  = 5
	lenMask  = 1<<lenBits - 1
	isBelow  = 16 // added to the bits of a table for longer codewords
	maxBelow = MaxLen - rootBits
)

// Init prepares the decoder for a code. The code must be complete: every sequence of
// bits begins with exactly one of its codewords. Only the code without any symbol is
// not, and is permitted: see [Decoder.Empty].
func (d *Decoder) Init(lens []uint8, what string, offset int64) error {
	var count [MaxLen + 1]int
	for _, n := range lens {
		if n > MaxLen {
			return damage.New("codeword of "+what, offset, fmt.Sprintf("%d bits", n), fmt.Sprintf("≤ %d bits", MaxLen))
		}
		count[n]++
	}
	d.below = d.below[:0]
	if d.empty = count[0] == len(lens); d.empty {
		clear(d.root[:])
		return nil
	}
	left := 1 // codewords of the length that are not taken, in the sense of Kraft
	for n := 1; n <= MaxLen; n++ {
		if left = left<<1 - count[n]; left < 0 {
			return damage.New("code of "+what, offset, "more codewords than fit", "a complete code")
		}
	}
	if left != 0 {
		return damage.New("code of "+what, offset, "an incomplete one", "a complete code")
	}
	// The symbols in the order of their codewords.
	var next [MaxLen + 2]int
	for n := 1; n <= MaxLen; n++ {
		next[n+1] = next[n] + count[n]
	}
	var sorted [1024]uint16
	if len(lens) > len(sorted) {
		return damage.New("symbols of "+what, offset, len(lens), fmt.Sprintf("≤ %d", len(sorted)))
	}
	for sym, n := range lens {
		if n > 0 {
			sorted[next[n]] = uint16(sym)
			next[n]++
		}
	}
	d.fill(sorted[:len(lens)-count[0]], lens)
	return nil
}

// fill writes the tables, for symbols in the order of their codewords.
func (d *Decoder) fill(sorted []uint16, lens []uint8) {
	at := 0 // in root
	i := 0
	for ; i < len(sorted) && lens[sorted[i]] <= rootBits; i++ {
		n := lens[sorted[i]]
		entry := uint32(sorted[i])<<lenBits | uint32(n)
		span := d.root[at : at+1<<(rootBits-n)]
		for j := range span {
			span[j] = entry
		}
		at += len(span)
	}
	for i < len(sorted) {
		// The codewords that begin with the bits at: until they fill a table.
		bits, taken, end := 0, 0, i
		for {
			n := int(lens[sorted[end]]) - rootBits
			taken <<= n - bits
			bits = n
			taken++
			if end++; taken == 1<<bits {
				break
			}
		}
		start := len(d.below)
		for ; i < end; i++ {
			n := lens[sorted[i]]
			entry := uint32(sorted[i])<<lenBits | uint32(n)
			for range 1 << (bits - (int(n) - rootBits)) {
				d.below = append(d.below, entry)
			}
		}
		d.root[at] = uint32(start)<<lenBits | uint32(isBelow+bits)
		at++
	}
}

// Empty reports whether the code has no symbol. Decode must not be called then.
func (d *Decoder) Empty() bool { return d.empty }

// Decode returns the symbol whose codeword bits begins with, and its length. Bits are
// the next 16 bits, the first one highest. For an empty code the length is 0.
func (d *Decoder) Decode(bits uint32) (sym, n uint32) {
	entry := d.root[bits>>(MaxLen-rootBits)&(1<<rootBits-1)]
	if n = entry & lenMask; n <= isBelow-1 && n <= rootBits {
		return entry >> lenBits, n
	}
	low := bits & (1<<maxBelow - 1) >> (maxBelow - (n - isBelow))
	entry = d.below[entry>>lenBits+low]
	return entry >> lenBits, entry & lenMask
}
