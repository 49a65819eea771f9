package vmdk

import (
	"bytes"
	"encoding/binary"
	"errors"
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
	seGrain = 8 * sector
	seTable = 64 * sector
)

// seBytes returns a space-efficient sparse extent, as ESXi lays it out, with the grains
// that own names. Every 5th of them that is all zeros is stored as such.
func seBytes(data []byte, own func(i int) bool) []byte {
	grains := (len(data) + seGrain - 1) / seGrain
	tables := (grains*seEntry + seTable - 1) / seTable
	const volatileAt, dirAt = 1, 8
	dirSectors := (tables*seEntry + sector - 1) / sector
	tablesAt := dirAt + dirSectors
	grainsAt := tablesAt + tables*seTable/sector
	b := make([]byte, grainsAt*sector)
	for at, v := range map[int]uint64{0: 0xcafebabe, 8: seVersion, 0x10: uint64(len(data) / sector), 0x18: seGrain / sector, 0x20: seTable / sector,
		0x50: volatileAt, 0x58: 1, 0x60: 2, 0x68: 1, 0x70: 3, 0x78: 1, 0x80: dirAt, 0x88: uint64(dirSectors), 0x90: uint64(tablesAt), 0x98: uint64(tables * seTable / sector), 0xc0: uint64(grainsAt)} {
		binary.LittleEndian.PutUint64(b[at:], v)
	}
	binary.LittleEndian.PutUint64(b[volatileAt*sector:], seVolatileMagic)
	var order []int // tables and grains are not in the order of the disk
	for i := tables - 1; i >= 0; i-- {
		order = append(order, i)
		binary.LittleEndian.PutUint64(b[dirAt*sector+i*seEntry:], 0x1000_0000_0000_0000|uint64(len(order)-1))
	}
	n := 0
	for i := grains - 1; i >= 0; i-- {
		if !own(i) {
			continue
		}
		part := make([]byte, seGrain)
		copy(part, data[i*seGrain:])
		table := tables - 1 - i*seEntry/seTable
		entry := b[tablesAt*sector+table*seTable+i*seEntry%seTable:]
		switch zeros := bytes.Equal(part, make([]byte, seGrain)); {
		case zeros && i%5 == 0:
			binary.LittleEndian.PutUint64(entry, seUnmapped<<60)
		case zeros:
			binary.LittleEndian.PutUint64(entry, seZero<<60)
		default:
			binary.LittleEndian.PutUint64(entry, seAllocated<<60|uint64(n&0xfff)<<48|uint64(n>>12))
			b = append(b, part...)
			n++
		}
	}
	binary.LittleEndian.PutUint64(b[0xc8:], uint64(n*seGrain/sector))
	return b
}

// seFiles returns a snapshot in a space-efficient sparse extent, and its parent.
func seFiles(t testing.TB) (all disktest.Files, want []byte) {
	base := disktest.Disk(40 << 20) // three grain tables
	want = bytes.Clone(base)
	changed := func(i int) bool { return i%3 == 0 }
	for i := 0; i < len(want)/seGrain; i += 3 {
		clear(want[i*seGrain : (i+1)*seGrain])
		if i%2 == 0 {
			copy(want[i*seGrain:], strings.Repeat("snapshot", 100*(1+i%4)))
		}
	}
	lines := "RW 81920 SESPARSE \"disk-000001-sesparse.vmdk\""
	return disktest.Files{
		"disk.vmdk":                 []byte(strings.Replace(text("", "RW 81920 VMFS \"disk-flat.vmdk\""), `createType="x"`, `createType="vmfs"`, 1)),
		"disk-flat.vmdk":            base,
		"disk-000001.vmdk":          []byte(strings.Replace(text("disk.vmdk", lines), `createType="x"`, `createType="seSparse"`, 1)),
		"disk-000001-sesparse.vmdk": seBytes(want, changed),
	}, want
}

func TestSESparse(t *testing.T) {
	all, want := seFiles(t)
	f, _ := all.Open("disk-000001.vmdk")
	img, err := Open(f)
	if err != nil || len(img.Problems) > 0 {
		t.Fatal(err, img.Problems)
	}
	disktest.Same(t, img, want)
}

// An extent with writes in its journal is refused, also by qemu-img: its content may be older.
func TestSESparseJournal(t *testing.T) {
	all, _ := seFiles(t)
	binary.LittleEndian.PutUint64(all["disk-000001-sesparse.vmdk"][sector+0x18:], 1)
	f, _ := all.Open("disk-000001.vmdk")
	if _, err := Open(f); !errors.Is(err, disk.ErrJournal) {
		t.Errorf("opened with %v", err)
	}
	tool := disktest.Tool(t, "qemu-img")
	dir := t.TempDir()
	for name, b := range all {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command(tool, "info", "-f", "vmdk", filepath.Join(dir, "disk-000001.vmdk")).CombinedOutput(); err == nil {
		t.Errorf("qemu-img opens it: %s", out)
	} else {
		t.Logf("qemu-img: %s", out)
	}
}

// qemu-img reads what the tests write.
func TestSESparseByQEMU(t *testing.T) {
	tool := disktest.Tool(t, "qemu-img")
	all, want := seFiles(t)
	dir := t.TempDir()
	for name, b := range all {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	target := filepath.Join(dir, "out.raw")
	if out, err := exec.Command(tool, "convert", "-f", "vmdk", "-O", "raw", filepath.Join(dir, "disk-000001.vmdk"), target).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	got, err := os.ReadFile(target)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("qemu-img reads another disk")
	}
}

func TestSESparseDamage(t *testing.T) {
	data := disktest.Disk(1 << 20)
	whole := seBytes(data, func(int) bool { return true })
	put := func(at int, v uint64) []byte {
		b := bytes.Clone(whole)
		binary.LittleEndian.PutUint64(b[at:], v)
		return b
	}
	const dirAt, tablesAt = 8 * sector, 9 * sector
	for _, tt := range []struct {
		name string
		b    []byte
		want string
	}{
		{"an extent without its descriptor", whole, "a: file: got one extent of a disk"},
		{"a short file", whole[:100], "a: header at 0x0: got 100 bytes"},
		{"another version", put(8, 3), "a: version at 0x8: got 0x3, want 0x200000001"},
		{"a large disk", put(0x10, 1<<60), "a: size or offset at 0x10: got "},
		{"a grain of odd size", put(0x18, 7), "a: size of a grain and of a grain table at 0x18: got 7 and 64 sectors"},
		{"another header that changes", put(sector, 1), "a: magic of the header that changes at 0x200: got 0x1, want 0xcafecafe"},
		{"a journal", put(sector+0x18, 1), "a: journal at 0x218: got writes that are not yet in the extent, want none: a journal of an unknown format"},
		{"a short directory", put(0x88, 0), "a: size of the grain directory at 0x88: got 0, want 1 to "},
		{"an entry of the directory", put(dirAt, 5), "a: entry 0 of the grain directory: got 0x5"},
		{"a table outside the file", put(dirAt, seTableBit<<32|99), "a: grain table 0 at "},
		{"a type of grain", put(tablesAt, 9<<60), "a: type of grain 0: got 9, want 0 to 3"},
		{"a grain without a type", put(tablesAt, 9), "a: entry of grain 0: got 0x9"},
		{"a grain outside the file", put(tablesAt, seAllocated<<60|1<<40), "a: number of grain 0: got "},
	} {
		img, err := Open(disk.File{Name: "a", R: bytes.NewReader(tt.b), Size: int64(len(tt.b))})
		if err == nil && tt.name != "an extent without its descriptor" {
			if img.Problems = img.Problems[:len(img.Problems)-1]; len(img.Problems) == 0 {
				_, err = io.Copy(io.Discard, io.NewSectionReader(img.R, 0, img.Size))
			}
		}
		if err == nil && len(img.Problems) > 0 {
			err = img.Problems[0].Err
		}
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// The format has no checksums: what changes content passes.
func TestSESparseMutants(t *testing.T) {
	data := disktest.Disk(256 << 10)
	count := 1000
	if testing.Short() {
		count = 100
	}
	all := disktest.Files{
		"a.vmdk":          []byte(text("", `RW 512 SESPARSE "a-sesparse.vmdk"`)),
		"a-sesparse.vmdk": seBytes(data, func(int) bool { return true }),
	}
	silent := disktest.Mutants(t, all, "a.vmdk", data, count, Open)
	t.Logf("%d of %d mutants pass", silent, count)
}
