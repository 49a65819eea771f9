package origin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// An autostart is one thing that starts the subject, from any number of records.
type autostart struct {
	category, name, location, command string
	written                           time.Time // of the key, or of the record if only a log has it
	state                             autostartState
	logs                              int // number of log records of it
	records                           []Citation
}

// An autostartState is whether the autostart still exists. It is the fact "state".
type autostartState string

const (
	held     autostartState = "held"     // a hive holds it
	disabled autostartState = "disabled" // a hive holds it, disabled
	removed  autostartState = "removed"  // a log records its creation, but the hive no longer holds it
	logged   autostartState = "logged"   // a log records its creation, and the hive is not available
)

// autostarts returns what starts the subject, in order of time: what the hives hold,
// and what the logs record of its creation.
func (q *inquiry) autostarts() []*autostart {
	var list autostartList
	for i := range q.starts {
		s := &q.starts[i]
		if !q.isSubject(s.Path) && !q.commands(s.Command) && !q.isSubject(s.ServiceDll) && !q.commands(s.FailureCommand) {
			continue
		}
		state := held
		if !s.Enabled {
			state = disabled
		}
		list.add(&autostart{
			category: s.Category, name: s.Name, location: s.Location, command: s.Command, written: s.LastWrite, state: state,
			records: []Citation{{Artifact: s.artifact, Record: s.Location, Offset: s.Offset, Time: s.LastWrite,
				Text: values("key", s.Location, "name", s.Name, "command", s.Command, "ServiceDll", s.ServiceDll, "FailureCommand", s.FailureCommand,
					"ObjectName", s.ObjectName, "enabled", s.Enabled, "last written", s.LastWrite)}},
		})
	}
	for i := range q.installs {
		if in := &q.installs[i]; q.commands(in.command) {
			list.log(&autostart{
				category: "service", name: in.name, location: "the services", command: in.command, written: in.Time,
				records: []Citation{cite(&in.Event, "ServiceName", in.name, "command", in.command, "account", in.account, "SubjectUserSid", in.sid, "SubjectLogonId", hexID(in.logonID))},
			})
		}
	}
	for i := range q.values {
		if v := &q.values[i]; q.commands(v.data.Details) {
			list.logValue(v.data.TargetObject, v.data.Details, cite(&v.Event, "ProcessGuid", v.data.ProcessGuid, "Image", v.data.Image,
				"TargetObject", v.data.TargetObject, "Details", v.data.Details, "User", v.data.User))
		}
	}
	for i := range q.tasks {
		if t := &q.tasks[i]; namesFile(taskText.Replace(t.data.TaskContent), q.path) {
			list.log(&autostart{
				category: "task", name: t.data.TaskName, location: t.data.TaskName, command: q.path, written: t.Time,
				records: []Citation{cite(&t.Event, "TaskName", t.data.TaskName, "SubjectUserSid", t.data.SubjectUserSid, "SubjectLogonId", hexID(t.data.SubjectLogonId))},
			})
		}
	}
	for _, s := range list.all {
		if s.state == "" {
			s.state = q.stateWithoutHive(s)
		}
	}
	slices.SortStableFunc(list.all, func(a, b *autostart) int {
		return cmp.Or(a.written.Compare(b.written), strings.Compare(a.location, b.location))
	})
	return list.all
}

// stateWithoutHive is the state of an autostart that logs record and no hive holds:
// removed if the hive that it was written to is available.
func (q *inquiry) stateWithoutHive(s *autostart) autostartState {
	want := ""
	switch location := winpath.Fold(s.location); {
	case s.category == "task":
		return logged // the task folder is not read
	case s.category == "service":
		want = "SYSTEM"
	case strings.HasPrefix(location, `HKLM\SOFTWARE\`):
		want = "SOFTWARE"
	case strings.HasPrefix(location, `HKLM\SYSTEM\`):
		want = "SYSTEM"
	default:
		return logged // a user's: which hive belongs to which user is not known
	}
	for _, c := range q.coverage {
		if c.Type == timeline.TypeRegistry && c.State == timeline.Parsed && strings.EqualFold(c.Name, want) {
			return removed
		}
	}
	return logged
}

// taskText separates the words of a task's XML by spaces.
var taskText = strings.NewReplacer("<", " ", ">", " ", "\r", " ", "\n", " ", "&quot;", `"`, "&amp;", "&")

// commands reports whether a command starts the subject. A bare name does not
// identify the file.
func (q *inquiry) commands(command string) bool {
	if command == "" {
		return false
	}
	return q.isSubject(strings.Trim(command, `" `)) || containsFold(command, `\`) && namesPath(winpath.Normalize(q.drive, strings.TrimLeft(command, `" `)), q.path)
}

// autostartList is under construction: first what the hives hold, then what logs add.
type autostartList struct {
	all    []*autostart
	byName map[autostartName][]*autostart
}

// An autostartName is the folded name of an autostart in hives and logs.
type autostartName struct{ category, name string }

// nameOf returns the key of an autostart. Logs call a driver a service.
func nameOf(category, name string) autostartName {
	if category == "driver" {
		category = "service"
	}
	return autostartName{category, winpath.Fold(name)}
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

func (s *autostart) add(records []Citation) {
	s.logs++
	if len(s.records) < maxListed {
		s.records = append(s.records, records...)
	}
}

// logValue is log for a registry value, which Sysmon names by its whole path. A value
// that does not start anything, such as the list of what was run, is ignored.
func (list *autostartList) logValue(target, command string, record Citation) {
	key, name := winpath.Dir(target), winpath.Base(target)
	category := registry.AutostartCategory(key, name)
	switch category {
	case "":
		return
	case "service":
		list.log(&autostart{category: category, name: serviceOf(key), location: key, command: command, written: record.Time, records: []Citation{record}})
		return
	}
	same := list.byName[nameOf(category, name)]
	for _, known := range same[:min(len(same), maxListed)] {
		// A hive names its keys below its root, a log from the root of the registry.
		if location := winpath.Fold(known.location); strings.HasSuffix(winpath.Fold(key), `\`+location) || winpath.Same(key, known.location) {
			known.add([]Citation{record})
			return
		}
	}
	list.add(&autostart{category: category, name: name, location: key, command: command, written: record.Time, logs: 1, records: []Citation{record}})
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

var autostartHeld = &rule{
	name: "autostart.registry", question: Autostart, best: Recorded,
	finds:   "the autostarts that hives hold, and that the logs record as new (7045, 4697, 4698, Sysmon 13)",
	reads:   []*source{systemHive, softHive, userHive},
	also:    []*source{newService, auditService, auditTask, sysmonValue},
	traps:   []trap{{"only_logged", "no hive shows whether the autostart still exists"}},
	against: "nothing else that was searched",
	apart:   "the hives of the machine",
	find:    (*inquiry).findAutostarts,
}

func (q *inquiry) findAutostarts() []candidate {
	list := q.autostarts()
	if len(list) == 0 {
		return nil
	}
	a := candidate{Answer: Answer{Grade: Recorded}}
	parts := make([]string, 0, len(list))
	for _, s := range list[:min(len(list), maxListed)] {
		text := fmt.Sprintf("%s %s at %s", categoryWord(s.category), s.name, s.location)
		switch s.state {
		case held:
			text += ", written " + timeText(s.written)
		case disabled:
			text += ", written " + timeText(s.written) + " and disabled"
		case removed:
			text += ", created " + timeText(s.written) + " and since removed"
		case logged:
			text += ", created " + timeText(s.written) + " (no hive shows whether it still exists)"
			grade := weakest(a.Grade, s.grade())
			a.caught("only_logged", "nothing, if the %s %s was removed after %s", categoryWord(s.category), s.name, timeText(s.written))
			a.Grade = grade
		}
		parts = append(parts, text+", runs "+clip(s.command))
		a.fact("category", s.category)
		a.fact("name", s.name)
		a.fact("location", s.location)
		a.fact("written", s.written)
		a.fact("command", s.command)
		a.fact("state", s.state)
		a.cite(s.records...)
	}
	if n := len(list) - len(parts); n > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", n))
	}
	a.Answer.Answer = sentence(strings.Join(parts, "; "))
	return []candidate{a}
}

// grade is that of an autostart which logs record and no hive holds: it was created,
// but it may no longer exist.
func (s *autostart) grade() Grade {
	if s.logs > 1 {
		return Corroborated
	}
	return Inferred
}

func sayAutostart(a retold) []string { return []string{a.starters()} }

// starters returns the sentence about an answer to Autostart.
func (a *Answer) starters() string {
	var list []string
	for _, s := range groups(a.Facts, "category") {
		list = append(list, "the "+categoryWord(s.Fact("category"))+" "+s.Fact("name"))
	}
	if len(list) == 1 {
		return capital(list[0]) + " starts it"
	}
	return capital(enumerate(firstOf(list))) + " start it"
}

// categoryWord returns the name of an autostart category for a reader.
func categoryWord(category string) string {
	switch category {
	case "run":
		return "Run value"
	case "runonce":
		return "RunOnce value"
	case "task":
		return "scheduled task"
	}
	return category
}
