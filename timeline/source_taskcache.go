package timeline

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/registry"
)

// tasksIn reads the scheduled tasks of a hive. The walk over all keys has reported damaged
// keys, and what damage of a task follows is that of its values.
func tasksIn(r *registry.Reader, c *Coverage) (list []registry.CachedTask) {
	for t, err := range registry.CachedTasks(r) {
		if e := (*FormatError)(nil); errors.Is(err, registry.ErrTaskVersion) && errors.As(err, &e) {
			c.add(Problem{Kind: damage.Unsupported, Err: e})
		} else if err != nil {
			c.damaged(err)
		} else if len(list) < maxTasks {
			list = append(list, t)
		}
	}
	return list
}

// taskTimes returns the times of tasks: registration, last start and last end.
func taskTimes(tasks []registry.CachedTask) []keyTime {
	var list []keyTime
	for i := range tasks {
		t := &tasks[i]
		fields := []Field{{"Task", t.Path}, {"ID", t.ID}}
		says, path := "", ""
		for j := range t.Actions {
			a := &t.Actions[j]
			switch a.Kind {
			case "Exec":
				fields = append(fields, Field{"Command", a.CommandLine()})
				says += with("command", a.CommandLine())
				path = or(path, strings.Trim(a.Command, `"`))
			case "ComHandler":
				class := "{" + a.Class.String() + "}"
				fields = append(fields, Field{"ClassId", class})
				says += with("class", class)
			}
		}
		if account := t.Triggers.Account.String(); account != "" {
			fields = append(fields, Field{"Account", account})
		}
		if t.Hidden != "" {
			fields = append(fields, Field{"Hidden", t.Hidden})
			says += with("hidden", t.Hidden)
		}
		for _, event := range []struct {
			kind       Kind
			at         time.Time
			desc, what string
			fields     []Field
		}{
			{TaskRegistered, t.Registered, "Registration Time", "was registered, or last changed", []Field{{"Author", t.Author}}},
			{TaskStarted, t.LastStart, "Last Time Executed", "was last started", nil},
			{TaskEnded, t.LastStop, "Last Time Ended", "last ended", []Field{{"Result", fmt.Sprintf("%#x", t.LastResult|t.State)}}},
		} {
			if filetime.Ticks(event.at) == 0 || len(list) == maxTimed {
				continue
			}
			list = append(list, keyTime{event.kind, timedValue{at: event.at, desc: event.desc, path: path, data: t,
				says: fmt.Sprintf("the task %s %s, as the registry has it%s", t.Path, event.what, says), fields: append(fields[:len(fields):len(fields)], event.fields...)},
				t.Key, "DynamicInfo", t.KeyOffset})
		}
	}
	return list
}
