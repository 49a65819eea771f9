package registry

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
)

// taskCommand is what an action of a task starts.
type taskCommand struct {
	command, path string
	class         string // of a COM handler
	use           Use
}

// commands returns what the actions of a task start, one by one, and the damage of the
// classes of its COM handlers. A task without any action that could be read has one command,
// which is empty.
func (t *CachedTask) commands(r *Reader) (list []taskCommand, damaged []error) {
	for i := range t.Actions {
		a := &t.Actions[i]
		switch a.Kind {
		case "Exec":
			list = append(list, taskCommand{a.CommandLine(), ExecutablePath(a.CommandLine()), "", Runs})
		case "ComHandler":
			class := "{" + a.Class.String() + "}"
			path, use, errs := r.classServer(class)
			damaged = append(damaged, errs...)
			list = append(list, taskCommand{strings.TrimSpace("ComHandler " + class + " " + a.Data), path, class, use})
		default: // does nothing since Windows 8
			list = append(list, taskCommand{command: a.Kind})
		}
	}
	if len(list) == 0 {
		list = make([]taskCommand, 1)
	}
	return list, damaged
}

// classServers are the keys of a class that name its server, and what Windows does with it.
var classServers = []struct {
	key string
	use Use
}{{"InprocServer32", Loads}, {"LocalServer32", Runs}}

// classServer returns the path of the server of a class of a SOFTWARE hive, or "" if the
// hive does not have it.
func (r *Reader) classServer(class string) (path string, use Use, damaged []error) {
	for _, server := range classServers {
		k, err := r.OpenKey(`Classes\CLSID\` + class + `\` + server.key)
		var v *Value
		if err == nil {
			v, err = k.Value("")
		}
		text := ""
		if err == nil {
			text, err = v.Text()
		}
		if damage.Is(err) {
			damaged = append(damaged, err)
		}
		if path := ExecutablePath(text); path != "" {
			return path, server.use, damaged
		}
	}
	return "", Loads, damaged
}

// kinds names the kinds of the triggers, such as "Boot, Logon (disabled)".
func (t *TaskTriggers) kinds() string {
	var list []string
	for i := range t.List {
		kind := strings.TrimSuffix(t.List[i].Kind, "Trigger")
		if !t.List[i].Enabled {
			kind += " (disabled)"
		}
		list = append(list, kind)
	}
	return strings.Join(list, ", ")
}

// String returns the name of the account, else its SID, or "".
func (a TaskAccount) String() string {
	if a.Name == "" && !a.SID.IsZero() {
		return a.SID.String()
	}
	return a.Name
}
