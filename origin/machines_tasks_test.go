package origin_test

import (
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/task/tasktest"
)

// cachedAt returns a task of the registry that runs a command.
func cachedAt(path, command string) registry.CachedTask {
	const id = "{11111111-2222-3333-4444-555555555555}"
	return registry.CachedTask{
		Path: path, ID: id, LastWrite: noon, Key: `Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tasks\` + id, KeyWrite: noon, Index: 3, HasSD: true, Recorded: path,
		Author: `CORP\anna`, Actions: []registry.TaskAction{{Kind: "Exec", Command: command}},
	}
}

// Machines on which the registry has the last run of a task, and no log has it.
func tasked() []story {
	file := born(tool, "12:00:00.2134567", lee)
	on := func(command string, change func(t *registry.CachedTask), more ...any) world {
		t := cachedAt(`\Example\Up`, command)
		t.Registered, t.LastStart, t.LastStop = clock("12:01:00"), clock("12:02:00"), clock("12:02:10")
		change(&t)
		h := &registrytest.Hive{Name: "SOFTWARE"}
		if err := h.SetTask(t); err != nil {
			panic(err)
		}
		return box("SRV02", day(), file, append(more, hiveAt{"Windows/System32/config/SOFTWARE", h}))
	}
	of := func(executed string) truth {
		return truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.Account: "inferred sid=" + lee.sid, origin.Executed: executed,
			origin.Autostart: `recorded category=task | name=\Example\Up | state=held | role=starts`}
	}
	with := func(is truth, autostart string) truth {
		is[origin.Autostart] += autostart
		return is
	}
	deletes := of("unknown")
	delete(deletes, origin.Autostart)
	xml, err := tasktest.File{Task: runs(`C:\Windows\System32\other.exe`, "")}.Bytes()
	if err != nil {
		panic(err)
	}
	other := mfttest.File{Path: "Windows/System32/Tasks/Example/Up", Data: xml, Times: mfttest.AllAt(noon)}
	const run = "inferred proves=execution | last=2026-03-02T12:02:00Z"
	ran := of(run)
	as := func(*registry.CachedTask) {}
	gone := func(command string) world {
		t := cachedAt(`\Example\Up`, command)
		t.Location = t.Key // the key below Tree is gone without a trace
		h := &registrytest.Hive{Name: "SOFTWARE"}
		h.Set(`Microsoft\Windows\CurrentVersion`, noon)
		if err := h.SetTask(t); err != nil {
			panic(err)
		}
		h.Key(t.Key, noon).Deleted = true
		return box("SRV02", day(), file, hiveAt{"Windows/System32/config/SOFTWARE", h})
	}
	left := of("unknown")
	left[origin.Autostart] = `recorded category=task | name=\Example\Up | state=deleted | role=starts`
	none := of("unknown")
	delete(none, origin.Autostart)
	return []story{
		{"a task was deleted from the registry", gone(tool), tool, left},
		{"another task was deleted from the registry", gone(`C:\Windows\System32\other.exe`), tool, none},
		{"a task of the registry ran", on(tool, as), tool, ran},
		{"a task of the registry ran it by way of the shell", on("cmd.exe", func(t *registry.CachedTask) { t.Actions[0].Arguments = "/c start " + tool }), tool, ran},
		{"a task of the registry ran, and it ended with an error", on(tool, func(t *registry.CachedTask) { t.LastResult = 1 }), tool, ran},
		{"a task of the registry runs", on(tool, func(t *registry.CachedTask) { t.LastStop, t.LastResult = clock("11:00:00"), 0x41301 }), tool, ran},
		{"a task of the registry could not start it", on(tool, func(t *registry.CachedTask) { t.LastStop, t.LastResult = clock("11:00:00"), 0x80070002 }), tool, of("unknown")},
		{"a task of the registry was changed after its run", on(tool, func(t *registry.CachedTask) { t.Registered = clock("13:00:00") }), tool, of("unknown")},
		{"a task of the registry ran before the file was there", on(tool, func(t *registry.CachedTask) { t.Registered, t.LastStart = clock("10:00:00"), clock("11:00:00") }), tool, of("unknown")},
		{"a task of the registry deletes it", on("cmd.exe", func(t *registry.CachedTask) { t.Actions[0].Arguments = "/c del " + tool }), tool, deletes},
		{"a hidden task of the registry ran, and its file has another command", on(tool, func(t *registry.CachedTask) { t.Index = 0 }, other), tool,
			with(of(run), ` | hidden=its Index is 0 | differs=its file has C:\Windows\System32\other.exe`)},
	}
}
