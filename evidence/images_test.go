package evidence

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
