package masquerade

import "github.com/birthmark-dfir/birthmark/internal/winpath"

// logonScreen are the programs that Windows starts from the logon screen, as SYSTEM and
// without a logon: whoever puts another program in the place of one has a shell there
// (MITRE ATT&CK T1546.008).
var logonScreen = []struct{ name, by string }{
	{"sethc.exe", "pressing Shift five times"},
	{"utilman.exe", "Ease of Access, or Windows+U"},
	{"osk.exe", "the on-screen keyboard of Ease of Access"},
	{"narrator.exe", "Narrator of Ease of Access"},
	{"magnify.exe", "Magnifier of Ease of Access"},
	{"displayswitch.exe", "Windows+P"},
	{"atbroker.exe", "any program of Ease of Access"},
}

// LogonScreenFolder is the folder of these programs below that of Windows.
const LogonScreenFolder = "System32"

// LogonScreenNames returns the names of the programs that the logon screen starts.
func LogonScreenNames() []string {
	list := make([]string, len(logonScreen))
	for i, p := range logonScreen {
		list[i] = p.name
	}
	return list
}

// LogonScreen returns by what Windows starts the program with a path from the logon screen,
// or "".
func LogonScreen(path string) string {
	folder, name := winpath.Dir(path), winpath.Base(path)
	if len(folder) < 3 || !winpath.Same(folder[2:], `\Windows\`+LogonScreenFolder) {
		return ""
	}
	for _, p := range logonScreen {
		if winpath.SameName(p.name, name) {
			return p.by
		}
	}
	return ""
}
