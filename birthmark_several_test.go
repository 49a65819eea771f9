package birthmark_test

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark"
	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// machines is a folder with what a collector took of two machines: the scenario, which
// two of them may be, and one with a file alone.
func machines(t *testing.T, names ...string) *evidence.Evidence {
	t.Helper()
	artifacts, err := origintest.SQLServer().Artifacts()
	if err != nil {
		t.Fatal(err)
	}
	folder := fstest.MapFS{"FILE01/C/Windows/notes.txt": {Data: []byte("notes")}}
	for _, machine := range names {
		files := fstest.MapFS{}
		for name, data := range artifacts {
			files[machine+"/C/"+name] = &fstest.MapFile{Data: data}
		}
		maps.Copy(folder, files)
	}
	ev, err := evidence.OpenFS("case", folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ev.Close() })
	return ev
}

// In evidence of several machines a file that is gone is investigated on the one whose
// records name it. If several do, the path needs the name of a machine.
func TestInvestigateSeveralMachines(t *testing.T) {
	const subject = `C:\ProgramData\USOShared\sqlserver.exe`
	one, two := machines(t, "WEB01"), machines(t, "WEB01", "WEB02")
	for _, tt := range []struct {
		ev   *evidence.Evidence
		path string
		want string // the volume, or the error
	}{
		{one, subject, "WEB01/C"},
		{one, "WEB01:" + subject, "WEB01/C"},
		{one, "FILE01:" + subject, "not in the evidence"},
		{one, `FILE01:C:\Windows\notes.txt`, "FILE01/C"},
		{one, "notes.txt", "FILE01/C"},
		{two, subject, "2 files match: WEB01:" + subject + ", WEB02:" + subject},
		{two, "WEB02:" + subject, "WEB02/C"},
	} {
		r, err := birthmark.Investigate(t.Context(), tt.ev, tt.path)
		switch {
		case err != nil && !strings.Contains(err.Error(), tt.want):
			t.Errorf("%s: %v, want %s", tt.path, err, tt.want)
		case err == nil && r.Subject.Volume != tt.want:
			t.Errorf("%s: on %s, want %s", tt.path, r.Subject.Volume, tt.want)
		case err == nil && tt.want == "FILE01/C" && r.Answer(origin.Writer).Grade != origin.Unknown:
			t.Errorf("%s: the records of another machine answer: %s", tt.path, r.Answer(origin.Writer).Answer)
		}
	}
}

// InvestigateAll yields a report or an error for each path, in their order, wherever
// the files are.
func TestInvestigateAll(t *testing.T) {
	ev := machines(t, "WEB01")
	paths := []string{`C:\ProgramData\USOShared\sqlserver.exe`, "nothing.exe", "notes.txt", `WEB01:C:\ProgramData\USOShared\sqlhelper.dll`, `WEB01:C:\Windows\System32\config\SYSTEM`}
	want := []string{"sqlserver.exe", "", "notes.txt", "sqlhelper.dll", "SYSTEM"}
	i := 0
	for r, err := range birthmark.InvestigateAll(t.Context(), ev, paths) {
		if i == len(want) {
			t.Fatal("more reports than paths")
		}
		switch {
		case want[i] == "" && !errors.Is(err, fs.ErrNotExist):
			t.Errorf("%s: %v", paths[i], err)
		case want[i] != "" && (err != nil || !strings.HasSuffix(r.Subject.Path, `\`+want[i])):
			t.Errorf("%s: %v, %v", paths[i], r, err)
		}
		i++
	}
	if i != len(paths) {
		t.Errorf("%d reports for %d paths", i, len(paths))
	}
	for range birthmark.InvestigateAll(t.Context(), ev, paths) {
		break // a caller may stop
	}
	for range birthmark.InvestigateAll(t.Context(), ev, nil) {
		t.Error("a report for no path")
	}
}

// In a folder of loose logs a path may begin with the name of the machine that is meant.
func TestInvestigateByNameOfMachine(t *testing.T) {
	const file = `C:\Data\drop.exe`
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	folder := fstest.MapFS{}
	for i, machine := range []string{"WEB01", "DC02"} {
		system := evtx.System{TimeCreated: at.Add(time.Duration(i) * time.Hour), Computer: machine + ".corp.example"}
		log, err := evtxtest.Bytes(
			&evtx.Sysmon1{System: system, ProcessGuid: evtx.GUID{byte(i + 1)}, ProcessId: 7, Image: `C:\Tools\` + machine + ".exe"},
			&evtx.Sysmon11{System: system, UtcTime: system.TimeCreated, ProcessGuid: evtx.GUID{byte(i + 1)}, ProcessId: 7, Image: `C:\Tools\` + machine + ".exe", TargetFilename: file, CreationUtcTime: system.TimeCreated})
		if err != nil {
			t.Fatal(err)
		}
		folder[machine+"/sysmon.evtx"] = &fstest.MapFile{Data: log}
	}
	ev, err := evidence.OpenFS("case", folder)
	if err != nil {
		t.Fatal(err)
	}
	defer ev.Close()
	unsettled := func(r *origin.Report) bool {
		return slices.ContainsFunc(r.Contradictions, func(c origin.Contradiction) bool { return c.Kind == origin.MachineUnsettled })
	}
	for path, want := range map[string]string{"WEB01:" + file: "WEB01", "dc02:" + file: "DC02", "DC02.corp.example:" + file: "DC02"} {
		r, err := birthmark.Investigate(t.Context(), ev, path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if a := r.Answer(origin.Writer); a.Grade != origin.Recorded || a.Fact("image") != `C:\Tools\`+want+".exe" || unsettled(r) {
			t.Errorf("%s: %s %s", path, a.Grade, a.Answer)
		}
		if len(r.Elsewhere) == 0 {
			t.Errorf("%s: the other machine is not named", path)
		}
	}
	r, err := birthmark.Investigate(t.Context(), ev, file)
	if err != nil {
		t.Fatal(err)
	}
	if a := r.Answer(origin.Writer); a.Grade != origin.Inferred || !unsettled(r) {
		t.Errorf("without a name: %s %s", a.Grade, a.Answer)
	}
	if r, err = birthmark.Investigate(t.Context(), ev, "FILE09:"+file); err != nil || !unsettled(r) {
		t.Errorf("a machine without records: %v, %v", r, err)
	}
}
