package origin_test

import (
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/pe/petest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// loggedOn is 4624 of the user.
func loggedOn(id uint64, kind winid.LogonType, address string, at time.Time) *evtx.Security4624 {
	return &evtx.Security4624{System: securityAt(4624, at), TargetUserSid: owner, TargetUserName: "user", TargetDomainName: "TRAP", TargetLogonId: id, LogonType: kind,
		WorkstationName: "-", IpAddress: address}
}

func loggedOff(id uint64, at time.Time) *evtx.Security4634 {
	return &evtx.Security4634{System: securityAt(4634, at), TargetUserSid: owner, TargetUserName: "user", TargetDomainName: "TRAP", TargetLogonId: id}
}

func session(number uint32, address string, at time.Time) *evtx.RDP21 {
	return &evtx.RDP21{System: sys("Microsoft-Windows-TerminalServices-LocalSessionManager/Operational", "Microsoft-Windows-TerminalServices-LocalSessionManager", 21, at),
		User: `TRAP\user`, SessionID: number, Address: address}
}

func connected(n byte, address string, at time.Time) *evtx.Sysmon3 {
	return &evtx.Sysmon3{System: sysmonAt(3, at), UtcTime: at.Truncate(time.Millisecond), ProcessGuid: guid(n), ProcessId: 100 + uint32(n), Initiated: true,
		Protocol: "tcp", SourceIp: "10.0.0.5", DestinationIp: address, DestinationPort: 80}
}

// requests is an IIS log of requests that were answered a second after noon.
func requests(lines ...string) mfttest.File {
	log := "#Fields: date time cs-method cs-uri-stem c-ip sc-status time-taken\r\n2026-03-02 10:00:00 GET / 192.0.2.9 200 5\r\n"
	for _, l := range lines {
		log += "2026-03-02 12:00:01 " + l + " 200 2000\r\n"
	}
	return mfttest.File{Path: "inetpub/logs/LogFiles/W3SVC1/u_ex260302.log", Data: []byte(log + "2026-03-02 20:00:00 GET / 192.0.2.9 200 5\r\n")}
}

// Each way of finding an answer that the scenario does not use.
func TestWays(t *testing.T) {
	for _, tt := range ways(t) {
		t.Run(tt.name, func(t *testing.T) { tt.w.check(t, tt.want, tt.also) })
	}
}

func ways(t testing.TB) []trap {
	const (
		hour   = time.Hour
		shell  = `C:\Windows\System32\cmd.exe`
		server = `C:\Windows\System32\inetsrv\w3wp.exe`
		public = "203.0.113.5"
	)
	before := noon.Add(-time.Second)
	subject := []mfttest.File{file(noon)}
	with := func(more ...mfttest.File) []mfttest.File { return append([]mfttest.File{file(noon)}, more...) }
	by := func(image, line string, more ...any) []any {
		return append([]any{started(1, image, line, before, 2, shell), wrote(1, image, noon, noon)}, more...)
	}
	child := []any{started(3, server, "", noon.Add(-hour), 0, ""), started(1, shell, "", before, 3, server), wrote(1, shell, noon, noon)}
	inSession := started(1, shell, "", before, 2, "")
	inSession.TerminalSessionId = 3
	foreign := started(1, shell, "", before, 2, shell)
	foreign.User = `TRAP\other`
	other := &evtx.Security4624{System: securityAt(4624, noon.Add(-2*hour)), TargetUserSid: "S-1-5-21-1-2-3-1001", TargetUserName: "other", TargetDomainName: "TRAP", TargetLogonId: 0x99, LogonType: 2}
	naming := audited(200, 4, shell, `C:\Windows\explorer.exe`, before)
	bare := audited(210, 4, `C:\Windows\System32\xcopy.exe`, `C:\Windows\explorer.exe`, before.Add(100*time.Millisecond))
	bare.CommandLine = "xcopy trap-with-a-long-name.exe"
	late, err := petest.Image{LinkTime: noon.AddDate(1, 0, 0)}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	// buried is a hive with a deleted service, below a key of that time.
	buried := func(written time.Time) *registrytest.Hive {
		h := named("TRAP")
		h.Set(`ControlSet001\Services\Trap`, noon.Add(-hour), registrytest.ExpandSZ("ImagePath", trapFile+" -k"), registrytest.DWord("Start", 2), registrytest.DWord("Type", 0x10))
		h.Key(`ControlSet001\Services\Trap`, noon).Deleted = true
		h.Key(`ControlSet001\Services`, noon).LastWrite = written
		return h
	}
	without := func() *registrytest.Hive { return named("TRAP") } // a hive without services
	service := registrytest.Hive{Name: "SYSTEM"}
	service.Set(`ControlSet001\Services\Trap`, noon.Add(-hour), registrytest.ExpandSZ("ImagePath", trapFile+" -k"), registrytest.DWord("Start", 2), registrytest.DWord("Type", 0x10))
	driver := &registrytest.Hive{Name: "SYSTEM"}
	driver.Set(`ControlSet001\Services\Trap`, noon, registrytest.ExpandSZ("ImagePath", `\??\`+trapFile), registrytest.DWord("Start", 1), registrytest.DWord("Type", 1))
	marked := file(noon)
	marked.Streams = []mfttest.Stream{{Name: "Zone.Identifier", Data: []byte("[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=http://192.0.2.1/page\r\nHostUrl=http://192.0.2.1/a.exe\r\n")}}
	run, hashed := started(7, trapFile, "", noon.Add(hour), 2, shell), started(7, trapFile, "", noon.Add(hour), 2, shell)
	hashed.Hashes, hashed.OriginalFileName = "SHA256="+strings.Repeat("AB", 32), "built.exe"
	plain := started(7, trapFile, "", noon.Add(hour), 2, shell) // of a program without a version resource
	plain.FileVersion, plain.Company, plain.Product, plain.Description, plain.OriginalFileName = "-", "-", "-", "-", "-"
	plain.Hashes = hashed.Hashes
	named := connected(7, public, noon.Add(hour))
	named.DestinationHostname = "c2.example.com"
	first, second := started(7, trapFile, "", noon.Add(hour), 2, shell), wrote(1, shell, noon, noon)
	first.RecordID, second.RecordID = 17, 10

	return append(accountWays(), []trap{
		{"an upload that the web server writes by itself",
			world{files: with(requests("POST /up.aspx " + public)), sysmon: by(server, "")},
			findings{origin.Arrival: "corroborated kind=web_upload", origin.WebEntry: "corroborated url=/up.aspx"}, nil},
		{"two requests that fit",
			world{files: with(requests("GET /a.aspx 192.0.2.7", "POST /up.aspx "+public)), sysmon: child},
			findings{origin.WebEntry: "inferred address=" + public + " :GET /a.aspx from 192.0.2.7"}, nil},
		{"the request that fits runs nothing",
			world{files: with(requests("GET /logo.png " + public)), sysmon: child}, findings{origin.WebEntry: "inferred :served without running"}, nil},
		{"no request that fits", world{files: with(requests()), sysmon: child}, findings{origin.WebEntry: "inferred image=" + server + " :no request in the web server's logs fits"}, nil},
		{"logs of other days only",
			world{files: with(mfttest.File{Path: "inetpub/logs/LogFiles/W3SVC1/u_ex250101.log", Data: []byte("x")}), sysmon: child}, findings{origin.WebEntry: "inferred :logs do not cover its time"}, nil},

		{"the writer was connected before", world{files: subject, sysmon: by(`C:\Windows\System32\curl.exe`, "", connected(1, public, before))}, findings{origin.Arrival: "inferred address=" + public}, nil},
		{"the writer was connected with two", world{files: subject, sysmon: by(`C:\Windows\System32\curl.exe`, "", connected(1, public, before), connected(1, "192.0.2.8", before))},
			findings{origin.Arrival: "inferred :192.0.2.8 port 80"}, nil},
		{"the writer was connected after, and another before", world{files: subject, sysmon: by(`C:\Windows\System32\curl.exe`, "", connected(1, public, noon.Add(hour)), connected(9, public, before))},
			findings{origin.Arrival: "unknown searched_empty"}, nil},
		{"two addresses on the command line", world{files: subject, sysmon: by(`C:\Windows\System32\curl.exe`, "curl http://203.0.113.5/a http://203.0.113.6/b")},
			findings{origin.Arrival: "inferred url=http://203.0.113.5/a :http://203.0.113.6/b"}, nil},
		{"pasted in a remote session", world{files: subject, sysmon: by(`C:\Windows\explorer.exe`, ""), security: []any{loggedOn(0x1234, 10, public, noon.Add(-hour)), naming}},
			findings{origin.Arrival: "inferred kind=rdp :a copy of a file", origin.Logon: "recorded address=" + public}, nil},
		{"written by the kernel for a client",
			world{files: subject, sysmon: []any{&evtx.Sysmon11{System: sysmonAt(11, noon), UtcTime: noon.Truncate(time.Millisecond), ProcessGuid: guid(4), ProcessId: 4, Image: "System", TargetFilename: trapFile, CreationUtcTime: noon.Truncate(time.Millisecond)}},
				security: []any{loggedOn(0x77, 3, "192.0.2.1", noon.Add(-2*hour)), loggedOff(0x77, noon.Add(-hour)), loggedOn(0x78, 3, public, noon.Add(-hour)), loggedOn(0x79, 3, "192.0.2.2", before)}},
			findings{origin.Arrival: "inferred address=" + public + " :192.0.2.2"}, nil},
		{"the kernel replaced the content of a file that was there before Sysmon",
			world{files: []mfttest.File{file(noon.Add(-hour))}, sysmon: []any{&evtx.Sysmon11{System: sysmonAt(11, noon), UtcTime: noon.Truncate(time.Millisecond), ProcessGuid: guid(4), ProcessId: 4, Image: "System", TargetFilename: trapFile, CreationUtcTime: noon.Add(-hour).Truncate(time.Millisecond)}}},
			findings{origin.Writer: "inferred image=System", origin.Arrival: "inferred kind=smb"}, nil},
		{"dropped by a program without a mark", world{files: subject, sysmon: by(`C:\Users\a\drop.exe`, "")}, findings{origin.Arrival: `inferred via=C:\Users\a\drop.exe :downloaded it`}, nil},

		{"the session by its number in the record of the process", world{files: subject, sysmon: []any{inSession, wrote(1, shell, noon, noon)}, sessions: []any{session(3, public, noon.Add(-hour)), session(5, "192.0.2.1", noon.Add(-hour))}},
			findings{origin.Logon: "corroborated address=" + public}, nil},
		{"the session by user and time only", world{files: subject, security: []any{naming, audited(400, 4, shell, shell, noon.Add(hour))}, sessions: []any{session(5, "192.0.2.1", noon.Add(-2*hour)), session(3, public, noon.Add(-hour))}},
			findings{origin.Logon: "inferred address=" + public + " :from 192.0.2.1"}, nil},
		{"the sessions of the owner, if the writer is unknown", world{files: subject, security: []any{loggedOn(0x77, 2, "-", noon.Add(-2*hour)), loggedOn(0x78, 10, public, noon.Add(-hour)), other}},
			findings{origin.Writer: "unknown outside_retention", origin.Account: "inferred sid=" + owner, origin.Logon: "inferred address=" + public + " :LogonId 0x77"}, nil},
		{"the session ended before the process started", world{files: subject, sysmon: by(shell, ""), security: []any{loggedOn(0x1234, 10, public, noon.Add(-2*hour)), loggedOff(0x1234, noon.Add(-hour)), audited(400, 4, shell, shell, noon.Add(hour))}},
			findings{origin.Logon: "inferred :this one ended before"}, nil},
		{"the session is another user's", world{files: subject, sysmon: []any{foreign, wrote(1, shell, noon, noon)}, security: []any{loggedOn(0x1234, 10, public, noon.Add(-2*hour)), other, audited(400, 4, shell, shell, noon.Add(hour))}},
			findings{origin.Logon: `inferred :the process ran as TRAP\other`, origin.Account: "recorded sid=S-1-5-21-1-2-3-1001"}, kinds{origin.OwnerNotWriter}},
		{"the full path before the bare name", world{files: subject, security: []any{naming, bare}}, findings{origin.Writer: "inferred pid=200 :xcopy.exe (PID 210)"}, nil},

		{"the name of one of Windows' own programs in another folder", world{subject: `C:\Data\svchost.exe`, files: []mfttest.File{{Path: "Data/svchost.exe", Times: mfttest.AllAt(noon)}}},
			findings{origin.What: `recorded misplaced=\Windows\System32`}, nil},
		{"a download that names the page with the link", world{files: []mfttest.File{marked}}, findings{origin.Arrival: "recorded referrer=http://192.0.2.1/page"}, nil},
		{"a run that connected to a host with a name", world{files: subject, sysmon: []any{run, named}}, findings{origin.Reach: "recorded host=c2.example.com"}, nil},
		{"the content is not the one that ran", world{files: subject, sysmon: []any{hashed}}, findings{origin.Executed: "inferred"}, kinds{origin.HashDiffers}},
		{"the file is gone, and a run records how it was built", world{files: []mfttest.File{{Path: trapPath, Deleted: true, Times: mfttest.AllAt(noon)}}, sysmon: []any{hashed}},
			findings{origin.What: "inferred original_name=built.exe", origin.OriginalName: "inferred stated_name=built.exe"}, kinds{origin.RunWithoutFile}},
		{"the file is gone, and had no version resource", world{files: []mfttest.File{{Path: trapPath, Deleted: true, Times: mfttest.AllAt(noon)}}, sysmon: []any{plain}},
			findings{origin.What: "inferred company= :a log records: Hashes: SHA256"}, nil},
		{"the file is gone, and the logs begin later", world{files: []mfttest.File{{Path: trapPath, Deleted: true, Times: mfttest.AllAt(noon)}}, sysmon: []any{started(9, shell, "", noon.Add(hour), 2, shell)}},
			findings{origin.What: "unknown outside_retention"}, kinds{origin.LogStartsAfter}},

		{"a library that a program loaded", world{subject: `C:\Data\trap.dll`, files: []mfttest.File{{Path: "Data/trap.dll", Times: mfttest.AllAt(noon)}},
			sysmon: []any{&evtx.Sysmon7{System: sysmonAt(7, noon.Add(hour)), UtcTime: noon.Add(hour), ProcessGuid: guid(3), ProcessId: 103, Image: shell, ImageLoaded: `C:\Data\trap.dll`, Signed: "false"}}},
			findings{origin.Executed: "recorded host=" + shell}, nil},
		{"a script that its host was started with", world{subject: `C:\Data\trap.hta`, files: []mfttest.File{{Path: "Data/trap.hta", Times: mfttest.AllAt(noon)}},
			sysmon: []any{started(3, `C:\Windows\System32\mshta.exe`, `"C:\Windows\System32\mshta.exe" "C:\Data\trap.hta"`, noon.Add(hour), 2, shell)}},
			findings{origin.Executed: `inferred host=C:\Windows\System32\mshta.exe`}, nil},
		{"what it did is proof that it ran", world{files: subject, sysmon: []any{connected(7, public, noon.Add(hour)), started(8, shell, "", noon.Add(hour), 7, trapFile)}},
			findings{origin.Executed: "recorded proves=execution"}, nil},
		{"a network logon without an address", world{files: subject, sysmon: by(shell, ""), security: []any{loggedOn(0x1234, 3, "-", noon.Add(-time.Minute)), audited(400, 4, shell, shell, noon.Add(hour))}},
			findings{origin.Logon: "recorded from=not_recorded"}, nil},
		{"a logon from the loopback address", world{files: subject, sysmon: by(shell, ""), security: []any{loggedOn(0x1234, 2, "127.0.0.1", noon.Add(-time.Minute)), audited(400, 4, shell, shell, noon.Add(hour))}},
			findings{origin.Logon: "recorded from=itself"}, nil},
		{"a driver, which the log calls a service", world{files: subject, hive: driver, system: []any{&evtx.System7045{System: sys("System", "Service Control Manager", 7045, noon), ServiceName: "Trap", ImagePath: trapFile, ServiceType: "kernel mode driver"}}},
			findings{origin.Autostart: "recorded state=held"}, nil},
		{"a user's Run key, and no hive", world{files: subject, sysmon: []any{&evtx.Sysmon13{System: sysmonAt(13, noon), UtcTime: noon, EventType: "SetValue",
			TargetObject: `HKU\` + owner + `\Software\Microsoft\Windows\CurrentVersion\Run\Trap`, Details: trapFile}}}, findings{origin.Autostart: "inferred state=logged"}, nil},
		{"a task", world{files: subject, security: []any{&evtx.Security4698{System: securityAt(4698, noon.Add(hour)), TaskName: `\Trap`, TaskContent: "<Task><Actions><Exec><Command>" + trapFile + "</Command></Exec></Actions></Task>"}}},
			findings{origin.Autostart: "inferred category=task"}, nil},
		{"linked after it was created", world{files: []mfttest.File{{Path: trapPath, Data: late, Times: mfttest.AllAt(noon)}}}, nil, kinds{origin.LinkTimeAfter}},
		{"a service older than its file", world{files: subject, hive: &service}, findings{origin.Autostart: "recorded"}, kinds{origin.ServiceBeforeFile}},
		{"a service that only the transaction log of the hive has", world{files: subject, hive: without(), dirty: true, next: &service},
			findings{origin.Autostart: "recorded state=held"}, kinds{absent(origin.HiveDirty)}},
		{"a service that the transaction log of the hive removes", world{files: subject, hive: &service, dirty: true, next: without()},
			findings{origin.Autostart: "unknown partly_searched :not searched: the hive SOFTWARE is not available, the hives of users are not available."}, kinds{absent(origin.HiveDirty)}},
		{"a service that was deleted from the hive", world{files: subject, hive: buried(noon)}, findings{origin.Autostart: "recorded state=deleted :since deleted"}, nil},
		{"a deleted service whose place is not shown", world{files: subject, hive: buried(noon.Add(-2 * hour))}, findings{origin.Autostart: "inferred state=deleted"}, nil},
		{"a dirty hive without its transaction logs", world{files: subject, hive: without(), dirty: true}, findings{origin.Autostart: "unknown partly_searched :the newest changes of Windows/System32/config/SYSTEM"}, kinds{origin.HiveDirty}},
		{"a service that a log records, and a dirty hive without it", world{files: subject, hive: without(), dirty: true, system: []any{&evtx.System7045{System: sys("System", "Service Control Manager", 7045, noon), ServiceName: "Trap", ImagePath: trapFile, ServiceType: "user mode service"}}},
			findings{origin.Autostart: "inferred state=logged"}, kinds{origin.HiveDirty}},
		{"a Security log without 4688", world{files: subject, security: []any{loggedOn(1, 2, "-", noon.Add(-hour)), loggedOn(2, 2, "-", noon.Add(hour))}}, nil, kinds{origin.NoProcessAudit}},
		{"logs that begin later", world{files: subject, security: []any{loggedOn(1, 2, "-", noon.Add(hour))}}, findings{origin.Executed: "unknown outside_retention"}, kinds{origin.LogStartsAfter}},
		{"record numbers that are missing", world{files: subject, sysmon: []any{second, &evtx.Sysmon5{System: evtx.System{Provider: "Microsoft-Windows-Sysmon", EventID: 5, Channel: "Microsoft-Windows-Sysmon/Operational", Computer: "TRAP", TimeCreated: noon.Add(time.Second), RecordID: 14}, UtcTime: noon.Add(time.Second)}, first}},
			nil, kinds{origin.RecordGap}},
	}...)
}
