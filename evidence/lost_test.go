package evidence

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// A volume that no table names is found at the places where partitions begin, at any of the
// first sectors, and by the copy of its boot sector at the places where partitions end.
func TestLostVolumes(t *testing.T) {
	volume := machine(t)
	noBoot := bytes.Clone(volume)
	clear(noBoot[:512])
	noCopy := bytes.Clone(volume)
	clear(noCopy[len(noCopy)-512:])
	noMFT := bytes.Clone(noBoot)
	for i := 0; i+4 <= len(noMFT); i += 512 {
		if string(noMFT[i:i+4]) == "FILE" {
			clear(noMFT[i : i+4])
		}
	}
	const MiB = 1 << 20
	padded := func(b []byte) []byte { return append(bytes.Clone(b), make([]byte, -len(b)&(MiB-1))...) }
	end := len(padded(volume))
	for _, tt := range []struct {
		name  string
		parts [][]byte
		want  string // offsets of the volumes that can be read
	}{
		{"at the first MiB, to the end of the disk", [][]byte{make([]byte, MiB), volume}, "0x100000"},
		{"the same with room behind it", [][]byte{make([]byte, MiB), volume, make([]byte, 5*MiB+512)}, "0x100000"},
		{"at sector 8", [][]byte{make([]byte, 8*512), volume}, "0x1000"},
		{"at sector 1000, with room behind it", [][]byte{make([]byte, 1000*512), volume, make([]byte, MiB)}, "0x7d000"},
		{"at no place where partitions begin, to the end of the disk", [][]byte{make([]byte, 9*MiB+512), volume}, "0x900200"},
		{"without its boot sector", [][]byte{make([]byte, MiB), noBoot}, "0x100000"},
		{"without its boot sector, at no usual place", [][]byte{make([]byte, 9*MiB+512), noBoot}, "0x900200"},
		{"without its boot sector, to a whole MiB", [][]byte{make([]byte, 5*MiB-len(volume)), noBoot, make([]byte, 7*MiB)}, fmt.Sprintf("%#x", 5*MiB-len(volume))},
		{"without the copy of its boot sector", [][]byte{make([]byte, MiB), noCopy, make([]byte, MiB)}, "0x100000"},
		{"two, one behind the other", [][]byte{make([]byte, MiB), volume, volume}, fmt.Sprintf("0x100000 %#x", MiB+len(volume))},
		{"two, the second at sector 63 behind the first", [][]byte{make([]byte, 63*512), volume, make([]byte, 63*512), volume, make([]byte, MiB)}, fmt.Sprintf("0x7e00 %#x", 2*63*512+len(volume))},
		{"two without their boot sectors", [][]byte{make([]byte, MiB), padded(volume), noBoot}, fmt.Sprintf("0x100000 %#x", MiB+end)},
		{"the copy of the boot sector of nothing", [][]byte{make([]byte, 9*MiB+512), noMFT}, ""},
		{"a bare volume", [][]byte{volume}, "0x0"},
		{"a bare volume without its boot sector", [][]byte{noBoot}, "0x0"},
		{"a volume in a file of a volume", [][]byte{make([]byte, MiB), volumeWith(t, volume)}, "0x100000"},
	} {
		image := slices.Concat(tt.parts...)
		e, err := New("disk.dd", bytes.NewReader(image), int64(len(image)))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range e.Volumes() {
			if v.Err == nil {
				got = append(got, fmt.Sprintf("%#x", v.Offset))
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: %q, want %q; %s %v", tt.name, s, tt.want, e.Kind(), slices.Collect(e.Problems()))
		}
	}
}

// A partition that is smaller in the table than its volume is has the size that the boot sector
// and the copy at the end of the volume say.
func TestPartitionSmallerThanItsVolume(t *testing.T) {
	for _, tt := range []struct {
		name string
		less uint32 // sectors
		copy bool
		want bool // that the file is found
	}{
		{"as large as the volume", 0, true, true},
		{"8 sectors less", 8, true, true},
		{"only 100 sectors", 0, true, true},
		{"8 sectors less, without the copy", 8, false, true},
	} {
		disk, err := mfttest.Disk(mfttest.Partition{Type: 7, Data: machine(t)}, mfttest.Partition{Type: 7, Data: make([]byte, 1<<20)})
		if err != nil {
			t.Fatal(err)
		}
		entry := disk[partitionTableOff+12:]
		off := int64(binary.LittleEndian.Uint32(disk[partitionTableOff+8:])) * 512
		sectors := binary.LittleEndian.Uint32(entry)
		inTable := sectors - tt.less
		if tt.name == "only 100 sectors" {
			inTable = 100
		}
		binary.LittleEndian.PutUint32(entry, inTable)
		if !tt.copy {
			clear(disk[off+int64(sectors-1)*512:][:512])
		}
		e, err := New("disk.dd", bytes.NewReader(disk), int64(len(disk)))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := e.Resolve(`C:\Users\IEUser\Downloads\a.exe`); (err == nil) != tt.want {
			t.Errorf("%s: %v", tt.name, err)
		}
		noted := slices.ContainsFunc(slices.Collect(e.TableProblems()), func(p Problem) bool {
			return strings.HasPrefix(p.String(), fmt.Sprintf("malformed: disk.dd: partition 1: partition size at %#x: got %d, want %d,", off, int64(inTable)*512, int64(sectors)*512))
		})
		if noted != (inTable < sectors && tt.copy) {
			t.Errorf("%s: problems %v", tt.name, slices.Collect(e.TableProblems()))
		}
	}
}

// volumeWith returns a volume with a file of that content.
func volumeWith(t *testing.T, content []byte) []byte {
	t.Helper()
	b, err := mfttest.Volume{Files: []mfttest.File{{Path: "inner.dd", Data: content}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}
