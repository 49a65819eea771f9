package origintest

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
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

// A logFile is an event log to be written. The events are of one machine, whose
// program writes them all unless they say otherwise.
type logFile struct {
	firstRecord     uint64
	process, thread uint32 // that write
	user            string // SID of the account that writes, or ""
	events          []any
}

// system is what an event of the log has in its System besides what its kind has.
func (l *logFile) system(when time.Time) evtx.System {
	return evtx.System{TimeCreated: when, ProcessID: l.process, ThreadID: l.thread, Computer: computer, UserSID: l.user}
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

// A logon of the day.
type logon struct {
	when, end         string
	user              account
	id                uint64
	kind              winid.LogonType
	address, from     string // address is "" for a local logon
	session           uint32 // of Terminal Services, 0 without one
	process           string
	authenticatedLead time.Duration
}

var logons = []logon{
	{"04:02:11.391", "", portalAdmin, poolLogon, 4, "", computer, 0, system32 + "svchost.exe", 0},
	{"13:10:22.804", "14:30:01.340", svcAdmin, adminLogon, 10, adminIP, computer, 2, system32 + "svchost.exe", 2 * time.Second},
	{"13:52:16.551", "14:10:31.902", portalAdmin, rdpLogon, 10, strangerIP, computer, 3, system32 + "svchost.exe", 3 * time.Second},
	{"22:05:30.966", "", portalAdmin, poolLogonB, 4, "", computer, 0, system32 + "svchost.exe", 0},
	{"22:20:05.218", "", svcAdmin, adminLogonB, 10, adminIP, computer, 2, system32 + "svchost.exe", 2 * time.Second},
}

// security is the Security log: logons, processes, the service.
func (b *build) security() *logFile {
	l := &logFile{firstRecord: 814_233, process: 716, thread: 764} // lsass.exe
	for _, boot := range []string{"04:00:12.001", "22:03:41.702"} {
		l.add(&evtx.Security4608{System: l.system(at(boot))})
	}
	for _, in := range logons {
		e := &evtx.Security4624{
			System: l.system(at(in.when)), SubjectUserSid: localSystem.sid, SubjectUserName: computer + "$", SubjectDomainName: workgroup, SubjectLogonId: systemLogon,
			TargetUserSid: in.user.sid, TargetUserName: in.user.name, TargetDomainName: in.user.domain, TargetLogonId: in.id, LogonType: in.kind,
			LogonProcessName: "Advapi  ", AuthenticationPackageName: "Negotiate", WorkstationName: in.from,
			ProcessId: 1020, ProcessName: in.process, IpAddress: in.address, ImpersonationLevel: "%%1833", VirtualAccount: "%%1843", ElevatedToken: "%%1842",
		}
		e.Version = 2 // that of Windows Server 2022
		if in.session != 0 {
			e.LogonProcessName, e.IpPort, e.RestrictedAdminMode = "User32 ", "0", "%%1843"
		}
		l.add(e)
		if in.end != "" {
			l.add(&evtx.Security4634{System: l.system(at(in.end)), TargetUserSid: in.user.sid, TargetUserName: in.user.name,
				TargetDomainName: in.user.domain, TargetLogonId: in.id, LogonType: in.kind})
		}
	}
	for i := range b.processes {
		if b.unaudited {
			break
		}
		p := &b.processes[i]
		start := at(p.start).Add(417 * time.Microsecond)
		parent := b.processes.at(p.parent, at(p.start))
		e := &evtx.Security4688{
			System: l.system(start), SubjectUserSid: p.user.sid, SubjectUserName: p.user.name, SubjectDomainName: p.user.domain, SubjectLogonId: p.logon,
			NewProcessId: uint64(p.pid), NewProcessName: p.image, TokenElevationType: "%%1936", ProcessId: uint64(p.parent), CommandLine: p.line,
			TargetUserSid: nullSID, ParentProcessName: parent.image, MandatoryLabel: highLabel,
		}
		e.ProcessID, e.ThreadID = kernel, 148
		if p.user == localSystem {
			e.MandatoryLabel = systemLabel
			// The Security log calls SYSTEM by the name of the machine.
			e.SubjectUserName, e.SubjectDomainName = computer+"$", workgroup
		} else if parent.user != p.user && unlogged[p.parent] == "" {
			e.SubjectUserSid, e.SubjectUserName, e.SubjectDomainName, e.SubjectLogonId = localSystem.sid, computer+"$", workgroup, systemLogon
			e.TargetUserSid, e.TargetUserName, e.TargetDomainName, e.TargetLogonId = nullSID, p.user.name, p.user.domain, p.logon
		}
		l.add(e)
		if p.end != "" {
			e := &evtx.Security4689{System: l.system(at(p.end).Add(300 * time.Microsecond)), SubjectUserSid: p.user.sid, SubjectUserName: p.user.name,
				SubjectDomainName: p.user.domain, SubjectLogonId: p.logon, ProcessId: uint64(p.pid), ProcessName: p.image}
			e.ProcessID, e.ThreadID = kernel, 148
			l.add(e)
		}
	}
	for _, s := range installedServices {
		l.add(&evtx.Security4697{System: l.system(at(s.when)), SubjectUserSid: s.by.sid, SubjectUserName: s.by.name, SubjectDomainName: s.by.domain,
			SubjectLogonId: s.logon, ServiceName: s.name, ServiceFileName: s.command, ServiceType: 0x10, ServiceStartType: 2, ServiceAccount: "LocalSystem",
			ClientProcessStartKey: boots<<48 | uint64(s.client), ClientProcessId: s.client, ParentProcessId: b.processes.at(s.client, at(s.when)).parent})
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
	e := &evtx.Security1102{System: l.system(when), SubjectUserSid: portalAdmin.sid, SubjectUserName: portalAdmin.name, SubjectDomainName: portalAdmin.domain, SubjectLogonId: 0xa30c55,
		ClientProcessId: 7904, ClientProcessStartKey: (boots+1)<<48 | 7904}
	e.ProcessID, e.ThreadID = eventLogService, 1932
	l.add(e)
}

// A service that was installed on the day.
type service struct {
	when, name, command string
	by                  account
	logon               uint64
	client              uint32 // PID of the process that asked for it
}

// boots is how often the machine had started, with the first start of the day.
const boots = 57

var installedServices = []service{
	{"13:25:07.801", "ExampleBackup", `"` + backup + `"`, svcAdmin, adminLogon, 6480},
	{"13:54:05.311", "SQLServerSvc", subject, portalAdmin, rdpLogon, 7220},
}

// system is the System log: starts and stops of the machine, and the services.
func (b *build) system() *logFile {
	l := &logFile{firstRecord: 20_417}
	kernel := func(when time.Time) evtx.System {
		s := l.system(when)
		s.ProcessID, s.ThreadID, s.UserSID = kernel, 8, localSystem.sid
		return s
	}
	for _, boot := range []string{"04:00:10.500", "22:03:40.500"} {
		start, logging := at(boot), at(boot).Add(3*time.Second)
		l.add(&evtx.System12{System: kernel(start), MajorVersion: 10, BuildVersion: windowsBuild, QfeVersion: windowsRevision, StartTime: start.Add(-130 * time.Millisecond)})
		l.add(&evtx.System6009{System: l.system(logging), WindowsVersion: "10.00.", Build: strconv.Itoa(windowsBuild), Processors: "Multiprocessor Free", Text4: "0"})
		l.add(&evtx.System6005{System: l.system(logging), Binary: systemTime(logging)})
	}
	l.add(&evtx.System6006{System: l.system(at("22:02:56.121")), Binary: []byte{0: 1, 7: 0}})
	l.add(&evtx.System13{System: kernel(at("22:02:58.470")), StopTime: at("22:02:58.470")})
	services := func(when time.Time, user string) evtx.System {
		s := l.system(when)
		s.ProcessID, s.ThreadID, s.UserSID = serviceManager, 1288, user
		return s
	}
	for _, s := range installedServices {
		l.add(&evtx.System7045{System: services(at(s.when).Add(4*time.Millisecond), s.by.sid), ServiceName: s.name, ImagePath: s.command,
			ServiceType: "user mode service", StartType: "auto start", AccountName: "LocalSystem"})
	}
	// The log continues until the image was taken.
	l.add(&evtx.System7036{System: services(at("23:30:00.114"), ""), Service: "Windows Update", State: "stopped", Binary: wtf8.Encode("wuauserv/1\x00")})
	return l
}

// systemTime is a time as the event log service adds it to the event of its start: a
// SYSTEMTIME in 24 bytes.
func systemTime(t time.Time) []byte {
	var b []byte
	for _, n := range []int{t.Year(), int(t.Month()), int(t.Weekday()), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond() / 1e6} {
		b = binary.LittleEndian.AppendUint16(b, uint16(n))
	}
	return append(b, make([]byte, 8)...)
}

// terminal are the two logs of Terminal Services.
func (b *build) terminal() (sessions, connections *logFile) {
	sessions = &logFile{firstRecord: 1_204, process: terminalService, thread: 2044, user: localSystem.sid}
	connections = &logFile{firstRecord: 566, process: terminalService, thread: 3112, user: networkService.sid}
	for _, in := range logons {
		if in.session == 0 {
			continue
		}
		when := at(in.when)
		connections.add(&evtx.RDP1149{System: connections.system(when.Add(-in.authenticatedLead)), User: in.user.name, Domain: "", Address: in.address})
		sessions.add(&evtx.RDP21{System: sessions.system(when.Add(900 * time.Millisecond)), User: in.user.String(), SessionID: in.session, Address: in.address})
		sessions.add(&evtx.RDP22{System: sessions.system(when.Add(3 * time.Second)), User: in.user.String(), SessionID: in.session, Address: in.address})
		if in.end != "" {
			end := at(in.end)
			sessions.add(&evtx.RDP23{System: sessions.system(end.Add(-200 * time.Millisecond)), User: in.user.String(), SessionID: in.session})
			sessions.add(&evtx.RDP24{System: sessions.system(end), User: in.user.String(), SessionID: in.session, Address: in.address})
		}
	}
	return sessions, connections
}

// volumePath turns a Windows path into a path in the volume.
func volumePath(path string) string {
	return strings.ReplaceAll(strings.TrimPrefix(path, `C:\`), `\`, "/")
}
