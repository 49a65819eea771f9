package origin

import (
	"path"
	"strings"
	"testing"
)

// Each row recognizes a name that its program gives, and none recognizes another.
func TestFirstNames(t *testing.T) {
	used := map[*firstName]bool{}
	for name, by := range map[string]string{
		"Unconfirmed 4711.crdownload": "Chrome", "setup.exe.part": "Firefox", "kFz1tQ9v.exe.part": "Firefox", "setup.exe.abc123.partial": "Internet Explorer",
		"tool.opdownload": "Opera", "BIT4F2A.tmp": "BITS",
		"setup.exe": "", "BITMAP.tmp": "", "bit.tmp": "", "4F2A.tmp": "", "spare.parts": "", "part": "", "x.crdownload.exe": "",
	} {
		got := downloadName(strings.ToLower(name))
		if got == nil && by != "" || got != nil && (by == "" || !strings.HasPrefix(got.by, by)) {
			t.Errorf("%s: %+v, want %q", name, got, by)
		}
		used[got] = true
	}
	for i := range firstNames {
		if !used[&firstNames[i]] {
			t.Errorf("no name of the tests is one of %+v", firstNames[i])
		}
	}
}

func TestFirstFolders(t *testing.T) {
	used := map[*firstFolder]bool{}
	for name, by := range map[string]string{
		"Temp1_kit.zip": "the Explorer", "Rar$EXa4711.12345": "WinRAR", "Rar$DIa0.123": "WinRAR", "7zO4A1B2C3D": "7-Zip", "7zE4A1B2C3D": "7-Zip",
		"Temp": "", "Temp1_kit": "", "kit.zip": "", "7-Zip": "", "Rar$": "", "7zO": "",
	} {
		got := extractionFolder(name)
		if got == nil && by != "" || got != nil && got.by != by {
			t.Errorf("%s: %+v, want %q", name, got, by)
		}
		used[got] = true
	}
	for i := range firstFolders {
		if !used[&firstFolders[i]] {
			t.Errorf("no folder of the tests is one of %+v", firstFolders[i])
		}
	}
}

func TestArchiveNames(t *testing.T) {
	for _, ext := range archiveNames {
		if name := "Kit" + strings.ToUpper(ext); !isArchiveName(name) || stem(name) != "Kit" {
			t.Errorf("%s is not the name of an archive", name)
		}
	}
	for _, name := range []string{"kit", "kit.exe", ".zip.txt", ""} {
		if isArchiveName(name) || stem(name) != strings.TrimSuffix(name, path.Ext(name)) {
			t.Errorf("%s is the name of an archive", name)
		}
	}
}
