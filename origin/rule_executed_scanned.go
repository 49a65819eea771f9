package origin

import (
	"fmt"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mplog"
)

var executedScanned = &rule{
	name: "executed.scanned", question: Executed, best: Inferred,
	finds:   "the process that Defender names in its protection log: its behavior, or the cost of scanning what it opened (MPLog)",
	also:    []*source{protectionLog},
	traps:   []trap{{"only_name", "the log has the name of the program, and not its path"}},
	against: "another file that had this path at that time",
	apart:   "a record of the start of the process: Sysmon 1, or 4688",
	find:    (*inquiry).findScannedRuns,
}

// findScannedRuns finds the processes of the file that Defender noticed. Of most
// processes, its log has the name only.
func (q *inquiry) findScannedRuns() []candidate {
	if q.created.IsZero() {
		return nil
	}
	base := winpath.Base(q.path)
	a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{what: "ran"}}
	n, byPath := 0, false
	var first *entry[*mplog.Entry]
	for i := range q.scans {
		s := &q.scans[i]
		named := s.data.Kind == mplog.Impact && winpath.SameName(s.data.Process, base)
		ran := (s.data.Kind == mplog.Behavior || strings.Contains(s.data.Process, `\`) && s.data.Kind == mplog.Impact) && q.isSubject(s.data.Process)
		if !named && !ran || s.Time.Before(q.created.Add(-clockSkew)) {
			continue
		}
		if ran && !byPath { // what has the path is better than what has the name
			n, byPath, first, a.Answer.Evidence = 0, true, nil, nil
		}
		if byPath && !ran {
			continue
		}
		if n++; first == nil {
			first = s
		}
		if n <= maxListed {
			a.cite(cite(&s.Event, "process", s.data.Process, "pid", s.data.PID, "started", stampOrNothing(s.data.Started), "opened", s.data.Path))
		}
	}
	if first == nil {
		return nil
	}
	a.Answer.Answer = fmt.Sprintf("According to the protection log of Defender, it ran as process %d on %s.", first.data.PID, timeText(first.Time))
	a.fact("proves", "execution")
	a.fact("time", first.Time)
	a.fact("pid", first.data.PID)
	if !byPath {
		a.Answer.Answer = fmt.Sprintf("According to the protection log of Defender, a program named %s ran as process %d on %s.", base, first.data.PID, timeText(first.Time))
		a.caught("only_name", "another program named %s", base)
	}
	a.other = a.Answer.Answer
	return []candidate{a}
}

// stampOrNothing returns a time for a citation, which leaves out what is empty.
func stampOrNothing(t time.Time) any {
	if t.IsZero() {
		return ""
	}
	return t
}
