package timeline

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

const (
	securityChannel = "Security"
	systemChannel   = "System"
	sysmonChannel   = "Microsoft-Windows-Sysmon/Operational"
	sessionChannel  = "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational"
	remoteChannel   = "Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational"

	securityProvider = "Microsoft-Windows-Security-Auditing"
)

// logged returns the System of a record. The records of a test have the record IDs 1,
// 2, … in their order.
func logged(provider, channel string, id uint16, at time.Time) evtx.System {
	return evtx.System{Provider: provider, Channel: channel, EventID: id, TimeCreated: at, Computer: "WEB1", UserSID: "S-1-5-18", Level: 4}
}

// everyKind has records with values as Windows writes them. Other kinds get one that
// is filled with the names of its fields.
func everyKind() []any {
	at := day(12, 0, 0)
	security := func(id uint16) evtx.System { return logged(securityProvider, securityChannel, id, at) }
	sysmon := func(id uint16) evtx.System { return logged("Microsoft-Windows-Sysmon", sysmonChannel, id, at) }
	session := func(id uint16) evtx.System {
		return logged("Microsoft-Windows-TerminalServices-LocalSessionManager", sessionChannel, id, at)
	}
	before := day(11, 59, 58) // the time that Sysmon itself records
	const sid, image, target = "S-1-5-21-1-2-3-500", `C:\Windows\w3wp.exe`, `c:\x\sqlserver.exe`
	return []any{
		&evtx.Security4624{System: security(4624), TargetUserSid: sid, TargetUserName: "admin", TargetDomainName: "WEB1", TargetLogonId: 0x3e7a, LogonType: 10, IpAddress: "203.0.113.9", WorkstationName: "KALI", ProcessName: "-"},
		&evtx.Security4625{System: security(4625), TargetUserSid: "S-1-0-0", TargetUserName: "admin", TargetDomainName: "-", LogonType: 3, Status: 0xc000006d, SubStatus: 0xc000006a, IpAddress: "203.0.113.9", WorkstationName: "-", ProcessName: "-"},
		&evtx.Security4634{System: security(4634), TargetUserSid: sid, TargetUserName: "admin", TargetDomainName: "WEB1", TargetLogonId: 0x3e7a, LogonType: 99},
		&evtx.Security4647{System: security(4647), TargetUserSid: sid, TargetUserName: "admin", TargetDomainName: "WEB1", TargetLogonId: 0x3e7a},
		&evtx.Security4648{System: security(4648), SubjectUserSid: sid, SubjectUserName: "admin", SubjectDomainName: "WEB1", SubjectLogonId: 0x3e7a, TargetUserName: "sa", TargetDomainName: "DB1", TargetServerName: "db1", ProcessName: `C:\Windows\System32\runas.exe`, IpAddress: "-"},
		&evtx.Security4672{System: security(4672), SubjectUserSid: sid, SubjectUserName: "admin", SubjectDomainName: "WEB1", SubjectLogonId: 0x3e7a, PrivilegeList: "SeDebugPrivilege\r\n\t\t\tSeTcbPrivilege"},
		&evtx.Security4688{System: security(4688), SubjectUserSid: sid, SubjectUserName: "admin", SubjectDomainName: "WEB1", SubjectLogonId: 0x3e7a, NewProcessId: 0x4d2, NewProcessName: target, ProcessId: 0x1a4, ParentProcessName: image, CommandLine: `sqlserver.exe -k`},
		&evtx.Security4689{System: security(4689), SubjectUserSid: sid, SubjectUserName: "admin", SubjectDomainName: "WEB1", ProcessId: 0x4d2, ProcessName: target, Status: 1},
		&evtx.Security4697{System: security(4697), SubjectUserSid: sid, SubjectUserName: "admin", SubjectDomainName: "WEB1", SubjectLogonId: 0x3e7a, ServiceName: "evil", ServiceFileName: `\??\c:\x\sqlserver.exe`, ServiceAccount: "LocalSystem"},
		&evtx.Security4698{System: security(4698), SubjectUserSid: sid, SubjectUserName: "admin", SubjectDomainName: "WEB1", SubjectLogonId: 0x3e7a, TaskName: `\evil`},
		&evtx.Security4720{System: security(4720), SubjectUserSid: sid, SubjectUserName: "admin", SubjectDomainName: "WEB1", SubjectLogonId: 0x3e7a, TargetUserName: "backdoor", TargetDomainName: "WEB1", TargetSid: "S-1-5-21-1-2-3-1009"},
		&evtx.Security1102{System: logged("Microsoft-Windows-Eventlog", securityChannel, 1102, at), SubjectUserSid: sid, SubjectUserName: "admin", SubjectDomainName: "WEB1", SubjectLogonId: 0x3e7a},
		&evtx.System7045{System: logged("Service Control Manager", systemChannel, 7045, at), ServiceName: "evil", ImagePath: `%SystemRoot%\x.exe`, AccountName: "LocalSystem", StartType: "auto start"},
		&evtx.System104{System: logged("Microsoft-Windows-Eventlog", systemChannel, 104, at), SubjectUserName: "admin", SubjectDomainName: "WEB1", Channel: "Application"},
		&evtx.Sysmon1{System: sysmon(1), UtcTime: before, Image: target, ProcessId: 1234, ParentImage: image, ParentProcessId: 420, User: `WEB1\admin`, LogonId: 0x3e7a, CommandLine: `sqlserver.exe -k`},
		&evtx.Sysmon2{System: sysmon(2), UtcTime: before, Image: image, ProcessId: 420, TargetFilename: target, PreviousCreationUtcTime: before, CreationUtcTime: day(1, 0, 0)},
		&evtx.Sysmon3{System: sysmon(3), UtcTime: before, Image: target, ProcessId: 1234, User: `WEB1\admin`, Protocol: "tcp", SourceIp: "10.0.0.4", SourcePort: 49999, DestinationIp: "203.0.113.9", DestinationPort: 443, DestinationHostname: "-"},
		&evtx.Sysmon5{System: sysmon(5), UtcTime: before, Image: target, ProcessId: 1234},
		&evtx.Sysmon11{System: sysmon(11), UtcTime: before, Image: image, ProcessId: 420, TargetFilename: target, CreationUtcTime: before},
		&evtx.Sysmon12{System: sysmon(12), UtcTime: before, Image: target, ProcessId: 1234, EventType: "CreateKey", TargetObject: `HKLM\x`},
		&evtx.Sysmon13{System: sysmon(13), UtcTime: before, Image: target, ProcessId: 1234, EventType: "SetValue", TargetObject: `HKLM\x\y`, Details: "DWORD (0x1)"},
		&evtx.Sysmon14{System: sysmon(14), UtcTime: before, Image: target, ProcessId: 1234, EventType: "RenameKey", TargetObject: `HKLM\x`, NewName: `HKLM\z`},
		&evtx.Sysmon15{System: sysmon(15), UtcTime: before, Image: image, ProcessId: 420, TargetFilename: target + ":Zone.Identifier", Contents: "[ZoneTransfer]  ZoneId=3"},
		&evtx.Sysmon23{System: sysmon(23), UtcTime: before, Image: image, ProcessId: 420, TargetFilename: target, User: `WEB1\admin`},
		&evtx.Sysmon26{System: sysmon(26), UtcTime: before, Image: image, ProcessId: 420, TargetFilename: target, User: `WEB1\admin`},
		&evtx.RDP1149{System: logged("Microsoft-Windows-TerminalServices-RemoteConnectionManager", remoteChannel, 1149, at), User: "admin", Domain: "WEB1", Address: "203.0.113.9"},
		&evtx.RDP21{System: session(21), User: `WEB1\admin`, SessionID: 2, Address: "203.0.113.9"},
		&evtx.RDP22{System: session(22), User: `WEB1\admin`, SessionID: 2, Address: "203.0.113.9"},
		&evtx.RDP23{System: session(23), User: `WEB1\admin`, SessionID: 2},
		&evtx.RDP24{System: session(24), User: `WEB1\admin`, SessionID: 2, Address: "203.0.113.9"},
		&evtx.RDP25{System: session(25), User: `WEB1\admin`, SessionID: 2, Address: "203.0.113.9"},
		&evtx.RDP39{System: session(39), TargetSession: 2, Source: 3},
		&evtx.RDP40{System: session(40), Session: 2, Reason: 5},

		// paths of parts, of the first field that has one, and within other text
		&evtx.Security5145{System: security(5145), SubjectUserSid: sid, SubjectUserName: "admin", SubjectDomainName: "WEB1", ShareName: `\\*\C$`, ShareLocalPath: `\??\C:\`, RelativeTargetName: `x\sqlserver.exe`},
		&evtx.Security4657{System: security(4657), SubjectUserSid: sid, SubjectUserName: "admin", SubjectDomainName: "WEB1", ObjectName: `\REGISTRY\MACHINE\SOFTWARE\x`, ObjectValueName: "y", ProcessName: image},
		&evtx.AppLocker8004{System: logged("Microsoft-Windows-AppLocker", "Microsoft-Windows-AppLocker/EXE and DLL", 8004, at), TargetUser: sid, FilePath: `%OSDRIVE%\X\SQLSERVER.EXE`, FullFilePath: target},
		&evtx.AppLocker8007{System: logged("Microsoft-Windows-AppLocker", "Microsoft-Windows-AppLocker/MSI and Script", 8007, at), TargetUser: sid, FilePath: `%OSDRIVE%\X\A.PS1`},
		&evtx.Firewall2004{System: logged("Microsoft-Windows-Windows Firewall With Advanced Security", "Microsoft-Windows-Windows Firewall With Advanced Security/Firewall", 2004, at), RuleName: "evil", ModifyingUser: sid, ModifyingApplication: image},
		&evtx.TaskScheduler200{System: logged("Microsoft-Windows-TaskScheduler", "Microsoft-Windows-TaskScheduler/Operational", 200, at), TaskName: `\evil`, ActionName: `"c:\x\sqlserver.exe" -k`},
		&evtx.Defender1006{System: logged("Microsoft-Windows-Windows Defender", "Microsoft-Windows-Windows Defender/Operational", 1006, at), Domain: "WEB1", User: "admin", SID: sid, ThreatName: "Trojan:Win32/X", PathFound: `file:_c:\x\sqlserver.exe`},
		&evtx.Defender1117{System: logged("Microsoft-Windows-Windows Defender", "Microsoft-Windows-Windows Defender/Operational", 1117, at), DetectionUser: `WEB1\admin`, ThreatName: "Trojan:Win32/X", Path: `containerfile:_C:\x\a.zip; file:_C:\x\a.zip->sqlserver.exe`},
		&evtx.NTLM8001{System: logged("Microsoft-Windows-NTLM", "Microsoft-Windows-NTLM/Operational", 8001, at), TargetName: "cifs/db1", UserName: "sa", DomainName: "DB1", ProcessName: image},
	}
}

// logFile returns a log of these records, numbered from 1.
func logFile(t testing.TB, records ...any) []byte {
	t.Helper()
	for i, r := range records {
		switch r := r.(type) {
		case interface{ Sys() *evtx.System }:
			r.Sys().RecordID = uint64(i + 1)
		default:
			t.Fatalf("record %d is a %T", i, r)
		}
	}
	b, err := evtxtest.Bytes(records...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func logIn(t testing.TB, records ...any) fstest.MapFS {
	return fstest.MapFS{"x.evtx": {Data: logFile(t, records...)}}
}

func covered(t *testing.T, tl *Timeline, artifact string) Coverage {
	t.Helper()
	for _, c := range tl.Coverage() {
		if c.Artifact == artifact {
			return c
		}
	}
	t.Fatalf("%s is not covered", artifact)
	return Coverage{}
}

// filled returns a record in which each field holds its own name, or a number.
func filled(k evtx.Kind) any {
	e := k.New()
	sys := e.Sys()
	sys.TimeCreated, sys.Computer, sys.UserSID = day(12, 0, 0), "WEB1", "S-1-5-18"
	v := reflect.ValueOf(e).Elem()
	for i := 1; i < v.NumField(); i++ {
		switch f, typ := v.Field(i), v.Type().Field(i); {
		case typ.Type == reflect.TypeFor[time.Time]():
			f.Set(reflect.ValueOf(day(11, 59, 58)))
		case f.Kind() == reflect.String && strings.Contains(typ.Tag.Get("evtx"), ",sid"):
			f.SetString("S-1-5-21-1-2-3-500")
		case f.Kind() == reflect.String:
			f.SetString("<" + typ.Name + ">")
		case f.CanUint():
			f.SetUint(uint64(i))
		case f.CanInt():
			f.SetInt(int64(i))
		}
	}
	return e
}

// Every kind of record becomes an event as in the golden file: that of its row in
// logRows, or a LogRecord.
func TestEveryKindOfRecord(t *testing.T) {
	records := everyKind()
	have := map[string]bool{}
	for _, r := range records {
		k, _ := evtx.KindOf(r.(evtx.TypedEvent))
		have[k.Name] = true
	}
	for k := range evtx.Kinds() {
		if !have[k.Name] {
			records = append(records, filled(k))
		}
	}
	tl := collect(t, logIn(t, records...))
	var out strings.Builder
	n := 0
	for e := range tl.Events() {
		typed, ok := e.Data.(evtx.TypedEvent)
		if !ok {
			t.Fatalf("record %s: Data is a %T", e.Source.Record, e.Data)
		}
		if row, ok := logKinds[typed.Kind()]; ok != (e.Kind != LogRecord) || ok && e.Kind != row.kind {
			t.Errorf("%s becomes a %s", typed.Kind(), e.Kind)
		}
		fmt.Fprintf(&out, "%s %s\n\ttime %s\n\tpath %s\n\tuser %s %s\n\t%s\n", typed.Kind(), e.Kind,
			e.Time.Format(time.TimeOnly), e.Path, e.User, e.SID, strings.Join(strings.Fields(e.Message), " "))
		if e.Source.Artifact != "x.evtx" || e.Source.Type != TypeEVTX || e.Source.Offset < 4096+512 {
			t.Errorf("record %s: source %+v", e.Source.Record, e.Source)
		}
		n++
	}
	if n != len(records) {
		t.Errorf("%d events of %d records", n, len(records))
	}
	testenv.Golden(t, "testdata/kinds.txt", []byte(out.String()))
}

// Every row of logRows is of declared kinds, and names fields of their structs.
func TestRowsNameFields(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range logRows {
		for name := range row.names() {
			k, ok := logKinds[name]
			if !ok || k.kind != row.happened || seen[name] {
				t.Errorf("%s is not declared, or has two rows", name)
				continue
			}
			seen[name] = true
			for _, parts := range k.paths {
				if slices.Contains(parts, noField) {
					t.Errorf("%s: it has not all fields of the path %q", name, row.path)
				}
			}
			for _, a := range k.accounts {
				if a != writerAccount && a.user == noField && a.sid == noField {
					t.Errorf("%s: no fields of the account %q", name, row.account)
				}
			}
		}
	}
}

// Kinds returns all constants of the type Kind, and all of them are in use.
func TestKindsAreAll(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "kind.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []Kind
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok {
				text, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Error(err)
				}
				declared = append(declared, Kind(text))
			}
		}
		return true
	})
	all := Kinds()
	slices.Sort(declared)
	slices.Sort(all)
	if !slices.Equal(declared, all) {
		t.Errorf("declared %q, Kinds returns %q", declared, all)
	}
}

func generic(id uint16, at time.Time, fields ...evtx.Field) *evtx.Event {
	return &evtx.Event{System: logged("Provider", "Application", id, at), Element: "EventData", Fields: fields}
}

func TestOtherRecordsAreGeneric(t *testing.T) {
	tl := collect(t, logIn(t,
		generic(1000, day(12, 0, 0), evtx.Field{Name: "A", Value: evtx.StringValue("one")}, evtx.Field{Name: "A", Value: evtx.StringValue("two")}, evtx.Field{Name: "B", Value: evtx.StringValue("")}),
		generic(4688, day(12, 0, 1)), // the event ID alone does not make a process
	))
	var got []string
	for e := range tl.Events() {
		if _, ok := e.Data.(*evtx.Event); !ok || e.Kind != LogRecord {
			t.Errorf("%s: %s, %T", e.Message, e.Kind, e.Data)
		}
		got = append(got, e.Source.Record+" "+e.Message)
	}
	if want := []string{"1 Provider 1000: A=one, A=two", "2 Provider 4688"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Records need not be in order of time in their log, and a query may want only some
// of them.
func TestLogOutOfOrder(t *testing.T) {
	var records []any
	for i := range 500 { // several chunks
		records = append(records, generic(uint16(i), day(12, 0, 0).Add(time.Duration((i*7)%500)*time.Second)))
	}
	tl := collect(t, logIn(t, records...))
	var last time.Time
	n := 0
	for e := range tl.Between(day(12, 1, 0), day(12, 2, 0)) {
		if e.Time.Before(last) {
			t.Errorf("%v after %v", e.Time, last)
		}
		last = e.Time
		id := e.Data.(*evtx.Event).EventID
		if want := day(12, 0, 0).Add(time.Duration((int(id)*7)%500) * time.Second); !e.Time.Equal(want) {
			t.Errorf("event %d at %v, want %v", id, e.Time, want)
		}
		n++
	}
	if n != 61 {
		t.Errorf("%d events, want 61", n)
	}
	c := covered(t, tl, "x.evtx")
	if c.Records != 500 || c.State != Parsed || c.Name != "Application" || !c.First.Equal(day(12, 0, 0)) || !c.Last.Equal(day(12, 0, 0).Add(499*time.Second)) {
		t.Errorf("coverage: %+v", c)
	}
}

// Damage in a log costs the damaged part and nothing else.
func TestDamagedLog(t *testing.T) {
	var records []any
	for i := range 500 {
		records = append(records, generic(uint16(i), day(12, 0, 0).Add(time.Duration(i)*time.Second), evtx.Field{Name: "text", Value: evtx.StringValue(strings.Repeat("x", 300))}))
	}
	whole := logFile(t, records...)
	const chunk = 4096
	for _, tt := range []struct {
		name   string
		damage func([]byte) []byte
		state  State
		some   bool // some events are left
	}{
		{"a chunk of noise", func(b []byte) []byte { copy(b[chunk:], bytes.Repeat([]byte("noise..."), 8192)); return b }, Parsed, true},
		{"cut in the middle of a chunk", func(b []byte) []byte { return b[:chunk+65536+3000] }, Parsed, true},
		{"not a log", func([]byte) []byte { return []byte("no log at all") }, Damaged, false},
		{"empty", func([]byte) []byte { return nil }, Damaged, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tl := collect(t, fstest.MapFS{"x.evtx": {Data: tt.damage(bytes.Clone(whole))}})
			n := 0
			for e := range tl.Events() {
				n++
				if e.Data == nil {
					t.Errorf("%s", e.Message)
				}
			}
			if (n > 0) != tt.some || n == len(records) {
				t.Errorf("%d events of %d", n, len(records))
			}
			if c := covered(t, tl, "x.evtx"); c.State != tt.state || c.ProblemCount == 0 {
				t.Errorf("coverage: %+v", c)
			}
		})
	}
}

// A log that changes between two readings yields events that say so.
func TestLogThatIsGone(t *testing.T) {
	vol := logIn(t, generic(1, day(12, 0, 0)))
	tl := collect(t, vol)
	delete(vol, "x.evtx")
	for e := range tl.Events() {
		if !strings.HasPrefix(e.Message, "the record cannot be read again: ") || e.Data != nil || !e.Time.Equal(day(12, 0, 0)) {
			t.Errorf("got %+v", e)
		}
	}
	if n := len(messages(tl.Events())); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
}
