package registry_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/winid"
)

const (
	cacheTree  = `Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tree`
	cacheTasks = `Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tasks\`
)

func taskID(n int) string { return fmt.Sprintf("{11111111-2222-3333-4444-%012d}", n) }

// aTask returns a task with everything that the cache holds of it.
func aTask(n int) registry.CachedTask {
	path := fmt.Sprintf(`\Microsoft\Updater\Täglich %d`, n)
	return registry.CachedTask{
		Path: path, ID: taskID(n), Location: cacheTree + path, LastWrite: when, Key: cacheTasks + taskID(n), KeyWrite: when.Add(time.Second),
		Index: 3, HasSD: true, Lists: []string{"Plain"}, Recorded: path, URI: path, Author: `CORP\anna`, Date: "2026-03-01T12:00:00", Source: "Updater", Description: "updates",
		SecurityDescriptor: "D:(A;;FA;;;BA)", Schema: 0x10002, Hash: []byte{1, 2, 3, 4},
		TaskRuns:  registry.TaskRuns{Registered: when, LastStart: when.Add(time.Hour), LastStop: when.Add(2 * time.Hour), LastResult: 0x80070002},
		Principal: "Author", Actions: everyAction(), Triggers: everyTrigger(0x17),
	}
}

func everyAction() []registry.TaskAction {
	class, err := winid.ParseGUID("{61BCD1B9-340C-40EC-9D41-D7F1C0632F05}")
	if err != nil {
		panic(err)
	}
	return []registry.TaskAction{
		{Kind: "Exec", ID: "run", Command: `C:\Program Files\up.exe`, Arguments: "/q /日", WorkingDirectory: `C:\`, Flags: 1},
		{Kind: "ComHandler", Class: class, Data: "$(Arg0)"},
		{Kind: "SendEmail", Mail: &registry.TaskMail{From: "a@example.net", To: "b@example.net", Server: "mail", Subject: "s", Body: "b", Attachments: []string{`C:\a`, `C:\b`}, Headers: [][2]string{{"X-A", "1"}}}},
		{Kind: "ShowMessage", Title: "t", Body: "b"},
	}
}

func everyTrigger(version uint8) registry.TaskTriggers {
	sid, err := winid.ParseSID("S-1-5-21-1-2-3-1001")
	if err != nil {
		panic(err)
	}
	anna := registry.TaskAccount{SID: sid, Type: 1, Name: `CORP\anna`}
	from, until := registry.TaskTime{Time: when, Local: true}, registry.TaskTime{Time: when.Add(24 * time.Hour)}
	t := registry.TaskTriggers{
		Version: version, Start: from, End: until, Options: registry.TaskEnabled | registry.TaskHighestAccess | 0x38, Checksum: 0x12345678, Account: anna,
		Settings: &registry.TaskSettings{IdleDuration: time.Minute, IdleWait: -time.Second, ExecutionLimit: 72 * time.Hour, DeleteAfter: -time.Second, Priority: 7, Restarts: 3,
			RestartDelay: time.Minute, Network: winid.GUID{1, 2}, Size: 0x58, Privileges: 1 << 36},
		List: []registry.TaskTrigger{
			{Kind: "WnfStateChangeTrigger", Enabled: true, State: [8]byte{1, 2, 3}, Data: []byte{9}}, // the next begins at an odd offset
			{Kind: "SessionStateChangeTrigger", Enabled: true, StateChange: 3, Account: registry.TaskAccount{Any: true}},
			{Kind: "RegistrationTrigger", Enabled: true, Delay: 30 * time.Second, Limit: -time.Second},
			{Kind: "LogonTrigger", Start: from, End: until, Account: anna, Interval: time.Hour, Duration: 12 * time.Hour, StopAtEnd: true},
			{Kind: "LogonTrigger", Enabled: true, Account: registry.TaskAccount{Name: "anna"}},
			{Kind: "EventTrigger", Enabled: true, Subscription: `<QueryList><Query Id="0"/></QueryList>`, Queries: [][2]string{{"a", "Event/System"}, {"", "b"}}},
			{Kind: "EventTrigger", Enabled: true},
			{Kind: "TimeTrigger", Enabled: true, Start: from, Mode: registry.TaskWeekly, Mask: [3]uint16{1, 0x62, 0}, Delay: time.Minute, StopAtEnd: true},
			{Kind: "IdleTrigger", Enabled: true},
			{Kind: "BootTrigger", Enabled: true, Limit: -time.Second},
		},
	}
	if version >= 0x16 {
		t.Principal = "Author"
		t.List[3].ID, t.List[7].ID = "logon", "every week"
	}
	if version >= 0x17 {
		t.DisplayName = "Users"
	}
	return t
}

// hiveOfTasks returns a SOFTWARE hive with tasks.
func hiveOfTasks(t testing.TB, tasks ...registry.CachedTask) registrytest.Hive {
	t.Helper()
	h := registrytest.Hive{Name: "SOFTWARE"}
	for _, task := range tasks {
		if err := h.SetTask(task); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// withoutOffsets returns a task as the writer takes it.
func withoutOffsets(t registry.CachedTask) registry.CachedTask {
	t.Offset, t.KeyOffset = 0, 0
	for i := range t.Actions {
		t.Actions[i].Offset = 0
	}
	for i := range t.Triggers.List {
		t.Triggers.List[i].Offset = 0
	}
	return t
}

func cachedTasks(t testing.TB, h registrytest.Hive) (list []registry.CachedTask, errs []string) {
	t.Helper()
	for task, err := range registry.CachedTasks(read(t, write(t, h), registry.WithName("SOFTWARE"))) {
		if err != nil {
			errs = append(errs, err.Error())
			continue
		}
		list = append(list, task)
	}
	return list, errs
}

func TestCachedTasksRoundTrip(t *testing.T) {
	ghost := aTask(5)
	ghost.Location, ghost.LastWrite, ghost.HasSD, ghost.Index = ghost.Key, ghost.KeyWrite, false, 0
	empty := registry.CachedTask{Path: `\Zz`, ID: taskID(4), Location: cacheTree + `\Zz`, LastWrite: when, Key: cacheTasks + taskID(4), KeyWrite: when, Index: 1, HasSD: true}
	want := []registry.CachedTask{aTask(1), aTask(2), empty, ghost}
	got, errs := cachedTasks(t, hiveOfTasks(t, want...))
	want[3].Hidden = "no key below Tree names it"
	if len(errs) > 0 || len(got) != len(want) {
		t.Fatalf("%d tasks, %q", len(got), errs)
	}
	for i := range want {
		if got[i].Offset <= 4096 || got[i].KeyOffset <= 4096 {
			t.Errorf("%s: offsets %d and %d", got[i].Path, got[i].Offset, got[i].KeyOffset)
		}
		if g := withoutOffsets(got[i]); !reflect.DeepEqual(g, want[i]) {
			t.Errorf("got\n%+v\nwant\n%+v", g, want[i])
		}
	}
	other := registrytest.Hive{Name: "SYSTEM"}
	other.Set(`Select`, when, registrytest.DWord("Current", 1))
	other.Set(cacheTasks+`{x}`, when, registrytest.SZ("Path", `\x`))
	for task, err := range registry.CachedTasks(read(t, write(t, other), registry.WithName("SYSTEM"))) {
		t.Errorf("of a SYSTEM hive: %v, %v", task, err)
	}
}

// Each way to hide a task is named, and whether the task still starts.
func TestHiddenTasks(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(h *registrytest.Hive, task *registry.CachedTask)
		hidden string
		starts bool
	}{
		{"listed", func(*registrytest.Hive, *registry.CachedTask) {}, "", true},
		{"no SD", func(_ *registrytest.Hive, task *registry.CachedTask) { task.HasSD = false }, "its key below Tree does not have a security descriptor", true},
		{"Index 0", func(_ *registrytest.Hive, task *registry.CachedTask) { task.Index = 0 }, "its Index is 0", true},
		{"both", func(_ *registrytest.Hive, task *registry.CachedTask) { task.HasSD, task.Index = false, 0 },
			"its key below Tree does not have a security descriptor; its Index is 0", true},
		{"no key below Tree", func(_ *registrytest.Hive, task *registry.CachedTask) { task.Location = task.Key }, "no key below Tree names it", true},
		{"no key below Tasks", func(_ *registrytest.Hive, task *registry.CachedTask) { task.Key = "" }, "it does not have a key below Tasks", false},
		{"no Id", func(_ *registrytest.Hive, task *registry.CachedTask) { task.Key, task.ID = "", "" }, "it does not have a key below Tasks", false},
		{"another path", func(_ *registrytest.Hive, task *registry.CachedTask) { task.Recorded, task.Path = `\Zz`, `\Zz` },
			"the key below Tree that names it has another path", true},
		{"an Id twice", func(h *registrytest.Hive, task *registry.CachedTask) {
			h.Set(cacheTree+`\A`, when, registrytest.SZ("Id", task.ID), registrytest.Binary("SD", descriptorOf(t, []registrytest.ACE{{SID: "S-1-1-0", Access: registrytest.ReadAccess}})))
		}, "another key below Tree has the same Id", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var h registrytest.Hive
			h.Set(`Microsoft\Windows\CurrentVersion`, when)
			task := aTask(1)
			tt.change(&h, &task)
			if tt.name == "another path" {
				h.Set(cacheTree+`\A`, when, registrytest.SZ("Id", task.ID), registrytest.Binary("SD", descriptorOf(t, []registrytest.ACE{{SID: "S-1-1-0", Access: registrytest.ReadAccess}})))
				task.Location = task.Key // no key of its own below Tree
			}
			if err := h.SetTask(task); err != nil {
				t.Fatal(err)
			}
			list, errs := cachedTasks(t, h)
			if len(errs) > 0 || len(list) == 0 {
				t.Fatalf("%d tasks, %q", len(list), errs)
			}
			got := list[len(list)-1]
			if got.Hidden != tt.hidden || tt.name != "an Id twice" && got.Enabled() != tt.starts || got.Path != task.Path {
				t.Errorf("%s: %q, enabled %v", got.Path, got.Hidden, got.Enabled())
			}
		})
	}
}

// What is read before the damage stays, and the damage says where it is.
func TestDamagedTasks(t *testing.T) {
	actions, err := registrytest.TaskActions(3, "Author", everyAction()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		value registrytest.Value
		err   string
	}{
		{registrytest.Binary("Actions", actions[:len(actions)-1]), "Actions: text of a message, at byte"},
		{registrytest.Binary("Triggers", []byte{0x17}), "Triggers: version of the triggers, at byte 0 of the data at 0x"},
		{registrytest.Binary("DynamicInfo", make([]byte, 27)), "DynamicInfo: DynamicInfo, at byte 0 of the data at 0x"},
		{registrytest.Binary("DynamicInfo", make([]byte, 36)), "version of DynamicInfo"},
		{registrytest.DWord("Path", 1), ""}, // another type is not damage of the cache
	} {
		h := hiveOfTasks(t, aTask(1))
		h.Set(cacheTasks+taskID(1), when, tt.value)
		list, errs := cachedTasks(t, h)
		if len(list) != 1 || list[0].Author == "" || tt.err == "" && len(errs) > 0 || tt.err != "" && (len(errs) != 1 || !strings.Contains(errs[0], tt.err)) {
			t.Errorf("%s: %d tasks, %q", tt.value.Name, len(list), errs)
		}
		if tt.value.Name == "Actions" && len(list[0].Actions) != 3 {
			t.Errorf("%d actions", len(list[0].Actions))
		}
	}
}

func TestTaskEnabled(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*registry.TaskTriggers)
		want   bool
	}{
		"as it is":           {func(*registry.TaskTriggers) {}, true},
		"the task is off":    {func(t *registry.TaskTriggers) { t.Options &^= registry.TaskEnabled }, false},
		"on demand":          {func(t *registry.TaskTriggers) { t.List = nil }, true},
		"its trigger is off": {func(t *registry.TaskTriggers) { t.List = t.List[3:4] }, false},
		"without triggers":   {func(t *registry.TaskTriggers) { *t = registry.TaskTriggers{} }, true},
	} {
		task := aTask(1)
		if tt.change(&task.Triggers); task.Enabled() != tt.want {
			t.Errorf("%s: %v", name, task.Enabled())
		}
	}
}

func TestTaskSucceeded(t *testing.T) {
	start, later := when, when.Add(time.Minute)
	for name, tt := range map[string]struct {
		runs registry.TaskRuns
		want bool
	}{
		"ended":            {registry.TaskRuns{LastStart: start, LastStop: later}, true},
		"never started":    {registry.TaskRuns{}, false},
		"not ended":        {registry.TaskRuns{LastStart: later, LastStop: start}, false},
		"an error":         {registry.TaskRuns{LastStart: start, LastStop: later, LastResult: 1}, false},
		"an error, old":    {registry.TaskRuns{LastStart: start, LastStop: later, State: 0x80070420}, false},
		"before Windows 8": {registry.TaskRuns{LastStart: start}, false},
	} {
		if tt.runs.Succeeded() != tt.want {
			t.Errorf("%s: %v", name, !tt.want)
		}
	}
}

// The autostarts of a hive include its tasks, action by action.
func TestTaskAutostarts(t *testing.T) {
	hidden := aTask(2)
	hidden.HasSD, hidden.Actions = false, hidden.Actions[:1]
	h := hiveOfTasks(t, aTask(1), hidden)
	h.Set(`Classes\CLSID\{61BCD1B9-340C-40EC-9D41-D7F1C0632F05}\InprocServer32`, when, registrytest.ExpandSZ("", `%SystemRoot%\evil.dll`))
	h.Set(cacheTasks+`{bare}`, when, registrytest.SZ("Path", `\mark`))
	var got []string
	for a, err := range registry.Autostarts(read(t, write(t, h))) {
		if err != nil {
			t.Fatal(err)
		}
		if a.Category == "task" {
			got = append(got, strings.Join([]string{a.Name, a.Command, a.Path, string(a.Use), a.ObjectName, a.Hidden}, "|"))
		}
	}
	want := []string{
		`\Microsoft\Updater\Täglich 1|"C:\Program Files\up.exe" /q /日|C:\Program Files\up.exe|runs|CORP\anna|`,
		`\Microsoft\Updater\Täglich 1|ComHandler {61BCD1B9-340C-40EC-9D41-D7F1C0632F05} $(Arg0)|%SystemRoot%\evil.dll|loads|CORP\anna|`,
		`\Microsoft\Updater\Täglich 1|SendEmail|||CORP\anna|`,
		`\Microsoft\Updater\Täglich 1|ShowMessage|||CORP\anna|`,
		`\Microsoft\Updater\Täglich 2|"C:\Program Files\up.exe" /q /日|C:\Program Files\up.exe|runs|CORP\anna|its key below Tree does not have a security descriptor`,
		`\mark|||||no key below Tree names it`,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
