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
			if len(t.tasks) > 0 {
				c.Difference = c.difference()
			}
			cached[winpath.Fold(c.Path)] = true
			t.cached = append(t.cached, c)
		}
	}
	for _, tk := range t.tasks {
		tk.Unregistered = len(cached) > 0 && !cached[winpath.Fold(tk.Path)]
	}
}

// difference compares what a task starts by the registry and by its file.
func (c *CachedTask) difference() string {
	if c.File == nil {
		return "it does not have a file"
	}
	var here, there []string
	for i := range c.Actions {
		a := &c.Actions[i]
		if a.Kind == "ComHandler" {
			here = append(here, "class {"+a.Class.String()+"}")
		} else {
			here = append(here, or(a.CommandLine(), a.Kind))
		}
	}
	for i := range c.File.Actions {
		a := &c.File.Actions[i]
		if a.Kind == "ComHandler" {
			there = append(there, "class {"+strings.Trim(strings.ToUpper(a.ClassID), "{}")+"}")
		} else {
			there = append(there, or(a.CommandLine(), a.Kind))
		}
	}
	if one, other := strings.Join(here, "; "), strings.Join(there, "; "); one != other {
		return "its file has " + or(other, "no command")
	}
	return ""
}
