package origin_test

import (
	"slices"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// A contradiction lists the questions whose answers it concerns. If it is about a log
// these are the questions that records of that log answer.
func TestContradictionsTouch(t *testing.T) {
	type questions = []origin.Question
	security, system := origin.AnsweredBy("Security"), origin.AnsweredBy("System")
	sysmon, sessions := origin.AnsweredBy("Microsoft-Windows-Sysmon/Operational"), origin.AnsweredBy("Microsoft-Windows-TerminalServices-LocalSessionManager/Operational")
	if !slices.Contains(system, origin.Autostart) || slices.Contains(system, origin.Writer) || !slices.Contains(security, origin.Logon) || slices.Contains(sysmon, origin.Logon) {
		t.Errorf("the System log answers %q, the Security log %q, the Sysmon log %q", system, security, sysmon)
	}
	subject := []mfttest.File{file(noon)}
	cleared := func(channel string) world {
		return world{files: subject, system: []any{&evtx.System104{System: sys("System", "Microsoft-Windows-Eventlog", 104, noon.Add(time.Hour)), SubjectUserName: "user", Channel: channel}}}
	}
	for _, tt := range []struct {
		name string
		w    world
		kind origin.ContradictionKind
		want questions
	}{
		{"the Security log begins later", world{files: subject, security: []any{loggedOn(1, 2, "-", noon.Add(time.Hour))}}, origin.LogStartsAfter, security},
		{"the Sysmon log begins later", world{files: subject, sysmon: []any{started(9, `C:\a.exe`, "", noon.Add(time.Hour), 2, "")}}, origin.LogStartsAfter, sysmon},
		{"the System log begins later", cleared("Security"), origin.LogStartsAfter, system},
		{"the sessions begin later", world{files: subject, sessions: []any{session(1, "192.0.2.1", noon.Add(time.Hour))}}, origin.LogStartsAfter, sessions},
		{"the Security log was cleared", world{files: subject, security: []any{&evtx.Security1102{System: sys("Security", "Microsoft-Windows-Eventlog", 1102, noon.Add(time.Hour))}}}, origin.LogCleared, security},
		{"the Security log was cleared, as the System log records", cleared("Security"), origin.LogCleared, security},
		{"the Sysmon log was cleared", cleared("microsoft-windows-sysmon/operational"), origin.LogCleared, sysmon},
		{"a log was cleared that answers nothing", cleared("HardwareEvents"), origin.LogCleared, questions{}},
	} {
		r := place{tt.name, tt.w.path(), tt.w.volume(t)}.report(t)
		i := slices.IndexFunc(r.Contradictions, func(c origin.Contradiction) bool { return c.Kind == tt.kind })
		if i < 0 {
			t.Errorf("%s: no %s in %+v", tt.name, tt.kind, r.Contradictions)
			continue
		}
		if got := r.Contradictions[i].Touches; !slices.Equal(got, tt.want) {
			t.Errorf("%s: %s touches\n%q, want\n%q", tt.name, tt.kind, got, tt.want)
		}
	}
}
