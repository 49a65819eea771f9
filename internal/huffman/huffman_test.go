package huffman

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// Every symbol of a code decodes from its codeword, whatever follows it.
func TestDecode(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		freqs := make([]int, 2+r.IntN(510))
		for i := range freqs {
			if r.IntN(3) > 0 {
				freqs[i] = 1 << r.IntN(20)
			}
		}
		lens := Lengths(freqs, MaxLen-r.IntN(2))
		words := Codewords(lens)
		var d Decoder
		if err := d.Init(lens, "test", 0); err != nil || d.Empty() {
			t.Fatalf("%v: %v", lens, err)
		}
		for sym, n := range lens {
			if n == 0 {
				if freqs[sym] > 0 {
					t.Fatalf("symbol %d has no codeword", sym)
				}
				continue
			}
			for range 3 {
				bits := words[sym]<<(MaxLen-n) | r.Uint32()&(1<<(MaxLen-n)-1)
				if got, length := d.Decode(bits); got != uint32(sym) || length != uint32(n) {
					t.Fatalf("symbol %d of %d bits: got %d of %d", sym, n, got, length)
				}
			}
		}
	}
}

func TestInit(t *testing.T) {
	for _, tt := range []struct {
		name string
		lens []uint8
		want string
	}{
		{"too many codewords", []uint8{1, 1, 1}, "code of test at 0x9: got more codewords than fit, want a complete code"},
		{"too few", []uint8{1, 2}, "code of test at 0x9: got an incomplete one, want a complete code"},
		{"too long", []uint8{17}, "codeword of test at 0x9: got 17 bits, want ≤ 16 bits"},
		{"too many symbols", append(make([]uint8, 2000), 1, 1), "symbols of test at 0x9: got 2002, want ≤ 1024"},
		{"a complete one", []uint8{1, 2, 2}, ""},
	} {
		var d Decoder
		err := d.Init(tt.lens, "test", 9)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	var d Decoder
	if err := d.Init(make([]uint8, 9), "test", 0); err != nil || !d.Empty() {
		t.Errorf("a code without symbols: %v", err)
	}
	if _, n := d.Decode(0xffff); n != 0 {
		t.Errorf("a code without symbols has a codeword of %d bits", n)
	}
}
