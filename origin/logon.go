package origin

import (
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

// LogonIds that Windows gives itself, the same in every boot.
var systemLogons = map[uint64]string{
	0x3e7: "the operating system itself",
	0x3e5: "Windows' own local services",
	0x3e4: "Windows' own network services",
}

func citeLogon(l *entry[*evtx.Security4624]) Citation {
	d := l.data
	return cite(&l.Event, "TargetUserSid", d.TargetUserSid, "TargetUserName", d.TargetUserName, "TargetDomainName", d.TargetDomainName,
		"TargetLogonId", hexID(d.TargetLogonId), "TargetLinkedLogonId", hexID(d.TargetLinkedLogonId), "LogonType", d.LogonType,
		"WorkstationName", d.WorkstationName, "IpAddress", d.IpAddress, "ProcessName", d.ProcessName)
}

func (q *inquiry) askLogon() Answer {
	p := q.writer
	switch {
	case p == nil || p.user == "" && p.logonID == 0:
		return q.sessionsOfOwner()
	case p.logonID == 0:
		return q.sessionsOf(p.user, q.created, nil)
	}
	if l := q.ix.logonAt(p.logonID, p.start); l != nil {
		return q.logonRecorded(l)
	}
	if a := q.sessionsOf(p.user, p.start, p); a.Grade != Unknown {
		a.fact("logon_id", hexID(p.logonID))
		return a
	}
	why, text := q.because(p.start, auditLogon)
	a := unknown(Logon, why, fmt.Sprintf("From where %s was logged on with LogonId %#x is unknown: %s.", p.user, p.logonID, text))
	if who := systemLogons[p.logonID]; who != "" {
		a.Answer = fmt.Sprintf("LogonId %#x is that of %s, which logs on from nowhere.", p.logonID, who)
	}
	a.fact("logon_id", hexID(p.logonID))
	a.cite(p.cite()...)
	q.logonsElsewhere(&a)
	q.laterSessions(&a)
	return a
}

// logonsElsewhere names the logons with the writer's LogonId in other boots:
// they are other sessions.
func (q *inquiry) logonsElsewhere(a *Answer) {
	for _, i := range q.ix.byLogon[q.writer.logonID] {
		if l := &q.ix.logons[i]; !q.ix.boots.same(l.Time, q.writer.start) {
			a.rival("%s logged on with the same LogonId on %s, in another boot", l.User, timeText(l.Time))
		}
	}
}

// laterSessions names the remote sessions of the writer's account near the
// creation, where what logged its own session is gone. They are no answer.
func (q *inquiry) laterSessions(a *Answer) {
	for i := range q.ix.sessions {
		s := &q.ix.sessions[i]
		if s.Kind == timeline.RDPLogon && s.address != "" && sameUser(s.user, q.writer.user) && s.Time.Sub(q.created).Abs() <= remoteSpan {
			a.rival("a session of Terminal Services of %s from %s since %s", s.user, s.address, timeText(s.Time))
			a.cite(s.cite())
		}
	}
}

func (q *inquiry) logonRecorded(l *entry[*evtx.Security4624]) Answer {
	p, d := q.writer, l.data
	q.logon = l
	a := Answer{Grade: weakest(Recorded, q.writerBy)}
	if !q.covered(l.Time, p.start) {
		// A restart in between would have given the LogonId to another session.
		a.Grade = weakest(a.Grade, Inferred)
		a.rival("another session with LogonId %#x, if the machine was restarted since %s", p.logonID, timeText(l.Time))
	}
	user := account(d.TargetDomainName, d.TargetUserName)
	if p.user != "" && !winpath.SameName(baseName(user), baseName(p.user)) {
		a.Grade = weakest(a.Grade, Inferred)
		a.rival("the process ran as %s, the session is that of %s", p.user, user)
	}
	a.cite(citeLogon(l))
	a.cite(p.cite()...)
	address := remote(d.IpAddress)
	a.Answer = fmt.Sprintf("%s logged on at %s, type %s, LogonId %#x", user, timeText(l.Time), winid.LogonType(d.LogonType), d.TargetLogonId)
	a.fact("logon_id", hexID(d.TargetLogonId))
	a.fact("logon_type", d.LogonType)
	a.fact("time", l.Time)
	a.fact("user", user)
	a.fact("workstation", d.WorkstationName)
	if d.LogonType == 10 || d.LogonType == 7 || d.LogonType == 12 {
		for _, s := range q.terminalSessions(user, p.start, p) {
			if address == "" || s.address == address {
				address = s.address
				a.cite(s.cite())
			}
		}
	}
	if address != "" {
		a.fact("address", address)
		a.Answer += ", from " + address
		if w := undash(d.WorkstationName); w != "" {
			a.Answer += " (" + w + ")"
		}
	} else {
		a.Answer += ", from the machine itself"
	}
	if end := q.ix.logoffOf(d.TargetLogonId, l.Time); end != nil {
		a.fact("session_end", end.Time)
		a.Answer += ", and off at " + timeText(end.Time)
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

// remoteSpan is how far from the creation a remote session of the same account
// is still told with the writer's own.
const remoteSpan = 24 * time.Hour

// alsoLoggedOn adds the account's sessions from other machines in the same boot.
// The writer did not run in them, but whoever has the account may have.
func (q *inquiry) alsoLoggedOn(a *Answer, own *entry[*evtx.Security4624]) {
	n := 0
	for i := range q.ix.logons {
		l := &q.ix.logons[i]
		d := l.data
		address := remote(d.IpAddress)
		if address == "" || d.TargetLogonId == own.data.TargetLogonId || d.TargetUserSid != own.data.TargetUserSid ||
			l.Time.Sub(q.created).Abs() > remoteSpan || !q.ix.boots.same(l.Time, own.Time) {
			continue
		}
		if n++; n > maxListed {
			break
		}
		user := account(d.TargetDomainName, d.TargetUserName)
		a.Answer += fmt.Sprintf(" The same account also logged on from %s at %s, type %s, LogonId %#x", address, timeText(l.Time), winid.LogonType(d.LogonType), d.TargetLogonId)
		a.fact("logon_id", hexID(d.TargetLogonId))
		a.fact("logon_type", d.LogonType)
		a.fact("time", l.Time)
		a.fact("user", user)
		a.fact("workstation", d.WorkstationName)
		a.fact("address", address)
		a.cite(citeLogon(l))
		for _, s := range q.terminalSessions(user, l.Time.Add(sessionLead), nil) {
			if s.address == address {
				a.cite(s.cite())
			}
		}
		if end := q.ix.logoffOf(d.TargetLogonId, l.Time); end != nil {
			a.fact("session_end", end.Time)
			a.Answer += ", and off at " + timeText(end.Time)
			a.cite(cite(&end.Event, "TargetLogonId", hexID(end.logonID)))
		}
		for _, p := range q.ix.processes.list {
			if p.logonID == d.TargetLogonId && q.ix.boots.same(p.start, l.Time) && namesFile(p.commandLine, q.path) {
				a.Answer += "; in that session ran " + clip(p.commandLine)
				a.cite(p.cite()...)
			}
		}
		a.Answer += "."
	}
}

// sessionLead is how long before its logon a session's authentication (1149)
// may have been logged.
const sessionLead = 2 * time.Minute

// cite cites a record of Terminal Services.
func (s *sessionEvent) cite() Citation {
	return cite(&s.Event, "User", s.user, "SessionID", s.session, "Address", s.address)
}

// terminalSession is a session of Terminal Services that was open at a time.
type terminalSession struct {
	opened []*sessionEvent // 21 or 25, then the 1149 before it
	closed *sessionEvent
}

// terminalSessions returns the logons and reconnections that were in force for a
// user at a time, with the 1149 before them. Where the process is known by
// Sysmon, only those of its session number count.
func (q *inquiry) terminalSessions(user string, at time.Time, p *process) []*sessionEvent {
	var list []*sessionEvent
	for _, s := range q.openSessions(user, at, p) {
		list = append(list, s.opened...)
	}
	return list
}

// openSessions finds the sessions of a user that were connected at a time.
func (q *inquiry) openSessions(user string, at time.Time, p *process) []terminalSession {
	byNumber := p != nil && p.sysmon != nil
	open := map[uint32]*terminalSession{}
	var order []uint32
	for i := range q.ix.sessions {
		s := &q.ix.sessions[i]
		if s.Time.After(at) {
			// What ends the session later belongs to it.
			if t := open[s.session]; t != nil && t.closed == nil && (s.Kind == timeline.RDPLogoff || s.Kind == timeline.RDPDisconnected) &&
				q.ix.boots.same(s.Time, at) && sameUser(s.user, user) {
				t.closed = s
			}
			continue
		}
		if !sameUser(s.user, user) || !q.ix.boots.same(s.Time, at) || byNumber && s.session != p.session && s.Kind != timeline.RDPAuthenticated {
			continue
		}
		switch s.Kind {
		case timeline.RDPLogon, timeline.RDPReconnected:
			t := &terminalSession{opened: []*sessionEvent{s}}
			if open[s.session] == nil {
				order = append(order, s.session)
			}
			open[s.session] = t
		case timeline.RDPLogoff, timeline.RDPDisconnected:
			delete(open, s.session)
		}
	}
	var list []terminalSession
	for _, n := range order {
		if t := open[n]; t != nil {
			list = append(list, *t)
		}
	}
	list = list[max(0, len(list)-maxListed):]
	for i := range list {
		if a := q.authentication(list[i].opened[0]); a != nil {
			list[i].opened = append(list[i].opened, a)
		}
	}
	return list
}

// authentication returns the 1149 that came before a session: of the same user
// and address, at most two minutes earlier.
func (q *inquiry) authentication(s *sessionEvent) *sessionEvent {
	var found *sessionEvent
	for i := range q.ix.sessions {
		a := &q.ix.sessions[i]
		if a.Kind == timeline.RDPAuthenticated && !a.Time.After(s.Time) && s.Time.Sub(a.Time) <= sessionLead &&
			sameUser(a.user, s.user) && a.address == s.address {
			found = a
		}
	}
	return found
}

// sameUser compares accounts of which one may lack the domain: 1149 has it in
// upper case or not at all.
func sameUser(a, b string) bool {
	return winid.SameAccount(a, b)
}

// sessionsOf answers by the records of Terminal Services, where no 4624 does.
// The session number in the record of the process ties it to one of them; two
// logs then agree. Else only time and user do.
func (q *inquiry) sessionsOf(user string, at time.Time, p *process) Answer {
	list := q.openSessions(user, at, p)
	if user == "" || len(list) == 0 {
		why, text := q.because(at, auditLogon)
		return unknown(Logon, why, fmt.Sprintf("From where %s was logged on is unknown: %s.", orSomebody(user), text))
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
	a.Answer = fmt.Sprintf("%s had a session of Terminal Services open from %s, since %s", s.user, from, timeText(s.Time))
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

// sessionsOfOwner answers where the writer is unknown, by the sessions that the
// owner of the file had open. More than one may have been.
func (q *inquiry) sessionsOfOwner() Answer {
	known, ok := q.ix.accountOf[q.owner]
	if q.owner == "" || q.owner == administrators || q.created.IsZero() {
		why, text := q.because(q.created, auditLogon)
		if why == SearchedEmpty {
			why, text = q.because(q.created, sysmonCreate)
		}
		return unknown(Logon, why, "From where the account was logged on is unknown, as the account is: "+text+".")
	}
	var open []*entry[*evtx.Security4624]
	for i := range q.ix.logons {
		l := &q.ix.logons[i]
		if l.data.TargetUserSid != q.owner || l.Time.After(q.created) || !q.ix.boots.same(l.Time, q.created) {
			continue
		}
		if end := q.ix.logoffOf(l.data.TargetLogonId, l.Time); end == nil || end.Time.After(q.created) {
			open = append(open, l)
		}
	}
	if len(open) == 0 {
		return q.sessionsOf(known.name, q.created, nil)
	}
	best := open[len(open)-1]
	for _, l := range open {
		// Of several sessions the remote ones are of interest.
		if remote(l.data.IpAddress) != "" && remote(best.data.IpAddress) == "" {
			best = l
		}
	}
	d := best.data
	a := Answer{Grade: Inferred}
	user := account(d.TargetDomainName, d.TargetUserName)
	if !ok {
		user = q.owner
	}
	a.Answer = fmt.Sprintf("The owner, %s, was logged on since %s, type %s, LogonId %#x", user, timeText(best.Time), winid.LogonType(d.LogonType), d.TargetLogonId)
	a.fact("logon_id", hexID(d.TargetLogonId))
	a.fact("logon_type", d.LogonType)
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
			a.rival("LogonId %#x since %s, type %s, %s", l.data.TargetLogonId, timeText(l.Time), winid.LogonType(l.data.LogonType), remote(l.data.IpAddress))
		}
	}
	return a
}
