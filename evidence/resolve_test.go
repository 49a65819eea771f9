package evidence

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"slices"
	"testing"

	"github.com/birthmark-dfir/birthmark/winid"
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

// lettersOf shows which volumes have which letters.
func lettersOf(e *Evidence) string {
	s := ""
	for _, v := range e.Volumes() {
		if s += v.Letter; v.Letter == "" {
			s += "-"
		}
	}
	return s
}

func TestAssignLetters(t *testing.T) {
	d := newDisk(64, 512).put32(0, diskSignatureOff, 0x4f781bc6).entry(0, 0, 0, 7, 8, 8).entry(0, 1, 0, 7, 16, 8).entry(0, 2, 0, 7, 24, 8)
	e, err := New("disk", bytes.NewReader(d.b), int64(len(d.b)))
	if err != nil {
		t.Fatal(err)
	}
	mbr := func(signature uint32, off uint64) []byte {
		return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint32(nil, signature), off)
	}
	if got := lettersOf(e); got != "---" {
		t.Errorf("before: %s", got)
	}
	e.AssignLetters(map[string][]byte{
		`\DosDevices\C:`: mbr(0x4f781bc6, 16*512),
		`\DosDevices\D:`: mbr(0x4f781bc6, 8*512),
		`\DosDevices\E:`: mbr(0x11111111, 24*512), // another disk
		`\DosDevices\F:`: []byte(`_??_USBSTOR#Disk`),
		`\??\Volume{3f2504e0-4f89-11d3-9a0c-0305e82c3301}`: mbr(0x4f781bc6, 16*512),
		`#{nonsense}`: nil,
	})
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
	e.AssignLetters(map[string][]byte{`\DosDevices\C:`: append([]byte("DMIO:ID:"), (&winid.GUID{2})[:]...)})
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
		{"folders say their letters", []string{"C/a", "D/Windows/b"}, "CD"},
		{"the only one", []string{"uploads/ntfs/%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy1/a"}, "C"},
		{"the one that holds Windows", []string{
			"uploads/ntfs/%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy1/a",
			"uploads/ntfs/%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy2/Windows/a"}, "-C"},
		{"none of several", []string{"D/a", "E/a"}, "DE"},
	} {
		if got := lettersOf(open(t, write(t, tt.files...))); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
