package evtxtest_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// Events that Windows does not write are refused, with the name of the field.
func TestImpossibleEvents(t *testing.T) {
	sound := evtx.System{Provider: "Demo", Channel: "Application", TimeCreated: when}
	with := func(change func(*evtx.System)) *evtx.Event {
		e := &evtx.Event{System: sound}
		change(&e.System)
		return e
	}
	holds := func(userData bool, f ...evtx.Field) *evtx.Event {
		return &evtx.Event{System: sound, Element: "EventData", UserData: userData, Fields: f}
	}
	for _, tt := range []struct {
		name  string
		event any
		want  string
	}{
		{"no time", with(func(s *evtx.System) { s.TimeCreated = evtx.System{}.TimeCreated }), "System.TimeCreated is zero"},
		{"no time in a struct", &evtx.Security4624{}, "System.TimeCreated is zero"},
		{"no provider", with(func(s *evtx.System) { s.Provider = "" }), "System.Provider is empty"},
		{"no channel", with(func(s *evtx.System) { s.Channel = "" }), "System.Channel is empty"},
		{"a user that is not a SID", with(func(s *evtx.System) { s.UserSID = "SYSTEM" }), `System.UserSID: SID "SYSTEM"`},
		{"a field that is not a SID", &evtx.Security4688{System: evtx.System{TimeCreated: when}, SubjectUserSid: "SYSTEM"}, `SubjectUserSid: SID "SYSTEM"`},
		{"a struct with another identifier", &evtx.Sysmon1{System: evtx.System{EventID: 99, TimeCreated: when}}, `*evtx.Sysmon1: System has provider "" and event 99`},
		{"a struct with the provider of another", &evtx.Sysmon1{System: evtx.System{Provider: "Demo", EventID: 1, TimeCreated: when}}, `provider "Demo" and event 1`},
		{"a name with a blank", holds(true, evtx.Field{Name: "two words"}), `"UserData/EventData/two words": not a name in XML`},
		{"a name with a slash", holds(true, evtx.Field{Name: "Flags/@value"}), `"UserData/EventData/Flags/@value": not a name in XML`},
		{"an attribute with a blank", holds(true, evtx.Field{Name: "A", Attributes: []evtx.Field{{Name: "b c"}}}), `"UserData/EventData/A/@b c": not a name in XML`},
		{"an element without a name", holds(true, evtx.Field{}), `"UserData/EventData/": not a name in XML`},
		{"any text may name Data", holds(false, evtx.Field{Name: "two words/@x"}), ""},
		{"a number of two bytes", holds(false, evtx.Field{Name: "Count", Value: evtx.NewValue(evtx.UInt32Type, []byte{1, 2})}), `"EventData/Count": type 0x08 has 2 bytes, want 4`},
		{"an array of odd size", holds(false, evtx.Field{Name: "Ports", Value: evtx.NewValue(evtx.UInt16Type|evtx.ArrayFlag, []byte{1, 2, 3})}), `"EventData/Ports": type 0x86 has 3 bytes, want 2`},
		{"a pointer of two bytes", holds(false, evtx.Field{Name: "P", Value: evtx.NewValue(evtx.SizeTType, []byte{1, 2})}), `"EventData/P": type 0x10 has 2 bytes, want 4 or 8`},
		{"half a unit of text", holds(false, evtx.Field{Name: "T", Value: evtx.NewValue(evtx.StringType, []byte{'a', 0, 'b'})}), `"EventData/T": type 0x01 has 3 bytes, want an even number`},
		{"a torn SID", holds(false, evtx.Field{Name: "Sid", Value: evtx.NewValue(evtx.SIDType, []byte{1, 5, 0})}), `"EventData/Sid": `},
		{"binary XML", holds(false, evtx.Field{Name: "X", Value: evtx.NewValue(evtx.BinXMLType, []byte{0})}), `"EventData/X": type 0x21 cannot be written`},
		{"a type that does not exist", holds(false, evtx.Field{Name: "X", Value: evtx.NewValue(0x7f, []byte{0})}), `"EventData/X": type 0x7f cannot be written`},
		{"nothing", (*evtx.Event)(nil), "*evtx.Event"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := evtxtest.Bytes(tt.event)
			switch {
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// Events of several logs have numbers that do not increase. They are refused, and without
// their numbers they keep their order.
func TestMergedLogs(t *testing.T) {
	merged := func(numbered bool) (all []any) {
		for i, id := range []uint64{9000, 9001, 100, 101} {
			e := &evtx.Sysmon5{System: evtx.System{TimeCreated: when, RecordID: id}, ProcessId: uint32(i)}
			if !numbered {
				e.RecordID = 0
			}
			all = append(all, e)
		}
		return all
	}
	if _, err := evtxtest.Bytes(merged(true)...); err == nil || !strings.Contains(err.Error(), "event 2: System.RecordID is 100, after 9001") {
		t.Errorf("got %v", err)
	}
	log, err := evtxtest.Bytes(merged(false)...)
	if err != nil {
		t.Fatal(err)
	}
	n := uint64(0)
	for rec, err := range read(t, log).Records() {
		if err != nil {
			t.Fatal(err)
		}
		e, err := rec.Typed()
		if n++; err != nil || e.Sys().RecordID != n || rec.ID != n || e.(*evtx.Sysmon5).ProcessId != uint32(n-1) {
			t.Errorf("place %d: %+v, %v", n, e, err)
		}
	}
}

// A struct with nothing in System is written as Windows writes the kind.
func TestStructsThatAreMadeByHand(t *testing.T) {
	at := evtx.System{TimeCreated: when}
	for _, tt := range []struct {
		name  string
		event any
		want  []string // in the JSON
		not   string
	}{
		{"System of a logon", &evtx.Security4624{System: at, LogonType: 3}, []string{
			`"Guid":"{54849625-5478-4994-a5ba-3e3b0328c30d}"`, `"EventID":4624,`, `"Version":3,`, `"Level":0,`, `"Task":12544,`, `"Keywords":"0x8020000000000000"`, `"Channel":"Security"`}, ""},
		{"absent address of a logon", &evtx.Security4624{System: at, LogonType: 3}, []string{`"IpAddress":"-"`, `"IpPort":"-"`, `"WorkstationName":"-"`}, `"IpAddress":""`},
		{"absent address of a failed logon", &evtx.Security4625{System: at}, []string{`"Task":12544,`, `"Keywords":"0x8010000000000000"`, `"IpAddress":"-"`}, ""},
		{"a process without resources", &evtx.Sysmon1{System: at, Image: `C:\a.exe`}, []string{
			`"Version":5,"Level":4,"Task":1,`, `"FileVersion":"-"`, `"Description":"-"`, `"Product":"-"`, `"Company":"-"`, `"OriginalFileName":"-"`, `"UtcTime":"2026-03-04 05:06:07.123"`}, `:""`},
		{"a service", &evtx.System7045{System: at, ServiceName: "Drop"}, []string{`"EventSourceName":"Service Control Manager"`, `"EventID":{"#attributes":{"Qualifiers":16384},"#text":7045}`, `"Keywords":"0x8080000000000000"`}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, js := rewrite(t, tt.event)
			for _, want := range tt.want {
				if !strings.Contains(js, want) {
					t.Errorf("no %s in %s", want, js)
				}
			}
			if tt.not != "" && strings.Contains(js, tt.not) {
				t.Errorf("%s in %s", tt.not, js)
			}
		})
	}
}

// An event without data has an empty EventData element, without which evtxexport, and
// what is built on it, cannot export a record.
func TestEventsWithoutData(t *testing.T) {
	log, err := evtxtest.Bytes(&evtx.Event{System: evtx.System{Provider: "EventLog", EventID: 6005, Channel: "System", TimeCreated: when, Computer: "PC"}})
	if err != nil {
		t.Fatal(err)
	}
	for rec, err := range read(t, log).Records() {
		if err != nil {
			t.Fatal(err)
		}
		if xml, err := rec.AppendXML(nil); err != nil || !strings.Contains(string(xml), "<EventData/>") {
			t.Errorf("%s, %v", xml, err)
		}
	}
	out, err := exec.Command(testenv.Tool(t, "evtxexport"), writeTemp(t, log)).CombinedOutput()
	if err != nil || strings.Contains(string(out), "nable") || !strings.Contains(string(out), "6005") {
		t.Errorf("evtxexport: %v: %s", err, out)
	}
}

// In an exported log, records are numbered from 1, and events keep their numbers in any
// order.
func TestExportedLog(t *testing.T) {
	log := evtxtest.Log{Exported: true}
	given, want := []uint64{9000, 9001, 100, 0, 9000}, []uint64{9000, 9001, 100, 4, 9000}
	for i, id := range given {
		if err := log.Add(&evtx.Sysmon5{System: evtx.System{TimeCreated: when, RecordID: id}, ProcessId: uint32(i)}); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for rec, err := range read(t, log.Bytes()).Records() {
		if err != nil {
			t.Fatal(err)
		}
		sys, err := rec.System()
		if err != nil || rec.ID != uint64(n+1) || sys.RecordID != want[n] {
			t.Errorf("record %d at place %d, event %d, want %d: %v", rec.ID, n+1, sys.RecordID, want[n], err)
		}
		n++
	}
}
