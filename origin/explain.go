package origin

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/show"
)

// Explain returns how the answer to a question came about: the rules that were asked,
// what each found, and the steps of the grade, a line each. It is empty for a report
// that was read back, and for a question that the report does not answer.
func (r *Report) Explain(asked Question) string {
	if r == nil {
		return ""
	}
	return r.explained[asked]
}

// explain puts a decision into words.
func (q *inquiry) explain(d *decision, a Answer) string {
	var b strings.Builder
	line := func(indent int, format string, args ...any) {
		fmt.Fprintf(&b, "%*s%s\n", indent, "", show.Text(fmt.Sprintf(format, args...)))
	}
	line(0, "%s %s", d.row.words, a.gradeText())
	line(0, "%s", a.Answer)
	line(0, "")
	line(0, "Rules:")
	at := d.row.span(q)
	for _, run := range d.runs {
		line(2, "%s (at most %s): %s", run.name, run.best, run.finds)
		if run.waits != nil {
			line(4, "not asked: the %s is unknown", run.waits.row.topic)
			continue
		}
		found := false
		for i := range run.found {
			c := &run.found[i]
			mark := "rival"
			switch {
			case c.Grade == Unknown && c.Answer.Answer == "":
				continue
			case c.Grade == Unknown:
				mark = "a lead"
			case c == d.chosen:
				mark = "the answer"
			case d.chosen != nil && c.claim.agrees(d.chosen.claim):
				mark = "agrees"
			}
			found = true
			line(4, "found (%s): %s", mark, c.asRival())
			for _, name := range c.trapped {
				meaning, _ := run.trapNamed(name)
				line(6, "lowered to inferred: %s", meaning)
			}
		}
		if !found {
			line(4, "found nothing")
			for _, s := range run.all() {
				_, clause := q.searched(s, at)
				line(6, "%s: %s", s.name, clause)
			}
		}
	}
	if len(d.why) > 0 {
		line(0, "")
		line(0, "Grade:")
		for _, step := range d.why {
			line(2, "%s", step)
		}
	}
	if a.Alternative.Text != "" {
		line(0, "")
		line(0, "What else fits: %s", a.Alternative.Text)
		line(0, "What would separate the two: %s", a.Alternative.Apart)
	}
	if len(a.NotSearched) > 0 {
		line(0, "")
		line(0, "Not searched:")
		for _, n := range a.NotSearched {
			line(2, "%s", n)
		}
	}
	return b.String()
}
