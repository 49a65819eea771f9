package timeline

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/task"
)

// maxTasks limits how many tasks are read. Windows comes with about 200.
const maxTasks = 20_000

// addTasks reads tasks. Each folder of them has one coverage.
func (t *Timeline) addTasks(ctx context.Context, files []found) error {
	byRoot := newFolders(TypeTask, "tasks")
	var events ready
	for i, f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		root := taskRoot(f.artifact)
		c := byRoot.of(or(root, f.artifact))
		if i >= maxTasks {
			c.add(tooMany(f.artifact, maxTasks))
			break
		}
		r, err := task.OpenFS(t.vol, f.artifact)
		if err != nil {
			c.damaged(err)
			continue
		}
		for p := range r.Problems() {
			c.add(p)
		}
		tk := &Task{Task: r.Task(), Artifact: f.artifact, Path: taskPath(f.artifact, root, r.Task().URI)}
		if root == "" {
			tk.Unregistered, tk.Difference = true, "its file is not in a folder of the Task Scheduler"
		}
		if err := r.Close(); err != nil {
			c.damaged(err)
		}
		c.Records++
		t.tasks = append(t.tasks, tk)
		if at, ok := tk.Registered(); ok && filetime.Ticks(at) != 0 {
			c.saw(at)
			events = append(events, taskEvent(tk, t.opt.drive))
		}
	}
	t.sources = append(t.sources, readySource{TaskRegistered, events})
	t.coverage = append(t.coverage, byRoot.list()...)
	return nil
}

// taskPath returns the path of a task in the Task Scheduler's library: that of its file
// below the folder of tasks. A file elsewhere may have it as its URI.
func taskPath(artifact, root, uri string) string {
	switch {
	case root == "" && uri != "":
		return `\` + strings.TrimPrefix(uri, `\`)
	case root == "":
		artifact = "/" + path.Base(artifact)
	}
	name := strings.TrimPrefix(artifact, root)
	if isJob(name) {
		name = strings.TrimSuffix(name, path.Ext(name))
	}
	return strings.ReplaceAll(name, "/", `\`)
}

// taskEvent makes the event of a task whose date of registration has a time zone.
func taskEvent(t *Task, drive string) Event {
	at, _ := t.Registered()
	e := Event{
		Time:    filetime.Time(filetime.Ticks(at)),
		Desc:    "Registration Date",
		Kind:    TaskRegistered,
		Source:  Source{Artifact: t.Artifact, Record: t.Path, Offset: -1, Type: TypeTask},
		Message: fmt.Sprintf("the task %s was registered by %s, as its file states", t.Path, or(t.Author, "an unknown author")),
		Fields:  []Field{{"URI", t.URI}, {"Author", t.Author}, {"Date", t.Date}},
		Data:    t,
	}
	for i := range t.Actions {
		a := &t.Actions[i]
		switch {
		case a.Command != "":
			e.Fields = append(e.Fields, Field{"Command", a.CommandLine()})
			e.Message += with("command", a.CommandLine())
			e.Path = or(e.Path, winpath.Normalize(drive, strings.Trim(a.Command, `"`)))
		case a.ClassID != "":
			e.Fields = append(e.Fields, Field{"ClassId", a.ClassID})
			e.Message += with("class", a.ClassID)
		}
	}
	return e
}
