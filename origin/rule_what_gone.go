package origin

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/recyclebin"
)

var whatDetected = &rule{
	name: "what.detected", question: What, best: Inferred,
	finds:   "the SHA-256 that the detection history of Defender has of that path, if the content is gone",
	also:    []*source{detectionFiles},
	against: "another file that had this path at that time",
	apart:   "the content, or its hash in another record",
	find:    (*inquiry).findDetectedContent,
}

func (q *inquiry) findDetectedContent() []candidate {
	if q.content != nil {
		return nil
	}
	for i := len(q.detections) - 1; i >= 0; i-- {
		d := &q.detections[i]
		if d.sha256 == "" || !q.isDetected(d.path) || q.before(d.Time) {
			continue
		}
		a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{what: d.sha256}}
		a.Answer.Answer = fmt.Sprintf("Its content cannot be read; Defender found %s in it on %s, with the SHA-256 %s.", clip(d.threat), timeText(d.Time), d.sha256)
		a.other = "the hash in the detection history of Defender"
		a.fact("sha256", d.sha256)
		a.cite(cite(&d.Event, "Threat Name", d.threat, "Path", d.path, "SHA256", d.sha256))
		return []candidate{a}
	}
	return nil
}

var whatRecycled = &rule{
	name: "what.recycled", question: What, best: Unknown,
	finds:   "the recycle bin, if the file was moved there",
	also:    []*source{recycleBin},
	against: "another file that had this path at that time",
	apart:   "the content in the recycle bin",
	find:    (*inquiry).findRecycled,
}

// findRecycled leads to the content in the recycle bin.
func (q *inquiry) findRecycled() []candidate {
	if q.content != nil {
		return nil
	}
	for i := len(q.recycled) - 1; i >= 0; i-- {
		r := &q.recycled[i]
		if !q.isSubject(r.data.Path) || q.before(r.Time) {
			continue
		}
		a := lead()
		a.Answer.Answer = fmt.Sprintf("It was moved to the recycle bin on %s, with %d bytes: ask for %s", timeText(r.Time), r.data.Size, recyclebin.ContentName(r.Source.Artifact))
		if r.SID != "" {
			a.Answer.Answer += ", which is of " + r.SID
		}
		a.Answer.Answer += "."
		a.cite(cite(&r.Event, "path", r.data.Path, "size", r.data.Size, "sid", r.SID))
		return []candidate{a}
	}
	return nil
}
