package evidence

import (
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
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
