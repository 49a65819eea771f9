package command

import (
	"slices"
	"testing"
)

func TestEnvironment(t *testing.T) {
	alice := NewEnvironment("C", []string{"WEB01.example"}, []string{"192.0.2.7"}, `C:\Users\alice`, false)
	service := NewEnvironment("C", nil, nil, "", true)
	nobody := NewEnvironment("C", nil, nil, "", false)
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
		{"a relative path", nobody, `x\evil.exe`, "", nil, true},
		{"nothing", nobody, ``, "", nil, true},
	} {
		if got, known := tt.e.Resolve(tt.path, tt.folder); !slices.Equal(got, tt.want) || known != tt.known {
			t.Errorf("%s: %s in %s: got %q, %v; want %q, %v", tt.name, tt.path, tt.folder, got, known, tt.want, tt.known)
		}
	}
}
