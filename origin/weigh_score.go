package origin

import (
	"fmt"
	"strings"
)

// suspectScore is the score from which on it is a reason to look.
const suspectScore = 40

// findTimesSuspect reports a high score of the subject's times. It lowers no answer: what
// contradicts the times firmly has a contradiction of its own.
func (q *inquiry) findTimesSuspect() []clash {
	score := q.timestomp()
	if score.Score < suspectScore {
		return nil
	}
	var signs []string
	for _, r := range score.Reasons {
		signs = append(signs, fmt.Sprintf("%s (%d; otherwise %s)", r.Meaning(), r.Points, r.Innocent()))
	}
	evidence := q.citeTimes()
	if b := q.birth(); b != nil && !q.bornAt().IsZero() {
		evidence = append(evidence, q.citeChange(&b.created))
	}
	if b := q.loggedBirth(); b != nil {
		if b.created != nil && !q.loggedBornAt().IsZero() {
			evidence = append(evidence, q.citeOperation(b.created))
		}
		for _, s := range q.setBackTo() {
			evidence = append(evidence, q.citeOperation(&s.operation, "old created", s.Old, "new created", s.New))
		}
	}
	c := clashing(evidence, "The times of the file score %d of 100 as set by a program, which is a reason to look and not a finding: %s.", score.Score, strings.Join(signs, "; "))
	c.mild = true
	return []clash{c}
}
