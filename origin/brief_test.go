package origin_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// The brief report is the verdict and every answer with its grade, in fewer than five
// lines for each question.
func TestBriefReport(t *testing.T) {
	r := investigateScenario(origintest.SQLServer())
	var whole, brief bytes.Buffer
	if err := r.WriteText(&whole); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteBrief(&brief); err != nil {
		t.Fatal(err)
	}
	if n, most := strings.Count(brief.String(), "\n"), 5*len(origin.Questions()); n >= most {
		t.Errorf("%d lines, want fewer than %d:\n%s", n, most, &brief)
	}
	flat := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	verdict, _, _ := strings.Cut(whole.String(), "\nSUBJECT\n")
	if !strings.HasPrefix(brief.String(), verdict) {
		t.Error("the brief report does not begin with the verdict of the whole one")
	}
	for _, a := range r.Answers {
		if want := flat("[" + string(a.Grade) + "]: " + a.Answer); !strings.Contains(flat(brief.String()), want) {
			t.Errorf("%s: the brief report does not hold %q", a.Question, want)
		}
	}
}
