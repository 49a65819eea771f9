package evtx_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

const (
	subject  = "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId"
	target   = "TargetUserSid TargetUserName TargetDomainName TargetLogonId"
	logon    = subject + " " + target + " LogonType LogonProcessName AuthenticationPackageName WorkstationName LogonGuid TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort"
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
	{"4697", &evtx.Security4697{}, subject + " ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount"},
	{"4698 v0", &evtx.Security4698{}, subject + " TaskName TaskContent"},
	{"1102", &evtx.Security1102{}, subject},
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

// sampleValue returns a value of a type that no other field has.
func sampleValue(typ evtx.ValueType, n int) evtx.Value {
	number := le.AppendUint64(nil, uint64(1000+n))
	switch typ {
	case evtx.GUIDType:
		return evtx.NewValue(typ, append(number, number...))
	case evtx.NullType, evtx.SIDType: // an empty SID is written as null
		return evtx.NewValue(evtx.SIDType, []byte{1, 1, 0, 0, 0, 0, 0, 5, byte(n), 0, 0, 0})
	case evtx.UInt8Type:
		return evtx.NewValue(typ, number[:1])
	case evtx.UInt16Type:
		return evtx.NewValue(typ, number[:2])
	case evtx.UInt32Type, evtx.HexInt32Type:
		return evtx.NewValue(typ, number[:4])
	case evtx.BoolType:
		return evtx.NewValue(typ, []byte{1, 0, 0, 0})
	case evtx.StringType:
		return evtx.StringValue(fmt.Sprintf("value %d", n))
	}
	return evtx.NewValue(typ, number)
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
	full, err := evtx.EventOf(k.New())
	if err != nil {
		t.Fatal(err)
	}
	written := *full
	written.Fields = nil
	for i, name := range names {
		zero, _ := full.Lookup(name)
		v := sampleValue(zero.Type, i)
		if strings.HasSuffix(name, "UtcTime") {
			v = evtx.StringValue(fmt.Sprintf("2026-03-04 05:06:07.%03d", i))
		}
		written.Fields = append(written.Fields, evtx.Field{Name: name, Value: v})
	}
	backwards := written
	backwards.Fields = slices.Clone(written.Fields)
	slices.Reverse(backwards.Fields)
	log, err := evtxtest.Bytes(&written, &backwards)
	if err != nil {
		t.Fatal(err)
	}
	for rec, err := range open(t, log).Records() {
		if err != nil {
			t.Fatal(err)
		}
		typed, err := rec.Typed()
		if err != nil || reflect.TypeOf(typed) != reflect.TypeOf(k.New()) {
			t.Fatalf("got %T, %v", typed, err)
		}
		again, err := evtx.EventOf(typed)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range again.Fields {
			if !slices.Contains(names, f.Name) {
				if zero, _ := full.Lookup(f.Name); !bytes.Equal(f.Value.Bytes(), zero.Bytes()) {
					t.Errorf("%s is %v, not in the log", f.Name, f.Value)
				}
				continue
			}
			if want, _ := written.Lookup(f.Name); f.Value.String() != want.String() {
				t.Errorf("%s: got %v, want %v", f.Name, f.Value, want)
			}
		}
	}
}

// On 32-bit Windows both GUIDs of 4648 are named LogonGuid: the struct has the
// first, Event has both.
func TestNamesThatRepeat(t *testing.T) {
	e, err := evtx.EventOf(&evtx.Security4648{LogonGuid: evtx.GUID{1}, TargetLogonGuid: evtx.GUID{2}, ProcessId: 7})
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

// A pointer may have the type 0x10, 0x14 or 0x15, whatever the template has.
func TestPointersOfEveryType(t *testing.T) {
	for _, v := range []evtx.Value{
		evtx.NewValue(evtx.SizeTType, []byte{0xe8, 3, 0, 0}),
		evtx.NewValue(evtx.SizeTType, []byte{0xe8, 3, 0, 0, 0, 0, 0, 0}),
		evtx.NewValue(evtx.HexInt32Type, []byte{0xe8, 3, 0, 0}),
		evtx.NewValue(evtx.HexInt64Type, []byte{0xe8, 3, 0, 0, 0, 0, 0, 0}),
	} {
		log, err := evtxtest.Bytes(&evtx.Event{
			System:  evtx.System{Provider: "Microsoft-Windows-Security-Auditing", EventID: 4688},
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
	}
}
