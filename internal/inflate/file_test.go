package inflate

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
)

func gzipped(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Name, w.Comment, w.Extra = "disk.raw", "a comment", []byte("extra")
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func openGzip(b []byte) (*File, error) { return OpenGzip(bytes.NewReader(b), int64(len(b))) }

// bigContent is long enough for several checkpoints, with zeros and noise among it.
func bigContent() []byte {
	var all []byte
	for _, c := range contents() {
		all = append(all, c...)
	}
	return bytes.Repeat(all, 3)
}

// readAnywhere compares reads at random offsets with the content.
func readAnywhere(t *testing.T, f *File, want []byte, rng *rand.Rand, times int) {
	for range times {
		off, n := rng.IntN(len(want)), rng.IntN(3*pageSize)
		got := make([]byte, n)
		m, err := f.ReadAt(got, int64(off))
		if rest := want[off:min(off+n, len(want))]; !bytes.Equal(got[:m], rest) || (err == io.EOF) != (m < n) {
			t.Errorf("ReadAt(%d bytes, %d) = %d, %v", n, off, m, err)
			return
		}
	}
}

// A file returns the same bytes at any offset, to several readers at once, whether it
// has one member or several, and if it is padded with zeros.
func TestReadAt(t *testing.T) {
	want := bigContent()
	half := len(want) / 2
	one := gzipped(t, want)
	for name, file := range map[string][]byte{
		"one member":  one,
		"two members": append(gzipped(t, want[:half]), gzipped(t, want[half:])...),
		"padded":      append(bytes.Clone(one), make([]byte, 1000)...),
		"empty ones":  append(append(gzipped(t, nil), one...), gzipped(t, nil)...),
	} {
		f, err := openGzip(file)
		if err != nil || f.Size() != int64(len(want)) {
			t.Errorf("%s: %d bytes, %v", name, f.Size(), err)
			continue
		}
		var wait sync.WaitGroup
		for i := range 4 {
			wait.Go(func() { readAnywhere(t, f, want, rand.New(rand.NewPCG(uint64(i), 1)), 100) })
		}
		wait.Wait()
		got, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size()))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: read in order: %v", name, err)
		}
	}
}

// What precedes the damage can be read, and the error says what is wrong.
func TestDamagedGzip(t *testing.T) {
	want := bigContent()
	file := gzipped(t, want)
	changed := func(at int) []byte {
		b := bytes.Clone(file)
		b[at] ^= 1
		return b
	}
	for _, tt := range []struct {
		name  string
		file  []byte
		cause error
		size  int // at least
	}{
		{"cut in the trailer", file[:len(file)-4], io.ErrUnexpectedEOF, len(want)},
		{"cut in the middle", file[:len(file)/2], io.ErrUnexpectedEOF, len(file) / 2},
		{"wrong CRC", changed(len(file) - 8), ErrChecksum, len(want)},
		{"wrong size", changed(len(file) - 1), ErrChecksum, len(want)},
		{"other data behind", append(bytes.Clone(file), "more"...), nil, len(want)},
		{"a second member of which only the header is left", append(bytes.Clone(file), gzipped(t, want)[:30]...), io.ErrUnexpectedEOF, len(want)},
	} {
		f, err := openGzip(tt.file)
		if f == nil || !damage.Is(err) || tt.cause != nil && !errors.Is(err, tt.cause) || f.Size() < int64(tt.size) {
			t.Errorf("%s: %d bytes, %v", tt.name, f.Size(), err)
			continue
		}
		got, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size()))
		if err != nil || !bytes.HasPrefix(want, got) {
			t.Errorf("%s: %d bytes read, %v", tt.name, len(got), err)
		}
	}
	for name, b := range map[string][]byte{"empty": nil, "noise": []byte("noise and more of it"), "a header alone": file[:10]} {
		if f, err := openGzip(b); f != nil || !damage.Is(err) {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
}

// Raw streams must be what their archive says they are.
func TestOpenChecks(t *testing.T) {
	content := contents()["text"]
	packed := deflated(t, content, flate.DefaultCompression)
	right := Want{Size: int64(len(content)), CRC32: crc32.ChecksumIEEE(content)}
	for _, tt := range []struct {
		name string
		want Want
		cut  int
		err  string
	}{
		{"as recorded", right, 0, ""},
		{"no CRC", Want{Size: right.Size, NoCRC: true}, 0, ""},
		{"more than recorded", Want{Size: right.Size - 1, CRC32: right.CRC32}, 0, "size of the unpacked content"},
		{"less than recorded", Want{Size: right.Size + 1, CRC32: right.CRC32}, 0, "size of the unpacked content"},
		{"another CRC", Want{Size: right.Size, CRC32: right.CRC32 + 1}, 0, "CRC-32"},
		{"cut", right, 100, "deflate stream"},
	} {
		src := append([]byte("before"), packed...)
		f, err := Open(bytes.NewReader(src), 6, int64(len(src)-tt.cut), tt.want, NewStore(0))
		var e *damage.Error
		switch errors.As(err, &e); {
		case tt.err == "" && (err != nil || f.Size() != right.Size):
			t.Errorf("%s: %v", tt.name, err)
		case tt.err != "" && (e == nil || e.What != tt.err || f != nil):
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.err)
		}
	}
}

func TestHead(t *testing.T) {
	content := contents()["text"]
	packed := deflated(t, content, flate.DefaultCompression)
	s := NewStore(0)
	for _, n := range []int{0, 1, 4096, 200000, len(content), len(content) + 1} {
		if got := s.Head(bytes.NewReader(packed), 0, int64(len(packed)), n, Deflate); !bytes.Equal(got, content[:min(n, len(content))]) {
			t.Errorf("%d bytes: got %d", n, len(got))
		}
	}
	if got := s.Head(bytes.NewReader(packed), 0, int64(len(packed)/2), len(content), Deflate); len(got) == 0 || !bytes.HasPrefix(content, got) {
		t.Errorf("cut off: %d bytes", len(got))
	}
}

// The index of a small file with a large output takes memory in proportion to the file.
func TestIndexOfBomb(t *testing.T) {
	file := gzipped(t, bytes.Repeat([]byte("A bomb. "), 8<<20)) // 64 MiB
	f, err := openGzip(file)
	if err != nil {
		t.Fatal(err)
	}
	held := 0
	for _, p := range f.index {
		held += checkpointSize + len(p.packed)
	}
	if held > len(file) {
		t.Errorf("the index of %d bytes of gzip takes %d bytes", len(file), held)
	}
}

// An index that becomes too big keeps every other checkpoint, and still reads right.
func TestThin(t *testing.T) {
	want := bigContent()
	f, err := openGzip(gzipped(t, want))
	if err != nil {
		t.Fatal(err)
	}
	x := index{points: f.index, spacing: firstSpacing}
	n := len(x.points)
	x.thin()
	if x.spacing != 2*firstSpacing || len(x.points) != (n+1)/2 || n < 4 {
		t.Fatalf("%d checkpoints of %d, %d bytes apart", len(x.points), n, x.spacing)
	}
	f.index = x.points
	readAnywhere(t, f, want, rand.New(rand.NewPCG(3, 4)), 100)
}

// mutants returns how many mutants a test tries: BIRTHMARK_MUTANTS, or 300.
func mutants(t *testing.T) int {
	s := os.Getenv("BIRTHMARK_MUTANTS")
	if s == "" {
		return 300
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Changed bytes are an error, or the output is right. A source that changes after it
// was indexed does not panic.
func TestMutants(t *testing.T) {
	want := contents()["mixed"]
	file := gzipped(t, want)
	rng := rand.New(rand.NewPCG(5, 6))
	for range mutants(t) {
		b := bytes.Clone(file)
		for range 1 + rng.IntN(3) {
			b[rng.IntN(len(b))] ^= byte(1 + rng.IntN(255))
		}
		f, err := openGzip(b)
		got, readErr := io.ReadAll(io.NewSectionReader(f, 0, f.Size()))
		switch {
		case readErr != nil:
			t.Errorf("the indexed part cannot be read: %v", readErr)
		case err == nil && !bytes.Equal(got, want):
			t.Error("wrong bytes without an error")
		}
	}
	src := bytes.Clone(file)
	f, err := openGzip(src)
	if err != nil {
		t.Fatal(err)
	}
	f.store = NewStore(0)
	for i := range src {
		src[i] ^= byte(rng.Uint32())
	}
	_, _ = io.ReadAll(io.NewSectionReader(f, 0, f.Size()))
}

func BenchmarkOpenGzip(b *testing.B) {
	name := "../../testdata/sqlserver/disk.raw.gz"
	file, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	f, err := openGzip(file)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("index", func(b *testing.B) {
		b.SetBytes(f.Size())
		for b.Loop() {
			if _, err := openGzip(file); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("compress/gzip", func(b *testing.B) {
		b.SetBytes(f.Size())
		for b.Loop() {
			z, err := gzip.NewReader(bytes.NewReader(file))
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, z); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("read in order", func(b *testing.B) {
		b.SetBytes(f.Size())
		for b.Loop() {
			if _, err := io.Copy(io.Discard, io.NewSectionReader(f, 0, f.Size())); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("read 4 KiB anywhere", func(b *testing.B) {
		rng := rand.New(rand.NewPCG(1, 1))
		buf := make([]byte, 4096)
		for b.Loop() {
			if _, err := f.ReadAt(buf, rng.Int64N(f.Size()-4096)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
