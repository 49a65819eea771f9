package command

import (
	"slices"
	"testing"
)

func TestEnvironment(t *testing.T) {
	alice := NewEnvironment("C", []string{"WEB01.example"}, []string{"192.0.2.7"}, `C:\Users\alice`, false)
	service := NewEnvironment("C", nil, nil, "", true)
	nobody := NewEnvironment("C", nil, nil, "", false)
	set := NewEnvironment("C", nil, nil, `C:\Users\alice`, false)
	set.Set("Drop", `%ProgramData%\Up\`, true)
	set.Set("tmp", `D:\machine`, true)
	set.Set("WINDIR", `D:\w`, false)
	set.Set("temp", `D:\t`, false)
	set.Set("Evil", `D:\x\evil.exe`, false)
	set.Set("Path", `%DROP%;"D:\x y\";;%NOTHING%`, true)
	set.Set("Path", `%PATH%;`, false)
	set.Register("wordpad.exe", `%SystemDrive%\p\w.exe`)
	for _, tt := range []struct {
		name         string
		e            Environment
		path, folder string
		want         []string
		known        bool
	}{
		{"a full path", nobody, `C:\ProgramData\Up\evil.exe`, "", []string{`C:\ProgramData\Up\evil.exe`}, true},
		{"a doubled backslash", nobody, `C:\ProgramData\Up\\evil.exe`, "", []string{`C:\ProgramData\Up\evil.exe`}, true},
		{"a folder and back", nobody, `C:\ProgramData\X\..\Up\evil.exe`, "", []string{`C:\ProgramData\Up\evil.exe`}, true},
		{"the folder itself", nobody, `C:\ProgramData\.\Up\evil.exe`, "", []string{`C:\ProgramData\Up\evil.exe`}, true},
		{"a trailing dot", nobody, `C:\ProgramData\Up\evil.exe.`, "", []string{`C:\ProgramData\Up\evil.exe`}, true},
		{"slashes", nobody, `C:/ProgramData/Up/evil.exe`, "", []string{`C:\ProgramData\Up\evil.exe`}, true},
		{"no extension", nobody, `C:\ProgramData\Up\evil`, "", []string{`C:\ProgramData\Up\evil`, `C:\ProgramData\Up\evil.exe`}, true},
		{"%ProgramData%", nobody, `%ProgramData%\evil.exe`, "", []string{`C:\ProgramData\evil.exe`}, true},
		{"%ALLUSERSPROFILE%", nobody, `%ALLUSERSPROFILE%\evil.exe`, "", []string{`C:\ProgramData\evil.exe`}, true},
		{"%ProgramFiles%", nobody, `%ProgramFiles%\X\evil.exe`, "", []string{`C:\Program Files\X\evil.exe`}, true},
		{"%ProgramFiles(x86)%", nobody, `%ProgramFiles(x86)%\X\evil.exe`, "", []string{`C:\Program Files (x86)\X\evil.exe`}, true},
		{"%PUBLIC%", nobody, `%PUBLIC%\evil.exe`, "", []string{`C:\Users\Public\evil.exe`}, true},
		{"%COMSPEC%", nobody, `%COMSPEC%`, "", []string{`C:\Windows\System32\cmd.exe`}, true},
		{"doubled percent signs", nobody, `%%SystemRoot%%\evil.exe`, "", []string{`C:\Windows\evil.exe`}, true},
		{"%APPDATA%", alice, `%APPDATA%\evil.exe`, "", []string{`C:\Users\alice\AppData\Roaming\evil.exe`}, true},
		{"%LOCALAPPDATA%", alice, `%LOCALAPPDATA%\evil.exe`, "", []string{`C:\Users\alice\AppData\Local\evil.exe`}, true},
		{"%TEMP%", alice, `%TEMP%\evil.exe`, "", []string{`C:\Users\alice\AppData\Local\Temp\evil.exe`}, true},
		{"%HOMEDRIVE%%HOMEPATH%", alice, `%HOMEDRIVE%%HOMEPATH%\evil.exe`, "", []string{`C:\Users\alice\evil.exe`}, true},
		{"%TEMP% of a service", service, `%TEMP%\evil.exe`, "", []string{`C:\Windows\Temp\evil.exe`}, true},
		{"a variable of an account that is not known", nobody, `%APPDATA%\evil.exe`, "", nil, false},
		{"a variable that is not known", alice, `%EVIL%\evil.exe`, "", nil, false},
		{"the machine by its address", nobody, `\\127.0.0.1\C$\ProgramData\evil.exe`, "", []string{`C:\ProgramData\evil.exe`}, true},
		{"the machine by a word", nobody, `\\localhost\c$\ProgramData\evil.exe`, "", []string{`C:\ProgramData\evil.exe`}, true},
		{"the machine by its name", alice, `\\web01\ADMIN$\evil.exe`, "", []string{`C:\Windows\evil.exe`}, true},
		{"another machine", alice, `\\WEB02\C$\evil.exe`, "", []string{`\\WEB02\C$\evil.exe`}, true},
		{"a name", nobody, `evil.exe`, "", []string{`C:\Windows\System32\evil.exe`, `C:\Windows\evil.exe`}, true},
		{"a name in a folder", nobody, `evil.exe`, `%ProgramData%`, []string{`C:\ProgramData\evil.exe`}, true},
		{"a folder that is not known", nobody, `evil.exe`, `%APPDATA%`, nil, false},
		{"a relative path", nobody, `x\evil.exe`, "", nil, false},
		{"a path relative to a drive", nobody, `C:x\evil.exe`, "", nil, false},
		{"a device", nobody, `\\?\Volume{1}\x.exe`, "", []string{`\\?\Volume{1}\x.exe`}, false},
		{"a folder of WebDAV on another machine", alice, `\\evil.example@80\share\evil.exe`, "", []string{`\\evil.example@80\share\evil.exe`}, true},
		{"one of WebDAV with a certificate", alice, `\\evil.example@SSL@443\DavWWWRoot\evil.exe`, "", []string{`\\evil.example@SSL@443\DavWWWRoot\evil.exe`}, true},
		{"one of WebDAV on the machine itself, whose folder is not known", alice, `\\127.0.0.1@8080\DavWWWRoot\evil.exe`, "", []string{`\\127.0.0.1@8080\DavWWWRoot\evil.exe`}, false},
		{"one of WebDAV on the machine by its name", alice, `\\web01@SSL\share\evil.exe`, "", []string{`\\web01@SSL\share\evil.exe`}, false},
		{"a redirector", alice, `\\;LanmanRedirector\;Z:0\localhost\c$\evil.exe`, "", []string{`\\;LanmanRedirector\;Z:0\localhost\c$\evil.exe`}, false},
		{"the kernel's name of shares", nobody, `\\?\GLOBALROOT\Device\Mup\127.0.0.1\C$\evil.exe`, "", []string{`C:\evil.exe`}, true},
		{"a share as a device", nobody, `\\.\UNC\localhost\C$\evil.exe`, "", []string{`C:\evil.exe`}, true},
		{"the loop in octal", nobody, `\\0177.0.0.1\C$\evil.exe`, "", []string{`C:\evil.exe`}, true},
		{"the loop in two numbers", nobody, `\\127.1\C$\evil.exe`, "", []string{`C:\evil.exe`}, true},
		{"the loop in decimal", nobody, `\\2130706433\C$\evil.exe`, "", []string{`C:\evil.exe`}, true},
		{"the own address in hexadecimal", alice, `\\0xc0.0.2.7\C$\evil.exe`, "", []string{`C:\evil.exe`}, true},
		{"another address in hexadecimal", alice, `\\0xc0.0x00.0x02.0x09\C$\evil.exe`, "", []string{`\\0xc0.0x00.0x02.0x09\C$\evil.exe`}, true},
		{"any address of the loop", nobody, `\\127.8.9.10\C$\evil.exe`, "", []string{`C:\evil.exe`}, true},
		{"the loop as a number", nobody, `\\0x7f000001\C$\evil.exe`, "", []string{`C:\evil.exe`}, true},
		{"a machine, if the own name is not known", nobody, `\\WEB02\C$\evil.exe`, "", []string{`\\WEB02\C$\evil.exe`}, false},
		{"a share of the machine with a folder of its own", alice, `\\web01\tools\evil.exe`, "", []string{`\\web01\tools\evil.exe`}, false},
		{"another address", alice, `\\192.0.2.9\C$\evil.exe`, "", []string{`\\192.0.2.9\C$\evil.exe`}, true},
		{"the folder of accounts by its old name", nobody, `C:\Documents and Settings\a\Application Data\evil.exe`, "",
			[]string{`C:\Documents and Settings\a\Application Data\evil.exe`, `C:\Users\a\AppData\Roaming\evil.exe`}, true},
		{"the folder of temporary files by its old name", nobody, `C:\Users\a\Local Settings\Temp\evil.exe`, "",
			[]string{`C:\Users\a\Local Settings\Temp\evil.exe`, `C:\Users\a\AppData\Local\Temp\evil.exe`}, true},
		{"the data of all accounts by its old name", nobody, `C:\Users\All Users\x.exe`, "", []string{`C:\Users\All Users\x.exe`, `C:\ProgramData\x.exe`}, true},
		{"Sysnative", nobody, `%windir%\Sysnative\evil.exe`, "", []string{`C:\Windows\Sysnative\evil.exe`, `C:\Windows\System32\evil.exe`}, true},
		{"a variable of a hive", set, `%DROP%\evil.exe`, "", []string{`C:\ProgramData\Up\evil.exe`}, true},
		{"a variable of a hive that is the whole path", set, `%EVIL%`, "", []string{`D:\x\evil.exe`}, true},
		{"a folder for temporary files of a hive", set, `%TEMP%\evil.exe`, "", []string{`D:\t\evil.exe`}, true},
		{"that of the machine, which only services have", set, `%TMP%\evil.exe`, "", []string{`C:\Users\alice\AppData\Local\Temp\evil.exe`}, true},
		{"a variable that the registry does not decide", set, `%windir%\evil.exe`, "", []string{`C:\Windows\evil.exe`}, true},
		{"a name in the path of a hive", set, `evil.exe`, "", []string{`C:\Windows\System32\evil.exe`, `C:\Windows\evil.exe`, `C:\ProgramData\Up\evil.exe`, `D:\x y\evil.exe`}, true},
		{"a name that the shell knows", set, `wordpad`, "", []string{`C:\Windows\System32\wordpad`, `C:\Windows\wordpad`, `C:\ProgramData\Up\wordpad`, `D:\x y\wordpad`, `C:\p\w.exe`,
			`C:\Windows\System32\wordpad.exe`, `C:\Windows\wordpad.exe`, `C:\ProgramData\Up\wordpad.exe`, `D:\x y\wordpad.exe`}, true},
		{"nothing", nobody, ``, "", nil, true},
	} {
		if got, known := tt.e.Resolve(tt.path, tt.folder); !slices.Equal(got, tt.want) || known != tt.known {
			t.Errorf("%s: %s in %s: got %q, %v; want %q, %v", tt.name, tt.path, tt.folder, got, known, tt.want, tt.known)
		}
	}
}
