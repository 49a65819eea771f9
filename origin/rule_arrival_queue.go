package origin

import "fmt"

var arrivalQueue = &rule{
	name: "arrival.queue", question: Arrival, best: Recorded,
	finds:   "a file in the queue of BITS, or left in the file of that queue from before, that was downloaded to the path of the file, or whose temporary name the file has",
	also:    []*source{bitsQueue},
	traps:   []trap{otherBytes, unplaced},
	against: "another file that was written to that path later",
	apart:   "the record of the transfer (BITS 60), and that of the write (the change journal)",
	find:    (*inquiry).findQueued,
}

// findQueued finds the downloads of BITS to the path of the subject. A job is taken out of
// the queue when it is completed; what it had is often left in the file.
func (q *inquiry) findQueued() []candidate {
	list, begun := q.downloadsOf()
	if len(list) == 0 && begun != nil {
		a := lead()
		a.Answer.Answer = fmt.Sprintf("BITS was to download it from %s by %s, and had transferred nothing.", clip(begun.URL), q.jobWords(begun))
		a.cite(begun.cite()...)
		return []candidate{a}
	}
	var found []candidate
	for i := range list {
		d := &list[i]
		a := candidate{Answer: Answer{Grade: d.grade()}, claim: claim{what: "download " + hostOf(d.URL)}, other: "BITS downloaded it from " + clip(d.URL)}
		a.fact("kind", "download")
		a.fact("url", d.URL)
		a.fact("address", addressOf(d.URL, ""))
		under := "to its path"
		if !q.isSubject(d.Path) {
			under = "under its temporary name, for " + clip(d.Path)
		}
		a.Answer.Answer = fmt.Sprintf("%s its download from %s %s: %s, by %s.", d.recorder(), clip(d.URL), under, d.bytesOf(), q.jobWords(d))
		q.doubted(&a, d, "another file with that path")
		a.cite(d.cite()...)
		found = append(found, a)
	}
	return found
}
