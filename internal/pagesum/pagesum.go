// Package pagesum computes the checksums of the pages of databases of the Extensible
// Storage Engine.
package pagesum

import (
	"encoding/binary"
	"math/bits"
)

var le = binary.LittleEndian

// An offset and a bit of the header of a page, and what a header is seeded with.
const (
	flagsAt         = 0x24
	flagNewChecksum = 0x2000
	seed            = 0x89abcdef
	largestSmall    = 8 << 10 // bytes; pages of more have four checksums
)

// XOR returns the checksum of a header of a database, which is also that of pages before
// ECC: the XOR of all words of 32 bits after the first, and of a seed.
func XOR(page []byte) uint32 {
	sum := uint64(0)
	for b := page; len(b) >= 8; b = b[8:] {
		sum ^= le.Uint64(b)
	}
	return uint32(sum) ^ uint32(sum>>32) ^ le.Uint32(page) ^ seed
}

// ecc is the checksum of a block of a page, whose size is a power of two. Its low
// 32 bits are the XOR of all words of 32 bits, and of the number of the page. The
// high ones find a single wrong bit: bits 0 to 15 are the XOR of the numbers of all bits
// that are 1, and bits 16 to 31 the XOR of the complements of their numbers. The first 8
// bytes of a page, which hold its checksum, do not count.
func ecc(block []byte, page uint32, first bool) uint64 {
	skip := 0
	if first {
		skip = 8
	}
	var columns uint64 // the XOR of all words of 64 bits
	var words uint32   // the XOR of the numbers of words that have an odd number of bits
	for i := skip; i+8 <= len(block); i += 8 {
		w := le.Uint64(block[i:])
		columns ^= w
		words ^= uint32(i>>3) & -uint32(bits.OnesCount64(w)&1)
	}
	numbers := words << 6
	for rest := columns; rest != 0; rest &= rest - 1 {
		numbers ^= uint32(bits.TrailingZeros64(rest))
	}
	complements := numbers
	if bits.OnesCount64(columns)&1 != 0 {
		complements ^= uint32(len(block)*8 - 1)
	}
	high := complements<<16 | numbers&0xffff
	return uint64(high)<<32 | uint64(uint32(columns)^uint32(columns>>32)^page)
}

// Of returns the checksums of a page: what it has, and what it should have. A page of more than
// 8 KiB has four blocks with one each; the others have one.
func Of(page []byte, number uint32) (has, want [4]uint64) {
	has[0] = le.Uint64(page)
	switch {
	case le.Uint32(page[flagsAt:])&flagNewChecksum == 0:
		want[0] = uint64(number)<<32 | uint64(XOR(page))
	case len(page) <= largestSmall:
		want[0] = ecc(page, number, true)
	default:
		block := len(page) / 4
		for i := range 4 {
			want[i] = ecc(page[i*block:][:block], number, i == 0)
			if i > 0 {
				has[i] = le.Uint64(page[0x20+8*i:])
			}
		}
	}
	return has, want
}

// Set writes the checksums of a page into it.
func Set(page []byte, number uint32) {
	le.PutUint32(page[4:], number) // of which the old checksum is
	if _, want := Of(page, number); len(page) > largestSmall && want[1]|want[2]|want[3] != 0 {
		for i := 1; i < 4; i++ {
			le.PutUint64(page[0x20+8*i:], want[i])
		}
	}
	_, want := Of(page, number) // the first block holds the checksums of the others
	le.PutUint64(page, want[0])
}
