package vhdx

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/disk/disktest"
)

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
