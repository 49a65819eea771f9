package inflate

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
)

// deflated returns content as compress/flate writes it.
func deflated(t testing.TB, content []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// inflated decodes a whole stream.
func inflated(b []byte) ([]byte, error) {
	d := newDecoder()
	d.reset(bytes.NewReader(b), 0, int64(len(b)))
	var out []byte
	for {
		part, err := d.next()
		out = append(out, part...)
		switch {
		case err == io.EOF:
			return out, nil
		case err != nil:
			return out, err
		}
	}
}

// contents are what real files are like, and the extremes.
func contents() map[string][]byte {
	rng := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 300<<10)
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	var text, mixed []byte
	words := []string{"GET ", "/portal/upload.aspx ", "203.0.113.77 ", "Mozilla/5.0 ", "2026-03-02 ", "\r\n", "a", "POST "}
	for len(text) < 900<<10 {
		text = append(text, words[rng.IntN(len(words))]...)
	}
	for len(mixed) < 700<<10 {
		n := rng.IntN(5000)
		switch rng.IntN(4) {
		case 0:
			mixed = append(mixed, make([]byte, n)...)
		case 1:
			mixed = append(mixed, noise[:n]...)
		case 2:
			mixed = append(mixed, text[:n]...)
		case 3:
			mixed = append(mixed, bytes.Repeat([]byte{byte(n), byte(n >> 8), 7}, n%300)...)
		}
	}
	return map[string][]byte{
		"nothing": nil, "one byte": {7}, "zeros": make([]byte, 3<<20), "noise": noise, "text": text, "mixed": mixed,
		"period 7": bytes.Repeat([]byte("period "), 50000),
	}
}

// Whatever compress/flate writes is read back.
func TestDecode(t *testing.T) {
	for name, want := range contents() {
		for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, flate.BestSpeed, flate.DefaultCompression, flate.BestCompression} {
			got, err := inflated(deflated(t, want, level))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s at level %d: %d bytes of %d, %v", name, level, len(got), len(want), err)
			}
		}
	}
}

// A stream that is cut is an error, after the output that precedes the cut.
func TestDecodeCut(t *testing.T) {
	want := contents()["mixed"]
	packed := deflated(t, want, flate.DefaultCompression)
	for cut := 0; cut < len(packed); cut += 1 + cut/3 {
		got, err := inflated(packed[:cut])
		if !errors.Is(err, io.ErrUnexpectedEOF) || !bytes.HasPrefix(want, got) {
			t.Errorf("cut at %d: %d bytes, %v", cut, len(got), err)
		}
	}
}

// A Buffer decodes streams one after the other, and finds their ends.
func TestBuffer(t *testing.T) {
	var b Buffer
	for name, want := range contents() {
		packed := deflated(t, want, flate.DefaultCompression)
		dst := make([]byte, len(want))
		n, used, err := b.Decode(dst, append(bytes.Clone(packed), "checksum"...))
		if err != nil || n != len(want) || used != len(packed) || !bytes.Equal(dst, want) {
			t.Errorf("%s: %d bytes from %d, %v", name, n, used, err)
		}
		if len(want) == 0 {
			continue
		}
		if n, _, err := b.Decode(dst[:len(want)-1], packed); err != io.ErrShortBuffer || n != len(want)-1 {
			t.Errorf("%s: a buffer that is too small: %d bytes, %v", name, n, err)
		}
		if _, _, err := b.Decode(dst, packed[:len(packed)-1]); err != io.ErrUnexpectedEOF {
			t.Errorf("%s: cut off: %v", name, err)
		}
	}
}

// Zlib streams are checked.
func TestZlib(t *testing.T) {
	want := contents()["mixed"]
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	if _, err := w.Write(want); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var b Buffers
	dst := make([]byte, len(want)+10)
	if n, err := b.Zlib(dst, packed.Bytes()); err != nil || !bytes.Equal(dst[:n], want) {
		t.Errorf("%d bytes, %v", n, err)
	}
	for at, cause := range map[int]error{0: errZlibHeader, 1: errZlibHeader, packed.Len() - 1: errAdler} {
		changed := bytes.Clone(packed.Bytes())
		changed[at] ^= 1
		if _, err := b.Zlib(dst, changed); err != cause {
			t.Errorf("byte %d changed: %v, want %v", at, err, cause)
		}
	}
	for _, n := range []int{0, 1, 2, 100, packed.Len() - 1} {
		if _, err := b.Zlib(dst, packed.Bytes()[:n]); err == nil {
			t.Errorf("%d bytes of the stream are enough", n)
		}
	}
}

// The decoder accepts and refuses what compress/flate does, with the same output.
func FuzzDecode(f *testing.F) {
	for _, content := range contents() {
		if len(content) > 20000 {
			content = content[:20000]
		}
		for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, flate.BestSpeed, flate.BestCompression} {
			f.Add(deflated(f, content, level))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<16 {
			return
		}
		const most = 4 << 20
		want, wantErr := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b)), most))
		got, err := inflated(b)
		if len(want) == most {
			if len(got) < most || !bytes.Equal(got[:most], want) {
				t.Error("the output differs")
			}
			return
		}
		if (err == nil) != (wantErr == nil) || err == nil && !bytes.Equal(got, want) {
			t.Errorf("%d bytes, %v; compress/flate: %d bytes, %v", len(got), err, len(want), wantErr)
		}
		if n := min(len(got), len(want)); !bytes.Equal(got[:n], want[:n]) {
			t.Error("the output before the damage differs")
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	for _, name := range []string{"text", "mixed", "noise", "zeros"} {
		content := contents()[name]
		packed := deflated(b, content, flate.DefaultCompression)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			d := newDecoder()
			for b.Loop() {
				d.reset(bytes.NewReader(packed), 0, int64(len(packed)))
				for {
					if _, err := d.next(); err == io.EOF {
						break
					} else if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
		b.Run(name+"/flate", func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			r := flate.NewReader(nil)
			for b.Loop() {
				if err := r.(flate.Resetter).Reset(bytes.NewReader(packed), nil); err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
