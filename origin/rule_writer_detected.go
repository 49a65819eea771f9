package origin

import (
	"fmt"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/winid"
)

var writerDetected = &rule{
	name: "writer.detected", question: Writer, best: Inferred,
	finds:   "the process that Defender names for a detection of the file, or keeps from the file, within seconds of its creation (1116, MPLog, the detection history)",
	also:    []*source{defenderFound, protectionLog, detectionFiles},
	against: "a process that only opened the file",
	apart:   "a record of the write itself: Sysmon 11, or 4663 with an audit rule on the folder",
	find:    (*inquiry).findDetected,
}

// detectedSpan is how long after the creation a detection is one of the process that
// created the file: later, it is one of whoever opened it.
const detectedSpan = 10 * time.Second

func (q *inquiry) findDetected() []candidate {
	for i := range q.detections {
		d := &q.detections[i]
		after := d.Time.Sub(q.created)
		image := winpath.Normalize(q.drive, d.image)
		if q.created.IsZero() || after < -clockSkew || after > detectedSpan || !strings.Contains(image, `\`) || !q.isDetected(d.path) || q.isSubject(image) {
			continue
		}
		p := &process{image: image, user: winid.Undash(d.user), start: d.Time}
		for _, known := range q.processes.list {
			if known.alive(q.created) && sameImage(known.image, image) {
				p = known
			}
		}
		a := candidate{Answer: Answer{Grade: Inferred}, claim: claimOf(p), leaves: authorship{p, Inferred, nil}}
		a.Answer.Answer = fmt.Sprintf("Defender found %s in it on %s, when %s had just accessed it", clip(d.threat), timeText(d.Time), p)
		if d.threat == "" {
			a.Answer.Answer = fmt.Sprintf("Defender kept %s from it on %s", p, timeText(d.Time))
		}
		a.other = winpath.Base(image) + ", which Defender names for its detection"
		a.cite(cite(&d.Event, "Threat Name", d.threat, "Process Name", d.image, "Detection User", d.user, "Path", d.path))
		q.describeWriter(&a.Answer, p)
		return []candidate{a}
	}
	return nil
}

// isDetected reports whether the paths of a detection have the subject among them:
// file:_C:\x; webfile:_C:\x|http://….
func (q *inquiry) isDetected(paths string) bool {
	for part := range strings.SplitSeq(paths, ";") {
		kind, path, ok := strings.Cut(strings.TrimSpace(part), ":_")
		path, _, _ = strings.Cut(path, "|")
		path, _, _ = strings.Cut(path, "->") // what follows is inside the file
		if ok && strings.HasSuffix(kind, "file") && q.isSubject(path) {
			return true
		}
	}
	return false
}
