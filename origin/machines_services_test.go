package origin_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mplog"
	"github.com/birthmark-dfir/birthmark/mplog/mplogtest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// Machines on which a service of Windows did the work, and its own log records for whom.
func servants() []story {
	const (
		power  = system32 + `WindowsPowerShell\v1.0\powershell.exe`
		setup  = `C:\Users\anna\Downloads\setup.exe`
		worker = `C:\Program Files\Amazon\SSM\ssm-document-worker.exe`
		name   = "files.example.net"
	)
	console := signedOn("08:01:00", anna, 2, "127.0.0.1", "WS07")
	admin := signedOn("11:40:00", lee, 3, stranger, "-")
	file := born(tool, "12:00:00.2134567", lee)
	consumer := func(when, command string) evtx.TypedEvent {
		return on(when, &evtx.WMI5861{Namespace: `//./root/subscription`, Filter: "Upd", Consumer: `CommandLineEventConsumer="Upd"`,
			PossibleCause: `Binding EventFilter: instance of __EventFilter { Name = "Upd"; Query = "SELECT * FROM x"; }; Perm. Consumer: instance of CommandLineEventConsumer { CommandLineTemplate = "` +
				strings.ReplaceAll(command, `\`, `\\`) + `"; CreatorSID = {1, 5, 0}; Name = "Upd"; };`})
	}
	consumed := func(when, operation, command string) evtx.TypedEvent {
		return on(when, &evtx.Sysmon20{EventType: "WmiConsumerEvent", Operation: operation, User: lee.String(), Name: ` "Upd"`, Type: "Command Line", Destination: ` "` + strings.ReplaceAll(command, `\`, `\\`) + `"`})
	}
	filtered := func(when string, pid uint64) evtx.TypedEvent {
		return on(when, &evtx.Security5156{ProcessID: pid, Application: `\device\harddiskvolume3` + strings.ToLower(strings.TrimPrefix(tool, "C:")), Direction: "%%14593",
			SourceAddress: "10.0.0.40", SourcePort: "50310", DestAddress: stranger, DestPort: "443", Protocol: 6, LayerName: "%%14611"})
	}
	transfer := func(modified string) []any {
		return []any{
			on("11:58:31", &evtx.BITS3{JobTitle: "j1", JobId: guid(9), JobOwner: anna.String(), ProcessPath: power, JobProcessId: 4312}),
			on("11:59:59", &evtx.BITS59{TransferId: guid(8), JobTitle: "j1", JobId: guid(9), URL: depotURL, FileTime: clock("07:00:00"), FileLength: 19, BytesTotal: 19}),
			on("12:00:04", &evtx.BITS60{TransferId: guid(8), JobTitle: "j1", JobId: guid(9), URL: depotURL, FileTime: clock("07:00:00"), FileLength: 19, BytesTotal: 19, BytesTransferred: 19}),
			mfttest.File{Path: inVolume(tool), Data: []byte("content of tool.exe"), Owner: admins.sid,
				Times: mfttest.Times{Created: clock("12:00:00.2134567"), Modified: clock(modified), Changed: clock("12:00:05"), Accessed: clock("12:00:05")}},
		}
	}
	ranIn := func(when, payload string) evtx.TypedEvent {
		e := &evtx.PowerShell4103{ContextInfo: "Host Application = powershell.exe", Payload: payload}
		e.ProcessID, e.UserSID = 4312, anna.sid
		return on(when, e)
	}
	owned := "inferred sid=" + lee.sid
	const device, inDevice = `\Device\HarddiskVolume3`, `\ProgramData\Cache\tool.exe`
	protected := func(entries ...mplog.Entry) mfttest.File {
		return mfttest.File{Path: "ProgramData/Microsoft/Windows Defender/Support/MPLog-20260302-060000.log", Data: mplogtest.Log(entries...), Times: mfttest.AllAt(clock("06:00:00"))}
	}
	twice := func(parts ...any) world {
		return box("SRV02", sysmonDay(), spawned("07:59:00", 1, shell, "cmd.exe", 2, explorer, anna), made("08:00:00", 1, shell, tool, anna), file, parts)
	}
	appeared := "inferred time=2026-03-02T12:00:00.2134567Z"

	return []story{
		{"a consumer of WMI events starts it", box("SRV02", day(), file, consumer("12:04:00", tool+" -q")),
			tool, truth{origin.Appeared: appeared, origin.Account: owned, origin.Autostart: "inferred category=wmi | name=Upd | state=logged | role=starts"}},

		{"a consumer of WMI events that was removed", box("SRV02", sysmonDay(), file, consumed("12:04:00", "Created", tool), consumed("12:30:00", "Deleted", tool)),
			tool, truth{origin.Appeared: appeared, origin.Account: owned, origin.Autostart: "unknown category=wmi | name=Upd | state=removed"}},

		{"a consumer of WMI events deletes it", box("SRV02", day(), file, consumer("12:04:00", "cmd.exe /c del "+tool)),
			tool, truth{origin.Appeared: appeared, origin.Account: owned, origin.Autostart: "unknown"}},

		{"a BITS job, and the owner of the file is a group", box("WS07", day(), console, transfer("07:00:00")),
			tool, truth{
				origin.Appeared: appeared,
				origin.Writer:   "unknown image=" + svchost,
				origin.Account:  `corroborated user=CORP\anna | sid=` + anna.sid,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "unknown logon_id=0x51a2c | logon_type=2",
			}},

		{"a BITS job of as many bytes", box("WS07", day(), console, transfer("12:00:05")),
			tool, truth{
				origin.Appeared: appeared,
				origin.Account:  `unknown user=CORP\anna | sid=` + anna.sid,
				origin.Arrival:  "unknown kind=download | url=" + depotURL + " | address=" + depot,
			}},

		{"a command of Systems Manager", box("WEB01", auditedDay(),
			ran("11:59:50", 5300, worker, worker, 5200, `C:\Program Files\Amazon\SSM\ssm-agent-worker.exe`, system),
			ran("11:59:58", 5400, power, "powershell.exe -c iwr "+depotURL+" -OutFile "+tool, 5300, worker, system),
			ended("12:00:01", 5400, power, system),
			born(tool, "12:00:00.2134567", system)),
			tool, truth{
				origin.Appeared: appeared,
				origin.Writer:   "inferred image=" + power + " | pid=5400",
				origin.Account:  `inferred user=NT AUTHORITY\SYSTEM | sid=S-1-5-18 | logon_id=0x3e7`,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "unknown logon_id=0x3e7 | logon_type=5",
			}},

		{"the writer asked DNS for a name", box("WS07", sysmonDay(), console,
			spawned("11:59:30", 1, setup, setup, 2, explorer, anna),
			on("11:59:59", &evtx.Sysmon22{ProcessGuid: guid(1), ProcessId: 101, QueryName: name, QueryStatus: "0", QueryResults: "type:  5 cdn.example.net;::ffff:" + depot + ";", Image: setup, User: anna.String()}),
			made("12:00:00.2134567", 1, setup, tool, anna), born(tool, "12:00:00.2134567", anna)),
			tool, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "recorded image=" + setup + " | pid=101",
				origin.Account:  `recorded user=CORP\anna | sid=` + anna.sid,
				origin.Arrival:  "inferred kind=download | address=" + depot,
				origin.Logon:    "recorded logon_id=0x51a2c | logon_type=2",
			}},

		{"the firewall logs what it connects to", box("SRV02", auditedDay(), file,
			under(ran("12:01:00", 6000, tool, tool, 700, services, system), lee), filtered("12:01:02", 6000)),
			tool, truth{
				origin.Appeared: appeared,
				origin.Account:  owned,
				origin.Executed: "recorded count=1 | pid=6000",
				origin.Reach:    "recorded address=" + stranger + " | port=443",
			}},

		{"the firewall logs what it connects to, and no log its start", box("SRV02", day(), file, filtered("12:01:02", 6000)),
			tool, truth{
				origin.Appeared: appeared,
				origin.Account:  owned,
				origin.Executed: "unknown proves=execution | time=2026-03-02T12:01:02Z",
				origin.Reach:    "inferred address=" + stranger + " | port=443",
			}},

		{"PowerShell logs what a module ran", box("WS07", day(), console,
			ranIn("12:00:03", "CommandInvocation(Invoke-WebRequest): \"Invoke-WebRequest\"\r\nParameterBinding(Invoke-WebRequest): name=\"Uri\"; value=\""+depotURL+
				"\"\r\nParameterBinding(Invoke-WebRequest): name=\"OutFile\"; value=\""+tool+"\"\r\n"),
			born(tool, "12:00:00.2134567", anna)),
			tool, truth{
				origin.Appeared: appeared,
				origin.Writer:   "inferred pid=4312",
				origin.Account:  `inferred user=CORP\anna | sid=` + anna.sid,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "inferred logon_id=0x51a2c | logon_type=2",
			}},

		{"the protection log of Defender has it, and nothing else", box("SRV02", day(), protected(
			mplog.Entry{Time: clock("12:00:01"), Kind: mplog.Blocked, Path: device + inDevice, Process: device + `\Windows\System32\certutil.exe`},
			mplog.Entry{Time: clock("12:01:00"), Kind: mplog.Impact, Process: "tool.exe", PID: 6000, Path: device + `\Data\x.db`},
			mplog.Entry{Time: clock("12:05:00"), Kind: mplog.Behavior, Process: device + inDevice, PID: 6000, Started: clock("12:01:00")}), file),
			tool, truth{
				origin.Appeared: appeared,
				origin.Writer:   "inferred image=" + system32 + "certutil.exe",
				origin.Account:  owned,
				origin.Executed: "inferred proves=execution | pid=6000 | time=2026-03-02T12:01:00Z",
			}},

		{"the protection log of Defender has its name", box("SRV02", day(), protected(
			mplog.Entry{Time: clock("12:01:00"), Kind: mplog.Impact, Process: "tool.exe", PID: 6000, Path: device + `\Data\x.db`}), file),
			tool, truth{origin.Appeared: appeared, origin.Account: owned, origin.Executed: "inferred proves=execution | pid=6000 | time=2026-03-02T12:01:00Z"}},

		{"the file is gone, and the protection log has its hash", box("SRV02", sysmonDay(), made("12:00:00.2134567", 1, shell, tool, lee), ran("12:01:00", 6000, tool, tool, 3100, explorer, lee), protected(
			mplog.Entry{Time: clock("12:00:01"), Kind: mplog.Query, Path: tool, SHA1: strings.Repeat("ab", 20), SHA256: strings.Repeat("cd", 32)})),
			tool, truth{
				origin.What:     "inferred sha256=" + strings.Repeat("cd", 32),
				origin.Appeared: "inferred time=2026-03-02T12:00:00.213Z",
				origin.Writer:   "recorded image=" + shell + " | pid=101",
				origin.Account:  `recorded user=CORP\adm.lee`,
				origin.Executed: "recorded count=1 | pid=6000",
			}},

		{"the file was deleted, and its clusters are free", box("SRV02", day(),
			mfttest.File{Path: inVolume(tool), Data: bytes.Repeat([]byte("t"), 40_000), Owner: lee.sid, Times: mfttest.AllAt(clock("12:00:00.2134567")), Deleted: true, Entry: 900}),
			tool, truth{
				origin.What:     "inferred sha256=" + fmt.Sprintf("%x", sha256.Sum256(bytes.Repeat([]byte("t"), 40_000))),
				origin.Appeared: appeared, origin.Account: owned,
			}},

		// An earlier file had the path, and a clock of that is in a log.
		{"a run before the creation that its name records", twice(spawned("09:00:00", 7, tool, tool, 2, explorer, lee)),
			tool, truth{origin.Appeared: "unknown", origin.Writer: "unknown", origin.Account: "unknown", origin.Executed: "unknown count=1"}},
		{"what a file with the path did before the creation that its name records", twice(dialled("09:00:00", 7, tool, stranger, 443)),
			tool, truth{origin.Appeared: "unknown", origin.Writer: "unknown", origin.Account: "unknown", origin.Executed: "unknown proves=execution", origin.Reach: "unknown port=443"}},
		{"a load before the creation that its name records", twice(on("09:00:00", &evtx.Sysmon7{ProcessGuid: guid(7), ProcessId: 107, Image: explorer, ImageLoaded: tool, User: lee.String()})),
			tool, truth{origin.Appeared: "unknown", origin.Writer: "unknown", origin.Account: "unknown", origin.Executed: "unknown proves=load"}},

		{"a task writes it and another starts it, by the log of the Task Scheduler", box("SRV02", day(), admin,
			on("11:59:52", &evtx.TaskScheduler106{TaskName: `\Get`, UserContext: lee.String()}),
			on("11:59:58", &evtx.TaskScheduler129{TaskName: `\Get`, Path: power, TaskProcessID: 5400, Priority: 16384}),
			on("11:59:58.1", &evtx.TaskScheduler100{TaskName: `\Get`, UserContext: `CORP\svc_backup`, InstanceId: guid(7)}),
			func() evtx.TypedEvent {
				e := &evtx.PowerShell4104{MessageNumber: 1, MessageTotal: 1, ScriptBlockText: "iwr " + depotURL + " -OutFile " + tool, ScriptBlockId: "6c0f1d5e-0000-4000-8000-000000000003"}
				e.ProcessID, e.UserSID = 5400, backup.sid
				return on("11:59:59", e)
			}(),
			on("12:01:00", &evtx.TaskScheduler129{TaskName: `\Run`, Path: tool, TaskProcessID: 5500, Priority: 16384}),
			on("12:01:00.1", &evtx.TaskScheduler100{TaskName: `\Run`, UserContext: `CORP\svc_backup`, InstanceId: guid(8)}),
			born(tool, "12:00:00.2134567", backup)),
			tool, truth{
				origin.Appeared: appeared,
				origin.Writer:   "inferred image=" + power + " | pid=5400",
				origin.Account:  `inferred user=CORP\svc_backup | sid=` + backup.sid,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "inferred logon_id=0x7f301 | logon_type=3 | address=" + stranger,
				origin.Executed: `recorded count=1 | pid=5500 | user=CORP\svc_backup`,
			}},
	}
}
