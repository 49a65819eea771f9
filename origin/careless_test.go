package origin_test

import (
	"testing"

	"github.com/birthmark-dfir/birthmark/origin"
)

// Every question has an answer, and every answer may be asked for its facts and its
// first record, even if the report has neither.
func TestCarelessQuestions(t *testing.T) {
	for name, r := range map[string]*origin.Report{
		"nil": nil, "zero": {}, "one answer": {Answers: []origin.Answer{{Question: origin.What, Grade: origin.Unknown, UnknownBecause: origin.SearchedEmpty}}},
	} {
		for _, q := range append(origin.Questions(), "weather") {
			a := r.Answer(q)
			if a.Question != q || a.Grade != origin.Unknown || a.UnknownBecause == "" {
				t.Errorf("%s: the answer to %s is %+v", name, q, a)
			}
			if c := a.First(); c != (origin.Citation{}) {
				t.Errorf("%s: the first record of %s is %+v", name, q, c)
			}
			if f := a.Fact("image"); f != "" {
				t.Errorf("%s: a fact of %s is %q", name, q, f)
			}
		}
	}
	var none *origin.Answer
	if none.First() != (origin.Citation{}) || none.Fact("image") != "" {
		t.Error("a nil Answer has a record or a fact")
	}
}
