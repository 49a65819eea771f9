package origin

import (
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

func (q *inquiry) askLogon() (Answer, session) {
	p := q.writer
	switch {
	case p == nil || p.user == "" && p.logonID == 0:
		return q.sessionsOfOwner(), session{}
	case p.logonID == 0:
		return q.sessionsOf(p.user, q.created, nil), session{}
	}
	if l := q.logons.at(p.logonID, p.start); l != nil {
		return q.logonRecorded(l), session{l}
	}
	if a := q.sessionsOf(p.user, p.start, p); a.Grade != Unknown {
		a.fact("logon_id", hexID(p.logonID))
		return a, session{}
	}
	why, text := q.because(p.start, auditLogon)
	a := unknown(why, fmt.Sprintf("Where %s logged on from, with LogonId %#x, is unknown: %s.", p.user, p.logonID, text))
	if who := systemLogons[p.logonID]; who != "" {
		a.Answer = fmt.Sprintf("LogonId %#x is the built-in session of %s, which does not log on from another machine.", p.logonID, who)
	}
	a.fact("logon_id", hexID(p.logonID))
	a.cite(p.cite()...)
	q.logonsElsewhere(&a)
	q.laterSessions(&a)
	return a, session{}
}

// logonsElsewhere adds the logons with the writer's LogonId in other boots as rivals:
// they are other sessions.
func (q *inquiry) logonsElsewhere(a *Answer) {
	for _, l := range q.logons.byID[q.writer.logonID] {
		if !q.boots.same(l.Time, q.writer.start) {
			a.rival("%s logged on with the same LogonId on %s, in another boot", l.User, timeText(l.Time))
		}
	}
}

// laterSessions adds the remote sessions of the writer's account near the creation as
// rivals, if the log of the writer's own session is gone. They do not answer the
// question.
func (q *inquiry) laterSessions(a *Answer) {
	for i := range q.sessions.list {
		s := &q.sessions.list[i]
		if s.Kind == timeline.RDPLogon && s.address != "" && winid.SameAccount(s.user, q.writer.user) && s.Time.Sub(q.created).Abs() <= remoteSpan {
			a.rival("a Remote Desktop session of %s from %s since %s", s.user, s.address, timeText(s.Time))
			a.cite(s.cite())
		}
	}
}

func (q *inquiry) logonRecorded(l *entry[*evtx.Security4624]) Answer {
	p, d := q.writer, l.data
	a := Answer{Grade: weakest(Recorded, q.writerBy)}
	if !q.covered(l.Time, p.start) {
		// A restart in between would have given the LogonId to another session.
		a.Grade = weakest(a.Grade, Inferred)
		a.rival("another session with LogonId %#x, if the machine was restarted after %s", p.logonID, timeText(l.Time))
	}
	user := winid.Account(d.TargetDomainName, d.TargetUserName)
	if p.user != "" && !winpath.SameName(winpath.Base(user), winpath.Base(p.user)) {
		a.Grade = weakest(a.Grade, Inferred)
		a.rival("another session: the process ran as %s, this session is that of %s", p.user, user)
	}
	a.cite(citeLogon(l))
	a.cite(p.cite()...)
	address := remote(d.IpAddress)
	a.Answer = fmt.Sprintf("%s logged on at %s, type %s, LogonId %#x", user, timeText(l.Time), d.LogonType, d.TargetLogonId)
	a.fact("logon_id", hexID(d.TargetLogonId))
	a.fact("logon_type", uint32(d.LogonType))
	a.fact("time", l.Time)
	a.fact("user", user)
	a.fact("workstation", d.WorkstationName)
	if d.LogonType == 10 || d.LogonType == 7 || d.LogonType == 12 {
		for _, s := range q.sessions.openedBy(user, p.start, p) {
			if address == "" || s.address == address {
				address = s.address
				a.cite(s.cite())
			}
		}
	}
	if address != "" {
		a.fact("address", address)
		a.Answer += ", from " + address
		if w := winid.Undash(d.WorkstationName); w != "" {
			a.Answer += " (" + w + ")"
		}
	} else {
		a.Answer += ", from the machine itself"
	}
	if end := q.logons.off(d.TargetLogonId, l.Time); end != nil {
		a.fact("session_end", end.Time)
		a.Answer += ", logged off at " + timeText(end.Time)
		a.cite(cite(&end.Event, "TargetLogonId", hexID(end.logonID)))
		if end.Time.Before(p.start.Add(-sameStart)) {
			a.Grade = weakest(a.Grade, Inferred)
			a.rival("another session with LogonId %#x: this one ended before the process started", p.logonID)
		}
	}
	a.Answer += "."
	q.alsoLoggedOn(&a, l)
	return a
}

// remoteSpan is how far from the creation a remote session of the same account is
// still mentioned with the writer's own.
const remoteSpan = 24 * time.Hour

// alsoLoggedOn adds the account's sessions from other machines in the same boot. The
// writer did not run in them, but whoever controls the account may have used them.
func (q *inquiry) alsoLoggedOn(a *Answer, own *entry[*evtx.Security4624]) {
	n := 0
	for _, l := range q.logons.list {
		d := l.data
		address := remote(d.IpAddress)
		if address == "" || d.TargetLogonId == own.data.TargetLogonId || d.TargetUserSid != own.data.TargetUserSid ||
			l.Time.Sub(q.created).Abs() > remoteSpan || !q.boots.same(l.Time, own.Time) {
			continue
		}
		if n++; n > maxListed {
			break
		}
		user := winid.Account(d.TargetDomainName, d.TargetUserName)
		a.Answer += fmt.Sprintf(" The same account also logged on from %s at %s, type %s, LogonId %#x", address, timeText(l.Time), d.LogonType, d.TargetLogonId)
		a.fact("logon_id", hexID(d.TargetLogonId))
		a.fact("logon_type", uint32(d.LogonType))
		a.fact("time", l.Time)
		a.fact("user", user)
		a.fact("workstation", d.WorkstationName)
		a.fact("address", address)
		a.cite(citeLogon(l))
		for _, s := range q.sessions.openedBy(user, l.Time.Add(sessionLead), nil) {
			if s.address == address {
				a.cite(s.cite())
			}
		}
		if end := q.logons.off(d.TargetLogonId, l.Time); end != nil {
			a.fact("session_end", end.Time)
			a.Answer += ", logged off at " + timeText(end.Time)
			a.cite(cite(&end.Event, "TargetLogonId", hexID(end.logonID)))
		}
		for _, p := range q.processes.list {
			if p.logonID == d.TargetLogonId && q.boots.same(p.start, l.Time) && namesFile(p.commandLine, q.path) {
				a.Answer += "; a process of that session ran " + clip(p.commandLine)
				a.cite(p.cite()...)
			}
		}
		a.Answer += "."
	}
}

// sessionsOf answers from the records of Terminal Services, in place of a missing
// 4624. The session number in the record of the process ties it to one of them, so
// that two logs agree. Without it only time and user match.
func (q *inquiry) sessionsOf(user string, at time.Time, p *process) Answer {
	list := q.sessions.open(user, at, p)
	if user == "" || len(list) == 0 {
		why, text := q.because(at, auditLogon)
		return unknown(why, fmt.Sprintf("Where %s logged on from is unknown: %s.", orSomebody(user), text))
	}
	last := list[len(list)-1]
	s := last.opened[0]
	a := Answer{Grade: Inferred}
	if p != nil && p.sysmon != nil && len(list) == 1 {
		a.Grade = weakest(Corroborated, q.writerBy)
	}
	a.fact("time", s.Time)
	a.fact("address", s.address)
	a.fact("user", s.user)
	from := s.address
	if from == "" {
		from = "the machine itself"
	} else {
		a.fact("logon_type", 10)
	}
	a.Answer = fmt.Sprintf("%s had a Terminal Services session open from %s, since %s", s.user, from, timeText(s.Time))
	for _, o := range last.opened {
		a.cite(o.cite())
	}
	if p != nil {
		a.cite(p.cite()...)
	}
	if last.closed != nil {
		a.fact("session_end", last.closed.Time)
		a.cite(last.closed.cite())
		a.Answer += ", until " + timeText(last.closed.Time)
	}
	for _, t := range list[:len(list)-1] {
		a.rival("the session of %s since %s, from %s", t.opened[0].user, timeText(t.opened[0].Time), t.opened[0].address)
	}
	a.Answer += "."
	return a
}

func orSomebody(user string) string {
	if user == "" {
		return "the account"
	}
	return user
}

// sessionsOfOwner answers if the writer is unknown, from the sessions that the owner
// of the file had open. There may have been more than one.
func (q *inquiry) sessionsOfOwner() Answer {
	known, ok := q.accounts[q.owner]
	if q.owner == "" || q.owner == administrators || q.created.IsZero() {
		why, text := q.because(q.created, auditLogon)
		if why == SearchedEmpty {
			why, text = q.because(q.created, sysmonCreate)
		}
		return unknown(why, "Where the account logged on from is unknown, because the account of the writer is unknown: "+text+".")
	}
	var open []*entry[*evtx.Security4624]
	for _, l := range q.logons.list {
		if l.data.TargetUserSid != q.owner || l.Time.After(q.created) || !q.boots.same(l.Time, q.created) {
			continue
		}
		if end := q.logons.off(l.data.TargetLogonId, l.Time); end == nil || end.Time.After(q.created) {
			open = append(open, l)
		}
	}
	if len(open) == 0 {
		return q.sessionsOf(known.name, q.created, nil)
	}
	best := open[len(open)-1]
	for _, l := range open {
		// If there are several sessions the remote ones are of interest.
		if remote(l.data.IpAddress) != "" && remote(best.data.IpAddress) == "" {
			best = l
		}
	}
	d := best.data
	a := Answer{Grade: Inferred}
	user := winid.Account(d.TargetDomainName, d.TargetUserName)
	if !ok {
		user = q.owner
	}
	a.Answer = fmt.Sprintf("The owner, %s, had been logged on since %s, type %s, LogonId %#x", user, timeText(best.Time), d.LogonType, d.TargetLogonId)
	a.fact("logon_id", hexID(d.TargetLogonId))
	a.fact("logon_type", uint32(d.LogonType))
	a.fact("time", best.Time)
	a.fact("address", remote(d.IpAddress))
	a.fact("workstation", d.WorkstationName)
	a.fact("user", user)
	if address := remote(d.IpAddress); address != "" {
		a.Answer += ", from " + address
	}
	a.Answer += "."
	a.cite(citeLogon(best), q.citeOwner())
	for _, l := range open {
		if l != best {
			a.rival("LogonId %#x since %s, type %s, %s", l.data.TargetLogonId, timeText(l.Time), l.data.LogonType, remote(l.data.IpAddress))
		}
	}
	return a
}

// sayLogon returns a sentence about the session of the writer, which comes first in
// the answer, and one about each other session of the same account.
func sayLogon(a retold) []string {
	var said []string
	for i, session := range groups(a.Facts, "logon_id") {
		at, from := session.Fact("time"), session.Fact("address")
		switch {
		case i == 0 && from != "":
			said = append(said, fmt.Sprintf("The session in which it was written began on %s, from %s", at, from))
		case i == 0:
			said = append(said, fmt.Sprintf("The session in which it was written began on %s, on the machine itself", at))
		case laterText(at, a.created):
			said = append(said, fmt.Sprintf("Later, on %s, the same account logged on from %s", at, from))
		default:
			said = append(said, fmt.Sprintf("The same account also logged on from %s, on %s", from, at))
		}
	}
	return said
}

// laterText reports whether the first of two times of facts is the later one.
func laterText(a, b string) bool {
	at, err := time.Parse(time.RFC3339Nano, a)
	bt, err2 := time.Parse(time.RFC3339Nano, b)
	return err == nil && err2 == nil && at.After(bt)
}
