package origin_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/evidence/evidencetest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// collectors copy files of a volume into a folder.
var collectors = map[string]func(testing.TB, fs.FS, ...string) string{
	"CyLR":         evidencetest.CyLR,
	"KAPE":         evidencetest.KAPE,
	"Velociraptor": evidencetest.Velociraptor,
}

// collected is what an analyst asks collectors to copy to investigate a file.
func collected(s *origintest.Scenario, without ...string) []string {
	file := strings.ReplaceAll(strings.TrimPrefix(s.Subject, `C:\`), `\`, "/")
	names := append(slices.Clone(evidencetest.Windows), file, file+":Zone.Identifier")
	return slices.DeleteFunc(names, func(name string) bool { return slices.Contains(without, name) })
}

// investigateFolder reports on the subject from what a collector copied.
func investigateFolder(t *testing.T, s *origintest.Scenario, dir string) *origin.Report {
	t.Helper()
	ev, err := evidence.Open(dir, evidence.WithPassword(func() (string, error) { return "secret", nil }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ev.Close() })
	if len(ev.Volumes()) != 1 || ev.Volumes()[0].Letter != "C" || ev.Kind() != "triage folder" && ev.Kind() != "triage archive" {
		t.Fatalf("%s with %d volumes", ev.Kind(), len(ev.Volumes()))
	}
	r, err := origin.Investigate(context.Background(), ev.Volumes()[0].FS, s.Subject)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// collectable leaves out what the collectors of these tests do not collect.
func collectable(all []origin.Coverage) []origin.Coverage {
	return slices.DeleteFunc(slices.Clone(all), func(c origin.Coverage) bool { return c.Artifact == "$LogFile" })
}

// A copy by a collector gives the same answers as the disk: the same records, grades,
// contradictions and events.
func TestTriageFolderAnswersAsTheImage(t *testing.T) {
	for _, s := range origintest.Variants() {
		vol := machine(t, s)
		want := report(t, s)
		for name, collect := range collectors {
			t.Run(s.Name+"/"+name, func(t *testing.T) {
				got := investigateFolder(t, s, collect(t, vol, collected(s)...))
				for i, a := range want.Answers {
					if g, w := asJSON(t, got.Answers[i]), asJSON(t, a); g != w {
						t.Errorf("%s:\n%s\nfrom the image:\n%s", a.Question, g, w)
					}
				}
				if g, w := asJSON(t, got.Contradictions), asJSON(t, want.Contradictions); g != w {
					t.Errorf("contradictions:\n%s\nfrom the image:\n%s", g, w)
				}
				if g, w := asJSON(t, got.Events), asJSON(t, want.Events); g != w {
					t.Errorf("events:\n%s\nfrom the image:\n%s", g, w)
				}
				if g, w := asJSON(t, collectable(got.Coverage)), asJSON(t, collectable(want.Coverage)); g != w {
					t.Errorf("coverage:\n%s\nfrom the image:\n%s", g, w)
				}
				if g, w := asJSON(t, got.Subject), asJSON(t, want.Subject); g != w {
					t.Errorf("subject:\n%s\nfrom the image:\n%s", g, w)
				}
			})
		}
	}
}

// An archive of a collection gives the same report as the folder.
func TestTriageArchiveAnswersAsTheFolder(t *testing.T) {
	s := origintest.SQLServer()
	vol := machine(t, s)
	for name, collect := range collectors {
		dir := collect(t, vol, collected(s)...)
		folder := investigateFolder(t, s, dir)
		want := asJSON(t, folder)
		for kind, file := range map[string]string{"zip": evidencetest.Zip(t, dir, ""), "encrypted zip": evidencetest.Zip(t, dir, "secret"), "tar.gz": evidencetest.TarGz(t, dir)} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				archive := investigateFolder(t, s, file)
				archive.Tool.Run = folder.Tool.Run
				if got := asJSON(t, archive); got != want {
					t.Errorf("got\n%s\nfrom the folder:\n%s", got, want)
				}
			})
		}
	}
}

// What dissect's acquire collects from the disk gives the same answers as the disk.
func TestAcquireAnswersAsTheImage(t *testing.T) {
	if testing.Short() {
		t.Skip("acquire takes half a minute")
	}
	tool := testenv.Tool(t, "acquire")
	s := origintest.SQLServer()
	disk, err := s.Image()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "disk.raw")
	if err := os.WriteFile(name, disk, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(tool, "--no-proxy", "--force", "--profile", "full", "--path", "C:/ProgramData", "--compress", "-of", filepath.Join(dir, "out.tar.gz"), name)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("%v: %s", err, out[max(0, len(out)-500):])
	}
	want, got := report(t, s), investigateFolder(t, s, filepath.Join(dir, "out.tar.gz"))
	for i, a := range want.Answers {
		if g, w := asJSON(t, got.Answers[i]), asJSON(t, a); g != w {
			t.Errorf("%s:\n%s\nfrom the image:\n%s", a.Question, g, w)
		}
	}
}

// What was not collected weakens the answers that rested on it, and is not mistaken
// for what never existed.
func TestTriageFolderWithoutASource(t *testing.T) {
	const file = "ProgramData/USOShared/sqlserver.exe"
	type answers map[origin.Question]string // grade, reason of an unknown, part of the answer
	for _, tt := range []struct {
		name      string
		scenario  *origintest.Scenario
		collector string
		without   []string
		want      answers
		untold    kinds // contradictions that the image shows and the folder cannot
	}{
		{"no $MFT", origintest.SQLServer(), "KAPE", []string{"$MFT"}, answers{
			origin.Appeared: "recorded  according to Sysmon.",
			origin.Account:  "recorded  in the session with LogonId 0x4c1a9; it is a local account",
			origin.Arrival:  "recorded  Sysmon logged its mark of the web; it names http://198.51.100.23/",
		}, nil},
		{"no $MFT, but streams", origintest.SQLServer(), "Velociraptor", []string{"$MFT"}, answers{
			origin.Appeared: "recorded  according to $STANDARD_INFORMATION and Sysmon.", // which is in the results of the collector
			origin.Account:  "recorded  in the session with LogonId 0x4c1a9; it is a local account",
		}, nil},
		{"no $MFT, no Sysmon", origintest.SQLServer().NoSysmon(), "KAPE", []string{"$MFT"}, answers{
			origin.Appeared:   "unknown source_absent",
			origin.Writer:     "unknown partly_searched",
			origin.Account:    "unknown partly_searched",
			origin.Arrival:    "unknown partly_searched",
			origin.Logon:      "unknown partly_searched",
			origin.WebEntry:   "unknown partly_searched",
			origin.Companions: "unknown source_absent",
		}, kinds{origin.LogonIDReused}},
		{"not the file itself", origintest.SQLServer(), "KAPE", []string{file}, answers{
			origin.What: "inferred  Its content cannot be read; a log records: Company: Microsoft Corporation, Product: Microsoft SQL Server",
		}, nil}, // Sysmon has the original name too
		{"no security descriptors", origintest.SQLServer(), "KAPE", []string{"$Secure:$SDS"}, answers{
			origin.Account: "recorded  in the session with LogonId 0x4c1a9; it is a local account",
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			whole := report(t, tt.scenario)
			got := investigateFolder(t, tt.scenario, collectors[tt.collector](t, machine(t, tt.scenario), collected(tt.scenario, tt.without...)...))
			for _, a := range whole.Answers {
				b := got.Answer(a.Question)
				want, changes := tt.want[a.Question]
				have := string(b.Grade) + " " + string(b.UnknownBecause)
				if !changes {
					if b.Answer != a.Answer || b.Grade != a.Grade {
						t.Errorf("%s is %s: %s\nfrom the image %s: %s", a.Question, have, b.Answer, a.Grade, a.Answer)
					}
					continue
				}
				state, text, _ := strings.Cut(want, "  ")
				if strings.TrimSpace(have) != strings.TrimSpace(state) || !strings.Contains(b.Answer, text) || b.Answer == a.Answer {
					t.Errorf("%s is %s: %s\nwant %s", a.Question, have, b.Answer, want)
				}
			}
			for _, c := range got.Contradictions {
				if !slices.ContainsFunc(whole.Contradictions, func(w origin.Contradiction) bool { return w.Kind == c.Kind }) {
					t.Errorf("only in the folder: %s: %s", c.Kind, c.Text)
				}
			}
			for _, c := range whole.Contradictions {
				found := slices.ContainsFunc(got.Contradictions, func(g origin.Contradiction) bool { return g.Kind == c.Kind })
				if found == slices.Contains(tt.untold, c.Kind) {
					t.Errorf("%s found in the folder: %v", c.Kind, found)
				}
			}
		})
	}
}
