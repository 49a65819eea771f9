package timeline

import (
	"testing"
	"testing/fstest"
)

// A path of the Program Compatibility Assistant is that of the file: the
// folder of the variable that has the program, and behind the drive of Windows.
func TestPathsOfTheCompatibilityAssistant(t *testing.T) {
	tl := &Timeline{vol: fstest.MapFS{
		"Program Files (x86)/Old/old.exe":             {},
		"Program Files/Both/both.exe":                 {},
		"Program Files (x86)/Both/both.exe":           {},
		"Users/alice/AppData/Local/Temp/only.exe":     {},
		"Users/alice/AppData/Roaming/shared/both.exe": {},
		"Users/bob/AppData/Roaming/shared/both.exe":   {},
	}}
	for p, want := range map[string]string{
		`%programfiles%\new\new.exe`:             `%SystemDrive%\Program Files\new\new.exe`, // it is gone
		`%programfiles%\old\old.exe`:             `%SystemDrive%\Program Files (x86)\Old\old.exe`,
		`%ProgramFiles%\both\both.exe`:           `%SystemDrive%\Program Files\Both\both.exe`,
		`%programfilesx%\a.exe`:                  `%programfilesx%\a.exe`,
		`%programdata%\up\evil.exe`:              `%SystemDrive%\ProgramData\up\evil.exe`,
		`%public%\a.exe`:                         `%SystemDrive%\Users\Public\a.exe`,
		`%userprofile%\appdata\local\temp\a.exe`: `%userprofile%\appdata\local\temp\a.exe`, // of an account that is not known
		`%localappdata%\temp\only.exe`:           `%SystemDrive%\Users\alice\AppData\Local\Temp\only.exe`,
		`%temp%\only.exe`:                        `%SystemDrive%\Users\alice\AppData\Local\Temp\only.exe`,
		`%appdata%\shared\both.exe`:              `%appdata%\shared\both.exe`,
		`\program files\git\git.exe`:             `%SystemDrive%\program files\git\git.exe`,
		`\\server\share\a.exe`:                   `\\server\share\a.exe`,
		`\Device\HarddiskVolume3\Data\a.exe`:     `\Device\HarddiskVolume3\Data\a.exe`,
		`%systemroot%\system32\cmd.exe`:          `%systemroot%\system32\cmd.exe`,
		`C:\a.exe`:                               `C:\a.exe`,
	} {
		if got := tl.pcaPath(p); got != want {
			t.Errorf("%s: %s, want %s", p, got, want)
		}
	}
}
