package evtx_test

import (
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

// line returns a line of JSON: System has the given members besides those that it needs,
// and data follows it.
func line(system, data string) string {
	s := `{"Event":{"#attributes":{"xmlns":"http://schemas.microsoft.com/win/2004/08/events/event"},"System":{"Provider":{"#attributes":{"Name":"Demo"}},"EventID":7,` +
		`"TimeCreated":{"#attributes":{"SystemTime":"2026-03-02T13:42:09.1234567Z"}},"EventRecordID":1` + system + `,"Channel":"Application","Computer":"PC"}`
	if data != "" {
		s += "," + data
	}
	return s + "}}"
}

// written returns the JSON of a line that was made into a log.
func rewritten(t *testing.T, js string) string {
	t.Helper()
	e, err := evtx.ParseJSON([]byte(js))
	if err != nil {
		t.Fatal(err)
	}
	log, err := evtxtest.Bytes(e)
	if err != nil {
		t.Fatal(err)
	}
	rec := only(t, log)
	out, err := rec.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// Lines that are made into a log are the same lines again.
func TestParseJSON(t *testing.T) {
	for _, tt := range []struct{ name, system, data string }{
		{"no data", "", ""},
		{"no System but what is needed", "", `"EventData":null`},
		{"numbers", "", `"EventData":{"A":0,"B":4294967295,"C":4294967296,"D":18446744073709551615,"E":-1,"F":-9223372036854775808}`},
		{"Booleans, and text that looks like values", "", `"EventData":{"A":true,"B":false,"C":"true","D":"7","E":"0x10","F":"{54849625-5478-4994-a5ba-3e3b0328c30d}","G":"null"}`},
		{"text", "", `"EventData":{"A":"","B":"ü 𝄞 \" \\ \n\t \u001b","C":" blank ends "}`},
		{"members in any order", "", `"EventData":{"Z":"1","A":"2","M":"3"}`},
		{"names that repeat", "", `"EventData":{"A":"1","B":"2","A_1":"3","C":"4","A_2":["5","6"]}`},
		{"a suffix that is a part of the name", "", `"EventData":{"A_1":"1","A":"2","B":"3","B_1":"4"}`},
		{"one unnamed value", "", `"EventData":{"Data":{"#text":"a"}}`},
		{"unnamed values and Binary", "", `"EventData":{"Data":{"#text":["a","",7]},"Binary":"CAFE"}`},
		{"a field called Data", "", `"EventData":{"Data":"a"}`},
		{"Binary that is text", "", `"EventData":{"Binary":"not hexadecimal"}`},
		{"a name of EventData", "", `"EventData":{"#attributes":{"Name":"TaskDisabled"},"Task":"\\a"}`},
		{"elements below EventData", "", `"EventData":{"ComplexData":{"#attributes":{"Name":"IdleState"},"#text":"01"},"ComplexData_1":{"#attributes":{"Name":"PerfState"},"#text":"02"},"Empty":null}`},
		{"text of EventData", "", `"EventData":{"#text":"loose","A":"1"}`},
		{"a list", "", `"EventData":{"Ports":[80,443],"Names":["a","b"]}`},
		{"UserData", "", `"UserData":{"Chain":{"#attributes":{"xmlns":"urn:x"},"Cert":{"#attributes":{"name":"CN=a"},"Hash":"00"},"Cert_1":{"#attributes":{"name":"CN=b","n":3}},"Empty":null,"Yes":true}}`},
		{"UserData of two elements", "", `"UserData":{"A":"1","B":"2"}`},
		{"RenderingInfo", "", `"EventData":{"A":"1"},"RenderingInfo":{"#attributes":{"Culture":"en-US"},"Message":"It happened.","Level":"Information"}`},
		{"ProcessingErrorData", "", `"ProcessingErrorData":{"ErrorCode":15005,"DataItemName":"A","EventPayload":"00FF"}`},
		{"all of System", `,"Version":5,"Level":4,"Task":1,"Opcode":0,"Keywords":"0x8000000000000000","Correlation":{"#attributes":{"ActivityID":"{54849625-5478-4994-a5ba-3e3b0328c30d}"}},` +
			`"Execution":{"#attributes":{"ProcessID":4,"ThreadID":8,"ProcessorID":1}},"Security":{"#attributes":{"UserID":"S-1-5-18"}}`, `"EventData":null`},
		{"System as text", `,"Version":"5","Level":"4","Correlation":null`, `"EventData":null`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			js := line(tt.system, tt.data)
			if got := rewritten(t, js); got != js {
				t.Errorf("got\n%s, want\n%s", got, js)
			}
		})
	}
}

// A value that Windows always writes in a type has that type.
func TestParseJSONTypes(t *testing.T) {
	js := strings.Replace(line(`,"Keywords":"0x8020000000000000"`, `"EventData":{"SubjectUserSid":"S-1-5-18","SubjectLogonId":"0x3e7","NewProcessId":"0x1a4","NewProcessName":"0x7","ProcessId":"text","New":7}`),
		`"Name":"Demo"}},"EventID":7`, `"Name":"Microsoft-Windows-Security-Auditing","Guid":"54849625-5478-4994-A5BA-3E3B0328C30D"}},"EventID":4688`, 1)
	e, err := evtx.ParseJSON([]byte(js))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]evtx.ValueType{
		"SubjectUserSid": evtx.SIDType, "SubjectLogonId": evtx.HexInt64Type, "NewProcessId": evtx.SizeTType,
		"NewProcessName": evtx.StringType, "ProcessId": evtx.StringType, "New": evtx.UInt32Type,
	} {
		if v, _ := e.Lookup(name); v.Type != want {
			t.Errorf("%s has type %v, want %v", name, v.Type, want)
		}
	}
	if e.Kind() != "security-4688" || e.Keywords != 0x8020000000000000 || e.ProviderGUID.IsZero() {
		t.Errorf("got %+v", e.System)
	}
	// Other programs write six decimal places, or nine, and GUIDs without braces.
	for _, tt := range []struct{ time, want string }{{"09.123456Z", "09.1234560Z"}, {"09.123456700Z", "09.1234567Z"}, {"09Z", "09.0000000Z"}} {
		if got := rewritten(t, strings.Replace(js, "09.1234567Z", tt.time, 1)); !strings.Contains(got, tt.want) || !strings.Contains(got, `"Guid":"{54849625-5478-4994-a5ba-3e3b0328c30d}"`) {
			t.Errorf("%s: %s", tt.time, got)
		}
	}
}

// What an event does not have is refused, not dropped.
func TestParseJSONErrors(t *testing.T) {
	for _, tt := range []struct{ name, js, want string }{
		{"empty", "", "EOF"},
		{"not JSON", "{", "EOF"},
		{"not an object", "[]", `want an object with the member "Event"`},
		{"no event", `{"event":{}}`, `want an object with the member "Event"`},
		{"more than an event", strings.TrimSuffix(line("", ""), "}") + `,"_index":"winlogbeat"}`, `want an object with the member "Event"`},
		{"two objects", line("", "") + "{}", "more than one object"},
		{"a member of another program", line("", `"winlog":{}`), "winlog: an event"},
		{"a member of System that is misspelled", line(`,"EventId":7`, ""), "System: EventId: "},
		{"a member that is there twice", line("", `"EventData":{"A":"1","A":"2"}`), `member "A" is there twice`},
		{"no time", strings.Replace(line("", ""), `"TimeCreated":{"#attributes":{"SystemTime":"2026-03-02T13:42:09.1234567Z"}},`, "", 1), "System: no time"},
		{"a time of zero", strings.Replace(line("", ""), "2026-03-02T13:42:09.1234567Z", "1601-01-01T00:00:00.0000000Z", 1), "System: no time"},
		{"a time that is none", strings.Replace(line("", ""), "2026-03-02T13:42:09.1234567Z", "yesterday", 1), "System: no time"},
		{"no provider", strings.Replace(line("", ""), `"Name":"Demo"`, `"Name":""`, 1), "System: no name of the provider"},
		{"no channel", strings.Replace(line("", ""), `"Channel":"Application",`, "", 1), "System: no channel"},
		{"a fraction", line("", `"EventData":{"A":1.5}`), "EventData: A: 1.5 is not an integer"},
		{"a number that is too large", line("", `"EventData":{"A":18446744073709551616}`), "is not an integer of 64 bits"},
		{"a list in a list", line("", `"EventData":{"A":[["1"]]}`), "EventData: A: not a single value"},
		{"a list below UserData", line("", `"UserData":{"A":{"B":["1"]}}`), "UserData: A: B: not a single value"},
		{"attributes that are none", line("", `"EventData":{"#attributes":7}`), "#attributes: not an object"},
		{"nested too deep", line("", `"UserData":`+strings.Repeat(`{"A":`, 70)+"1"+strings.Repeat("}", 70)), "nested too deep"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := evtx.ParseJSON([]byte(tt.js)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}
