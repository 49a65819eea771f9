package origin_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// machine is C: of a scenario, found on its disk image.
func machine(t testing.TB, s *origintest.Scenario) fs.FS {
	t.Helper()
	ev, err := s.Evidence()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ev.Close() })
	vol, _, err := ev.Resolve(`C:\Windows`)
	if err != nil {
		t.Fatal(err)
	}
	return vol.FS
}

func report(t testing.TB, s *origintest.Scenario) *origin.Report {
	t.Helper()
	r, err := origin.Investigate(context.Background(), machine(t, s), s.Subject)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// groups returns the facts of each thing that an answer names. They begin where the
// first name comes again.
func groups(facts []origin.Fact) []map[string]string {
	var list []map[string]string
	for _, f := range facts {
		if len(list) == 0 || f.Name == facts[0].Name {
			list = append(list, map[string]string{})
		}
		list[len(list)-1][f.Name] = f.Value
	}
	return list
}

// Every answer equals the truth, in the scenario and in its evasive variants.
func TestAnswersEqualTheTruth(t *testing.T) {
	for _, s := range origintest.Variants() {
		t.Run(s.Name, func(t *testing.T) {
			truth, err := s.Truth()
			if err != nil {
				t.Fatal(err)
			}
			r := report(t, s)
			for _, want := range truth.Answers {
				got := r.Answer(origin.Question(want.Question))
				if string(got.Grade) != want.Grade || string(got.UnknownBecause) != want.UnknownBecause {
					t.Errorf("%s is %s %s, want %s %s: %s", want.Question, got.Grade, got.UnknownBecause, want.Grade, want.UnknownBecause, got.Answer)
				}
				names := map[string]bool{}
				for _, group := range want.Groups {
					for name := range group {
						names[name] = true
					}
				}
				groups := groups(got.Facts)
				if len(groups) != len(want.Groups) {
					t.Errorf("%s names %d things, want %d", want.Question, len(groups), len(want.Groups))
					continue
				}
				for i, group := range groups {
					for name := range names {
						if have := group[name]; have != want.Groups[i][name] {
							t.Errorf("%s, %d: %s is %q, want %q", want.Question, i, name, have, want.Groups[i][name])
						}
					}
				}
			}
			var kinds []string
			for _, c := range r.Contradictions {
				kinds = append(kinds, string(c.Kind))
			}
			if !slices.Equal(kinds, truth.Contradictions) {
				t.Errorf("contradictions %q, want %q", kinds, truth.Contradictions)
			}
			for _, decoy := range truth.Innocent {
				if verdict := fmt.Sprint(r.Verdict); strings.Contains(verdict, decoy) {
					t.Errorf("the verdict names %s: %s", decoy, verdict)
				}
			}
			for _, a := range r.Answers {
				for _, decoy := range truth.Innocent {
					if strings.Contains(a.Answer, decoy) {
						t.Errorf("%s names %s: %s", a.Question, decoy, a.Answer)
					}
					for _, f := range a.Facts {
						if strings.Contains(f.Value, decoy) {
							t.Errorf("%s: %s is %s", a.Question, f.Name, f.Value)
						}
					}
				}
			}
		})
	}
}

// A claim without a cited record is a defect, and so is a citation of a record that
// does not exist.
func TestEveryClaimCitesItsRecord(t *testing.T) {
	for _, s := range origintest.Variants() {
		vol := machine(t, s)
		r := report(t, s)
		check := func(what string, list []origin.Citation) {
			if len(list) == 0 {
				t.Errorf("%s: %s cites nothing", s.Name, what)
			}
			for _, c := range list {
				if _, err := vol.Open(c.Artifact); err != nil {
					t.Errorf("%s: %s cites %s: %v", s.Name, what, c.Artifact, err)
				}
				if c.Text == "" && c.Time.IsZero() {
					t.Errorf("%s: %s cites %s %s without its text", s.Name, what, c.Artifact, c.Record)
				}
			}
		}
		for _, a := range r.Answers {
			if a.Grade != origin.Unknown {
				check(string(a.Question), a.Evidence)
			}
			if (a.Grade == origin.Unknown) != (a.UnknownBecause != "") {
				t.Errorf("%s: %s is %s because %q", s.Name, a.Question, a.Grade, a.UnknownBecause)
			}
		}
		for _, c := range r.Contradictions {
			check(string(c.Kind), c.Evidence)
		}
	}
}

// rank orders the grades, best first.
var rank = map[origin.Grade]int{origin.Recorded: 0, origin.Corroborated: 1, origin.Inferred: 2, origin.Unknown: 3}

// loss is what answers become: the grade, and the reason of an Unknown.
type loss map[origin.Question]string

// losses is what removing sources costs. Answers that it does not name must be
// unchanged. A source alone may cost no grade if others record the same. Then it is
// no longer cited, and the last rows of the table remove those others as well.
var losses = []struct {
	sources []string // by the end of their names
	want    loss
}{
	{[]string{"Security.evtx"}, loss{origin.Logon: "unknown partly_searched"}},
	{[]string{"System.evtx"}, loss{}},
	{[]string{"LocalSessionManager%4Operational.evtx"}, loss{}},
	{[]string{"RemoteConnectionManager%4Operational.evtx"}, loss{}},
	{[]string{"Sysmon%4Operational.evtx"}, loss{
		origin.Appeared:     "inferred",
		origin.OriginalName: "inferred", origin.Writer: "inferred", origin.Account: "inferred", origin.Logon: "inferred",
		origin.WebEntry: "inferred", origin.Companions: "inferred", origin.Reach: "unknown source_absent",
	}},
	{[]string{"config/SYSTEM"}, loss{origin.Autostart: "corroborated"}}, // three logs record that the service was created
	{[]string{"config/SOFTWARE"}, loss{origin.Autostart: "inferred"}},   // one log records the Run value
	{[]string{"u_ex260302.log"}, loss{origin.WebEntry: "inferred"}},
	{[]string{":Zone.Identifier"}, loss{}},
	{[]string{"sqlserver.exe"}, loss{origin.What: "inferred"}},

	{[]string{"Security.evtx", "System.evtx"}, loss{origin.Logon: "unknown partly_searched"}},
	{[]string{"Sysmon%4Operational.evtx", ":Zone.Identifier"}, loss{
		origin.Appeared:     "inferred",
		origin.OriginalName: "inferred", origin.Writer: "inferred", origin.Account: "inferred", origin.Logon: "inferred",
		origin.WebEntry: "inferred", origin.Companions: "inferred", origin.Reach: "unknown source_absent", origin.Arrival: "inferred",
	}},
	{[]string{"Sysmon%4Operational.evtx", "Security.evtx"}, loss{
		origin.Appeared:     "inferred",
		origin.OriginalName: "inferred", origin.Writer: "unknown source_absent", origin.Account: "inferred", origin.Logon: "unknown partly_searched",
		origin.WebEntry: "unknown partly_searched", origin.Companions: "inferred", origin.Executed: "unknown partly_searched", origin.Reach: "unknown source_absent",
	}},
	{[]string{"Sysmon%4Operational.evtx", "Security.evtx", ":Zone.Identifier", "sqlserver.exe"}, loss{
		origin.What: "unknown source_absent", origin.Appeared: "unknown source_absent", origin.OriginalName: "unknown source_absent",
		origin.Writer: "unknown source_absent", origin.Account: "unknown source_absent", origin.Arrival: "unknown partly_searched", origin.Logon: "unknown partly_searched",
		origin.WebEntry: "unknown partly_searched", origin.Companions: "unknown source_absent", origin.Executed: "unknown partly_searched", origin.Reach: "unknown source_absent",
	}},
	{[]string{"config/SYSTEM", "config/SOFTWARE", "System.evtx", "Security.evtx"}, loss{origin.Logon: "unknown partly_searched", origin.Autostart: "inferred"}},
}

// Without a source the answers that rested on it are weaker, and say why. All others
// are unchanged.
func TestWithoutASource(t *testing.T) {
	whole := report(t, origintest.SQLServer())
	all := origintest.SQLServer().Sources()
	alone := map[string]bool{}
	for _, tt := range losses {
		s := origintest.SQLServer()
		var gone []string
		for _, end := range tt.sources {
			i := slices.IndexFunc(all, func(name string) bool { return strings.HasSuffix(name, end) })
			if i < 0 {
				t.Fatalf("no source %s in %q", end, all)
			}
			s, gone = s.Without(all[i]), append(gone, all[i])
		}
		if len(gone) == 1 {
			alone[gone[0]] = true
			if !cites(whole, gone[0]) {
				t.Errorf("the report does not cite %s, so removing it proves nothing", gone[0])
			}
		}
		r := report(t, s)
		for _, name := range gone {
			if cites(r, name) {
				t.Errorf("without %q: %s is still cited", tt.sources, name)
			}
			if strings.HasSuffix(name, ".evtx") && !slices.ContainsFunc(r.Coverage, func(c origin.Coverage) bool { return c.Artifact == name && c.State == "absent" }) {
				t.Errorf("without %q: the coverage does not say that %s is absent", tt.sources, name)
			}
		}
		for _, a := range r.Answers {
			before := whole.Answer(a.Question)
			got := strings.TrimSpace(string(a.Grade) + " " + string(a.UnknownBecause))
			want, lost := tt.want[a.Question]
			if !lost {
				want = strings.TrimSpace(string(before.Grade) + " " + string(before.UnknownBecause))
			}
			if got != want {
				t.Errorf("without %q: %s is %s, want %s: %s", tt.sources, a.Question, got, want, a.Answer)
			}
			if rank[a.Grade] < rank[before.Grade] || lost && rank[a.Grade] == rank[before.Grade] {
				t.Errorf("without %q: %s became %s from %s", tt.sources, a.Question, a.Grade, before.Grade)
			}
			if !lost && a.Grade == before.Grade && a.Grade != origin.Unknown && len(a.Evidence) > len(before.Evidence) {
				t.Errorf("without %q: %s cites more than with it", tt.sources, a.Question)
			}
		}
	}
	for _, name := range all {
		if !alone[name] {
			t.Errorf("nothing tests what it costs to be without %s", name)
		}
		// What was removed is really gone.
		if _, err := machine(t, origintest.SQLServer().Without(name)).Open(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s still exists: %v", name, err)
		}
	}
}

// cites reports whether a report rests on an artifact in any answer or contradiction.
func cites(r *origin.Report, artifact string) bool {
	of := func(list []origin.Citation) bool {
		return slices.ContainsFunc(list, func(c origin.Citation) bool { return c.Artifact == artifact })
	}
	return slices.ContainsFunc(r.Answers, func(a origin.Answer) bool { return of(a.Evidence) }) ||
		slices.ContainsFunc(r.Contradictions, func(c origin.Contradiction) bool { return of(c.Evidence) })
}

func TestSubjectThatNothingNames(t *testing.T) {
	_, err := origin.Investigate(context.Background(), machine(t, origintest.SQLServer()), `C:\ProgramData\USOShared\nothing.exe`)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
}

// For every path there is a report or an error.
func TestOddPaths(t *testing.T) {
	vol := machine(t, origintest.SQLServer())
	for _, drive := range []string{"", "C", "D"} {
		for _, path := range []string{"", ".", `\`, "/", "x", "C:", `C:\`, `D:\x`, `\\server\share\x`, "a\x00b", "..", `C:\..\x`, `C:\Windows`, ":", `C:\x:y:z`} {
			if _, err := origin.Investigate(context.Background(), vol, path, origin.WithDrive(drive)); err == nil {
				t.Errorf("drive %q: a report on %q", drive, path)
			}
		}
	}
	// A volume without a letter is investigated by its own $MFT.
	r, err := origin.Investigate(context.Background(), vol, "ProgramData/USOShared/sqlserver.exe", origin.WithDrive(""))
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Subject.Path; got != `\ProgramData\USOShared\sqlserver.exe` || r.Subject.SHA256 == "" {
		t.Errorf("the subject is %+v", r.Subject)
	}
	if a := r.Answer(origin.Executed); a.Grade != origin.Unknown {
		t.Errorf("a path on C: is mistaken for one on a volume without a letter: %s", a.Answer)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := origintest.SQLServer()
	if _, err := origin.Investigate(ctx, machine(t, s), s.Subject); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// The genuine sqlservr.exe is what it claims to be, in its place.
func TestTheGenuineProgramIsNoLookalike(t *testing.T) {
	r, err := origin.Investigate(context.Background(), machine(t, origintest.SQLServer()), genuine)
	if err != nil {
		t.Fatal(err)
	}
	what := r.Answer(origin.What)
	if what.Fact("lookalike_of")+what.Fact("misplaced") != "" || what.Fact("signed") != "yes" {
		t.Errorf("%q", what.Facts)
	}
	if a := r.Answer(origin.Executed); a.Fact("count") != "2" || a.Grade != origin.Recorded {
		t.Errorf("it ran in both boots: %s", a.Answer)
	}
	if a := r.Answer(origin.Writer); a.Grade != origin.Unknown || a.UnknownBecause != origin.OutsideRetention {
		t.Errorf("writer is %s %s: %s", a.Grade, a.UnknownBecause, a.Answer)
	}
	if a := r.Answer(origin.Autostart); a.Fact("name") != "MSSQLSERVER" {
		t.Errorf("%s", a.Answer)
	}
}

// The bytes of a scenario, and therefore the report, are the same every time.
func TestDeterministic(t *testing.T) {
	s := origintest.SQLServer()
	a, err := s.Image()
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Image()
	if err != nil || !bytes.Equal(a, b) {
		t.Errorf("the image differs from one time to the next (%v)", err)
	}
	again := func() []byte {
		r := report(t, s)
		r.Tool.Run = time.Time{}
		b, _ := json.Marshal(r)
		return b
	}
	x, y := again(), again()
	if !bytes.Equal(x, y) {
		t.Error("the report differs from one time to the next")
	}
}

func BenchmarkInvestigate(b *testing.B) {
	s := origintest.SQLServer()
	vol := machine(b, s)
	for b.Loop() {
		if _, err := origin.Investigate(context.Background(), vol, s.Subject); err != nil {
			b.Fatal(err)
		}
	}
}
