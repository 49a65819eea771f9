package xpress_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/xpress"
	"github.com/birthmark-dfir/birthmark/internal/xpress/xpresstest"
)

// content has literals, short and long matches, in a proportion that differs from seed to
// seed.
func content(seed uint64, size int) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	var b []byte
	for len(b) < size {
		switch {
		case len(b) < 10 || r.IntN(3) == 0:
			for range r.IntN(40) {
				b = append(b, byte(r.IntN(1+int(seed%256))))
			}
		case r.IntN(30) == 0:
			b = append(b, bytes.Repeat([]byte{byte(r.IntN(256))}, r.IntN(70000))...)
		default:
			at := r.IntN(len(b))
			b = append(b, b[at:min(len(b), at+r.IntN(600))]...)
		}
	}
	return b[:size]
}

// What was compressed decompresses, whatever the bits before the length of a match, and
// also over several blocks.
func TestDecompress(t *testing.T) {
	for seed := range uint64(300) {
		for _, size := range []int{0, 1, 2, 300, 5000, xpress.BlockSize, xpress.BlockSize + 1, 200000} {
			if size > 5000 && seed%10 > 0 {
				continue
			}
			want := content(seed, size)
			packed := xpresstest.Compress(want)
			if int64(size) > xpress.MaxSize(int64(len(packed))) {
				t.Errorf("%d bytes from %d are more than MaxSize", size, len(packed))
			}
			got := make([]byte, size)
			if err := xpress.Decompress(got, packed); err != nil || !bytes.Equal(got, want) {
				t.Fatalf("seed %d, %d bytes: %v, equal %t", seed, size, err, bytes.Equal(got, want))
			}
		}
	}
}

func TestDecompressDamaged(t *testing.T) {
	want := make([]byte, 3000) // without long matches
	for i, r := 0, rand.New(rand.NewPCG(1, 1)); i < len(want); i++ {
		want[i] = byte(r.IntN(256))
	}
	packed := xpresstest.Compress(want)
	for _, tt := range []struct {
		name string
		in   []byte
		want string
	}{
		{"empty", nil, "table of codewords at 0x0: got 0 bytes, want 256 bytes"},
		{"only a table", packed[:256], "compressed data"},
		{"cut", packed[:300], "compressed data"},
		{"an incomplete code", append(bytes.Repeat([]byte{0}, 255), append([]byte{1}, packed[256:]...)...), "code of XPRESS at 0x0: got an incomplete one"},
		{"a match before the beginning", append(append(make([]byte, 255), 0x11), 0xff, 0xff, 0xff, 0xff), "match at"},
	} {
		err := xpress.Decompress(make([]byte, len(want)), tt.in)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}

// Plain LZ77 as well, also of an output that ends with a flag.
func TestDecompressPlain(t *testing.T) {
	for seed := range uint64(300) {
		want := content(seed, int(seed*seed*7))
		packed := xpresstest.CompressPlain(want)
		got := make([]byte, len(want))
		if err := xpress.DecompressPlain(got, packed); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("seed %d: differs", seed)
		}
		if limit := xpress.MaxPlain(int64(len(packed))); int64(len(want)) > limit {
			t.Errorf("seed %d: %d bytes, more than %d", seed, len(want), limit)
		}
	}
}

func TestDamagedPlain(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   []byte
		size int
		want string
	}{
		{"no flags", []byte{0, 0}, 1, "compressed data at 0x0: got 2 bytes, want 4 bytes"},
		{"no byte", []byte{0, 0, 0, 0}, 1, "compressed data at 0x4: got 0 bytes, want 1 byte"},
		{"half a match", []byte{0, 0, 0, 0x40, 'a', 0}, 4, "compressed data at 0x5: got 1 byte"},
		{"a match before the beginning", []byte{0, 0, 0, 0x40, 'a', 8, 0}, 4, "match at 0x5: got [2 3], want inside the output"},
		{"a match beyond the end", []byte{0, 0, 0, 0x40, 'a', 1, 0}, 4, "match at 0x5: got [1 4], want inside the output"},
		{"no length", []byte{0, 0, 0, 0x40, 'a', 7, 0}, 40, "compressed data at 0x7: got 0 bytes"},
		{"no long length", []byte{0, 0, 0, 0x40, 'a', 7, 0, 15, 255, 1}, 40, "compressed data at 0x9: got 1 byte"},
		{"a length that is too small", []byte{0, 0, 0, 0x40, 'a', 7, 0, 15, 255, 1, 0}, 40, "compressed data"},
	} {
		err := xpress.DecompressPlain(make([]byte, tt.size), tt.in)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}
