package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// rowsWith returns the rows of an output that hold all words, of text the paragraphs.
func rowsWith(out, format string, words ...string) (rows []string) {
	list := strings.SplitAfter(out, "\n")
	if format == "text" {
		list = nil
		location := ""
		for line := range strings.Lines(out) {
			switch {
			case strings.HasPrefix(line, "    ["):
				list = append(list, location+line)
			case strings.HasPrefix(line, "      ") && len(list) > 0:
				list[len(list)-1] += line
			default:
				location = line
			}
		}
	}
	for _, row := range list {
		ok := true
		for _, word := range words {
			ok = ok && strings.Contains(row, word)
		}
		if ok {
			rows = append(rows, row)
		}
	}
	return rows
}

// Every marker of the found hives is in a row of its own, in every format. Two of the
// hives' values do not hold their marker, but the name that it was to replace.
func TestFoundLocations(t *testing.T) {
	dir := testenv.Found(t, "registry/locations")
	expected, err := os.ReadFile(filepath.Join(dir, "expected.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var hives []string
	for _, name := range []string{"SOFTWARE", "SYSTEM", "NTUSER.DAT", "UsrClass.dat"} {
		hives = append(hives, filepath.Join(dir, name))
	}
	for _, format := range []string{"text", "jsonl", "csv"} {
		some, _ := autoruns(t, cli.Done, append([]string{"-format", format}, hives...)...)
		all, _ := autoruns(t, cli.Done, append([]string{"-all", "-format", format}, hives...)...)
		n := 0
		for line := range strings.Lines(string(expected)) {
			f := strings.Split(strings.TrimRight(line, "\n"), "\t")
			mark, key, out := f[0], "", some
			switch mark {
			case "mark014", "mark015":
				mark, key = f[4], f[3][strings.LastIndex(f[3], `\`)+1:]
			case "mark025": // a COM class of the machine, of which there are thousands
				if len(rowsWith(some, format, mark)) != 0 {
					t.Errorf("%s: %s without -all", format, mark)
				}
				out = all
			}
			if rows := rowsWith(out, format, mark, key); len(rows) != 1 {
				t.Errorf("%s: %s (%s): %d rows, want one", format, mark, f[2], len(rows))
			} else {
				n++
			}
		}
		t.Logf("%s: %d of %d", format, n, strings.Count(string(expected), "\n"))
	}
}

// The same with hives that the test writes: each line of testdata/locations.tsv is in a
// row of its own, in every format.
func TestLocations(t *testing.T) {
	table, err := os.ReadFile(filepath.Join("testdata", "locations.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	hives := map[string]registrytest.Hive{}
	var marks []string
	for line := range strings.Lines(string(table)) {
		f := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		h := hives[f[0]]
		v := registrytest.SZ(f[2], f[4])
		switch f[3] {
		case "REG_DWORD":
			v = registrytest.DWord(f[2], 3)
		case "REG_MULTI_SZ":
			v = registrytest.MultiSZ(f[2], strings.Split(f[4], "; ")...)
		}
		h.Set(f[1], when, v)
		hives[f[0]] = h
		marks = append(marks, rowMark.FindString(f[1]+" "+f[2]+" "+f[4]))
	}
	dir := triage(t, hives)
	for _, format := range []string{"text", "jsonl", "csv"} {
		out, _ := autoruns(t, cli.Done, "-all", "-format", format, dir)
		for _, mark := range marks {
			if rows := rowsWith(out, format, mark); len(rows) != 1 {
				t.Errorf("%s: %s: %d rows, want one", format, mark, len(rows))
			}
		}
	}
	if len(marks) != 71 {
		t.Errorf("%d lines, want 71", len(marks))
	}
}

var rowMark = regexp.MustCompile(`row\d\d`)

// AppInit_DLLs is a list, and other values switch locations off.
func TestFoundSemantics(t *testing.T) {
	out, _ := autoruns(t, cli.Done, testenv.Found(t, "registry/autostart-semantics/SOFTWARE"))
	for _, tt := range []struct{ state, words string }{
		{"[appinit, disabled]", `C:\a\good.dll`}, {"[appinit, disabled]", `C:\x\evil.dll`}, {"[appinit]", `C:\x\evil32.dll`},
		{"[active-setup, disabled]", `C:\x\off.exe`}, {"[active-setup]", `C:\x\on.exe`},
		{"[run] c", `hosts C:\x\evil.exe`}, {"[run] s", `hosts C:\x\evil.exe`}, {"[run] p", `hosts C:\x\evil.ps1`},
		{"[run] i", `hosts C:\x\evil.msi`}, {"[run] h", `hosts C:\x\evil.exe`}, {"[run] m", `hosts http://198.51.100.1/a.hta`},
	} {
		if rows := rowsWith(out, "text", tt.state, tt.words); len(rows) != 1 {
			t.Errorf("%s %s: %d rows, want one:\n%s", tt.state, tt.words, len(rows), out)
		}
	}
}

// The hives of an account are read wherever Windows has them, and those that it does not
// load are not.
func TestHivesOfAccounts(t *testing.T) {
	run := func(command string) registrytest.Hive {
		var h registrytest.Hive
		h.Set(`Software\`+current+`Run`, when, registrytest.SZ("x", command))
		return h
	}
	classes := func(command string) registrytest.Hive {
		var h registrytest.Hive
		h.Set(`CLSID\{1}\InprocServer32`, when, registrytest.SZ("", command))
		return h
	}
	var software registrytest.Hive
	software.Set(`Microsoft\Windows NT\CurrentVersion\ProfileList\S-1-5-21-1-2-3-1002`, when, registrytest.ExpandSZ("ProfileImagePath", `%SystemDrive%\Profiles\carol`))
	const profile = "C/Users/bob/AppData/Local/"
	dir := write(t, filepath.Join(t.ArtifactDir(), "hives"), map[string]registrytest.Hive{
		"C/Windows/System32/config/SYSTEM":                                                            services("ControlSet001", `C:\s.exe`),
		"C/Windows/System32/config/systemprofile/NTUSER.DAT":                                          run(`C:\systemprofile.exe`),
		"C/Windows/System32/config/systemprofile/AppData/Local/Microsoft/Windows/UsrClass.dat":        classes(`C:\systemclass.dll`),
		"C/Windows/ServiceProfiles/LocalService/AppData/Local/Microsoft/Windows/UsrClass.dat":         classes(`C:\serviceclass.dll`),
		"C/Users/Default/NTUSER.DAT":                                                                  run(`C:\default.exe`),
		"C/Windows/System32/config/SOFTWARE":                                                          software,
		"C/Profiles/carol/NTUSER.DAT":                                                                 run(`C:\elsewhere.exe`),
		"C/Profiles/carol/AppData/Local/Microsoft/Windows/UsrClass.dat":                               classes(`C:\elsewhere.dll`),
		"C/Users/man/NTUSER.MAN":                                                                      run(`C:\mandatory.exe`),
		"C/Users/man/NTUSER.DAT":                                                                      run(`C:\replaced.exe`),
		profile + "Microsoft/Windows/UsrClass.dat":                                                    classes(`C:\class.dll`),
		profile + "Packages/Example.App_1/SystemAppData/Helium/User.dat":                              run(`C:\packaged.exe`),
		profile + "Packages/Example.App_1/SystemAppData/Helium/UserClasses.dat":                       classes(`C:\packagedclass.dll`),
		"C/Documents and Settings/old/Local Settings/Application Data/Microsoft/Windows/UsrClass.dat": classes(`C:\oldclass.dll`),
	})
	out, problems := autoruns(t, cli.Done, "-format", "jsonl", dir)
	for _, tt := range []struct {
		file, user string
		enabled    bool
	}{
		{"systemprofile.exe", "S-1-5-18", true}, {"systemclass.dll", "S-1-5-18", true}, {"serviceclass.dll", "LocalService", true}, {"default.exe", "Default", true},
		{"mandatory.exe", "man", true}, {"class.dll", "bob", true}, {"packaged.exe", "bob", false}, {"packagedclass.dll", "bob", false}, {"oldclass.dll", "old", true},
		{"elsewhere.exe", "carol", true}, {"elsewhere.dll", "carol", true},
	} {
		enabled := `"enabled":true`
		if !tt.enabled {
			enabled = `"enabled":false`
		}
		if rows := rowsWith(out, "jsonl", `"C:\\`+tt.file+`"`, `"user":"`+tt.user+`"`, enabled); len(rows) != 1 {
			t.Errorf("%s of %s: %d rows, want one:\n%s", tt.file, tt.user, len(rows), out)
		}
	}
	if strings.Contains(out, "replaced.exe") || !strings.Contains(problems, `NTUSER.DAT: Windows does not load it, because of NTUSER.MAN beside it: not read`) {
		t.Errorf("the hive beside NTUSER.MAN: %s", problems)
	}
}

// A class is looked up in the hives of the account, then in that of the machine, and a
// user's class that replaces one of the machine says so.
func TestClassesOfOtherHives(t *testing.T) {
	var software, user, classes registrytest.Hive
	software.Set(current+`Run`, when)
	software.Set(`Classes\CLSID\{machine}\InprocServer32`, when, registrytest.SZ("", `C:\machine.dll`))
	software.Set(`Classes\CLSID\{both}\InprocServer32`, when, registrytest.SZ("", `C:\hidden.dll`))
	user.Set(`Software\`+current+`Explorer\ShellExecuteHooks`, when, registrytest.SZ("{machine}", ""), registrytest.SZ("{both}", ""))
	classes.Set(`CLSID\{both}\InprocServer32`, when, registrytest.SZ("", `C:\user.dll`))
	dir := write(t, filepath.Join(t.ArtifactDir(), "classes"), map[string]registrytest.Hive{
		"C/Windows/System32/config/SOFTWARE":                       software,
		"C/Users/bob/NTUSER.DAT":                                   user,
		"C/Users/bob/AppData/Local/Microsoft/Windows/UsrClass.dat": classes,
		"C/Users/alice/NTUSER.DAT":                                 user,
	})
	out, _ := autoruns(t, cli.Done, dir)
	for _, words := range [][]string{
		{"[explorer] {machine}", `C:\machine.dll`, "class {machine}"}, {"[explorer] {both}", `C:\user.dll`, "class {both}"}, {"[explorer] {both}", `C:\hidden.dll`, "class {both}"},
		{"[com]", `C:\user.dll`, `in place of C:\hidden.dll`},
	} {
		if len(rowsWith(out, "text", words...)) == 0 {
			t.Errorf("no row with %q:\n%s", words, out)
		}
	}
}
