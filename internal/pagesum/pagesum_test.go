package pagesum

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// slow is the definition of the checksum of a block, a bit at a time.
func slow(block []byte, page uint32, first bool) uint64 {
	from := 0
	if first {
		from = 64
	}
	numbers, complements, xor := 0, 0, page
	for bit := from; bit < 8*len(block); bit++ {
		if block[bit/8]>>(bit%8)&1 != 0 {
			numbers ^= bit
			complements ^= bit ^ (8*len(block) - 1)
			xor ^= 1 << (bit % 32)
		}
	}
	return uint64(complements)<<48 | uint64(numbers)<<32 | uint64(xor)
}

func random(size int) []byte {
	r := rand.New(rand.NewPCG(uint64(size), 1))
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func TestBlock(t *testing.T) {
	for _, size := range []int{2048, 4096, 8192} {
		for _, first := range []bool{false, true} {
			if got, want := ecc(random(size), 77, first), slow(random(size), 77, first); got != want {
				t.Errorf("%d bytes: %#x, want %#x", size, got, want)
			}
		}
	}
}

// A page has the checksums that Set writes, and no longer if any bit changes or the page has
// another number.
func TestSet(t *testing.T) {
	for _, size := range []int{2048, 4096, 8192, 16384, 32768} {
		for _, flags := range []uint32{0, flagNewChecksum} {
			if flags == 0 && size > largestSmall {
				continue // they always have the new one
			}
			t.Run(fmt.Sprint(size, flags), func(t *testing.T) {
				p := random(size)
				le.PutUint32(p[flagsAt:], flags)
				Set(p, 5)
				if has, want := Of(p, 5); has != want {
					t.Fatalf("%#x, want %#x", has, want)
				}
				if has, want := Of(p, 6); has == want {
					t.Error("another page has the same checksum")
				}
				for bit := 0; bit < 8*size; bit += 1009 {
					p[bit/8] ^= 1 << (bit % 8)
					if has, want := Of(p, 5); has == want {
						t.Errorf("bit %d is not noticed", bit)
					}
					p[bit/8] ^= 1 << (bit % 8)
				}
			})
		}
	}
}

func BenchmarkOf(b *testing.B) {
	p := random(4096)
	le.PutUint32(p[flagsAt:], flagNewChecksum)
	b.SetBytes(int64(len(p)))
	for b.Loop() {
		Of(p, 5)
	}
}
