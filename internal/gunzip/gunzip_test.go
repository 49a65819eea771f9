package gunzip

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
)

func packed(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The pages of a gzip file return the same bytes at any offset.
func TestReadAt(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	want := make([]byte, 100*pageSize+123)
	for i := 10 * pageSize; i < 90*pageSize; i++ {
		want[i] = byte(rng.Uint32())
	}
	file := packed(t, want)
	p, err := Open(bytes.NewReader(file), int64(len(file)))
	if err != nil || p.Size() != int64(len(want)) {
		t.Fatal(err, p.Size())
	}
	for range 500 {
		off, n := rng.IntN(len(want)), rng.IntN(3*pageSize)
		got := make([]byte, n)
		m, err := p.ReadAt(got, int64(off))
		if rest := want[off:min(off+n, len(want))]; !bytes.Equal(got[:m], rest) || (err == io.EOF) != (m < n) {
			t.Fatalf("ReadAt(%d bytes, %d) = %d, %v", n, off, m, err)
		}
	}
	// The part before the damage is kept.
	for _, cut := range []int{len(file) - 4, len(file) / 2} {
		p, err := Open(bytes.NewReader(file[:cut]), int64(cut))
		if p == nil || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		got := make([]byte, p.Size())
		if _, err := p.ReadAt(got, 0); err != nil || !bytes.Equal(got, want[:p.Size()]) || len(got) < cut/2 {
			t.Errorf("cut at %d: %d bytes, %v", cut, len(got), err)
		}
	}
}

// A small file with a large content takes memory in proportion to the file.
func TestBomb(t *testing.T) {
	file := packed(t, bytes.Repeat([]byte("A bomb. "), 8<<20)) // 64 MiB
	p, err := Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	held := 0
	for _, page := range p.packed {
		held += len(page)
	}
	if held > 8*len(file) {
		t.Errorf("%d bytes of gzip hold %d bytes of memory", len(file), held)
	}
}

// What is not gzip, and what is too large, is an error.
func TestRefused(t *testing.T) {
	for name, b := range map[string][]byte{"empty": nil, "noise": []byte("noise and more of it"), "a header alone": packed(t, []byte("x"))[:10]} {
		if f, err := Open(bytes.NewReader(b), int64(len(b))); f != nil || !damage.Is(err) {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
	if _, err := Open(bytes.NewReader(nil), maxGzip+1); !errors.Is(err, ErrGzipSize) {
		t.Errorf("got %v, want %v", err, ErrGzipSize)
	}
}
