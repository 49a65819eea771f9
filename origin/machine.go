package origin

import (
	"iter"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

// machine is what the artifacts of a machine record. Of the records that there may be
// millions of, it keeps only those that name the subject.
type machine struct {
	tl          *volumes // nil in tests without a volume
	about       *subject
	drive       string // of the subject's volume
	mftArtifact string // "" if that volume has no $MFT
	logs

	boots     boots
	processes processes
	logons    logons
	sessions  sessions
	accounts  accounts
	steps     clockSteps

	creates  []entry[*evtx.Sysmon11] // these five name the subject
	retimes  []entry[*evtx.Sysmon2]
	streams  []entry[*evtx.Sysmon15]
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
	timeline.ProcessStarted, timeline.ProcessEnded,
	timeline.Logon, timeline.Logoff, timeline.UserCreated,
	timeline.RDPAuthenticated, timeline.RDPLogon, timeline.RDPLogoff, timeline.RDPDisconnected, timeline.RDPReconnected,
	timeline.ServiceInstalled, timeline.TaskRegistered, timeline.RegistryValueSet,
	timeline.LogCleared, timeline.ClockChanged,
	timeline.MachineStarted, timeline.MachineStopped, timeline.MachineCrashed, timeline.MachineUp,
}

// newMachine joins what was collected from the volumes.
func newMachine(tl *volumes, drive string, about *subject) *machine {
	m := &machine{tl: tl, about: about, drive: drive, logs: logs{tl.Coverage(), map[string]int{}}, accounts: accounts{}}
	m.processes = newProcesses(&m.boots)
	m.logons = newLogons(&m.boots)
	m.sessions = sessions{boots: &m.boots}
	m.takeEvents(tl.Brief(joined...))
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
	var ended []processEnd
	var marks []bootMark
	texts := interner{}
	known := map[winid.GUID]bool{} // processes; a record may be in two logs
	for e := range events {
		if t, ok := e.Data.(evtx.TypedEvent); ok {
			m.seen[t.Kind()]++
		}
		if mark, ok := bootMarkOf(&e); ok {
			marks = append(marks, mark)
		}
		switch d := e.Data.(type) {
		case *evtx.Sysmon1:
			if !known[d.ProcessGuid] || d.ProcessGuid.IsZero() {
				known[d.ProcessGuid] = true
				started = append(started, fromSysmon(&e, texts.sysmon1(d), m.drive))
			}
		case *evtx.Security4688:
			started = append(started, fromAudit(&e, evtx.Clone(d).(*evtx.Security4688), m.drive))
			m.accounts.name(&e, d.SubjectUserSid, d.SubjectDomainName, d.SubjectUserName)
		case *evtx.Sysmon5:
			ended = append(ended, processEnd{d.ProcessGuid, d.ProcessId, e.Time})
		case *evtx.Security4689:
			ended = append(ended, processEnd{pid: uint32(d.ProcessId), at: e.Time})
		default:
			m.take(&e)
		}
	}
	m.boots = newBoots(marks)
	for _, p := range started {
		m.processes.add(p)
	}
	for _, e := range ended {
		m.processes.end(e.guid, e.pid, e.at)
	}
	m.processes.limit()
}

// processEnd is Sysmon 5 or 4689.
type processEnd struct {
	guid winid.GUID // zero in 4689
	pid  uint32
	at   time.Time
}

// interner keeps one copy of each text that many records have.
type interner map[string]string

func (in interner) text(s string) string {
	if known, ok := in[s]; ok {
		return known
	}
	s = strings.Clone(s)
	in[s] = s
	return s
}

// sysmon1 returns a copy of a record that shares no memory with others but that of
// equal texts.
func (in interner) sysmon1(d *evtx.Sysmon1) *evtx.Sysmon1 {
	c := *d
	for _, s := range [...]*string{
		&c.Provider, &c.Channel, &c.Computer, &c.UserSID, &c.RuleName, &c.Image, &c.FileVersion, &c.Description, &c.Product, &c.Company,
		&c.OriginalFileName, &c.CommandLine, &c.CurrentDirectory, &c.User, &c.IntegrityLevel, &c.Hashes,
		&c.ParentImage, &c.ParentCommandLine, &c.ParentUser,
	} {
		*s = in.text(*s)
	}
	return &c
}

// keep returns the entry of a record that shares no memory with others.
func keep[T evtx.TypedEvent](e *timeline.Event, d T) entry[T] {
	own := *e
	d = evtx.Clone(d).(T)
	own.Data = d
	return entry[T]{own, d}
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
		if m.about.named(d.TargetFilename) {
			m.retimes = append(m.retimes, keep(e, d))
		}
	case *evtx.Sysmon11:
		if m.about.named(d.TargetFilename) {
			m.creates = append(m.creates, keep(e, d))
		}
	case *evtx.Sysmon13:
		if m.about.named(d.Details) {
			m.values = append(m.values, keep(e, d))
		}
	case *evtx.Sysmon15:
		if m.about.named(d.TargetFilename) {
			m.streams = append(m.streams, keep(e, d))
		}
	case *evtx.Sysmon23:
		if m.about.named(d.TargetFilename) {
			k := keep(e, d)
			m.deletes = append(m.deletes, deletion{k.Event, d.ProcessGuid, d.ProcessId, k.data.Image, k.data.Hashes})
		}
	case *evtx.Sysmon26:
		if m.about.named(d.TargetFilename) {
			k := keep(e, d)
			m.deletes = append(m.deletes, deletion{k.Event, d.ProcessGuid, d.ProcessId, k.data.Image, k.data.Hashes})
		}
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
	case *evtx.System1, *evtx.Security4616:
		if s, ok := clockStepOf(e); ok {
			m.steps = append(m.steps, s)
		}
	case *timeline.Zone:
		m.marks = append(m.marks, entry[*timeline.Zone]{*e, d})
	}
	if e.Kind == timeline.LogCleared {
		if d, ok := e.Data.(evtx.TypedEvent); ok {
			e.Message = evtx.Describe(d)
		}
		m.cleared = append(m.cleared, *e)
	}
}
