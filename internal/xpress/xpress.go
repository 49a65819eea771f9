// Package xpress decompresses XPRESS, with Huffman codes: files that CompactOS compressed,
// and prefetch files since Windows 8.1; and without: values in databases.
package xpress

import (
	"encoding/binary"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/huffman"
)

// A block, in bytes from its beginning ([MS-XCA] 2.2):
//
//	0x000  256  the length of the codeword of each of the 512 symbols, 4 bits each, the
//	            even symbol in the low bits
//	0x100    -  words of 16 bits, read from the highest bit down, with bytes among them
//
// A symbol below 256 is a byte. The others are matches: the low 4 bits are the length
// minus 3, or 15 if bytes with the length follow; the high 4 bits are how many bits the
// distance has after its first. A match may begin in a block before.
const tableSize = 256

// BlockSize is how much of the output a block has, in bytes. The last block has less, and
// another may have more, by what its last match exceeds it.
const BlockSize = 64 << 10

// MaxSize returns how much comes out of n bytes that Windows compressed, at most: its
// matches have less than 64 KiB.
func MaxSize(n int64) int64 { return (n/tableSize + 1) * 2 * BlockSize }

// Decompress decompresses in into out, which has its size.
func Decompress(out, in []byte) error {
	w := huffman.Words{In: in}
	for n := 0; n < len(out); {
		// The last match may exceed the size of a block: the next begins where it ends.
		end := min(len(out), n+BlockSize)
		next, err := block(&w, out, n, end)
		if err != nil {
			return err
		}
		n = next
	}
	return nil
}

// block decompresses a block into out from n to end, and returns where it ends.
func block(w *huffman.Words, out []byte, n, end int) (int, error) {
	if w.Pos > len(w.In) || len(w.In)-w.Pos < tableSize {
		return 0, damage.Truncated("table of codewords", int64(w.Pos), tableSize, int64(max(0, len(w.In)-w.Pos)))
	}
	var lens [2 * tableSize]uint8
	for i, b := range w.In[w.Pos : w.Pos+tableSize] {
		lens[2*i], lens[2*i+1] = b&15, b>>4
	}
	var code huffman.Decoder
	if err := code.Init(lens[:], "XPRESS", int64(w.Pos)); err != nil {
		return 0, err
	}
	w.Start(w.Pos + tableSize)
	for n < end {
		sym, ok := w.Symbol(&code)
		if !ok || w.Short() {
			return 0, damage.Truncated("compressed data", int64(len(w.In)), int64(len(out)), int64(n))
		}
		if sym < 256 {
			out[n] = byte(sym)
			n++
			continue
		}
		length, bits := int(sym&15), sym>>4&15
		if length == 15 {
			var err error
			if length, err = longMatch(w); err != nil {
				return 0, err
			}
		}
		length += 3
		distance := int(1<<bits | w.Take(bits))
		if distance > n || length > len(out)-n {
			return 0, damage.New("match", int64(w.Pos), [2]int{distance, length}, "inside the output")
		}
		for range length {
			out[n] = out[n-distance]
			n++
		}
	}
	return n, nil
}

// longMatch reads the length of a long match, minus 3, from the bytes that follow.
func longMatch(w *huffman.Words) (int, error) {
	next := func(n int) (int, error) {
		if w.Pos+n > len(w.In) {
			return 0, damage.Truncated("length of a match", int64(w.Pos), int64(n), int64(max(0, len(w.In)-w.Pos)))
		}
		v := 0
		for i := range n {
			v |= int(w.In[w.Pos+i]) << (8 * i)
		}
		w.Pos += n
		return v, nil
	}
	length, err := next(1)
	if err != nil || length < 255 {
		return length + 15, err
	}
	if length, err = next(2); err != nil || length > 0 {
		return length, err
	}
	if w.Pos+4 > len(w.In) || binary.LittleEndian.Uint32(w.In[w.Pos:]) > 1<<24 {
		return 0, damage.New("length of a match", int64(w.Pos), "more", 1<<24)
	}
	return next(4)
}
