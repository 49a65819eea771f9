package unzstd

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// content returns bytes that compress somewhat.
func content(size int) []byte {
	b := make([]byte, size)
	r := rand.New(rand.NewPCG(1, 2))
	for at := 0; at < size; at += 4096 {
		part := b[at:min(size, at+4096)]
		if r.IntN(3) > 0 {
			for i := range part {
				part[i] = byte(r.Uint32()) & 0x3f
			}
		}
	}
	return b
}

// frames compresses the content in frames of a size. Sized frames record their size.
func frames(t testing.TB, b []byte, size int, sized bool) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for part := range slices.Chunk(b, size) {
		if sized {
			out.Write(w.EncodeAll(part, nil))
			continue
		}
		s, err := zstd.NewWriter(&out, zstd.WithEncoderConcurrency(1))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(s, struct{ io.Reader }{bytes.NewReader(part)}); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

var skippable = []byte{0x5e, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3}

func same(t *testing.T, f *File, want []byte) {
	t.Helper()
	if f.Size() != int64(len(want)) {
		t.Fatalf("%d bytes, want %d", f.Size(), len(want))
	}
	var all sync.WaitGroup
	for g := range uint64(3) {
		all.Go(func() {
			r := rand.New(rand.NewPCG(g, 4))
			for range 40 {
				at := r.IntN(len(want))
				b := make([]byte, 1+r.IntN(700_000))
				n, err := f.ReadAt(b, int64(at))
				if short := len(want)-at < len(b); short != (err == io.EOF) || err != nil && err != io.EOF || !bytes.Equal(b[:n], want[at:min(len(want), at+len(b))]) {
					t.Errorf("%d bytes at %d: %d, %v", len(b), at, n, err)
				}
			}
		})
	}
	all.Wait()
	if got, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size())); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func TestFile(t *testing.T) {
	want := content(5_000_000)
	for name, b := range map[string][]byte{
		"one frame":                  frames(t, want, len(want), true),
		"one frame of unknown size":  frames(t, want, len(want), false),
		"frames":                     frames(t, want, 1_300_000, true),
		"frames of unknown size":     frames(t, want, 2_000_000, false),
		"small frames":               frames(t, want, 10_000, true),
		"tiny frames":                frames(t, want[:100_000], 100, true),
		"frames that are skipped":    slices.Concat(skippable, frames(t, want, 2_000_000, true), skippable),
		"one frame, and more behind": slices.Concat(frames(t, want, 4_999_999, true)),
	} {
		f, err := Open(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		content := want
		if strings.HasPrefix(name, "tiny") {
			content = want[:100_000]
		}
		t.Run(name, func(t *testing.T) { same(t, f, content) })
		if name == "tiny frames" && len(f.entries) > 1+len(b)/leastPacked {
			t.Errorf("%d entries for %d bytes", len(f.entries), len(b))
		}
	}
}

// What the program zstd writes, from a file, from a pipe, and by several threads.
func TestFileOfZstd(t *testing.T) {
	tool, err := exec.LookPath("zstd")
	if err != nil {
		t.Skip(err)
	}
	want := content(5_000_000)
	for _, args := range [][]string{{"-c"}, {"-c", "-19"}, {"-c", "--fast=3"}, {"-c", "-T2", "-B1048576"}, {"-c", "--no-check"}, {"-c", "--long=27"}} {
		cmd := exec.Command(tool, append(args, "-")...)
		cmd.Stdin = bytes.NewReader(want)
		b, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		f, err := Open(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatalf("%s: %v", args, err)
		}
		t.Run(strings.Join(args, " "), func(t *testing.T) { same(t, f, want) })
	}
}

// pzstd writes many frames, before each of which is one that decoders skip.
func TestFileOfPzstd(t *testing.T) {
	tool, err := exec.LookPath("pzstd")
	if err != nil {
		t.Skip(err)
	}
	want := content(5_000_000)
	cmd := exec.Command(tool, "-c", "-1", "-p", "4", "-")
	cmd.Stdin = bytes.NewReader(want)
	b, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	f, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	same(t, f, want)
}

// What precedes damage is read.
func TestDamagedFile(t *testing.T) {
	want := content(3_000_000)
	sized, one, unsized := frames(t, want, 1_000_000, true), frames(t, want, len(want), true), frames(t, want, 1_000_000, false)
	for _, tt := range []struct {
		name  string
		b     []byte
		want  string // the error of Open, or of reading
		least int    // bytes that are read
	}{
		{"nothing", []byte("zst"), "frame at 0x0: got 3 bytes, want 8 bytes", 0},
		{"an empty file", nil, "frame at 0x0: got 0 bytes, want 8 bytes", 0},
		{"another mark", []byte("not zstandard"), "frame at 0x0: got 0x20746f6e, want 0xfd2fb528", 0},
		{"a dictionary", []byte{0x28, 0xb5, 0x2f, 0xfd, 0x21, 1, 1, 1, 0, 0}, "frame at 0x4: compressed with a dictionary", 0},
		{"a size of petabytes", []byte{0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0}, "size of the content at 0x5: got ", 0},
		{"much of one byte", slices.Concat([]byte{0x28, 0xb5, 0x2f, 0xfd, 0, 0x58}, bytes.Repeat([]byte{0x02, 0x00, 0x10, 'a'}, 9000), []byte{0x03, 0, 0x10, 'a'}), "frame at 0x0: got ", 0},
		{"a cut frame", sized[:len(sized)-1000], "block at ", 2_000_000},
		{"a cut frame alone", one[:len(one)/2], "block at ", 1_000_000},
		{"a cut frame of unknown size", unsized[:len(unsized)-1000], "block at ", 2_000_000},
		{"data behind the last frame", append(bytes.Clone(sized), "more, and more"...), "frame at ", 3_000_000},
		{"a changed frame", func() []byte { b := bytes.Clone(sized); b[len(b)-5000] ^= 0xff; return b }(), "content, decompressed at ", 2_000_000},
		{"a smaller size of the content", func() []byte { b := bytes.Clone(one); b[5]--; return b }(), "content, decompressed at 0x2c0000: frame size exceeded", 2_000_000},
		{"a changed checksum", func() []byte { b := bytes.Clone(one); b[len(b)-1] ^= 1; return b }(), "content, decompressed at 0x2c0000: CRC check failed", 2_000_000},
	} {
		f, err := Open(bytes.NewReader(tt.b), int64(len(tt.b)))
		var got []byte
		if f != nil {
			var readErr error
			if got, readErr = io.ReadAll(io.NewSectionReader(f, 0, f.Size())); err == nil {
				err = readErr
			}
		}
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) || len(got) < tt.least || !bytes.Equal(got, want[:min(len(want), len(got))]) {
			t.Errorf("%s: %d bytes, %v", tt.name, len(got), err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	b := content(30_000)
	for _, seed := range [][]byte{frames(f, b, 10_000, true), frames(f, b, 10_000, false), skippable} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := Open(bytes.NewReader(b), int64(len(b)))
		if x == nil {
			if err == nil {
				t.Error("neither a file nor an error")
			}
			return
		}
		io.Copy(io.Discard, io.NewSectionReader(x, 0, min(x.Size(), 1<<20)))
		x.ReadAt(make([]byte, 100), x.Size()/2)
	})
}

func BenchmarkFile(b *testing.B) {
	raw := content(64 << 20)
	for name, packed := range map[string][]byte{"frames": frames(b, raw, 4<<20, true), "one frame": frames(b, raw, len(raw), true)} {
		f, err := Open(bytes.NewReader(packed), int64(len(packed)))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(f.Size())
			for b.Loop() {
				if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, io.NewSectionReader(f, 0, f.Size()), make([]byte, 1<<20)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A header may ask for a window of 128 MiB, or the size of the content in its place: room is
// made only for what the blocks can unpack to.
func TestWindowIsBounded(t *testing.T) {
	want := content(300_000)
	var large bytes.Buffer
	w, err := zstd.NewWriter(&large, zstd.WithWindowSize(128<<20), zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	w.Write(want[:100_000])
	w.Flush() // so that the content's size is not known
	w.Write(want[100_000:])
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	claims := frames(t, want, len(want), true)
	if claims[4]>>6 != 2 {
		t.Fatalf("the size of the content is not in 4 bytes: %x", claims[:10])
	}
	claims[8] = 0x07 // 112 MiB more
	for name, tt := range map[string]struct {
		b    []byte
		want string // error
	}{
		"a window of 128 MiB":    {large.Bytes(), ""},
		"a content of 112 MiB":   {claims, "size of the content at 0x5: got 117740512, want ≤ 393216, of 3 blocks"},
		"two with large windows": {slices.Concat(large.Bytes(), large.Bytes()), ""},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f, err := Open(bytes.NewReader(tt.b), int64(len(tt.b)))
		if f == nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, readErr := io.ReadAll(io.NewSectionReader(f, 0, f.Size()))
		runtime.ReadMemStats(&after)
		if err == nil {
			err = readErr
		}
		switch {
		case (err == nil) != (tt.want == "") || err != nil && err.Error() != tt.want:
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		case err == nil && !bytes.HasPrefix(got, want):
			t.Errorf("%s: %d bytes", name, len(got))
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 64<<20 {
			t.Errorf("%s: %d MiB were allocated", name, n>>20)
		}
	}
}

// Where decoding fails it is not tried again by every read.
func TestFailureIsKept(t *testing.T) {
	packed := frames(t, content(3_000_000), 3_000_000, true)
	packed[len(packed)/2] ^= 0xff
	src := &counting{r: bytes.NewReader(packed)}
	f, err := Open(src, int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	read := func() (failed int) {
		for off := int64(0); off < f.Size(); off += 4096 {
			if _, err := f.ReadAt(make([]byte, 100), off); err != nil {
				failed++
			}
		}
		return failed
	}
	failed := read()
	if failed == 0 {
		t.Fatal("nothing failed")
	}
	src.n = 0
	if again := read(); again != failed || src.n > len(packed) {
		t.Errorf("%d failed, then %d, which read %d bytes again", failed, again, src.n)
	}
}

type counting struct {
	r io.ReaderAt
	n int
}

func (c *counting) ReadAt(b []byte, off int64) (int, error) {
	n, err := c.r.ReadAt(b, off)
	c.n += n
	return n, err
}
