package inflate

import (
	"bytes"
	"errors"
	"io"
	"math/bits"
	"math/rand/v2"
	"testing"
)

// A writer64 writes one block of Deflate64 with fixed codes.
type writer64 struct {
	out  []byte
	bits uint64
	n    uint
}

// put writes the low n bits of v, the lowest first.
func (w *writer64) put(v uint32, n uint) {
	w.bits |= uint64(v) << w.n
	for w.n += n; w.n >= 8; w.n -= 8 {
		w.out = append(w.out, byte(w.bits))
		w.bits >>= 8
	}
}

// code writes a code of n bits, the highest first.
func (w *writer64) code(v uint32, n uint) { w.put(bits.Reverse32(v)>>(32-n), n) }

func (w *writer64) symbol(s uint32) {
	switch {
	case s < 144:
		w.code(0x30+s, 8)
	case s < 256:
		w.code(0x190+s-144, 9)
	case s < 280:
		w.code(s-256, 7)
	default:
		w.code(0xc0+s-280, 8)
	}
}

// match writes a match with symbol 285, which has any length.
func (w *writer64) match(length, distance int) {
	w.symbol(285)
	w.put(uint32(length-3), 16)
	base := 1
	for s := range 32 {
		extra := max(0, s/2-1)
		if distance < base+1<<extra {
			w.code(uint32(s), 5)
			w.put(uint32(distance-base), uint(extra))
			return
		}
		base += 1 << extra
	}
}

func (w *writer64) begin() { w.put(3, 3) } // the last block, with fixed codes

func (w *writer64) end() []byte {
	w.symbol(endOfBlock)
	w.put(0, 7)
	return w.out
}

// matches64 returns random content with what writes it: matches of any length and distance.
func matches64(seed uint64, size int) (content, packed []byte) {
	rng := rand.New(rand.NewPCG(seed, 64))
	var w writer64
	w.begin()
	for len(content) < size {
		if len(content) < 10 || rng.IntN(3) == 0 {
			for range rng.IntN(400) {
				b := byte(rng.Uint32())
				w.symbol(uint32(b))
				content = append(content, b)
			}
			continue
		}
		distance := 1 + rng.IntN(min(len(content), wide))
		length := 3 + rng.IntN(300)
		if rng.IntN(20) == 0 {
			length = 3 + rng.IntN(0x10000)
		}
		w.match(length, distance)
		for range length {
			content = append(content, content[len(content)-distance])
		}
	}
	return content, w.end()
}

// Deflate64 has distances of 64 KiB and matches of 65,538 bytes. It is read at any offset.
func TestDeflate64(t *testing.T) {
	store := NewStore(1 << 20)
	for seed := range uint64(6) {
		content, packed := matches64(seed, 3<<20)
		f, err := Open(bytes.NewReader(packed), 0, int64(len(packed)), Want{Format: Deflate64, Size: int64(len(content)), NoCRC: true}, store)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(seed, 1))
		for range 200 {
			at := rng.IntN(len(content))
			b := make([]byte, min(rng.IntN(300_000), len(content)-at))
			if _, err := f.ReadAt(b, int64(at)); err != nil && err != io.EOF || !bytes.Equal(b, content[at:at+len(b)]) {
				t.Fatalf("seed %d, %d bytes at %d: %v", seed, len(b), at, err)
			}
		}
		if behind, size, err := Measure(bytes.NewReader(packed), 0, int64(len(packed)), Deflate64); behind != int64(len(packed)) || size != int64(len(content)) || err != nil {
			t.Errorf("measured %d, %d, %v", behind, size, err)
		}
		if head := store.Head(bytes.NewReader(packed), 0, int64(len(packed)), 100, Deflate64); !bytes.Equal(head, content[:100]) {
			t.Error("another head")
		}
		// A stream of the one format is not one of the other.
		if _, err := Open(bytes.NewReader(packed), 0, int64(len(packed)), Want{Size: int64(len(content)), NoCRC: true}, store); err == nil {
			t.Error("it was read as deflate")
		}
	}
	// The decoders of a store are used for both formats.
	plain := bytes.Repeat([]byte("plain "), 1000)
	packed := deflated(t, plain, 6)
	if f, err := Open(bytes.NewReader(packed), 0, int64(len(packed)), Want{Size: int64(len(plain)), NoCRC: true}, store); err != nil || f.Size() != int64(len(plain)) {
		t.Errorf("deflate behind Deflate64: %v", err)
	}
}

func TestDamagedDeflate64(t *testing.T) {
	for _, tt := range []struct {
		name string
		make func(w *writer64)
		want error
	}{
		{"before the beginning", func(w *writer64) { w.symbol('a'); w.match(3, 2) }, errDistance},
		{"64 KiB before the beginning", func(w *writer64) { w.symbol('a'); w.match(3, wide) }, errDistance},
		{"a symbol that does not exist", func(w *writer64) { w.symbol(286) }, errSymbol},
	} {
		var w writer64
		w.begin()
		tt.make(&w)
		b := w.end()
		if _, _, err := Measure(bytes.NewReader(b), 0, int64(len(b)), Deflate64); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	_, packed := matches64(1, 1000)
	for n := range len(packed) - 1 {
		if _, _, err := Measure(bytes.NewReader(packed[:n]), 0, int64(n), Deflate64); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("%d of %d bytes: %v", n, len(packed), err)
		}
	}
}

// Whatever the bytes, what is measured is what is read.
func FuzzDeflate64(f *testing.F) {
	for seed := range uint64(3) {
		_, packed := matches64(seed, 2000)
		f.Add(packed)
	}
	store := NewStore(1 << 20)
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<12 {
			return
		}
		_, size, err := Measure(bytes.NewReader(b), 0, int64(len(b)), Deflate64)
		if err != nil || size > 8<<20 {
			return
		}
		got, err := Open(bytes.NewReader(b), 0, int64(len(b)), Want{Format: Deflate64, Size: size, NoCRC: true}, store)
		if err != nil {
			t.Fatal(err)
		}
		whole := make([]byte, size)
		if _, err := got.ReadAt(whole, 0); err != nil && err != io.EOF {
			t.Fatal(err)
		}
		half := make([]byte, size-size/2)
		if _, err := got.ReadAt(half, size/2); err != nil && err != io.EOF || !bytes.Equal(half, whole[size/2:]) {
			t.Errorf("another half: %v", err)
		}
	})
}
