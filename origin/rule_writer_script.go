package origin

import (
	"fmt"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/command"
	"github.com/birthmark-dfir/birthmark/winid"
)

var writerScript = &rule{
	name: "writer.script", question: Writer, best: Inferred,
	finds:   "a script of PowerShell that was logged shortly before the creation, and writes the file (4104)",
	also:    []*source{scriptBlock},
	against: "another process, if the script failed or ran at another time",
	apart:   "a record of the write itself: Sysmon 11, or 4663 with an audit rule on the folder",
	find:    (*inquiry).findScript,
}

// scriptLead is how long before it writes a file a script may have been logged: that is
// done before it runs.
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
		if lead < -clockSkew || lead > scriptLead || !q.writesIt(command.ReadScript(s.data.ScriptBlockText)) || len(list) == maxListed {
			continue
		}
		p := &process{pid: s.data.ProcessID, sid: winid.Undash(s.data.UserSID), start: s.Time}
		if known := q.processes.atPID(p.pid, s.Time); known != nil {
			c := *known
			p = &c
		}
		p.script = s
		a := candidate{Answer: Answer{Grade: Inferred}, claim: claimOf(p), leaves: authorship{p, Inferred, nil}}
		a.Answer.Answer = fmt.Sprintf("%s ran a script that writes it, which was logged on %s", p, timeText(s.Time))
		a.other = a.Answer.Answer
		a.cite(citeScript(s))
		q.describeWriter(&a.Answer, p)
		list = append(list, a)
	}
	return list
}
