package evidence

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// hiveOf returns a SYSTEM hive of the computer of a name.
func hiveOf(t *testing.T, name string) *fstest.MapFile {
	t.Helper()
	var hive registrytest.Hive
	hive.Set("Select", time.Time{}, registrytest.DWord("Current", 1))
	hive.Set(`ControlSet001\Control\ComputerName\ComputerName`, time.Time{}, registrytest.SZ("ComputerName", name))
	b, err := hive.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: b}
}

// Folders that are named after what KAPE made are of one machine, unless their registries say
// that they are not. Nothing is left out without a word.
func TestPartsOfAMachine(t *testing.T) {
	word := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	for _, tt := range []struct {
		name     string
		files    fstest.MapFS
		volumes  []string // "NAME MACHINE"
		problems []string
		read     map[string]string // paths, and what Resolve finds there
	}{
		{"what only modules made", fstest.MapFS{"Target/C/Windows/win.ini": word("a"), "Module/C/out.csv": word("b")},
			[]string{"C "}, []string{"unsupported: x: Module/C: drive: got neither Windows nor an artifact, want those of a second machine; it was not opened as one"}, nil},
		{"an artifact among what modules made", fstest.MapFS{"Target/C/Windows/win.ini": word("a"), "Module/C/config/SYSTEM": hiveOf(t, "WEB01")},
			[]string{"C "}, nil, nil},
		{"an artifact in the folder of a machine", fstest.MapFS{"WEB01/C/Windows/win.ini": word("a"), "WEB02/C/config/SYSTEM": hiveOf(t, "WEB02")},
			[]string{"WEB01/C WEB01", "WEB02/C WEB02"}, nil, nil},
		{"the same computer", fstest.MapFS{"tout/C/" + systemHive: hiveOf(t, "WEB01"), "mout/C/" + systemHive: hiveOf(t, "web01"), "mout/C/Users/a.txt": word("b")},
			[]string{"C "}, nil, map[string]string{`C:\Users\a.txt`: "b"}},
		{"two computers", fstest.MapFS{"Target/C/" + systemHive: hiveOf(t, "WEB01"), "Module/C/" + systemHive: hiveOf(t, "WEB02")},
			[]string{"Module/C Module", "Target/C Target"}, nil, nil},
		{"a file that both have", fstest.MapFS{"Target/C/Users/a.txt": word("targets"), "Module/C/Users/a.txt": word("modules, later"), "Module/C/Users/b.txt": word("b"), "Target/C/Users/b.txt": word("b")},
			[]string{"C "}, []string{"conflict: x: Module/C/Users/a.txt: second copy of a file: got 14 bytes, want 7 bytes, as Target/C/Users/a.txt has; that one was read"},
			map[string]string{`C:\Users\a.txt`: "targets"}},
		{"and a second machine", fstest.MapFS{"Target/C/Windows/win.ini": word("a"), "Module/C/Users/a.txt": word("b"), "WEB02/C/Windows/win.ini": word("c")},
			[]string{"Target/C Target", "WEB02/C WEB02"}, nil, map[string]string{`Target:C:\Users\a.txt`: "b"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, err := OpenFS("x", tt.files)
			if err != nil {
				t.Fatal(err)
			}
			var volumes, problems []string
			for _, v := range e.Volumes() {
				if v.Kind == Folder {
					volumes = append(volumes, v.Name+" "+v.Machine)
				}
				tree(t, v)
			}
			for p := range e.Problems() {
				problems = append(problems, p.String())
			}
			if !slices.Equal(volumes, tt.volumes) || !slices.Equal(problems, tt.problems) {
				t.Errorf("volumes %q, want %q\n%s", volumes, tt.volumes, strings.Join(problems, "\n"))
			}
			for name, want := range tt.read {
				v, path, err := e.Resolve(name)
				if err != nil {
					t.Error(err)
					continue
				}
				if b, err := fs.ReadFile(v.FS, path); err != nil || string(b) != want {
					t.Errorf("%s: %q, %v", name, b, err)
				}
			}
		})
	}
}
