package timeline

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/task"
	"github.com/birthmark-dfir/birthmark/task/tasktest"
)

func taskFile(t *testing.T, tk task.Task) *fstest.MapFile {
	t.Helper()
	b, err := tasktest.File{Task: tk}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: b}
}

func running(command, arguments string) task.Task {
	return task.Task{Actions: []task.Action{{Kind: "Exec", Command: command, Arguments: arguments}}}
}

// Tasks are read from their folder, and from what a collector made of it. The folder
// has one coverage.
func TestTasks(t *testing.T) {
	dated := running(`%SystemRoot%\a b.exe`, "-q")
	dated.Author, dated.Date, dated.URI = `CORP\alice`, "2019-06-14T12:00:01+02:00", `\Claimed`
	local := running(`C:\x.exe`, "")
	local.Date = "2019-06-14T12:00:01"
	for name, root := range map[string]string{"a volume": "Windows/System32/Tasks", "a folder of a collector": "out/C/windows/system32/TASKS"} {
		t.Run(name, func(t *testing.T) {
			tl := collect(t, fstest.MapFS{
				root + "/Microsoft/Windows/Up": taskFile(t, dated),
				root + "/Local":                taskFile(t, local),
				root + "/Damaged":              {Data: []byte("<Task><Actions>")},
				root + "/Noise":                {Data: []byte("noise")},
				"Tasks/Elsewhere":              {Data: []byte("noise")},
			})
			var got []string
			for _, tk := range tl.Tasks() {
				line := tk.Path
				for _, a := range tk.Actions {
					line += " " + a.CommandLine()
				}
				got = append(got, line)
			}
			if want := []string{`\Damaged`, `\Local C:\x.exe`, `\Microsoft\Windows\Up "%SystemRoot%\a b.exe" -q`}; !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
			got = nil
			for e := range tl.ByKind(TaskRegistered) {
				got = append(got, fmt.Sprintf("%s %s %s", e.Time.Format("15:04:05"), e.Path, e.Message))
				if e.Source.Type != TypeTask || e.Source.Artifact != root+"/Microsoft/Windows/Up" || e.Field("Date") != dated.Date {
					t.Errorf("%+v", e)
				}
			}
			want := []string{`10:00:01 C:\Windows\a b.exe the task \Microsoft\Windows\Up was registered by CORP\alice, as its file states, command: "%SystemRoot%\a b.exe" -q`}
			if !slices.Equal(got, want) {
				t.Errorf("events %q\nwant %q", got, want)
			}
			c := covered(t, tl, root)
			if c.Type != TypeTask || c.State != Partly || c.Records != 3 || c.ProblemCount != 2 || c.First.IsZero() {
				t.Errorf("coverage %+v", c)
			}
		})
	}
}

// Jobs are tasks too. One that at.exe made has a copy in the other folder, by the same path.
func TestJobs(t *testing.T) {
	job := running("cmd.exe", "/c up.exe")
	job.Job = &task.Job{Windows: 0x0501}
	vol := fstest.MapFS{
		"Windows/System32/cmd.exe": {}, "Windows/Tasks/At1.JOB": taskFile(t, job), "Windows/Tasks/At2.job": {Data: []byte("noise")}, "Windows/Tasks/SA.DAT": {Data: []byte("x")},
		"Windows/System32/Tasks/At1": taskFile(t, running("cmd.exe", "/c up.exe")),
	}
	tl := collect(t, vol)
	var got []string
	for _, tk := range tl.Tasks() {
		got = append(got, fmt.Sprintf("%s %s %s %t", tk.Artifact, tk.Path, tk.Actions[0].CommandLine(), tk.Job != nil))
	}
	if want := []string{`Windows/System32/Tasks/At1 \At1 cmd.exe /c up.exe false`, `Windows/Tasks/At1.JOB \At1 cmd.exe /c up.exe true`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if c := covered(t, tl, "Windows/Tasks"); c.State != Partly || c.Type != TypeTask || c.ProblemCount != 1 {
		t.Errorf("%+v", c)
	}
}

// A task is found by its content, and a job by its name.
func TestTasksElsewhere(t *testing.T) {
	named := running("a.exe", "")
	named.URI = `Microsoft\Up`
	job := running("b.exe", "")
	job.Job = &task.Job{Windows: 0x0a00}
	tl := collect(t, fstest.MapFS{"exported/one.xml": taskFile(t, named), "exported/two": taskFile(t, running("c.exe", "")), "At7.job": taskFile(t, job), "other.xml": {Data: []byte("<Task/>")}})
	var got []string
	for _, tk := range tl.Tasks() {
		got = append(got, tk.Artifact+" "+tk.Path+" "+tk.Actions[0].Command)
		if !tk.Unregistered || tk.Difference != "its file is not in a folder of the Task Scheduler" {
			t.Errorf("%s: %t, %q", tk.Path, tk.Unregistered, tk.Difference)
		}
	}
	if want := []string{`At7.job \At7 b.exe`, `exported/one.xml \Microsoft\Up a.exe`, `exported/two \two c.exe`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Types that are not asked for are not read.
func TestOnlyTasks(t *testing.T) {
	vol := fstest.MapFS{
		"Windows/System32/Tasks/A":               taskFile(t, running("a", "")),
		"ProgramData/" + startupOfAll + "/b.exe": {},
	}
	if tl := collect(t, vol, WithTypes(TypeTask)); len(tl.Tasks()) != 1 || len(tl.StartupFiles()) != 0 {
		t.Errorf("%d tasks, %d startup files", len(tl.Tasks()), len(tl.StartupFiles()))
	}
	if tl := collect(t, vol, WithTypes(TypeMFT)); len(tl.Tasks()) != 0 || slices.ContainsFunc(tl.Coverage(), func(c Coverage) bool { return strings.HasPrefix(c.Artifact, "Windows/System32/Tasks") }) {
		t.Errorf("%d tasks", len(tl.Tasks()))
	}
}
