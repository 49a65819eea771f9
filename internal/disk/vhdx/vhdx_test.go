package vhdx

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
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

// entry is an entry of the log that writes one sector and makes another zero.
func entry(sequence uint64, tail uint32, page []byte, at, zeroAt int64) []byte {
	b := make([]byte, 2*logSector)
	copy(b, "loge")
	binary.LittleEndian.PutUint32(b[8:], uint32(len(b)))
	binary.LittleEndian.PutUint32(b[0x0c:], tail)
	binary.LittleEndian.PutUint64(b[0x10:], sequence)
	binary.LittleEndian.PutUint32(b[0x18:], 2)
	b[0x20] = 0xaa
	d := b[entryHeader:]
	copy(d, "desc")
	copy(d[4:8], page[0xffc:])
	copy(d[8:16], page[:8])
	binary.LittleEndian.PutUint64(d[0x10:], uint64(at))
	binary.LittleEndian.PutUint64(d[0x18:], sequence)
	d = d[descriptor:]
	copy(d, "zero")
	binary.LittleEndian.PutUint64(d[8:], logSector)
	binary.LittleEndian.PutUint64(d[0x10:], uint64(zeroAt))
	binary.LittleEndian.PutUint64(d[0x18:], sequence)
	s := b[logSector:]
	copy(s, "data")
	binary.LittleEndian.PutUint32(s[4:], uint32(sequence>>32))
	copy(s[8:0xffc], page[8:0xffc])
	binary.LittleEndian.PutUint32(s[0xffc:], uint32(sequence))
	binary.LittleEndian.PutUint32(b[4:], sum(b))
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

// The log of a disk that was not closed is replayed: the entries from the tail on, and not
// those before, in the order of their numbers.
func TestLog(t *testing.T) {
	base := disktest.Disk(3 * mib)
	page := func(c byte) []byte { return bytes.Repeat([]byte{c}, logSector) }
	const block2 = dataAt + 2*mib // where the third block of the disk is, if none is zeros
	for i := range 3 {
		base[i*mib] = 1
	}
	want := bytes.Clone(base)
	copy(want[2*mib+8192:], page('b'))
	copy(want[2*mib+12288:], page('c'))
	clear(want[2*mib+40960 : 2*mib+45056])
	log := [][]byte{
		entry(40, 0, page('a'), block2, block2+4096),                 // of before the tail
		entry(41, 2*logSector, page('b'), block2+8192, block2+40960), // the tail
		entry(42, 2*logSector, page('c'), block2+12288, block2+40960),
	}
	b := image{data: base, id: 1, log: log}.bytes()
	f := disk.File{Name: "a.vhdx", R: bytes.NewReader(b), Size: int64(len(b))}
	img, err := Open(f)
	if err != nil || len(img.Problems) != 1 || img.Problems[0].Err.Error() != "a.vhdx: log at 0x100000: got 2 entries, which were replayed in memory" {
		t.Fatal(err, img.Problems)
	}
	disktest.Same(t, img, want)

	b[logAt+5*logSector+9] ^= 1 // the last entry was not written whole: what is before it counts
	copy(want[2*mib+12288:], base[2*mib+12288:2*mib+12288+logSector])
	if img, err = Open(f); err != nil {
		t.Fatal(err)
	}
	disktest.Same(t, img, want)

	clear(b[logAt : logAt+6*logSector])
	if _, err := Open(f); err == nil || err.Error() != "a.vhdx: log at 0x100000: got no sequence of entries, want one to replay" {
		t.Error(err)
	}
}

// What a file had before its log, and lost, is an error. What the log adds to it is zeros.
func TestLogOfCutFile(t *testing.T) {
	base := disktest.Disk(3 * mib)
	for i := range 3 {
		base[i*mib] = 1
	}
	sized := func(due, size int64) []byte {
		e := entry(41, 0, bytes.Repeat([]byte{'p'}, logSector), dataAt+2*mib+64<<10, dataAt+8192)
		binary.LittleEndian.PutUint64(e[0x30:], uint64(due))
		binary.LittleEndian.PutUint64(e[0x38:], uint64(size))
		binary.LittleEndian.PutUint32(e[4:], sum(e))
		b := image{data: base, id: 1, log: [][]byte{e}}.bytes()
		return b[:dataAt+2*mib+4096+100]
	}
	clear(base[8192 : 8192+logSector])
	copy(base[2*mib+64<<10:], bytes.Repeat([]byte{'p'}, logSector))
	for _, tt := range []struct {
		name      string
		due, size int64
		n         int
		want      string
	}{
		{"cut off", dataAt + 3*mib, dataAt + 3*mib, 2*mib + 4096 + 100, "a.vhdx: content of the file before its log at 0x601064: got 0 bytes, want 3996 bytes"},
		{"cut off, and the log makes it longer", dataAt + 2*mib + 8192, dataAt + 3*mib, 2*mib + 4096 + 100, "a.vhdx: content of the file before its log at 0x601064: got 0 bytes, want 3996 bytes"},
		{"longer by the log", dataAt + 2*mib + 4096, dataAt + 3*mib, 3 * mib, ""},
	} {
		b := sized(tt.due, tt.size)
		img, err := Open(disk.File{Name: "a.vhdx", R: bytes.NewReader(b), Size: int64(len(b))})
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 3*mib)
		n, err := img.R.ReadAt(got, 0)
		want := bytes.Clone(base[:2*mib+4096+100])
		want = append(want, make([]byte, mib-4096-100)...)
		copy(want[2*mib+64<<10:], base[2*mib+64<<10:2*mib+64<<10+logSector])
		if n != tt.n || tt.want == "" != (err == nil) || err != nil && err.Error() != tt.want || !bytes.Equal(got[:n], want[:n]) {
			t.Errorf("%s: %d bytes, %v", tt.name, n, err)
		}
	}
}

// A log whose entries all say that they fill it is not summed for each of them.
func TestLogOfClaims(t *testing.T) {
	b := image{data: make([]byte, mib), id: 1, log: [][]byte{entry(1, 0, make([]byte, logSector), dataAt, dataAt)}}.bytes()
	for at := logAt; at < logAt+mib; at += logSector {
		copy(b[at:], b[logAt:logAt+entryHeader])
		binary.LittleEndian.PutUint32(b[at+8:], mib)
	}
	_, err := Open(disk.File{Name: "a.vhdx", R: bytes.NewReader(b), Size: int64(len(b))})
	if err == nil || err.Error() != "a.vhdx: log: length of all entries: got 17825792, want ≤ 16777216" {
		t.Error(err)
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

// QEMU wrote the log of a disk whose header and block table are put back to what they were
// before. It replays the log of a copy.
func TestQEMULog(t *testing.T) {
	convert, write := disktest.Tool(t, "qemu-img"), disktest.Tool(t, "qemu-io")
	dir := t.TempDir()
	name, copied, raw := filepath.Join(dir, "a.vhdx"), filepath.Join(dir, "b.vhdx"), filepath.Join(dir, "b.raw")
	run := func(tool string, args ...string) {
		if out, err := exec.Command(tool, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	run(convert, "create", "-f", "vhdx", "-o", "block_size=1M", name, "8M")
	run(write, "-f", "vhdx", "-c", "write -P 0x41 1536k 300k", "-c", "write -P 0x42 4M 2M", name)
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	h, _, err := readHeader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var newest uint64
	var id []byte
	for e := b[h.logAt : h.logAt+h.logSize]; len(e) > 0; e = e[logSector:] {
		if n := binary.LittleEndian.Uint64(e[0x10:]); string(e[:4]) == "loge" && n > newest {
			newest, id = n, e[0x20:0x30]
		}
	}
	if newest == 0 {
		t.Skip("this version writes no log")
	}
	for _, at := range []int{64 << 10, 128 << 10} {
		copy(b[at+0x30:], id)
		binary.LittleEndian.PutUint32(b[at+4:], sum(b[at:at+headerLen]))
	}
	regions, _, err := readRegions(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	clear(b[regions[blockTable].at:][:logSector])
	for _, name := range []string{name, copied} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run(convert, "check", "-r", "all", copied)
	run(convert, "convert", "-O", "raw", copied, raw)
	want, err := os.ReadFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	img, err := Open(disktest.File(t, name))
	if err != nil || len(img.Problems) != 1 || img.Problems[0].Kind != damage.Unclean {
		t.Fatal(err, img.Problems)
	}
	disktest.Same(t, img, want)
	if want[4<<20] != 0x42 {
		t.Error("the log did not bring back the table")
	}
	if after, err := os.ReadFile(name); err != nil || !bytes.Equal(after, b) {
		t.Error("the file was changed", err)
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

func FuzzOpen(f *testing.F) {
	all, _, _ := files()
	f.Add(all["base.vhdx"][:dataAt], uint32(tableAt), uint64(0x500006))
	f.Add(all["child.vhdx"][:dataAt], uint32(metaAt+0x30), uint64(0))
	f.Add(image{data: make([]byte, mib), log: [][]byte{entry(1, 0, make([]byte, logSector), dataAt, tableAt)}}.bytes()[:dataAt], uint32(logAt+8), uint64(1<<32))
	f.Fuzz(func(t *testing.T, b []byte, at uint32, v uint64) {
		if int64(at)+8 <= int64(len(b)) { // what mutation seldom finds in so large a file
			b = bytes.Clone(b)
			binary.LittleEndian.PutUint64(b[at:], v)
			for _, h := range []int{64 << 10, 128 << 10} {
				if len(b) > h+headerLen {
					binary.LittleEndian.PutUint32(b[h+4:], sum(b[h:h+headerLen]))
				}
			}
			if len(b) > 192<<10+regionsLen {
				r := b[192<<10 : 192<<10+regionsLen]
				binary.LittleEndian.PutUint32(r[4:], sum(r))
			}
		}
		img, err := Open(disk.File{Name: "a.vhdx", R: bytes.NewReader(b), Size: int64(len(b)), Beside: disktest.Files{"a.vhdx": b, "base.vhdx": b}})
		if err == nil {
			io.CopyN(io.Discard, io.NewSectionReader(img.R, 0, img.Size), 1<<18)
		}
	})
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
