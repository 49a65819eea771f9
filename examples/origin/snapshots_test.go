package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/vss/vsstest"
)

// withSnapshots writes the image of a volume with a shadow copy from before nc.exe was there,
// and one from before the Security log was cleared.
func withSnapshots(t *testing.T) string {
	t.Helper()
	noon := time.Date(2026, 3, 2, 12, 0, 0, 123456700, time.UTC)
	system := func(id uint16, at time.Time, provider string) evtx.System {
		return evtx.System{Provider: provider, EventID: id, Channel: "Security", Computer: "WEB01", TimeCreated: at}
	}
	run := &evtx.Security4688{System: system(4688, noon.Add(time.Hour), "Microsoft-Windows-Security-Auditing"), NewProcessName: `C:\Data\nc.exe`, NewProcessId: 9}
	cleared := &evtx.Security1102{System: system(1102, noon.Add(3*time.Hour), "Microsoft-Windows-Eventlog")}
	var states [][]byte
	for _, s := range []struct {
		there  bool
		events []any
	}{{false, nil}, {true, []any{run}}, {true, []any{cleared}}} {
		files := []mfttest.File{{Path: "Windows/System32/ntoskrnl.exe"}}
		if s.events != nil {
			log, err := evtxtest.Bytes(s.events...)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, mfttest.File{Path: "Windows/System32/winevt/Logs/Security.evtx", Data: log})
		}
		if s.there {
			files = append(files, mfttest.File{Path: "Data/nc.exe", Data: []byte("tool"), Times: mfttest.AllAt(noon)})
		}
		b, err := mfttest.Volume{Size: 4 << 20, Files: files}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, b)
	}
	image, err := vsstest.Volume{Current: states[2], Snapshots: []vsstest.Snapshot{
		{State: states[0], Created: noon.Add(-time.Hour)}, {State: states[1], Created: noon.Add(2 * time.Hour)},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "c.raw")
	if err := os.WriteFile(name, image, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// Shadow copies are named in the coverage, and read if -snapshots asks for it.
func TestSnapshots(t *testing.T) {
	image := withSnapshots(t)
	for _, tt := range []struct {
		args      []string
		want, not []string
	}{
		{nil, []string{"vss1 present, not read", "Shadow copy vss2 of 2026-03-02T14:00:00.1234567Z may have them, and was not read."}, []string{"It is not yet in shadow copy"}},
		{[]string{"-snapshots"}, []string{
			"It is not yet in shadow copy vss1 of 2026-03-02T11:00:00.1234567Z, and is in vss2 of 2026-03-02T14:00:00.1234567Z.",
			"Shadow copy vss2 of", "still has records of it", "vss2/Windows/System32/winevt/Logs/Security.evtx",
		}, []string{"vss1 present, not read", "was not read."}},
	} {
		code, out, problems := execute(append(tt.args, image, `C:\Data\nc.exe`)...)
		if code != cli.Done {
			t.Fatalf("%q: exit %d: %s", tt.args, code, problems)
		}
		flat := strings.Join(strings.Fields(out), " ")
		for _, want := range tt.want {
			if !strings.Contains(flat, want) {
				t.Errorf("%q: no %q in\n%s", tt.args, want, out)
			}
		}
		for _, not := range tt.not {
			if strings.Contains(flat, not) {
				t.Errorf("%q: %q in\n%s", tt.args, not, out)
			}
		}
	}
}
