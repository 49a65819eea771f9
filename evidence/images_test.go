package evidence

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/archive/archivetest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// A folder of images is one of machines, and each has its name.
func TestFolderOfImages(t *testing.T) {
	dir := t.TempDir()
	volume := func(file string) []byte {
		b, err := mfttest.Volume{Files: []mfttest.File{{Path: "Users/a/" + file, Data: []byte("MZ")}, {Path: "Users/a/both.exe", Data: []byte("MZ")}}}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return append(b, make([]byte, max(0, 3<<20-len(b)))...)
	}
	put := func(name string, b []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	web, db := volume("web.exe"), volume("db.exe")
	put("WEB01.raw", web)
	put("DB01.001", db[:2<<20])
	put("DB01.002", db[2<<20:])
	put("notes.txt", []byte("acquired by me"))
	e := open(t, dir)
	var got []string
	for _, v := range e.Volumes() {
		got = append(got, v.Machine+" "+v.Name+" "+v.Kind.String()+" "+v.Letter)
	}
	if text := strings.Join(got, "; "); e.Kind() != "folder of images" || text != "DB01 DB01/volume ntfs C; WEB01 WEB01/volume ntfs C" {
		t.Errorf("%s: %s", e.Kind(), text)
	}
	for name, want := range map[string]string{`C:\Users\a\web.exe`: `WEB01:C:\Users\a\web.exe`, `DB01:C:\Users\a\db.exe`: `DB01:C:\Users\a\db.exe`} {
		if m, err := e.Locate(t.Context(), name); err != nil || m.Path() != want {
			t.Errorf("%s: %s, %v", name, m.Path(), err)
		}
	}
	if _, err := e.Locate(t.Context(), `C:\Users\a\both.exe`); err == nil || !strings.Contains(err.Error(), `DB01:C:\Users\a\both.exe, WEB01:C:\Users\a\both.exe`) {
		t.Errorf("a file of both machines: %v", err)
	}

	put("broken.vhdx", append([]byte("vhdxfile"), make([]byte, 1<<20)...)) // a problem, and the others open
	e = open(t, dir)
	n := 0
	for p := range e.TableProblems() {
		if n++; !strings.Contains(p.Err.Error(), "broken.vhdx") {
			t.Error(p.Err)
		}
	}
	if n != 1 || len(e.Volumes()) != 2 {
		t.Errorf("%d problems, %d volumes", n, len(e.Volumes()))
	}

	put("Security.evtx", append([]byte("ElfFile\x00"), make([]byte, 4096)...)) // then it is a folder of artifacts
	if e := open(t, dir); e.Kind() != "folder" {
		t.Errorf("with a log: %s", e.Kind())
	}

	alone := t.TempDir()
	if err := os.WriteFile(filepath.Join(alone, "disk.raw"), web, 0o600); err != nil {
		t.Fatal(err)
	}
	if e := open(t, alone); len(e.Volumes()) != 1 || e.Volumes()[0].Machine != "" {
		t.Errorf("a folder of one image: %v", e.Volumes())
	}
	if !bytes.HasPrefix(web, []byte("\xeb")) {
		t.Error("the volume does not begin with a boot sector")
	}
}

// qcow2Over returns a qcow2 image of which nothing was written since its backing file.
func qcow2Over(backing string, size int) []byte {
	const cluster = 1 << 16
	b := make([]byte, 3*cluster)
	copy(b, "QFI\xfb")
	put := func(off int, v uint64, n int) {
		binary.BigEndian.PutUint64(b[off:], v<<(64-8*n))
	}
	put(0x04, 2, 4)
	put(0x08, 0x100, 8)
	put(0x10, uint64(len(backing)), 4)
	put(0x14, 16, 4)
	put(0x18, uint64(size), 8)
	put(0x24, 1, 4)
	put(0x28, cluster, 8)
	put(0x30, 2*cluster, 8)
	put(0x38, 1, 4)
	copy(b[0x100:], backing)
	return b
}

// The folder of a virtual machine holds its disks and their snapshots: a parent of another image
// is not another machine, and the disks that one description names are those of one machine.
func TestFolderOfVirtualMachine(t *testing.T) {
	volume := func(file string) []byte {
		b, err := mfttest.Volume{Files: []mfttest.File{{Path: file, Data: []byte("MZ")}}}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return append(b, make([]byte, max(0, 3<<20-len(b)))...)
	}
	system, data := volume("Windows/System32/a.exe"), volume("inetpub/b.exe")
	over := func(name string) []byte { return qcow2Over("/vm/"+name, len(system)) }
	for _, tt := range []struct {
		name  string
		files map[string][]byte
		want  string // the volumes with their letters
		notes int
	}{
		{"a snapshot", map[string][]byte{"base.raw": system, "snap.qcow2": over("base.raw")}, "volume C", 1},
		{"a snapshot of a snapshot", map[string][]byte{"a.raw": system, "c.qcow2": over("a.raw"), "b.qcow2": over("c.qcow2")}, "volume C", 2},
		{"a snapshot whose parent is elsewhere", map[string][]byte{"base.raw": system, "snap.qcow2": over("other.raw")}, "base/volume C", 1},
		{"a machine and a snapshot of another one", map[string][]byte{"base.raw": system, "snap.qcow2": over("base.raw"), "db.raw": data}, "db/volume C, snap/volume C", 1},
		{"two disks of one machine", map[string][]byte{"a.raw": data, "b.raw": system, "web.vmx": []byte("x")}, "a/volume , b/volume C", 0},
		{"two disks of one machine, with a snapshot", map[string][]byte{"a.raw": data, "b.raw": system, "b2.qcow2": over("b.raw"), "web.VBOX": []byte("x")}, "a/volume , b2/volume C", 1},
		{"the disks of two machines", map[string][]byte{"a.raw": data, "b.raw": system, "a.vmx": []byte("x"), "b.vmx": []byte("x")}, "a/volume C, b/volume C", 0},
	} {
		dir := t.TempDir()
		var members []member
		for name, b := range tt.files {
			if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
				t.Fatal(err)
			}
			members = append(members, member{Name: name, Content: b})
		}
		zip := filepath.Join(t.TempDir(), "vm.zip")
		if err := os.WriteFile(zip, archivetest.Zip(t, members...), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{dir, zip} {
			e := open(t, name)
			var got []string
			for _, v := range e.Volumes() {
				got = append(got, v.Name+" "+v.Letter)
			}
			slices.Sort(got)
			notes := 0
			for p := range e.TableProblems() {
				if notes++; !strings.Contains(p.String(), "the parent of") && tt.name != "a snapshot whose parent is elsewhere" {
					t.Errorf("%s: %v", tt.name, p)
				}
			}
			if s := strings.Join(got, ", "); s != tt.want || notes != tt.notes {
				t.Errorf("%s: %s: %s, %d notes; want %s, %d", tt.name, filepath.Base(name), s, notes, tt.want, tt.notes)
			}
		}
	}
}

// The images of a case are in folders of their own. Their machines have different names.
func TestImagesInFolders(t *testing.T) {
	volume := func(file string) []byte {
		b, err := mfttest.Volume{Files: []mfttest.File{{Path: file, Data: []byte("MZ")}}}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return append(b, make([]byte, max(0, 3<<20-len(b)))...)
	}
	a, b := volume("a.exe"), volume("b.exe")
	log := append([]byte("ElfFile\x00"), make([]byte, 4096)...)
	collection := archivetest.Zip(t, member{Name: "C/Windows/win.ini", Content: []byte("x")})
	for _, tt := range []struct {
		name  string
		files map[string][]byte
		kind  string // of the folder
		want  string
		notes int
	}{
		{"one", map[string][]byte{"case/WS01/disk.raw": a, "case/notes.txt": []byte("x")}, "folder of images", "volume", 0},
		{"two of different names", map[string][]byte{"WS01/a.raw": a, "WS02/b.raw": b}, "folder of images", "a/volume b/volume", 0},
		{"two of the same name", map[string][]byte{"WS01/disk.raw": a, "WS02/DISK.raw": b}, "folder of images", "WS01/volume WS02/volume", 0},
		{"two of the same name in folders of the same name", map[string][]byte{"x/WS01/disk.raw": a, "x/disk.raw": b}, "folder of images", "x/WS01/volume x/volume", 0},
		{"that differ in their extensions", map[string][]byte{"x/disk.raw": a, "x/disk.img": b}, "folder of images", "x/disk.img/volume x/disk.raw/volume", 0},
		{"in parts", map[string][]byte{"WS01/disk.001": a[:2<<20], "WS01/disk.002": a[2<<20:], "WS02/disk.001": b[:2<<20], "WS02/disk.002": b[2<<20:]}, "folder of images", "WS01/volume WS02/volume", 0},
		{"collections", map[string][]byte{"WS01/c.zip": collection, "WS02/c.zip": collection}, "folder of images", "WS01/C WS02/C", 0},
		{"an image among artifacts", map[string][]byte{"disk.raw": a, "Security.evtx": log}, "folder", "", 1},
		{"an image among artifacts in folders", map[string][]byte{"WS01/disk.raw": a, "logs/Security.evtx": log}, "folder", "", 1},
		{"an image beside a folder of artifacts", map[string][]byte{"disk.raw": a, "logs/Security.evtx": log}, "folder of images", "volume", 0},
	} {
		dir := t.TempDir()
		for name, b := range tt.files {
			file := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		e := open(t, dir)
		var got []string
		for _, v := range e.Volumes() {
			if e.Kind() != "folder" {
				got = append(got, v.Name)
			}
		}
		slices.Sort(got)
		notes := 0
		for p := range e.TableProblems() {
			if notes++; !strings.Contains(p.String(), "disk.raw: image: got one among artifacts, want it alone; it was not opened") {
				t.Errorf("%s: %v", tt.name, p)
			}
		}
		if s := strings.Join(got, " "); e.Kind() != tt.kind || s != tt.want || notes != tt.notes {
			t.Errorf("%s: %s: %s, %d notes; want %s: %s, %d", tt.name, e.Kind(), s, notes, tt.kind, tt.want, tt.notes)
		}
	}
}
