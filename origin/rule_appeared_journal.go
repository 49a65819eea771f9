package origin

import "fmt"

var appearedJournal = &rule{
	name: "appeared.journal", question: Appeared, best: Recorded,
	finds: "the record of the change journal with which the file, by its entry and sequence number, was created",
	reads: []*source{changeJournal},
	traps: []trap{
		{"late", "the record of the creation itself is lost: a later one has it among its reasons"},
		{"clock_back", "the times of the journal go back: the machine's clock was set within a day of the creation"},
		{"by_path", "no record of the $MFT ties the file to the journal: another file may have had its path"},
		{"loose", "nothing shows that the journal is of the same volume as the $MFT"},
	},
	against: "another time: the machine's clock was wrong when the record was written",
	apart:   "the time of a record that another machine keeps, such as a proxy's",
	find:    (*inquiry).findBirth,
}

// findBirth finds the record of the creation. It is that of the volume on which the file
// is now: a file that came from another volume was created there before.
func (q *inquiry) findBirth() []candidate {
	b := q.birth()
	if b == nil || b.created.Size == 0 {
		return nil
	}
	c, at := q.clocks()
	at.created = b.created.Time
	c.born = at.created
	a := candidate{Answer: Answer{Grade: Recorded}, claim: claim{"created", at.created}}
	a.cite(q.citeChange(&b.created))
	q.doubt(&a)
	if b.late {
		a.caught("late", "before %s, when it was still open", timeText(at.created))
	}
	if back := q.journal().clockSetBack(&b.created); back != nil {
		a.caught("clock_back", "the clock was set back from %s to %s", timeText(back.before.Time), timeText(back.after.Time))
		a.cite(q.citeChange(&back.before), q.citeChange(&back.after))
	}
	agreed := q.compareClocks(&a, &c, &at)
	a.Answer.Answer = fmt.Sprintf("It was created on %s, according to %s.", timeText(at.created), enumerate(agreed))
	if b.deleted.Size > 0 {
		a.Answer.Answer += fmt.Sprintf(" It was deleted on %s.", timeText(b.deleted.Time))
		a.fact("deleted", b.deleted.Time)
		a.cite(q.citeChange(&b.deleted))
	}
	q.citeClocks(&a.Answer, &at)
	q.appears(&a, at, len(a.trapped) == 0)
	return []candidate{a}
}
