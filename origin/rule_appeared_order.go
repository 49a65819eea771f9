package origin

import (
	"fmt"
)

var appearedOrder = &rule{
	name: "appeared.order", question: Appeared, best: Inferred,
	finds:   "the files whose $MFT entries are next to the file's, and were created before and after it in the order of their entries",
	reads:   []*source{entryOrder},
	against: "another time within that of its neighbours",
	apart:   "a record of the creation that another source holds",
	find:    (*inquiry).findOrder,
}

// findOrder reports whether the entries around the subject's, each in its first use,
// were created in the order of the entries, with the subject between them: NTFS
// allocates entries itself, so that order is not that of a clock which a program can
// set.
func (q *inquiry) findOrder() []candidate {
	c, _ := q.clocks()
	claimed := c.fn
	if q.rec == nil || q.rec.Seq != 1 || claimed.IsZero() || q.tl == nil || q.tl.MFT().Len() == 0 {
		return nil
	}
	before, after := q.neighbours(-1), q.neighbours(1)
	if len(before) < neighbours || len(after) == 0 {
		return nil
	}
	found := candidate{Answer: Answer{Grade: Inferred}, claim: claim{"created", claimed}, from: []*source{entryOrder}}
	for i, list := range [...][]neighbour{before, after} {
		for _, n := range list {
			if i == 0 && n.created.After(claimed.Add(clockSkew)) || i == 1 && n.created.Before(claimed.Add(-clockSkew)) {
				return nil
			}
			found.cite(n.record)
		}
	}
	// Files that were unpacked long before and after say little about the time.
	if after[0].created.Sub(before[0].created) > orderSpan {
		return nil
	}
	found.fact("time", claimed)
	found.Answer.Answer = fmt.Sprintf("Its $MFT entry was allocated between %s and %s.", timeText(before[0].created), timeText(after[0].created))
	return []candidate{found}
}
