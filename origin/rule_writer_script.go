package origin

import (
	"fmt"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/command"
)

var writerScript = &rule{
	name: "writer.script", question: Writer, best: Inferred,
	finds:   "a script of PowerShell that was logged shortly before the creation, or a command that was logged after it, and writes the file (4104, 4103)",
	also:    []*source{scriptBlock, moduleRun},
	against: "another process, if the script failed or ran at another time",
	apart:   "a record of the write itself: Sysmon 11, or 4663 with an audit rule on the folder",
	find:    (*inquiry).findScript,
}

// scriptLead is how long before it writes a file a script may have been logged, which is
// done before it runs, and how long after that a command, which is logged at its end.
const scriptLead = 10 * time.Minute

// findScript finds the process that ran a script that writes the subject.
func (q *inquiry) findScript() []candidate {
	if q.created.IsZero() {
		return nil
	}
	var list []candidate
	for i := range slices.Backward(q.scripts) {
		s := &q.scripts[i]
		lead := q.created.Sub(s.Time)
		if s.finished {
			lead = -lead
		}
		if lead < -clockSkew || lead > scriptLead || !q.writesIt(command.ReadScript(s.text)) || len(list) == maxListed {
			continue
		}
		p := &process{pid: s.pid, sid: s.sid, start: s.Time}
		if known := q.processes.atPID(p.pid, s.Time); known != nil {
			c := *known
			p = &c
		}
		p.script = s
		a := candidate{Answer: Answer{Grade: Inferred}, claim: claimOf(p), leaves: authorship{p, Inferred, nil}}
		a.Answer.Answer = fmt.Sprintf("%s ran a script that writes it, which was logged on %s", p, timeText(s.Time))
		a.other = a.Answer.Answer
		a.cite(s.citation)
		q.describeWriter(&a.Answer, p)
		list = append(list, a)
	}
	return list
}
