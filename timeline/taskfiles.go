package timeline

import (
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// joinTasks finds for each task of the registry its file, and for each file whether the
// registry has the task.
func (t *Timeline) joinTasks() {
	files := map[string]*Task{}
	for _, tk := range t.tasks {
		if tk.Job == nil { // which is a copy, if the registry has the task
			files[winpath.Fold(tk.Path)] = tk
		}
	}
	hasFolder := slices.ContainsFunc(t.tasks, func(tk *Task) bool { return tk.Job == nil && !tk.Unregistered }) // files by themselves are not all that there are
	cached := map[string]bool{}
	for _, h := range t.hives {
		for i := range h.Tasks {
			c := &CachedTask{CachedTask: &h.Tasks[i], Artifact: h.Artifact, File: files[winpath.Fold(h.Tasks[i].Path)]}
			switch {
			case c.File == nil && hasFolder:
				c.Difference = "it does not have a file"
			case c.File != nil:
				c.Difference, c.File.Difference = c.compare()
			}
			cached[winpath.Fold(c.Path)] = true
			t.cached = append(t.cached, c)
		}
	}
	for _, tk := range t.tasks {
		if len(cached) > 0 && !cached[winpath.Fold(tk.Path)] && !tk.Unregistered {
			tk.Unregistered, tk.Difference = true, "the registry does not have it"
		}
	}
}
