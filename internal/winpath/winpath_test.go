package winpath

import (
	"strings"
	"testing"
)

func TestNormalize(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"empty", ``, ``},
		{"absolute", `C:\Windows\x.exe`, `C:\Windows\x.exe`},
		{"slashes and lower case", `c:/Windows/x.exe`, `C:\Windows\x.exe`},
		{"mixed slashes", `c:\Windows/x.exe`, `C:\Windows\x.exe`},
		{"only a drive", `C:`, `C:`},
		{"the root of a drive", `c:\`, `C:\`},
		{"relative to a drive", `C:relative`, `C:relative`},
		{"relative", `svchost.exe`, `svchost.exe`},
		{"relative with slashes", `bin/svchost.exe`, `bin/svchost.exe`},
		{"relative to the root", `\Windows\x.exe`, `\Windows\x.exe`},
		{"a digit is not a drive", `1:\x`, `1:\x`},
		{"a letter beyond ASCII is not a drive", `Ä:\x`, `Ä:\x`},

		{"object manager", `\??\c:\x.sys`, `C:\x.sys`},
		{"object manager, old name", `\DosDevices\c:\x.sys`, `C:\x.sys`},
		{"object manager, full name", `\GLOBAL??\c:\x.sys`, `C:\x.sys`},
		{"long path", `\\?\D:\x`, `D:\x`},
		{"long path with slashes", `//?/d:/x`, `D:\x`},
		{"device path", `\\.\D:\x`, `D:\x`},
		{"device", `\\.\PhysicalDrive0`, `\\.\PhysicalDrive0`},
		{"pipe", `\\.\pipe\x`, `\\.\pipe\x`},
		{"volume by its identifier", `\??\Volume{0}\x`, `\??\Volume{0}\x`},
		{"prefix alone", `\\?\`, `\\?\`},
		{"prefix and a drive alone", `\??\C:`, `\??\C:`},

		{"share", `\\host\share\x`, `\\host\share\x`},
		{"share with slashes", `//host/share/x`, `\\host\share\x`},
		{"share, object manager", `\??\UNC\host\share\x`, `\\host\share\x`},
		{"share, long path in lower case", `\\?\unc\host\share\x`, `\\host\share\x`},
		{"share, kernel", `\Device\Mup\host\share\x`, `\\host\share\x`},
		{"share of a session", `\Device\Mup\;LanmanRedirector\;Z:0\host\share\x`, `\Device\Mup\;LanmanRedirector\;Z:0\host\share\x`},
		{"prefix behind a share's", `\??\UNC\?\C:\x`, `\??\UNC\?\C:\x`},
		{"prefix behind that of the kernel", `\Device\Mup\.\C:\x`, `\Device\Mup\.\C:\x`},
		{"no share", `\\?\UNC\`, `\\?\UNC\`},

		{"kernel device", `\Device\HarddiskVolume12\Windows\x`, `E:\Windows\x`},
		{"kernel device in lower case", `\device\harddiskvolume1\x`, `E:\x`},
		{"kernel device without a number", `\Device\HarddiskVolume\x`, `\Device\HarddiskVolume\x`},
		{"kernel device alone", `\Device\HarddiskVolume2`, `\Device\HarddiskVolume2`},
		{"shadow copy", `\Device\HarddiskVolumeShadowCopy1\x`, `\Device\HarddiskVolumeShadowCopy1\x`},
		{"root of all objects", `\\?\GLOBALROOT\Device\HarddiskVolume2\x`, `E:\x`},
		{"root of all objects, kernel", `\??\GlobalRoot\SystemRoot\System32\x.sys`, `E:\Windows\System32\x.sys`},
		{"root of all objects twice", `\\?\GLOBALROOT\??\GLOBALROOT\DosDevices\c:\x`, `C:\x`},
		{"shadow copy below the root of all objects", `\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1\x`, `\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1\x`},

		{"kernel's Windows", `\SystemRoot\System32\x.sys`, `E:\Windows\System32\x.sys`},
		{"variable", `%systemroot%\x`, `E:\Windows\x`},
		{"variable with slashes", `%windir%/x`, `E:\Windows\x`},
		{"another variable of it", `%WinDir%\x`, `E:\Windows\x`},
		{"drive of Windows", `%SystemDrive%\x`, `E:\x`},
		{"variable alone", `%SystemRoot%`, `%SystemRoot%`},
		{"variable of a user", `%TEMP%\x`, `%TEMP%\x`},
		{"long s in a variable", `%ſystemRoot%\x`, `%ſystemRoot%\x`},

		{"8.3 name", `C:\PROGRA~1\x`, `C:\PROGRA~1\x`},
		{"dot and blank at the end", `c:\x.exe. `, `C:\x.exe. `},
		{"stream", `\??\c:\x.exe:s:$DATA`, `C:\x.exe:s:$DATA`},
		{"half of a surrogate pair", "c:/\xed\xa0\x80", "C:\\\xed\xa0\x80"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Normalize("E", tt.in); got != tt.want {
				t.Errorf("Normalize(E, %q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestNormalizeWithoutDrive(t *testing.T) {
	for in, want := range map[string]string{
		`\??\c:\x`:                  `C:\x`,
		`//host/share/x`:            `\\host\share\x`,
		`\Device\HarddiskVolume2\x`: `\Device\HarddiskVolume2\x`,
		`%SystemRoot%/x`:            `%SystemRoot%/x`,
		`\\?\GLOBALROOT\??\C:\x`:    `C:\x`,
	} {
		if got := Normalize("", in); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", in, got, want)
		}
	}
}

// Once a path is in the one form it stays so.
func FuzzNormalize(f *testing.F) {
	for _, p := range []string{`\??\UNC\?\C:\x`, `\\?\GLOBALROOT\??\C:/x`, `\Device\Mup\\x`, `%windir%\%windir%\x`, `\GLOBAL??\\\.\c:\`} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, p string) {
		for _, drive := range []string{"", "E"} {
			once := Normalize(drive, p)
			if twice := Normalize(drive, once); twice != once {
				t.Errorf("%q becomes %q, then %q", p, once, twice)
			}
			if once != p && !HasDrive(once) && !strings.HasPrefix(once, `\\`) {
				t.Errorf("%q becomes %q", p, once)
			}
		}
	})
}

func TestWindows(t *testing.T) {
	for in, want := range map[string]string{".": `C:\`, "": `C:\`, "Users/x": `C:\Users\x`, "/Users/x": `C:\Users\x`} {
		if got := Windows("C", in); got != want {
			t.Errorf("Windows(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Windows("", "Users/x"); got != `\Users\x` {
		t.Errorf("without a drive: got %q", got)
	}
}

func TestHasDrive(t *testing.T) {
	for in, want := range map[string]bool{`C:\`: true, `c:/x`: true, `C:`: false, `C:x`: false, `\C:\`: false, `1:\`: false, ``: false, `[:\`: false, "\xc3\x84:\\": false} {
		if got := HasDrive(in); got != want {
			t.Errorf("HasDrive(%q) = %v", in, got)
		}
	}
}

func TestParts(t *testing.T) {
	for _, tt := range []struct{ in, dir, base string }{
		{`C:\Windows\x.exe`, `C:\Windows`, `x.exe`},
		{`C:/Windows/x.exe`, `C:/Windows`, `x.exe`},
		{`C:\x.exe`, `C:`, `x.exe`},
		{`C:\`, `C:`, ``},
		{`C:`, ``, `C:`},
		{`x.exe`, ``, `x.exe`},
		{`\\host\share`, `\\host`, `share`},
		{`\`, ``, ``},
		{``, ``, ``},
	} {
		if dir, base := Dir(tt.in), Base(tt.in); dir != tt.dir || base != tt.base {
			t.Errorf("%q: got %q and %q, want %q and %q", tt.in, dir, base, tt.dir, tt.base)
		}
	}
}

func TestCutStream(t *testing.T) {
	for _, tt := range []struct{ name, in, file, stream string }{
		{"file", `C:\x.exe`, `C:\x.exe`, ``},
		{"stream", `C:\x.exe:Zone.Identifier`, `C:\x.exe`, `Zone.Identifier`},
		{"stream with its type", `C:\x.exe:s:$Data`, `C:\x.exe`, `s`},
		{"unnamed stream with its type", `C:\x.exe::$DATA`, `C:\x.exe`, ``},
		{"another type", `C:\x:$I30:$INDEX_ALLOCATION`, `C:\x`, `$I30:$INDEX_ALLOCATION`},
		{"of a folder", `C:\Windows\Temp:s`, `C:\Windows\Temp`, `s`},
		{"drive", `C:`, `C:`, ``},
		{"root", `C:\`, `C:\`, ``},
		{"relative to a drive", `C:x`, `C:x`, ``},
		{"relative to a drive, with a stream", `C:x:s`, `C:x`, `s`},
		{"name", `x.exe:s`, `x.exe`, `s`},
		{"slashes", `Users/x:s`, `Users/x`, `s`},
		{"empty", ``, ``, ``},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if file, stream := CutStream(tt.in); file != tt.file || stream != tt.stream {
				t.Errorf("got %q and %q, want %q and %q", file, stream, tt.file, tt.stream)
			}
		})
	}
}
