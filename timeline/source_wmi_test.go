package timeline

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/cim/cimtest"
)

// repositoryIn puts the repository of WMI with a consumer into a folder.
func repositoryIn(t *testing.T, files fstest.MapFS, folder string) fstest.MapFS {
	t.Helper()
	var r cimtest.Repository
	r.Subscribe("CommandLineEventConsumer", "Up", "SELECT * FROM x", day(2, 0, 0), map[string]any{"CommandLineTemplate": `"C:\ProgramData\a b.exe" -q`, "CreatorSID": []byte{1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0}})
	r.Instances = append(r.Instances, cimtest.Instance{Namespace: `root\subscription`, Class: "ActiveScriptEventConsumer", Key: "S", Written: day(1, 0, 0), Values: map[string]any{"Name": "S", "ScriptText": "x"}})
	made, err := r.Files()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range made {
		files[folder+"/"+name] = &fstest.MapFile{Data: data}
	}
	return files
}

func TestWMIConsumers(t *testing.T) {
	for name, folder := range map[string]string{"a volume": wmiFolder, "a folder of a collector": "out/C/windows/system32/wbem/repository"} {
		t.Run(name, func(t *testing.T) {
			tl := collect(t, repositoryIn(t, fstest.MapFS{}, folder))
			var got []string
			for e := range tl.ByKind(WMISubscribed) {
				got = append(got, fmt.Sprintf("%s %s %s %s", e.Time.Format("15:04:05"), e.SID, e.Path, e.Message))
				if e.Source.Type != TypeWMI || e.Source.Offset <= 0 || e.Source.Artifact != folder+"/OBJECTS.DATA" {
					t.Errorf("%+v", e.Source)
				}
			}
			want := []string{
				`01:00:00   the consumer S of WMI events in root\subscription was written, without a binding`,
				`02:00:00 S-1-5-18 C:\ProgramData\a b.exe the consumer Up of WMI events in root\subscription was written, command: "C:\ProgramData\a b.exe" -q, on: SELECT * FROM x`,
			}
			if !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if c := covered(t, tl, folder+"/OBJECTS.DATA"); c.State != Parsed || c.Records != 2 || len(tl.WMIConsumers()) != 2 {
				t.Errorf("%+v", c)
			}
		})
	}
}

// What cannot be read is in the coverage, and what has the place of Windows XP is unread.
func TestDamagedRepository(t *testing.T) {
	files := repositoryIn(t, fstest.MapFS{}, wmiFolder)
	delete(files, wmiFolder+"/INDEX.BTR")
	files["Windows/System32/wbem/Repository/FS/OBJECTS.DATA"] = &fstest.MapFile{Data: []byte("x")}
	tl := collect(t, files)
	if c := covered(t, tl, wmiFolder+"/OBJECTS.DATA"); c.State != Damaged || c.ProblemCount != 1 || !strings.Contains(c.Problems[0].String(), "INDEX.BTR") {
		t.Errorf("%+v", c)
	}
	if c := covered(t, tl, wmiFolder+"/FS/OBJECTS.DATA"); c.State != Unread {
		t.Errorf("%+v", c)
	}
}
