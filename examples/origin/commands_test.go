package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// Each folder of the found case has a file and one command that starts it, in a style of
// its own.
func TestFoundCommandStyles(t *testing.T) {
	folders, err := filepath.Glob(filepath.Join(testenv.Found(t, "registry/origin-command-styles"), "*", "Windows"))
	if err != nil || len(folders) != 10 {
		t.Fatalf("%d folders, want 10: %v", len(folders), err)
	}
	for _, windows := range folders {
		dir := filepath.Dir(windows)
		file := ""
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.Name() == "evil.exe" {
				file, err = filepath.Rel(dir, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		startedBy(t, dir, `C:\`+strings.ReplaceAll(filepath.ToSlash(file), "/", `\`), "Ev")
	}
}

// The same styles, and more, as the command of a service and of a user's Run value.
func TestCommandStyles(t *testing.T) {
	when := time.Date(2026, 3, 2, 13, 54, 5, 0, time.UTC)
	for name, tt := range map[string]struct{ command, path string }{
		"a doubled backslash":   {`C:\ProgramData\Up\\evil.exe`, `C:\ProgramData\Up\evil.exe`},
		"a folder and back":     {`C:\ProgramData\X\..\Up\evil.exe`, `C:\ProgramData\Up\evil.exe`},
		"no extension":          {`C:\ProgramData\Up\evil`, `C:\ProgramData\Up\evil.exe`},
		"%ProgramData%":         {`%ProgramData%\Up\evil.exe`, `C:\ProgramData\Up\evil.exe`},
		"%ALLUSERSPROFILE%":     {`%ALLUSERSPROFILE%\Up\evil.exe`, `C:\ProgramData\Up\evil.exe`},
		"%COMSPEC%":             {`%COMSPEC% /c %ProgramData%\Up\evil.exe`, `C:\ProgramData\Up\evil.exe`},
		"a share":               {`\\127.0.0.1\C$\ProgramData\Up\evil.exe`, `C:\ProgramData\Up\evil.exe`},
		"cd":                    {`cmd /c cd /d C:\ProgramData\Up && evil.exe`, `C:\ProgramData\Up\evil.exe`},
		"carets":                {`cmd /c C:\Program^Data\Up\ev^il.exe`, `C:\ProgramData\Up\evil.exe`},
		"rundll32":              {`rundll32 shell32.dll,ShellExec_RunDLL C:\ProgramData\Up\evil.exe`, `C:\ProgramData\Up\evil.exe`},
		"conhost":               {`conhost --headless C:\ProgramData\Up\evil.exe`, `C:\ProgramData\Up\evil.exe`},
		"powershell":            {`powershell -c "cd C:\ProgramData\Up; .\evil.exe"`, `C:\ProgramData\Up\evil.exe`},
		"%ProgramFiles(x86)%":   {`"%ProgramFiles(x86)%\X\evil.exe"`, `C:\Program Files (x86)\X\evil.exe`},
		"%PUBLIC%":              {`%PUBLIC%\evil.exe`, `C:\Users\Public\evil.exe`},
		"%APPDATA%":             {`%APPDATA%\evil.exe`, `C:\Users\alice\AppData\Roaming\evil.exe`},
		"%TEMP%":                {`%TEMP%\evil.exe`, `C:\Users\alice\AppData\Local\Temp\evil.exe`},
		"%HOMEDRIVE%%HOMEPATH%": {`%HOMEDRIVE%%HOMEPATH%\evil.exe`, `C:\Users\alice\evil.exe`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var alice, software, system registrytest.Hive
			alice.Set(`Software\Microsoft\Windows\CurrentVersion\Run`, when, registrytest.ExpandSZ("Ev", tt.command))
			software.Set(`Microsoft\Windows\CurrentVersion\Run`, when)
			system.Set(`Select`, when, registrytest.DWord("Current", 1))
			system.Set(`ControlSet001\Services`, when)
			for name, h := range map[string]registrytest.Hive{"Users/alice/NTUSER.DAT": alice, "Windows/System32/config/SOFTWARE": software, "Windows/System32/config/SYSTEM": system} {
				b, err := h.Bytes()
				if err != nil {
					t.Fatal(err)
				}
				put(t, filepath.Join(dir, filepath.FromSlash(name)), b)
			}
			put(t, filepath.Join(dir, filepath.FromSlash(strings.ReplaceAll(tt.path[3:], `\`, "/"))), []byte("MZ"))
			startedBy(t, dir, tt.path, "Ev")
		})
	}
}

func put(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// startedBy checks that the answer names what starts a file.
func startedBy(t *testing.T, dir, path, name string) {
	t.Helper()
	code, out, problems := execute("-brief", dir, path)
	if code != 0 || !strings.Contains(out, name+" starts it (recorded)") {
		t.Errorf("%s: exit code %d: %s\n%s", path, code, problems, out)
	}
}
