package birthmark_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark"
	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/evidence/evidencetest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// Event logs and hives that an analyst put beside the drive of a collection count as those
// in their places: the answers are the same, and the citations have their paths.
func TestInvestigateWithArtifactsBeside(t *testing.T) {
	s := origintest.SQLServer()
	ev, err := s.Evidence()
	if err != nil {
		t.Fatal(err)
	}
	vol, name, err := ev.Resolve(s.Subject)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(dir string) *origin.Report {
		t.Helper()
		ev, err := evidence.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ev.Close() })
		r, err := birthmark.Investigate(t.Context(), ev, s.Subject)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	dir := evidencetest.KAPE(t, vol.FS, append([]string{name}, evidencetest.Windows...)...)
	want := ask(dir)
	logs := filepath.Join(dir, "C", "Windows", "System32", "winevt", "Logs")
	if err := os.Rename(logs, filepath.Join(dir, "EventLogs")); err != nil {
		t.Fatal(err)
	}
	got := ask(dir)
	beside := 0
	for i := range want.Answers {
		a, b := want.Answers[i], got.Answers[i]
		if a.Grade != b.Grade || a.Answer != b.Answer || !reflect.DeepEqual(a.Facts, b.Facts) {
			t.Errorf("%s: %s: %s\nin their places: %s: %s", a.Question, b.Grade, b.Answer, a.Grade, a.Answer)
		}
		for _, c := range b.Evidence {
			if strings.HasPrefix(c.Artifact, "beside/EventLogs/") {
				beside++
			}
		}
	}
	if beside == 0 {
		t.Error("no record beside the drive is cited")
	}
}
