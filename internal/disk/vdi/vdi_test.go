package vdi

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/disk/disktest"
)

// image is a disk image that a test writes, with blocks of 4 KiB.
type image struct {
	kind       uint32
	data       []byte
	own        func(i int) bool // blocks that it holds; nil for all
	id, parent byte
}

const testBlock = 4096

func (v image) bytes() []byte {
	count := (len(v.data) + testBlock - 1) / testBlock
	table := 0x200
	data := (table + 4*count + 511) / 512 * 512
	b := make([]byte, data)
	copy(b, "<<< a disk image >>>\n")
	put := func(at int, n uint32) { binary.LittleEndian.PutUint32(b[at:], n) }
	binary.LittleEndian.PutUint32(b[0x40:], uint32(signature))
	put(0x44, 1<<16|1)
	put(0x4c, v.kind)
	put(0x154, uint32(table))
	put(0x158, uint32(data))
	binary.LittleEndian.PutUint64(b[0x170:], uint64(len(v.data)))
	put(0x178, testBlock)
	put(0x180, uint32(count))
	b[0x188], b[0x1a8] = v.id, v.parent
	n := 0
	for i := range count {
		part := make([]byte, testBlock)
		copy(part, v.data[i*testBlock:])
		switch {
		case v.own != nil && !v.own(i):
			put(table+4*i, notMapped)
		case bytes.Equal(part, make([]byte, testBlock)):
			put(table+4*i, onlyZeros)
		default:
			put(table+4*i, uint32(n))
			b = append(b, part...)
			n++
		}
	}
	return b
}

func files() (all disktest.Files, base, child []byte) {
	base = disktest.Disk(300_000)
	child = append(bytes.Clone(base), "behind the end of the parent"...)
	changed := func(i int) bool { return i%7 == 0 || (i+1)*testBlock > len(base) }
	for i := range len(base) / testBlock {
		if changed(i) {
			copy(child[i*testBlock:], strings.Repeat("child!", 100*(i%3)))
		}
	}
	return disktest.Files{
		"base.vdi":    image{kind: 1, data: base, id: 1}.bytes(),
		"child.vdi":   image{kind: differs, data: child, own: changed, id: 2, parent: 1}.bytes(),
		"loop.VDI":    image{kind: differs, data: child, own: changed, id: 3, parent: 4}.bytes(),
		"back.vdi":    image{kind: differs, data: child, own: changed, id: 4, parent: 3}.bytes(),
		"alone.vdi":   image{kind: differs, data: child, own: changed, id: 5, parent: 9}.bytes(),
		"another.vdi": []byte("not a disk"),
	}, base, child
}

func TestOpen(t *testing.T) {
	all, base, child := files()
	for name, want := range map[string][]byte{"base.vdi": base, "child.vdi": child} {
		f, _ := all.Open(name)
		img, err := Open(f)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		disktest.Same(t, img, want)
	}
	for name, want := range map[string]string{
		"loop.VDI":  "parents: got 65, want ≤ 64",
		"alone.vdi": "alone.vdi: parent of a differencing image at 0x1a8: got 09000000000000000000000000000000, want the identifier of a .vdi file beside it: file does not exist",
	} {
		f, _ := all.Open(name)
		if _, err := Open(f); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A parent that was changed after its child was made is a problem.
func TestChangedParent(t *testing.T) {
	all, _, child := files()
	all["base.vdi"][0x198], all["child.vdi"][0x1b8] = 7, 7
	for _, want := range []string{"", "conflict: child.vdi: last change of the parent base.vdi at 0x1b8: got 08000000000000000000000000000000, want 07000000000000000000000000000000"} {
		f, _ := all.Open("child.vdi")
		img, err := Open(f)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, p := range img.Problems {
			got += p.String()
		}
		if got != want {
			t.Errorf("problems: %s, want %s", got, want)
		}
		disktest.Same(t, img, child)
		all["base.vdi"][0x198] = 8
	}
}

func TestDamage(t *testing.T) {
	all, _, _ := files()
	put := func(at int, v ...byte) []byte {
		b := bytes.Clone(all["base.vdi"])
		copy(b[at:], v)
		return b
	}
	for _, tt := range []struct {
		name string
		b    []byte
		want string
	}{
		{"a short file", []byte("<<<"), "a: header at 0x0: got 3 bytes, want 512 bytes"},
		{"another signature", put(0x40, 0), "a: signature at 0x40: got 0xbeda1000, want 0xbeda107f"},
		{"another version", put(0x46, 2), "a: major version at 0x46: got 2, want 1"},
		{"another type", put(0x4c, 9), "a: type at 0x4c: got 9, want 1 to 4"},
		{"a differencing image without a parent", put(0x4c, differs), "a: identifier of the parent at 0x1a8: got 0, want one"},
		{"no size", put(0x170, 0, 0, 0, 0), "a: size of the disk at 0x170: got 0, want 1 to 2⁵⁰"},
		{"a block of odd size", put(0x178, 1), "a: size of a block at 0x178: got 4097, want a power of two"},
		{"a large space before blocks", put(0x17c, 0, 0, 0, 0x7f), "a: bytes before each block at 0x17c: got 2130706432, want ≤ 67108864"},
		{"a map outside the file", put(0x182, 9), "a: block map at 0x200: got 589898 entries, want inside the "},
		{"a block outside the file", put(0x202, 9), "a: offset of block 0 at 0x200: got "},
		{"too few blocks", put(0x180, 3), "a: block at 0x200: got 3, want < 3, the entries of the block map"},
	} {
		img, err := Open(disk.File{Name: "a", R: bytes.NewReader(tt.b), Size: int64(len(tt.b))})
		if err == nil {
			_, err = io.Copy(io.Discard, io.NewSectionReader(img.R, 0, img.Size))
		}
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestQEMU(t *testing.T) {
	raw := disktest.Disk(9<<20 + 512)
	for _, options := range []string{"static=off", "static=on"} {
		img, err := Open(disktest.File(t, disktest.Convert(t, raw, "disk.vdi", "vdi", "-o", options)))
		if err != nil {
			t.Fatal(err)
		}
		disktest.Same(t, img, raw)
		disktest.Sparse(t, "sparse.vdi", "vdi", options, Open)
	}
}

// The format has no checksum.
func TestMutants(t *testing.T) {
	all, _, child := files()
	count := 2000
	if testing.Short() {
		count = 200
	}
	silent := disktest.Mutants(t, disktest.Files{"base.vdi": all["base.vdi"], "child.vdi": all["child.vdi"]}, "child.vdi", child, count, Open)
	t.Logf("%d of %d mutants pass", silent, count)
}

func FuzzOpen(f *testing.F) {
	all, _, _ := files()
	for _, b := range all {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		img, err := Open(disk.File{Name: "a.vdi", R: bytes.NewReader(b), Size: int64(len(b)), Beside: disktest.Files{"a.vdi": b, "b.vdi": b}})
		if err == nil {
			io.CopyN(io.Discard, io.NewSectionReader(img.R, 0, img.Size), 1<<18)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	raw := disktest.Disk(32 << 20)
	img, err := Open(disktest.File(b, disktest.Convert(b, raw, "disk.vdi", "vdi")))
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
