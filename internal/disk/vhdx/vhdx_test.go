package vhdx

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/disk/disktest"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

const (
	mib       = 1 << 20
	testBlock = mib
	logAt     = mib
	metaAt    = 2 * mib
	tableAt   = 3 * mib
	dataAt    = 4 * mib
)

// image is a disk that a test writes, with blocks of 1 MiB.
type image struct {
	data   []byte
	own    func(sector int) bool // of a differencing disk
	id     byte
	parent string
	of     byte     // identifier of the parent
	log    [][]byte // entries
}

func identifier(n byte) winid.GUID { return winid.GUID{0: n, 15: 1} }

func (v image) bytes() []byte {
	count := (len(v.data) + testBlock - 1) / testBlock
	b := make([]byte, dataAt)
	copy(b, Magic)
	for i, at := range []int{64 << 10, 128 << 10} {
		h := b[at : at+headerLen]
		copy(h, "head")
		binary.LittleEndian.PutUint64(h[8:], uint64(7+i))
		id := identifier(v.id)
		copy(h[0x20:], id[:])
		if v.log != nil {
			h[0x30] = 0xaa
		}
		binary.LittleEndian.PutUint16(h[0x42:], 1)
		binary.LittleEndian.PutUint32(h[0x44:], mib)
		binary.LittleEndian.PutUint64(h[0x48:], logAt)
		binary.LittleEndian.PutUint32(h[4:], sum(h))
	}
	at := 0
	for _, e := range v.log {
		at += copy(b[logAt+at:], e)
	}
	regions := b[192<<10:]
	copy(regions, "regi")
	binary.LittleEndian.PutUint32(regions[8:], 2)
	for i, r := range []struct {
		id winid.GUID
		at int
	}{{blockTable, tableAt}, {metadata, metaAt}} {
		e := regions[16+32*i:]
		copy(e, r.id[:])
		binary.LittleEndian.PutUint64(e[16:], uint64(r.at))
		binary.LittleEndian.PutUint32(e[24:], mib)
		binary.LittleEndian.PutUint32(e[28:], 1)
	}
	binary.LittleEndian.PutUint32(regions[4:], sum(regions[:regionsLen]))
	copy(b[256<<10:], regions[:regionsLen])

	meta, off, n := b[metaAt:metaAt+mib], 64<<10, 0
	copy(meta, "metadata")
	item := func(id winid.GUID, content []byte) {
		e := meta[0x20+32*n:]
		copy(e, id[:])
		binary.LittleEndian.PutUint32(e[16:], uint32(off))
		binary.LittleEndian.PutUint32(e[20:], uint32(len(content)))
		off += copy(meta[off:], content)
		n++
		binary.LittleEndian.PutUint16(meta[0x0a:], uint16(n))
	}
	flags := uint32(0)
	if v.parent != "" {
		flags = hasParent
		item(parentLocator, v.locator())
	}
	item(fileParameters, binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, testBlock), flags))
	item(diskSize, binary.LittleEndian.AppendUint64(nil, uint64(len(v.data))))
	item(sectorSize, binary.LittleEndian.AppendUint32(nil, 512))

	const ratio = 1 << 23 * 512 / testBlock
	bitmap := -1
	for i := range count {
		part := make([]byte, testBlock)
		copy(part, v.data[i*testBlock:])
		state := uint64(present)
		if v.own != nil {
			held := 0
			for s := range testBlock / 512 {
				if !v.own(i*testBlock/512 + s) {
					clear(part[s*512 : (s+1)*512])
					continue
				}
				held++
				if bitmap < 0 {
					bitmap = len(b)
					b = append(b, make([]byte, mib)...)
					binary.LittleEndian.PutUint64(b[tableAt+8*ratio:], uint64(bitmap)|present)
				}
				bit := i*testBlock/512 + s
				b[bitmap+bit/8] |= 1 << (bit % 8)
			}
			state = partly
			if held == 0 {
				continue // the state is 0
			}
		} else if bytes.Equal(part, make([]byte, testBlock)) {
			binary.LittleEndian.PutUint64(b[tableAt+8*i:], zero)
			continue
		}
		binary.LittleEndian.PutUint64(b[tableAt+8*i:], uint64(len(b))|state)
		b = append(b, part...)
	}
	return b
}

func (v image) locator() []byte {
	pairs := [][2]string{{"parent_linkage", "{" + identifier(v.of).String() + "}"}, {"relative_path", v.parent}}
	b := make([]byte, 0x14+12*len(pairs))
	binary.LittleEndian.PutUint16(b[0x12:], uint16(len(pairs)))
	for i, p := range pairs {
		for j, s := range p {
			raw := wtf8.Encode(s)
			binary.LittleEndian.PutUint32(b[0x14+12*i+4*j:], uint32(len(b)))
			binary.LittleEndian.PutUint16(b[0x14+12*i+8+2*j:], uint16(len(raw)))
			b = append(b, raw...)
		}
	}
	return b
}

func files() (all disktest.Files, base, child []byte) {
	base = disktest.Disk(3*mib - 512)
	clear(base[mib : 2*mib])
	child = bytes.Clone(base)
	changed := func(i int) bool { return i >= 100 && i < 300 || i > 5000 }
	for i := range len(child) / 512 {
		if changed(i) {
			copy(child[i*512:], strings.Repeat("child!", 80))
		}
	}
	return disktest.Files{
		"base.vhdx":    image{data: base, id: 1}.bytes(),
		"child.vhdx":   image{data: child, own: changed, id: 2, parent: `.\\base.vhdx`, of: 1}.bytes(),
		"loop.vhdx":    image{data: child, own: changed, id: 3, parent: "loop.vhdx", of: 3}.bytes(),
		"alone.vhdx":   image{data: child, own: changed, id: 4, parent: "gone.vhdx", of: 9}.bytes(),
		"foreign.vhdx": image{data: child, own: changed, id: 5, parent: "base.vhdx", of: 9}.bytes(),
	}, base, child
}

func TestOpen(t *testing.T) {
	all, base, child := files()
	for name, want := range map[string][]byte{"base.vhdx": base, "child.vhdx": child} {
		f, _ := all.Open(name)
		img, err := Open(f)
		if err != nil || len(img.Problems) > 0 {
			t.Fatalf("%s: %v, %v", name, err, img.Problems)
		}
		disktest.Same(t, img, want)
	}
	for name, want := range map[string]string{
		"loop.vhdx":    "parents: got 65, want ≤ 64",
		"alone.vhdx":   "alone.vhdx: parent of a differencing disk: got gone.vhdx, want beside the disk: file does not exist",
		"foreign.vhdx": "identifier of the parent base.vhdx: got 00000001-0000-0000-0000-000000000001, want {00000009-0000-0000-0000-000000000001}",
	} {
		f, _ := all.Open(name)
		if _, err := Open(f); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDamage(t *testing.T) {
	all, _, _ := files()
	put := func(v byte, places ...int) []byte {
		b := bytes.Clone(all["base.vhdx"])
		for _, at := range places {
			b[at] ^= v
		}
		return b
	}
	twice := put(0)
	copy(twice[metaAt+0x40:metaAt+0x60], twice[metaAt+0x20:])
	for _, tt := range []struct {
		name string
		b    []byte
		want string
	}{
		{"a short file", []byte(Magic), "a: header at 0x10000: "},
		{"a header", put(1, 64<<10+9), "a: checksum of the header at 0x10004: "},
		{"both headers", put(1, 64<<10+9, 128<<10+9), "a: checksum of the header at 0x10004: "},
		{"a region table", put(1, 192<<10+9), "a: checksum of the region table at 0x30004: "},
		{"a required item that is unknown", put(4, metaAt+0x20+32*4, metaAt+0x20+32*4+24, metaAt+0x0a), "a: metadata item at "},
		{"an item twice", twice, "a: metadata item at "},
		{"both region tables", put(1, 192<<10+9, 256<<10+9), "a: checksum of the region table at 0x30004: "},
		{"the metadata table", put(1, metaAt), `a: metadata table at 0x200000: got "letadata", want "metadata"`},
		{"the place of an item", put(0x7f, metaAt+0x33), "a: place of a metadata item at 0x200030: "},
		{"the size of a block", put(1, metaAt+64<<10), "a: size of a block: got 1048577, want a power of two from 1 to 256 MiB"},
		{"a block outside the file", put(0x7f, tableAt+6), "a: offset of block 0 at 0x300000: "},
		{"the state of a block", put(5, tableAt+16), "a: state of block 2 at 0x300000: got 3"},
	} {
		img, err := Open(disk.File{Name: "a", R: bytes.NewReader(tt.b), Size: int64(len(tt.b))})
		if err == nil {
			_, err = io.Copy(io.Discard, io.NewSectionReader(img.R, 0, img.Size))
		}
		if err == nil && len(img.Problems) > 0 {
			err = img.Problems[0].Err
		}
		if strings.HasPrefix(tt.name, "the state") { // 6 became 3: the block is zeros, and no checksum shows it
			if err != nil {
				t.Error(err)
			}
			continue
		}
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.want)) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestQEMU(t *testing.T) {
	raw := disktest.Disk(9<<20 + 512)
	for _, options := range []string{"subformat=dynamic", "subformat=fixed", "subformat=dynamic,block_size=1M", "subformat=dynamic,block_state_zero=off"} {
		img, err := Open(disktest.File(t, disktest.Convert(t, raw, "disk.vhdx", "vhdx", "-o", options)))
		if err != nil || len(img.Problems) > 0 {
			t.Fatalf("%s: %v, %v", options, err, img.Problems)
		}
		disktest.Same(t, img, raw)
		disktest.Sparse(t, "sparse.vhdx", "vhdx", options, Open)
	}
}

// Headers, region tables and the log have checksums; the block table, the bitmaps, the
// metadata and the content have none.
func TestMutants(t *testing.T) {
	all, base, child := files()
	count := 150
	switch {
	case os.Getenv("BIRTHMARK_LARGE") != "":
		count = 2000
	case testing.Short():
		count = 50
	}
	silent := disktest.Mutants(t, disktest.Files{"base.vhdx": all["base.vhdx"]}, "base.vhdx", base, count, Open)
	t.Logf("%d of %d mutants of a disk pass", silent, count)
	silent = disktest.Mutants(t, disktest.Files{"base.vhdx": all["base.vhdx"], "child.vhdx": all["child.vhdx"]}, "child.vhdx", child, count, Open)
	t.Logf("%d of %d mutants of a differencing one pass", silent, count)
}

// FuzzOpen changes eight bytes of a good image, or cuts it: mutation of whole images, of
// which the smallest has 4 MiB, would try nearly nothing.
func FuzzOpen(f *testing.F) {
	all, _, _ := files()
	replayed := image{data: make([]byte, mib), log: [][]byte{entry(1, 0, make([]byte, logSector), dataAt, tableAt)}}.bytes()
	images := [][]byte{all["base.vhdx"], all["child.vhdx"], replayed}
	f.Add(uint8(0), uint32(tableAt), uint64(0x500006), uint32(0))
	f.Add(uint8(1), uint32(metaAt+0x30), uint64(0), uint32(0))
	f.Add(uint8(2), uint32(logAt+8), uint64(1<<32), uint32(0))
	f.Add(uint8(0), uint32(0), uint64(0), uint32(dataAt))
	f.Fuzz(func(t *testing.T, which uint8, at uint32, v uint64, cut uint32) {
		good := images[int(which)%len(images)]
		b := good[:len(good)-int(cut%uint32(len(good)))]
		if at %= dataAt; int(at)+8 <= len(b) {
			defer sumAgain(b)
			defer copy(b[at:], bytes.Clone(b[at:at+8]))
			binary.LittleEndian.PutUint64(b[at:], v)
			sumAgain(b)
		}
		img, err := Open(disk.File{Name: "a.vhdx", R: bytes.NewReader(b), Size: int64(len(b)), Beside: disktest.Files{"a.vhdx": b, "base.vhdx": images[0]}})
		if err == nil {
			io.CopyN(io.Discard, io.NewSectionReader(img.R, 0, img.Size), 1<<18)
		}
	})
}

// sumAgain writes the checksums that fit to what the headers and the first region table are.
func sumAgain(b []byte) {
	for _, h := range []int{64 << 10, 128 << 10} {
		if len(b) >= h+headerLen {
			binary.LittleEndian.PutUint32(b[h+4:], sum(b[h:h+headerLen]))
		}
	}
	if len(b) >= 192<<10+regionsLen {
		r := b[192<<10 : 192<<10+regionsLen]
		binary.LittleEndian.PutUint32(r[4:], sum(r))
	}
}

func BenchmarkRead(b *testing.B) {
	raw := disktest.Disk(32 << 20)
	img, err := Open(disktest.File(b, disktest.Convert(b, raw, "disk.vhdx", "vhdx")))
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
