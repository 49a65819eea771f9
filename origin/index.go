package origin

import (
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

// index holds the records that name processes, sessions and files, so that the
// questions can join them.
type index struct {
	boots     boots
	processes processes
	seen      map[string]int // records by evtx.TypedEvent.Kind

	creates  []entry[*evtx.Sysmon11]
	retimes  []entry[*evtx.Sysmon2]
	streams  []entry[*evtx.Sysmon15]
	connects []entry[*evtx.Sysmon3]
	values   []entry[*evtx.Sysmon13]
	deletes  []deletion
	logons   []entry[*evtx.Security4624]
	logoffs  map[uint64][]logoff // by LogonId, in order of time
	sessions []sessionEvent
	installs []install
	tasks    []entry[*evtx.Security4698]
	cleared  []timeline.Event
	steps    []clockStep
	marks    []entry[*timeline.Zone]
	starts   []hiveAutostart

	byLogon   map[uint64][]int        // LogonId → indexes in logons
	accountOf map[string]knownAccount // SID → account, as a record names both
}

// knownAccount is an account that a record names together with its SID.
type knownAccount struct {
	name   string
	record Citation
}

// hiveAutostart is an autostart as a hive holds it.
type hiveAutostart struct {
	artifact string
	registry.Autostart
}

// takeHives takes in the autostarts of hives. They are not taken from their
// events: an autostart whose key has no time has none.
func (ix *index) takeHives(hives []*timeline.Hive) {
	for _, h := range hives {
		for _, a := range h.Autostarts {
			ix.starts = append(ix.starts, hiveAutostart{h.Artifact, a})
		}
	}
}

// deletion is Sysmon 23 or 26.
type deletion struct {
	timeline.Event
	guid   winid.GUID
	pid    uint32
	image  string
	hashes string
}

// logoff is 4634 or 4647.
type logoff struct {
	timeline.Event
	logonID uint64
}

// sessionEvent is what Terminal Services log of a session.
type sessionEvent struct {
	timeline.Event
	user    string
	session uint32 // 0 in 1149, which comes before there is one
	address string
}

// install is 7045 or 4697.
type install struct {
	timeline.Event
	name, command, account string
	sid                    string // of who installed it; 4697 only, as the LogonId
	logonID                uint64
}

// indexed lists the kinds of event that an index takes in.
var indexed = []timeline.Kind{
	timeline.FileCreatedByProcess, timeline.FileTimeChanged, timeline.FileDeleted, timeline.FileMarked, timeline.StreamCreated,
	timeline.ProcessStarted, timeline.ProcessEnded, timeline.NetworkConnected,
	timeline.Logon, timeline.Logoff, timeline.UserCreated,
	timeline.RDPAuthenticated, timeline.RDPLogon, timeline.RDPLogoff, timeline.RDPDisconnected, timeline.RDPReconnected,
	timeline.ServiceInstalled, timeline.TaskRegistered, timeline.RegistryValueSet,
	timeline.LogCleared, timeline.LogRecord,
}

// newIndex takes in events in order of time.
func newIndex(events func(func(timeline.Event) bool), drive string) *index {
	ix := &index{
		seen:      map[string]int{},
		byLogon:   map[uint64][]int{},
		logoffs:   map[uint64][]logoff{},
		accountOf: map[string]knownAccount{},
		processes: processes{byGUID: map[winid.GUID]*process{}, byPID: map[pidInBoot][]*process{}},
	}
	ix.processes.boots = &ix.boots
	var started []*process
	var ended []timeline.Event
	var marks []bootMark
	for e := range events {
		if t, ok := e.Data.(evtx.TypedEvent); ok {
			ix.seen[t.Kind()]++
		}
		if m, ok := bootMarkOf(&e); ok {
			marks = append(marks, m)
		}
		switch d := e.Data.(type) {
		case *evtx.Sysmon1:
			started = append(started, fromSysmon(&e, d, drive))
		case *evtx.Security4688:
			started = append(started, fromAudit(&e, d, drive))
			ix.name(&e, d.SubjectUserSid, d.SubjectDomainName, d.SubjectUserName)
		case *evtx.Sysmon5, *evtx.Security4689:
			ended = append(ended, e)
		default:
			ix.take(&e)
		}
	}
	ix.boots = newBoots(marks)
	for _, p := range started {
		ix.processes.add(p)
	}
	for _, e := range ended {
		switch d := e.Data.(type) {
		case *evtx.Sysmon5:
			ix.processes.end(d.ProcessGuid, d.ProcessId, e.Time)
		case *evtx.Security4689:
			ix.processes.end(winid.GUID{}, uint32(d.ProcessId), e.Time)
		}
	}
	ix.processes.limit()
	return ix
}

// take keeps an event of any other kind.
func (ix *index) take(e *timeline.Event) {
	switch d := e.Data.(type) {
	case *evtx.Sysmon2:
		ix.retimes = append(ix.retimes, entry[*evtx.Sysmon2]{*e, d})
	case *evtx.Sysmon3:
		ix.connects = append(ix.connects, entry[*evtx.Sysmon3]{*e, d})
	case *evtx.Sysmon11:
		ix.creates = append(ix.creates, entry[*evtx.Sysmon11]{*e, d})
	case *evtx.Sysmon13:
		ix.values = append(ix.values, entry[*evtx.Sysmon13]{*e, d})
	case *evtx.Sysmon15:
		ix.streams = append(ix.streams, entry[*evtx.Sysmon15]{*e, d})
	case *evtx.Sysmon23:
		ix.deletes = append(ix.deletes, deletion{*e, d.ProcessGuid, d.ProcessId, d.Image, d.Hashes})
	case *evtx.Sysmon26:
		ix.deletes = append(ix.deletes, deletion{*e, d.ProcessGuid, d.ProcessId, d.Image, d.Hashes})
	case *evtx.Security4624:
		ix.byLogon[d.TargetLogonId] = append(ix.byLogon[d.TargetLogonId], len(ix.logons))
		ix.logons = append(ix.logons, entry[*evtx.Security4624]{*e, d})
		ix.name(e, d.TargetUserSid, d.TargetDomainName, d.TargetUserName)
	case *evtx.Security4634:
		ix.logoffs[d.TargetLogonId] = append(ix.logoffs[d.TargetLogonId], logoff{*e, d.TargetLogonId})
	case *evtx.Security4647:
		ix.logoffs[d.TargetLogonId] = append(ix.logoffs[d.TargetLogonId], logoff{*e, d.TargetLogonId})
	case *evtx.Security4697:
		ix.installs = append(ix.installs, install{*e, d.ServiceName, d.ServiceFileName, d.ServiceAccount, d.SubjectUserSid, d.SubjectLogonId})
		ix.name(e, d.SubjectUserSid, d.SubjectDomainName, d.SubjectUserName)
	case *evtx.Security4698:
		ix.tasks = append(ix.tasks, entry[*evtx.Security4698]{*e, d})
	case *evtx.Security4720:
		ix.name(e, d.TargetSid, d.TargetDomainName, d.TargetUserName)
	case *evtx.System7045:
		ix.installs = append(ix.installs, install{Event: *e, name: d.ServiceName, command: d.ImagePath, account: d.AccountName})
	case *evtx.RDP1149:
		ix.sessions = append(ix.sessions, sessionEvent{*e, account(d.Domain, d.User), 0, remote(d.Address)})
	case *evtx.RDP21:
		ix.sessions = append(ix.sessions, sessionEvent{*e, d.User, d.SessionID, remote(d.Address)})
	case *evtx.RDP23:
		ix.sessions = append(ix.sessions, sessionEvent{*e, d.User, d.SessionID, ""})
	case *evtx.RDP24:
		ix.sessions = append(ix.sessions, sessionEvent{*e, d.User, d.SessionID, remote(d.Address)})
	case *evtx.RDP25:
		ix.sessions = append(ix.sessions, sessionEvent{*e, d.User, d.SessionID, remote(d.Address)})
	case *evtx.Event:
		if s, ok := clockStepOf(e, d); ok {
			ix.steps = append(ix.steps, s)
		}
	case *timeline.Zone:
		ix.marks = append(ix.marks, entry[*timeline.Zone]{*e, d})
	}
	if e.Kind == timeline.LogCleared {
		ix.cleared = append(ix.cleared, *e)
	}
}

// name notes that a record names an account together with its SID.
func (ix *index) name(e *timeline.Event, sid, domain, user string) {
	sid = undash(sid)
	if _, known := ix.accountOf[sid]; known || sid == "" || sid == nullSID {
		return
	}
	if name := account(domain, user); name != "" {
		ix.accountOf[sid] = knownAccount{name, cite(e, "SID", sid, "account", name)}
	}
}

// sidOf returns the SID of an account by the records that name both, "" where
// none does, or where two SIDs have that name.
func (ix *index) sidOf(name string) (sid string, record Citation) {
	for s, a := range ix.accountOf {
		if !winpath.SameName(a.name, name) {
			continue
		}
		if sid != "" {
			return "", Citation{}
		}
		sid, record = s, a.record
	}
	return sid, record
}

// logonAt returns the session that a LogonId named at a time: the one whose
// logon was logged last before, in the same boot.
func (ix *index) logonAt(id uint64, at time.Time) *entry[*evtx.Security4624] {
	for _, i := range slices.Backward(ix.byLogon[id]) {
		l := &ix.logons[i]
		// A process may be logged a moment before the logon that it runs under.
		if l.Time.After(at.Add(sameStart)) {
			continue
		}
		if !ix.boots.same(l.Time, at) {
			return nil
		}
		return l
	}
	return nil
}

// logoffOf returns the end of a session, nil where none was logged in its boot.
func (ix *index) logoffOf(id uint64, logon time.Time) *logoff {
	list := ix.logoffs[id]
	i, _ := slices.BinarySearchFunc(list, logon, func(o logoff, at time.Time) int { return o.Time.Compare(at) })
	if i == len(list) || !ix.boots.same(logon, list[i].Time) {
		return nil
	}
	return &list[i]
}

// remote returns the address of a client, "" for a session at the machine itself.
func remote(address string) string {
	if strings.EqualFold(address, "LOCAL") {
		return ""
	}
	return undash(address)
}
