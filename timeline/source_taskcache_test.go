package timeline

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

const softwarePath = "Windows/System32/config/SOFTWARE"

// cachedTask returns a task of the registry that runs a command.
func cachedTask(n int, path, command string) registry.CachedTask {
	id := fmt.Sprintf("{11111111-2222-3333-4444-%012d}", n)
	return registry.CachedTask{
		Path: path, ID: id, LastWrite: day(3, 0, 0), Key: `Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tasks\` + id, KeyWrite: day(3, 0, 0), Index: 3, HasSD: true, Recorded: path,
		Author:  `CORP\alice`,
		Actions: []registry.TaskAction{{Kind: "Exec", Command: command}}, Principal: "Author",
	}
}

func softwareWith(t *testing.T, tasks ...registry.CachedTask) *fstest.MapFile {
	t.Helper()
	h := registrytest.Hive{Name: "SOFTWARE"}
	for _, tk := range tasks {
		if err := h.SetTask(tk); err != nil {
			t.Fatal(err)
		}
	}
	data, err := h.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: data}
}

// A task of the registry and its file are joined by their path.
func TestTasksOfRegistryAndFiles(t *testing.T) {
	handler := cachedTask(5, `\Handler`, "")
	handler.Actions = []registry.TaskAction{{Kind: "ComHandler"}}
	other := running("", "")
	other.Actions[0].Kind, other.Actions[0].ClassID = "ComHandler", "{00000000-0000-0000-0000-000000000000}"
	files := fstest.MapFS{
		softwarePath:                     softwareWith(t, cachedTask(1, `\Same`, `C:\a b.exe`), cachedTask(2, `\Other`, `C:\evil.exe`), cachedTask(3, `\Folder\Ghost`, `C:\ghost.exe`), handler),
		"Windows/System32/Tasks/SAME":    taskFile(t, running(`C:\a b.exe`, "")),
		"Windows/System32/Tasks/Other":   taskFile(t, running(`C:\good.exe`, "")),
		"Windows/System32/Tasks/OnlyXML": taskFile(t, running(`C:\x.exe`, "")),
		"Windows/System32/Tasks/Handler": taskFile(t, other),
	}
	join := func() (cached, unregistered []string) {
		tl := collect(t, files)
		for _, c := range tl.CachedTasks() {
			cached = append(cached, c.Path+" "+c.Difference)
			if c.Artifact != softwarePath || (c.File == nil) != (c.Path == `\Folder\Ghost` || files["Windows/System32/Tasks/SAME"] == nil) {
				t.Errorf("%s: %+v", c.Path, c.File)
			}
		}
		for _, tk := range tl.Tasks() {
			if tk.Unregistered {
				unregistered = append(unregistered, tk.Path)
			}
			if want := map[string]string{`\Other`: `the registry has C:\evil.exe`, `\OnlyXML`: "the registry does not have it"}[tk.Path]; tk.Difference != want && files["Windows/System32/Tasks/SAME"] != nil {
				t.Errorf("%s: difference %q, want %q", tk.Path, tk.Difference, want)
			}
		}
		return cached, unregistered
	}
	cached, unregistered := join()
	if want := []string{`\Folder\Ghost it does not have a file`, `\Handler `, `\Other its file has C:\good.exe`, `\Same `}; !slices.Equal(cached, want) {
		t.Errorf("got %q", cached)
	}
	if !slices.Equal(unregistered, []string{`\OnlyXML`}) {
		t.Errorf("not registered: %q", unregistered)
	}
	// What is not there does not show a difference.
	for name := range files {
		if strings.Contains(name, "/Tasks/") {
			delete(files, name)
		}
	}
	if cached, _ := join(); len(cached) != 4 || strings.Contains(strings.Join(cached, ""), "file") {
		t.Errorf("without files: %q", cached)
	}
	files["Windows/System32/Tasks/OnlyXML"] = taskFile(t, running(`C:\x.exe`, ""))
	files[softwarePath] = softwareWith(t)
	if _, unregistered := join(); len(unregistered) > 0 {
		t.Errorf("a registry without tasks: %q", unregistered)
	}
}

// The times of a task are events: what was last done, and which command the task has now.
func TestTimesOfCachedTasks(t *testing.T) {
	ran, hidden := cachedTask(1, `\Up`, `%SystemRoot%\a b.exe`), cachedTask(2, `\Hidden`, `C:\evil.exe`)
	ran.TaskRuns = registry.TaskRuns{Registered: day(1, 0, 0), LastStart: day(2, 0, 0), LastStop: day(2, 0, 5), LastResult: 0x80070002}
	hidden.HasSD, hidden.Registered = false, day(1, 1, 0)
	tl := collect(t, fstest.MapFS{softwarePath: softwareWith(t, ran, hidden)})
	var got []string
	for e := range tl.KindsBetween(day(1, 0, 0), day(3, 0, 0), TaskRegistered, TaskStarted, TaskEnded) {
		got = append(got, fmt.Sprintf("%s %s %s %s", e.Time.Format("15:04:05"), e.Kind, e.Path, e.Message))
		if _, ok := e.Data.(*registry.CachedTask); !ok || e.Source.Offset <= 4096 || e.Field("Task") == "" || e.Field("Key") == "" {
			t.Errorf("%+v", e)
		}
		if e.Kind == TaskEnded && e.Field("Result") != "0x80070002" {
			t.Errorf("result %q", e.Field("Result"))
		}
	}
	key := `(HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tasks\{11111111-2222-3333-4444-00000000000`
	command := `, as the registry has it, command: "%SystemRoot%\a b.exe" ` + key + `1})`
	want := []string{
		`01:00:00 task.registered C:\Windows\a b.exe the task \Up was registered, or last changed` + command,
		`01:01:00 task.registered C:\evil.exe the task \Hidden was registered, or last changed, as the registry has it, command: C:\evil.exe, hidden: its key below Tree does not have a security descriptor ` + key + `2})`,
		`02:00:00 task.started C:\Windows\a b.exe the task \Up was last started` + command,
		`02:00:05 task.ended C:\Windows\a b.exe the task \Up last ended` + command,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Damage of a value of a task is damage of the hive.
func TestDamagedCachedTask(t *testing.T) {
	h := registrytest.Hive{Name: "SOFTWARE"}
	h.Set(`Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tasks\{1}`, day(1, 0, 0), registrytest.SZ("Path", `\x`), registrytest.Binary("Actions", []byte{3, 0, 1}))
	data, err := h.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	tl := collect(t, fstest.MapFS{softwarePath: {Data: data}})
	if c := covered(t, tl, softwarePath); c.ProblemCount != 1 || !strings.Contains(c.Problems[0].String(), `{1}: Actions: `) || len(tl.CachedTasks()) != 1 {
		t.Errorf("%+v", c)
	}
}

// Triggers of a version that is not read are not damage of the task, which stays with the
// rest of its values.
func TestCachedTaskOfAnotherVersion(t *testing.T) {
	h := registrytest.Hive{Name: "SOFTWARE"}
	tk := cachedTask(1, `\Up`, `C:\a.exe`)
	if err := h.SetTask(tk); err != nil {
		t.Fatal(err)
	}
	h.Set(tk.Key, day(3, 0, 0), registrytest.Binary("Triggers", append([]byte{0x14}, make([]byte, 99)...)))
	data, err := h.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	tl := collect(t, fstest.MapFS{softwarePath: {Data: data}})
	c := covered(t, tl, softwarePath)
	if c.ProblemCount != 1 || c.Problems[0].Kind != damage.Unsupported || !strings.Contains(c.Problems[0].String(), "got 0x14, want 0x15 to 0x17") {
		t.Errorf("%+v", c.Problems)
	}
	if list := tl.CachedTasks(); len(list) != 1 || !list[0].Enabled() || len(list[0].Actions) != 1 {
		t.Errorf("%+v", list)
	}
}
