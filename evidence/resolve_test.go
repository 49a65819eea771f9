package evidence

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestResolve(t *testing.T) {
	e := open(t, write(t, "C/Windows/System32/cmd.exe", "C/Users/Ünal/Down loads/a.exe", "C/Users/Ünal/Down loads/a.exe%3AZone.Identifier", "D/data/only-here.txt"))
	for name, want := range map[string]string{
		`C:\Windows\System32\cmd.exe`:                    "C Windows/System32/cmd.exe",
		`c:\WINDOWS\system32\CMD.EXE`:                    "C Windows/System32/cmd.exe",
		`C:/windows/system32/cmd.exe`:                    "C Windows/System32/cmd.exe",
		`\\?\C:\Windows\System32\cmd.exe`:                "C Windows/System32/cmd.exe",
		`\\.\C:\Windows`:                                 "C Windows",
		`\??\C:\Windows\System32\cmd.exe`:                "C Windows/System32/cmd.exe",
		`\SystemRoot\System32\cmd.exe`:                   "C Windows/System32/cmd.exe",
		`%SystemRoot%\System32\cmd.exe`:                  "C Windows/System32/cmd.exe",
		`%systemdrive%\windows`:                          "C Windows",
		`\Windows\System32\cmd.exe`:                      "C Windows/System32/cmd.exe",
		`windows/system32/cmd.exe`:                       "C Windows/System32/cmd.exe",
		`C:\Users\ünal\down loads\A.EXE:zone.identifier`: "C Users/Ünal/Down loads/a.exe:Zone.Identifier",
		`C:\..\..\Windows`:                               "C Windows",
		`C:\`:                                            "C .",
		`C:`:                                             "C .",
		`D:\data\only-here.txt`:                          "D data/only-here.txt",
		`data/only-here.txt`:                             "D data/only-here.txt",
		`D/data/only-here.txt`:                           "D data/only-here.txt",
	} {
		v, p, err := e.Resolve(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := v.Name + " " + p; got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

func TestResolveNearest(t *testing.T) {
	e := open(t, write(t,
		"C/Program Files/Microsoft SQL Server/MSSQL/Binn/sqlservr.exe",
		"C/inetpub/wwwroot/uploads/sqlserver.exe",
		"C/inetpub/wwwroot/uploads/sqlserver.exe%3AZone.Identifier",
		"C/Windows/System32/cmd.exe", "D/backup/cmd.exe"))
	for _, tt := range []struct {
		path string
		want []string
	}{
		{`C:\Program Files\Microsoft SQL Server\MSSQL\Binn\sqlserver.exe`,
			[]string{`C:\Program Files\Microsoft SQL Server\MSSQL\Binn\sqlservr.exe`, `C:\inetpub\wwwroot\uploads\sqlserver.exe`}},
		{`C:\inetpud\wwwroot\uploads\sqlserver.exe`, []string{`C:\inetpub\wwwroot\uploads\sqlserver.exe`}},
		{`C:\inetpub\wwwroot\uploads\sqlserver`, []string{`C:\inetpub\wwwroot\uploads\sqlserver.exe`}},
		{`C:\inetpub\wwwroot\uploads\sqlserver.exe:Zone`, []string{`C:\inetpub\wwwroot\uploads\sqlserver.exe:Zone.Identifier`, `C:\inetpub\wwwroot\uploads\sqlserver.exe`}},
		{`E:\backup\cmd.exe`, []string{`D:\backup\cmd.exe`, `C:\Windows\System32\cmd.exe`}},
		{`C:\Windows\Temp\nothing-like-it.bin`, []string{`C:\Windows`}},
		{`E:\nothing-like-it.bin`, []string{`C:\`, `D:\`}},
		{`quite/another/thing`, nil},
	} {
		_, _, err := e.Resolve(tt.path)
		var nf *NotFoundError
		if !errors.As(err, &nf) || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", tt.path, err)
			continue
		}
		if nf.Path != tt.path || !slices.Equal(nf.Nearest, tt.want) {
			t.Errorf("%s\ngot  %q\nwant %q", nf.Path, nf.Nearest, tt.want)
		}
		for _, near := range nf.Nearest {
			if _, _, err := e.Resolve(near); err != nil {
				t.Errorf("proposed %s: %v", near, err)
			}
		}
	}
	err := &NotFoundError{Path: `C:\a`, Nearest: []string{`C:\b`, `C:\c`}}
	if got, want := err.Error(), `C:\a: not in the evidence; nearest: C:\b, C:\c`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b  string
		limit int
		want  int
	}{
		{"", "", 2, 0}, {"abc", "abc", 2, 0}, {"sqlserver", "sqlservr", 2, 1}, {"svchost", "scvhost", 2, 1},
		{"kitten", "sitting", 3, 3}, {"a", "abcdef", 2, 3},
	} {
		if got := distance([]rune(tt.a), []rune(tt.b), tt.limit); got != tt.want {
			t.Errorf("distance(%s, %s) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

// In evidence of several machines a path that more than one has needs a machine.
func TestSeveralMachines(t *testing.T) {
	ev, err := OpenFS("case", fstest.MapFS{
		"WEB01/C/Windows/win.ini": {}, "DC02/C/Windows/win.ini": {}, "DC02/D/x.txt": {}, "WEB01/C/Users/a.exe": {},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer ev.Close()
	for path, want := range map[string]string{
		`C:\Users\a.exe`:           `WEB01:C:\Users\a.exe`,
		`a.exe`:                    `WEB01:C:\Users\a.exe`,
		`web01:c:\windows\win.ini`: `WEB01:C:\Windows\win.ini`,
		`DC02:C:/Windows/win.ini`:  `DC02:C:\Windows\win.ini`,
		`DC02:Windows/win.ini`:     `DC02:C:\Windows\win.ini`,
		`D:\x.txt`:                 `DC02:D:\x.txt`,
		`C:\Windows\win.ini`:       `C:\Windows\win.ini: 2 files match: DC02:C:\Windows\win.ini, WEB01:C:\Windows\win.ini`,
		`win.ini`:                  `win.ini: 2 files match: DC02:C:\Windows\win.ini, WEB01:C:\Windows\win.ini`,
		`DC02:C:\Users\a.exe`:      `DC02:C:\Users\a.exe: not in the evidence`,
	} {
		m, err := ev.Locate(t.Context(), path)
		got := m.Path()
		if err != nil {
			got, _, _ = strings.Cut(err.Error(), ";")
		}
		if got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}
