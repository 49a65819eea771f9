package cim_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/cim"
	"github.com/birthmark-dfir/birthmark/cim/cimtest"
	"github.com/birthmark-dfir/birthmark/winid"
)

var when = time.Date(2026, 3, 1, 12, 30, 0, 123456700, time.UTC)

// example has a consumer of each class, one without a binding, one in another namespace, and
// a script of several pages.
func example(t testing.TB) map[string][]byte {
	t.Helper()
	sid, err := winid.ParseSID("S-1-5-21-1-2-3-1001")
	if err != nil {
		t.Fatal(err)
	}
	creator, err := sid.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	r := cimtest.Repository{Namespaces: []string{`root\default`, `root\Über`, `root\Über\日本`}}
	r.Subscribe("CommandLineEventConsumer", `Up"date\r`, "SELECT * FROM __InstanceModificationEvent", when,
		map[string]any{"CommandLineTemplate": `cmd /c C:\日本\evil.exe`, "ExecutablePath": `C:\Windows\System32\cmd.exe`, "WorkingDirectory": `C:\`, "CreatorSID": creator, "CreateNewConsole": true, "KillTimeout": uint32(7)})
	r.Subscribe("ActiveScriptEventConsumer", "Script", "SELECT * FROM Win32_ProcessStartTrace", when, map[string]any{"ScriptText": strings.Repeat("x = 1 ' Ä\n", 2500), "ScriptingEngine": "VBScript"})
	r.Classes = []cimtest.Class{{Namespace: `root\Über\日本`, Name: "CommandLineEventConsumer", Super: "__EventConsumer",
		Properties: []cimtest.Property{{Name: "Name", Type: "string"}, {Name: "CommandLineTemplate", Type: "string"}}}}
	r.Instances = append(r.Instances, cimtest.Instance{Namespace: `root\Über\日本`, Class: "CommandLineEventConsumer", Key: "lonely", Written: when, Values: map[string]any{"Name": "lonely", "CommandLineTemplate": "x.exe"}})
	for i := range 60 { // several pages of the index
		r.Instances = append(r.Instances, cimtest.Instance{Namespace: `root\default`, Class: "__EventFilter", Key: fmt.Sprint(i), Values: map[string]any{"Name": fmt.Sprint(i)}})
	}
	files, err := r.Files()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func open(t testing.TB, files map[string][]byte) (*cim.Reader, error) {
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys["Repository/"+strings.ToLower(name)] = &fstest.MapFile{Data: data}
	}
	return cim.OpenFS(fsys, "Repository")
}

// described returns the consumers as lines, and the errors.
func described(r *cim.Reader) (list []string, errs []string) {
	for c, err := range r.Consumers() {
		if err != nil {
			errs = append(errs, err.Error())
			continue
		}
		line := fmt.Sprintf("%s %s %q %q %q %q %d %q %q %s %s", c.Namespace, c.Class, c.Name, c.Command, c.Program, c.Folder, len(c.Script), c.ScriptFile, c.Engine, c.Creator, c.Written.Format(time.RFC3339Nano))
		for _, f := range c.Filters {
			line += fmt.Sprintf(" on %q %q %s %s", f.Name, f.Query, f.Language, f.Namespace)
		}
		list = append(list, line)
	}
	return list, errs
}

var want = []string{
	`root\subscription CommandLineEventConsumer "Up\"date\\r" "cmd /c C:\\日本\\evil.exe" "C:\\Windows\\System32\\cmd.exe" "C:\\" 0 "" "" S-1-5-21-1-2-3-1001 2026-03-01T12:30:00.1234567Z on "Up\"date\\r filter" "SELECT * FROM __InstanceModificationEvent" WQL root\cimv2`,
	`root\Über\日本 CommandLineEventConsumer "lonely" "x.exe" "" "" 0 "" ""  2026-03-01T12:30:00.1234567Z`,
	`root\subscription ActiveScriptEventConsumer "Script" "" "" "" 27500 "" "VBScript"  2026-03-01T12:30:00.1234567Z on "Script filter" "SELECT * FROM Win32_ProcessStartTrace" WQL root\cimv2`,
}

func TestConsumers(t *testing.T) {
	files := example(t)
	r, err := open(t, files)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, errs := described(r)
	for p := range r.Problems() {
		errs = append(errs, p.String())
	}
	if len(errs) > 0 || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(errs, "\n"), strings.Join(want, "\n"))
	}
	n := 0
	for i, err := range r.Instances("__eventfilter") {
		if err != nil || i.Namespace == `root\default` && i.Text("Query") != "" || i.Offset == 0 {
			t.Errorf("%+v %v", i, err)
		}
		n++
	}
	if n != 62 {
		t.Errorf("%d filters", n)
	}
	again := example(t)
	if !maps.EqualFunc(files, again, bytes.Equal) {
		t.Error("written twice, the files differ")
	}
}

// The mapping file with the highest sequence number counts.
func TestCurrentMapping(t *testing.T) {
	files := example(t)
	old := bytes.Clone(files["MAPPING3.MAP"])
	old[24] = 7 // page 0 of the objects is elsewhere
	files["MAPPING1.MAP"] = old
	old[4] = 1
	r, err := open(t, files)
	if err != nil {
		t.Fatal(err)
	}
	if got, errs := described(r); len(got) != len(want) || len(errs) > 0 {
		t.Errorf("%q %q", got, errs)
	}
}

func TestDamaged(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(f map[string][]byte)
		open   string // error of opening
		errs   string // in the errors or problems
		least  int    // consumers that are read
	}{
		{"no index", func(f map[string][]byte) { delete(f, "INDEX.BTR") }, "want OBJECTS.DATA, INDEX.BTR and a mapping file", "", 0},
		{"no mapping", func(f map[string][]byte) {
			for i := range 3 {
				delete(f, fmt.Sprintf("MAPPING%d.MAP", i+1))
			}
		}, "want OBJECTS.DATA, INDEX.BTR and a mapping file", "", 0},
		{"one mapping is noise", func(f map[string][]byte) { f["MAPPING3.MAP"] = []byte("noise, and a little more of it") }, "", "mark of a mapping at 0x0", 3},
		{"all mappings are cut off", func(f map[string][]byte) {
			for i := range 3 {
				f[fmt.Sprintf("MAPPING%d.MAP", i+1)] = f["MAPPING1.MAP"][:40]
			}
		}, "number of entries at 0x14", "", 0},
		{"the format of Windows XP", func(f map[string][]byte) {
			for i := range 3 {
				f[fmt.Sprintf("MAPPING%d.MAP", i+1)][8] = 9
			}
		}, "the repository has the format of Windows XP", "", 0},
		{"the root is not a page of the index", func(f map[string][]byte) { clear(f["INDEX.BTR"]) }, "", "mark of a page at", 0},
		{"the index is cut off", func(f map[string][]byte) { f["INDEX.BTR"] = f["INDEX.BTR"][:pageSize] }, "", "INDEX.BTR: page", 0},
		{"the objects are cut off", func(f map[string][]byte) { f["OBJECTS.DATA"] = f["OBJECTS.DATA"][:2*pageSize] }, "", "OBJECTS.DATA: page", 0},
		{"the objects are zeros", func(f map[string][]byte) { clear(f["OBJECTS.DATA"]) }, "", "in the table of the page", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := example(t)
			tt.change(files)
			r, err := open(t, files)
			if tt.open != "" {
				if err == nil || !strings.Contains(err.Error(), tt.open) {
					t.Errorf("%v, want %s", err, tt.open)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got, errs := described(r)
			for p := range r.Problems() {
				errs = append(errs, p.String())
			}
			if all := strings.Join(errs, "\n"); !strings.Contains(all, tt.errs) || len(got) < tt.least {
				t.Errorf("%d consumers, %s", len(got), all)
			}
		})
	}
	if _, err := cim.NewReader(cim.Files{}); !errors.Is(err, cim.ErrNotRepository) {
		t.Error(err)
	}
}

// A property that an instance does not set, with or without qualifiers of its own, has the default value of its class, or of the
// nearest class above it that defines the property.
func TestDefaultValues(t *testing.T) {
	const ns = `root\default`
	text := func(name string) cimtest.Property { return cimtest.Property{Name: name, Type: "string"} }
	r := cimtest.Repository{Namespaces: []string{ns}, Classes: []cimtest.Class{
		{Namespace: ns, Name: "A", Super: "__SystemClass", Properties: []cimtest.Property{text("Key"), text("provider"), {Name: "Data", Type: "uint8[]"}, text("Text")}, Defaults: map[string]string{"provider": "p", "Text": "of A"}},
		{Namespace: ns, Name: "B", Super: "A"},
		{Namespace: ns, Name: "C", Super: "B", Properties: []cimtest.Property{text("More"), text("Text")}, Defaults: map[string]string{"Text": "of C", "More": "日本"}},
		{Namespace: ns, Name: "D", Super: "C", Properties: []cimtest.Property{text("Text")}},
		{Namespace: ns, Name: "CommandLineEventConsumer", Super: "__EventConsumer", Properties: []cimtest.Property{text("NAME"), text("commandlinetemplate")}, Defaults: map[string]string{"commandlinetemplate": "evil.exe"}},
	}}
	for _, name := range []string{"A", "B", "C", "D", "CommandLineEventConsumer"} {
		r.Instances = append(r.Instances, cimtest.Instance{Namespace: ns, Class: name, Key: "1"})
	}
	r.Instances = append(r.Instances, cimtest.Instance{Namespace: ns, Class: "C", Key: "2", Values: map[string]any{"Text": "its own", "Key": "2"}, Qualified: true})
	files, err := r.Files()
	if err != nil {
		t.Fatal(err)
	}
	got, err := open(t, files)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, name := range []string{"A", "B", "C", "D"} {
		for i, err := range got.Instances(name) {
			lines = append(lines, fmt.Sprintf("%s %q %q %q %v", i.Class, i.Text("PROVIDER"), i.Text("text"), i.Text("More"), err))
		}
	}
	want := `A "p" "of A" "" <nil>
B "p" "of A" "" <nil>
C "p" "its own" "日本" <nil>
C "p" "of C" "日本" <nil>
D "p" "" "日本" <nil>`
	slices.Sort(lines) // the index has them by the hashes of their keys
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for c, err := range got.Consumers() {
		if err != nil || c.Command != "evil.exe" {
			t.Errorf("%+v, %v", c, err)
		}
	}
}

const pageSize = 8192

// Whatever the bytes, reading ends, and what is read is bounded.
func FuzzReader(f *testing.F) {
	var small cimtest.Repository
	small.Subscribe("CommandLineEventConsumer", "Up", "SELECT * FROM x", when, map[string]any{"CommandLineTemplate": "x.exe"})
	files, err := small.Files()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(files["OBJECTS.DATA"], files["INDEX.BTR"], files["MAPPING1.MAP"])
	f.Fuzz(func(t *testing.T, objects, index, mapping []byte) {
		r, err := cim.NewReader(cim.Files{Objects: file(objects), Index: file(index), Mappings: []cim.File{file(mapping)}})
		if err != nil {
			return
		}
		described(r)
		for range r.Problems() {
		}
	})
}

func file(b []byte) cim.File { return cim.File{ReaderAt: bytes.NewReader(b), Size: int64(len(b))} }
