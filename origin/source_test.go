package origin_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// A log that a collector kept elsewhere gives the same answers as one on the volume,
// under its own name.
func TestWithSource(t *testing.T) {
	const log = "Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx"
	whole := origintest.SQLServer()
	artifacts, err := whole.Artifacts()
	if err != nil || artifacts[log] == nil {
		t.Fatalf("the scenario has no Sysmon log (%v)", err)
	}
	without := whole.NoSysmon()
	vol := machine(t, without)
	for _, tt := range []struct {
		name   string
		source fstest.MapFS
		grade  origin.Grade // of the writer
	}{
		{"the log in a folder", fstest.MapFS{"2026/exported.evtx": {Data: artifacts[log]}}, origin.Recorded},
		{"the log under another extension", fstest.MapFS{"sysmon.bin": {Data: artifacts[log]}}, origin.Recorded},
		{"nothing", fstest.MapFS{}, origin.Inferred},
		{"not a log", fstest.MapFS{"Sysmon.txt": {Data: []byte("text")}}, origin.Inferred},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := origin.Investigate(context.Background(), vol, without.Subject, origin.WithSource(tt.source, "siem"))
			if err != nil {
				t.Fatal(err)
			}
			writer := r.Answer(origin.Writer)
			if writer.Grade != tt.grade {
				t.Fatalf("the writer is %s, want %s: %s", writer.Grade, tt.grade, writer.Answer)
			}
			if tt.grade != origin.Recorded {
				return
			}
			if !strings.HasPrefix(writer.Evidence[0].Artifact, "siem/") {
				t.Errorf("the writer's record is in %s, want it in siem/", writer.Evidence[0].Artifact)
			}
			covered := false
			for _, c := range r.Coverage {
				covered = covered || strings.HasPrefix(c.Artifact, "siem/") && c.State == "parsed" && c.Records > 0
				if c.State == "absent" && strings.Contains(c.Artifact, "Sysmon") {
					t.Errorf("the coverage calls %s absent", c.Artifact)
				}
			}
			if !covered {
				t.Error("the coverage does not have the source")
			}
		})
	}
}
