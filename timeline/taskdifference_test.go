package timeline

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/task"
	"github.com/birthmark-dfir/birthmark/winid"
)

// A task of the registry and its file are compared by what both of them record. What only
// one records, and what is written in another way, is not a difference.
func TestDifferencesOfTasks(t *testing.T) {
	sid := func(text string) winid.SID {
		s, err := winid.ParseSID(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	const anna = "S-1-5-21-1-2-3-1001"
	as := func(user, group string) func(*task.Task) {
		return func(tk *task.Task) { tk.Principals = []task.Principal{{UserID: user, GroupID: group}} }
	}
	account := func(a registry.TaskAccount) func(*registry.CachedTask) {
		return func(c *registry.CachedTask) { c.Triggers.Account = a }
	}
	triggers := func(list ...registry.TaskTrigger) func(*registry.CachedTask) {
		return func(c *registry.CachedTask) { c.Triggers.List = list }
	}
	startedBy := func(list ...task.Trigger) func(*task.Task) { return func(tk *task.Task) { tk.Triggers = list } }
	on := func(kind string) registry.TaskTrigger { return registry.TaskTrigger{Kind: kind, Enabled: true} }
	both := func(changes ...func(*task.Task)) func(*task.Task) {
		return func(tk *task.Task) {
			for _, change := range changes {
				change(tk)
			}
		}
	}
	for _, tt := range []struct {
		name           string
		cached         func(*registry.CachedTask)
		file           func(*task.Task)
		differs, other string // of the file, and of the registry
	}{
		{"alike", nil, nil, "", ""},
		{"another command", nil, func(tk *task.Task) { tk.Actions[0].Arguments = "-x" }, `its file has C:\a.exe -x`, `the registry has C:\a.exe`},
		{"no command", nil, func(tk *task.Task) { tk.Actions = nil }, `its file has no command`, `the registry has C:\a.exe`},
		{"another SID", account(registry.TaskAccount{SID: sid(anna)}), as("S-1-5-18", ""), "its file runs as S-1-5-18", "the registry runs as " + anna},
		{"another group", account(registry.TaskAccount{SID: sid("S-1-5-32-544")}), as("", "S-1-5-32-545"), "its file runs as S-1-5-32-545", "the registry runs as S-1-5-32-544"},
		{"the same SID", account(registry.TaskAccount{SID: sid(anna), Name: `CORP\anna`}), as(anna, ""), "", ""},
		{"another name", account(registry.TaskAccount{SID: sid(anna), Name: `CORP\anna`}), as(`CORP\bob`, ""), `its file runs as CORP\bob`, `the registry runs as CORP\anna`},
		{"the same name without a domain", account(registry.TaskAccount{Name: `CORP\anna`}), as("ANNA", ""), "", ""},
		{"a name beside a SID", account(registry.TaskAccount{SID: sid(anna)}), as(`CORP\bob`, ""), "", ""},
		{"an account of Windows in another language", account(registry.TaskAccount{SID: sid("S-1-5-18"), Name: `NT AUTHORITY\SYSTEM`}), as(`NT-AUTORITÄT\SYSTEM`, ""), "", ""},
		{"a name of the directory", account(registry.TaskAccount{SID: sid(anna), Name: `CORP\anna`}), as("anna@corp.example", ""), "", ""},
		{"only the file names an account", nil, as("S-1-5-18", ""), "", ""},
		{"any account", account(registry.TaskAccount{Any: true}), as("S-1-5-18", ""), "", ""},
		{"other triggers", triggers(on("LogonTrigger"), on("BootTrigger")), startedBy(task.Trigger{Kind: "LogonTrigger"}),
			"its file has the triggers Logon", "the registry has the triggers Boot, Logon"},
		{"no trigger", triggers(on("TimeTrigger")), nil, "its file has the triggers none", "the registry has the triggers Time"},
		{"the same triggers in another order", triggers(on("TimeTrigger"), on("BootTrigger"), on("TimeTrigger")),
			startedBy(task.Trigger{Kind: "BootTrigger"}, task.Trigger{Kind: "CalendarTrigger"}, task.Trigger{Kind: "TimeTrigger"}), "", ""},
		{"a trigger that one disables", triggers(on("IdleTrigger")), startedBy(task.Trigger{Kind: "IdleTrigger", Disabled: true}),
			"its file has the triggers Idle (disabled)", "the registry has the triggers Idle"},
		{"a trigger of an unknown kind", triggers(on("IdleTrigger")), startedBy(task.Trigger{Kind: "CustomTrigger"}), "", ""},
		{"disabled in the file", nil, func(tk *task.Task) { tk.Disabled = true }, "its file is disabled", "the registry is enabled"},
		{"disabled in the registry", func(c *registry.CachedTask) { c.Triggers.Options = 0 }, nil, "its file is enabled", "the registry is disabled"},
		{"no triggers are recorded", func(c *registry.CachedTask) { c.Triggers = registry.TaskTriggers{} },
			both(as("S-1-5-18", ""), startedBy(task.Trigger{Kind: "BootTrigger"}), func(tk *task.Task) { tk.Disabled = true }), "", ""},
		{"the actions are damaged", func(c *registry.CachedTask) { c.Damaged, c.Actions = []string{"Actions"}, nil }, nil, "", ""},
		{"the triggers are damaged", func(c *registry.CachedTask) {
			c.Damaged, c.Triggers.Account = []string{"Triggers"}, registry.TaskAccount{SID: sid(anna)}
		},
			both(as("S-1-5-18", ""), startedBy(task.Trigger{Kind: "BootTrigger"})), "", ""},
		{"in several ways", account(registry.TaskAccount{SID: sid(anna)}), both(as("S-1-5-18", ""), func(tk *task.Task) { tk.Disabled = true }),
			"its file runs as S-1-5-18; its file is disabled", "the registry runs as " + anna + "; the registry is enabled"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cached, file := cachedTask(1, `\Up`, `C:\a.exe`), running(`C:\a.exe`, "")
			cached.Triggers = registry.TaskTriggers{Version: 0x17, Options: registry.TaskEnabled}
			if tt.cached != nil {
				tt.cached(&cached)
			}
			if tt.file != nil {
				tt.file(&file)
			}
			c := CachedTask{CachedTask: &cached, File: &Task{Task: &file}}
			if differs, other := c.compare(); differs != tt.differs || other != tt.other {
				t.Errorf("got  %q\nand  %q\nwant %q\nand  %q", differs, other, tt.differs, tt.other)
			}
		})
	}
}

// The comparison is that of what was read, in both directions.
func TestDifferenceOfReadTasks(t *testing.T) {
	cached := cachedTask(1, `\Up`, `C:\a.exe`)
	cached.Triggers = registry.TaskTriggers{Version: 0x17, Options: registry.TaskEnabled, Settings: &registry.TaskSettings{Size: 0x2c, ExecutionLimit: time.Hour},
		List: []registry.TaskTrigger{{Kind: "BootTrigger", Enabled: true}}}
	file := running(`C:\a.exe`, "")
	file.Triggers = []task.Trigger{{Kind: "LogonTrigger"}}
	tl := collect(t, fstest.MapFS{softwarePath: softwareWith(t, cached), "Windows/System32/Tasks/Up": taskFile(t, file)})
	list, files := tl.CachedTasks(), tl.Tasks()
	if len(list) != 1 || len(files) != 1 || list[0].Difference != "its file has the triggers Logon" || files[0].Difference != "the registry has the triggers Boot" {
		t.Errorf("%+v\n%+v", list, files)
	}
}
