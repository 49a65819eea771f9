package timeline

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/lnktest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

func linkTo(t *testing.T, l lnk.Link) *fstest.MapFile {
	t.Helper()
	b, err := lnktest.File{Link: l}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: b}
}

// explorerOfUser is an NTUSER hive with values below Explorer.
func explorerOfUser(t *testing.T, below string, values ...registrytest.Value) *fstest.MapFile {
	t.Helper()
	var h registrytest.Hive
	h.Set(`Software\Microsoft\Windows\CurrentVersion\Explorer\`+below, day(12, 0, 0), values...)
	return &fstest.MapFile{Data: hiveBytes(t, h)}
}

func explorerOfAll(t *testing.T, below string, values ...registrytest.Value) *fstest.MapFile {
	t.Helper()
	h := registrytest.Hive{Name: "SOFTWARE"}
	h.Set(`Microsoft\Windows\CurrentVersion\Explorer\`+below, day(12, 0, 0), values...)
	return &fstest.MapFile{Data: hiveBytes(t, h)}
}

// described returns the startup files as lines: user, path, target.
func described(tl *Timeline) []string {
	var list []string
	for _, s := range tl.StartupFiles() {
		line := s.User + " " + s.Path
		if s.Link != nil {
			line += " opens " + s.Link.CommandLine()
		}
		if s.URL != "" {
			line += " opens " + s.URL + " which is " + s.URLPath()
		}
		if s.Disabled {
			line += " disabled"
		}
		list = append(list, line)
	}
	return list
}

func TestStartupFiles(t *testing.T) {
	const alice, all = "Users/alice/" + startupOfUser, "ProgramData/" + startupOfAll
	const hive, software, system32 = "Users/alice/NTUSER.DAT", "Windows/System32/config/SOFTWARE", "Windows/System32/cmd.exe"
	link := linkTo(t, lnk.Link{LocalPath: `C:\x.exe`, Arguments: "-q"})
	for _, tt := range []struct {
		name string
		vol  fstest.MapFS
		want []string
	}{
		{"the usual places", fstest.MapFS{
			system32: {}, alice + "/a.exe": {}, alice + "/desktop.ini": {}, alice + "/folder/b.exe": {}, all + "/c.lnk": link,
			"Documents and Settings/bob/" + startupXP + "/d.bat": {}, "Documents and Settings/All Users/" + startupXP + "/e.vbs": {},
			"Data/" + startupXP + "/f.exe": {},
		}, []string{
			` C:\Documents and Settings\All Users\Start Menu\Programs\Startup\e.vbs`,
			`bob C:\Documents and Settings\bob\Start Menu\Programs\Startup\d.bat`,
			` C:\ProgramData\Microsoft\Windows\Start Menu\Programs\StartUp\c.lnk opens C:\x.exe -q`,
			`alice C:\Users\alice\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup\a.exe`,
		}},
		{"below the folder of a collector", fstest.MapFS{
			"out/C/" + alice + "/a.exe": {}, "out/C/" + all + "/b.exe": {}, "out/" + startupOfAll + "/c.exe": {},
		}, []string{
			` C:\out\C\ProgramData\Microsoft\Windows\Start Menu\Programs\StartUp\b.exe`,
			`alice C:\out\C\Users\alice\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup\a.exe`,
		}},
		{"a link that cannot be read", fstest.MapFS{system32: {}, all + "/a.lnk": {Data: []byte("noise")}},
			[]string{` C:\ProgramData\Microsoft\Windows\Start Menu\Programs\StartUp\a.lnk`}},
		{"internet shortcuts", fstest.MapFS{
			system32: {}, all + "/a.url": {Data: []byte("[Other]\r\nURL=x\r\n[internetshortcut]\r\nIconIndex=1\r\nurl = file:///C:/ProgramData/a%20b.hta\r\nURL=y")},
			all + "/b.url": {Data: append([]byte{0xff, 0xfe}, wtf8.Encode("[InternetShortcut]\nURL=https://example.net/x")...)}, all + "/c.url": {Data: []byte("noise")},
			all + "/d.url": {Data: []byte("[InternetShortcut]\nURL=C:\\x.exe")},
		}, []string{
			` C:\ProgramData\Microsoft\Windows\Start Menu\Programs\StartUp\a.url opens file:///C:/ProgramData/a%20b.hta which is C:\ProgramData\a b.hta`,
			` C:\ProgramData\Microsoft\Windows\Start Menu\Programs\StartUp\b.url opens https://example.net/x which is `,
			` C:\ProgramData\Microsoft\Windows\Start Menu\Programs\StartUp\c.url`,
			` C:\ProgramData\Microsoft\Windows\Start Menu\Programs\StartUp\d.url opens C:\x.exe which is C:\x.exe`,
		}},
		{"another folder, which the registry names", fstest.MapFS{
			system32: {}, alice + "/not.exe": {}, "Users/alice/Own/a.exe": {},
			hive: explorerOfUser(t, "User Shell Folders", registrytest.ExpandSZ("Startup", `%USERPROFILE%\own`)),
		}, []string{`alice C:\Users\alice\Own\a.exe`}},
		{"the usual folder, which the registry names", fstest.MapFS{
			system32: {}, alice + "/a.exe": {},
			hive: explorerOfUser(t, "User Shell Folders", registrytest.ExpandSZ("Startup", `%USERPROFILE%\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup`)),
		}, []string{`alice C:\Users\alice\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup\a.exe`}},
		{"another folder of all accounts", fstest.MapFS{
			system32: {}, all + "/not.exe": {}, "Windows/Boot/a.exe": {},
			software: explorerOfAll(t, "User Shell Folders", registrytest.ExpandSZ("Common Startup", `%SystemRoot%\Boot`)),
		}, []string{` C:\Windows\Boot\a.exe`}},
		{"disabled by the user", fstest.MapFS{
			system32: {}, alice + "/A.exe": {}, alice + "/b.exe": {},
			hive: explorerOfUser(t, `StartupApproved\StartupFolder`, registrytest.Binary("a.EXE", []byte{3, 0, 0, 0}), registrytest.Binary("b.exe", []byte{2})),
		}, []string{
			`alice C:\Users\alice\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup\A.exe disabled`,
			`alice C:\Users\alice\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup\b.exe`,
		}},
		{"disabled for all accounts", fstest.MapFS{
			system32: {}, all + "/a.exe": {}, software: explorerOfAll(t, `StartupApproved\StartupFolder`, registrytest.Binary("a.exe", []byte{1})),
		}, []string{` C:\ProgramData\Microsoft\Windows\Start Menu\Programs\StartUp\a.exe disabled`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := described(collect(t, tt.vol)); !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// A folder has one coverage, which says what of it could not be read. One that the
// registry names and that is not there is named too.
func TestCoverageOfStartupFolders(t *testing.T) {
	const all = "ProgramData/" + startupOfAll
	tl := collect(t, fstest.MapFS{
		"Windows/System32/cmd.exe": {}, all + "/a.lnk": {Data: []byte("noise")}, all + "/b.exe": {},
		"Users/alice/NTUSER.DAT": explorerOfUser(t, "User Shell Folders", registrytest.SZ("Startup", `\\srv\profiles\alice`)),
	})
	if c := covered(t, tl, all); c.Type != TypeStartup || c.State != Partly || c.Records != 2 || c.ProblemCount != 1 {
		t.Errorf("%+v", c)
	}
	if c := covered(t, tl, `\\srv\profiles\alice`); c.State != Absent {
		t.Errorf("%+v", c)
	}
}
