package examples_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// hostileMachine are the files of the analyst that a hostile machine is in.
type hostileMachine struct {
	dir        string
	image      string // of its volume C:
	executable string // a copy of an executable
	damaged    string // an executable that cannot be read
	plain      bool   // these have harmless names
}

// hostileTime is when the file that is asked for came to the machine.
var hostileTime = time.Date(2026, 3, 2, 13, 42, 11, 0, time.UTC)

// writeHostileMachine writes a machine on which an attacker chose all the names
// and texts. A web server's process started the writer of the file.
func writeHostileMachine(t *testing.T) hostileMachine {
	t.Helper()
	signer := petest.NewCA(hostile).Issue(hostile + "signer")
	program := must(t)(petest.Image{
		Version: pe.VersionInfo{CompanyName: hostileText + "company", ProductName: hostileText, FileDescription: hostileText, OriginalFilename: hostileText,
			InternalName: hostileText, FileVersion: hostileText},
		PDBPath: hostile + ".pdb", ExportName: hostile, Imports: []petest.Import{{DLL: hostile + ".dll", Functions: []string{hostile}}},
		Signature: petest.Signature{Signer: signer, ProgramName: hostile},
	}.Bytes())
	mark := []byte("[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=http://198.51.100.23/" + hostile + "\r\n")
	const logs, config = "Windows/System32/winevt/Logs/", "Windows/System32/config/"
	image := must(t)(mfttest.Volume{Created: hostileTime.AddDate(0, -1, 0), Files: []mfttest.File{
		{Path: "Users/svc/" + hostile + ".exe", Data: program, Times: mfttest.AllAt(hostileTime),
			Streams: []mfttest.Stream{{Name: "Zone.Identifier", Data: mark}, {Name: hostile + "stream", Data: []byte("x")}}},
		{Path: "Users/svc/" + hostileHalf + ".exe", Data: program},
		{Path: "Users/svc/" + hostile + "gone.exe", Data: program, Deleted: true},
		{Path: "Users/" + hostile + "damaged/NTUSER.DAT", Data: []byte("regf is all there is")},
		{Path: "Windows/System32/inetsrv/w3wp.exe", Data: program},
		{Path: logs + hostile + "damaged.evtx", Data: append([]byte("ElfFile\x00"), make([]byte, 5000)...)},
		{Path: logs + "Security.evtx", Data: must(t)(evtxtest.Bytes(hostileSecurity()...))},
		{Path: logs + "System.evtx", Data: must(t)(evtxtest.Bytes(hostileServices()...))},
		{Path: logs + "Microsoft-Windows-Sysmon%4Operational.evtx", Data: must(t)(evtxtest.Bytes(hostileSysmon()...))},
		{Path: config + "SYSTEM", Data: must(t)(hostileSystem().Bytes())},
		{Path: config + "SOFTWARE", Data: must(t)(hostileSoftware().Bytes())},
		{Path: "inetpub/logs/LogFiles/W3SVC1/u_ex260302.log", Data: []byte("#Fields: date time cs-method cs-uri-stem cs-uri-query cs-username c-ip cs(User-Agent) sc-status time-taken\r\n" +
			"2026-03-02 13:42:10 POST /upload" + hostile + ".aspx " + hostile + "query " + hostile + " 203.0.113.77 " + hostile + "agent 200 120\r\n")},
	}}.Bytes())

	m := hostileMachine{dir: t.TempDir()}
	write := func(imageName, executable, damaged string) (err error) {
		m.image, m.executable, m.damaged = filepath.Join(m.dir, imageName), filepath.Join(m.dir, executable), filepath.Join(m.dir, damaged)
		for name, data := range map[string][]byte{m.image: image, m.executable: program, m.damaged: []byte("MZ")} {
			err = errors.Join(err, os.WriteFile(name, data, 0o600))
		}
		return err
	}
	if err := write(hostile+".raw", hostileHalf+".exe", hostile+"damaged.exe"); err != nil {
		// Neither Windows nor macOS has such names of files.
		m.plain = true
		if err := write("disk.raw", "program.exe", "damaged.exe"); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// must returns a function that gives what a writer wrote.
func must(t *testing.T) func([]byte, error) []byte {
	t.Helper()
	return func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

// hostileRecord is what a record of the hostile machine says of itself.
func hostileRecord(provider, channel string, id uint16, version uint8, when time.Time) evtx.System {
	return evtx.System{Provider: provider, EventID: id, Version: version, Channel: channel, Computer: hostileText + "computer", TimeCreated: when}
}

func hostileSecurity() []any {
	sys := func(id uint16, version uint8) evtx.System {
		return hostileRecord("Microsoft-Windows-Security-Auditing", "Security", id, version, hostileTime.Add(-time.Minute))
	}
	return []any{
		&evtx.Security4624{System: sys(4624, 2), TargetUserSid: "S-1-5-21-1-2-3-1001", TargetUserName: hostileText + "user", TargetDomainName: hostileText, TargetLogonId: 0x77,
			LogonType: 3, WorkstationName: hostileText, IpAddress: hostileText, ProcessName: hostileText},
		&evtx.Security4688{System: sys(4688, 2), SubjectUserName: hostileText, NewProcessName: hostileText, CommandLine: hostileText + "line", ParentProcessName: hostileText},
		&evtx.Event{System: hostileRecord(hostileText+"provider", hostileText, 7, 0, hostileTime), Element: "EventData", Fields: []evtx.Field{{Name: hostileText, Value: evtx.StringValue(hostileText + "field")}}},
	}
}

func hostileServices() []any {
	return []any{&evtx.System7045{System: hostileRecord("Service Control Manager", "System", 7045, 0, hostileTime.Add(time.Minute)),
		ServiceName: hostileText + "service", ImagePath: hostileText, ServiceType: hostileText, StartType: hostileText, AccountName: hostileText}}
}

func hostileSysmon() []any {
	const w3wp = `C:\Windows\System32\inetsrv\w3wp.exe`
	server, writer := evtx.GUID{1}, evtx.GUID{2}
	image := `C:\Windows\Temp\` + hostileText + "writer"
	sys := func(id uint16, version uint8, when time.Time) evtx.System {
		return hostileRecord("Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon/Operational", id, version, when)
	}
	at := func(d time.Duration) time.Time { return hostileTime.Add(d) }
	subject := `C:\Users\svc\` + hostile + ".exe"
	return []any{
		&evtx.Sysmon1{System: sys(1, 5, at(-time.Hour)), UtcTime: at(-time.Hour), ProcessGuid: server, ProcessId: 4000, Image: w3wp, CommandLine: w3wp, User: hostileText},
		&evtx.Sysmon1{System: sys(1, 5, at(-time.Second)), UtcTime: at(-time.Second), ProcessGuid: writer, ProcessId: 4001, Image: image, CommandLine: hostileText, User: hostileText,
			LogonId: 0x77, ParentProcessGuid: server, ParentProcessId: 4000, ParentImage: w3wp, ParentCommandLine: hostileText},
		&evtx.Sysmon11{System: sys(11, 2, at(0)), UtcTime: at(0), ProcessGuid: writer, ProcessId: 4001, Image: image, TargetFilename: subject, CreationUtcTime: at(0), User: hostileText},
		&evtx.Sysmon13{System: sys(13, 2, at(time.Second)), EventType: "SetValue", UtcTime: at(time.Second), ProcessGuid: writer, ProcessId: 4001, Image: image,
			TargetObject: `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run\` + hostileText, Details: subject, User: hostileText},
		&evtx.Sysmon15{System: sys(15, 2, at(time.Second)), UtcTime: at(time.Second), ProcessGuid: writer, ProcessId: 4001, Image: image, TargetFilename: subject + ":Zone.Identifier",
			CreationUtcTime: at(0), Contents: hostileText, User: hostileText},
	}
}

func hostileSystem() *registrytest.Hive {
	h := &registrytest.Hive{Name: `\SystemRoot\System32\Config\SYSTEM`}
	h.Set(`Select`, hostileTime, registrytest.DWord("Current", 1), registrytest.DWord("Default", 1))
	h.Set(`ControlSet001\Control\ComputerName\ComputerName`, hostileTime, registrytest.SZ("ComputerName", hostileText+"computer"))
	h.Set(`ControlSet001\Services\`+hostileHalf+"service", hostileTime, registrytest.SZ("ImagePath", hostileText+"image"), registrytest.DWord("Start", 2), registrytest.DWord("Type", 0x10),
		registrytest.SZ("ObjectName", hostileText))
	return h
}

func hostileSoftware() *registrytest.Hive {
	h := &registrytest.Hive{Name: `\SystemRoot\System32\Config\SOFTWARE`}
	h.Set(`Microsoft\Windows\CurrentVersion\Run`, hostileTime, registrytest.SZ(hostileText+"run", hostileText+"data"))
	return h
}
