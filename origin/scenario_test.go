package origin_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// report investigates the subject of a scenario on its disk image.
func report(t testing.TB, s *origintest.Scenario) *origin.Report {
	t.Helper()
	image, err := s.Image()
	if err != nil {
		t.Fatal(err)
	}
	ev, err := evidence.New("disk.raw", bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	defer ev.Close()
	vol, _, err := ev.Resolve(`C:\Windows`)
	if err != nil {
		t.Fatal(err)
	}
	r, err := origin.Investigate(context.Background(), vol.FS, s.Subject)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func dump(t *testing.T, r *origin.Report) {
	for _, a := range r.Answers {
		t.Logf("%s [%s %s] %s\n   %q\n   rivals %q", a.Question, a.Grade, a.UnknownBecause, a.Answer, a.Facts, a.Rivals)
	}
	for _, c := range r.Contradictions {
		t.Logf("! %s: %s", c.Kind, c.Text)
	}
}

func TestDump(t *testing.T) { dump(t, report(t, origintest.SQLServer())) }
