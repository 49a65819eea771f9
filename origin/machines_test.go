package origin_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// The places that the machines have in common.
const (
	system32   = `C:\Windows\System32\`
	logFolder  = "Windows/System32/winevt/Logs/"
	hiveFolder = "Windows/System32/config/"
	shell      = system32 + "cmd.exe"
	powershell = system32 + `WindowsPowerShell\v1.0\powershell.exe`
	explorer   = `C:\Windows\explorer.exe`
	services   = system32 + "services.exe"
	svchost    = system32 + "svchost.exe"
	workerW3   = system32 + `inetsrv\w3wp.exe`
)

// clock is a time on the day of the machines, or on another that the text names.
func clock(text string) time.Time {
	if !strings.Contains(text, " ") {
		text = "2026-03-02 " + text
	}
	t, err := time.Parse("2006-01-02 15:04:05.9999999", text)
	if err != nil {
		panic(err)
	}
	return t
}

// who is an account with one of its sessions.
type who struct {
	domain, name, sid string
	logon             uint64
}

func (a who) String() string { return a.domain + `\` + a.name }

// in is the account in another session.
func (a who) in(logon uint64) who { a.logon = logon; return a }

const (
	localSID  = "S-1-5-21-3000-3100-3200-"
	domainSID = "S-1-5-21-4000-4100-4200-"
)

// The accounts that the machines have in common.
var (
	system  = who{"NT AUTHORITY", "SYSTEM", "S-1-5-18", 0x3e7}
	network = who{"NT AUTHORITY", "NETWORK SERVICE", "S-1-5-20", 0x3e4}
	anna    = who{"CORP", "anna", domainSID + "1105", 0x51a2c}
	lee     = who{"CORP", "adm.lee", domainSID + "1150", 0x7f301}
	backup  = who{"CORP", "svc_backup", domainSID + "1201", 0x2b001}
	admins  = who{sid: "S-1-5-32-544"} // owns what members write with an elevated token
	portal  = who{"IIS APPPOOL", "Portal", "S-1-5-82-804347906-3255526606-2247985595-1028908625-2942376404", 0x6c0de}
)

// logCopy is a log at a path of its own, of the machine named.
type logCopy struct {
	path, computer string
	events         []evtx.TypedEvent
}

// forwarded is the log of events that another machine sent.
func forwarded(computer string, events ...evtx.TypedEvent) logCopy {
	return logCopy{logFolder + "ForwardedEvents.evtx", computer, events}
}

// hiveAt is a hive at its path.
type hiveAt struct {
	path string
	*registrytest.Hive
}

// on is a record that is logged at a time.
func on(when string, e evtx.TypedEvent) evtx.TypedEvent {
	e.Sys().TimeCreated = clock(when)
	return e
}

// box is a machine by the name in its logs, with what is on it in any order: files,
// records of its logs, copies of logs, and hives. The logs are of the whole day.
func box(computer string, parts ...any) world {
	w := world{computer: computer, logs: map[string][]evtx.TypedEvent{}}
	var add func(any)
	put := func(log, computer string, e evtx.TypedEvent) {
		e = evtx.Clone(e) // machines share records
		e.Sys().Computer = cmp.Or(e.Sys().Computer, computer)
		w.logs[log] = append(w.logs[log], e)
	}
	add = func(part any) {
		switch p := part.(type) {
		case change:
			w.journal = append(w.journal, p)
		case mfttest.File:
			w.files = append(w.files, p)
		case evtx.TypedEvent:
			put(logPath(p), computer, p)
		case logCopy:
			for _, e := range p.events {
				put(p.path, p.computer, e)
			}
		case mft.GUID:
			w.volumeID = p
		case hiveAt:
			data, err := p.Bytes()
			if err != nil {
				panic(err)
			}
			w.files = append(w.files, mfttest.File{Path: p.path, Data: data})
		case []any:
			for _, p := range p {
				add(p)
			}
		case nil:
		default:
			panic(fmt.Sprintf("a machine does not hold %T", part))
		}
	}
	add(parts)
	return w
}

// logPath is where Windows keeps the log of a record.
func logPath(e evtx.TypedEvent) string {
	made, err := evtx.EventOf(e)
	if err != nil {
		panic(err)
	}
	return logFolder + strings.ReplaceAll(made.Channel, "/", "%4") + ".evtx"
}

// logOf is a log of records, in order of time.
func logOf(t testing.TB, events []evtx.TypedEvent) []byte {
	t.Helper()
	events = slices.SortedStableFunc(slices.Values(events), func(a, b evtx.TypedEvent) int { return a.Sys().TimeCreated.Compare(b.Sys().TimeCreated) })
	var log evtxtest.Log
	for _, e := range events {
		if err := log.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	return log.Bytes()
}

// day is an ordinary day in the Security and System logs: the machine starts at six and
// runs until the evening. An administrator looks after it at noon, and an update is
// installed. Neither has to do with the subject.
func day() []any {
	honest := who{"CORP", "helpdesk", domainSID + "1300", 0x99001}
	return []any{
		on("06:00:00", &evtx.System12{MajorVersion: 10, BuildVersion: 20348, StartTime: clock("06:00:00")}), on("06:00:02", &evtx.Security4608{}), on("06:00:03", &evtx.System6005{}),
		signedOn("06:00:05", system, 5, "-", ""), signedOn("06:00:06", network, 5, "-", ""),
		signedOn("11:52:10", honest, 3, "10.0.0.9", "ADM09"), on("12:06:00", &evtx.Security4634{TargetUserSid: honest.sid, TargetUserName: honest.name, TargetDomainName: honest.domain, TargetLogonId: honest.logon, LogonType: 3}),
		on("19:59:00", &evtx.System6013{Uptime: "50340", TimeZone: "0 Coordinated Universal Time"}), signedOn("20:00:00", system, 5, "-", ""),
	}
}

// auditedDay is a day on which the start of processes is audited as well.
func auditedDay() []any {
	return append(day(),
		ran("06:00:04", 520, system32+"wininit.exe", "", 4, "System", system),
		ran("11:49:00", 7000, `C:\Windows\WinSxS\amd64_servicing\TiWorker.exe`, "TiWorker.exe -Embedding", 900, svchost, system), ended("12:10:00", 7000, `C:\Windows\WinSxS\amd64_servicing\TiWorker.exe`, system),
		ran("19:58:00", 7100, svchost, "svchost.exe -k wsappx", 700, services, system))
}

// born is a file that was created and written at a time.
func born(path, when string, owner who, streams ...mfttest.Stream) mfttest.File {
	return mfttest.File{Path: inVolume(path), Data: []byte("content of " + path[strings.LastIndexByte(path, '\\')+1:]), Times: mfttest.AllAt(clock(when)), Owner: owner.sid, Streams: streams}
}

// inVolume is a Windows path as a path of the volume.
func inVolume(path string) string { return strings.ReplaceAll(path[len(`C:\`):], `\`, "/") }

// marked is the mark of the web.
func marked(zone int, host, referrer string) mfttest.Stream {
	text := fmt.Sprintf("[ZoneTransfer]\r\nZoneId=%d\r\n", zone)
	if referrer != "" {
		text += "ReferrerUrl=" + referrer + "\r\n"
	}
	if host != "" {
		text += "HostUrl=" + host + "\r\n"
	}
	return mfttest.Stream{Name: "Zone.Identifier", Data: []byte(text)}
}

// signedOn is 4624.
func signedOn(when string, a who, kind winid.LogonType, address, workstation string) *evtx.Security4624 {
	e := &evtx.Security4624{SubjectUserSid: "S-1-0-0", TargetUserSid: a.sid, TargetUserName: a.name, TargetDomainName: a.domain, TargetLogonId: a.logon,
		LogonType: kind, WorkstationName: workstation, IpAddress: address}
	on(when, e)
	return e
}

// signedOff is 4634.
func signedOff(when string, a who, kind winid.LogonType) evtx.TypedEvent {
	return on(when, &evtx.Security4634{TargetUserSid: a.sid, TargetUserName: a.name, TargetDomainName: a.domain, TargetLogonId: a.logon, LogonType: kind})
}

// remoteDesktop is the chain of a logon by Remote Desktop: 1149, 21, and 4624 of type
// 10, in which the workstation is the server.
func remoteDesktop(when string, a who, address string, number uint32, server string) []any {
	t := clock(when)
	later := func(d time.Duration) string { return t.Add(d).Format("15:04:05.9999999") }
	return []any{
		on(when, &evtx.RDP1149{User: a.name, Domain: a.domain, Address: address}),
		signedOn(later(900*time.Millisecond), a, 10, address, server),
		on(later(1500*time.Millisecond), &evtx.RDP21{User: a.String(), SessionID: number, Address: address}),
	}
}

// ran is 4688 as Windows has logged it since 2016.
func ran(when string, pid uint64, image, line string, parent uint64, parentImage string, as who) *evtx.Security4688 {
	e := &evtx.Security4688{SubjectUserSid: as.sid, SubjectUserName: as.name, SubjectDomainName: as.domain, SubjectLogonId: as.logon,
		NewProcessId: pid, NewProcessName: image, TokenElevationType: "%%1936", ProcessId: parent, CommandLine: line, TargetUserSid: "S-1-0-0",
		ParentProcessName: parentImage, MandatoryLabel: "S-1-16-8192"}
	if as.sid == system.sid { // as the account of the machine
		e.SubjectUserName, e.SubjectDomainName, e.MandatoryLabel = "HOST$", "CORP", "S-1-16-16384"
	}
	on(when, e)
	return e
}

// under gives a process another account than that of its creator.
func under(e *evtx.Security4688, a who) *evtx.Security4688 {
	e.TargetUserSid, e.TargetUserName, e.TargetDomainName, e.TargetLogonId = a.sid, a.name, a.domain, a.logon
	return e
}

// ended is 4689.
func ended(when string, pid uint64, image string, as who) evtx.TypedEvent {
	return on(when, &evtx.Security4689{SubjectUserSid: as.sid, SubjectUserName: as.name, SubjectDomainName: as.domain, SubjectLogonId: as.logon, ProcessId: pid, ProcessName: image})
}

// shared is 5140 and 5145: a client opens a file of a share to write it.
func shared(when string, a who, address, share, local, name string) []any {
	const readControl, writeData = 0x120089, 0x12019f
	return []any{
		on(when, &evtx.Security5140{SubjectUserSid: a.sid, SubjectUserName: a.name, SubjectDomainName: a.domain, SubjectLogonId: a.logon, ObjectType: "File",
			IpAddress: address, IpPort: "50212", ShareName: `\\*\` + share, ShareLocalPath: `\??\` + local, AccessMask: 1, AccessList: "%%4416"}),
		on(when, &evtx.Security5145{SubjectUserSid: a.sid, SubjectUserName: a.name, SubjectDomainName: a.domain, SubjectLogonId: a.logon, ObjectType: "File",
			IpAddress: address, IpPort: "50212", ShareName: `\\*\` + share, ShareLocalPath: `\??\` + local, RelativeTargetName: name, AccessMask: writeData, AccessList: "%%4417"}),
	}
}

// accessed is 4663: a process uses the right to write a file.
func accessed(when string, a who, pid uint64, image, path string) evtx.TypedEvent {
	return on(when, &evtx.Security4663{SubjectUserSid: a.sid, SubjectUserName: a.name, SubjectDomainName: a.domain, SubjectLogonId: a.logon, ObjectServer: "Security", ObjectType: "File",
		ObjectName: path, HandleId: 0x1a4, AccessList: "%%4417", AccessMask: 2, ProcessId: pid, ProcessName: image})
}

// spawned is Sysmon 1.
func spawned(when string, n byte, image, line string, parent byte, parentImage string, as who) *evtx.Sysmon1 {
	e := &evtx.Sysmon1{ProcessGuid: guid(n), ProcessId: 100 + uint32(n), Image: image, CommandLine: line, User: as.String(), LogonId: as.logon,
		ParentProcessGuid: guid(parent), ParentProcessId: 100 + uint32(parent), ParentImage: parentImage}
	on(when, e)
	return e
}

// made is Sysmon 11 about a new file.
func made(when string, n byte, image, path string, as who) *evtx.Sysmon11 {
	t := clock(when)
	e := &evtx.Sysmon11{UtcTime: t.Truncate(time.Millisecond), ProcessGuid: guid(n), ProcessId: 100 + uint32(n), Image: image, TargetFilename: path,
		CreationUtcTime: t.Truncate(time.Millisecond), User: as.String()}
	on(when, e)
	return e
}

// dialled is Sysmon 3.
func dialled(when string, n byte, image, address string, port uint16) *evtx.Sysmon3 {
	e := &evtx.Sysmon3{ProcessGuid: guid(n), ProcessId: 100 + uint32(n), Image: image, Initiated: true, Protocol: "tcp", SourceIp: "10.0.0.40",
		DestinationIp: address, DestinationPort: port}
	on(when, e)
	return e
}

// sysmonDay is a day that Sysmon logs as well.
func sysmonDay() []any {
	return append(day(),
		spawned("06:00:04", 200, system32+"wininit.exe", "", 0, "", system), spawned("06:00:04.5", 201, services, "", 200, system32+"wininit.exe", system),
		spawned("11:50:00", 202, system32+"taskhostw.exe", "taskhostw.exe", 201, services, system), spawned("19:58:00", 203, svchost, "svchost.exe -k wsappx", 201, services, system))
}

// iis is a log of IIS with visitors all day, and these lines: time method path address status.
func iis(fields string, lines ...string) mfttest.File {
	log := "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: 2026-03-02 06:00:00\r\n#Fields: " + fields + "\r\n"
	for _, l := range lines {
		log += "2026-03-02 " + l + "\r\n"
	}
	return mfttest.File{Path: "inetpub/logs/LogFiles/W3SVC1/u_ex260302.log", Data: []byte(log), Times: mfttest.AllAt(clock("06:00:00"))}
}
