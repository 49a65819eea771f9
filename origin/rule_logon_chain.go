package origin

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/winid"
)

var logonShare = &rule{
	name: "logon.share", question: Logon, best: Corroborated,
	after:   []Question{Writer},
	finds:   "the 4624 of the client in the 5145 of the file",
	also:    []*source{auditShare, auditLogon},
	traps:   []trap{{"restart", "no log covers the time between the logon and the access"}},
	against: "someone else who uses the credentials of that account",
	apart:   "the records of the client that logged on",
	find:    (*inquiry).findShareSession,
}

func (q *inquiry) findShareSession() []candidate {
	list := q.creating(true)
	if len(list) == 0 || q.writer == nil || q.writer.pid != kernelPID {
		return nil
	}
	l := q.logons.at(list[0].logonID, list[0].Time)
	if l == nil {
		return nil
	}
	a := q.sessionAs("The client of the share: ", l, list[0].cite())
	a.Grade = Corroborated
	if !q.covered(l.Time, list[0].Time) {
		a.caught("restart", "another session with LogonId %#x, if the machine was restarted after %s", list[0].logonID, timeText(l.Time))
	}
	return []candidate{a}
}

// sessionAs makes a candidate of a session, after words that say whose it is.
func (q *inquiry) sessionAs(whose string, l *entry[*evtx.Security4624], evidence ...Citation) candidate {
	a := candidate{rests: []Question{Writer}, leaves: session{l}, claim: claim{what: hexID(l.data.TargetLogonId).String(), at: l.Time}}
	a.Answer.Answer = whose + q.describeLogon(&a.Answer, l, nil)
	a.other = fmt.Sprintf("the session with LogonId %#x since %s", l.data.TargetLogonId, timeText(l.Time))
	a.cite(evidence...)
	a.cite(citeLogon(l))
	if address := a.Fact("address"); address != "" {
		for _, s := range q.sessions.openedBy(winid.Account(l.data.TargetDomainName, l.data.TargetUserName), l.Time.Add(sessionLead), nil) {
			if plainAddress(s.address) == address {
				a.cite(s.cite())
			}
		}
	}
	return a
}

var logonMaker = &rule{
	name: "logon.maker", question: Logon, best: Corroborated,
	after:   []Question{Writer},
	finds:   "the session in which the service or task was made that the writer runs in (4697, 4698)",
	also:    []*source{auditService, auditTask, auditLogon},
	traps:   []trap{{"by_path", "the program of the service or task is known only by its path"}},
	against: "another who started the service or task, or replaced its program",
	apart:   "a record of who started it",
	find:    (*inquiry).findMaker,
}

// findMaker goes back from a writer in a session of Windows itself, of a service or of
// a task, to the session of the account that made that service or task.
func (q *inquiry) findMaker() []candidate {
	if q.writer == nil {
		return nil
	}
	if l := q.logons.at(q.writer.logonID, q.writer.start); systemLogons[q.writer.logonID] == "" &&
		(l == nil || l.data.LogonType != 4 && l.data.LogonType != 5) {
		return nil
	}
	chain := append([]*process{q.writer}, q.processes.ancestors(q.writer)...)
	for _, p := range chain {
		for i := range q.installs {
			in := &q.installs[i]
			if in.logonID == 0 || in.Time.After(p.start) || !q.beginsWith(in.command, p.image) {
				continue
			}
			if c, ok := q.madeIn(in.logonID, "The service "+in.name+" was installed in this session: ", cite(&in.Event, "ServiceName", in.name, "command", in.command, "SubjectLogonId", hexID(in.logonID)), p); ok {
				return []candidate{c}
			}
		}
		for i := range q.tasks {
			t := &q.tasks[i]
			if t.data.SubjectLogonId == 0 || t.Time.After(p.start) || !containsFold(taskText.Replace(t.data.TaskContent), p.image) {
				continue
			}
			if c, ok := q.madeIn(t.data.SubjectLogonId, "The task "+t.data.TaskName+" was registered in this session: ", cite(&t.Event, "TaskName", t.data.TaskName, "SubjectLogonId", hexID(t.data.SubjectLogonId)), p); ok {
				return []candidate{c}
			}
		}
	}
	return nil
}

// beginsWith reports whether a command begins with a program.
func (q *inquiry) beginsWith(command, image string) bool {
	line := winpath.Normalize(q.drive, command)
	return winpath.Same(line, image) || namesPath(line, image)
}

// madeIn makes a candidate of the session in which a service or task was made.
func (q *inquiry) madeIn(logonID uint64, words string, record Citation, p *process) (candidate, bool) {
	l := q.logons.at(logonID, record.Time)
	if l == nil || systemLogons[logonID] != "" {
		return candidate{}, false
	}
	a := q.sessionAs(words, l, record)
	a.Grade = Corroborated
	a.caught("by_path", "")
	a.cite(p.cite()...)
	return a, true
}
