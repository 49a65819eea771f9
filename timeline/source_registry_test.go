package timeline

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// systemHive has one service and one key that is not an autostart.
func systemHive(t *testing.T) []byte {
	t.Helper()
	h := registrytest.Hive{Name: "SYSTEM", LastWrite: day(12, 0, 0), Root: registrytest.Key{LastWrite: day(1, 0, 0)}}
	h.Set(`ControlSet001\Services`, day(2, 0, 0))
	h.Set(`ControlSet001\Control`, day(2, 0, 0))
	h.Set("Select", day(2, 0, 0), registrytest.DWord("Current", 1))
	h.Set(`ControlSet001\Services\sqlsrv`, day(12, 0, 5),
		registrytest.ExpandSZ("ImagePath", `%SystemRoot%\Temp\sqlserver.exe -k`), registrytest.DWord("Start", 2), registrytest.DWord("Type", 0x10))
	h.Set(`ControlSet001\Control\Quiet`, day(12, 0, 6), registrytest.SZ("x", "y"))
	return hiveBytes(t, h)
}

// userHive has a Run value.
func userHive(t *testing.T) []byte {
	t.Helper()
	h := registrytest.Hive{Name: "NTUSER.DAT", LastWrite: day(12, 0, 0), Root: registrytest.Key{LastWrite: day(1, 0, 0)}}
	h.Set(`Software\Microsoft\Windows\CurrentVersion`, day(2, 0, 0))
	h.Set(`Software\Microsoft\Windows\CurrentVersion\Run`, day(12, 0, 7), registrytest.SZ("Updater", `"c:\users\eve\u.exe" /s`))
	return hiveBytes(t, h)
}

func hiveBytes(t *testing.T, h registrytest.Hive) []byte {
	t.Helper()
	b, err := h.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func collect(t *testing.T, vol fs.FS, opts ...Option) *Timeline {
	t.Helper()
	tl, err := Collect(context.Background(), vol, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tl.Close(); err != nil {
			t.Error(err)
		}
	})
	return tl
}

func windowsWithHives(t *testing.T) fstest.MapFS {
	return fstest.MapFS{
		"Windows/System32/config/SYSTEM": {Data: systemHive(t)},
		"Users/eve/NTUSER.DAT":           {Data: userHive(t)},
	}
}

func TestRegistryEvents(t *testing.T) {
	tl := collect(t, windowsWithHives(t), WithDrive("D"))
	var got []string
	for e := range tl.Between(day(12, 0, 0), time.Time{}) {
		got = append(got, strings.Join([]string{e.Time.Format(time.TimeOnly), string(e.Kind), e.Source.Artifact, e.Source.Record, e.User, e.Path, e.Message}, " | "))
		if e.Source.Offset <= 0 || e.Source.Type != TypeRegistry || e.Desc == "" {
			t.Errorf("%s: source %+v, desc %q", e.Message, e.Source, e.Desc)
		}
	}
	want := []string{
		`12:00:05 | autostart.written | Windows/System32/config/SYSTEM | ControlSet001\Services\sqlsrv |  | D:\Windows\Temp\sqlserver.exe | the key of autostart service sqlsrv was written: HKLM\SYSTEM\ControlSet001\Services\sqlsrv = %SystemRoot%\Temp\sqlserver.exe -k`,
		`12:00:06 | registry.key_written | Windows/System32/config/SYSTEM | ControlSet001\Control\Quiet |  | HKLM\SYSTEM\ControlSet001\Control\Quiet | HKLM\SYSTEM\ControlSet001\Control\Quiet was written`,
		`12:00:07 | autostart.written | Users/eve/NTUSER.DAT | Software\Microsoft\Windows\CurrentVersion\Run | eve | C:\users\eve\u.exe | the key of autostart run Updater was written: HKU\eve\Software\Microsoft\Windows\CurrentVersion\Run = "c:\users\eve\u.exe" /s`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// The case of a drive letter does not matter.
func TestDriveLettersAreUpperCase(t *testing.T) {
	for _, letter := range []string{"d", "D"} {
		tl := collect(t, windowsWithHives(t), WithDrive(letter))
		var paths []string
		for e := range tl.ByKind(AutostartWritten) {
			paths = append(paths, e.Path)
		}
		if want := []string{`D:\Windows\Temp\sqlserver.exe`, `C:\users\eve\u.exe`}; !slices.Equal(paths, want) {
			t.Errorf("with drive %s: %q, want %q", letter, paths, want)
		}
	}
}

func TestAutostartsKeepTheirRecord(t *testing.T) {
	tl := collect(t, windowsWithHives(t))
	var commands []string
	for e := range tl.ByKind(AutostartWritten) {
		a, ok := e.Data.(registry.Autostart)
		if !ok {
			t.Fatalf("Data is a %T", e.Data)
		}
		commands = append(commands, a.Command)
	}
	if want := []string{`%SystemRoot%\Temp\sqlserver.exe -k`, `"c:\users\eve\u.exe" /s`}; !slices.Equal(commands, want) {
		t.Errorf("got %q, want %q", commands, want)
	}
	var hives []string
	for _, h := range tl.Hives() {
		hives = append(hives, h.Artifact+" "+h.User)
	}
	if want := []string{"Users/eve/NTUSER.DAT eve", "Windows/System32/config/SYSTEM "}; !slices.Equal(hives, want) {
		t.Errorf("got %q, want %q", hives, want)
	}
}

func TestRegistryCoverage(t *testing.T) {
	vol := windowsWithHives(t)
	vol["Windows/System32/config/SOFTWARE"] = &fstest.MapFile{Data: []byte("no hive at all")}
	truncated := vol["Users/eve/NTUSER.DAT"].Data
	vol["Users/mallory/NTUSER.DAT"] = &fstest.MapFile{Data: truncated[:len(truncated)/2]}
	tl := collect(t, vol, WithTypes(TypeRegistry))
	got := map[string]Coverage{}
	for _, c := range tl.Coverage() {
		got[c.Artifact] = c
	}
	for artifact, want := range map[string]struct {
		state    State
		name     string
		problems bool
	}{
		"Windows/System32/config/SYSTEM":   {Parsed, "SYSTEM", false},
		"Windows/System32/config/SOFTWARE": {Damaged, "", true},
		"Windows/System32/config/SAM":      {Absent, "SAM", false},
		"Users/eve/NTUSER.DAT":             {Parsed, "NTUSER", false},
	} {
		c, ok := got[artifact]
		if !ok {
			t.Errorf("%s is not covered", artifact)
		} else if c.State != want.state || c.Name != want.name || (c.ProblemCount > 0) != want.problems {
			t.Errorf("%s: got %+v, want %+v", artifact, c, want)
		}
	}
	if c := got["Windows/System32/config/SYSTEM"]; c.Records != 7 || c.First != day(1, 0, 0) || c.Last != day(12, 0, 6) {
		t.Errorf("SYSTEM: got %d keys from %v to %v", c.Records, c.First, c.Last)
	}
	if c := got["Users/mallory/NTUSER.DAT"]; c.ProblemCount == 0 {
		t.Error("half a hive has no problem")
	}
}
