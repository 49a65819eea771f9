package origin

import (
	"fmt"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
)

var writerRenamed = &rule{
	name: "writer.renamed", question: Writer, best: Inferred,
	finds:   "Sysmon 11 for another name, which no file has now, with the creation time of the file: a rename keeps it, as that of a browser's .crdownload",
	also:    []*source{sysmonCreate},
	traps:   []trap{{"several", "several processes created files at that time whose names no file has now"}},
	against: "another file that was created in the same millisecond and is gone",
	apart:   "the record of the rename in the change journal",
	find:    (*inquiry).findRenamed,
}

// sysmonGrain is the grain of the times that Sysmon writes.
const sysmonGrain = time.Millisecond

// findRenamed finds the processes that created the file under another name.
func (q *inquiry) findRenamed() []candidate {
	var list []candidate
	for _, c := range q.formerNames() {
		p := q.writerOf(&c)
		a := candidate{Answer: Answer{Grade: Inferred}, claim: claimOf(p), leaves: authorship{p, Inferred, &c}}
		a.Answer.Answer = fmt.Sprintf("%s created %s with the same creation time, and no file has that name now: it was renamed", p, c.data.TargetFilename)
		a.other = fmt.Sprintf("%s, which created %s at that time", p, c.data.TargetFilename)
		a.cite(citeWrite(&c))
		q.describeWriter(&a.Answer, p)
		list = append(list, a)
	}
	return oneOf(list)
}

// oneOf lowers the grades of candidates of which there are several.
func oneOf(list []candidate) []candidate {
	if len(list) > 1 {
		for i := range list {
			list[i].caught("several", "")
		}
	}
	return list
}

// formerNames returns the records of Sysmon 11 of files on the subject's volume with
// its creation time that no file has the path of now, if Sysmon logged nothing about
// the path of the subject.
func (q *inquiry) formerNames() []entry[*evtx.Sysmon11] {
	if q.tl == nil || q.rec == nil || q.created.IsZero() || len(q.writes()) > 0 {
		return nil
	}
	var list []entry[*evtx.Sysmon11]
	for e := range q.own(q.tl.KindsBetween(q.created.Add(-clockSkew), q.created.Add(clockSkew), timeline.FileCreatedByProcess)) {
		d, ok := e.Data.(*evtx.Sysmon11)
		if !ok || d.CreationUtcTime.Sub(q.created).Abs() > sysmonGrain || len(list) == maxListed {
			continue
		}
		path := winpath.Normalize(q.drive, d.TargetFilename)
		if _, onVolume := winpath.CutPrefix(path, drivePrefix(q.drive)+`\`); onVolume && !strings.Contains(winpath.Base(path), ":") && !q.exists(path) {
			list = append(list, entry[*evtx.Sysmon11]{e, evtx.Clone(d).(*evtx.Sysmon11)})
		}
	}
	return list
}
