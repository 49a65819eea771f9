package evidence

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// write makes a folder with the given files, each of one word.
func write(t *testing.T, names ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range names {
		if runtime.GOOS == "windows" && strings.Contains(name, ":") {
			t.Skip("Windows makes a stream of such a name")
		}
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("data"), 0o644); err != nil {
			t.Skipf("this system cannot write such a name: %v", err)
		}
	}
	return root
}

// open opens evidence for the duration of a test.
func open(t *testing.T, name string, opts ...Option) *Evidence {
	t.Helper()
	e, err := Open(name, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// tree lists the files of a volume, "name [streams]".
func tree(t *testing.T, v *Volume) []string {
	t.Helper()
	var list []string
	err := fs.WalkDir(v.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		i, err := d.Info()
		if err != nil {
			return err
		}
		if s := i.(interface{ Streams() []string }).Streams(); len(s) > 0 {
			p += fmt.Sprint(" ", s)
		}
		list = append(list, p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestFolderLayouts(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files []string
		kind  string
		want  []string // "VOLUME LETTER: file, file"
	}{
		{"KAPE", []string{"C/Windows/System32/config/SYSTEM", "C/Users/a/x.exe", "D/data.txt", "2024_ConsoleLog.txt"},
			"triage folder", []string{"C C: Users/a/x.exe, Windows/System32/config/SYSTEM", "D D: data.txt"}},
		{"Velociraptor, two accessors are one drive", []string{
			"uploads/auto/C%3A/Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%254Operational.evtx",
			"uploads/auto/C%3A/Windows/notepad.exe",
			"uploads/ntfs/%5C%5C.%5CC%3A/$MFT",
			"uploads/ntfs/%5C%5C.%5CC%3A/Windows/notepad.exe",
			"uploads/ntfs/%5C%5C.%5CC%3A/$Extend/$UsnJrnl%3A$J",
			"uploads.json"},
			"triage folder", []string{"C C: $Extend/$UsnJrnl:$J, $MFT, Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx, Windows/notepad.exe"}},
		{"Velociraptor, shadow copy beside the drive", []string{
			"uploads/ntfs/%5C%5C.%5CC%3A/$Boot",
			"uploads/ntfs/%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy1/$Boot"},
			"triage folder", []string{"C C: $Boot", "HarddiskVolumeShadowCopy1 : $Boot"}},
		{"a shadow copy is not the drive with Windows", []string{"D/data.txt", "VSS1/Windows/win.ini"},
			"triage folder", []string{"D D: data.txt", "VSS1 : Windows/win.ini"}},
		{"only a shadow copy", []string{"uploads/ntfs/%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy1/Windows/win.ini"},
			"triage folder", []string{"HarddiskVolumeShadowCopy1 C: Windows/win.ini"}},
		{"percent-encoded drive at the top", []string{"C%3A/Users/%C3%9Cnal/a%28b%29 %5Bc%5D.txt"},
			"triage folder", []string{"C C: Users/Ünal/a(b) [c].txt"}},
		{"%4A in a log's name is not an encoding", []string{"uploads/auto/C%3A/Logs/X%4Admin.evtx"},
			"triage folder", []string{"C C: Logs/X%4Admin.evtx"}},
		{"nothing is decoded if the tool does not encode", []string{"C/Users/a%20b%28.txt"},
			"triage folder", []string{"C C: Users/a%20b%28.txt"}},
		{"inside the folder an archive made", []string{"Collection-HOST/C/Windows/win.ini"},
			"triage folder", []string{"C C: Windows/win.ini"}},
		{"and beside the log of the collector", []string{"collection.log", "WEB01/C/Windows/win.ini", "WEB01/report.json"},
			"triage folder", []string{"C C: Windows/win.ini"}},
		{"but not beside evidence", []string{"Security.evtx", "WEB01/C/Windows/win.ini"},
			"folder", []string{"001 C: Security.evtx, WEB01/C/Windows/win.ini"}},
		{"KAPE, its targets beside what its modules made", []string{"tout/C/Windows/win.ini", "tout/D/data.txt", "mout/EventLogs/out.csv", "mout/2024/x.csv"},
			"triage folder", []string{"C C: Windows/win.ini", "D D: data.txt"}},
		{"KAPE, and a drive that its modules made has nothing of Windows", []string{"Target/C/Windows/win.ini", "Module/C/EventLogs/out.csv"},
			"triage folder", []string{"C C: Windows/win.ini"}},
		{"whatever the folders are called", []string{"WEB01/C/Windows/win.ini", "report/C/out.csv"},
			"triage folder", []string{"C C: Windows/win.ini"}},
		{"KAPE, and a drive that its modules made has parts of Windows", []string{"Target/C/Windows/win.ini", "Target/D/a.txt", "Module/C/Users/a/x.txt", "Module/E/Users/b.txt"},
			"triage folder", []string{"C C: Users/a/x.txt, Windows/win.ini", "D D: a.txt", "E E: Users/b.txt"}},
		{"KAPE, targets and modules in one folder", []string{"out/C/Windows/win.ini", "out/EventLogs/out.csv", "out/2024_ConsoleLog.txt"},
			"triage folder", []string{"C C: Windows/win.ini"}},
		{"KAPE, shadow copies beside the drive", []string{"tout/C/Windows/win.ini", "tout/VSS1/Windows/win.ini", "tout/VSS12/Users/a.txt", "mout/x.csv"},
			"triage folder", []string{"C C: Windows/win.ini", "VSS1 : Windows/win.ini", "VSS12 : Users/a.txt"}},
		{"KAPE, the drives of a shadow copy", []string{"C/Windows/win.ini", "D/a.txt", "VSS1/C/Windows/win.ini", "VSS1/D/a.txt"},
			"triage folder", []string{"C C: Windows/win.ini", "D D: a.txt", "VSS1/C : Windows/win.ini", "VSS1/D : a.txt"}},
		{"a folder that is called like a shadow copy of nothing", []string{"VSS1/a.txt", "VSSadmin/b.txt"},
			"folder", []string{"001 C: VSS1/a.txt, VSSadmin/b.txt"}},
		{"KAPE of two machines", []string{"WEB01/Target/C/Windows/win.ini", "WEB01/Module/C/out.csv", "WEB02/tout/C/Users/a.txt", "WEB02/tout/VSS1/Users/a.txt", "WEB02/mout/x.csv"},
			"triage folder", []string{"WEB01/C C: Windows/win.ini", "WEB02/C C: Users/a.txt", "WEB02/VSS1 : Users/a.txt"}},
		{"two machines, none with anything of Windows", []string{"WEB01/C/a.txt", "WEB02/C/b.txt"},
			"triage folder", []string{"WEB01/C C: a.txt", "WEB02/C C: b.txt"}},
		{"the folders of two machines", []string{"WEB01/C/Windows/win.ini", "WEB02/C/Windows/win.ini", "notes/a.txt"},
			"triage folder", []string{"WEB01/C C: Windows/win.ini", "WEB02/C C: Windows/win.ini"}},
		{"drives in small letters", []string{"c/Windows/win.ini", "d/data.txt"}, "triage folder", []string{"C C: Windows/win.ini", "D D: data.txt"}},
		{"folders in small letters", []string{"a/x.txt", "b/y.txt"}, "folder", []string{"001 C: a/x.txt, b/y.txt"}},
		{"small digits in the percent-encoding of a drive", []string{"C%3a/Users/a/x.exe", "C%3a/Users/a/x.exe%3aZone.Identifier"},
			"triage folder", []string{"C C: Users/a/x.exe [Zone.Identifier]"}},
		{"a hunt of Velociraptor that found one client", []string{"clients/C.1234/collections/F.BT1/uploads/auto/C%3A/Windows/win.ini", "clients/C.1234/collections/F.BT1/uploads.json"},
			"triage folder", []string{"C C: Windows/win.ini"}},
		{"a hunt of Velociraptor that found two", []string{"clients/WEB01-C.1/collections/F.BT1/uploads/auto/C%3A/Windows/win.ini", "clients/WEB02-C.2/collections/F.BT2/uploads/auto/C%3A/Windows/win.ini"},
			"triage folder", []string{"WEB01-C.1/C C: Windows/win.ini", "WEB02-C.2/C C: Windows/win.ini"}},
		{"the drive itself", []string{"Users/a.txt", "C/kept.txt"}, "triage folder", []string{"C C: C/kept.txt, Users/a.txt"}},
		{"$MFT and directories", []string{"$MFT", "inetpub/x.aspx"}, "triage folder", []string{"C C: $MFT, inetpub/x.aspx"}},
		{"any other folder", []string{"Security.evtx", "logs/System.evtx"}, "folder", []string{"001 C: Security.evtx, logs/System.evtx"}},
		{"streams beside their files", []string{"C/a.exe", "C/a.exe%3AZone.Identifier", "C/b.exe", "C/b.exe:Zone.Identifier:$DATA", "C/gone.exe:Zone.Identifier"},
			"triage folder", []string{"C C: a.exe [Zone.Identifier], b.exe [Zone.Identifier], gone.exe:Zone.Identifier"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := open(t, write(t, tt.files...))
			var got []string
			for _, v := range e.Volumes() {
				got = append(got, fmt.Sprintf("%s %s: %s", v.Name, v.Letter, strings.Join(tree(t, v), ", ")))
				if v.Kind != Folder || v.Err != nil {
					t.Errorf("kind %v, error %v", v.Kind, v.Err)
				}
			}
			if e.Kind() != tt.kind || !slices.Equal(got, tt.want) {
				t.Errorf("%s\ngot  %q\nwant %q", e.Kind(), got, tt.want)
			}
			for p := range e.Problems() {
				if !strings.HasSuffix(p.Err.Path, "$MFT") && p.Err.What != "drive" { // these are not $MFTs
					t.Errorf("problem: %v", p)
				}
			}
		})
	}
}

func TestFolderIsFS(t *testing.T) {
	e := open(t, write(t, "C/Windows/System32/cmd.exe", "C/Users/a/x.exe", "C/Users/a/x.exe%3AZone.Identifier", "C/pagefile.sys"))
	if err := fstest.TestFS(e.Volumes()[0].FS, "Windows/System32/cmd.exe", "Users/a/x.exe", "pagefile.sys"); err != nil {
		t.Error(err)
	}
}

// Folders that differ in case are one, because tools that write into a folder on Linux
// spell them as they like. Files are kept apart.
func TestFolderCase(t *testing.T) {
	data := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	e, err := OpenFS("x", fstest.MapFS{
		"C/Windows/System32/config/SYSTEM": data("a"), "C/WINDOWS/system32/config/SOFTWARE": data("b"),
		"C/Windows/System32/config/software": data("c"), "C/windows/System32/config/SYSTEM": data("d"),
	})
	if err != nil {
		t.Fatal(err)
	}
	v := e.Volumes()[0]
	if got := tree(t, v); !slices.Equal(got, []string{"WINDOWS/system32/config/SOFTWARE", "WINDOWS/system32/config/SYSTEM", "WINDOWS/system32/config/software"}) {
		t.Errorf("files %q", got)
	}
	for name, want := range map[string]string{"Windows/System32/config/SOFTWARE": "b", "Windows/System32/config/software": "c"} {
		if b, err := fs.ReadFile(v.FS, name); err != nil || string(b) != want {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
	if problems := slices.Collect(e.Problems()); len(problems) != 1 || !strings.Contains(problems[0].String(), "a unique name") {
		t.Errorf("problems %v", problems)
	}
}

func TestFolderLookup(t *testing.T) {
	v := open(t, write(t, "C/Users/a/x.exe", "C/Users/a/x.exe%3AZone.Identifier", "C/$Extend/$J", "C/$Secure_$SDS")).Volumes()[0]
	for name, want := range map[string]string{
		"Users/a/x.exe":                       "x.exe",
		"USERS/A/X.EXE":                       "x.exe",
		"users/a/x.exe:zone.identifier":       "x.exe:Zone.Identifier",
		"users/a/x.exe:Zone.Identifier:$DATA": "x.exe:Zone.Identifier",
		"$Extend/$UsnJrnl:$J":                 "$J",
		"$Secure:$SDS":                        "$Secure_$SDS",
		"Users":                               "Users",
	} {
		st, err := fs.Stat(v.FS, name)
		if err != nil || st.Name() != want {
			t.Errorf("Stat(%q) = %v, %v; want %q", name, st, err, want)
		}
		if st, err := fs.Stat(v.FS, name); err == nil && !st.IsDir() {
			if b, err := fs.ReadFile(v.FS, name); err != nil || string(b) != "data" {
				t.Errorf("ReadFile(%q) = %q, %v", name, b, err)
			}
		}
	}
	for _, name := range []string{"none", "Users/a/x.exe/y", "Users/a/x.exe:none", "Users:stream/a", "users/a/y.exe:Zone.Identifier"} {
		if _, err := v.FS.Open(name); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), name) {
			t.Errorf("Open(%q): %v", name, err)
		}
	}
	for _, name := range []string{"", "/Users", "Users/", "Users/../Users", `Users//a`} {
		if _, err := v.FS.Open(name); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("Open(%q): %v", name, err)
		}
	}
}

// The stream of a metadata file, as tools save it that cannot write a colon.
func TestFolderWithoutColons(t *testing.T) {
	for _, name := range []string{"$J", "$UsnJrnl$J", "$UsnJrnl_$J", "$UsnJrnl-$J", "$UsnJrnl%3A$J", "$UsnJrnl%3a$J", "$UsnJrnl%3A%24J", "$UsnJrnl.$J", "$UsnJrnl\uf03a$J", "$UsnJrnl/$J", "$usnjrnl_$j"} {
		v := open(t, write(t, "C/$Extend/"+name, "C/Windows/win.ini")).Volumes()[0]
		if b, err := fs.ReadFile(v.FS, "$Extend/$UsnJrnl:$J"); err != nil || string(b) != "data" {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
	v := open(t, write(t, "C/Users/a.exe", "C/Users/a.exe\uf03aZone.Identifier")).Volumes()[0]
	if b, err := fs.ReadFile(v.FS, "Users/a.exe:Zone.Identifier"); err != nil || string(b) != "data" {
		t.Errorf("U+F03A: %q, %v", b, err)
	}
}

// What leads out of the folder is skipped and reported.
func TestFolderLinks(t *testing.T) {
	outside := write(t, "secret.txt")
	root := write(t, "C/Windows/win.ini")
	for name, to := range map[string]string{
		"C/out":         outside,
		"C/secret.txt":  filepath.Join(outside, "secret.txt"),
		"C/up":          "../..",
		"C/Windows/dup": "win.ini",
	} {
		if err := os.Symlink(to, filepath.Join(root, filepath.FromSlash(name))); err != nil {
			t.Skip(err)
		}
	}
	e := open(t, root)
	if got := tree(t, e.Volumes()[0]); !slices.Equal(got, []string{"Windows/win.ini"}) {
		t.Errorf("files %q", got)
	}
	var problems []string
	for p := range e.Problems() {
		problems = append(problems, strings.Replace(p.String(), root, "ROOT", 1))
	}
	want := []string{
		"unsupported: ROOT: C/Windows/dup: file type: got symbolic link, want a file or a folder; it was skipped",
		"unsupported: ROOT: C/out: file type: got symbolic link, want a file or a folder; it was skipped",
		"unsupported: ROOT: C/secret.txt: file type: got symbolic link, want a file or a folder; it was skipped",
		"unsupported: ROOT: C/up: file type: got symbolic link, want a file or a folder; it was skipped",
	}
	if !slices.Equal(problems, want) {
		t.Errorf("problems\n%s", strings.Join(problems, "\n"))
	}
	// A file that becomes a link after it was listed does not lead out either.
	victim := filepath.Join(root, "C", "Windows", "win.ini")
	if err := errors.Join(os.Remove(victim), os.Symlink(filepath.Join(outside, "secret.txt"), victim)); err != nil {
		t.Fatal(err)
	}
	if b, err := fs.ReadFile(e.Volumes()[0].FS, "Windows/win.ini"); err == nil {
		t.Errorf("read %q through a link", b)
	}
}

func TestDecodeName(t *testing.T) {
	for in, want := range map[string]string{
		"plain.txt":                  "plain.txt",
		"C%3A":                       "C:",
		"%5C%5C.%5CC%3A":             `\\.\C:`,
		"Sysmon%254Operational.evtx": "Sysmon%4Operational.evtx",
		"X%4Admin.evtx":              "X%4Admin.evtx", // 4A is J, which is never encoded
		"100%":                       "100%",
		"a%2":                        "a%2",
		"a%3a":                       "a%3a", // the tool does not write lower case
		"%2Ehidden":                  ".hidden",
		"end%2E":                     "end.",
		"a%2Eb":                      "a%2Eb",
		"%2E%2E":                     "%2E%2E", // never a way up
		"%2E%2E%2Fetc":               "%2E%2E%2Fetc",
		"nul%00":                     "nul%00",
		"%23hash":                    "#hash",
	} {
		if got := decodeName(in); got != want {
			t.Errorf("decodeName(%q) = %q, want %q", in, got, want)
		}
	}
}
