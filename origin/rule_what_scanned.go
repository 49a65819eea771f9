package origin

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/mplog"
)

var whatScanned = &rule{
	name: "what.scanned", question: What, best: Inferred,
	finds:   "the hashes with which Defender asked its cloud about that path, if the content is gone (MPLog)",
	also:    []*source{protectionLog},
	against: "another file that had this path at that time",
	apart:   "the content, or its hash in another record",
	find:    (*inquiry).findScanned,
}

// findScanned finds the last hashes of the path in the protection log of Defender.
func (q *inquiry) findScanned() []candidate {
	if q.content != nil {
		return nil
	}
	for i := len(q.scans) - 1; i >= 0; i-- {
		s := &q.scans[i]
		if s.data.Kind != mplog.Query || !q.isSubject(s.data.Path) || q.before(s.Time) {
			continue
		}
		a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{what: s.data.SHA256}}
		a.Answer.Answer = fmt.Sprintf("Its content cannot be read; Defender asked its cloud about it on %s, with the SHA-256 %s.", timeText(s.Time), s.data.SHA256)
		a.other = "the hashes in the protection log of Defender"
		a.fact("sha256", s.data.SHA256)
		a.cite(cite(&s.Event, "path", s.data.Path, "sha1", s.data.SHA1, "sha2", s.data.SHA256))
		return []candidate{a}
	}
	return nil
}
