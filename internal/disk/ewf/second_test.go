package ewf

import (
	"bytes"
	"compress/zlib"
	"crypto/md5"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/adler32"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/disk/disktest"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// secondWriter writes an image of the second version. The zero value compresses by
// deflate, and fills chunks of zeros.
type secondWriter struct {
	perSegment int    // chunks
	perTable   int    // chunks
	flags      uint32 // of all sections
	keys       bool   // a section with the keys of an encrypted image
	noHashes   bool
	tree       string // of files
	bzip2      func([]byte) []byte
}

func (w secondWriter) pack(t testing.TB, b []byte) []byte {
	if w.bzip2 != nil {
		return w.bzip2(b)
	}
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// write writes the segments of a disk: every third chunk is not compressed, and chunks of
// one repeated byte are filled.
func (w secondWriter) write(t testing.TB, data []byte) disktest.Files {
	all := disktest.Files{}
	chunks := (len(data) + testChunk - 1) / testChunk
	segments := (chunks + w.perSegment - 1) / w.perSegment
	text := func(names, values string) []byte {
		return w.pack(t, append([]byte{0xff, 0xfe}, wtf8.Encode("1\nmain\n"+names+"\n"+values+"\n\n")...))
	}
	device := text("sn\tmd\tlb\tts\ths\tdc\tdt\tpid\trs\tls\tbp\tph", fmt.Sprintf("\t\t\t%d\t\t\tf\t\t\t\t512\t1", len(data)/512))
	info := text("nm\tcn\ten\tex\tnt\tav\tos\ttt\tat\ttb\tcp\tsb\tgr\twb", fmt.Sprintf("a\t1\t1\tb\t\t7.04\tWindows\t1330000000\t1330000000\t%d\t1\t%d\t1\t", chunks, testChunk/512))
	for n := 1; n <= segments; n++ {
		b := append([]byte(SecondMagic), 2, 1, 1, 0)
		if w.tree != "" {
			copy(b, SecondLogicalMagic)
		}
		if w.bzip2 != nil {
			b[10] = 2
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
		b = append(b, "an image's own i"...)
		before := 0
		end := func(kind uint32, start int) {
			padding := -len(b) & 15
			b = append(b, make([]byte, padding)...)
			d := make([]byte, secondDescriptorLen)
			binary.LittleEndian.PutUint32(d, kind)
			binary.LittleEndian.PutUint32(d[4:], w.flags)
			binary.LittleEndian.PutUint64(d[8:], uint64(before))
			binary.LittleEndian.PutUint64(d[0x10:], uint64(len(b)-start))
			binary.LittleEndian.PutUint32(d[0x18:], secondDescriptorLen)
			binary.LittleEndian.PutUint32(d[0x1c:], uint32(padding))
			if w.flags&sectionHashed != 0 {
				sum := md5.Sum(b[start:])
				copy(d[0x20:], sum[:])
			}
			binary.LittleEndian.PutUint32(d[0x3c:], adler32.Checksum(d[:0x3c]))
			before = len(b)
			b = append(b, d...)
		}
		section := func(kind uint32, content []byte) {
			start := len(b)
			b = append(b, content...)
			end(kind, start)
		}
		section(deviceSection, device)
		section(caseSection, info)
		last := min(n*w.perSegment, chunks)
		for first := (n - 1) * w.perSegment; first < last; first += w.perTable {
			var entries []byte
			start := len(b)
			for i := first; i < min(first+w.perTable, last); i++ {
				part := data[i*testChunk : min((i+1)*testChunk, len(data))]
				packed := w.pack(t, part)
				off, length, flags := uint64(len(b)), 0, uint32(chunkPacked)
				switch {
				case len(part) == testChunk && bytes.Equal(part, bytes.Repeat(part[:1], len(part))):
					off, flags = binary.LittleEndian.Uint64(part), chunkPacked|chunkFilled
				case i%3 == 0, len(packed) >= len(part):
					b = binary.LittleEndian.AppendUint32(append(b, part...), adler32.Checksum(part))
					length, flags = len(part)+4, chunkSummed
				default:
					b = append(b, packed...)
					length = len(packed)
				}
				b = append(b, make([]byte, -len(b)&15)...)
				entries = binary.LittleEndian.AppendUint64(entries, off)
				entries = binary.LittleEndian.AppendUint32(entries, uint32(length))
				entries = binary.LittleEndian.AppendUint32(entries, flags)
			}
			end(sectorsSection, start)
			h := make([]byte, secondTableLen)
			binary.LittleEndian.PutUint64(h, uint64(first))
			binary.LittleEndian.PutUint32(h[8:], uint32(len(entries)/secondEntryLen))
			binary.LittleEndian.PutUint32(h[0x10:], adler32.Checksum(h[:0x10]))
			table := binary.LittleEndian.AppendUint32(append(h, entries...), adler32.Checksum(entries))
			section(tableSection, append(table, make([]byte, 12)...))
		}
		if n < segments {
			section(0x0d, nil)
		} else {
			if w.keys {
				section(keysSection, make([]byte, 32))
			}
			if !w.noHashes {
				m, s := md5.Sum(data), sha1.Sum(data)
				section(md5Section, append(binary.LittleEndian.AppendUint32(m[:], adler32.Checksum(m[:])), make([]byte, 12)...))
				section(sha1Section, append(binary.LittleEndian.AppendUint32(s[:], adler32.Checksum(s[:])), make([]byte, 8)...))
			}
			if w.tree != "" {
				section(filesSection, wtf8.Encode(w.tree))
			}
			section(doneSection, nil)
		}
		if w.tree != "" {
			all[fmt.Sprintf("files.Lx%02d", n)] = b
			continue
		}
		all[fmt.Sprintf("disk.Ex%02d", n)] = b
	}
	return all
}

func secondDisk(size int) []byte {
	b := disktest.Disk(size / 512 * 512)
	copy(b[5*testChunk:], bytes.Repeat([]byte{0xab}, testChunk))
	return b
}

// An image of the second version opens from any of its segments.
func TestSecond(t *testing.T) {
	want := secondDisk(2_000_000)
	for _, w := range []secondWriter{
		{perSegment: 7, perTable: 3},
		{perSegment: 7, perTable: 100, flags: sectionHashed},
		{perSegment: 1000, perTable: 1000, flags: sectionHashed},
	} {
		all := w.write(t, want)
		for name := range all {
			img, err := openIn(t, all, name)
			if err != nil || len(img.Problems) > 0 {
				t.Fatalf("%s: %v, %v", name, err, img.Problems)
			}
			disktest.Same(t, img, want)
			m, s := md5.Sum(want), sha1.Sum(want)
			if len(img.Hashes) != 2 || !bytes.Equal(img.Hashes[0].Sum, m[:]) || !bytes.Equal(img.Hashes[1].Sum, s[:]) {
				t.Errorf("hashes %v", img.Hashes)
			}
		}
	}
}

// Chunks that bzip2 compressed, also without what is around its blocks, as EnCase writes
// them.
func TestSecondBzip2(t *testing.T) {
	tool := disktest.Tool(t, "bzip2")
	pack := func(b []byte) []byte {
		cmd := exec.Command(tool, "-9", "-c")
		cmd.Stdin = bytes.NewReader(b)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	want := secondDisk(400_000)
	for name, bare := range map[string]bool{"whole": false, "bare": true} {
		w := secondWriter{perSegment: 100, perTable: 100, bzip2: func(b []byte) []byte {
			packed := pack(b)
			if bare {
				packed = packed[len(bzip2Header) : len(packed)-10] // the end has 48 + 32 bits, and up to 7 more
			}
			return packed
		}}
		img, err := openIn(t, w.write(t, want), "disk.Ex01")
		if err != nil || len(img.Problems) > 0 {
			t.Fatalf("%s: %v, %v", name, err, img.Problems)
		}
		disktest.Same(t, img, want)
	}
	packed := pack(want[:1000])
	for _, cut := range []int{1, 20, len(packed) - 11, len(packed) - 1} {
		if n, err := unbzip2(make([]byte, 2000), packed[:cut]); err == nil {
			t.Errorf("%d bytes of a stream cut to %d bytes of %d, without an error", n, cut, len(packed))
		}
	}
}

// pyewf returns a Python that has pyewf.
func pyewf(t *testing.T) string {
	t.Helper()
	python := os.Getenv("BIRTHMARK_PYEWF")
	if python == "" {
		python = "python3"
	}
	if err := exec.Command(python, "-c", "import pyewf").Run(); err != nil {
		t.Skipf("%s has no pyewf: %v; BIRTHMARK_PYEWF may name another", python, err)
	}
	return python
}

// libewf reads what the tests of the second version write.
func TestSecondByLibewf(t *testing.T) {
	python := pyewf(t)
	want := secondDisk(2_000_000)
	dir := t.TempDir()
	for name, b := range (secondWriter{perSegment: 7, perTable: 3, flags: sectionHashed}).write(t, want) {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const script = `
import hashlib, pyewf, sys
h = pyewf.handle()
h.open(pyewf.glob(sys.argv[1]))
print(h.get_media_size(), hashlib.md5(h.read_buffer(h.get_media_size())).hexdigest(), h.get_hash_value("MD5"), h.get_hash_value("SHA1"))`
	out, err := exec.Command(python, "-c", script, filepath.Join(dir, "disk.Ex01")).CombinedOutput()
	if want := fmt.Sprintf("%d %x %x %x\n", len(want), md5.Sum(want), md5.Sum(want), sha1.Sum(want)); err != nil || string(out) != want {
		t.Errorf("got  %s %v\nwant %s", out, err, want)
	}
}

// A lost segment, a lost table and a lost descriptor cost what they held, and nothing else.
func TestSecondDamage(t *testing.T) {
	want := secondDisk(2_000_000) // 62 chunks in 9 segments
	whole := secondWriter{perSegment: 7, perTable: 100, flags: sectionHashed}.write(t, want)
	// Of a segment: its table is the section before the last one.
	tableAt := func(b []byte) int {
		return int(binary.LittleEndian.Uint64(b[len(b)-secondDescriptorLen+8:]))
	}
	for _, tt := range []struct {
		name    string
		segment string
		damage  func(b []byte) []byte // nil to remove it
		lost    [2]int                // chunks
		want    string                // the first problem
	}{
		{"a segment", "disk.Ex04", nil, [2]int{21, 28}, "disk.Ex01: segment 4: got no file"},
		{"the last segment", "disk.Ex09", nil, [2]int{56, 62}, "disk.Ex01: segments: got up to 8"},
		{"the end of a segment", "disk.Ex05", func(b []byte) []byte { return b[:len(b)-1] }, [2]int{28, 35}, "disk.Ex05: checksum of the descriptor of a section"},
		{"a descriptor", "disk.Ex05", func(b []byte) []byte { b[tableAt(b)+8] ^= 1; return b }, [2]int{28, 35}, "disk.Ex05: checksum of the descriptor of a section"},
		{"the head of a table", "disk.Ex02", func(b []byte) []byte {
			at := tableAt(b)
			b[at-int(binary.LittleEndian.Uint64(b[at+0x10:]))] ^= 1
			return b
		}, [2]int{7, 14}, "disk.Ex02: MD5 of a section"},
	} {
		all := maps.Clone(whole)
		if tt.damage == nil {
			delete(all, tt.segment)
		} else {
			all[tt.segment] = tt.damage(bytes.Clone(all[tt.segment]))
		}
		img, err := openIn(t, all, "disk.Ex01")
		if err != nil || len(img.Problems) == 0 || !strings.HasPrefix(img.Problems[0].Err.Error(), tt.want) {
			t.Errorf("%s: %v, %v", tt.name, err, img.Problems)
			continue
		}
		for i := range 62 {
			b := make([]byte, min(testChunk, len(want)-i*testChunk))
			_, err := img.R.ReadAt(b, int64(i*testChunk))
			switch lost := i >= tt.lost[0] && i < tt.lost[1]; {
			case lost && err == nil:
				t.Errorf("%s: chunk %d is read", tt.name, i)
			case !lost && (err != nil || !bytes.Equal(b, want[i*testChunk:][:len(b)])):
				t.Errorf("%s: chunk %d: %v", tt.name, i, err)
			}
		}
	}
}

func TestSecondEncrypted(t *testing.T) {
	want := secondDisk(300_000)
	for _, w := range []secondWriter{
		{perSegment: 100, perTable: 100, flags: sectionEncrypted},
		{perSegment: 100, perTable: 100, keys: true},
	} {
		_, err := openIn(t, w.write(t, want), "disk.Ex01")
		if !errors.Is(err, disk.ErrEncrypted) || !strings.HasPrefix(err.Error(), "disk.Ex01: section at ") {
			t.Error(err)
		}
	}
}

// Segments of another image with the same name are not those of this one.
func TestSecondOtherImages(t *testing.T) {
	want := secondDisk(500_000)
	all := secondWriter{perSegment: 7, perTable: 7}.write(t, want)
	other := bytes.Clone(all["disk.Ex02"])
	other[0x10] ^= 1
	all["disk.Ex02"] = other
	img, err := openIn(t, all, "disk.Ex01")
	if err != nil || len(img.Problems) == 0 {
		t.Errorf("%v, %v", err, img.Problems)
	}
}

// Every chunk, table and descriptor has a checksum: no wrong byte passes. A fill has none.
func TestSecondMutants(t *testing.T) {
	want := secondDisk(500_000)
	count := 2000
	if testing.Short() {
		count = 200
	}
	all := secondWriter{perSegment: 5, perTable: 3, flags: sectionHashed}.write(t, want)
	if silent := disktest.Mutants(t, all, "disk.Ex02", want, count, Open); silent > 0 {
		t.Errorf("%d of %d mutants have wrong bytes, and no error", silent, count)
	}
}

func FuzzOpenSecond(f *testing.F) {
	for _, b := range (secondWriter{perSegment: 2, perTable: 2}).write(f, secondDisk(300_000)) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if !bytes.HasPrefix(b, []byte(SecondMagic)) {
			return
		}
		img, err := Open(disk.File{Name: "a.Ex01", R: bytes.NewReader(b), Size: int64(len(b)), Beside: disktest.Files{"a.Ex01": b, "a.Ex02": b}})
		if err == nil {
			io.CopyN(io.Discard, io.NewSectionReader(img.R, 0, img.Size), 1<<18)
		}
	})
}

func TestSecondExtension(t *testing.T) {
	for n, want := range map[int]string{1: ".Ex01", 99: ".Ex99", 100: ".ExAA", 101: ".ExAB", 775: ".ExZZ", 776: ".EyAA", maxSecond: ".EzZZ"} {
		if got := extension("Ex", n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
		if s, ok := seriesOf(want, n, &segment{second: true}); s != "Ex" || !ok {
			t.Errorf("%s is of %q", want, s)
		}
	}
}
