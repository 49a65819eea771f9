package winpath

import "testing"

func TestNormalizePath(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{``, ``},
		{`C:\Windows\x.exe`, `C:\Windows\x.exe`},
		{`c:/Windows/x.exe`, `C:\Windows\x.exe`},
		{`\??\c:\x.sys`, `C:\x.sys`},
		{`\\?\D:\x`, `D:\x`},
		{`\\.\D:\x`, `D:\x`},
		{`\??\UNC\host\share\x`, `\\host\share\x`},
		{`\\host\share\x`, `\\host\share\x`},
		{`\??\Volume{0}\x`, `\??\Volume{0}\x`},
		{`\Device\HarddiskVolume12\Windows\x`, `E:\Windows\x`},
		{`\device\harddiskvolume1\x`, `E:\x`},
		{`\Device\HarddiskVolume\x`, `\Device\HarddiskVolume\x`},
		{`\Device\HarddiskVolumeShadowCopy1\x`, `\Device\HarddiskVolumeShadowCopy1\x`},
		{`\SystemRoot\System32\x.sys`, `E:\Windows\System32\x.sys`},
		{`%systemroot%\x`, `E:\Windows\x`},
		{`%WinDir%\x`, `E:\Windows\x`},
		{`%SystemDrive%\x`, `E:\x`},
		{`%TEMP%\x`, `%TEMP%\x`},
		{`C:\PROGRA~1\x`, `C:\PROGRA~1\x`},
		{`C:relative`, `C:relative`},
		{`svchost.exe`, `svchost.exe`},
		{`1:\x`, `1:\x`},
	} {
		if got := Normalize("E", tt.in); got != tt.want {
			t.Errorf("Normalize(E, %q) = %q, want %q", tt.in, got, tt.want)
		}
		if once := Normalize("E", tt.in); Normalize("E", once) != once {
			t.Errorf("Normalize of %q changes at the second time", tt.in)
		}
	}
}

func TestPathsWithoutDrive(t *testing.T) {
	for in, want := range map[string]string{
		`\??\c:\x`:                  `C:\x`,
		`\Device\HarddiskVolume2\x`: `\Device\HarddiskVolume2\x`,
		`%SystemRoot%\x`:            `%SystemRoot%\x`,
	} {
		if got := Normalize("", in); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Windows("", "Users/x"); got != `\Users\x` {
		t.Errorf("WindowsPath: got %q", got)
	}
}

func TestSamePath(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{`C:\Users\Ä\x.EXE`, `c:/users/ä/X.exe`, true},
		{`C:\sqlservr.exe`, `C:\sqlserver.exe`, false},
		{"C:\\\u017fqlservr.exe", `C:\sqlservr.exe`, false}, // long s
		{"C:\\\u0131x", `C:\Ix`, false},                     // dotless i
		{"C:\\\u212aernel.exe", `C:\kernel.exe`, false},     // Kelvin sign
		{`C:\PROGRA~1`, `C:\Program Files`, false},
	} {
		if got := Same(tt.a, tt.b); got != tt.want {
			t.Errorf("Same(%q, %q) = %v", tt.a, tt.b, got)
		}
	}
}

func TestWindowsPath(t *testing.T) {
	for in, want := range map[string]string{".": `C:\`, "": `C:\`, "Users/x": `C:\Users\x`, "/Users/x": `C:\Users\x`} {
		if got := Windows("C", in); got != want {
			t.Errorf("Windows(%q) = %q, want %q", in, got, want)
		}
	}
}
