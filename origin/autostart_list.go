package origin

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// An autostart is one thing that names the subject among what Windows starts by itself,
// from any number of records.
type autostart struct {
	category, name, location, command string
	class                             string    // through which a hive has the command; "" if the value itself has it
	written                           time.Time // of the key, or of the record if only a log has it
	state                             autostartState
	role                              role
	logs                              int      // number of log records of it
	hidden                            string   // why the tools of Windows do not list a task
	differs                           string   // how the file of a task and the registry differ
	off, offFor, doneFor, undecided   string   // as of a hive
	replaces                          string   // of a file in the place of one of Windows: which, and why it is another
	earlier                           []string // what earlier versions of the hive have, in words
	records                           []Citation
	formerly                          formerly // what a shadow copy shows of it
	usual                             bool     // at a location that has thousands of entries of Windows
}

// An autostartState is whether the autostart still exists. It is the fact "state".
type autostartState string

const (
	held         autostartState = "held"         // a hive or a file holds it
	disabled     autostartState = "disabled"     // a hive or a file holds it, disabled
	unregistered autostartState = "unregistered" // the file of a task holds it, and the registry, from which tasks are started, does not
	unusedSet    autostartState = "unused_set"   // a control set of the hive holds it that was not in use, such as the last known good configuration
	removed      autostartState = "removed"      // a log records its creation, or an earlier version of the hive has it, but the hive or the folder no longer holds it
	inPast       autostartState = "former"       // a shadow copy has it, and nothing else that was searched
	deleted      autostartState = "deleted"      // it is left in a deleted key or value of a hive
	logged       autostartState = "logged"       // a log records its creation, and the hive or the folder is not available
)

// autostartsFound is what a search for autostarts that name the subject found.
type autostartsFound struct {
	list    []*autostart // in order of time
	unclear []string     // those that may start it, and that could not be understood
}

// autostartList is under construction: first what hives and files hold, then what logs
// add.
type autostartList struct {
	all    []*autostart
	byName map[autostartName][]*autostart
}

func (list *autostartList) add(s *autostart) {
	if list.byName == nil {
		list.byName = map[autostartName][]*autostart{}
	}
	key := nameOf(s.category, s.name)
	list.byName[key] = append(list.byName[key], s)
	list.all = append(list.all, s)
}

// log adds a log record to the autostart that it is about, or as a new one.
func (list *autostartList) log(s *autostart) {
	if known := list.byName[nameOf(s.category, s.name)]; len(known) > 0 {
		known[0].add(s.records)
		return
	}
	s.logs = 1
	list.add(s)
}

// withoutServers returns the list without the usual registrations of classes that another
// autostart names, which says more.
func (list *autostartList) withoutServers() []*autostart {
	named := map[string]bool{} // folded classes
	for _, s := range list.all {
		if s.class != "" && s.state == held && s.role.executes() {
			named[winpath.FoldName(s.class)] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(list.all), func(s *autostart) bool {
		_, class, _ := strings.Cut(winpath.FoldName(s.location), `\CLSID\`)
		class, _, _ = strings.Cut(class, `\`)
		return s.usual && named[class] && class != winpath.FoldName(s.class)
	})
}

func (s *autostart) add(records []Citation) {
	s.logs++
	if len(s.records) < maxListed {
		s.records = append(s.records, records...)
	}
}

// logValue is log for a registry value, which Sysmon names by its whole path.
func (list *autostartList) logValue(category, target, command string, is role, record Citation) {
	key, name := winpath.Dir(target), winpath.Base(target)
	if name == "(Default)" {
		name = ""
	}
	if category == "service" && !winpath.SameName(name, "Application") {
		list.log(&autostart{category: category, name: serviceOf(key), location: key, command: command, written: record.Time, role: is, records: []Citation{record}})
		return
	}
	same := list.byName[nameOf(category, name)]
	for _, known := range same[:min(len(same), maxListed)] {
		// A hive names its keys below its root, a log from the root of the registry.
		if location := belowControlSet(winpath.Fold(known.location)); strings.HasSuffix(winpath.Fold(key), `\`+location) || winpath.Same(key, known.location) {
			known.add([]Citation{record})
			return
		}
	}
	list.add(&autostart{category: category, name: name, location: key, command: command, written: record.Time, role: is, logs: 1, records: []Citation{record}})
}

// belowControlSet returns the path of a key in a SYSTEM hive without its control set,
// which a log calls the current one. Other paths stay as they are.
func belowControlSet(folded string) string {
	set, rest, _ := strings.Cut(folded, `\`)
	if len(set) == len("CONTROLSET001") && strings.HasPrefix(set, "CONTROLSET") {
		return rest
	}
	return folded
}

// serviceOf returns the name of the service at or above a key.
func serviceOf(key string) string {
	parts := strings.Split(key, `\`)
	for i, p := range parts[:len(parts)-1] {
		if strings.EqualFold(p, "Services") {
			return parts[i+1]
		}
	}
	return winpath.Base(key)
}

// startupFolder is the category of a folder that Windows searches in place of the usual
// startup folder.
const startupFolder = "startup-folder"

// logonScreen is the category of a program that the logon screen starts.
const logonScreen = "logon-screen"

// categoryWord returns the name of an autostart category for a reader.
func categoryWord(category string) string {
	switch category {
	case "run":
		return "Run value"
	case "runonce":
		return "RunOnce value"
	case "task":
		return "scheduled task"
	case "wmi":
		return "consumer of WMI events"
	case "bits":
		return "BITS job"
	case "startup":
		return "startup folder entry"
	case startupFolder:
		return "startup folder"
	case "com":
		return "COM class"
	case logonScreen:
		return "logon screen, by"
	case "pending-rename":
		return "rename at the next start"
	}
	return category
}

// formerly is what the newest shadow copy in which an autostart differs shows of it.
type formerly struct {
	in      *past // nil if no shadow copy differs
	command string
	absent  bool
}

// clause says it.
func (f *formerly) clause() string {
	if f.absent {
		return fmt.Sprintf("not yet in shadow copy %s of %s", f.in.Name, timeText(f.in.Created))
	}
	return fmt.Sprintf("with the command %s in shadow copy %s of %s", clip(f.command), f.in.Name, timeText(f.in.Created))
}

// notYet returns the time of a shadow copy that does not have the autostart.
func (f *formerly) notYet() (at time.Time) {
	if f.absent {
		at = f.in.Created
	}
	return at
}
