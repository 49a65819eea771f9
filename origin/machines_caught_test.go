package origin_test

import (
	"bytes"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/cryptnet"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// Machines on which the evidence fits more than what happened.
func caught() []story {
	const curl, one, other = system32 + "curl.exe", "203.0.113.77", "203.0.113.99"
	const device = `\Device\HarddiskVolume7`
	console := signedOn("08:01:00", anna, 2, "127.0.0.1", "WEB01")
	elsewhere := device + tool[2:]
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
	byRecord := func(image string, more truth) truth {
		t := truth{
			origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
			origin.Writer:   "recorded image=" + image + " | pid=101",
			origin.Account:  `recorded user=CORP\anna | sid=` + anna.sid + ` | logon_id=0x51a2c`,
			origin.Logon:    "inferred logon_id=0x51a2c | logon_type=2",
		}
		for q, text := range more {
			t[q] = text
		}
		return t
	}
	// writes is a machine on which a process writes the file.
	writes := func(image, line string, more ...any) world {
		return box("WEB01", sysmonDay(), console, spawned("11:59:58", 1, image, line, 2, explorer, anna), made("12:00:00.2134567", 1, image, tool, anna),
			born(tool, "12:00:00.2134567", anna), more)
	}
	opened := func(when string, a who, pid uint64, image string) evtx.TypedEvent {
		return on(when, &evtx.Security4656{System: evtx.System{Keywords: 1 << 53}, SubjectUserSid: a.sid, SubjectUserName: a.name, SubjectDomainName: a.domain, SubjectLogonId: a.logon,
			ObjectServer: "Security", ObjectType: "File", ObjectName: tool, HandleId: 0x1a4, AccessMask: 2, ProcessId: pid, ProcessName: image})
	}
	toShare := func(a who, address string) []any {
		return []any{signedOn("11:59:50", a, 3, address, "-"), shared("12:00:00.2", a, address, "C$", `C:\`, `ProgramData\Cache\tool.exe`)}
	}
	cacheOf := func(size uint32, when string) mfttest.File {
		return mfttest.File{Path: "Users/anna/AppData/LocalLow/Microsoft/CryptnetUrlCache/MetaData/77EC", Data: cryptnet.Entry{URL: depotURL, Downloaded: clock(when), Size: size}.Bytes()}
	}
	history := func(written string, lines ...string) mfttest.File {
		return mfttest.File{Path: "Users/anna/AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/ConsoleHost_history.txt", Data: []byte(strings.Join(lines, "\r\n") + "\r\n"),
			Times: mfttest.AllAt(clock(written))}
	}
	moved := mfttest.AllAt(clock("12:00:00.2134567"))
	// A row of files that were created one after the other, with the subject among them.
	var row []any
	for i, when := range []string{"11:59:51", "11:59:52", "11:59:53", "11:59:54", "11:59:55", "11:59:56", "12:00:03", "12:00:04", "12:00:05"} {
		row = append(row, born(`C:\Data\`+string(rune('a'+i)), when+".5", backup))
	}
	sized := mfttest.File{Path: inVolume(tool), Data: bytes.Repeat([]byte("t"), 40_000), Owner: anna.sid, Times: mfttest.AllAt(clock("12:00:00.2134567"))}
	const fields = "date time s-ip cs-method cs-uri-stem s-port c-ip cs(User-Agent) sc-status cs-bytes time-taken"
	var polls, jobs []string
	for m := range 60 {
		when := clock("11:30:00").Add(time.Duration(m) * time.Minute).Format("15:04:05")
		polls = append(polls, when+" 10.0.4.15 POST /sync 443 10.0.0.7 agent 200 40210 1500")
		jobs = append(jobs, when+" 10.0.4.15 POST /sync 443 10.0.0.7 agent 200 300 1500")
	}
	visits := func(lines ...string) mfttest.File {
		return iis(fields, append(append([]string{"06:30:00 10.0.4.15 GET / 443 192.0.2.9 x 200 300 5"}, lines...), "19:50:00 10.0.4.15 GET / 443 192.0.2.9 x 200 300 5")...)
	}
	post := func(path, address, bytes string) string {
		return "12:00:01 10.0.4.15 POST " + path + " 443 " + address + " x 200 " + bytes + " 1500"
	}
	const broken = "12:00:01 10.0.4.15 POST"
	page := born(`C:\inetpub\wwwroot\files\x.aspx`, "12:00:00.2134567", portal)
	byPool := func(entry string) truth {
		return truth{
			origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.Account: `inferred user=IIS APPPOOL\Portal | sid=` + portal.sid,
			origin.WebEntry: entry, origin.Arrival: strings.NewReplacer("method=POST", "kind=web_upload").Replace(entry),
		}
	}
	bits := func(length uint64) evtx.TypedEvent {
		return on("11:59:59", &evtx.BITS59{TransferId: guid(8), JobTitle: "j1", JobId: guid(9), URL: depotURL, FileTime: clock("07:00:00"), FileLength: length, BytesTotal: length})
	}

	return []story{
		{"a run of the same path on a volume without a letter", writes(curl, "curl -o "+tool+" "+depotURL,
			spawned("13:00:00", 7, elsewhere, elsewhere, 2, explorer, lee)),
			tool, byRecord(curl, truth{origin.Arrival: "corroborated kind=download | url=" + depotURL + " | address=" + depot, origin.Executed: "unknown count=1"})},

		{"what the same path did on a volume without a letter", writes(curl, "curl -o "+tool+" "+depotURL,
			dialled("13:00:00", 7, elsewhere, other, 443)),
			tool, byRecord(curl, truth{origin.Arrival: "corroborated kind=download | url=" + depotURL + " | address=" + depot, origin.Executed: "unknown proves=execution", origin.Reach: "unknown port=443"})},

		{"two clients opened it on a share", box("WEB01", day(), toShare(lee, one), toShare(backup, other), born(tool, "12:00:00.2134567", admins)),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.Writer: "inferred image=System | pid=4",
				origin.Account: `inferred user=CORP\adm.lee | user=CORP\svc_backup | sid=` + lee.sid + " | sid=" + backup.sid,
				origin.Arrival: "inferred kind=smb | address=" + one + " | address=" + other, origin.Logon: "inferred logon_type=3",
			}},

		{"a client of a share whose logon is of before a gap", box("WEB01",
			logCopy{logFolder + "Archive-Security-2026-03-02-03-00-00-000.evtx", "WEB01", []evtx.TypedEvent{signedOn("02:00:00", lee, 3, one, "-")}},
			shared("12:00:00.2", lee, one, "C$", `C:\`, `ProgramData\Cache\tool.exe`), born(tool, "12:00:00.2134567", admins)),
			tool, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z", origin.Writer: "corroborated image=System | pid=4",
				origin.Account: `corroborated user=CORP\adm.lee | sid=` + lee.sid, origin.Arrival: "corroborated kind=smb | address=" + one,
				origin.Logon: "unknown logon_type=3 | address=" + one,
			}},

		{"a session of before a gap in the logs", box("WEB01", signedOn("02:00:00", anna, 2, "127.0.0.1", "WEB01"),
			spawned("11:59:58", 1, curl, "curl -o "+tool+" "+depotURL, 2, explorer, anna), made("12:00:00.2134567", 1, curl, tool, anna), born(tool, "12:00:00.2134567", anna)),
			tool, byRecord(curl, truth{origin.Arrival: "corroborated kind=download | url=" + depotURL + " | address=" + depot})},

		{"its entry is among those of its neighbours", box("WEB01", day(), console, row, born(`C:\ProgramData\Cache\old.dat`, "06:30:00.5", anna), born(tool, "12:00:00.2134567", anna)),
			tool, byOwner(nil)},

		{"a service that was installed from elsewhere writes it", box("WEB01", sysmonDay(), signedOn("11:50:00", lee, 3, one, "-"),
			on("11:50:05", &evtx.Security4697{SubjectUserSid: lee.sid, SubjectUserName: lee.name, SubjectDomainName: lee.domain, SubjectLogonId: lee.logon,
				ServiceName: "Deploy", ServiceFileName: `C:\Windows\deploy.exe`, ServiceType: 0x10, ServiceStartType: 3, ServiceAccount: "LocalSystem"}),
			spawned("11:50:06", 1, `C:\Windows\deploy.exe`, `C:\Windows\deploy.exe`, 201, services, system), made("12:00:00.2134567", 1, `C:\Windows\deploy.exe`, tool, system),
			born(tool, "12:00:00.2134567", admins)),
			tool, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z", origin.Writer: `recorded image=C:\Windows\deploy.exe | pid=101`,
				origin.Account: `recorded user=NT AUTHORITY\SYSTEM | sid=S-1-5-18`, origin.Arrival: `unknown kind=dropped | via=C:\Windows\deploy.exe`,
				origin.Logon: "inferred logon_type=3 | logon_type=5 | address=" + one,
			}},

		{"the service that starts it was running", box("SRV02", day(), born(tool, "12:00:00.2134567", admins),
			on("12:01:00", &evtx.System7045{ServiceName: "Cache", ImagePath: tool, ServiceType: "user mode service", StartType: "auto start", AccountName: "LocalSystem"}),
			on("11:00:00", &evtx.System7036{Service: "Cache Service", State: "running", Binary: wtf8.Encode("Cache/4\x00")}),
			on("12:01:02", &evtx.System7036{Service: "Cache-Dienst", State: "wird ausgeführt", Binary: wtf8.Encode("Cache/4\x00")}),
			on("12:05:00", &evtx.System7036{Service: "Cache-Dienst", State: "beendet", Binary: wtf8.Encode("Cache/1\x00")}),
			on("12:06:00", &evtx.System7036{Service: "Other", State: "running"})),
			tool, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.Account: "unknown sid=S-1-5-32-544",
				origin.Autostart: "inferred name=Cache", origin.Executed: "inferred time=2026-03-02T12:01:02Z | count=1",
			}},

		{"certutil's cache holds it", box("WEB01", day(), console, born(tool, "12:00:00.2134567", anna), cacheOf(19, "12:00:00.1"),
			mfttest.File{Path: "Users/anna/AppData/LocalLow/Microsoft/CryptnetUrlCache/Content/77EC", Data: []byte("content of tool.exe")}),
			tool, byOwner(truth{origin.Arrival: "corroborated kind=download | url=" + depotURL + " | address=" + depot})},
		{"a cache without its content", box("WEB01", day(), console, born(tool, "12:00:00.2134567", anna), cacheOf(19, "12:00:00.1")),
			tool, byOwner(truth{origin.Arrival: "inferred kind=download | url=" + depotURL + " | address=" + depot})},
		{"a cache of another content", box("WEB01", day(), console, born(tool, "12:00:00.2134567", anna), cacheOf(19, "12:00:00.1"),
			mfttest.File{Path: "Users/anna/AppData/LocalLow/Microsoft/CryptnetUrlCache/Content/77EC", Data: []byte("content of some.crl")}),
			tool, byOwner(nil)},

		{"a line in the history of PowerShell", box("WEB01", day(), console, born(tool, "12:00:00.2134567", anna),
			history("12:30:00", "Get-FileHash "+tool, "iwr -Uri "+depotURL+" -OutFile "+tool, "exit")),
			tool, byOwner(truth{origin.Arrival: "inferred kind=download | url=" + depotURL + " | address=" + depot})},
		{"a history of before", box("WEB01", day(), console, born(tool, "12:00:00.2134567", anna), history("11:30:00", "iwr -Uri "+depotURL+" -OutFile "+tool)),
			tool, byOwner(nil)},

		{"two files of that time are gone", box("WEB01", sysmonDay(), console,
			spawned("11:58:00", 1, curl, "curl", 2, explorer, anna), spawned("11:58:00", 3, explorer, explorer, 2, explorer, anna),
			made("12:00:00.2134567", 1, curl, `C:\ProgramData\Cache\x.tmp`, anna), made("12:00:00.2134567", 3, explorer, `C:\Users\anna\y.tmp`, anna),
			born(tool, "12:00:00.2134567", anna)),
			tool, byOwner(truth{origin.Writer: "unknown image=" + curl, origin.OriginalName: `unknown path=C:\ProgramData\Cache\x.tmp`, origin.Arrival: "unknown kind=none",
				origin.Companions: "unknown file=none"})},

		{"a mark of the intranet", box("WEB01", day(), console, born(tool, "12:00:00.2134567", anna, marked(1, "http://share.corp.example/tool.exe", ""))),
			tool, byOwner(truth{origin.Arrival: "inferred kind=intranet | url=http://share.corp.example/tool.exe"})},

		{"a command that copies several files", writes(shell, `cmd /c copy D:\a.exe C:\b & copy D:\tool.exe `+tool),
			tool, byRecord(shell, truth{origin.Arrival: `unknown kind=copied | via=D:\a.exe | via=D:\tool.exe`})},

		{"the source has another content now", writes(shell, `cmd /c copy C:\Build\new.exe `+tool, born(`C:\Build\new.exe`, "12:30:00.1", anna)),
			tool, byRecord(shell, truth{origin.Arrival: `inferred kind=copied | via=C:\Build\new.exe`})},

		{"a program of its own with an address", writes(`C:\Tools\get.exe`, `get.exe http://203.0.113.66/u/tool.exe http://proxy.corp.example`),
			tool, byRecord(`C:\Tools\get.exe`, truth{origin.Arrival: `inferred kind=download | kind=dropped | via=C:\Tools\get.exe | url=` + depotURL + " | address=" + depot})},

		{"BITS transferred as many bytes", box("WEB01", day(), console, bits(19), born(tool, "12:00:00.2134567", anna)),
			tool, byOwner(truth{origin.Arrival: "inferred kind=download | url=" + depotURL + " | address=" + depot})},

		{"a handle that need not have been used", box("WEB01", day(), console, opened("12:00:00.3", anna, 4312, shell), born(tool, "12:00:00.2134567", anna)),
			tool, byOwner(truth{origin.Writer: "inferred image=" + shell + " | pid=4312", origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z"})},

		{"two processes used the right to write", box("WEB01", day(), console, accessed("12:00:00.3", anna, 4312, shell, tool), accessed("12:00:00.4", anna, 4400, explorer, tool),
			born(tool, "12:00:00.2134567", anna)),
			tool, byOwner(truth{origin.Writer: "inferred image=" + shell + " | image=" + explorer, origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z"})},

		{"a marked program that fetches", writes(`C:\Tools\wget.exe`, `wget.exe -i list.txt`, born(`C:\Tools\wget.exe`, "11:50:00.1", anna, marked(3, "https://dl.example.net/wget.exe", ""))),
			tool, byRecord(`C:\Tools\wget.exe`, truth{origin.Arrival: `inferred kind=dropped | via=C:\Tools\wget.exe | url=https://dl.example.net/wget.exe`})},

		{"a stick with FAT", box("WEB01", day(), console, mfttest.File{Path: inVolume(tool), Data: []byte("t"), Owner: anna.sid, FileNameTimes: &moved,
			Times: mfttest.Times{Created: clock("2025-05-29 19:45:29.84"), Modified: clock("2025-05-29 19:45:32"), Changed: clock("12:00:01.5"), Accessed: clock("12:00:00.2134567")}}),
			tool, byOwner(truth{origin.Arrival: "inferred kind=moved | operation=moved_from_fat"})},

		{"two requests of its size", box("WEB01", day(), console, visits(post("/a", one, "40210"), post("/b", other, "40300")), sized),
			tool, byOwner(truth{origin.WebEntry: "inferred method=POST | url=/a | url=/b", origin.Arrival: "unknown kind=web_upload | url=/a | url=/b"})},
		{"the only requests of its size come every minute", box("WEB01", day(), console, visits(polls...), sized),
			tool, byOwner(truth{origin.WebEntry: "unknown not=the request at that time was", origin.Arrival: "unknown kind=none"})},
		{"a request of its size, and a line that cannot be read", box("WEB01", day(), console, visits(post("/a", one, "40210"), broken), sized),
			tool, byOwner(truth{origin.WebEntry: "inferred method=POST | url=/a", origin.Arrival: "unknown kind=web_upload | url=/a"})},

		{"a page of a pool, and requests that come every minute", box("WEB01", day(), visits(jobs...), page),
			`C:\inetpub\wwwroot\files\x.aspx`, byPool("unknown pool=Portal")},
		{"a page of a pool, and a line that cannot be read", box("WEB01", day(), visits(post("/a", one, "300"), broken), page),
			`C:\inetpub\wwwroot\files\x.aspx`, byPool("unknown method=POST | url=/a | address=" + one)},
	}
}
