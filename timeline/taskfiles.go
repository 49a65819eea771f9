package timeline

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// joinTasks finds for each task of the registry its file, and for each file whether the
// registry has the task.
func (t *Timeline) joinTasks() {
	files := map[string]*Task{}
	for _, tk := range t.tasks {
		files[winpath.Fold(tk.Path)] = tk
	}
	cached := map[string]bool{}
	for _, h := range t.hives {
		for i := range h.Tasks {
			c := &CachedTask{CachedTask: &h.Tasks[i], Artifact: h.Artifact, File: files[winpath.Fold(h.Tasks[i].Path)]}
			here := c.commands()
			switch {
			case c.File == nil && len(t.tasks) > 0:
				c.Difference = "it does not have a file"
			case c.File == nil:
			case c.File.commands() != here:
				c.Difference = "its file has " + or(c.File.commands(), "no command")
				c.File.Difference = "the registry has " + or(here, "no command")
			}
			cached[winpath.Fold(c.Path)] = true
			t.cached = append(t.cached, c)
		}
	}
	for _, tk := range t.tasks {
		if len(cached) > 0 && !cached[winpath.Fold(tk.Path)] {
			tk.Unregistered, tk.Difference = true, "the registry does not have it"
		}
	}
}

// commands returns what a task of the registry starts.
func (c *CachedTask) commands() string {
	var list []string
	for i := range c.Actions {
		a := &c.Actions[i]
		list = append(list, commandOf(a.Kind, a.CommandLine(), a.Class.String()))
	}
	return strings.Join(list, "; ")
}

// commands returns what a task starts by its file.
func (tk *Task) commands() string {
	var list []string
	for i := range tk.Actions {
		a := &tk.Actions[i]
		list = append(list, commandOf(a.Kind, a.CommandLine(), a.ClassID))
	}
	return strings.Join(list, "; ")
}

// commandOf returns what an action starts.
func commandOf(kind, line, class string) string {
	if kind == "ComHandler" {
		return "class {" + strings.Trim(strings.ToUpper(class), "{}") + "}"
	}
	return or(line, kind)
}
