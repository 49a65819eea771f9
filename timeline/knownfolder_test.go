package timeline

import "testing"

// Each known folder is found, and what is not a path stays as it is.
func TestKnownFolder(t *testing.T) {
	for _, f := range knownFolders {
		if got := knownFolder(f.id + `\a.exe`); got != f.path+`\a.exe` {
			t.Errorf("%s: %s, want %s", f.id, got, f.path)
		}
	}
	for name, want := range map[string]string{
		`UEME_RUNPATH:C:\a.exe`:                        `C:\a.exe`,
		`C:\a.exe`:                                     `C:\a.exe`,
		`Microsoft.Windows.Explorer`:                   `Microsoft.Windows.Explorer`,
		`{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}x`:      `{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}x`,
		`{00000000-02E7-4E5D-B744-2EB1AE5198B7}\a`:     `{00000000-02E7-4E5D-B744-2EB1AE5198B7}\a`,
		`{6d809377-6af0-444b-8957-a3773f02200e}\b.exe`: `%SystemDrive%\Program Files\b.exe`,
	} {
		if got := knownFolder(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
