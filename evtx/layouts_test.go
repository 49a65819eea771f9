package evtx_test

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

const (
	subject  = "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId"
	target   = "TargetUserSid TargetUserName TargetDomainName TargetLogonId"
	logon    = subject + " " + target + " LogonType LogonProcessName AuthenticationPackageName WorkstationName LogonGuid TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort"
	handle   = "ObjectServer ObjectType ObjectName HandleId TransactionId"
	process  = "UtcTime ProcessGuid ProcessId Image"
	process1 = "CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine"
)

// layouts holds some of the layouts that the kinds declare: the fields that versions
// of Windows and Sysmon write, in order.
var layouts = []struct {
	name   string
	kind   evtx.TypedEvent
	fields string
}{
	{"4624 v0", &evtx.Security4624{}, logon},
	{"4624 v1", &evtx.Security4624{}, logon + " ImpersonationLevel"},
	{"4624 v2", &evtx.Security4624{}, logon + " ImpersonationLevel RestrictedAdminMode TargetOutboundUserName TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken"},
	{"4624 v3", &evtx.Security4624{}, logon + " ImpersonationLevel RestrictedAdminMode RemoteCredentialGuard TargetOutboundUserName TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken"},
	{"4688 v0", &evtx.Security4688{}, subject + " NewProcessId NewProcessName TokenElevationType ProcessId"},
	{"4688 v1", &evtx.Security4688{}, subject + " NewProcessId NewProcessName TokenElevationType ProcessId CommandLine"},
	{"4688 v2 of 13", &evtx.Security4688{}, subject + " NewProcessId NewProcessName TokenElevationType ProcessId CommandLine " + target},
	{"4688 v2 of 15", &evtx.Security4688{}, subject + " NewProcessId NewProcessName TokenElevationType ProcessId CommandLine " + target + " ParentProcessName MandatoryLabel"},
	{"4616 v0", &evtx.Security4616{}, subject + " PreviousDate PreviousTime NewDate NewTime ProcessId ProcessName"},
	{"4616 v1", &evtx.Security4616{}, subject + " PreviousTime NewTime ProcessId ProcessName"},
	{"4656 v0", &evtx.Security4656{}, subject + " " + handle + " AccessList AccessMask PrivilegeList RestrictedSidCount ProcessId ProcessName"},
	{"4656 v1 of 16", &evtx.Security4656{}, subject + " " + handle + " AccessList AccessReason AccessMask PrivilegeList RestrictedSidCount ProcessId ProcessName"},
	{"4656 v1 of 17", &evtx.Security4656{}, subject + " " + handle + " AccessList AccessReason AccessMask PrivilegeList RestrictedSidCount ProcessId ProcessName ResourceAttributes"},
	{"4697 v0", &evtx.Security4697{}, subject + " ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount"},
	{"4697 v1", &evtx.Security4697{}, subject + " ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount ClientProcessStartKey ClientProcessId ParentProcessId"},
	{"4768 v0", &evtx.Security4768{}, "TargetUserName TargetDomainName TargetSid ServiceName ServiceSid TicketOptions Status TicketEncryptionType PreAuthType IpAddress IpPort CertIssuerName CertSerialNumber CertThumbprint"},
	{"5156 v1 of 13", &evtx.Security5156{}, "ProcessID Application Direction SourceAddress SourcePort DestAddress DestPort Protocol FilterRTID LayerName LayerRTID RemoteUserID RemoteMachineID"},
	{"6272 v2", &evtx.Security6272{}, "SubjectUserSid SubjectUserName SubjectDomainName FullyQualifiedSubjectUserName SubjectMachineSID SubjectMachineName FullyQualifiedSubjectMachineName CalledStationID CallingStationID NASIPv4Address NASIPv6Address NASIdentifier NASPortType NASPort ClientName ClientIPAddress ProxyPolicyName NetworkPolicyName AuthenticationProvider AuthenticationServer AuthenticationType EAPType AccountSessionIdentifier LoggingResult"},
	{"4698 v0", &evtx.Security4698{}, subject + " TaskName TaskContent"},
	{"1102 v0", &evtx.Security1102{}, subject},
	{"1102 v1", &evtx.Security1102{}, subject + " ClientProcessId ClientProcessStartKey"},
	{"104", &evtx.System104{}, "SubjectUserName SubjectDomainName Channel BackupPath"},
	{"7045", &evtx.System7045{}, "ServiceName ImagePath ServiceType StartType AccountName"},
	{"Sysmon 1 of 16", &evtx.Sysmon1{}, process + " " + process1},
	{"Sysmon 1 of 21", &evtx.Sysmon1{}, "RuleName " + process + " FileVersion Description Product Company " + process1},
	{"Sysmon 1 of 22", &evtx.Sysmon1{}, "RuleName " + process + " FileVersion Description Product Company OriginalFileName " + process1},
	{"Sysmon 1 of 23", &evtx.Sysmon1{}, "RuleName " + process + " FileVersion Description Product Company OriginalFileName " + process1 + " ParentUser"},
	{"Sysmon 11 of 6", &evtx.Sysmon11{}, process + " TargetFilename CreationUtcTime"},
	{"Sysmon 11 of 7", &evtx.Sysmon11{}, "RuleName " + process + " TargetFilename CreationUtcTime"},
	{"Sysmon 11 of 8", &evtx.Sysmon11{}, "RuleName " + process + " TargetFilename CreationUtcTime User"},
	{"Sysmon 15 of 7", &evtx.Sysmon15{}, process + " TargetFilename CreationUtcTime Hash"},
	{"Sysmon 15 of 8", &evtx.Sysmon15{}, "RuleName " + process + " TargetFilename CreationUtcTime Hash"},
	{"Sysmon 15 of 10", &evtx.Sysmon15{}, "RuleName " + process + " TargetFilename CreationUtcTime Hash Contents User"},
	{"1149", &evtx.RDP1149{}, "Param1 Param2 Param3"},
	{"21", &evtx.RDP21{}, "User SessionID Address"},
	{"23", &evtx.RDP23{}, "User SessionID"},
	{"39", &evtx.RDP39{}, "TargetSession Source"},
	{"40", &evtx.RDP40{}, "Session Reason"},
}

// sampled returns an event of a kind in which each field has a value of its own.
func sampled(k evtx.Kind) evtx.TypedEvent {
	e := k.New()
	v := reflect.ValueOf(e).Elem()
	for i := 1; i < v.NumField()-1; i++ { // without System and Extra
		f, n := v.Field(i), 100+i
		switch f.Interface().(type) {
		case evtx.GUID:
			f.Set(reflect.ValueOf(evtx.GUID{byte(n), 1}))
			continue
		case time.Time:
			f.Set(reflect.ValueOf(time.Date(2026, 3, 4, 5, 6, 7, n*1e6, time.UTC)))
			continue
		case []byte:
			f.SetBytes([]byte{byte(n), 0})
			continue
		case []string:
			f.Set(reflect.ValueOf([]string{"value", fmt.Sprint(n)}))
			continue
		}
		switch f.Kind() {
		case reflect.String:
			f.SetString(fmt.Sprintf("value %d", n))
			if tag := v.Type().Field(i).Tag.Get("evtx"); strings.Contains(tag+",", ",sid,") {
				f.SetString(fmt.Sprintf("S-1-5-%d", n))
			}
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Int32, reflect.Int64:
			f.SetInt(int64(-n))
		case reflect.Float64:
			f.SetFloat(float64(n))
		default:
			f.SetUint(uint64(n))
		}
	}
	return e
}

// fieldNamed returns the index of the field that has a name in the log.
func fieldNamed(typ reflect.Type, name string) int {
	for i := 1; i < typ.NumField()-1; i++ {
		names, _, _ := strings.Cut(typ.Field(i).Tag.Get("evtx"), ",")
		if names == "" {
			names = typ.Field(i).Name
		}
		if first, other, _ := strings.Cut(names, "|"); name == cmp.Or(first, typ.Field(i).Name) || name == other {
			return i
		}
	}
	return 0
}

// The layouts of the table are declared, so the next test writes and reads them.
func TestLayoutsAreDeclared(t *testing.T) {
	for _, tt := range layouts {
		k, _ := evtx.KindOf(tt.kind)
		if fields := strings.Fields(tt.fields); !slices.ContainsFunc(k.Layouts(), func(l []string) bool { return slices.Equal(l, fields) }) {
			t.Errorf("%s: %q is not a layout of %s:\n%q", tt.name, fields, k.Name, k.Layouts())
		}
	}
}

// Every layout of every kind is read by the names of its fields, in any order. Fields
// that it lacks are zero.
func TestLayoutsAreReadByName(t *testing.T) {
	for k := range evtx.Kinds() {
		for n, names := range k.Layouts() {
			t.Run(fmt.Sprintf("%s layout %d", k.Name, n), func(t *testing.T) { testLayout(t, k, names) })
		}
	}
}

func testLayout(t *testing.T, k evtx.Kind, names []string) {
	whole := sampled(k)
	whole.Sys().TimeCreated = made.TimeCreated
	written, err := evtx.EventOf(whole)
	if err != nil {
		t.Fatal(err)
	}
	from, want := reflect.ValueOf(whole).Elem(), k.New()
	var values []evtx.Value
	for _, v := range written.Leaves() {
		values = append(values, v)
	}
	written.Fields = nil
	backwards := *written
	var named []func()
	for _, name := range names {
		i := fieldNamed(from.Type(), name)
		reflect.ValueOf(want).Elem().Field(i).Set(from.Field(i))
		if name[0] == '#' { // by position
			name = ""
			backwards.Add(name, values[i-1])
		} else {
			named = append(named, func() { backwards.Add(name, values[i-1]) })
		}
		written.Add(name, values[i-1])
	}
	if !slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, "/@") }) { // attributes come first
		slices.Reverse(named)
	}
	for _, add := range named {
		add()
	}
	log, err := evtxtest.Bytes(written, &backwards)
	if err != nil {
		t.Fatal(err)
	}
	for rec, err := range open(t, log).Records() {
		if err != nil {
			t.Fatal(err)
		}
		typed, err := rec.Typed()
		if err != nil {
			t.Fatal(err)
		}
		*want.Sys() = *typed.Sys()
		if !reflect.DeepEqual(typed, want) {
			t.Errorf("got  %+v\nwant %+v", typed, want)
		}
	}
	for version := range k.New().Sys().Version + 1 {
		want.Sys().Version = version
		testWrittenAgain(t, want)
	}
}

// testWrittenAgain writes an event that was read, and reads it again.
func testWrittenAgain(t *testing.T, want evtx.TypedEvent) {
	t.Helper()
	log, err := evtxtest.Bytes(want)
	if err != nil {
		t.Fatal(err)
	}
	rec := only(t, log)
	if got, err := rec.Typed(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("version %d (%v):\n got  %+v\n want %+v", want.Sys().Version, err, got, want)
	}
}

// On 32-bit Windows both GUIDs of 4648 are named LogonGuid: the struct has the
// first, Event has both.
func TestNamesThatRepeat(t *testing.T) {
	e, err := evtx.EventOf(&evtx.Security4648{System: made, LogonGuid: evtx.GUID{1}, TargetLogonGuid: evtx.GUID{2}, ProcessId: 7})
	if err != nil {
		t.Fatal(err)
	}
	for i := range e.Fields {
		switch e.Fields[i].Name {
		case "TargetLogonGuid":
			e.Fields[i].Name = "LogonGuid"
		case "ProcessId":
			e.Fields[i].Value = evtx.NewValue(evtx.SizeTType, []byte{7, 0, 0, 0}) // a pointer of 32 bits
		}
	}
	log, err := evtxtest.Bytes(e)
	if err != nil {
		t.Fatal(err)
	}
	rec := only(t, log)
	typed, err := rec.Typed()
	if err != nil {
		t.Fatal(err)
	}
	if got := typed.(*evtx.Security4648); got.LogonGuid != (evtx.GUID{1}) || got.TargetLogonGuid != (evtx.GUID{}) || got.ProcessId != 7 {
		t.Errorf("got %+v", got)
	}
	back, err := rec.Event()
	if err != nil {
		t.Fatal(err)
	}
	var guids []string
	for _, f := range back.Fields {
		if f.Name == "LogonGuid" {
			guids = append(guids, f.Value.String())
		}
	}
	if len(guids) != 2 || guids[0] == guids[1] {
		t.Errorf("got %v", guids)
	}
}

// Windows 7 logs the times of 4616 as text in the language of the machine: the text is
// kept, and written again.
func TestTimesThatAreText(t *testing.T) {
	e, err := evtx.EventOf(&evtx.Security4616{System: evtx.System{Provider: "Microsoft-Windows-Security-Auditing", EventID: 4616, Channel: "Security", TimeCreated: made.TimeCreated}, NewDate: "8/23/2015", ProcessName: `C:\a.exe`})
	if err != nil {
		t.Fatal(err)
	}
	for i := range e.Fields {
		if strings.HasSuffix(e.Fields[i].Name, "Time") {
			e.Fields[i].Value = evtx.StringValue("11:52:54 PM")
		}
	}
	log, err := evtxtest.Bytes(e)
	if err != nil {
		t.Fatal(err)
	}
	rec := only(t, log)
	typed, err := rec.Typed()
	if err != nil {
		t.Fatal(err)
	}
	got := typed.(*evtx.Security4616)
	if !got.NewTime.IsZero() || len(got.Extra) != 2 || got.Extra[1].Name != "NewTime" || got.Extra[1].Value.String() != "11:52:54 PM" {
		t.Errorf("got %+v", got)
	}
	again, err := evtx.EventOf(typed)
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Fields) != len(e.Fields) || again.Text("NewTime") != "11:52:54 PM" {
		t.Errorf("got %v, want %v", again.Fields, e.Fields)
	}
}

// Two layouts of 4688 have version 2. An event that was read is written with the fields
// that it had, an event that was made with those of the newest.
func TestLayoutsOfOneVersion(t *testing.T) {
	read := evtx.System{Provider: "Microsoft-Windows-Security-Auditing", EventID: 4688, Version: 2}
	for _, tt := range []struct {
		name  string
		event evtx.Security4688
		want  int
	}{
		{"made", evtx.Security4688{CommandLine: "a"}, 15},
		{"made for an old version", evtx.Security4688{System: evtx.System{Version: 1}, CommandLine: "a"}, 9},
		{"read, without a parent", evtx.Security4688{System: read, CommandLine: "a"}, 13},
		{"read, with a parent", evtx.Security4688{System: read, ParentProcessName: "a"}, 15},
		{"read, of a newer version", evtx.Security4688{System: evtx.System{Provider: read.Provider, EventID: 4688, Version: 9}, MandatoryLabel: "S-1-16-12288"}, 15},
	} {
		e, err := evtx.EventOf(&tt.event)
		if err != nil || len(e.Fields) != tt.want {
			t.Errorf("%s: %d fields, want %d (%v)", tt.name, len(e.Fields), tt.want, err)
		}
	}
}

// A pointer may have the type 0x10, 0x14 or 0x15, whatever the template has. 64-bit
// Windows writes 0x15.
func TestPointersOfEveryType(t *testing.T) {
	for _, v := range []evtx.Value{
		evtx.NewValue(evtx.SizeTType, []byte{0xe8, 3, 0, 0}),
		evtx.NewValue(evtx.SizeTType, []byte{0xe8, 3, 0, 0, 0, 0, 0, 0}),
		evtx.NewValue(evtx.HexInt32Type, []byte{0xe8, 3, 0, 0}),
		evtx.NewValue(evtx.HexInt64Type, []byte{0xe8, 3, 0, 0, 0, 0, 0, 0}),
	} {
		log, err := evtxtest.Bytes(&evtx.Event{
			System:  evtx.System{Provider: "Microsoft-Windows-Security-Auditing", EventID: 4688, Channel: "Security", TimeCreated: made.TimeCreated},
			Element: "EventData", Fields: []evtx.Field{{Name: "NewProcessId", Value: v}},
		})
		if err != nil {
			t.Fatal(err)
		}
		rec := only(t, log)
		typed, err := rec.Typed()
		if err != nil || typed.(*evtx.Security4688).NewProcessId != 1000 {
			t.Errorf("%v: got %+v, %v", v.Type, typed, err)
		}
		again, err := evtx.EventOf(typed)
		if err != nil {
			t.Fatal(err)
		}
		if w, _ := again.Lookup("NewProcessId"); w.Type != evtx.HexInt64Type {
			t.Errorf("written as %v, want %v", w.Type, evtx.HexInt64Type)
		}
	}
}
