package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/bits"
	"github.com/birthmark-dfir/birthmark/bits/bitstest"
	"github.com/birthmark-dfir/birthmark/cim/cimtest"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/task"
	"github.com/birthmark-dfir/birthmark/task/tasktest"
)

// The rows of tasks of the registry name what hides them and how their files differ, and
// what also starts programs and is not read is reported.
func TestTasksOfTheRegistry(t *testing.T) {
	const cache = `Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\`
	var h registrytest.Hive
	for i, c := range []registry.CachedTask{
		{Path: `\Hidden`, Actions: []registry.TaskAction{{Kind: "Exec", Command: `C:\evil.exe`}}}, {Path: `\Up`, HasSD: true, Actions: []registry.TaskAction{{Kind: "Exec", Command: `C:\up.exe`}}},
		{Path: `\Ghost`, HasSD: true, Actions: []registry.TaskAction{{Kind: "Exec", Command: `C:\ghost.exe`}}}, {Path: `\Same`, HasSD: true, Actions: []registry.TaskAction{{Kind: "Exec", Command: `C:\same.exe`}}},
	} {
		c.ID, c.Index, c.LastWrite, c.Recorded = fmt.Sprintf("{%d}", i), 3, when, c.Path
		c.Key, c.KeyWrite = cache+`Tasks\`+c.ID, when
		if err := h.SetTask(c); err != nil {
			t.Fatal(err)
		}
	}
	dir := write(t, filepath.Join(t.ArtifactDir(), "tasks"), map[string]registrytest.Hive{"C/Windows/System32/config/SOFTWARE": h})
	for name, tk := range map[string]string{"Up": `C:\other.exe`, "Only": `C:\file.exe`, "Same": `C:\same.exe`} {
		b, err := tasktest.File{Task: task.Task{Actions: []task.Action{{Kind: "Exec", Command: tk}}}}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, "C/Windows/System32/Tasks", name), b)
	}
	var wmi cimtest.Repository
	wmi.Subscribe("CommandLineEventConsumer", "Up", "SELECT * FROM x", when, map[string]any{"CommandLineTemplate": `cmd /c C:\evil.exe`, "CreatorSID": []byte{1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0}})
	wmi.Instances = append(wmi.Instances, cimtest.Instance{Namespace: `root\subscription`, Class: "ActiveScriptEventConsumer", Key: "S", Values: map[string]any{"Name": "S", "ScriptText": "a = 1\nb = 2"}})
	files, err := wmi.Files()
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range files {
		put(t, filepath.Join(dir, "C/Windows/System32/wbem/Repository", name), b)
	}
	put(t, filepath.Join(dir, "C/Windows/System32/wbem/Repository/FS/OBJECTS.DATA"), []byte("x"))
	queue, err := bitstest.Database(bitstest.Queue{
		Jobs: []bits.Job{
			{ID: bitstest.ID(1), Name: "up", Owner: "S-1-5-18", State: bits.Suspended, Command: `C:\Windows\System32\cmd.exe`, Arguments: `cmd.exe /c C:\evil.exe`, Notify: bits.NotifyTransferred, Created: when, Modified: when},
			{ID: bitstest.ID(2), Name: "silent", Owner: "S-1-5-18", Command: `C:\up.exe`, Notify: bits.NotifyDisabled, Created: when, Modified: when},
			{ID: bitstest.ID(3), Name: "without a command", Owner: "S-1-5-18", Created: when, Modified: when},
		},
		Deleted: []bits.Job{{ID: bitstest.ID(4), Name: "old", Owner: "S-1-5-18", Command: `C:\old.exe`, Notify: bits.NotifyError, Created: when, Modified: when}},
	})
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "C/ProgramData/Microsoft/Network/Downloader/qmgr.db"), queue)
	put(t, filepath.Join(dir, "C/ProgramData/Microsoft/Windows/Start Menu/Programs/StartUp/x.url"), []byte("[InternetShortcut]\nURL=file:///C:/x.hta"))
	for _, format := range []string{"text", "jsonl", "csv"} {
		out, problems := autoruns(t, cli.Done, "-deleted", "-format", format, dir)
		testenv.Golden(t, filepath.Join("testdata", "tasks."+format), []byte(out))
		if !strings.Contains(problems, "the WMI repository is there, and is not read") {
			t.Errorf("%s: problems: %s", format, problems)
		}
	}
}

// A task that is in the registry and has a file is one row, which has both. What only one
// of them has is said in the state, and so is a task without its file.
func TestTaskAndItsFileAreOneRow(t *testing.T) {
	dir := filepath.Join(t.ArtifactDir(), "one-row")
	var h registrytest.Hive
	for i, name := range []string{"Same", "Ghost"} {
		c := registry.CachedTask{Path: `\` + name, ID: fmt.Sprintf("{%d}", i), Index: 3, HasSD: true, LastWrite: when, KeyWrite: when, Recorded: `\` + name,
			Actions: []registry.TaskAction{{Kind: "Exec", Command: `C:\a.exe`}, {Kind: "Exec", Command: `C:\b.exe`}}}
		c.Key = `Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tasks\` + c.ID
		if err := h.SetTask(c); err != nil {
			t.Fatal(err)
		}
	}
	write(t, dir, map[string]registrytest.Hive{"C/Windows/System32/config/SOFTWARE": h})
	for _, name := range []string{"Same", "Only"} {
		b, err := tasktest.File{Task: task.Task{Actions: []task.Action{{Kind: "Exec", Command: `C:\a.exe`}, {Kind: "Exec", Command: `C:\b.exe`}}}}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, "C/Windows/System32/Tasks", name), b)
	}
	out, problems := autoruns(t, cli.Done, "-format", "jsonl", dir)
	var got []string
	for line := range strings.Lines(out) {
		var r row
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.Join([]string{r.State, r.Name, r.Path, filepath.Base(strings.ReplaceAll(r.File, `\`, "/")), r.Differs, fmt.Sprint(r.Enabled)}, "|"))
	}
	want := []string{
		`missing-xml|\Ghost|C:\a.exe|.|it does not have a file|true`, `missing-xml|\Ghost|C:\b.exe|.|it does not have a file|true`,
		`|\Same|C:\a.exe|Same||true`, `|\Same|C:\b.exe|Same||true`,
		`unregistered|Only|C:\a.exe|.|the registry does not have it|false`, `unregistered|Only|C:\b.exe|.|the registry does not have it|false`,
	}
	if !slices.Equal(got, want) || problems != "" {
		t.Errorf("%s\ngot\n%s\nwant\n%s", problems, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	file := filepath.Join(t.TempDir(), "baseline.jsonl")
	if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, _ := autoruns(t, cli.Done, "-baseline", file, dir); out != "" {
		t.Errorf("the same machine differs:\n%s", out)
	}
	// Without its file, a task is the same autostart with another state.
	if err := os.Remove(filepath.Join(dir, "C/Windows/System32/Tasks/Same")); err != nil {
		t.Fatal(err)
	}
	if out, _ := autoruns(t, cli.Done, "-format", "jsonl", "-baseline", file, dir); strings.Count(out, "\n") != 2 || strings.Count(out, `"field":"differs","before":"","after":"it does not have a file"`) != 2 {
		t.Errorf("after the file was deleted:\n%s", out)
	}
}
