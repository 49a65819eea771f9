package origin

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

// The values of the fact from.
const (
	fromRemote  = "address"      // from the address of the fact address
	fromItself  = "itself"       // from the machine itself
	fromNowhere = "not_recorded" // the record of the logon holds no address
)

// clientOf returns the address of the client of a logon, and whether it has one. What
// logs on over the network may leave its address out: NTLM often does. A logon from an
// address of the machine is one from the machine itself.
func (q *inquiry) clientOf(d *evtx.Security4624) (address, from string) {
	address = plainAddress(remote(d.IpAddress))
	switch {
	case q.isOwnAddress(address):
		return "", fromItself
	case address != "":
		return address, fromRemote
	case d.LogonType == 3 || d.LogonType == 8 || d.LogonType == 10 || d.LogonType == 12:
		return "", fromNowhere
	}
	return "", fromItself
}

// isOwnAddress reports whether an address is one of the machine's own.
func (q *inquiry) isOwnAddress(address string) bool {
	a, err := netip.ParseAddr(address)
	return err == nil && (a.IsLoopback() || slices.Contains(q.addresses, a.Unmap().String()))
}

// workstationOf returns the name that the client of a logon claims. In a session of
// Remote Desktop the record holds the name of the server.
func workstationOf(d *evtx.Security4624) string {
	if d.LogonType == 10 {
		return ""
	}
	return winid.Undash(d.WorkstationName)
}

var logonSession = &rule{
	name: "logon.session", question: Logon, best: Recorded,
	after: []Question{Writer},
	finds: "the 4624 with the LogonId of the writer's process in the same boot",
	reads: []*source{auditLogon},
	traps: []trap{
		{"restart", "no log covers the time between the logon and the process: a restart would have given the LogonId to another session"},
		{"other_user", "the process ran as another account than that of the session"},
		{"ended", "the session ended before the process started"},
	},
	against: "someone else who uses that session, or its credentials",
	apart:   "the records of the client that logged on",
	find:    (*inquiry).findSession,
}

func (q *inquiry) findSession() []candidate {
	p := q.writer
	if p == nil || p.logonID == 0 {
		return nil
	}
	l := q.logons.at(p.logonID, p.start)
	if l == nil {
		a := lead()
		if who := systemLogons[p.logonID]; who != "" {
			a.Answer.Answer = fmt.Sprintf("LogonId %#x is the built-in session of %s, which does not log on from another machine.", p.logonID, who)
		}
		a.fact("logon_id", hexID(p.logonID))
		a.cite(p.cite()...)
		q.logonsElsewhere(&a.Answer)
		q.laterSessions(&a.Answer)
		return []candidate{a}
	}
	d := l.data
	a := candidate{Answer: Answer{Grade: Recorded}, rests: []Question{Writer}, leaves: session{l}}
	if !q.covered(l.Time, p.start) {
		a.caught("restart", "another session with LogonId %#x, if the machine was restarted after %s", p.logonID, timeText(l.Time))
	}
	user := winid.Account(d.TargetDomainName, d.TargetUserName)
	if p.user != "" && !winpath.SameName(winpath.Base(user), winpath.Base(p.user)) {
		a.caught("other_user", "another session: the process ran as %s, this session is that of %s", p.user, user)
	}
	a.cite(citeLogon(l))
	a.cite(p.cite()...)
	a.Answer.Answer = q.describeLogon(&a.Answer, l, p)
	if end := q.logons.off(d.TargetLogonId, l.Time); end != nil && end.Time.Before(p.start.Add(-sameStart)) {
		a.caught("ended", "another session with LogonId %#x: this one ended before the process started", p.logonID)
	}
	a.claim = claim{what: hexID(d.TargetLogonId).String(), at: l.Time}
	q.alsoLoggedOn(&a.Answer, l)
	return []candidate{a}
}

// describeLogon adds the facts of a session, in which a process ran if that is not
// nil, and returns the sentence about it.
func (q *inquiry) describeLogon(a *Answer, l *entry[*evtx.Security4624], p *process) string {
	d := l.data
	user := winid.Account(d.TargetDomainName, d.TargetUserName)
	address, from := q.clientOf(d)
	if p != nil && (d.LogonType == 10 || d.LogonType == 7 || d.LogonType == 12) {
		for _, s := range q.sessions.openedBy(user, p.start, p) {
			if own := plainAddress(s.address); address == "" && own != "" && !q.isOwnAddress(own) || own == address {
				address = own
				a.cite(s.cite())
			}
		}
		if address != "" {
			from = fromRemote
		}
	}
	text := fmt.Sprintf("%s logged on at %s, type %s, LogonId %#x", user, timeText(l.Time), d.LogonType, d.TargetLogonId)
	a.fact("logon_id", hexID(d.TargetLogonId))
	a.fact("logon_type", uint32(d.LogonType))
	a.fact("time", l.Time)
	a.fact("user", user)
	a.fact("workstation", workstationOf(d))
	a.fact("from", from)
	switch from {
	case fromRemote:
		a.fact("address", address)
		text += ", from " + address
		if w := workstationOf(d); w != "" {
			text += " (" + w + ")"
		}
	case fromItself:
		text += ", from the machine itself"
	default:
		text += "; no address was recorded"
		if w := workstationOf(d); w != "" {
			text += fmt.Sprintf(", and the client claimed the name %s", w)
		}
	}
	if end := q.logons.off(d.TargetLogonId, l.Time); end != nil {
		a.fact("session_end", end.Time)
		text += ", logged off at " + timeText(end.Time)
		a.cite(cite(&end.Event, "TargetLogonId", hexID(end.logonID)))
	}
	return text + "."
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

// remoteSpan is how far from the creation a remote session of the same account is
// still mentioned with the writer's own.
const remoteSpan = 24 * time.Hour

// alsoLoggedOn adds the account's sessions from other machines in the same boot. The
// writer did not run in them, but whoever controls the account may have used them. A
// logon with a split token is two sessions, which are one.
func (q *inquiry) alsoLoggedOn(a *Answer, own *entry[*evtx.Security4624]) {
	n := 0
	for _, l := range q.logons.list {
		d := l.data
		address, from := q.clientOf(d)
		linked := d.TargetLogonId == own.data.TargetLinkedLogonId && d.TargetLogonId != 0
		if from != fromRemote || linked || d.TargetLogonId == own.data.TargetLogonId || d.TargetUserSid != own.data.TargetUserSid ||
			l.Time.Sub(q.created).Abs() > remoteSpan || !q.boots.same(l.Time, own.Time) {
			continue
		}
		if n++; n > maxListed {
			break
		}
		user := winid.Account(d.TargetDomainName, d.TargetUserName)
		a.cite(citeLogon(l))
		for _, s := range q.sessions.openedBy(user, l.Time.Add(sessionLead), nil) {
			if plainAddress(s.address) == address {
				a.cite(s.cite())
			}
		}
		if w := workstationOf(d); w != "" && q.host.by != noNames && q.host.has(w) {
			a.cite(citeLogon(l))
			a.Answer += fmt.Sprintf(" A logon of the same account at %s from %s claims to come from this machine itself.", timeText(l.Time), address)
			continue
		}
		text := " The same account also logged on: " + strings.TrimSuffix(q.describeLogon(a, l, nil), ".")
		for _, p := range q.processes.list {
			if p.logonID == d.TargetLogonId && q.boots.same(p.start, l.Time) && namesFile(p.commandLine, q.path) {
				text += "; a process of that session ran " + clip(p.commandLine)
				a.cite(p.cite()...)
			}
		}
		a.Answer += text + "."
	}
}

var logonTerminal = &rule{
	name: "logon.terminal", question: Logon, best: Corroborated,
	finds:   "a session of Terminal Services of that user, with the session number of the process, if the 4624 is missing",
	also:    []*source{rdpSession, rdpReconnect, rdpAuth},
	traps:   []trap{{"only_user", "only user and time match: the number of the process's session is not recorded, or several sessions fit"}},
	against: "another session of the same user",
	apart:   "the 4624 of the writer's LogonId",
	find:    (*inquiry).findTerminal,
}

// findTerminal looks for the session in the records of Terminal Services. The session
// number in the record of the process ties it to one of them, so that two logs agree.
func (q *inquiry) findTerminal() []candidate {
	p, user, at := q.writer, "", q.created
	switch {
	case p == nil || p.user == "" && p.logonID == 0:
		if q.owner == administrators || q.created.IsZero() {
			return nil
		}
		p, user = nil, q.accounts[q.owner].name
	case p.logonID == 0:
		user, p = p.user, nil
	default:
		user, at = p.user, p.start
		if q.logons.at(p.logonID, p.start) != nil {
			return nil
		}
	}
	list := q.sessions.open(user, at, p)
	if user == "" || len(list) == 0 {
		return nil
	}
	last := list[len(list)-1]
	s := last.opened[0]
	a := candidate{Answer: Answer{Grade: Corroborated}}
	if q.writer != nil {
		a.rests = []Question{Writer}
	}
	if p == nil || p.sysmon == nil || len(list) > 1 {
		a.caught("only_user", "")
	}
	address := plainAddress(remote(s.address))
	a.fact("time", s.Time)
	a.fact("address", address)
	a.fact("user", s.user)
	from := address
	if from == "" {
		from = "the machine itself"
		a.fact("from", fromItself)
	} else {
		a.fact("logon_type", 10)
		a.fact("from", fromRemote)
	}
	a.Answer.Answer = fmt.Sprintf("%s had a Terminal Services session open from %s, since %s", s.user, from, timeText(s.Time))
	for _, o := range last.opened {
		a.cite(o.cite())
	}
	if p != nil {
		a.cite(p.cite()...)
	}
	if last.closed != nil {
		a.fact("session_end", last.closed.Time)
		a.cite(last.closed.cite())
		a.Answer.Answer += ", until " + timeText(last.closed.Time)
	}
	for _, t := range list[:len(list)-1] {
		a.rival("the session of %s since %s, from %s", t.opened[0].user, timeText(t.opened[0].Time), t.opened[0].address)
	}
	if p != nil {
		a.fact("logon_id", hexID(p.logonID))
	}
	a.Answer.Answer += "."
	return []candidate{a}
}

var logonOwner = &rule{
	name: "logon.owner", question: Logon, best: Inferred,
	finds:   "the sessions that the owner of the file had open, if the session of the writer is unknown or the writer acts for clients",
	reads:   []*source{auditLogon},
	against: "another session of the owner, or an owner that was set later",
	apart:   "a record of the writer and its LogonId",
	find:    (*inquiry).findSessionsOfOwner,
}

// findSessionsOfOwner infers the session from those that the owner of the file had
// open. There may have been more than one.
func (q *inquiry) findSessionsOfOwner() []candidate {
	if q.owner == "" && q.writer == nil {
		a := lead()
		a.missed = []string{"the sessions of the account, which is not known"}
		return []candidate{a}
	}
	if q.owner == "" || q.owner == administrators || q.created.IsZero() || !q.ownerMayHaveWritten() {
		return nil
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
		return nil
	}
	best := open[len(open)-1]
	for _, l := range open {
		// If there are several sessions the remote ones are of interest: those over the
		// network if a service wrote the file for a client.
		_, from := q.clientOf(l.data)
		_, bestFrom := q.clientOf(best.data)
		if from == fromRemote && bestFrom != fromRemote {
			best = l
		}
	}
	a := candidate{Answer: Answer{Grade: Inferred}, leaves: session{best}}
	a.Answer.Answer = "The owner of the file had a session open: " + q.describeLogon(&a.Answer, best, nil)
	a.cite(citeLogon(best), q.citeOwner())
	for _, l := range open {
		if l != best {
			address, _ := q.clientOf(l.data)
			a.rival("LogonId %#x since %s, type %s, %s", l.data.TargetLogonId, timeText(l.Time), l.data.LogonType, address)
		}
	}
	return []candidate{a}
}

// ownerMayHaveWritten reports whether the sessions of the owner are those that the writer
// may have been in: nothing names the writer's account, or it acts for clients, or it is
// the owner, of which the session is not known.
func (q *inquiry) ownerMayHaveWritten() bool {
	p := q.writer
	return p == nil || p.user == "" || actsForClients(p) || p.logonID == 0 && winid.SameAccount(p.user, q.accounts[q.owner].name)
}

// sayLogon returns a sentence about the session of the writer, which comes first in
// the answer, and one about each other session of the same account.
func sayLogon(a retold) []string {
	var said []string
	first := "logon_id"
	if len(a.Facts) > 0 && a.Facts[0].Name != first {
		first = a.Facts[0].Name
	}
	for i, session := range groups(a.Facts, first) {
		at, from := session.Fact("time"), session.Fact("address")
		switch {
		case at == "" && from != "" && session.Fact("logon_id") == "":
			said = append(said, fmt.Sprintf("On the day on which it was written, that account used this machine from %s", from))
		case i == 0 && from != "":
			said = append(said, fmt.Sprintf("The session in which it was written began on %s, from %s", at, from))
		case i == 0 && session.Fact("from") == fromNowhere:
			said = append(said, fmt.Sprintf("The session in which it was written began on %s, over the network; no address was recorded", at))
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
