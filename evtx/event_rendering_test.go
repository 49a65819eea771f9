package evtx_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

// A forwarded event has the words of the machine that it comes from in every form, whether
// its kind has a struct or not.
func TestForwardedEvents(t *testing.T) {
	rendering := &evtx.RenderingInfo{Culture: "en-US", Message: "An account was\r\nlogged on.", Level: "Information", Task: "Logon", Opcode: "Info", Channel: "Security",
		Provider: "Microsoft Windows security auditing.", Keywords: []string{"Audit Success", "Other"}}
	system := made
	system.Rendering = rendering
	untyped := generic
	untyped.Rendering = rendering
	for _, tt := range []struct {
		event    any
		describe string
	}{
		{&evtx.Security4624{System: system, TargetUserName: "eve", LogonType: 3}, "eve"},
		{&evtx.Event{System: untyped, Element: "EventData", Fields: []evtx.Field{{Name: "A", Value: evtx.StringValue("1")}}}, "Demo 0: An account was logged on."},
	} {
		log, err := evtxtest.Bytes(tt.event)
		if err != nil {
			t.Fatal(err)
		}
		rec := only(t, log)
		typed, err := rec.Typed()
		if err != nil || reflect.TypeOf(typed) != reflect.TypeOf(tt.event) || !reflect.DeepEqual(typed.Sys().Rendering, rendering) {
			t.Fatalf("Typed: %+v, %v", typed.Sys().Rendering, err)
		}
		e, err := rec.Event()
		if err != nil || !reflect.DeepEqual(e.Rendering, rendering) {
			t.Errorf("Event: %+v, %v", e.Rendering, err)
		}
		if got := evtx.Clone(typed).Sys().Rendering; !reflect.DeepEqual(got, rendering) || got == typed.Sys().Rendering {
			t.Errorf("Clone: %+v", got)
		}
		if got := evtx.Describe(typed); !strings.Contains(got, tt.describe) {
			t.Errorf("Describe: %s", got)
		}
		values := map[string]string{}
		for name, value := range evtx.Values(typed) {
			values[name] = value
		}
		if values["RenderingInfo/Message"] != rendering.Message || values["RenderingInfo/Keywords"] != "Audit Success, Other" || values["RenderingInfo/Task"] != "Logon" {
			t.Errorf("Values: %v", values)
		}
		line, err := rec.AppendTyped(nil)
		if err != nil || !strings.Contains(string(line), `"RenderingInfo":{"Culture":"en-US","Message":"An account was\r\nlogged on.","Level":"Information"`) || !strings.Contains(string(line), `"Keywords":["Audit Success","Other"]}`) {
			t.Errorf("%s, %v", line, err)
		}
		again, err := evtx.ParseTyped(line)
		if err != nil || !reflect.DeepEqual(again.Rendering, rendering) {
			t.Errorf("ParseTyped: %+v, %v", again, err)
		}
	}
	for _, bad := range []string{`7`, `{"Message":7}`, `{"Colour":"red"}`} {
		if _, err := evtx.ParseTyped([]byte(`{"kind":"event","system":{"RenderingInfo":` + bad + `}}`)); err == nil {
			t.Errorf("no error for %s", bad)
		}
	}
}
