package origin

import (
	"fmt"
	"strings"
)

var whatSnapshot = &rule{
	name: "what.snapshot", question: What, best: Recorded,
	finds: "the content of the file in the newest shadow copy that has it, if the content is gone",
	also:  []*source{snapshotState},
	traps: []trap{
		{"only_path", "nothing ties the file in the shadow copy to this one but the path"},
		{"changed_since", "the size or the time of the last change of the deleted record differs from that in the shadow copy"},
	},
	against: "other content, which was written after the shadow copy was made",
	apart:   "a hash in a later record, such as one of a run",
	find:    (*inquiry).findContentBefore,
}

// findContentBefore answers from the content that the file had in a shadow copy.
func (q *inquiry) findContentBefore() []candidate {
	if q.content != nil {
		return nil
	}
	list := q.sightings()
	for i := len(list) - 1; i >= 0; i-- {
		s := &list[i]
		if s.seen != there || s.content == nil || s.content.sha256 == "" {
			continue
		}
		then := *q
		subject := *q.subject
		subject.content, subject.rec, subject.name = s.content, s.rec, s.Name+"/"+s.name
		then.subject = &subject
		a := candidate{Answer: then.askWhat(), claim: claim{what: s.content.sha256}}
		a.Answer.Answer = fmt.Sprintf("%s, according to shadow copy %s of %s; the content itself is gone.", strings.TrimSuffix(a.Answer.Answer, "."), s.Name, timeText(s.Created))
		a.other = "the content in shadow copy " + s.Name
		a.cite(s.cite())
		switch {
		case q.rec == nil || s.rec == nil:
			a.caught("only_path", "another file that had this path when the shadow copy was made")
		case q.rec.StandardInformation.Modified.Compare(s.rec.StandardInformation.Modified) != 0 || q.rec.Size() != 0 && q.rec.Size() != s.rec.Size():
			a.caught("changed_since", "other content: it was changed on %s", timeText(q.rec.StandardInformation.Modified))
		}
		return []candidate{a}
	}
	return nil
}
