package origin

import (
	"fmt"
	"slices"
	"strings"
)

// Verdict returns the report in a few sentences, each on a line of its own: what
// the file is, when and how it came, who wrote it under which account, whether
// it ran and what starts it, each with the grade of its answer; then what is
// unknown, with the reason, and what has to be weighed. It is escaped as
// [show.Text] does.
//
// It is made of the Facts of the answers. A report that was read from JSON has
// none, and so no verdict beyond what is unknown.
func (r *Report) Verdict() string {
	v := verdict{Report: r.printable()}
	for _, row := range inVerdict(questions[:]) {
		v.retell(row)
	}
	v.open()
	return strings.Join(v.said, "\n")
}

// inVerdict returns the rows of a table in the order of the verdict.
func inVerdict(table []question) []question {
	var order []question
	var add func(after Question)
	add = func(after Question) {
		for _, row := range table {
			if row.sayAfter == after {
				order = append(order, row)
				add(row.Question)
			}
		}
	}
	add("")
	return order
}

// verdict is a Verdict in the making.
type verdict struct {
	*Report
	said []string
}

// retell adds the sentences of a question, if it is answered.
func (v *verdict) retell(row question) {
	a := v.Answer(row.Question)
	if row.say == nil || a == nil || a.Grade == "" || a.Grade == Unknown {
		return
	}
	r := retold{Answer: a, file: baseName(v.Subject.Path)}
	if at := v.Answer(Appeared); at != nil && at.Grade != Unknown {
		r.created = at.Fact("time")
	}
	for _, s := range row.say(r) {
		v.said = append(v.said, s+" ("+string(a.Grade)+").")
	}
}

// open lists what is unknown, and what contradicts.
func (v *verdict) open() {
	var unknown, kinds []string
	for i := range v.Answers {
		if a := &v.Answers[i]; a.Grade == Unknown {
			unknown = append(unknown, fmt.Sprintf("%s (%s)", a.Question, a.UnknownBecause))
		}
	}
	for _, c := range v.Contradictions {
		if !slices.Contains(kinds, string(c.Kind)) {
			kinds = append(kinds, string(c.Kind))
		}
	}
	if len(unknown) > 0 {
		v.said = append(v.said, "Unknown: "+strings.Join(unknown, ", ")+".")
	}
	if len(kinds) > 0 {
		v.said = append(v.said, "To be weighed: "+strings.Join(kinds, ", ")+".")
	}
}
