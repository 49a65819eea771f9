package evidence

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// What a collection holds beside its drives is a volume of its own: the artifacts, in any
// folder, by content and by name. The programs and reports of the collector are not.
func TestBeside(t *testing.T) {
	hive := "regf"
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string // the volumes, with the files of those beside
	}{
		{"nothing", map[string]string{"C/Windows/x": ""}, "C"},
		{"reports and programs of the collector", map[string]string{"C/Windows/x": "", "kape.exe": "MZ", "log.txt": "x", "results/a.json": "{}"}, "C"},
		{"an event log", map[string]string{"C/Windows/x": "", "EventLogs/Sysmon.evtx": "ElfFile\x00"}, "C beside(EventLogs/Sysmon.evtx)"},
		{"by content", map[string]string{"C/Windows/x": "", "a/b/1.bin": "ElfFile\x00", "2.bin": "x"}, "C beside(a/b/1.bin)"},
		{"a hive with its logs", map[string]string{"C/Windows/x": "", "SYSTEM": hive, "SYSTEM.LOG1": hive, "SYSTEM.txt": "x"}, "C beside(SYSTEM SYSTEM.LOG1)"},
		{"a shadow copy that KAPE collected", map[string]string{"C/Windows/x": "", "VSS1/Windows/System32/config/SYSTEM": hive, "a/SAM": hive}, "C VSS1 beside(a/SAM)"},
		{"the drive is the folder", map[string]string{"Windows/x": "", "Users/y": "", "Sysmon.evtx": "ElfFile\x00"}, "C"},
		{"in a wrapper", map[string]string{"case/Windows/x": "", "case.txt": "x"}, "C"},
		{"drives of Velociraptor", map[string]string{"uploads/auto/C%3A/Windows/x": "", "uploads/auto/D%3A/y": "", "uploads/Sysmon.evtx": "ElfFile\x00"}, "C D beside(uploads/Sysmon.evtx)"},
		{"two machines", map[string]string{"WEB01/C/Windows/x": "", "WEB02/C/Windows/x": "", "WEB02/logs/Sysmon.evtx": "ElfFile\x00"}, "WEB01/C WEB02/C WEB02/beside(logs/Sysmon.evtx)"},
	} {
		fsys := fstest.MapFS{}
		for name, data := range tt.files {
			fsys[name] = &fstest.MapFile{Data: []byte(data)}
		}
		e, err := OpenFS("case", fsys)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var got []string
		for _, v := range e.Volumes() {
			text := v.Name
			if v.Kind == Beside {
				if v.Letter != "" {
					t.Errorf("%s: %s is drive %s", tt.name, v.Name, v.Letter)
				}
				text += "(" + strings.Join(filesOf(t, v.FS), " ") + ")"
			}
			got = append(got, text)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, s, tt.want)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
}

// filesOf returns the files of a file system, each of which can be read.
func filesOf(t *testing.T, fsys fs.FS) []string {
	var list []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, name)
			_, err = fs.ReadFile(fsys, name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	slices.Sort(list)
	return list
}

// A file that is left out cannot be opened by its path either.
func TestBesideLeavesOut(t *testing.T) {
	e, err := OpenFS("case", fstest.MapFS{"C/Windows/x": {}, "logs/a.evtx": {Data: []byte("ElfFile\x00")}, "logs/tool.exe": {Data: []byte("MZ")}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	vol := e.Volumes()[1]
	if _, err := fs.Stat(vol.FS, "logs/A.EVTX"); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"logs/tool.exe", "C/Windows/x", "C"} {
		if _, err := fs.Stat(vol.FS, name); err == nil {
			t.Errorf("%s is there", name)
		}
	}
}
