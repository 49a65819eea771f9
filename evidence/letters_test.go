package evidence

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// mbr is the value of MountedDevices for a partition of an MBR.
func mbr(signature uint32, off uint64) []byte {
	return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint32(nil, signature), off)
}

// lettersOf formats the letters of the volumes.
func lettersOf(e *Evidence) string {
	s := ""
	for _, v := range e.Volumes() {
		if s += v.Letter; v.Letter == "" {
			s += "-"
		}
	}
	return s
}

func TestAssignDevices(t *testing.T) {
	d := newDisk(64, 512).put32(0, diskSignatureOff, 0x4f781bc6).entry(0, 0, 0, 7, 8, 8).entry(0, 1, 0, 7, 16, 8).entry(0, 2, 0, 7, 24, 8)
	e, err := New("disk", bytes.NewReader(d.b), int64(len(d.b)))
	if err != nil {
		t.Fatal(err)
	}
	if got := lettersOf(e); got != "---" {
		t.Errorf("before: %s", got)
	}
	if !e.assignDevices(map[string][]byte{
		`\DosDevices\C:`: mbr(0x4f781bc6, 16*512),
		`\dosdevices\c:`: mbr(0x4f781bc6, 24*512), // a letter that is already assigned
		`\DosDevices\D:`: mbr(0x4f781bc6, 8*512),
		`\DosDevices\G:`: mbr(0x4f781bc6, 8*512),  // a volume that has a letter
		`\DosDevices\E:`: mbr(0x11111111, 24*512), // another disk
		`\DosDevices\F:`: []byte(`_??_USBSTOR#Disk`),
		`\??\Volume{3f2504e0-4f89-11d3-9a0c-0305e82c3301}`: mbr(0x4f781bc6, 16*512),
		`#{nonsense}`: nil,
	}) {
		t.Error("no volume was named")
	}
	if got := lettersOf(e); got != "DC-" {
		t.Errorf("MBR: %s, want DC-", got)
	}
	if v, p, err := e.Resolve(`\\?\Volume{3F2504E0-4F89-11D3-9A0C-0305E82C3301}\`); err != nil || v.Name != "partition 2" || p != "." {
		t.Errorf("volume GUID: %v, %q, %v", v, p, err)
	}

	d = newDisk(128, 512).gpt(1, 127, 2, gptPart{40, 79, ""}, gptPart{80, 99, ""}).gpt(127, 1, 100, gptPart{40, 79, ""}, gptPart{80, 99, ""})
	if e, err = New("disk", bytes.NewReader(d.b), int64(len(d.b))); err != nil {
		t.Fatal(err)
	}
	e.assignDevices(map[string][]byte{`\DosDevices\C:`: append([]byte("DMIO:ID:"), (&winid.GUID{2})[:]...)})
	if got := lettersOf(e); got != "-C" {
		t.Errorf("GPT: %s, want -C", got)
	}
}

func TestDefaultLetters(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files []string
		want  string
	}{
		{"folders are named by their letters", []string{"C/a", "D/Windows/b"}, "CD"},
		{"the only one", []string{"uploads/ntfs/%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy1/a"}, "C"},
		{"the one that holds Windows", []string{
			"uploads/ntfs/%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy1/a",
			"uploads/ntfs/%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy2/Windows/a"}, "-C"},
		{"several, but none with Windows", []string{"D/a", "E/a"}, "DE"},
	} {
		if got := lettersOf(open(t, write(t, tt.files...))); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// The offsets of the two partitions on the disks of the tests below, and the
// signature of the disk.
const (
	firstPartition  = 1 << 20
	secondPartition = 9 << 20
	testDisk        = 0x4b524d42 // of mfttest.Disk
)

// diskOf writes a disk of two volumes that hold these files.
func diskOf(t *testing.T, first, second []mfttest.File) []byte {
	t.Helper()
	var parts []mfttest.Partition
	for _, files := range [][]mfttest.File{first, second} {
		b, err := mfttest.Volume{Size: 8 << 20, Files: files}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, mfttest.Partition{Data: b})
	}
	disk, err := mfttest.Disk(parts...)
	if err != nil {
		t.Fatal(err)
	}
	return disk
}

// systemHiveOf writes a SYSTEM hive whose MountedDevices has these values.
func systemHiveOf(t *testing.T, values ...registrytest.Value) []byte {
	t.Helper()
	var hive registrytest.Hive
	hive.Set("Select", time.Time{}, registrytest.DWord("Current", 1))
	if values != nil {
		hive.Key("MountedDevices", time.Time{}).Values = values
	}
	b, err := hive.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func letter(letter string, device []byte) registrytest.Value {
	return registrytest.Binary(`\DosDevices\`+letter+`:`, device)
}

// However a disk is opened, its volumes have the letters that Windows gave them. A
// hive that cannot be read costs the letters and nothing else. It is a problem of the
// evidence unless it is only absent.
func TestLettersOfTheRegistry(t *testing.T) {
	first, second := mbr(testDisk, firstPartition), mbr(testDisk, secondPartition)
	hive := func(data []byte) mfttest.File { return mfttest.File{Path: systemHive, Data: data} }
	data := mfttest.File{Path: "web/sqlserver.exe", Data: []byte("MZ")}
	cmd := mfttest.File{Path: "Windows/System32/cmd.exe", Data: []byte("MZ")}
	swapped := hive(systemHiveOf(t, letter("C", first), letter("E", second)))
	otherDisk := hive(systemHiveOf(t, letter("C", mbr(0x11111111, firstPartition)), letter("D", mbr(0x11111111, secondPartition))))
	cut := systemHiveOf(t, letter("D", first), letter("C", second))
	at := bytes.Index(cut, []byte(`\DosDevices\D:`)) - 20 // the cell of that value
	copy(cut[at:], "xx")
	var many []registrytest.Value
	for i := range maxDevices + 10 {
		many = append(many, registrytest.Binary(fmt.Sprintf(`\??\Volume{%08x-4f89-11d3-9a0c-0305e82c3301}`, i), first))
	}
	for _, tt := range []struct {
		name          string
		first, second []mfttest.File
		want          string
		problems      []string
	}{
		{"the case drive-letters", []mfttest.File{data}, []mfttest.File{cmd, hive(systemHiveOf(t, letter("D", first), letter("C", second)))}, "DC", nil},
		{"Windows on E:", []mfttest.File{data}, []mfttest.File{cmd, swapped}, "CE", nil},
		{"no registry", []mfttest.File{data}, []mfttest.File{cmd}, "-C", nil},
		{"no MountedDevices", []mfttest.File{data}, []mfttest.File{cmd, hive(systemHiveOf(t))}, "-C", nil},
		{"a registry that names only another disk", []mfttest.File{data}, []mfttest.File{cmd, otherDisk}, "-C", nil},
		{"the first registry that names a volume counts", []mfttest.File{cmd, otherDisk}, []mfttest.File{cmd, swapped}, "CE", nil},
		{"if two do, the first counts", []mfttest.File{cmd, swapped}, []mfttest.File{cmd, hive(systemHiveOf(t, letter("X", first)))}, "CE", nil},
		{"one letter is known, the other volume holds Windows", []mfttest.File{data}, []mfttest.File{cmd, hive(systemHiveOf(t, letter("F", first)))}, "FC", nil},
		{"a value is damaged", []mfttest.File{data}, []mfttest.File{cmd, hive(cut)}, "-C", []string{
			fmt.Sprintf("malformed: disk.raw: partition 2/Windows/System32/config/SYSTEM: MountedDevices: value signature at %#x: got \"xx\", want \"vk\"", at)}},
		{"not a hive", []mfttest.File{data}, []mfttest.File{cmd, hive([]byte("attacker was here"))}, "-C", []string{
			"malformed: disk.raw: partition 2/Windows/System32/config/SYSTEM: "}},
		{"a folder", []mfttest.File{data}, []mfttest.File{cmd, {Path: systemHive, Dir: true}}, "-C", []string{
			"malformed: disk.raw: partition 2/Windows/System32/config/SYSTEM: MountedDevices: reading: open Windows/System32/config/SYSTEM: is a directory"}},
		{"a large hive is read in part", []mfttest.File{data}, []mfttest.File{cmd,
			{Path: systemHive, Data: append(systemHiveOf(t, letter("E", first), letter("C", second)), make([]byte, maxSystemHive)...), Sparse: true}}, "EC", []string{
			"limit: disk.raw: partition 2/Windows/System32/config/SYSTEM: MountedDevices: size of the hive: got 67117056, want ≤ 67108864; drive letters are read from its first 64 MiB"}},
		{"many values", []mfttest.File{data}, []mfttest.File{cmd, hive(systemHiveOf(t, many...))}, "-C", []string{
			"limit: disk.raw: partition 2/Windows/System32/config/SYSTEM: MountedDevices: values: got more, want ≤ 4096 values and 67108864 bytes"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			image := diskOf(t, tt.first, tt.second)
			e, err := New("disk.raw", bytes.NewReader(image), int64(len(image)))
			if err != nil {
				t.Fatal(err)
			}
			if got := lettersOf(e); got != tt.want {
				t.Errorf("letters %s, want %s", got, tt.want)
			}
			var problems []string
			for p := range e.TableProblems() {
				problems = append(problems, p.String())
			}
			if !slices.EqualFunc(problems, tt.problems, strings.HasPrefix) {
				t.Errorf("problems\n%s\nwant\n%s", strings.Join(problems, "\n"), strings.Join(tt.problems, "\n"))
			}
			name := filepath.Join(t.TempDir(), "disk.raw")
			if err := os.WriteFile(name, image, 0o600); err != nil {
				t.Fatal(err)
			}
			if got := lettersOf(open(t, name)); got != tt.want {
				t.Errorf("by Open: letters %s, want %s", got, tt.want)
			}
		})
	}
}

// Each of several installations of Windows gives the volumes letters of its own.
func TestOwnLetters(t *testing.T) {
	first, second := mbr(testDisk, firstPartition), mbr(testDisk, secondPartition)
	hive := func(values ...registrytest.Value) mfttest.File {
		return mfttest.File{Path: systemHive, Data: systemHiveOf(t, values...)}
	}
	data := mfttest.File{Path: "web/sqlserver.exe", Data: []byte("MZ")}
	cmd := mfttest.File{Path: "Windows/System32/cmd.exe", Data: []byte("MZ")}
	for _, tt := range []struct {
		name          string
		first, second []mfttest.File
		want          string // letters, and own letters
	}{
		{"two, each on C", []mfttest.File{cmd, hive(letter("C", first), letter("D", second))}, []mfttest.File{cmd, hive(letter("C", second), letter("E", first))}, "CD CC"},
		{"two without a registry", []mfttest.File{cmd}, []mfttest.File{cmd}, "C- CC"},
		{"one, not on C", []mfttest.File{data}, []mfttest.File{cmd, hive(letter("C", first), letter("E", second))}, "CE -E"},
		{"a copy of the system on a data volume", []mfttest.File{cmd, hive(letter("C", first), letter("D", second))}, []mfttest.File{cmd, hive(letter("C", first), letter("D", second))}, "CD CD"},
	} {
		image := diskOf(t, tt.first, tt.second)
		e, err := New("disk.raw", bytes.NewReader(image), int64(len(image)))
		if err != nil {
			t.Fatal(err)
		}
		got := lettersOf(e) + " "
		for _, v := range e.Volumes() {
			got += cmp.Or(v.OwnLetter(), "-")
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	if (*Volume)(nil).OwnLetter() != "" || (&Volume{}).OwnLetter() != "" {
		t.Error("no volume has a letter of its own")
	}
}

// A sparse hive may have any size. No more of it is read than the limit.
func TestLettersOfAHugeHive(t *testing.T) {
	hive := &holes{content: systemHiveOf(t, letter("D", mbr(testDisk, firstPartition))), size: 1 << 40}
	e := &Evidence{name: "disk.raw"}
	devices := e.mountedDevices(&Volume{Letter: "C", FS: hive})
	if len(devices) != 1 || hive.read > maxSystemHive {
		t.Errorf("%d devices after %d bytes", len(devices), hive.read)
	}
	want := `limit: disk.raw: C:\Windows\System32\config\SYSTEM: MountedDevices: size of the hive: got 1099511627776, want ≤ 67108864; drive letters are read from its first 64 MiB`
	if len(e.problems) != 1 || e.problems[0].String() != want {
		t.Errorf("problems %v\nwant %s", e.problems, want)
	}
}

// holes is a file system of one file, in which everything but the beginning is zero.
type holes struct {
	content []byte
	size    int64
	read    int64 // end of the furthest read
}

func (h *holes) Open(string) (fs.File, error) {
	return &openFile{io.NewSectionReader(h, 0, h.size), fileInfo{size: h.size, mode: 0o444}, nil}, nil
}

func (h *holes) ReadAt(b []byte, off int64) (int, error) {
	clear(b)
	if off < int64(len(h.content)) {
		copy(b, h.content[off:])
	}
	h.read = max(h.read, off+int64(len(b)))
	return len(b), nil
}

// A disk opens even if reading the hive fails.
func TestLettersOfAFailingDisk(t *testing.T) {
	files := []mfttest.File{{Path: "Windows/System32/cmd.exe", Data: []byte("MZ")}, {Path: systemHive, Data: systemHiveOf(t, letter("D", mbr(testDisk, secondPartition)))}}
	image := diskOf(t, nil, files)
	e, err := New("disk.raw", failing{image, int64(bytes.Index(image, []byte("regf")))}, int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	if got := lettersOf(e); got != "-C" {
		t.Errorf("letters %s, want -C", got)
	}
	var problems []string
	for p := range e.TableProblems() {
		problems = append(problems, p.String())
	}
	if want := "malformed: disk.raw: partition 2/Windows/System32/config/SYSTEM: "; len(problems) != 1 || !strings.HasPrefix(problems[0], want) || !strings.HasSuffix(problems[0], errBadSector.Error()) {
		t.Errorf("problems %q, want %s… %v", problems, want, errBadSector)
	}
}

// failing is an image with one sector that cannot be read.
type failing struct {
	image []byte
	bad   int64
}

var errBadSector = errors.New("bad sector")

func (f failing) ReadAt(b []byte, off int64) (int, error) {
	if off <= f.bad && f.bad < off+int64(len(b)) {
		return copy(b, f.image[off:f.bad]), errBadSector
	}
	return bytes.NewReader(f.image).ReadAt(b, off)
}
