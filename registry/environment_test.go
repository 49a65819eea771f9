package registry_test

import (
	"slices"
	"testing"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// The variables of each hive, and the names that the shell has for programs.
func TestVariables(t *testing.T) {
	system := registrytest.Hive{Name: "SYSTEM"}
	system.Set(`Select`, when, registrytest.DWord("Current", 2))
	system.Set(`ControlSet001\Control\Session Manager\Environment`, when, registrytest.SZ("Old", "x"))
	system.Set(`ControlSet002\Control\Session Manager\Environment`, when, registrytest.ExpandSZ("Path", `%SystemRoot%;C:\Tools`), registrytest.DWord("Number", 7), registrytest.SZ("", "y"))
	software := registrytest.Hive{Name: "SOFTWARE"}
	software.Set(`Microsoft\Windows\CurrentVersion`, when, registrytest.SZ("ProgramFilesDir", `D:\Programme`))
	software.Set(`Microsoft\Windows NT\CurrentVersion\ProfileList`, when, registrytest.ExpandSZ("ProgramData", `%SystemDrive%\PD`))
	software.Set(`Microsoft\Windows\CurrentVersion\App Paths\a.exe`, when, registrytest.SZ("", `"C:\a b\a.exe"`), registrytest.SZ("Path", `C:\a b`))
	software.Set(`Microsoft\Windows\CurrentVersion\App Paths\empty.exe`, when)
	user := registrytest.Hive{Name: "NTUSER.DAT"}
	user.Set(`Control Panel`, when)
	user.Set(`Environment`, when, registrytest.SZ("TEMP", `C:\t`))
	user.Set(`Volatile Environment`, when, registrytest.SZ("APPDATA", `C:\Users\a\AppData\Roaming`))
	user.Set(`Software\Microsoft\Windows\CurrentVersion\App Paths\b.exe`, when, registrytest.SZ("", `C:\b.exe`))
	sam := registrytest.Hive{Name: "SAM"}
	sam.Set(`SAM\Domains`, when)
	for _, tt := range []struct {
		hive            registrytest.Hive
		variables, apps []string
	}{
		{system, []string{`Path=%SystemRoot%;C:\Tools`}, nil},
		{software, []string{`ProgramFiles=D:\Programme`, `ProgramW6432=D:\Programme`, `ProgramData=%SystemDrive%\PD`, `ALLUSERSPROFILE=%SystemDrive%\PD`}, []string{`a.exe=C:\a b\a.exe`}},
		{user, []string{`APPDATA=C:\Users\a\AppData\Roaming`, `TEMP=C:\t`}, []string{`b.exe=C:\b.exe`}},
		{sam, nil, nil},
	} {
		r := read(t, write(t, tt.hive))
		variables, err := registry.Variables(r)
		if got := said(variables); err != nil || !slices.Equal(got, tt.variables) {
			t.Errorf("%s: got %q, %v; want %q", tt.hive.Name, got, err, tt.variables)
		}
		apps, err := registry.AppPaths(r)
		if got := said(apps); err != nil || !slices.Equal(got, tt.apps) {
			t.Errorf("%s: got %q, %v; want %q", tt.hive.Name, got, err, tt.apps)
		}
	}
}

// said returns settings as text, and checks that each has its place.
func said(list []registry.Setting) (texts []string) {
	for _, s := range list {
		text := s.Value + "=" + s.Text
		if s.Key == "" || s.Offset <= 0 || s.LastWrite.IsZero() {
			text += " without a place"
		}
		texts = append(texts, text)
	}
	return texts
}
