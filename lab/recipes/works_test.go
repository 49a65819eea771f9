package recipes_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

var when = time.Date(2026, 3, 2, 12, 0, 0, 123_456_700, time.UTC)

// kindWorks decodes a record of the new kind as its own struct, and finds it in the
// timeline as an event of the new kind.
func kindWorks(s *scratch) error {
	log, err := evtxtest.Bytes(&evtx.Event{
		System:  evtx.System{Provider: "Microsoft-Windows-Security-Auditing", Channel: "Security", EventID: 4665, TimeCreated: when, Computer: "WEB1"},
		Element: "EventData",
		Fields: []evtx.Field{
			{Name: "AppName", Value: evtx.StringValue("billing")}, {Name: "ClientName", Value: evtx.StringValue("eve")}, {Name: "Status", Value: evtx.UInt32Value(5)},
		},
	})
	if err != nil {
		return err
	}
	name := s.write("Security.evtx", log)
	typed, err := s.run("run", "./examples/evtxdump", "-format", "typed", name)
	if err != nil {
		return err
	}
	events, err := s.run("run", "./examples/supertimeline", "-format", "jsonl", name)
	if err != nil {
		return err
	}
	return errors.Join(holds(typed, `"kind":"security-4665"`, `"AppName":"billing"`),
		holds(events, `"kind":"access.asked"`, "eve asked billing for access"))
}

// locationWorks lists a value at the new location, in both views of the registry.
func locationWorks(s *scratch) error {
	var h registrytest.Hive
	h.Set(`ODBC\ODBCINST.INI\4`, when, registrytest.SZ("Driver", "evil.dll"))
	h.Set(`Wow6432Node\ODBC\ODBCINST.INI\5`, when, registrytest.SZ("Driver", "evil32.dll"))
	hive, err := h.Bytes()
	if err != nil {
		return err
	}
	out, err := s.run("run", "./examples/autoruns", "-format", "jsonl", s.write("SOFTWARE", hive))
	if err != nil {
		return err
	}
	return holds(out, `{"category":"odbc","location":"ODBC\\ODBCINST.INI\\4","name":"Driver","command":"evil.dll"`, `"location":"Wow6432Node\\ODBC\\ODBCINST.INI\\5","name":"Driver"`)
}

// containerWorks lists the files of the two volumes of a disk in the new container,
// and an artifact in it under its name.
func containerWorks(s *scratch) error {
	veil := func(b []byte) []byte {
		out := []byte("VEIL\x01\x00\x00\x5a")
		for _, c := range b {
			out = append(out, c^0x5a)
		}
		return out
	}
	volume := func(name string) mfttest.Partition {
		b, err := mfttest.Volume{Size: 4 << 20, Files: []mfttest.File{{Path: name, Data: []byte("x"), Times: mfttest.AllAt(when)}}}.Bytes()
		if err != nil {
			s.t.Fatal(err)
		}
		return mfttest.Partition{Data: b}
	}
	disk, err := mfttest.Disk(volume("Windows/System32/first.exe"), volume("second.exe"))
	if err != nil {
		return err
	}
	files, err := s.run("run", "./examples/mftdump", "-format", "csv", s.write("disk.veil", veil(disk)))
	if err != nil {
		return err
	}
	var h registrytest.Hive
	h.Set(`Microsoft\Windows\CurrentVersion\Run`, when, registrytest.SZ("Drop", "evil.exe"))
	hive, err := h.Bytes()
	if err != nil {
		return err
	}
	artifact, err := s.run("run", "./examples/autoruns", "-format", "jsonl", s.write("SOFTWARE.veil", veil(hive)))
	if err != nil {
		return err
	}
	return errors.Join(holds(files, "first.exe", "second.exe"), holds(artifact, `"command":"evil.exe"`, `"hive":"SOFTWARE"`))
}

// questionWorks finds the answer in the text and in the JSON of the report on the
// scenario, the question in the schema, to which the report keeps, and its facts in
// the package documentation.
func questionWorks(s *scratch) error {
	text, err := s.run("run", "./examples/origin")
	if err != nil {
		return err
	}
	if err := holds(text, "Which processes led to its writer?", "Behind the writer was cmd.exe (recorded)."); err != nil {
		return err
	}
	out, err := s.run("run", "./examples/origin", "-format", "json")
	if err != nil {
		return err
	}
	var r origin.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		return err
	}
	a := r.Answer("lineage")
	if a.Grade != origin.Recorded || len(a.Evidence) == 0 || len(a.Facts) != 10 || a.Fact("image") != `C:\Windows\System32\cmd.exe` || a.Fact("pid") != "5404" {
		return fmt.Errorf("the answer is %+v", a)
	}
	schema, err := jsonschema.UnmarshalJSON(strings.NewReader(s.read("origin/report.schema.json")))
	if err != nil {
		return err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("report.schema.json", schema); err != nil {
		return err
	}
	compiled, err := c.Compile("report.schema.json")
	if err != nil {
		return err
	}
	report, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
	if err != nil {
		return err
	}
	return errors.Join(compiled.Validate(report),
		holds(s.read("origin/report.schema.json"), `"lineage"`), holds(s.read("testdata/no-sysmon/report.txt"), "Which processes led to its writer?"),
		holds(s.read("origin/doc.go"), "//	lineage        (for each process, the parent of the writer first)", "//	lineage.parents"))
}

// contradictionWorks finds the contradiction in the report on a machine that has it.
func contradictionWorks(s *scratch) error {
	const path = `C:\Data\drop.exe`
	guid := evtx.GUID{1}
	system := func(id uint16, at time.Time) evtx.System {
		return evtx.System{Provider: "Microsoft-Windows-Sysmon", Channel: "Microsoft-Windows-Sysmon/Operational", EventID: id, TimeCreated: at, Computer: "WEB1"}
	}
	later := when.Add(time.Hour)
	log, err := evtxtest.Bytes(
		&evtx.Sysmon11{System: system(11, when), UtcTime: when, ProcessGuid: guid, ProcessId: 7, Image: `C:\a.exe`, TargetFilename: path, CreationUtcTime: when},
		&evtx.Sysmon26{System: system(26, later), UtcTime: later, ProcessGuid: guid, ProcessId: 7, Image: `C:\a.exe`, TargetFilename: path})
	if err != nil {
		return err
	}
	image, err := mfttest.Volume{Files: []mfttest.File{
		{Path: "Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx", Data: log}, {Path: "Data/drop.exe", Data: []byte("x"), Times: mfttest.AllAt(when)},
	}}.Bytes()
	if err != nil {
		return err
	}
	out, err := s.run("run", "./examples/origin", "-format", "json", s.write("c.raw", image), path)
	if err != nil {
		return err
	}
	var r origin.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		return err
	}
	i := slices.IndexFunc(r.Contradictions, func(c origin.Contradiction) bool { return c.Kind == "deleted_but_there" })
	if i < 0 {
		return fmt.Errorf("the contradictions are %+v", r.Contradictions)
	}
	c := r.Contradictions[i]
	if len(c.Evidence) == 0 || !slices.Equal(c.Touches, []origin.Question{origin.Appeared}) {
		return fmt.Errorf("the contradiction is %+v", c)
	}
	return errors.Join(holds(c.Text, `C:\a.exe (PID 7) deleted its path on 2026-03-02T13:00:00`),
		holds(s.read("origin/doc.go"), "//	deleted_but_there   a deletion of the path was logged"))
}

// exportWorks prints the scenario in the new format, which the program offers.
func exportWorks(s *scratch) error {
	out, err := s.run("run", "./examples/supertimeline", "-q", "-format", "tln", "testdata/sqlserver/disk.raw.gz")
	if err != nil {
		return err
	}
	for line := range bytes.Lines([]byte(out)) {
		if bytes.Count(line, []byte("|")) != 4 {
			return fmt.Errorf("not five fields: %s", line)
		}
	}
	help, _ := s.run("run", "./examples/supertimeline", "-format", "none", "x") // fails
	return errors.Join(holds(out, "1772458929|"), holds(help, "want one of timesketch, csv, bodyfile, jsonl, tln"))
}
