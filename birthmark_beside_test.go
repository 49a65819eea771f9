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
	ask := func(dir string) *origin.Report { return investigate(t, dir, s.Subject) }

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

// What is there several times is read once: the answers are the same if a copy of the logs and
// hives is beside the drive, or given apart, or if a shadow copy was collected too. A shadow
// copy is in the coverage, as not read.
func TestInvestigateWithCopies(t *testing.T) {
	s := origintest.SQLServer()
	ev, err := s.Evidence()
	if err != nil {
		t.Fatal(err)
	}
	vol, name, err := ev.Resolve(s.Subject)
	if err != nil {
		t.Fatal(err)
	}
	files := append([]string{name}, evidencetest.Windows...)
	ask := func(dir string, opts ...origin.Option) *origin.Report { return investigate(t, dir, s.Subject, opts...) }

	want := ask(evidencetest.KAPE(t, vol.FS, files...))
	system32 := filepath.Join("Windows", "System32")
	for _, tt := range []struct {
		name     string
		from, to string // folders of the collection that are copied
		apart    bool   // the copy is given by itself
	}{
		{"logs beside the drive", filepath.Join("C", system32, "winevt", "Logs"), "EventLogs", false},
		{"hives beside the drive", filepath.Join("C", system32, "config"), "hives", false},
		{"web logs beside the drive", filepath.Join("C", "inetpub"), "iis", false},
		{"logs and hives given apart", filepath.Join("C", system32), "", true},
		{"a shadow copy", "C", "VSS1", false},
	} {
		dir, copied := evidencetest.KAPE(t, vol.FS, files...), t.TempDir()
		if !tt.apart {
			copied = filepath.Join(dir, tt.to)
		}
		if err := os.CopyFS(copied, os.DirFS(filepath.Join(dir, tt.from))); err != nil {
			t.Fatal(err)
		}
		var opts []origin.Option
		if tt.apart {
			with, err := evidence.Open(copied)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { with.Close() })
			opts = birthmark.With(with)
		}
		got := ask(dir, opts...)
		for i := range want.Answers {
			a, b := want.Answers[i], got.Answers[i]
			if a.Grade != b.Grade || a.Answer != b.Answer || !reflect.DeepEqual(a.Facts, b.Facts) {
				t.Errorf("%s: %s: %s: %s\nwithout it: %s: %s", tt.name, a.Question, b.Grade, b.Answer, a.Grade, a.Answer)
			}
		}
		shadow := false
		for _, c := range got.Coverage {
			shadow = shadow || c.Artifact == "VSS1" && c.State == "present_unread"
		}
		if shadow != (tt.to == "VSS1") {
			t.Errorf("%s: the shadow copy in the coverage: %v", tt.name, shadow)
		}
	}
}

// investigate returns the report on a file of the evidence in a folder.
func investigate(t *testing.T, dir, subject string, opts ...origin.Option) *origin.Report {
	t.Helper()
	ev, err := evidence.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ev.Close() })
	r, err := birthmark.Investigate(t.Context(), ev, subject, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
