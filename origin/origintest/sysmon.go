package origintest

import (
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// sysmon is the log of Sysmon.
func (b *build) sysmon() *logFile {
	l := &logFile{firstRecord: 90_551, process: 2648, thread: 3420, user: localSystem.sid}
	// Sysmon writes a record a moment after the event.
	sys := func(when time.Time) (evtx.System, time.Time) {
		return l.system(when.Add(1200 * time.Microsecond)), when.Truncate(time.Millisecond)
	}
	for i := range b.processes {
		p := &b.processes[i]
		parent := b.processes.at(p.parent, at(p.start))
		program := b.programs[p.image]
		v := &program.version
		s, when := sys(at(p.start))
		e := &evtx.Sysmon1{
			System: s, UtcTime: when, ProcessGuid: p.guid(), ProcessId: p.pid, Image: p.image,
			FileVersion: v.FileVersion, Description: v.FileDescription, Product: v.ProductName, Company: v.CompanyName,
			OriginalFileName: v.OriginalFilename, CommandLine: p.line, CurrentDirectory: system32,
			User: p.user.String(), LogonGuid: logonGUID(p.logon, when), LogonId: p.logon, TerminalSessionId: p.session, IntegrityLevel: "High", Hashes: program.hashes(),
			ParentProcessGuid: parent.guid(), ParentProcessId: p.parent, ParentImage: parent.image, ParentCommandLine: parent.line, ParentUser: parent.user.String(),
		}
		if p.user == localSystem {
			e.IntegrityLevel = "System"
		}
		if unlogged[p.parent] != "" { // Sysmon knows only the number of a process that has ended
			e.ParentProcessGuid, e.ParentImage, e.ParentUser = evtx.GUID{}, "", ""
		}
		l.add(e)
		if p.end != "" {
			s, when := sys(at(p.end))
			l.add(&evtx.Sysmon5{System: s, UtcTime: when, ProcessGuid: p.guid(), ProcessId: p.pid, Image: p.image, User: p.user.String()})
		}
	}
	by := func(pid uint32, when time.Time) *process { return b.processes.at(pid, when) }

	for _, c := range []struct {
		pid  uint32
		path string
		when time.Time
	}{
		{6300, installer, at("13:14:02.1187730")},
		{6412, backup, at("13:20:31.5529014")},
		{5532, subject, created},
		{5532, companion, companionCreated},
	} {
		s, when := sys(c.when)
		p := by(c.pid, c.when)
		l.add(&evtx.Sysmon11{System: s, UtcTime: when, ProcessGuid: p.guid(), ProcessId: p.pid, Image: p.image,
			TargetFilename: c.path, CreationUtcTime: when, User: p.user.String()})
	}
	for _, m := range []struct {
		pid            uint32
		path, contents string
		when           time.Time
	}{
		{6300, installer, installerMark, at("13:14:02.3010000")},
		{5532, subject, subjectMark, at("13:42:09.2310000")},
	} {
		s, when := sys(m.when)
		p := by(m.pid, m.when)
		l.add(&evtx.Sysmon15{System: s, UtcTime: when, ProcessGuid: p.guid(), ProcessId: p.pid, Image: p.image,
			TargetFilename: m.path + ":Zone.Identifier", CreationUtcTime: when, Hash: b.programs[m.path].hashes(), Contents: m.contents, User: p.user.String()})
	}
	stomps := []struct {
		path   string
		before time.Time
		when   string
	}{{companion, companionCreated, "13:43:31.602"}}
	if b.stomped {
		stomps = append(stomps, struct {
			path   string
			before time.Time
			when   string
		}{subject, created, "13:43:31.655"})
	}
	for _, c := range stomps {
		s, when := sys(at(c.when))
		p := by(5760, when)
		l.add(&evtx.Sysmon2{System: s, UtcTime: when, ProcessGuid: p.guid(), ProcessId: p.pid, Image: p.image, TargetFilename: c.path,
			CreationUtcTime: stomped, PreviousCreationUtcTime: c.before.Truncate(time.Millisecond), User: p.user.String()})
	}
	for _, v := range []struct {
		when, target, details string
		pid                   uint32
	}{
		{"13:54:05.309", `HKLM\System\CurrentControlSet\Services\SQLServerSvc\ImagePath`, subject, 700},
		{"13:55:12.300", `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run\SQLServerUpdate`, subject, 7244},
	} {
		s, when := sys(at(v.when))
		p := by(v.pid, when)
		l.add(&evtx.Sysmon13{System: s, EventType: "SetValue", UtcTime: when, ProcessGuid: p.guid(), ProcessId: p.pid, Image: p.image,
			TargetObject: v.target, Details: v.details, User: p.user.String()})
	}
	for _, c := range []struct {
		when        string
		pid         uint32
		address     string
		port, local uint16
	}{
		{"13:12:50.010", 6300, "192.0.2.44", 443, 50122},
		{"13:42:08.871", 5532, depotIP, 80, 50310},
		{"22:04:09.204", 2216, depotIP, 443, 49688},
	} {
		s, when := sys(at(c.when))
		p := by(c.pid, when)
		l.add(&evtx.Sysmon3{System: s, UtcTime: when, ProcessGuid: p.guid(), ProcessId: p.pid, Image: p.image, User: p.user.String(), Protocol: "tcp",
			Initiated: true, SourceIp: serverIP, SourceHostname: computer, SourcePort: c.local, DestinationIp: c.address,
			DestinationPort: c.port, DestinationPortName: portNames[c.port]})
	}
	return l
}

// portNames are the names of ports that Sysmon logs.
var portNames = map[uint16]string{80: "http", 443: "https"}

// logonGUID is the LogonGuid that Sysmon gives the session with a LogonId at a time: of
// the machine, the start of the session and its LogonId.
func logonGUID(id uint64, when time.Time) evtx.GUID {
	start := at("04:00:11") // of the sessions of the system, which nothing records
	if !when.Before(restarted) {
		start = restarted.Add(time.Second)
	}
	for _, in := range logons {
		if in.id == id && !at(in.when).After(when) && at(in.when).Before(restarted) == when.Before(restarted) {
			start = at(in.when)
		}
	}
	return sysmonGUID(start, id)
}
