package origin

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A rule is one way to answer a question: a row of the table [rules]. It finds
// candidates for the answer. What they are worth together is the same for all rules,
// and decided in grading.go.
type rule struct {
	name     string // the question and what it looks at, as in writer.sysmon
	question Question
	finds    string     // what it looks for, as a noun
	reads    []*source  // whose records answer the question: a search is complete if these were searched
	also     []*source  // whose records answer it in some cases: that they hold nothing says little
	after    []Question // what must be answered before it can look for anything
	best     Grade      // it gives at most; Unknown if it only leads to what is elsewhere
	traps    []trap     // what lowers the grade of its candidates

	// against is the best other hypothesis if a candidate of this rule is the answer,
	// and apart is the record that would separate the two.
	against, apart string

	find func(*inquiry) []candidate
}

// A trap is a reason for which a candidate of a rule is worth less than the rule can
// give.
type trap struct{ name, meaning string }

// A candidate is what a rule found: an answer as far as this rule goes. A candidate
// that is Unknown is a lead: it answers nothing, but an answer of Unknown lists it.
type candidate struct {
	Answer
	claim claim
	from  []*source  // what it rests on; all that its rule reads, if nil
	rests []Question // the answers that it rests on: it is graded no better than they are
	other string     // how another answer names it as its rival; its sentence, if empty

	trapped []string // the traps that lowered its grade
	missed  []string // what the rule could not search
	leaves  finding
}

// A claim is what two candidates must have in common to agree. Candidates without a
// claim agree with nothing.
type claim struct {
	what string
	at   time.Time
}

// agrees reports whether two candidates say the same.
func (c claim) agrees(d claim) bool {
	return c != claim{} && strings.EqualFold(c.what, d.what) && (c.at.IsZero() || d.at.IsZero() || near(c.at, d.at))
}

// caught lowers the grade of a candidate for one of the traps of its rule, and names
// the rival that the trap stands for.
func (c *candidate) caught(trap, rival string, args ...any) {
	c.Grade = weakest(c.Grade, Inferred)
	if !slices.Contains(c.trapped, trap) {
		c.trapped = append(c.trapped, trap)
	}
	if rival != "" {
		c.rival(rival, args...)
	}
}

// asRival is how another answer names a candidate.
func (c *candidate) asRival() string {
	if c.other != "" {
		return c.other
	}
	return strings.TrimSuffix(c.Answer.Answer, ".")
}

// lead makes a candidate that answers nothing.
func lead() candidate { return candidate{Answer: Answer{Grade: Unknown}} }

// rulesOf returns the rules of a question, the strongest first.
func rulesOf(table []*rule, asked Question) []*rule {
	return slices.DeleteFunc(slices.Clone(table), func(r *rule) bool { return r.question != asked })
}

// sourcesOf returns what the rules of a question read, each once: those that answer it,
// and those that answer it in some cases.
func sourcesOf(list []*rule) (reads, also []*source) {
	for _, r := range list {
		reads = append(reads, r.reads...)
		also = append(also, r.also...)
	}
	reads = distinct(reads)
	also = slices.DeleteFunc(distinct(also), func(s *source) bool { return slices.Contains(reads, s) })
	return reads, also
}

// distinct returns the sources of a list, each once.
func distinct(list []*source) []*source {
	var all []*source
	for _, s := range list {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// all returns all sources of a rule.
func (r *rule) all() []*source { return append(slices.Clone(r.reads), r.also...) }

// trapNamed returns the meaning of a trap of a rule.
func (r *rule) trapNamed(name string) (string, error) {
	for _, t := range r.traps {
		if t.name == name {
			return t.meaning, nil
		}
	}
	return "", fmt.Errorf("the rule %s has no trap %q", r.name, name)
}
