package origin

import (
	"cmp"
	"fmt"
	"slices"
)

// A decision is the answer to a question under construction, with all that led to it.
type decision struct {
	row    *question
	sees   *inquiry // with the findings of the questions that it needs
	runs   []ruleRun
	chosen *candidate // nil if no rule found an answer
	by     *rule      // of the chosen candidate
	why    []string   // the steps of its grade, for people
}

// A ruleRun is what a rule found.
type ruleRun struct {
	*rule
	found []candidate
	waits *decision // of a question without an answer, for which the rule was not asked
}

// decide runs the rules of a question and chooses among their candidates: the best
// grade, then the order of the rules. Those that say the same corroborate it, all
// others become its rivals.
func decide(q *inquiry, row *question, table []*rule, answered map[Question]*decision) *decision {
	d := &decision{row: row}
	for _, r := range rulesOf(table, row.Question) {
		run := ruleRun{rule: r}
		for _, need := range r.after {
			if of := answered[need]; of == nil || of.chosen == nil {
				run.waits = cmp.Or(of, &decision{row: &question{Question: need, topic: need.Topic()}})
			}
		}
		if run.waits == nil {
			run.found = r.find(q)
		}
		for i := range run.found {
			c := &run.found[i]
			c.Question = row.Question
			if c.from == nil {
				c.from = r.all()
			}
			if c.Grade != Unknown && c.Grade.rank() < r.best.rank() {
				c.Grade = r.best
			}
		}
		d.runs = append(d.runs, run)
	}
	d.choose()
	if d.chosen != nil {
		d.corroborate()
		d.oppose()
	}
	return d
}

// each calls f for the candidates that answer the question, in the order of the rules.
func (d *decision) each(f func(*rule, *candidate)) {
	for i := range d.runs {
		for j := range d.runs[i].found {
			if c := &d.runs[i].found[j]; c.Grade != Unknown {
				f(d.runs[i].rule, c)
			}
		}
	}
}

func (d *decision) choose() {
	d.each(func(r *rule, c *candidate) {
		if d.chosen == nil || c.Grade.rank() < d.chosen.Grade.rank() {
			d.chosen, d.by = c, r
		}
	})
	if d.chosen != nil {
		d.note("%s found it: %s", d.by.name, d.chosen.Grade)
		for _, name := range d.chosen.trapped {
			meaning, _ := d.by.trapNamed(name)
			d.note("lowered to inferred: %s", meaning)
		}
	}
}

// leaves returns what the answer, else a lead, passes to other questions.
func (d *decision) leaves() finding {
	if d.chosen != nil && d.chosen.leaves != nil {
		return d.chosen.leaves
	}
	for _, run := range d.runs {
		for i := range run.found {
			if f := run.found[i].leaves; f != nil {
				return f
			}
		}
	}
	return nil
}

// corroborate raises an inferred answer if another rule says the same from a source
// that is independent of it.
func (d *decision) corroborate() {
	d.each(func(r *rule, c *candidate) {
		if c == d.chosen || r == d.by || !c.claim.agrees(d.chosen.claim) {
			return
		}
		d.chosen.cite(c.Evidence...)
		switch {
		case !independent(c.from, d.chosen.from):
			d.note("%s says the same, but is not independent of it", r.name)
		case len(d.chosen.trapped) > 0 || len(c.trapped) > 0:
			d.note("%s says the same, but does not remove the doubt", r.name)
		default:
			d.note("%s says the same from an independent source", r.name)
			if d.chosen.Grade == Inferred {
				d.chosen.Grade = Corroborated
			}
		}
	})
}

// oppose adds the candidates that say something else as rivals.
func (d *decision) oppose() {
	d.each(func(r *rule, c *candidate) {
		if c == d.chosen || c.claim.agrees(d.chosen.claim) {
			return
		}
		d.note("%s found another answer, which is a rival: %s", r.name, c.Grade)
		d.chosen.rival("%s", c.asRival())
		if d.chosen.Alternative == (Alternative{}) {
			d.chosen.Alternative = Alternative{clip(c.asRival()), d.by.apart}
		}
		if c.Grade == d.chosen.Grade && c.Grade != Recorded {
			d.chosen.Grade = Inferred
		}
	})
}

// settle gives an answer its final grade: no better than those of the answers that it
// rests on, and no better than the contradictions that touch it allow.
func (d *decision) settle(q *inquiry, answers map[Question]*decision, found []Contradiction) {
	c := d.chosen
	if c == nil {
		return
	}
	for _, need := range c.rests {
		grade := Unknown
		if of := answers[need]; of != nil && of.chosen != nil {
			grade = of.chosen.Grade
		}
		if grade == Unknown {
			grade = Inferred
		}
		if grade.rank() > c.Grade.rank() {
			c.Grade = grade
			d.note("lowered to %s: it rests on the answer to %q", grade, need.Words())
		}
	}
	if c.Grade.rank() < Inferred.rank() && q.restsOnFormer(&c.Answer) {
		c.Grade = Inferred
		d.note("lowered to inferred: it cites a record that has another name for the machine")
		c.rival("another machine, from whose image this one was made")
	}
	if p := q.restsOnCarved(&c.Answer); p != nil && c.Grade.rank() < Inferred.rank() {
		c.Grade = Inferred
		d.note("lowered to inferred: it cites shadow copy %s, which was carved", p.Name)
		c.rival("what came onto the volume after shadow copy %s was deleted: the catalog does not list it, and it was carved", p.Name)
	}
	for _, clash := range found {
		if limit := capOf(clash.Kind, d.row.Question); !clash.mild && slices.Contains(clash.Touches, d.row.Question) && limit.rank() > c.Grade.rank() {
			c.Grade = limit
			d.note("lowered to %s: %s", limit, clash.Text)
			c.rival("%s", clash.Text)
		}
	}
	if c.Alternative == (Alternative{}) {
		c.Alternative = Alternative{d.by.against, d.by.apart}
		if len(c.Rivals) > 0 {
			c.Alternative.Text = c.Rivals[0]
		}
	}
}

func (d *decision) note(format string, args ...any) {
	d.why = append(d.why, clip(fmt.Sprintf(format, args...)))
}
