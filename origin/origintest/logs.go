package origintest

import (
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/winid"
)

const (
	logFolder = "Windows/System32/winevt/Logs/"

	// The logs, as Sources names them.
	securityLog = logFolder + "Security.evtx"
	systemLog   = logFolder + "System.evtx"
	sysmonLog   = logFolder + "Microsoft-Windows-Sysmon%4Operational.evtx"
	sessionLog  = logFolder + "Microsoft-Windows-TerminalServices-LocalSessionManager%4Operational.evtx"
	remoteLog   = logFolder + "Microsoft-Windows-TerminalServices-RemoteConnectionManager%4Operational.evtx"
)

// A logFile is an event log to be written.
type logFile struct {
	provider, channel string
	guid              string
	firstRecord       uint64
	events            []any
}

// system is the System of an event of the log.
func (l *logFile) system(id uint16, version uint8, when time.Time) evtx.System {
	guid, err := winid.ParseGUID(strings.Trim(l.guid, "{}"))
	if err != nil {
		panic(err)
	}
	return evtx.System{
		Provider: l.provider, ProviderGUID: guid, EventID: id, Version: version, Level: 4, Keywords: 0x8000000000000000,
		TimeCreated: when, ProcessID: 888, ThreadID: 912, Channel: l.channel, Computer: computer,
	}
}

func (l *logFile) add(event any) { l.events = append(l.events, event) }

// bytes writes the log: its events in order of time, numbered without a gap.
func (l *logFile) bytes() ([]byte, error) {
	sys := func(e any) *evtx.System { return e.(interface{ Sys() *evtx.System }).Sys() }
	slices.SortStableFunc(l.events, func(a, b any) int { return sys(a).TimeCreated.Compare(sys(b).TimeCreated) })
	for i, e := range l.events {
		sys(e).RecordID = l.firstRecord + uint64(i)
	}
	return evtxtest.Bytes(l.events...)
}

// generic adds an event without a struct of its own.
func (l *logFile) generic(provider string, id uint16, when time.Time) {
	s := l.system(id, 0, when)
	if provider != "" {
		s.Provider, s.ProviderGUID = provider, evtx.GUID{}
	}
	l.add(&evtx.Event{System: s})
}

// A logon of the day.
type logon struct {
	when, end         string
	user              account
	id                uint64
	kind              winid.LogonType
	address, from     string // "-" for a local logon
	session           uint32 // of Terminal Services, 0 without one
	process           string
	authenticatedLead time.Duration
}

var logons = []logon{
	{"04:02:11.391", "", portalAdmin, poolLogon, 4, "-", computer, 0, system32 + "svchost.exe", 0},
	{"13:10:22.804", "14:30:01.340", svcAdmin, adminLogon, 10, adminIP, computer, 2, system32 + "svchost.exe", 2 * time.Second},
	{"13:52:16.551", "14:10:31.902", portalAdmin, rdpLogon, 10, strangerIP, computer, 3, system32 + "svchost.exe", 3 * time.Second},
	{"22:05:30.966", "", portalAdmin, poolLogonB, 4, "-", computer, 0, system32 + "svchost.exe", 0},
	{"22:20:05.218", "", svcAdmin, adminLogonB, 10, adminIP, computer, 2, system32 + "svchost.exe", 2 * time.Second},
}

// security is the Security log: logons, processes, the service.
func (b *build) security() *logFile {
	l := &logFile{"Microsoft-Windows-Security-Auditing", "Security", "{54849625-5478-4994-A5BA-3E3B0328C30D}", 814_233, nil}
	l.generic("", 4608, at("04:00:12.001"))
	l.generic("", 4608, at("22:03:41.702"))
	for _, in := range logons {
		l.add(&evtx.Security4624{
			System: l.system(4624, 2, at(in.when)), SubjectUserSid: "S-1-5-18", SubjectUserName: computer + "$", SubjectDomainName: "WORKGROUP", SubjectLogonId: systemLogon,
			TargetUserSid: in.user.sid, TargetUserName: in.user.name, TargetDomainName: in.user.domain, TargetLogonId: in.id, LogonType: in.kind,
			LogonProcessName: "User32 ", AuthenticationPackageName: "Negotiate", WorkstationName: in.from, TransmittedServices: "-", LmPackageName: "-",
			ProcessId: 1020, ProcessName: in.process, IpAddress: in.address, IpPort: "0", ImpersonationLevel: "%%1833", RestrictedAdminMode: "-",
			TargetOutboundUserName: "-", TargetOutboundDomainName: "-", VirtualAccount: "%%1843", ElevatedToken: "%%1842",
		})
		if in.end != "" {
			l.add(&evtx.Security4634{System: l.system(4634, 0, at(in.end)), TargetUserSid: in.user.sid, TargetUserName: in.user.name,
				TargetDomainName: in.user.domain, TargetLogonId: in.id, LogonType: in.kind})
		}
	}
	for i := range b.processes {
		p := &b.processes[i]
		start := at(p.start).Add(417 * time.Microsecond)
		parent := b.processes.at(p.parent, at(p.start))
		e := &evtx.Security4688{
			System: l.system(4688, 2, start), SubjectUserSid: p.user.sid, SubjectUserName: p.user.name, SubjectDomainName: p.user.domain, SubjectLogonId: p.logon,
			NewProcessId: uint64(p.pid), NewProcessName: p.image, TokenElevationType: "%%1936", ProcessId: uint64(p.parent), CommandLine: p.line,
			TargetUserSid: "S-1-0-0", TargetUserName: "-", TargetDomainName: "-", ParentProcessName: parent.image, MandatoryLabel: "S-1-16-12288",
		}
		if p.user == localSystem {
			// The Security log calls SYSTEM by the name of the machine.
			e.SubjectUserName, e.SubjectDomainName = computer+"$", "WORKGROUP"
		} else if parent.user != p.user && parent.image != "" {
			e.SubjectUserSid, e.SubjectUserName, e.SubjectDomainName, e.SubjectLogonId = "S-1-5-18", computer+"$", "WORKGROUP", systemLogon
			e.TargetUserSid, e.TargetUserName, e.TargetDomainName, e.TargetLogonId = "S-1-0-0", p.user.name, p.user.domain, p.logon
		}
		l.add(e)
		if p.end != "" {
			l.add(&evtx.Security4689{System: l.system(4689, 0, at(p.end).Add(300*time.Microsecond)), SubjectUserSid: p.user.sid, SubjectUserName: p.user.name,
				SubjectDomainName: p.user.domain, SubjectLogonId: p.logon, ProcessId: uint64(p.pid), ProcessName: p.image})
		}
	}
	for _, s := range services {
		l.add(&evtx.Security4697{System: l.system(4697, 0, at(s.when)), SubjectUserSid: s.by.sid, SubjectUserName: s.by.name, SubjectDomainName: s.by.domain,
			SubjectLogonId: s.logon, ServiceName: s.name, ServiceFileName: s.command, ServiceType: 0x10, ServiceStartType: 2, ServiceAccount: "LocalSystem"})
	}
	if b.cleared {
		l.clear(cleared)
	}
	return l
}

// clear removes from a log the events before a time, and adds the record of the
// account that cleared it.
func (l *logFile) clear(when time.Time) {
	n := len(l.events)
	l.events = slices.DeleteFunc(l.events, func(e any) bool { return e.(interface{ Sys() *evtx.System }).Sys().TimeCreated.Before(when) })
	l.firstRecord += uint64(n)
	s := l.system(1102, 0, when)
	s.Provider, s.ProviderGUID = "Microsoft-Windows-Eventlog", evtx.GUID{}
	l.add(&evtx.Security1102{System: s, SubjectUserSid: portalAdmin.sid, SubjectUserName: portalAdmin.name, SubjectDomainName: portalAdmin.domain, SubjectLogonId: 0xa30c55})
}

// A service that was installed on the day.
type service struct {
	when, name, command string
	by                  account
	logon               uint64
}

var services = []service{
	{"13:25:07.801", "ExampleBackup", `"` + backup + `"`, svcAdmin, adminLogon},
	{"13:54:05.311", "SQLServerSvc", subject, portalAdmin, rdpLogon},
}

// system is the System log: starts and stops of the machine, and the services.
func (b *build) system() *logFile {
	l := &logFile{"Service Control Manager", "System", "{555908D1-A6D7-4695-8E1E-26931D2012F4}", 20_417, nil}
	for _, boot := range []string{"04:00:10.500", "22:03:40.500"} {
		l.generic("Microsoft-Windows-Kernel-General", 12, at(boot))
		l.generic("EventLog", 6009, at(boot).Add(3*time.Second))
		l.generic("EventLog", 6005, at(boot).Add(3*time.Second))
	}
	l.generic("EventLog", 6006, at("22:02:56.121"))
	l.generic("Microsoft-Windows-Kernel-General", 13, at("22:02:58.470"))
	// The log continues until the image was taken.
	l.generic("", 7036, at("23:30:00.114"))
	for _, s := range services {
		l.add(&evtx.System7045{System: l.system(7045, 0, at(s.when).Add(4*time.Millisecond)), ServiceName: s.name, ImagePath: s.command,
			ServiceType: "user mode service", StartType: "auto start", AccountName: "LocalSystem"})
	}
	return l
}

// terminal are the two logs of Terminal Services.
func (b *build) terminal() (sessions, connections *logFile) {
	sessions = &logFile{"Microsoft-Windows-TerminalServices-LocalSessionManager", "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
		"{5D896912-022D-40AA-A3A8-4FA5515C76D7}", 1_204, nil}
	connections = &logFile{"Microsoft-Windows-TerminalServices-RemoteConnectionManager", "Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational",
		"{C76BAA63-AE81-421C-B425-340B4B24157F}", 566, nil}
	for _, in := range logons {
		if in.session == 0 {
			continue
		}
		when := at(in.when)
		connections.add(&evtx.RDP1149{System: connections.system(1149, 0, when.Add(-in.authenticatedLead)), User: in.user.name, Domain: "", Address: in.address})
		sessions.add(&evtx.RDP21{System: sessions.system(21, 0, when.Add(900*time.Millisecond)), User: in.user.String(), SessionID: in.session, Address: in.address})
		sessions.add(&evtx.RDP22{System: sessions.system(22, 0, when.Add(3*time.Second)), User: in.user.String(), SessionID: in.session, Address: in.address})
		if in.end != "" {
			end := at(in.end)
			sessions.add(&evtx.RDP23{System: sessions.system(23, 0, end.Add(-200*time.Millisecond)), User: in.user.String(), SessionID: in.session})
			sessions.add(&evtx.RDP24{System: sessions.system(24, 0, end), User: in.user.String(), SessionID: in.session, Address: in.address})
		}
	}
	return sessions, connections
}

// volumePath turns a Windows path into a path in the volume.
func volumePath(path string) string {
	return strings.ReplaceAll(strings.TrimPrefix(path, `C:\`), `\`, "/")
}
