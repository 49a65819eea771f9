package origin_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// The brief report fits on a screen, and every line of it is one of the whole.
func TestBriefReport(t *testing.T) {
	r := investigateScenario(origintest.SQLServer())
	var whole, brief bytes.Buffer
	if err := r.WriteText(&whole); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteBrief(&brief); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(brief.String(), "\n"); n >= 60 {
		t.Errorf("%d lines, want less than 60:\n%s", n, &brief)
	}
	rest := whole.String()
	for line := range strings.Lines(brief.String()) {
		_, after, ok := strings.Cut(rest, line)
		if !ok {
			t.Errorf("the whole report does not hold, in this order, %q", line)
			continue
		}
		rest = after
	}
}
