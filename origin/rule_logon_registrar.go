package origin

import (
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/winid"
)

var logonRegistrar = &rule{
	name: "logon.registrar", question: Logon, best: Inferred,
	after:   []Question{Writer},
	finds:   "the sessions that were open of the account that registered or changed the task in which the writer runs (TaskScheduler 106, 129, 140)",
	also:    []*source{taskStarted, taskRegistered, auditLogon},
	against: "another session of that account",
	apart:   "4698, which has the LogonId of the session",
	find:    (*inquiry).findRegistrar,
}

// findRegistrar goes back from a writer in a task to the account that registered the
// task. The record has no LogonId, so it is any session which that account had open.
func (q *inquiry) findRegistrar() []candidate {
	if q.writer == nil {
		return nil
	}
	name, started := q.taskOf(q.writer)
	if started == nil {
		return nil
	}
	made := q.makerOf(name, started.start)
	if made == nil || made.user == "" {
		return nil
	}
	var open []*entry[*evtx.Security4624]
	for _, l := range q.logons.list {
		if !winid.SameAccount(winid.Account(l.data.TargetDomainName, l.data.TargetUserName), made.user) || l.Time.After(made.Time) || !q.boots.same(l.Time, made.Time) {
			continue
		}
		if end := q.logons.off(l.data.TargetLogonId, l.Time); end == nil || end.Time.After(made.Time) {
			open = append(open, l)
		}
	}
	if len(open) == 0 {
		return nil
	}
	best := open[len(open)-1]
	for _, l := range open {
		if _, from := q.clientOf(l.data); from == fromRemote {
			best = l
		}
	}
	record := cite(&made.Event, "TaskName", made.name, "account", made.user)
	a := q.sessionAs(fmt.Sprintf("%s, who registered the task %s, had a session open: ", made.user, clip(name)), best, record)
	a.Grade = Inferred
	a.cite(started.cite()...)
	for _, l := range open {
		if l != best {
			address, _ := q.clientOf(l.data)
			a.rival("LogonId %#x since %s, type %s, %s", l.data.TargetLogonId, timeText(l.Time), l.data.LogonType, address)
		}
	}
	return []candidate{a}
}

// taskOf returns the name of the task that a process runs in, and that process: itself
// or one of its ancestors.
func (q *inquiry) taskOf(p *process) (name string, started *process) {
	for _, c := range append([]*process{p}, q.processes.ancestors(p)...) {
		if c.task != nil {
			return c.task.data.TaskName, c
		}
	}
	return "", nil
}

// makerOf returns the last record of who registered or changed a task before a time,
// or nil.
func (q *inquiry) makerOf(name string, before time.Time) *taskRecord {
	for i := len(q.taskLog) - 1; i >= 0; i-- {
		if r := &q.taskLog[i]; r.made && r.name == name && !r.Time.After(before) {
			return r
		}
	}
	return nil
}
