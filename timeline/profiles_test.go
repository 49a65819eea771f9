package timeline

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// Hives, startup folders and links are found in profiles that only the registry names, and
// have the name of their account.
func TestProfilesElsewhere(t *testing.T) {
	data := func(h registrytest.Hive) *fstest.MapFile {
		b, err := h.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return &fstest.MapFile{Data: b}
	}
	const (
		list = `Microsoft\Windows NT\CurrentVersion\ProfileList\S-1-5-21-1-2-3-`
		run  = `Software\Microsoft\Windows\CurrentVersion\Run`
	)
	var software, carol registrytest.Hive
	for id, folder := range map[string]string{"1001": `C:\Users\alice`, "1002": `%SystemDrive%\Profiles\Carol`, "1003": `C:\Profiles\gone`, "1004": `\\server\profiles\dave`, "1005": `C:\`, "1006": `%SystemRoot%\system32\config\systemprofile`} {
		software.Set(list+id, day(1, 0, 0), registrytest.ExpandSZ("ProfileImagePath", folder))
	}
	carol.Set(run, day(1, 0, 0), registrytest.SZ("x", "x.exe"))
	vol := fstest.MapFS{softwarePath: data(software), "Profiles/carol/NTUSER.DAT": data(carol), "Profiles/other/NTUSER.DAT": data(carol), "Users/alice/NTUSER.DAT": data(carol),
		"Windows/SysWOW64/config/systemprofile/NTUSER.DAT": data(carol), "Profiles/carol/" + startupOfUser + "/a.exe": {}}
	if got := ProfilesElsewhere(vol); !slices.Equal(got, []string{"Profiles/carol"}) {
		t.Errorf("%q", got)
	}
	tl := collect(t, vol)
	var users []string
	for _, h := range tl.Hives() {
		for _, a := range h.Autostarts {
			users = append(users, a.User+" "+h.Artifact+" "+h.root)
		}
	}
	if want := []string{`carol Profiles/carol/NTUSER.DAT HKU\carol`, `alice Users/alice/NTUSER.DAT HKU\alice`, `systemprofile Windows/SysWOW64/config/systemprofile/NTUSER.DAT HKU\systemprofile`}; !slices.Equal(users, want) {
		t.Errorf("%q, want %q", users, want)
	}
	if files := tl.StartupFiles(); len(files) != 1 || files[0].Artifact != "Profiles/carol/"+startupOfUser+"/a.exe" {
		t.Errorf("%v", files)
	}
}
