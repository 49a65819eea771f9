package origin

import (
	"iter"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

// machine is what the artifacts of a machine record, joined as far as possible
// without knowing the subject.
type machine struct {
	tl          *volumes // nil in tests without a volume
	drive       string   // of the subject's volume
	mftArtifact string   // "" if that volume has no $MFT
	logs

	boots     boots
	processes processes
	logons    logons
	sessions  sessions
	accounts  accounts
	steps     clockSteps

	creates  []entry[*evtx.Sysmon11]
	retimes  []entry[*evtx.Sysmon2]
	streams  []entry[*evtx.Sysmon15]
	connects []entry[*evtx.Sysmon3]
	values   []entry[*evtx.Sysmon13]
	deletes  []deletion
	installs []install
	tasks    []entry[*evtx.Security4698]
	cleared  []timeline.Event
	marks    []entry[*timeline.Zone]
	starts   []hiveAutostart
}

// hiveAutostart is an autostart in a hive.
type hiveAutostart struct {
	artifact string
	registry.Autostart
}

// deletion is Sysmon 23 or 26.
type deletion struct {
	timeline.Event
	guid   winid.GUID
	pid    uint32
	image  string
	hashes string
}

// install is 7045 or 4697.
type install struct {
	timeline.Event
	name, command, account string
	sid                    string // of the account that installed it; only in 4697, like the LogonId
	logonID                uint64
}

// joined lists the kinds of events that a machine collects.
var joined = []timeline.Kind{
	timeline.FileCreatedByProcess, timeline.FileTimeChanged, timeline.FileDeleted, timeline.FileMarked, timeline.StreamCreated,
	timeline.ProcessStarted, timeline.ProcessEnded, timeline.NetworkConnected,
	timeline.Logon, timeline.Logoff, timeline.UserCreated,
	timeline.RDPAuthenticated, timeline.RDPLogon, timeline.RDPLogoff, timeline.RDPDisconnected, timeline.RDPReconnected,
	timeline.ServiceInstalled, timeline.TaskRegistered, timeline.RegistryValueSet,
	timeline.LogCleared, timeline.LogRecord,
}

// newMachine joins what was collected from the volumes.
func newMachine(tl *volumes, drive string) *machine {
	m := &machine{tl: tl, drive: drive, logs: logs{tl.Coverage(), map[string]int{}}, accounts: accounts{}}
	m.processes = newProcesses(&m.boots)
	m.logons = newLogons(&m.boots)
	m.sessions = sessions{boots: &m.boots}
	m.takeEvents(tl.ByKind(joined...))
	m.takeHives(tl.Hives())
	m.accounts.takeProfiles(tl.Hives())
	for _, z := range tl.UndatedZones() {
		at := timeline.Source{Artifact: z.Artifact, Offset: -1, Type: timeline.TypeZone}
		m.marks = append(m.marks, entry[*timeline.Zone]{timeline.Event{Kind: timeline.FileMarked, Source: at}, z})
	}
	for _, c := range m.coverage {
		if c.Type == timeline.TypeMFT && c.State != timeline.Absent && m.mftArtifact == "" {
			m.mftArtifact = c.Artifact
		}
	}
	return m
}

// takeEvents collects events in order of time.
func (m *machine) takeEvents(events iter.Seq[timeline.Event]) {
	var started []*process
	var ended []timeline.Event
	var marks []bootMark
	for e := range events {
		if t, ok := e.Data.(evtx.TypedEvent); ok {
			m.seen[t.Kind()]++
		}
		if mark, ok := bootMarkOf(&e); ok {
			marks = append(marks, mark)
		}
		switch d := e.Data.(type) {
		case *evtx.Sysmon1:
			started = append(started, fromSysmon(&e, d, m.drive))
		case *evtx.Security4688:
			started = append(started, fromAudit(&e, d, m.drive))
			m.accounts.name(&e, d.SubjectUserSid, d.SubjectDomainName, d.SubjectUserName)
		case *evtx.Sysmon5, *evtx.Security4689:
			ended = append(ended, e)
		default:
			m.take(&e)
		}
	}
	m.boots = newBoots(marks)
	for _, p := range started {
		m.processes.add(p)
	}
	for _, e := range ended {
		switch d := e.Data.(type) {
		case *evtx.Sysmon5:
			m.processes.end(d.ProcessGuid, d.ProcessId, e.Time)
		case *evtx.Security4689:
			m.processes.end(winid.GUID{}, uint32(d.ProcessId), e.Time)
		}
	}
	m.processes.limit()
}

// takeHives collects the autostarts of hives. It does not use their events, because
// an autostart whose key has no time has no event.
func (m *machine) takeHives(hives []*timeline.Hive) {
	for _, h := range hives {
		for _, a := range h.Autostarts {
			m.starts = append(m.starts, hiveAutostart{h.Artifact, a})
		}
	}
}

// take keeps an event of any other kind.
func (m *machine) take(e *timeline.Event) {
	switch d := e.Data.(type) {
	case *evtx.Sysmon2:
		m.retimes = append(m.retimes, entry[*evtx.Sysmon2]{*e, d})
	case *evtx.Sysmon3:
		m.connects = append(m.connects, entry[*evtx.Sysmon3]{*e, d})
	case *evtx.Sysmon11:
		m.creates = append(m.creates, entry[*evtx.Sysmon11]{*e, d})
	case *evtx.Sysmon13:
		m.values = append(m.values, entry[*evtx.Sysmon13]{*e, d})
	case *evtx.Sysmon15:
		m.streams = append(m.streams, entry[*evtx.Sysmon15]{*e, d})
	case *evtx.Sysmon23:
		m.deletes = append(m.deletes, deletion{*e, d.ProcessGuid, d.ProcessId, d.Image, d.Hashes})
	case *evtx.Sysmon26:
		m.deletes = append(m.deletes, deletion{*e, d.ProcessGuid, d.ProcessId, d.Image, d.Hashes})
	case *evtx.Security4624:
		m.logons.take(e, d)
		m.accounts.name(e, d.TargetUserSid, d.TargetDomainName, d.TargetUserName)
	case *evtx.Security4634:
		m.logons.takeOff(e, d.TargetLogonId)
	case *evtx.Security4647:
		m.logons.takeOff(e, d.TargetLogonId)
	case *evtx.Security4697:
		m.installs = append(m.installs, install{*e, d.ServiceName, d.ServiceFileName, d.ServiceAccount, d.SubjectUserSid, d.SubjectLogonId})
		m.accounts.name(e, d.SubjectUserSid, d.SubjectDomainName, d.SubjectUserName)
	case *evtx.Security4698:
		m.tasks = append(m.tasks, entry[*evtx.Security4698]{*e, d})
	case *evtx.Security4720:
		m.accounts.name(e, d.TargetSid, d.TargetDomainName, d.TargetUserName)
	case *evtx.System7045:
		m.installs = append(m.installs, install{Event: *e, name: d.ServiceName, command: d.ImagePath, account: d.AccountName})
	case *evtx.RDP1149:
		m.sessions.take(e, winid.Account(d.Domain, d.User), 0, remote(d.Address))
	case *evtx.RDP21:
		m.sessions.take(e, d.User, d.SessionID, remote(d.Address))
	case *evtx.RDP23:
		m.sessions.take(e, d.User, d.SessionID, "")
	case *evtx.RDP24:
		m.sessions.take(e, d.User, d.SessionID, remote(d.Address))
	case *evtx.RDP25:
		m.sessions.take(e, d.User, d.SessionID, remote(d.Address))
	case *evtx.System1, *evtx.Event:
		if s, ok := clockStepOf(e); ok {
			m.steps = append(m.steps, s)
		}
	case *timeline.Zone:
		m.marks = append(m.marks, entry[*timeline.Zone]{*e, d})
	}
	if e.Kind == timeline.LogCleared {
		m.cleared = append(m.cleared, *e)
	}
}
