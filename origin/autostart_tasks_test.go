package origin_test

import (
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/task"
	"github.com/birthmark-dfir/birthmark/winid"
)

// The registry decides which task starts the file, and its XML is compared with that.
func TestTasksOfTheRegistry(t *testing.T) {
	const other = `C:\Windows\other.exe`
	with := func(path, command string, change func(c *registry.CachedTask)) []registry.CachedTask {
		c := cachedAt(path, command)
		if change != nil {
			change(&c)
		}
		return []registry.CachedTask{c}
	}
	noSD := func(c *registry.CachedTask) { c.HasSD = false }
	system, err := winid.ParseSID("S-1-5-18")
	if err != nil {
		t.Fatal(err)
	}
	off := func(c *registry.CachedTask) {
		c.Triggers = registry.TaskTriggers{Version: 0x17, Account: registry.TaskAccount{SID: system, Type: 5}}
	}
	handler := func(c *registry.CachedTask) {
		c.Actions = []registry.TaskAction{{Kind: "ComHandler", Class: winid.GUID{1}}}
	}
	file := func(command string) map[string]task.Task { return map[string]task.Task{"Up": runs(command, "")} }
	for _, tt := range []struct {
		name    string
		start   start
		facts   string
		differs string
		verdict string
		cited   int // records
	}{
		{"in both", start{cached: with(`\Up`, dropped, nil), tasks: file(dropped)}, "state=held role=starts", "", `The scheduled task \Up starts it.`, 2},
		{"only in the registry, and no file of a task is there", start{cached: with(`\Up`, dropped, nil)}, "state=held role=starts", "", `The scheduled task \Up starts it.`, 1},
		{"only in the registry", start{cached: with(`\Ghost`, dropped, nil), tasks: file(other)}, "state=held role=starts", "it does not have a file", `The scheduled task \Ghost starts it.`, 1},
		{"hidden", start{cached: with(`\Up`, dropped, noSD), tasks: file(dropped)}, "state=held role=starts", "", `The hidden scheduled task \Up starts it.`, 2},
		{"only a file", start{cached: with(`\Other`, other, nil), tasks: file(dropped)}, "state=unregistered role=starts", "", `The scheduled task \Up would start it, but is not registered.`, 1},
		{"the file has another command", start{cached: with(`\Up`, dropped, nil), tasks: file(other)}, "state=held role=starts", "its file has " + other, `The scheduled task \Up starts it.`, 2},
		{"the registry has another command", start{cached: with(`\Up`, other, nil), tasks: file(dropped)}, "state=unregistered role=starts", "the registry has " + other,
			`The scheduled task \Up would start it, but is not registered.`, 2},
		{"disabled", start{cached: with(`\Up`, dropped, off)}, "state=disabled role=starts", "", `The scheduled task \Up would start it, but is disabled.`, 1},
		{"a COM handler", start{subject: `C:\ProgramData\Up\evil.dll`, cached: with(`\Up`, "", handler), software: func(h *registrytest.Hive) {
			h.Set(`Classes\CLSID\{00000001-0000-0000-0000-000000000000}\InprocServer32`, noon, registrytest.ExpandSZ("", `%ProgramData%\Up\evil.dll`))
		}}, "state=held role=loads", "", `The scheduled task \Up starts it.`, 1},
		{"a folder to run in", start{cached: with(`\Up`, "evil.exe", func(c *registry.CachedTask) { c.Actions[0].WorkingDirectory = `C:\ProgramData\Up` })}, "state=held role=starts", "", `The scheduled task \Up starts it.`, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := investigateStart(t, tt.start.world(t))
			a := r.Answer(origin.Autostart)
			for fact := range strings.FieldsSeq("category=task " + tt.facts) {
				if name, value, _ := strings.Cut(fact, "="); a.Fact(name) != value {
					t.Errorf("%s is %q, want %q: %s", name, a.Fact(name), value, a.Answer)
				}
			}
			if a.Grade != origin.Recorded || a.Fact("differs") != tt.differs || len(a.Evidence) != tt.cited || (a.Fact("hidden") != "") != (tt.name == "hidden") {
				t.Errorf("%s, differs %q, hidden %q, %d records: %s", a.Grade, a.Fact("differs"), a.Fact("hidden"), len(a.Evidence), a.Answer)
			}
			if said := verdictOn(r, origin.Autostart); said != tt.verdict {
				t.Errorf("verdict: %s", said)
			}
		})
	}
}
