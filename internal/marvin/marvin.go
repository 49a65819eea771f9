// Package marvin computes the Marvin hash, by which Windows protects the entries of the
// transaction logs of the registry.
package marvin

import (
	"encoding/binary"
	"math/bits"
)

// LogSeed is the seed for the entries of transaction logs.
const LogSeed = 0x82ef4d887a4e55c5

// Sum64 returns the Marvin hash of b: both words of the state, the second one high.
func Sum64(b []byte, seed uint64) uint64 {
	lo, hi := uint32(seed), uint32(seed>>32)
	for ; len(b) >= 4; b = b[4:] {
		lo, hi = mix(lo, hi, binary.LittleEndian.Uint32(b))
	}
	last := uint32(0x80) // ends the bytes that are left
	for i := len(b) - 1; i >= 0; i-- {
		last = last<<8 | uint32(b[i])
	}
	lo, hi = mix(lo, hi, last)
	lo, hi = mix(lo, hi, 0)
	return uint64(hi)<<32 | uint64(lo)
}

func mix(lo, hi, word uint32) (uint32, uint32) {
	lo += word
	hi ^= lo
	lo = bits.RotateLeft32(lo, 20) + hi
	hi = bits.RotateLeft32(hi, 9) ^ lo
	lo = bits.RotateLeft32(lo, 27) + hi
	hi = bits.RotateLeft32(hi, 19)
	return lo, hi
}
