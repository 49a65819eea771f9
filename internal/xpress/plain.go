package xpress

import (
	"encoding/binary"

	"github.com/birthmark-dfir/birthmark/damage"
)

// MaxPlain returns how much comes out of n bytes of plain LZ77, at most, if no match has
// more than 64 KiB.
func MaxPlain(n int64) int64 { return n * (64 << 10) }

// DecompressPlain decompresses the variant without Huffman codes, plain LZ77 ([MS-XCA]
// 2.4), into out, which has its size. Words of 32 flags are followed by what they
// announce, from the highest bit down: 0 is a byte, 1 a match of 16 bits. The high 13 bits
// of a match are the distance minus 1, the low 3 bits the length minus 3, or 7 if
// a half byte with more follows, 15 of which are followed by a byte, and so on.
func DecompressPlain(out, in []byte) error {
	var flags uint32
	left, half := 0, -1 // half: the position of a byte of which the high half is not used yet
	pos := 0
	short := func(n int) error {
		return damage.Truncated("compressed data", int64(pos), int64(n), int64(len(in)-pos))
	}
	for n := 0; n < len(out); {
		if left == 0 {
			if len(in)-pos < 4 {
				return short(4)
			}
			flags, left = binary.LittleEndian.Uint32(in[pos:]), 32
			pos += 4
		}
		left--
		if flags>>left&1 == 0 {
			if pos >= len(in) {
				return short(1)
			}
			out[n] = in[pos]
			n, pos = n+1, pos+1
			continue
		}
		if len(in)-pos < 2 {
			return short(2)
		}
		match := int(binary.LittleEndian.Uint16(in[pos:]))
		at := pos
		pos += 2
		distance, length := match>>3+1, match&7
		if length == 7 {
			var more int
			if half < 0 {
				if pos >= len(in) {
					return short(1)
				}
				more, half = int(in[pos]&15), pos
				pos++
			} else {
				more, half = int(in[half]>>4), -1
			}
			if more == 15 {
				var ok bool
				if more, pos, ok = plainLength(in, pos); !ok {
					return short(1)
				}
			}
			length += more
		}
		length += 3
		if distance > n || length > len(out)-n {
			return damage.New("match", int64(at), [2]int{distance, length}, "inside the output")
		}
		for range length {
			out[n] = out[n-distance]
			n++
		}
	}
	return nil
}

// plainLength reads the length of a long match, minus 10, and returns where it ends.
func plainLength(in []byte, pos int) (int, int, bool) {
	if pos >= len(in) {
		return 0, pos, false
	}
	if in[pos] < 255 {
		return int(in[pos]) + 15, pos + 1, true
	}
	pos++
	if len(in)-pos < 2 {
		return 0, pos, false
	}
	n := int64(binary.LittleEndian.Uint16(in[pos:]))
	pos += 2
	if n == 0 {
		if len(in)-pos < 4 {
			return 0, pos, false
		}
		n = int64(binary.LittleEndian.Uint32(in[pos:]))
		pos += 4
	}
	if n < 15+7 || n > 1<<24 {
		return 0, pos, false
	}
	return int(n) - 7, pos, true
}
