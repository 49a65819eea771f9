package ewf

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/adler32"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/disk/disktest"
)

const testChunk = 64 * 512

// written returns an image in segments of so many chunks. Every third chunk is not
// compressed.
func written(t testing.TB, data []byte, perSegment int) disktest.Files {
	all := disktest.Files{}
	chunks := (len(data) + testChunk - 1) / testChunk
	segments := (chunks + perSegment - 1) / perSegment
	for n := 1; n <= segments; n++ {
		b := append([]byte(Magic), 1, byte(n), 0, 0, 0)
		add := func(kind string, content []byte) {
			d := make([]byte, descriptorLen)
			copy(d, kind)
			next := len(b) + descriptorLen + len(content)
			if kind == "done" || kind == "next" {
				next = len(b)
			}
			binary.LittleEndian.PutUint64(d[0x10:], uint64(next))
			binary.LittleEndian.PutUint64(d[0x18:], uint64(descriptorLen+len(content)))
			binary.LittleEndian.PutUint32(d[0x48:], adler32.Checksum(d[:0x48]))
			b = append(append(b, d...), content...)
		}
		if n == 1 {
			v := make([]byte, 1052)
			binary.LittleEndian.PutUint32(v[4:], uint32(chunks))
			binary.LittleEndian.PutUint32(v[8:], testChunk/512)
			binary.LittleEndian.PutUint32(v[0xc:], 512)
			binary.LittleEndian.PutUint64(v[0x10:], uint64(len(data)/512))
			binary.LittleEndian.PutUint32(v[1048:], adler32.Checksum(v[:1048]))
			add("volume", v)
		}
		base := len(b)
		var sectors, entries []byte
		for i := (n - 1) * perSegment; i < min(n*perSegment, chunks); i++ {
			part := data[i*testChunk : min((i+1)*testChunk, len(data))]
			at := uint32(descriptorLen + len(sectors))
			if i%3 == 0 {
				sectors = binary.LittleEndian.AppendUint32(append(sectors, part...), adler32.Checksum(part))
			} else {
				var out bytes.Buffer
				w := zlib.NewWriter(&out)
				if _, err := w.Write(part); err != nil {
					t.Fatal(err)
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				sectors = append(sectors, out.Bytes()...)
				at |= packedBit
			}
			entries = binary.LittleEndian.AppendUint32(entries, at)
		}
		add("sectors", sectors)
		h := make([]byte, tableLen)
		binary.LittleEndian.PutUint32(h, uint32(len(entries)/4))
		binary.LittleEndian.PutUint64(h[8:], uint64(base))
		binary.LittleEndian.PutUint32(h[0x14:], adler32.Checksum(h[:0x14]))
		table := binary.LittleEndian.AppendUint32(append(h, entries...), adler32.Checksum(entries))
		add("table", table)
		add("table2", table)
		if n < segments {
			add("next", nil)
		} else {
			add("done", nil)
		}
		all[fmt.Sprintf("disk.E%02d", n)] = b
	}
	return all
}

func openIn(t testing.TB, all disktest.Files, name string) (disk.Image, error) {
	t.Helper()
	f, err := all.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return Open(f)
}

// An image opens from any of its segments.
func TestOpen(t *testing.T) {
	want := disktest.Disk(2_000_000 / 512 * 512)
	for _, perSegment := range []int{7, 1000} {
		all := written(t, want, perSegment)
		for name := range all {
			img, err := openIn(t, all, name)
			if err != nil || len(img.Problems) > 0 {
				t.Fatalf("%s: %v, %v", name, err, img.Problems)
			}
			disktest.Same(t, img, want)
		}
	}
}

// What a lost segment held is an error, and everything else is read.
func TestLostSegments(t *testing.T) {
	want := disktest.Disk(2_000_000 / 512 * 512) // 62 chunks in 9 segments
	all := written(t, want, 7)
	for _, tt := range []struct {
		lost     []int
		problems string
		missing  [][2]int // chunks
	}{
		{[]int{4}, "disk.E05: segment 4: got no file, want beside the others; disk.E05: chunks: got 55, want 62", [][2]int{{21, 28}}},
		{[]int{9}, "disk.E05: segments: got up to 8, want one with the end of the image; disk.E05: chunks: got 56, want 62", [][2]int{{56, 62}}},
		{[]int{2, 8}, "disk.E05: segment 2: got no file, want beside the others; disk.E05: segment 8: got no file, want beside the others; disk.E05: chunks: got 13, want 62", [][2]int{{7, 56}}},
	} {
		files := maps.Clone(all)
		for _, n := range tt.lost {
			delete(files, fmt.Sprintf("disk.E%02d", n))
		}
		img, err := openIn(t, files, "disk.E05")
		if err != nil {
			t.Fatal(err)
		}
		var problems []string
		for _, p := range img.Problems {
			problems = append(problems, p.Err.Error())
		}
		if got := strings.Join(problems, "; "); got != tt.problems {
			t.Errorf("without %d: %s", tt.lost, got)
		}
		for i := range (len(want) + testChunk - 1) / testChunk {
			b := make([]byte, min(testChunk, len(want)-i*testChunk))
			_, err := img.R.ReadAt(b, int64(i*testChunk))
			lost := slices.ContainsFunc(tt.missing, func(r [2]int) bool { return i >= r[0] && i < r[1] })
			switch {
			case lost && err == nil:
				t.Errorf("without %d: chunk %d is read", tt.lost, i)
			case !lost && (err != nil || !bytes.Equal(b, want[i*testChunk:][:len(b)])):
				t.Errorf("without %d: chunk %d: %v", tt.lost, i, err)
			}
		}
	}
	delete(all, "disk.E01") // it says how large a chunk is
	if _, err := openIn(t, all, "disk.E02"); err == nil || err.Error() != "disk.E02: volume section: got nothing, want in the first segment" {
		t.Error(err)
	}
}

func TestDamage(t *testing.T) {
	want := disktest.Disk(500_000 / 512 * 512)
	all := written(t, want, 100)
	b := all["disk.E01"]
	sectors := bytes.Index(b, []byte("sectors\x00"))
	table, table2 := bytes.Index(b, []byte("table\x00")), bytes.Index(b, []byte("table2\x00"))
	put := func(v string, places ...int) []byte {
		c := bytes.Clone(b)
		for _, at := range places {
			copy(c[at:], v)
		}
		return c
	}
	for _, tt := range []struct {
		name string
		b    []byte
		want string // the error of Open, the first problem, or the error of reading
	}{
		{"another signature", put("X", 0), "disk.E01: signature at 0x0: got 58 56 46 09 0d 0a ff 00, want 45 56 46 09 0d 0a ff 00"},
		{"a chunk that is not compressed", put("X", sectors+descriptorLen+5), "disk.E01: chunk 0: checksum of the chunk at "},
		{"a table", put("\xff", table+descriptorLen+tableLen), ""},
		{"the head of a table", put("\xff", table+descriptorLen), ""},
		{"a table and its copy", put("\xff", table+descriptorLen+tableLen, table2+descriptorLen+tableLen), "disk.E01: chunk 0: checksum of the table at "},
		{"the descriptor of a section", put("X", table+1), "disk.E01: checksum of the descriptor of a section at "},
		{"a size of chunks", put("\xff\xff\xff\xff", bytes.Index(b, []byte("volume\x00"))+descriptorLen+8), "disk.E01: checksum of the volume section at "},
		{"the end", b[:len(b)-descriptorLen], "disk.E01: descriptor of a section at "},
	} {
		img, err := openIn(t, disktest.Files{"disk.E01": tt.b}, "disk.E01")
		if err == nil && len(img.Problems) > 0 {
			err = img.Problems[0].Err
		}
		if err == nil {
			var got []byte
			if got, err = io.ReadAll(io.NewSectionReader(img.R, 0, img.Size)); err == nil && !bytes.Equal(got, want) {
				t.Errorf("%s: wrong bytes", tt.name)
			}
		}
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.want)) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// What ewfacquire writes, in each of its formats of the first version.
func TestEWFAcquire(t *testing.T) {
	tool := disktest.Tool(t, "ewfacquire")
	raw := disktest.Disk(9 << 20)
	source := filepath.Join(t.TempDir(), "disk.raw")
	if err := os.WriteFile(source, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"smart", "ftk", "encase2", "encase5", "encase6", "encase7", "linen6", "ewfx"} {
		for _, level := range []string{"deflate:none", "deflate:best"} {
			t.Run(format+" "+level, func(t *testing.T) {
				dir := t.TempDir()
				cmd := exec.Command(tool, "-u", "-q", "-t", filepath.Join(dir, "disk"), "-f", format, "-c", level, "-S", "1500000", "-b", "64", source)
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Skipf("ewfacquire: %v: %s", err, out)
				}
				list, err := os.ReadDir(dir)
				if err != nil || len(list) == 0 {
					t.Skipf("ewfacquire wrote nothing: %v", err)
				}
				img, err := Open(disktest.File(t, filepath.Join(dir, list[len(list)/2].Name())))
				if err != nil || len(img.Problems) > 0 {
					t.Fatalf("%d segments: %v, %v", len(list), err, img.Problems)
				}
				disktest.Same(t, img, raw)
			})
		}
	}
}

// Every chunk, table and descriptor has a checksum: no wrong byte passes.
func TestMutants(t *testing.T) {
	want := disktest.Disk(500_000 / 512 * 512)
	count := 2000
	if testing.Short() {
		count = 200
	}
	if silent := disktest.Mutants(t, written(t, want, 5), "disk.E02", want, count, Open); silent > 0 {
		t.Errorf("%d of %d mutants have wrong bytes, and no error", silent, count)
	}
}

func FuzzOpen(f *testing.F) {
	for _, b := range written(f, disktest.Disk(100_000/512*512), 2) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		img, err := Open(disk.File{Name: "a.E01", R: bytes.NewReader(b), Size: int64(len(b)), Beside: disktest.Files{"a.E01": b, "a.E02": b}})
		if err == nil {
			io.CopyN(io.Discard, io.NewSectionReader(img.R, 0, img.Size), 1<<18)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	raw := disktest.Disk(16 << 20)
	all := written(b, raw, 100)
	img, err := openIn(b, all, "disk.E01")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(img.Size)
	for b.Loop() {
		if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, io.NewSectionReader(img.R, 0, img.Size), make([]byte, 1<<20)); err != nil {
			b.Fatal(err)
		}
	}
}

// What follows a lost table is read where it belongs, or is an error.
func TestLostTable(t *testing.T) {
	want := disktest.Disk(2_000_000 / 512 * 512) // 62 chunks in 9 segments
	for name, damage := range map[string]func(b []byte) []byte{
		"a descriptor": func(b []byte) []byte { b[bytes.Index(b, []byte("table\x00"))+1] ^= 1; return b },
		"a table and its copy": func(b []byte) []byte {
			b[bytes.Index(b, []byte("table\x00"))+descriptorLen] ^= 0xff
			b[bytes.Index(b, []byte("table2\x00"))+descriptorLen] ^= 0xff
			return b
		},
	} {
		for _, segment := range []string{"disk.E02", "disk.E08"} {
			all := written(t, want, 7)
			all[segment] = damage(bytes.Clone(all[segment]))
			img, err := openIn(t, all, "disk.E01")
			if err != nil || len(img.Problems) == 0 {
				t.Fatalf("%s: %v, %v", name, err, img.Problems)
			}
			right := 0
			for i := range (len(want) + testChunk - 1) / testChunk {
				b := make([]byte, min(testChunk, len(want)-i*testChunk))
				if _, err := img.R.ReadAt(b, int64(i*testChunk)); err != nil {
					continue
				}
				if right++; !bytes.Equal(b, want[i*testChunk:][:len(b)]) {
					t.Fatalf("%s of %s: chunk %d has wrong bytes", name, segment, i)
				}
			}
			if right < 55 {
				t.Errorf("%s of %s: only %d chunks of 62 are read", name, segment, right)
			}
		}
	}
}

// Segments of another image with the same name are not those of this one.
func TestOtherImages(t *testing.T) {
	want := disktest.Disk(500_000 / 512 * 512)
	all := written(t, want, 5)
	for name, b := range written(t, bytes.Repeat([]byte("other"), 100_000)[:499_712], 5) {
		all["disk.s"+name[len("disk.E"):]], all["Disk"+name[len("disk"):]] = b, b
	}
	img, err := openIn(t, all, "disk.E02")
	if err != nil || len(img.Problems) > 0 {
		t.Fatal(err, img.Problems)
	}
	disktest.Same(t, img, want)
}

func TestExtension(t *testing.T) {
	for n, want := range map[int]string{1: ".E01", 99: ".E99", 100: ".EAA", 101: ".EAB", 775: ".EZZ", 776: ".FAA"} {
		if got := extension("E", n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
