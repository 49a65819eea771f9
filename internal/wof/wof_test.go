package wof

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/disk/disktest"
	"github.com/birthmark-dfir/birthmark/internal/wof/woftest"
	"github.com/birthmark-dfir/birthmark/internal/xpress/xpresstest"
)

// contents are files of odd sizes, with parts that compress and parts that do not.
func contents() map[string][]byte {
	calls := []byte{}
	for i := range 20_000 { // as the code of a program, with calls
		calls = append(calls, 0x55, 0x8b, byte(i), 0xe8, byte(i*7), byte(i>>3), 0, 0, 0xc3)
	}
	mixed := disktest.Disk(300_001)
	all := map[string][]byte{"calls": calls, "mixed": mixed, "zeros": make([]byte, 70_000), "text": []byte(strings.Repeat("the quick brown fox. ", 9000))}
	for _, n := range []int{1, 2, 3, 4095, 4096, 4097, 32767, 32768, 32769} {
		all[fmt.Sprint(n)] = mixed[100_000 : 100_000+n]
	}
	return all
}

func read(t testing.TB, packed []byte, size int, n uint32) ([]byte, error) {
	t.Helper()
	r, err := Open(bytes.NewReader(packed), int64(len(packed)), int64(size), n)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.NewSectionReader(r, 0, int64(size)))
}

func TestOpen(t *testing.T) {
	for name, want := range contents() {
		for _, n := range []uint32{woftest.XPRESS4K, woftest.XPRESS8K, woftest.XPRESS16K} {
			packed := woftest.Compress(n, want)
			got, err := read(t, packed, len(want), n)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s by %s: %d bytes of %d, %v", name, Name(n), len(got), len(want), err)
			}
		}
	}
}

func TestAlgorithm(t *testing.T) {
	point := woftest.ReparsePoint(woftest.XPRESS16K)[8:]
	if n, err := Algorithm(point); err != nil || Name(n) != "XPRESS16K" {
		t.Errorf("got %d, %v", n, err)
	}
	put := func(at int, v byte) []byte {
		b := bytes.Clone(point)
		b[at] = v
		return b
	}
	for want, b := range map[string][]byte{
		"data of the reparse point at 0x8: got 3 bytes, want 16 bytes":                                  point[:3],
		"provider of the reparse point at 0xc: got 1, want 2: the content is in a Windows imaging file": put(4, 1),
		"algorithm of the reparse point at 0x14: got 9, want 0 to 3":                                    put(0xc, 9),
	} {
		if _, err := Algorithm(b); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestDamage(t *testing.T) {
	want := []byte(strings.Repeat("the quick brown fox. ", 900))
	packed := woftest.Compress(woftest.XPRESS4K, want)
	put := func(at int, v ...byte) []byte {
		b := bytes.Clone(packed)
		copy(b[at:], v)
		return b
	}
	for _, tt := range []struct {
		name, want string
		packed     []byte
	}{
		{"a short table", "table of chunks at 0x0: got 3 bytes, want 16", packed[:3]},
		{"an offset outside", "XPRESS4K: chunk 0: offset of chunk 1 at 0x0: got ", put(2, 0xff)},
		{"offsets that go back", "XPRESS4K: chunk 1: length of the chunk at ", put(4, 1, 0, 0, 0)},
		{"a table of codewords", "XPRESS4K: chunk 0: code of XPRESS at 0x0: got more codewords than fit, want a complete code", put(16+20, 0x11, 0x11, 0x11)},
		{"the end", "XPRESS4K: chunk 4: ", packed[:len(packed)-200]},
	} {
		got, err := read(t, tt.packed, len(want), woftest.XPRESS4K)
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if !bytes.HasPrefix(want, got) {
			t.Errorf("%s: wrong bytes before the error", tt.name)
		}
	}
}

// What wimlib compresses: a file in a Windows imaging file has the same table and chunks.
func TestWimlib(t *testing.T) {
	tool := disktest.Tool(t, "wimlib-imagex")
	for name, want := range contents() {
		for n, a := range algorithms {
			packed, compressed := wimlib(t, tool, want, n)
			if !compressed {
				continue
			}
			got, err := read(t, packed, len(want), uint32(n))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s by %s: %d bytes of %d, %v", name, a.name, len(got), len(want), err)
			}
		}
	}
}

// wimlib compresses content by an algorithm.
func wimlib(t testing.TB, tool string, content []byte, n int) (b []byte, compressed bool) {
	t.Helper()
	a := algorithms[n]
	kind, _, _ := strings.Cut(a.name, "4K")
	kind, _, _ = strings.Cut(kind, "8K")
	kind, _, _ = strings.Cut(kind, "16K")
	dir := t.TempDir()
	source, wim := filepath.Join(dir, "source"), filepath.Join(dir, "a.wim")
	if err := os.Mkdir(source, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(source, "file"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, "capture", source, wim, "--compress="+kind, fmt.Sprintf("--chunk-size=%d", a.chunk)).CombinedOutput(); err != nil {
		t.Skipf("wimlib: %v: %s", err, out)
	}
	return resource(t, wim, len(content))
}

// resource returns the content of a file of that size as a Windows imaging file has it.
func resource(t testing.TB, name string, size int) (b []byte, compressed bool) {
	t.Helper()
	wim, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	header := func(b []byte) (stored, at, plain uint64, flags byte) {
		return binary.LittleEndian.Uint64(b) & (1<<56 - 1), binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint64(b[16:]), b[7]
	}
	length, at, _, _ := header(wim[48:])
	for table := wim[at : at+length]; len(table) >= 50; table = table[50:] {
		stored, at, plain, flags := header(table)
		const metadata, packed = 2, 4
		if plain == uint64(size) && flags&metadata == 0 {
			return wim[at : at+stored], flags&packed != 0
		}
	}
	t.Fatalf("%s has no file of %d bytes", name, size)
	return nil, false
}

// A mutant fails, or has the bytes: the format has no checksum, but most damage breaks a
// code.
func TestMutants(t *testing.T) {
	want := contents()["mixed"]
	packed := woftest.Compress(woftest.XPRESS8K, want)
	seed := uint32(7)
	next := func(n int) int {
		seed = seed*1664525 + 1013904223
		return int(seed>>8) % n
	}
	silent := 0
	for range 300 {
		b := bytes.Clone(packed)
		b[next(len(b))] ^= byte(1 + next(255))
		if got, err := read(t, b, len(want), woftest.XPRESS8K); err == nil && !bytes.Equal(got, want) {
			silent++
		}
	}
	t.Logf("%d of 300 mutants pass", silent)
}

func FuzzOpen(f *testing.F) {
	for _, n := range []uint32{woftest.XPRESS4K, woftest.XPRESS16K} {
		f.Add(woftest.Compress(n, []byte(strings.Repeat("the quick brown fox. ", 900))), 18_900, n)
	}
	f.Add([]byte{0x00, 0x30, 0, 0}, 5, uint32(1))
	f.Fuzz(func(t *testing.T, packed []byte, size int, n uint32) {
		r, err := Open(bytes.NewReader(packed), int64(len(packed)), int64(size), n)
		if err == nil {
			io.CopyN(io.Discard, io.NewSectionReader(r, 0, int64(size)), 1<<18)
		}
	})
}

// A program, as wimlib compresses it by each of the algorithms.
func BenchmarkRead(b *testing.B) {
	tool := disktest.Tool(b, "wimlib-imagex")
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	want, err := os.ReadFile(self)
	if err != nil {
		b.Fatal(err)
	}
	for n, a := range algorithms {
		b.Run(a.name, func(b *testing.B) {
			packed, _ := wimlib(b, tool, want, n)
			b.SetBytes(int64(len(want)))
			for b.Loop() {
				if _, err := read(b, packed, len(want), uint32(n)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The table of a file of more than 4 GiB has entries of 8 bytes.
func TestLargeFile(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a table of 262,145 chunks")
	}
	const chunk = 16 << 10
	kinds := [][]byte{bytes.Repeat([]byte("even "), chunk/5+1)[:chunk], bytes.Repeat([]byte("uneven "), chunk/7+1)[:chunk]}
	packed := [][]byte{xpresstest.Compress(kinds[0]), xpresstest.Compress(kinds[1])}
	const plain = 4<<30 + 5
	last := []byte("last!")
	var table, chunks []byte
	for i := range int64((plain + chunk - 1) / chunk) {
		if i > 0 {
			table = binary.LittleEndian.AppendUint64(table, uint64(len(chunks)))
		}
		if (i+1)*chunk > plain {
			chunks = append(chunks, last...)
		} else {
			chunks = append(chunks, packed[i%2]...)
		}
	}
	all := append(table, chunks...)
	r, err := Open(bytes.NewReader(all), int64(len(all)), plain, woftest.XPRESS16K)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int64{0, chunk - 10, 1<<31 - 10, 4<<30 - chunk - 10, 4<<30 - 10} {
		want := append(bytes.Clone(kinds[at/chunk%2][at%chunk:]), kinds[(at/chunk+1)%2]...)
		if at/chunk == 4<<30/chunk-1 {
			want = append(bytes.Clone(kinds[at/chunk%2][at%chunk:]), last...)
		}
		got := make([]byte, 15)
		if n, err := r.ReadAt(got, at); err != nil && err != io.EOF || !bytes.Equal(got[:n], want[:n]) || n < 15 {
			t.Errorf("at %#x: %q, %v; want %q", at, got[:n], err, want[:n])
		}
	}
}
