package origin

import "fmt"

var accountOfQueue = &rule{
	name: "account.queue", question: Account, best: Corroborated,
	finds:   "the owner of the job in the queue of BITS that downloaded the file: BITS writes a file as the owner of its job",
	also:    []*source{bitsQueue},
	traps:   []trap{otherBytes, unplaced},
	against: "the account that wrote another file to that path later",
	apart:   "the record of the write itself",
	find:    (*inquiry).findOwnerOfQueued,
}

// findOwnerOfQueued finds the account for which BITS downloaded the file.
func (q *inquiry) findOwnerOfQueued() []candidate {
	list, _ := q.downloadsOf()
	var found []candidate
	for i := range list {
		d := &list[i]
		if d.Job == nil {
			continue
		}
		sid := d.Job.Owner
		a := candidate{Answer: Answer{Grade: Corroborated}, claim: claim{what: sid}}
		a.cite(d.cite()...)
		owner := q.described(&a.Answer, sid)
		a.Answer.Answer = fmt.Sprintf("%s that it was downloaded for %s, the owner of %s", d.recorder(), owner, q.jobWords(d))
		a.other = "the owner of the BITS job, " + owner
		q.nameAccount(&a, sid)
		q.doubted(&a, d, "the account that wrote another file with that path")
		a.Answer.Answer += "."
		found = append(found, a)
	}
	return found
}
