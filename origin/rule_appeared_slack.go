package origin

import "fmt"

var appearedSlack = &rule{
	name: "appeared.slack", question: Appeared, best: Inferred,
	finds:   "another creation time that the file had before, in an index entry in slack with its file reference, or in a $FILE_NAME in the slack of its own $MFT record",
	also:    []*source{indexSlack},
	against: "another time: a program may have set that one too",
	apart:   "the record of the creation in the change journal",
	find:    (*inquiry).findCreatedInSlack,
}

// findCreatedInSlack answers from a creation time that was overwritten: a later one, or one
// of a file that was there before it is said to be created. That of a present $FILE_NAME
// which differs from both is as good, so then there is no answer.
func (q *inquiry) findCreatedInSlack() []candidate {
	if q.rec == nil {
		return nil
	}
	n := q.otherCreated()
	if n == nil {
		return nil
	}
	c, at := q.clocks()
	already := n.Changed.Before(c.si.Add(-clockSkew)) && (c.fn.IsZero() || n.Changed.Before(c.fn.Add(-clockSkew)))
	settled := !n.file && !c.fn.IsZero() && !near(c.fn, c.si) && !near(c.fn, n.Created)
	if settled || n.Created.Before(c.si) && !already {
		return nil
	}
	at.created = n.Created
	a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{"created", at.created}, from: []*source{indexSlack}}
	a.other = fmt.Sprintf("%s records %s", n.where(), timeText(at.created))
	agreed := q.compareClocks(&a, &c, &at)
	a.Answer.Answer = fmt.Sprintf("It was created on %s, according to %s: its times were set since.", timeText(at.created), enumerate(agreed))
	a.cite(n.cited)
	q.citeClocks(&a.Answer, &at)
	q.appears(&a, at, false)
	return []candidate{a}
}
