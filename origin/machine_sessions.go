package origin

import (
	"time"

	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

// sessionEvent is what Terminal Services log about a session.
type sessionEvent struct {
	timeline.Event
	user    string
	session uint32 // 0 in 1149, which precedes the session
	address string
}

// sessions are the records of Terminal Services, in order of time.
type sessions struct {
	boots *boots
	list  []sessionEvent
}

func (ss *sessions) take(e *timeline.Event, user string, number uint32, address string) {
	ss.list = append(ss.list, sessionEvent{*e, user, number, address})
}

// sessionLead is how long before its logon the authentication for a session (1149)
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

// openedBy returns the logons and reconnections in effect for a user at a time, with
// the 1149 before them. If the process is known from Sysmon, only those with its
// session number count.
func (ss *sessions) openedBy(user string, at time.Time, p *process) []*sessionEvent {
	var list []*sessionEvent
	for _, s := range ss.open(user, at, p) {
		list = append(list, s.opened...)
	}
	return list
}

// open finds the sessions of a user that were connected at a time.
func (ss *sessions) open(user string, at time.Time, p *process) []terminalSession {
	byNumber := p != nil && p.sysmon != nil
	open := map[uint32]*terminalSession{}
	var order []uint32
	for i := range ss.list {
		s := &ss.list[i]
		if s.Time.After(at) {
			// A later end of the session belongs to it.
			if t := open[s.session]; t != nil && t.closed == nil && (s.Kind == timeline.RDPLogoff || s.Kind == timeline.RDPDisconnected) &&
				ss.boots.same(s.Time, at) && winid.SameAccount(s.user, user) {
				t.closed = s
			}
			continue
		}
		if !winid.SameAccount(s.user, user) || !ss.boots.same(s.Time, at) || byNumber && s.session != p.session && s.Kind != timeline.RDPAuthenticated {
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
		if a := ss.authentication(list[i].opened[0]); a != nil {
			list[i].opened = append(list[i].opened, a)
		}
	}
	return list
}

// authentication returns the 1149 that preceded a session: of the same user and
// address, at most two minutes earlier.
func (ss *sessions) authentication(s *sessionEvent) *sessionEvent {
	var found *sessionEvent
	for i := range ss.list {
		a := &ss.list[i]
		if a.Kind == timeline.RDPAuthenticated && !a.Time.After(s.Time) && s.Time.Sub(a.Time) <= sessionLead &&
			winid.SameAccount(a.user, s.user) && a.address == s.address {
			found = a
		}
	}
	return found
}
