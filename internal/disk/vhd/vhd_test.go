package vhd

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/disk/disktest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// image is a Virtual Hard Disk that a test writes.
type image struct {
	kind   uint32
	id     byte
	size   int
	data   []byte           // of the disk
	own    func(i int) bool // sectors that it holds; nil for all
	parent string
	beside string // path of the parent in a locator
	of     byte   // identifier of the parent
}

const testBlock = 4096

func (v image) footer(header uint64) []byte {
	b := make([]byte, footerLen)
	copy(b, cookie)
	binary.BigEndian.PutUint64(b[0x10:], header)
	binary.BigEndian.PutUint64(b[0x30:], uint64(v.size))
	binary.BigEndian.PutUint32(b[0x3c:], v.kind)
	b[0x44] = v.id
	binary.BigEndian.PutUint32(b[0x40:], checksum(b, 0x40))
	return b
}

func (v image) bytes() []byte {
	if v.kind == fixedDisk {
		return append(bytes.Clone(v.data), v.footer(1<<64-1)...)
	}
	count := (v.size + testBlock - 1) / testBlock
	const table, bitmap = footerLen + headerLen, sector
	b := append(v.footer(footerLen), make([]byte, headerLen)...)
	h := b[footerLen:]
	copy(h, "cxsparse")
	binary.BigEndian.PutUint64(h[0x10:], table)
	binary.BigEndian.PutUint32(h[0x1c:], uint32(count))
	binary.BigEndian.PutUint32(h[0x20:], testBlock)
	h[0x28] = v.of
	for i, u := range utf16.Encode([]rune(v.parent)) {
		binary.BigEndian.PutUint16(h[0x40+2*i:], u)
	}
	tableLen := (4*count + sector - 1) / sector * sector
	if v.beside != "" {
		outside, l := h[0x240:], h[0x240+3*locatorLen:]
		copy(outside, "W2ku")
		binary.BigEndian.PutUint32(outside[8:], 20)
		binary.BigEndian.PutUint64(outside[16:], 1<<40)
		copy(l, "W2ru")
		binary.BigEndian.PutUint32(l[4:], sector)
		binary.BigEndian.PutUint32(l[8:], uint32(2*len(v.beside)))
		binary.BigEndian.PutUint64(l[16:], uint64(table+tableLen))
	}
	binary.BigEndian.PutUint32(h[0x24:], checksum(h[:headerLen], 0x24))
	b = append(b, bytes.Repeat([]byte{0xff}, tableLen)...)
	if v.beside != "" {
		name := make([]byte, sector)
		for i, u := range utf16.Encode([]rune(v.beside)) {
			binary.LittleEndian.PutUint16(name[2*i:], u)
		}
		b = append(b, name...)
	}
	for i := range count {
		part := make([]byte, testBlock)
		copy(part, v.data[i*testBlock:])
		bits := make([]byte, bitmap)
		held := false
		for s := range testBlock / sector {
			n := i*testBlock/sector + s
			if v.own == nil || v.own(n) {
				bits[s/8] |= 0x80 >> (s % 8)
				held = true
			} else {
				clear(part[s*sector : (s+1)*sector])
			}
		}
		if !held || v.own == nil && bytes.Equal(part, make([]byte, testBlock)) {
			continue
		}
		binary.BigEndian.PutUint32(b[table+4*i:], uint32(len(b)/sector))
		b = append(append(b, bits...), part...)
	}
	return append(b, v.footer(footerLen)...)
}

func files() (disktest.Files, []byte) {
	base, want := disktest.Disk(300_000/sector*sector), []byte(nil)
	want = bytes.Clone(base)
	for i := 40; i < 90; i++ {
		copy(want[i*sector:], strings.Repeat("child!", 80))
	}
	changed := func(i int) bool { return i >= 40 && i < 90 }
	return disktest.Files{
		"fixed.vhd":   image{kind: fixedDisk, id: 1, size: len(base), data: base}.bytes(),
		"dynamic.vhd": image{kind: dynamic, id: 2, size: len(base), data: base}.bytes(),
		"child.vhd":   image{kind: difference, id: 3, size: len(base), data: want, own: changed, parent: `D:\disks\dynamic.vhd`, of: 2}.bytes(),
		"located.vhd": image{kind: difference, id: 7, size: len(base), data: want, own: changed, parent: "gone.vhd", beside: `..\base\dynamic.vhd`, of: 2}.bytes(),
		"loop.vhd":    image{kind: difference, id: 4, size: len(base), data: want, own: changed, parent: "loop.vhd", of: 4}.bytes(),
		"alone.vhd":   image{kind: difference, id: 5, size: len(base), data: want, own: changed, parent: "gone.vhd", of: 9}.bytes(),
		"foreign.vhd": image{kind: difference, id: 6, size: len(base), data: want, own: changed, parent: "fixed.vhd", of: 9}.bytes(),
	}, want
}

func TestOpen(t *testing.T) {
	all, child := files()
	base := disktest.Disk(len(child))
	for name, want := range map[string][]byte{"fixed.vhd": base, "dynamic.vhd": base, "child.vhd": child, "located.vhd": child} {
		f, _ := all.Open(name)
		img, err := Open(f)
		if err != nil || len(img.Problems) > 0 {
			t.Fatalf("%s: %v, %v", name, err, img.Problems)
		}
		disktest.Same(t, img, want)
	}
	for name, want := range map[string]string{
		"loop.vhd":    "loop.vhd: parents: got 65, want ≤ 64",
		"alone.vhd":   "alone.vhd: parent of a differencing disk: got gone.vhd, want beside the disk: file does not exist",
		"foreign.vhd": "foreign.vhd: identifier of the parent fixed.vhd at 0x44: got 01000000000000000000000000000000, want 09000000000000000000000000000000",
	} {
		f, _ := all.Open(name)
		if _, err := Open(f); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f, _ := all.Open("alone.vhd")
	if _, err := Open(f); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestDamage(t *testing.T) {
	all, _ := files()
	dynamicDisk, fixed := all["dynamic.vhd"], all["fixed.vhd"]
	put := func(b []byte, at int, v ...byte) []byte {
		b = bytes.Clone(b)
		if at < 0 {
			at += len(b)
		}
		copy(b[at:], v)
		return b
	}
	sum := func(b []byte) []byte { // with a right checksum of the header
		h := b[footerLen : footerLen+headerLen]
		binary.BigEndian.PutUint32(h[0x24:], checksum(h, 0x24))
		return b
	}
	for _, tt := range []struct {
		name string
		b    []byte
		want string // the error of Open, of reading, or the first problem
	}{
		{"a footer without a size", put(fixed, -footerLen+0x30, 0, 0, 0, 0, 0, 0, 0, 0), "a.vhd: size of the disk at 0x49230: got 0, want 1 to 2⁵⁰"},
		{"no footer", fixed[:len(fixed)-footerLen], "a.vhd: footer at 0x49000: got no sound one, want conectix"},
		{"a footer with a wrong checksum", put(fixed, -100, 1), "a.vhd: checksum of the footer at 0x49240: got 4294964241, want 4294964240"},
		{"a fixed disk that is cut off", fixed[4096:], "a.vhd: size of the disk: got 295424, want 299520"},
		{"another type", put(put(fixed, -footerLen+0x3f, 9), 0), "a.vhd: footer at 0x49200: got no sound one, want conectix"},
		{"a footer that is lost, and its copy", dynamicDisk[:len(dynamicDisk)-footerLen], "a.vhd: footer at 0x30c00: got only its copy, want conectix"},
		{"a footer with a wrong checksum, and its copy", put(dynamicDisk, -100, 1), "a.vhd: checksum of the footer at 0x30e40: got "},
		{"a block that reaches into the footer", append(bytes.Clone(dynamicDisk[:len(dynamicDisk)-footerLen-testBlock]), dynamicDisk[len(dynamicDisk)-footerLen:]...), "block at "},
		{"a dynamic disk without both marks", put(put(dynamicDisk, 0, 'x'), footerLen, 'x'), `a.vhd: header of a dynamic disk at 0x200: got "xxsparse", want "cxsparse"`},
		{"a fixed disk with the type of another", put(fixed, -footerLen+0x3f, dynamic), "a.vhd: footer at 0x49200: got no sound one, want conectix"},
		{"a header that is not one", put(dynamicDisk, footerLen, 'x'), `a.vhd: header of a dynamic disk at 0x200: got "xxsparse", want "cxsparse"`},
		{"a header with a wrong checksum", put(dynamicDisk, footerLen+0x1f, 200), "a.vhd: checksum of the header at 0x224: got 4294966326, want 4294966200"},
		{"blocks that are too large", sum(put(dynamicDisk, footerLen+0x20, 0x80)), "a.vhd: size of a block at 0x220: got 2147487744, want a power of two from 512 to 268435456"},
		{"a table of more entries than the file has", sum(put(dynamicDisk, footerLen+0x1c, 0x7f)), "a.vhd: block allocation table at 0x600: got 2130706506 entries, want inside the "},
		{"a block that is not in the file", put(dynamicDisk, footerLen+headerLen, 0x7f), "a.vhd: offset of block 0 at 0x600: got "},
		{"a table with too few entries", sum(put(dynamicDisk, footerLen+0x1f, 3)), "a.vhd: block at 0x600: got 3, want < 3, the entries of the block allocation table"},
	} {
		f := disk.File{Name: "a.vhd", R: bytes.NewReader(tt.b), Size: int64(len(tt.b))}
		img, err := Open(f)
		if err == nil {
			_, err = io.Copy(io.Discard, io.NewSectionReader(img.R, 0, img.Size))
		}
		if err == nil && len(img.Problems) > 0 {
			err = img.Problems[0].Err
		}
		if got := ""; err != nil {
			got = err.Error()
			if tt.want == "" || !strings.HasPrefix(got, tt.want) {
				t.Errorf("%s: %s", tt.name, got)
			}
		} else if tt.want != "" {
			t.Errorf("%s: no error", tt.name)
		}
	}
}

// What a parent should hold and does not is an error, and what is behind the end of a
// smaller one is zeros, whatever its size is.
func TestParent(t *testing.T) {
	all, child := files()
	const cut = 20 * sector
	whole := image{kind: fixedDisk, id: 2, size: len(child), data: disktest.Disk(len(child))}.bytes()
	small := image{kind: fixedDisk, id: 2, size: cut + 100, data: disktest.Disk(len(child))[:cut+100]}.bytes()
	for _, tt := range []struct {
		name   string
		parent []byte
		want   string
		zeros  bool
	}{
		{"cut off", append(bytes.Clone(whole[:cut]), whole[len(whole)-footerLen:]...), "dynamic.vhd: content of a parent at 0x2000: got 2048 bytes, want 4096 bytes", false},
		{"smaller", small, "", true},
	} {
		f, _ := disktest.Files{"dynamic.vhd": tt.parent, "child.vhd": all["child.vhd"]}.Open("child.vhd")
		img, err := Open(f)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if !tt.zeros && (len(img.Problems) != 1 || img.Problems[0].Err.Artifact != "dynamic.vhd") {
			t.Errorf("%s: %v", tt.name, img.Problems)
		}
		b := make([]byte, 80*sector)
		n, err := img.R.ReadAt(b, 0)
		if got := ""; err != nil {
			if got = err.Error(); got != tt.want {
				t.Errorf("%s: %s", tt.name, got)
			}
		} else if tt.want != "" || !bytes.Equal(b[cut+100:40*sector], make([]byte, 20*sector-100)) || !bytes.Equal(b[40*sector:], child[40*sector:80*sector]) {
			t.Errorf("%s: not zeros", tt.name)
		}
		if n < cut || !bytes.Equal(b[:cut], child[:cut]) {
			t.Errorf("%s: %d bytes, or others", tt.name, n)
		}
	}
}

// A sector that was never written, by the bitmap, is zeros. If the file has something else
// there, it is an error.
func TestNeverWritten(t *testing.T) {
	data := disktest.Disk(8 * testBlock)
	for i := range data {
		data[i] |= 1
	}
	const at = footerLen + headerLen + sector
	b := image{kind: dynamic, id: 2, size: len(data), data: data}.bytes()
	b[at] &^= 0x20 // the third sector
	f := disk.File{Name: "a.vhd", R: bytes.NewReader(b), Size: int64(len(b))}
	img, err := Open(f)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]byte, len(data))
	n, err := img.R.ReadAt(got, 0)
	if n != 2*sector || err == nil || err.Error() != "a.vhd: sector at 0xe00: got content, want zeros, as the bitmap of the block says that it was never written" || !bytes.Equal(got[:n], data[:n]) {
		t.Errorf("%d bytes, %v", n, err)
	}
	clear(b[at+3*sector : at+4*sector])
	clear(data[2*sector : 3*sector])
	disktest.Same(t, img, data)
}

func TestQEMU(t *testing.T) {
	raw := disktest.Disk(9<<20 + 512)
	for _, subformat := range []string{"fixed", "dynamic"} {
		name := disktest.Convert(t, raw, "disk.vhd", "vpc", "-o", "subformat="+subformat+",force_size=on")
		disktest.Sparse(t, "sparse.vhd", "vpc", "subformat="+subformat+",force_size=on", Open)
		img, err := Open(disktest.File(t, name))
		if err != nil {
			t.Fatalf("%s: %v", subformat, err)
		}
		disktest.Same(t, img, raw)
	}
}

func TestCorpus(t *testing.T) {
	name, raw := testenv.Corpus(t, "images/image.vhd"), filepath.Join(t.TempDir(), "disk.raw")
	if out, err := exec.Command(disktest.Tool(t, "qemu-img"), "convert", "-f", "vpc", "-O", "raw", name, raw).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want, err := os.ReadFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	img, err := Open(disktest.File(t, name))
	if err != nil || len(img.Problems) > 0 {
		t.Fatal(err, img.Problems)
	}
	disktest.Same(t, img, want)
}

// The content of a disk has no checksum, nor do its table and bitmaps.
func TestMutants(t *testing.T) {
	all, child := files()
	count := 2000
	if testing.Short() {
		count = 200
	}
	silent := disktest.Mutants(t, disktest.Files{"dynamic.vhd": all["dynamic.vhd"], "child.vhd": all["child.vhd"]}, "child.vhd", child, count, Open)
	t.Logf("%d of %d mutants pass, in parts without a checksum", silent, count)
}

func FuzzOpen(f *testing.F) {
	all, _ := files()
	for _, b := range all {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		img, err := Open(disk.File{Name: "a.vhd", R: bytes.NewReader(b), Size: int64(len(b)), Beside: disktest.Files{"a.vhd": b}})
		if err == nil {
			io.CopyN(io.Discard, io.NewSectionReader(img.R, 0, img.Size), 1<<20)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	raw := disktest.Disk(32 << 20)
	img, err := Open(disktest.File(b, disktest.Convert(b, raw, "disk.vhd", "vpc")))
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
