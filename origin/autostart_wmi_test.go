package origin_test

import (
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/cim/cimtest"
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/origin"
)

// What the repository of WMI holds decides which consumers exist.
func TestConsumersOfTheRepository(t *testing.T) {
	with := func(class string, values map[string]any) *cimtest.Repository {
		var r cimtest.Repository
		r.Subscribe(class, "Up", "SELECT * FROM x", noon, values)
		return &r
	}
	command := func(line string) *cimtest.Repository {
		return with("CommandLineEventConsumer", map[string]any{"CommandLineTemplate": line})
	}
	unbound := command(dropped)
	unbound.Instances = unbound.Instances[:2] // without the binding
	logged := []any{&evtx.WMI5861{System: sys("Microsoft-Windows-WMI-Activity/Operational", "Microsoft-Windows-WMI-Activity", 5861, noon), Namespace: "//./root/subscription", Consumer: "Up",
		PossibleCause: `instance of CommandLineEventConsumer { Name = "Up"; CommandLineTemplate = "C:\\ProgramData\\Up\\evil.exe"; };`}}
	for _, tt := range []struct {
		name    string
		start   start
		facts   string
		verdict string
		cited   int
	}{
		{"a command", start{wmi: command(dropped)}, "state=held role=starts", "The consumer of WMI events Up starts it.", 1},
		{"a program", start{wmi: with("CommandLineEventConsumer", map[string]any{"ExecutablePath": dropped})}, "state=held role=starts", "The consumer of WMI events Up starts it.", 1},
		{"a program with another command line", start{wmi: with("CommandLineEventConsumer", map[string]any{"ExecutablePath": dropped, "CommandLineTemplate": "x -q"})}, "state=held role=starts", "The consumer of WMI events Up starts it.", 1},
		{"a script file", start{subject: `C:\ProgramData\Up\evil.vbs`, wmi: with("ActiveScriptEventConsumer", map[string]any{"ScriptFilename": `C:\ProgramData\Up\evil.vbs`, "ScriptingEngine": "VBScript"})}, "state=held role=starts",
			"The consumer of WMI events Up starts it.", 1},
		{"a script in the consumer", start{wmi: with("ActiveScriptEventConsumer", map[string]any{"ScriptText": `CreateObject("WScript.Shell").Run "C:\ProgramData\Up\evil.exe"`, "ScriptingEngine": "VBScript"})},
			"state=held role=passes", "Unknown: autostart (searched in part, nothing found).", 1},
		{"not bound", start{wmi: unbound}, "state=disabled role=starts", "The consumer of WMI events Up would start it, but is disabled.", 1},
		{"also in the log", start{wmi: command(dropped), system: logged}, "state=held role=starts", "The consumer of WMI events Up starts it.", 2},
		{"only in the log", start{wmi: command(`C:\Windows\other.exe`), system: logged}, "state=removed role=starts", "The consumer of WMI events Up started it until it was removed.", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := investigateStart(t, tt.start.world(t))
			a := r.Answer(origin.Autostart)
			for fact := range strings.FieldsSeq("category=wmi name=Up " + tt.facts) {
				if name, value, _ := strings.Cut(fact, "="); a.Fact(name) != value {
					t.Errorf("%s is %q, want %q: %s", name, a.Fact(name), value, a.Answer)
				}
			}
			if said := verdictOn(r, origin.Autostart); said != tt.verdict || len(a.Evidence) != tt.cited {
				t.Errorf("verdict: %s; %d records", said, len(a.Evidence))
			}
		})
	}
}
