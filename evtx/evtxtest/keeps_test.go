package evtxtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// The fields of a tree, as evtx.Event.Tree returns it.
func element(name string, inside ...evtx.Field) evtx.Field {
	f := evtx.Field{Name: name}
	for _, in := range inside {
		switch {
		case strings.HasPrefix(in.Name, "@"):
			in.Name = in.Name[1:]
			f.Attributes = append(f.Attributes, in)
		case in.Name == "":
			f.Value = in.Value
		default:
			f.Fields = append(f.Fields, in)
		}
	}
	return f
}

func attr(name string, v evtx.Value) evtx.Field { return evtx.Field{Name: "@" + name, Value: v} }
func text(s string) evtx.Field                  { return evtx.Field{Value: evtx.StringValue(s)} }
func value(v evtx.Value) evtx.Field             { return evtx.Field{Value: v} }
func data(name string, inside ...evtx.Field) evtx.Field {
	return element("Data", append([]evtx.Field{attr("Name", evtx.StringValue(name))}, inside...)...)
}

// windows is a System element as Windows writes it.
var windows = (&evtx.Event{System: evtx.System{
	Provider: "Demo", EventID: 7, Version: 1, Level: 4, Keywords: 0x8000000000000000, TimeCreated: when, RecordID: 1,
	ProcessID: 4, ThreadID: 8, Channel: "Application", Computer: "PC",
}}).Tree().Fields[0]

// changed returns the System element with elements replaced or removed.
func changed(replace map[string]*evtx.Field) evtx.Field {
	f := windows
	f.Fields = nil
	for _, k := range windows.Fields {
		if r, ok := replace[k.Name]; !ok {
			f.Fields = append(f.Fields, k)
		} else if r != nil {
			f.Fields = append(f.Fields, *r)
		}
	}
	return f
}

func pointer(f evtx.Field) *evtx.Field { return &f }

// kept are events with what only some logs have. Event keeps all of it, and the writer
// writes it.
var kept = []struct {
	name   string
	system evtx.Field
	data   []evtx.Field // elements beside System
	json   string       // of them, after System; "" if only System is looked at
	leaves string
}{
	{"no data", windows, nil, ``, ""},
	{"EventData that is empty", windows, []evtx.Field{element("EventData")}, `"EventData":null`, ""},
	{"EventData with a name", windows,
		[]evtx.Field{element("EventData", attr("Name", evtx.StringValue("TaskDisabled")), data("Task", text(`\a`)))},
		`"EventData":{"#attributes":{"Name":"TaskDisabled"},"Task":"\\a"}`, `Task=\a`},
	{"Data and Binary", windows,
		[]evtx.Field{element("EventData", element("Data", text("sa")), element("Data", text("203.0.113.9")), element("Binary", value(evtx.BinaryValue([]byte{0xca, 0xfe}))))},
		`"EventData":{"Data":{"#text":["sa","203.0.113.9"]},"Binary":"CAFE"}`, "=sa =203.0.113.9 Binary=CAFE"},
	{"ComplexData", windows,
		[]evtx.Field{element("EventData", element("ComplexData", attr("Name", evtx.StringValue("IdleState")), text("01")), element("ComplexData", attr("Name", evtx.StringValue("PerfState")), text("02")))},
		`"EventData":{"ComplexData":{"#attributes":{"Name":"IdleState"},"#text":"01"},"ComplexData_1":{"#attributes":{"Name":"PerfState"},"#text":"02"}}`, "IdleState=01 PerfState=02"},
	{"absent, null and empty", windows,
		[]evtx.Field{element("EventData", data("Null"), data("Empty", text("")))},
		`"EventData":{"Null":"","Empty":""}`, "Null= Empty="},
	{"no name and no value", windows,
		[]evtx.Field{element("EventData", element("Data"), element("Data", text("a")), element("Data"))},
		`"EventData":{"Data":{"#text":["","a",""]}}`, "= =a ="},
	{"names that repeat", windows,
		[]evtx.Field{element("EventData", data("A", text("1")), data("B", text("2")), data("A", text("3")), data("A", text("4")))},
		`"EventData":{"A":"1","B":"2","A_1":["3","4"]}`, "A=1 B=2 A=3 A=4"},
	{"attributes and siblings below UserData", windows,
		[]evtx.Field{element("UserData", element("Chain", attr("xmlns", evtx.StringValue("urn:x")),
			element("Certificate", attr("name", evtx.StringValue("CN=a")), element("Hash", text("00"))),
			element("Certificate", attr("name", evtx.StringValue("CN=b")), attr("flags", evtx.UInt32Value(3))),
			element("Result", attr("value", evtx.StringValue("0")), text("fine")), element("Empty")))},
		`"UserData":{"Chain":{"#attributes":{"xmlns":"urn:x"},"Certificate":{"#attributes":{"name":"CN=a"},"Hash":"00"},"Certificate_1":{"#attributes":{"name":"CN=b","flags":3}},"Result":{"#attributes":{"value":"0"},"#text":"fine"},"Empty":null}}`,
		"Certificate/@name=CN=a Certificate/Hash=00 Certificate/@name=CN=b Certificate/@flags=3 Certificate= Result/@value=0 Result=fine Empty="},
	{"text beside elements", windows,
		[]evtx.Field{element("EventData", text("loose"), data("A", text("1")))},
		`"EventData":{"#text":"loose","A":"1"}`, "=loose A=1"},
	{"an array", windows,
		[]evtx.Field{element("EventData", data("Ports", value(evtx.NewValue(evtx.UInt16Type|evtx.ArrayFlag, []byte{80, 0, 187, 1}))))},
		`"EventData":{"Ports":[80,443]}`, "Ports=80,443"},
	{"RenderingInfo", windows,
		[]evtx.Field{element("EventData", data("A", text("1"))), element("RenderingInfo", attr("Culture", evtx.StringValue("en-US")),
			element("Message", text("It happened.")), element("Level", text("Information")), element("Task", text("")), element("Opcode", text("Info")),
			element("Channel", text("")), element("Provider", text("Demo service")), element("Keywords", element("Keyword", text("Classic")), element("Keyword", text("Audit"))))},
		`"EventData":{"A":"1"},"RenderingInfo":{"#attributes":{"Culture":"en-US"},"Message":"It happened.","Level":"Information","Task":null,"Opcode":"Info","Channel":null,"Provider":"Demo service","Keywords":{"Keyword":"Classic","Keyword_1":"Audit"}}`, "A=1"},
	{"ProcessingErrorData", windows,
		[]evtx.Field{element("ProcessingErrorData", element("ErrorCode", value(evtx.UInt32Value(15005))), element("DataItemName"))},
		`"ProcessingErrorData":{"ErrorCode":15005,"DataItemName":null}`, "ErrorCode=15005 DataItemName="},
	{"System without Version and Execution", changed(map[string]*evtx.Field{"Version": nil, "Execution": nil}), []evtx.Field{element("EventData")}, "", ""},
	{"Qualifiers that are zero", changed(map[string]*evtx.Field{"EventID": pointer(element("EventID", attr("Qualifiers", evtx.NumberValue(evtx.UInt16Type, 0)), value(evtx.NumberValue(evtx.UInt16Type, 7))))}),
		[]evtx.Field{element("EventData")}, "", ""},
	{"System as text, of a forwarded event", changed(map[string]*evtx.Field{"EventID": pointer(element("EventID", text("7"))), "Level": pointer(element("Level", text("4"))),
		"TimeCreated": pointer(element("TimeCreated", attr("SystemTime", evtx.StringValue("2026-03-04T05:06:07.123Z"))))}), []evtx.Field{element("EventData")}, "", ""},
	{"a further attribute in System", changed(map[string]*evtx.Field{"Execution": pointer(element("Execution", attr("ProcessID", evtx.UInt32Value(4)), attr("ThreadID", evtx.UInt32Value(8)), attr("ProcessorID", evtx.UInt32Value(1))))}),
		[]evtx.Field{element("EventData")}, "", ""},
}

// What is read and written again is the same event, and the same JSON.
func TestEventsKeepAll(t *testing.T) {
	for _, tt := range kept {
		t.Run(tt.name, func(t *testing.T) {
			e := evtx.NewEvent(element("Event", append([]evtx.Field{attr("xmlns", evtx.StringValue("http://schemas.microsoft.com/win/2004/08/events/event")), tt.system}, tt.data...)...))
			first, js := rewrite(t, e)
			second, again := rewrite(t, first)
			if js != again || tt.json != "" && !strings.HasSuffix(js, `}},`+tt.json+"}}") && !strings.HasSuffix(js, `"Security":null},`+tt.json+"}}") {
				t.Errorf("JSON\n%s, then\n%s, want\n%s", js, again, tt.json)
			}
			if !reflect.DeepEqual(plain(first), plain(second)) {
				t.Errorf("%+v\n%+v", first, second)
			}
			for _, clone := range []any{evtx.Clone(first), second} {
				if _, third := rewrite(t, clone); third != js {
					t.Errorf("JSON\n%s, want\n%s", third, js)
				}
			}
			var leaves []string
			for name, v := range first.Leaves() {
				leaves = append(leaves, name+"="+v.String())
			}
			if got := strings.Join(leaves, " "); got != tt.leaves {
				t.Errorf("leaves %q, want %q", got, tt.leaves)
			}
		})
	}
}

// rewrite writes an event and reads it.
func rewrite(t *testing.T, e any) (*evtx.Event, string) {
	t.Helper()
	log, err := evtxtest.Bytes(e)
	if err != nil {
		t.Fatal(err)
	}
	for rec, err := range read(t, log).Records() {
		if err != nil {
			t.Fatal(err)
		}
		js, err := rec.AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		again, err := rec.Event()
		if err != nil {
			t.Fatal(err)
		}
		return again, string(js)
	}
	t.Fatal("no record")
	return nil, ""
}

// plain returns a tree with values as type and text: where they are in the log is of
// no interest.
func plain(e *evtx.Event) (all []string) {
	var visit func(f evtx.Field, path string)
	visit = func(f evtx.Field, path string) {
		path += "/" + f.Name
		all = append(all, fmt.Sprintf("%s %v %q", path, f.Value.Type, f.Value.Bytes()))
		for _, a := range f.Attributes {
			visit(a, path+"/@")
		}
		for _, k := range f.Fields {
			visit(k, path)
		}
	}
	visit(e.Tree(), "")
	return all
}

// What was changed after reading is written, whatever form System had.
func TestChangedEvents(t *testing.T) {
	for _, tt := range kept {
		e := evtx.NewEvent(element("Event", tt.system))
		e.Computer, e.Version, e.RecordID, e.UserSID = "OTHER", 3, 9, "S-1-5-18"
		again, js := rewrite(t, e)
		if again.System != e.System {
			t.Errorf("%s: got %+v, want %+v\n%s", tt.name, again.System, e.System, js)
		}
	}
}

// Rust's evtx_dump prints the same, with the data of classic events too.
func TestEvtxDumpReadsAll(t *testing.T) {
	tool := testenv.Tool(t, "evtx_dump")
	var log evtxtest.Log
	var want []string
	for _, tt := range kept {
		e := evtx.NewEvent(element("Event", append([]evtx.Field{attr("xmlns", evtx.StringValue("http://schemas.microsoft.com/win/2004/08/events/event")), tt.system}, tt.data...)...))
		e.RecordID = 0
		if err := log.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	for rec, err := range read(t, log.Bytes()).Records() {
		if err != nil {
			t.Fatal(err)
		}
		js, err := rec.AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, string(js))
	}
	out, err := exec.Command(tool, "-t", "1", "-o", "jsonl", writeTemp(t, log.Bytes())).Output()
	if err != nil {
		t.Fatal(err)
	}
	got := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	if len(got) != len(want) {
		t.Fatalf("%d records, want %d", len(got), len(want))
	}
	for i := range want {
		var a, b any
		if json.Unmarshal(got[i], &a) != nil || json.Unmarshal([]byte(want[i]), &b) != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s:\n got  %s\n want %s", kept[i].name, got[i], want[i])
		}
	}
}
