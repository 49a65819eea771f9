package evidence

import (
	"bytes"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// The case: the junctions that every Windows has. A path over them is that of the file.
func TestFoundJunctions(t *testing.T) {
	e := open(t, testenv.UnpackedFound(t, "ntfs/junction-path/volume.raw.zst"))
	for name, want := range map[string]string{
		`C:\Documents and Settings\a\evil.exe`:      `C:\Users\a\evil.exe`,
		`c:\documents and settings\A\EVIL.EXE`:      `C:\Users\a\evil.exe`,
		`C:\Users\All Users\p.exe`:                  `C:\ProgramData\p.exe`,
		`C:\Documents and Settings\All Users\p.exe`: `C:\ProgramData\p.exe`,
	} {
		v, path, err := e.Resolve(name)
		if err != nil || v.WindowsPath(path) != want {
			t.Errorf("%s: %s, %v", name, v.WindowsPath(path), err)
		}
		if m, err := e.Locate(t.Context(), name); err != nil || m.Path() != want {
			t.Errorf("%s: %s, %v", name, m.Path(), err)
		}
	}
	if _, _, err := e.Resolve(`C:\Documents and Settings\a\gone.exe`); err == nil {
		t.Error("a file that does not exist was found")
	}
}

// A volume that is mounted in a folder of another, by its GUID, and links from one drive to another.
func TestLinksToOtherVolumes(t *testing.T) {
	first, second := mbr(testDisk, firstPartition), mbr(testDisk, secondPartition)
	link := func(tag byte, target string) []byte {
		b := []byte{tag, 0, 0, 0xa0, 0, 0, 0, 0, 0, 0, byte(2 * len(target)), 0, 0, 0, 0, 0}
		if tag == 0x0c { // a symbolic link has flags
			b = append(b, 0, 0, 0, 0)
		}
		return append(b, wtf8.Encode(target)...)
	}
	const guid = "{9b8b2c5a-4f89-11d3-9a0c-0305e82c3301}"
	hive := systemHiveOf(t, letter("C", first), letter("D", second), registrytest.Binary(`\??\Volume`+guid, second))
	image := diskOf(t, []mfttest.File{
		{Path: systemHive, Data: hive}, {Path: "Windows/System32/cmd.exe", Data: []byte("MZ")},
		{Path: "mnt", Dir: true, Reparse: link(3, `\??\Volume`+guid+`\`)},
		{Path: "Users/data", Dir: true, Reparse: link(0x0c, `\??\D:\tools`)},
		{Path: "other", Dir: true, Reparse: link(3, `\??\Volume{00000000-0000-0000-0000-000000000001}\`)},
	}, []mfttest.File{
		{Path: "tools/x.exe", Data: []byte("MZ")}, {Path: "back", Dir: true, Reparse: link(3, `\??\C:\mnt\back`)},
		{Path: "home", Dir: true, Reparse: link(3, `\??\C:\Windows`)},
	})
	e, err := New("disk.raw", bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		`C:\mnt\tools\x.exe`:                 `D:\tools\x.exe`,
		`C:\Users\data\X.EXE`:                `D:\tools\x.exe`,
		`D:\home\System32\cmd.exe`:           `C:\Windows\System32\cmd.exe`,
		`C:\mnt\home\system32\cmd.exe`:       `C:\Windows\System32\cmd.exe`,
		`\\?\Volume` + guid + `\tools\x.exe`: `D:\tools\x.exe`,
		`C:\mnt\back\x.exe`:                  "",
		`C:\other\x.exe`:                     "",
	} {
		v, path, err := e.Resolve(name)
		if got := v.WindowsPath(path); want != "" && (err != nil || got != want) || want == "" && err == nil {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}
