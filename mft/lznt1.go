package mft

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"github.com/birthmark-dfir/birthmark/damage"
)

// LZNT1 ([MS-XCA] 2.5) is a sequence of chunks of 4096 bytes each. A chunk begins
// with two bytes: bit 15 is set if the chunk is compressed, and the low 12 bits are
// the length of what follows, less one. A header of zero ends the sequence. A
// compressed chunk consists of groups: a byte of flags, lowest first, and eight
// items. An item is a literal byte if its flag is clear, else two bytes that mean
// "length bytes from distance back". How their 16 bits are divided depends on the
// position in the chunk.
const (
	lzntChunk      = 4096
	lzntCompressed = 0x8000
	lzntLength     = 0x0fff
)

// decompressLZNT1 decompresses src, at offset base, into dst and clears the rest of
// dst.
func decompressLZNT1(dst, src []byte, base int64) error {
	out, in := 0, 0
	for out < len(dst) && len(src)-in >= 2 {
		head := binary.LittleEndian.Uint16(src[in:])
		if head == 0 {
			break
		}
		at := base + int64(in)
		in += 2
		n := int(head&lzntLength) + 1
		if n > len(src)-in {
			return damage.Truncated("LZNT1 chunk", at, int64(n), int64(len(src)-in))
		}
		end := min(out+lzntChunk, len(dst))
		got := 0
		if head&lzntCompressed == 0 {
			got = copy(dst[out:end], src[in:in+n])
		} else {
			var err error
			if got, err = decompressChunk(dst[out:end], src[in:in+n], at+2); err != nil {
				return err
			}
		}
		clear(dst[out+got : end])
		out = end
		in += n
	}
	clear(dst[out:])
	return nil
}

// decompressChunk decompresses a chunk into dst and returns how many bytes of dst it
// fills.
func decompressChunk(dst, src []byte, base int64) (int, error) {
	out, in := 0, 0
	for in < len(src) {
		flags := src[in]
		in++
		for bit := 0; bit < 8 && in < len(src); bit++ {
			if out == len(dst) {
				return out, nil
			}
			if flags>>bit&1 == 0 {
				dst[out] = src[in]
				out++
				in++
				continue
			}
			if len(src)-in < 2 {
				return out, damage.Truncated("LZNT1 pair", base+int64(in), 2, int64(len(src)-in))
			}
			pair := int(binary.LittleEndian.Uint16(src[in:]))
			// Positions up to 16 take 4 bits of distance, up to 32 take 5, and so on.
			lengthBits := 12
			if out > 16 {
				lengthBits = 16 - bits.Len(uint(out-1))
			}
			distance, length := pair>>lengthBits+1, pair&(1<<lengthBits-1)+3
			if distance > out {
				return out, damage.New("LZNT1 distance", base+int64(in), distance, fmt.Sprintf("≤ %d", out))
			}
			in += 2
			for range min(length, len(dst)-out) {
				dst[out] = dst[out-distance]
				out++
			}
		}
	}
	return out, nil
}
