package vmdk

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/disk/disktest"
)

const (
	testGrain   = 4096
	testEntries = 128
)

// extent is a sparse extent that a test writes.
type extent struct {
	data   []byte
	own    func(i int) bool // grains that it holds; nil for all
	stream bool             // compressed, with the directory in the footer; each structure has a marker
	text   string           // of the descriptor
}

func (x extent) bytes(t testing.TB) []byte {
	grains := (len(x.data) + testGrain - 1) / testGrain
	tables := (grains + testEntries - 1) / testEntries
	h := make([]byte, sector)
	flags := uint32(1 | 2 | zeroedGrain)
	if x.stream {
		flags = 1 | zeroedGrain | packed | 1<<17
		binary.LittleEndian.PutUint16(h[0x4d:], 1)
	}
	copy(h, SparseMagic)
	binary.LittleEndian.PutUint32(h[4:], 1)
	binary.LittleEndian.PutUint32(h[8:], flags)
	binary.LittleEndian.PutUint64(h[0x0c:], uint64(len(x.data)/sector))
	binary.LittleEndian.PutUint64(h[0x14:], testGrain/sector)
	binary.LittleEndian.PutUint32(h[0x2c:], testEntries)
	b := append(bytes.Clone(h), make([]byte, sector)...) // a grain at sector 1 would be one of zeros
	pad := func() { b = append(b, make([]byte, (sector-len(b)%sector)%sector)...) }
	if x.text != "" {
		binary.LittleEndian.PutUint64(h[0x1c:], 2)
		b = append(b, x.text...)
		pad()
		binary.LittleEndian.PutUint64(h[0x24:], uint64(len(b)/sector-2))
	}
	binary.LittleEndian.PutUint64(h[0x40:], uint64(len(b)/sector))
	entries := make([]byte, tables*testEntries*4)
	for i := range grains {
		part := make([]byte, testGrain)
		copy(part, x.data[i*testGrain:])
		entry := entries[4*i:]
		switch {
		case x.own != nil && !x.own(i):
		case bytes.Equal(part, make([]byte, testGrain)):
			binary.LittleEndian.PutUint32(entry, 1)
		case x.stream:
			var out bytes.Buffer
			w := zlib.NewWriter(&out)
			if _, err := w.Write(part); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			binary.LittleEndian.PutUint32(entry, uint32(len(b)/sector))
			b = binary.LittleEndian.AppendUint64(b, uint64(i*testGrain/sector))
			b = binary.LittleEndian.AppendUint32(b, uint32(out.Len()))
			b = append(b, out.Bytes()...)
			pad()
		default:
			binary.LittleEndian.PutUint32(entry, uint32(len(b)/sector))
			b = append(b, part...)
		}
	}
	write := func() (directory int) {
		first := len(b) / sector
		b = append(b, entries...)
		pad()
		directory = len(b) / sector
		for i := range tables {
			at := first*sector + i*testEntries*4
			if at%sector != 0 { // tables begin at sectors
				t.Fatal("the tables of the test do not fill sectors")
			}
			b = binary.LittleEndian.AppendUint32(b, uint32(at/sector))
		}
		pad()
		return directory
	}
	if x.stream {
		marker := func(sectors, kind int) {
			at := len(b)
			b = append(b, make([]byte, sector)...)
			binary.LittleEndian.PutUint64(b[at:], uint64(sectors))
			binary.LittleEndian.PutUint32(b[at+12:], uint32(kind))
		}
		binary.LittleEndian.PutUint64(h[0x38:], atEnd)
		copy(b, h)
		marker((len(entries)+sector-1)/sector+(4*tables+sector-1)/sector, 1)
		directory := write()
		binary.LittleEndian.PutUint64(h[0x38:], uint64(directory))
		marker(1, markerFooter)
		return append(append(b, h...), make([]byte, sector)...)
	}
	binary.LittleEndian.PutUint64(h[0x30:], uint64(write()))
	binary.LittleEndian.PutUint64(h[0x38:], uint64(write()))
	copy(b, h)
	return b
}

func text(parent string, extents ...string) string {
	cid := noParent
	hint := ""
	if parent != "" {
		cid, hint = "fffffffe", "parentFileNameHint=\""+parent+"\"\n"
	}
	return descriptorMark + "\nversion=1\nCID=fffffffe\nparentCID=" + cid + "\n" + hint + "createType=\"x\"\n\n# Extent description\n" + strings.Join(extents, "\n") + "\n"
}

func files(t testing.TB) (all disktest.Files, base, child []byte) {
	base = disktest.Disk(512 << 10)
	child = bytes.Clone(base)
	changed := func(i int) bool { return i%9 == 0 }
	for i := range len(child) / testGrain {
		if changed(i) {
			clear(child[i*testGrain : (i+1)*testGrain])
			copy(child[i*testGrain:], strings.Repeat("child!", 100*(i%3)))
		}
	}
	half := len(base) / 2
	line := func(size int, rest string) string { return fmt.Sprintf("RW %d %s", size/sector, rest) }
	return disktest.Files{
		"sparse.vmdk":     extent{data: base, text: text("", line(len(base), `SPARSE "sparse.vmdk"`))}.bytes(t),
		"stream.vmdk":     extent{data: base, stream: true, text: text("", line(len(base), `SPARSE "other.vmdk"`))}.bytes(t),
		"child.vmdk":      extent{data: child, own: changed, text: text(`/vmfs/volumes/x/sparse.vmdk`, line(len(base), `SPARSE "child.vmdk"`))}.bytes(t),
		"loop.vmdk":       extent{data: child, own: changed, text: text("loop.vmdk", line(len(base), `SPARSE "loop.vmdk"`))}.bytes(t),
		"alone.vmdk":      extent{data: child, own: changed, text: text("gone.vmdk", line(len(base), `SPARSE "alone.vmdk"`))}.bytes(t),
		"flat.vmdk":       []byte(text("", line(len(base), `FLAT "flat-flat.vmdk" 3`))),
		"flat-flat.vmdk":  append(make([]byte, 3*sector), base...),
		"two.vmdk":        []byte(text("", line(half, `SPARSE "two-s001.vmdk"`), line(half, `SPARSE "two-s002.vmdk"`), line(4096, "ZERO"))),
		"two-s001.vmdk":   extent{data: base[:half]}.bytes(t),
		"two-s002.vmdk":   extent{data: base[half:]}.bytes(t),
		"lost.vmdk":       []byte(text("", line(half, `SPARSE "two-s001.vmdk"`), line(half, `SPARSE "gone-s002.vmdk"`))),
		"another.vmdk":    []byte(text("", line(half, `VMFSRDM "two-s001.vmdk"`))),
		"outside.vmdk":    []byte(text("", line(half, `FLAT "../../etc/shadow" 0`))),
		"nothing.vmdk":    []byte(text("")),
		"nameless.vmdk":   []byte(strings.Replace(text("", line(len(base), `FLAT "flat-flat.vmdk" 3`)), noParent, "12345678", 1)),
		"odd.vmdk":        []byte(text("", `RW -1 FLAT "flat-flat.vmdk" 0`, line(half, `FLAT "flat-flat.vmdk" 3`))),
		"huge.vmdk":       []byte(text("", strings.Split(strings.Repeat("RW 2199023255552 ZERO\n", 9), "\n")...)),
		"short.vmdk":      []byte(text("", line(len(base), `FLAT "short-flat.vmdk" 0`))),
		"short-flat.vmdk": base[:half],
		"changed.vmdk":    []byte(strings.Replace(text("sparse.vmdk", line(len(base), `SPARSE "child.vmdk"`)), "parentCID=fffffffe", "parentCID=12345678", 1)),
	}, base, child
}

func TestOpen(t *testing.T) {
	all, base, child := files(t)
	for name, want := range map[string][]byte{"sparse.vmdk": base, "stream.vmdk": base, "child.vmdk": child, "flat.vmdk": base, "two.vmdk": base} {
		f, _ := all.Open(name)
		img, err := Open(f)
		if err != nil || len(img.Problems) > 0 {
			t.Fatalf("%s: %v, %v", name, err, img.Problems)
		}
		t.Run(name, func(t *testing.T) { disktest.Same(t, img, want) })
	}
	for name, want := range map[string]string{
		"loop.vmdk":     "parents: got 65, want ≤ 64",
		"alone.vmdk":    "alone.vmdk: parent of the disk: got gone.vmdk, want beside it: open gone.vmdk: file does not exist",
		"another.vmdk":  "two-s001.vmdk: type of the extent two-s001.vmdk: got VMFSRDM, want FLAT, SPARSE, ZERO, VMFS, VMFSSPARSE or SESPARSE",
		"outside.vmdk":  "extent: got ../../etc/shadow, want beside the descriptor: open shadow: file does not exist",
		"nameless.vmdk": "parent of the disk: want beside it: nameless.vmdk: name of another file: not a file beside the container",
		"odd.vmdk":      `odd.vmdk: line of an extent: got RW -1 FLAT "flat-flat.vmdk" 0, want ACCESS SECTORS TYPE "NAME" OFFSET`,
		"huge.vmdk":     "huge.vmdk: extents: got more, want 1000 of together 2199023255552 sectors",
		"nothing.vmdk":  "nothing.vmdk: descriptor: got no extent, want at least one",
		"two-s001.vmdk": "two-s001.vmdk: file: got one extent of a disk, want its descriptor, the .vmdk without a number",
		"lost.vmdk":     "extent: got gone-s002.vmdk, want beside the descriptor: open gone-s002.vmdk: file does not exist",
		"changed.vmdk":  "sparse.vmdk: identifier of the parent: got fffffffe, want 12345678; the parent was changed after the snapshot, so parts of the disk may be wrong",
		"short.vmdk":    "short-flat.vmdk: size of the extent: got 262144, want 524288",
	} {
		f, _ := all.Open(name)
		img, err := Open(f)
		if err == nil && len(img.Problems) > 0 {
			err = img.Problems[0].Err
		}
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f, _ := all.Open("lost.vmdk") // its first half is there
	img, err := Open(f)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(io.NewSectionReader(img.R, 0, img.Size))
	if err == nil || !bytes.Equal(got, base[:len(base)/2]) {
		t.Errorf("%d bytes, then %v", len(got), err)
	}
}

func TestDamage(t *testing.T) {
	all, _, _ := files(t)
	put := func(name string, at int, v ...byte) []byte {
		b := bytes.Clone(all[name])
		copy(b[(at+len(b))%len(b):], v)
		return b
	}
	for _, tt := range []struct {
		name string
		b    []byte
		want string
	}{
		{"a short file", []byte("KDMV"), "a: header at 0x0: got 4 bytes, want 512 bytes"},
		{"another version", put("sparse.vmdk", 4, 9), "a: version at 0x4: got 9, want 1 to 3"},
		{"a grain of odd size", put("sparse.vmdk", 0x14, 7), "a: size of a grain at 0x14: got 3584, want a power of two"},
		{"a large disk", put("sparse.vmdk", 0x13, 9), "a: size of the extent or of a grain at 0xc: got "},
		{"a table without entries", put("sparse.vmdk", 0x2c, 0), "a: entries of a grain table at 0x2c: got 0, want 1 to 65536"},
		{"another compression", put("stream.vmdk", -2*sector+0x4d, 7), "a: compression at "},
		{"a stream without its end", all["stream.vmdk"][:len(all["stream.vmdk"])-sector], "a: footer: got nothing, want the directory of the stream; its grains were found by their markers"},
		{"a directory that is lost, and its copy", put("sparse.vmdk", 0x38, 0, 0, 0x7f), ""},
		{"both directories", func() []byte {
			b := put("sparse.vmdk", 0x38, 0, 0, 0x7f)
			return append(b[:0x30:0x30], append([]byte{0, 0, 0x7f, 0, 0, 0, 0, 0}, b[0x38:]...)...)
		}(), "a: grain directory at 0xfe000000: "},
		{"a disk that was not closed", put("sparse.vmdk", 0x48, 1), "a: header at 0x48: got a disk that was not closed"},
		{"a compressed grain", put("stream.vmdk", bytes.Index(all["stream.vmdk"], []byte("\x78\x9c"))+20, 0xff, 0xff, 0xff), "a: compressed grain 0 at "},
		{"a grain with another number", put("stream.vmdk", bytes.Index(all["stream.vmdk"], []byte("\x78\x9c"))-12, 8), "a: first sector of grain "},
	} {
		img, err := Open(disk.File{Name: "a", R: bytes.NewReader(tt.b), Size: int64(len(tt.b))})
		if err == nil && len(img.Problems) > 0 {
			err = img.Problems[0].Err
		}
		if err == nil {
			_, err = io.Copy(io.Discard, io.NewSectionReader(img.R, 0, img.Size))
		}
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.want)) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestQEMU(t *testing.T) {
	raw := disktest.Disk(9<<20 + 512)
	for _, subformat := range []string{"monolithicSparse", "monolithicFlat", "twoGbMaxExtentSparse", "twoGbMaxExtentFlat", "streamOptimized"} {
		t.Run(subformat, func(t *testing.T) {
			img, err := Open(disktest.File(t, disktest.Convert(t, raw, "disk.vmdk", "vmdk", "-o", "subformat="+subformat)))
			if err != nil || len(img.Problems) > 0 {
				t.Fatal(err, img.Problems)
			}
			disktest.Same(t, img, raw)
		})
	}
	name := disktest.Convert(t, raw, "disk.vmdk", "vmdk", "-o", "subformat=twoGbMaxExtentSparse")
	img, err := Open(disktest.File(t, strings.TrimSuffix(name, ".vmdk")+"-s001.vmdk"))
	if err != nil || len(img.Problems) != 1 || !strings.Contains(img.Problems[0].Err.Error(), "one extent of a disk") {
		t.Errorf("an extent: %v, %v", err, img.Problems)
	}
}

// A snapshot, as qemu-img and qemu-io write it.
func TestQEMUSnapshot(t *testing.T) {
	qemuIO := disktest.Tool(t, "qemu-io")
	raw := disktest.Disk(3 << 20)
	base := disktest.Convert(t, raw, "base.vmdk", "vmdk")
	dir := filepath.Dir(base)
	for _, args := range [][]string{
		{disktest.Tool(t, "qemu-img"), "create", "-q", "-f", "vmdk", "-F", "vmdk", "-b", "base.vmdk", "child.vmdk"},
		{qemuIO, "-c", "write -P 0x41 70000 5000", "-c", "write -P 0x42 2000000 512", "child.vmdk"},
	} {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	copy(raw[70000:], bytes.Repeat([]byte{0x41}, 5000))
	copy(raw[2000000:], bytes.Repeat([]byte{0x42}, 512))
	img, err := Open(disktest.File(t, filepath.Join(dir, "child.vmdk")))
	if err != nil {
		t.Fatal(err)
	}
	disktest.Same(t, img, raw)
	if err := os.Remove(base); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(disktest.File(t, filepath.Join(dir, "child.vmdk"))); err == nil {
		t.Error("a snapshot opened without its parent")
	}
}

// Only compressed grains have a checksum.
func TestMutants(t *testing.T) {
	all, base, _ := files(t)
	count := 1000 // of each
	if testing.Short() {
		count = 100
	}
	for _, name := range []string{"sparse.vmdk", "stream.vmdk"} {
		silent := disktest.Mutants(t, disktest.Files{name: all[name]}, name, base, count, Open)
		t.Logf("%s: %d of %d mutants pass", name, silent, count)
	}
}

func FuzzOpen(f *testing.F) {
	all, _, _ := files(f)
	for _, name := range []string{"sparse.vmdk", "stream.vmdk", "flat.vmdk", "two.vmdk"} {
		f.Add(all[name])
	}
	f.Add(seBytes(disktest.Disk(64<<10), func(i int) bool { return i%2 == 0 }))
	f.Add(all["stream.vmdk"][:len(all["stream.vmdk"])-sector]) // without its footer
	f.Fuzz(func(t *testing.T, b []byte) {
		img, err := Open(disk.File{Name: "a.vmdk", R: bytes.NewReader(b), Size: int64(len(b)), Beside: disktest.Files{"a.vmdk": b}})
		if err == nil {
			io.CopyN(io.Discard, io.NewSectionReader(img.R, 0, img.Size), 1<<18)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	raw := disktest.Disk(32 << 20)
	for _, subformat := range []string{"monolithicSparse", "streamOptimized"} {
		b.Run(subformat, func(b *testing.B) {
			img, err := Open(disktest.File(b, disktest.Convert(b, raw, "disk.vmdk", "vmdk", "-o", "subformat="+subformat)))
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(img.Size)
			for b.Loop() {
				if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, io.NewSectionReader(img.R, 0, img.Size), make([]byte, 1<<20)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
