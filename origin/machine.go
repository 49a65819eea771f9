package origin

import (
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/detectionhistory"
	"github.com/birthmark-dfir/birthmark/ese/srum"
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/command"
	"github.com/birthmark-dfir/birthmark/mplog"
	"github.com/birthmark-dfir/birthmark/pca"
	"github.com/birthmark-dfir/birthmark/prefetch"
	"github.com/birthmark-dfir/birthmark/recyclebin"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

// machine is what the artifacts of a machine record. Of the records that there may be
// millions of, it keeps only those that name the subject.
type machine struct {
	tl          *volumes // nil in tests without a volume
	about       *subject
	subjects    []*subject // all that the records were collected for
	drive       string     // of the subject's volume
	addresses   []string   // of the machine, according to its hives
	sites       webSites
	asked       string // the name of the machine, if the caller gave it
	mftArtifact string // "" if that volume has no $MFT
	logs
	host  names
	paths environment // what paths mean in the commands of any account
	vars  variables   // what hives say of it

	elsewhere []timeline.Event   // records of other machines that name the subject
	ofFormer  map[recordKey]bool // records of a presumed former name

	boots     boots
	processes processes
	logons    logons
	sessions  sessions
	accounts  accounts
	domains   domains
	sam       localAccounts
	steps     clockSteps
	traces
	desk

	creates            []entry[*evtx.Sysmon11] // these five name the subject
	retimes            []entry[*evtx.Sysmon2]
	streams            []entry[*evtx.Sysmon15]
	values             []entry[*evtx.Sysmon13]
	deletes            []deletion
	accesses           []access
	installs           []install
	tasks              []entry[*evtx.Security4698]
	cleared            []timeline.Event
	marks              []entry[*timeline.Zone]
	starts             []hiveAutostart
	usual, ofOtherSets []*hiveAutostart // see takeFurther

	done         *deeds           // nil until findDeeds has read them
	askedFor     *ownRequests     // nil until they have been read
	transactions *operations      // read when a rule first asks for them
	changed      *changes         // read when a rule first asks for them
	order        *chronology      // the same
	started      *autostartsFound // nil until they have been searched for
	sighted      *[]sighting      // nil until they have been looked for
	inSlack      *[]oldName       // the same
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
	timeline.ServiceInstalled, timeline.ServiceState, timeline.TaskRegistered, timeline.TaskChanged, timeline.TaskStarted, timeline.RegistryValueSet,
	timeline.ShareAccessed, timeline.ObjectAccessed,
	timeline.PowerShellScript, timeline.WMISubscribed, timeline.BITSJob, timeline.BITSTransfer, timeline.PackageChanging, timeline.MalwareDetected, timeline.MalwareActed, timeline.ProgramRan, timeline.ProgramUsed, timeline.NetworkUsed, timeline.ServerAccessed, timeline.ProgramCached, timeline.ProgramSeen, timeline.ProgramRegistered, timeline.FirewallRuleHeld, timeline.CommandTyped, timeline.ShareMounted, timeline.FileInventoried, timeline.FileRecycled, timeline.FileOpened, timeline.FileLinked, timeline.FileScanned,
	timeline.LogCleared, timeline.ClockChanged,
	timeline.MachineRenamed, timeline.MachineStarted, timeline.MachineStopped, timeline.MachineCrashed, timeline.MachineUp,
}

// newMachine joins what was collected from the volumes, for the investigation of some
// files. Host names the machine, if the caller knows it.
func newMachine(tl *volumes, drive, host string, subjects ...*subject) *machine {
	m := &machine{tl: tl, asked: host, subjects: subjects, drive: drive, logs: logs{tl.Coverage(), map[string]int{}}, accounts: accounts{}, changed: &changes{}, transactions: &operations{}, order: &chronology{}, ofFormer: map[recordKey]bool{}}
	m.processes = newProcesses(&m.boots)
	m.logons = newLogons(&m.boots)
	m.sessions = sessions{boots: &m.boots}
	m.addresses = machineOf(tl.Hives(), m.sam.isForeign).Addresses
	m.takeEvents(tl.Brief(joined...), tl.Hives())
	m.takeHives(tl.Hives())
	m.takeFurther(tl)
	names := tl.AccountNames()
	m.sam.take(tl.Hives(), names, func(n *timeline.AccountName) (string, []Citation) { return m.accounts.otherDomain(n, &m.host) })
	m.accounts.takeNames(names, &m.sam)
	m.domains = domainsOf(tl.Hives())
	m.accounts.takeServices(m.starts)
	m.sites = webSites{tl.WebConfig(), drive}
	m.accounts.takePools(&m.sites)
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

// of returns the machine for the investigation of one of the files. All but what is
// about that file is shared.
func (m *machine) of(s *subject) *machine {
	c := *m
	c.about, c.done, c.askedFor, c.started, c.elsewhere, c.sighted, c.inSlack = s, nil, nil, nil, nil, nil, nil
	for i := range m.elsewhere {
		if d, ok := m.elsewhere[i].Data.(evtx.TypedEvent); ok && s.isSubject(fileIn(d)) {
			c.elsewhere = append(c.elsewhere, m.elsewhere[i])
		}
	}
	return &c
}

// isAny reports whether a path in a record is that of one of the files.
func (m *machine) isAny(path string) bool {
	return slices.ContainsFunc(m.subjects, func(s *subject) bool { return s.isSubject(path) })
}

// namesAny reports whether a text may name one of the files.
func (m *machine) namesAny(text string) bool {
	return len(m.subjects) == 0 || slices.ContainsFunc(m.subjects, func(s *subject) bool { return s.named(text) })
}

// takeEvents collects events in order of time. Which of them are records of this
// machine is known when all have been seen.
func (m *machine) takeEvents(events iter.Seq[timeline.Event], hives []*timeline.Hive) {
	var kept []timeline.Event
	var all computers
	var renames []rename
	texts := interner{}
	for e := range events {
		naming := m.keep(&e, texts)
		if d, ok := e.Data.(evtx.TypedEvent); ok {
			all.count(&e, d, naming)
			if d, ok := d.(*evtx.System6011); ok {
				renames = append(renames, rename{strings.Clone(d.OldName), strings.Clone(d.NewName), e.Time})
			}
		}
		if naming || !aboutFile[e.Kind] {
			kept = append(kept, e)
		}
	}
	m.host = newNames(m.asked, hives, all, renames, kept, m.subjects)
	m.vars = variablesIn(m.drive, hives)
	m.paths = m.environmentOf("", false)
	for _, s := range m.subjects {
		s.local = m.paths.Local
	}
	for _, c := range all.list {
		if m.host.of(c.name) == foreign {
			continue
		}
		for kind, n := range c.kinds {
			m.seen[kind] += n
		}
	}
	m.takeKept(kept)
}

// environmentOf returns the environment of commands that run for any account, or for
// the one that has a profile. A service has the profile of the system.
func (m *machine) environmentOf(profile string, service bool) environment {
	e := command.NewEnvironment(m.drive, m.host.list, m.addresses, profile, service)
	m.vars.give(&e, profile)
	return e
}

// maxElsewhere limits how many records of other machines are kept.
const maxElsewhere = 200

// takeKept joins the records of this machine. Those of others that name the subject
// are kept apart.
func (m *machine) takeKept(kept []timeline.Event) {
	var started []*process
	var ended []processEnd
	var marks []bootMark
	known := map[winid.GUID]bool{} // processes; a record may be in two logs
	for i := range kept {
		e := &kept[i]
		switch m.host.ofEvent(e) {
		case foreign:
			if d, ok := e.Data.(evtx.TypedEvent); ok && m.isAny(fileIn(d)) && len(m.elsewhere) < maxElsewhere {
				m.elsewhere = append(m.elsewhere, *e)
			}
			continue
		case former:
			m.ofFormer[recordOf(e)] = true
		}
		if mark, ok := bootMarkOf(e); ok {
			marks = append(marks, mark)
		}
		switch d := e.Data.(type) {
		case *evtx.Sysmon1:
			if !known[d.ProcessGuid] || d.ProcessGuid.IsZero() {
				known[d.ProcessGuid] = true
				started = append(started, fromSysmon(e, d, m.drive))
			}
		case *evtx.Security4688:
			started = append(started, fromAudit(e, d, m.drive))
			m.accounts.name(e, d.SubjectUserSid, d.SubjectDomainName, d.SubjectUserName)
		case *evtx.TaskScheduler129:
			started = append(started, fromTask(e, d, &m.paths))
		case *evtx.Sysmon5:
			ended = append(ended, processEnd{d.ProcessGuid, d.ProcessId, e.Time})
		case *evtx.Security4689:
			ended = append(ended, processEnd{pid: uint32(d.ProcessId), at: e.Time})
		default:
			m.take(e)
		}
	}
	m.boots = newBoots(marks)
	for _, p := range started {
		m.processes.add(p)
	}
	m.processes.nameTaskAccounts(m.taskLog)
	for _, e := range ended {
		m.processes.end(e.guid, e.pid, e.at)
	}
	m.processes.limit()
}

// A recordKey identifies a record of a log.
type recordKey struct{ artifact, record string }

func recordOf(e *timeline.Event) recordKey { return recordKey{e.Source.Artifact, e.Source.Record} }

// processEnd is Sysmon 5 or 4689.
type processEnd struct {
	guid winid.GUID // zero in 4689
	pid  uint32
	at   time.Time
}

// keep reports whether a record may name the subject. What is kept of the record
// shares no memory with others, which would live as long.
func (m *machine) keep(e *timeline.Event, texts interner) bool {
	switch d := e.Data.(type) {
	case *evtx.Sysmon1:
		e.Data = texts.sysmon1(d)
		return m.namesAny(fileIn(d))
	case *evtx.Security4688:
		e.Data = evtx.Clone(d)
		return m.namesAny(fileIn(d))
	case *prefetch.File:
		path, _ := d.Path()
		return m.namesAny(path) || m.namesAny(d.Executable) || m.isEntry(d.RefOf(path))
	case *detectionhistory.Detection:
		return slices.ContainsFunc(d.Resources, func(r detectionhistory.Resource) bool { return m.namesAny(r.Path) })
	case *recyclebin.Info:
		return m.namesAny(d.Path)
	case *timeline.Opening:
		return m.namesAny(d.Path) || m.isOpening(d)
	case *srum.Record:
		img, _ := d.App.Image()
		return m.namesAny(d.App.Path()) || m.namesAny(img.Name)
	case *mplog.Entry:
		return m.namesAny(d.Path) || m.namesAny(d.Process)
	case evtx.TypedEvent:
		if aboutFile[e.Kind] {
			if !m.namesAny(fileIn(d)) {
				return false
			}
			e.Data = evtx.Clone(d)
			return true
		}
	case nil, *registry.AmcacheFile, *registry.ShimCacheEntry, *registry.FirewallRule, *pca.Entry:
		return aboutFile[e.Kind] && (m.namesAny(e.Path) || m.namesAny(e.Field("Command")))
	}
	return false
}

// isEntry reports whether a reference is that of one of the files.
func (m *machine) isEntry(ref prefetch.Ref) bool {
	return ref != 0 && slices.ContainsFunc(m.subjects, func(s *subject) bool { return s.rec != nil && s.rec.Ref == refOf(ref) })
}

// isOpening reports whether a link has the entry or the object identifier of one of the files,
// or a jump list is that of one of them.
func (m *machine) isOpening(o *timeline.Opening) bool {
	item := o.Item()
	return slices.ContainsFunc(m.subjects, func(s *subject) bool {
		return item != nil && s.rec != nil && refOfItem(item) == s.rec.Ref || s.isTracked(o) || o.AppID != "" && s.hasAppID(o.AppID)
	})
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

// takeFurther collects the autostarts that may name one of the files at locations of which a
// hive has thousands that come with Windows, such as the COM classes of the machine, and in
// control sets that are not in use.
func (m *machine) takeFurther(tl *volumes) {
	if len(m.subjects) == 0 {
		return
	}
	wanted := func(a *registry.Autostart) bool {
		return a.Category != startupFolder && slices.ContainsFunc(m.subjects, func(s *subject) bool {
			return s.mayBeIn(a.Command) || s.mayBeIn(a.Path) || a.ServiceDll != "" && s.mayBeIn(a.ServiceDll) || a.FailureCommand != "" && s.mayBeIn(a.FailureCommand)
		})
	}
	m.usual = tl.filteredAutostarts((*timeline.Timeline).UsualAutostarts, wanted)
	m.ofOtherSets = tl.filteredAutostarts((*timeline.Timeline).AutostartsOfOtherSets, wanted)
}

// take keeps an event of any other kind.
func (m *machine) take(e *timeline.Event) {
	m.traces.take(e)
	m.desk.take(e)
	switch d := e.Data.(type) {
	case *evtx.Sysmon2:
		m.retimes = append(m.retimes, entry[*evtx.Sysmon2]{*e, d})
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
	case *evtx.Security4656, *evtx.Security4663:
		if a, ok := accessOf(m.drive, e); ok {
			m.accesses = append(m.accesses, a)
		}
	case *evtx.Security5145:
		if a, ok := accessOf(m.drive, e); ok {
			m.accesses = append(m.accesses, a)
			m.accounts.name(e, d.SubjectUserSid, d.SubjectDomainName, d.SubjectUserName)
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
	case *evtx.Security4702:
		m.tasks = append(m.tasks, entry[*evtx.Security4698]{*e, &evtx.Security4698{SubjectUserSid: d.SubjectUserSid, SubjectLogonId: d.SubjectLogonId,
			TaskName: d.TaskName, TaskContent: d.TaskContentNew}})
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
