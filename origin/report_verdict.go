package origin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// verdict returns the answers in a few sentences: what the file is, when and how it
// came, who wrote it under which account, whether it ran and what starts it, then
// what is unknown and why. It is made of the facts of the answers.
func (r *Report) verdict() []Sentence {
	var said []Sentence
	for _, row := range inVerdict(questions[:]) {
		said = append(said, r.retell(row)...)
	}
	for _, asked := range Questions() {
		if a := r.Answer(asked); a != nil && a.Grade == Unknown {
			said = append(said, Sentence{a.Question, a.Grade, fmt.Sprintf("Unknown: %s (%s).", a.Question.Topic(), a.reason())})
		}
	}
	return said
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

// retell returns the sentences of a question, if it is answered.
func (r *Report) retell(row question) []Sentence {
	a := r.Answer(row.Question)
	if row.say == nil || a == nil || a.Grade == "" || a.Grade == Unknown {
		return nil
	}
	about := retold{Answer: a, file: winpath.Base(r.Subject.Path)}
	if at := r.Answer(Appeared); at != nil && at.Grade != Unknown {
		about.created = at.Fact("time")
	}
	var said []Sentence
	for _, text := range row.say(about) {
		said = append(said, Sentence{row.Question, a.Grade, text + "."})
	}
	return said
}

// verdictLines returns the verdict of a printable report for people: each sentence
// with its grade, everything unknown in one line for each reason, and the caveats.
func (r *Report) verdictLines() []string {
	var lines, because []string
	unknown := map[string][]string{} // topics by the reason
	for _, s := range r.Verdict {
		if s.Grade != Unknown {
			lines = append(lines, fmt.Sprintf("%s (%s).", strings.TrimSuffix(s.Text, "."), s.Grade))
			continue
		}
		a := r.Answer(s.Question)
		if a == nil {
			continue
		}
		reason := a.reason()
		if unknown[reason] == nil {
			because = append(because, reason)
		}
		unknown[reason] = append(unknown[reason], a.Question.Topic())
	}
	for _, reason := range because {
		lines = append(lines, fmt.Sprintf("Unknown: %s (%s).", enumerate(unknown[reason]), reason))
	}
	return append(lines, r.caveats()...)
}

// caveats returns the first contradiction of each kind.
func (r *Report) caveats() []string {
	var lines []string
	var kinds []ContradictionKind
	for _, c := range r.Contradictions {
		if slices.Contains(kinds, c.Kind) {
			continue
		}
		kinds = append(kinds, c.Kind)
		if len(kinds) <= maxNamed {
			lines = append(lines, "Caveat: "+c.Text)
		}
	}
	if more := len(kinds) - maxNamed; more > 0 {
		lines = append(lines, fmt.Sprintf("%s: see the contradictions.", count(more, "more caveat", "more caveats")))
	}
	return lines
}
