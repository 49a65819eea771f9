package origin

import "fmt"

var appearedLogFile = &rule{
	name: "appeared.logfile", question: Appeared, best: Recorded,
	finds: "the operation in the transaction log with which the record of the file, by its entry and sequence number, was made, and the time that NTFS wrote into it",
	reads: []*source{logFile},
	traps: []trap{
		{"clock_back", "the times that NTFS wrote before and after it are not in order: the machine's clock was set"},
		{"by_path", "no record of the $MFT ties the file to the log: another file may have had its path"},
	},
	against: "another time: the machine's clock was wrong when the record was written",
	apart:   "the time of a record that another machine keeps, such as a proxy's",
	find:    (*inquiry).findLoggedBirth,
}

// findLoggedBirth finds the creation. It is that on this volume: a file that came from
// another one was created there before.
func (q *inquiry) findLoggedBirth() []candidate {
	b := q.loggedBirth()
	if b == nil || b.created == nil {
		return nil
	}
	born, inOrder := b.created.born()
	if born.IsZero() {
		return nil
	}
	c, at := q.clocks()
	at.created, c.operation = born, born
	a := candidate{Answer: Answer{Grade: Recorded}, claim: claim{"created", born}}
	a.cite(q.citeOperation(b.created))
	q.doubtLogged(&a)
	if !inOrder {
		a.caught("clock_back", "another time: the clock was set")
	}
	agreed := q.compareClocks(&a, &c, &at)
	a.Answer.Answer = fmt.Sprintf("It was created on %s, according to %s.", timeText(born), enumerate(agreed))
	if b.deleted != nil {
		a.Answer.Answer += " It was deleted" + b.deleted.when() + "."
		a.cite(q.citeOperation(b.deleted))
	}
	q.citeClocks(&a.Answer, &at)
	q.appears(&a, at, len(a.trapped) == 0)
	return []candidate{a}
}
