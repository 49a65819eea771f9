package origin

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
)

var writerJournal = &rule{
	name: "writer.journal", question: Writer, best: Corroborated,
	finds:   "Sysmon 11 for the path that the file had, according to the change journal or the transaction log, when it was created: a rename is not in Sysmon's log",
	also:    []*source{sysmonCreate},
	traps:   []trap{{"several", "several processes created files at that time with that path"}},
	against: "another file that had the same path within two seconds",
	apart:   "the content that Sysmon logged, in a hash",
	find:    (*inquiry).findWriterOfFirst,
}

// findWriterOfFirst finds the processes that created the file under its first path.
func (q *inquiry) findWriterOfFirst() []candidate {
	places, born, from := q.formerPlaces()
	if q.tl == nil || born.IsZero() || len(places) == 0 {
		return nil
	}
	first := &places[0]
	if !first.known || winpath.Same(first.path, q.path) {
		return nil
	}
	var list []candidate
	for e := range q.own(q.tl.KindsBetween(born.Add(-clockSkew), born.Add(clockSkew), timeline.FileCreatedByProcess)) {
		d, ok := e.Data.(*evtx.Sysmon11)
		if !ok || !near(d.CreationUtcTime, born) || !winpath.Same(winpath.Normalize(q.drive, strings.Clone(d.TargetFilename)), first.path) || len(list) == maxListed {
			continue
		}
		c := entry[*evtx.Sysmon11]{e, evtx.Clone(d).(*evtx.Sysmon11)}
		p := q.writerOf(&c)
		a := candidate{Answer: Answer{Grade: Corroborated}, claim: claimOf(p), from: []*source{sysmonCreate, from}, leaves: authorship{p, Corroborated, &c}}
		a.Answer.Answer = fmt.Sprintf("%s created it as %s", p, first.path)
		a.other = a.Answer.Answer
		a.cite(citeWrite(&c), first.cited)
		q.describeWriter(&a.Answer, p)
		if len(list) == 0 || list[len(list)-1].claim != a.claim {
			list = append(list, a)
		}
	}
	return oneOf(list)
}
