package registry

import (
	"bytes"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// deletedTask returns what a deleted key below Tasks of the TaskCache made the Task Scheduler start,
// action by action. A key of which the path is not known counts if its Actions can be read in
// full, and it has a Path. What the hive holds with the same actions is not deleted, but was
// moved in it.
func (r *Reader) deletedTask(k *DeletedKey) []Autostart {
	path := valueText(k.Values, "Path")
	if k.Rooted && !winpath.SameName(k.Path, taskCache+`\Tasks\`+k.Name) || !k.Rooted && path == "" {
		return nil
	}
	data := valueBytes(k.Values, "Actions")
	_, actions, err := TaskActions(data)
	if err != nil || len(actions) == 0 || bytes.Equal(data, r.actionsOf(k.Name)) {
		return nil
	}
	t := CachedTask{Actions: actions}
	if path == "" {
		path = k.Name
	}
	commands, _ := t.commands(r)
	var list []Autostart
	for _, c := range commands {
		list = append(list, Autostart{
			Category: "task", Location: k.Path, Name: path, Command: c.command, Path: c.path, Use: c.use, Class: c.class,
			LastWrite: k.LastWrite, Newest: k.LastWrite, Hive: r.Name(), Offset: k.Offset,
		})
	}
	return list
}

// actionsOf returns the Actions that the hive holds of the task with an ID, or nil.
func (r *Reader) actionsOf(id string) []byte {
	k, err := r.OpenKey(taskCache + `\Tasks\` + strings.TrimSpace(id))
	if err != nil {
		return nil
	}
	v, err := k.Value("Actions")
	if err != nil {
		return nil
	}
	data, _ := v.Data()
	return data
}

func valueBytes(values []DeletedValue, name string) []byte {
	for _, v := range values {
		if winpath.SameName(v.Name, name) {
			if data, err := v.Data(); err == nil {
				return data
			}
		}
	}
	return nil
}

func valueText(values []DeletedValue, name string) string {
	for _, v := range values {
		if winpath.SameName(v.Name, name) {
			if text, err := v.Text(); err == nil {
				return text
			}
		}
	}
	return ""
}
