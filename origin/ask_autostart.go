package origin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/timeline"
)

var autostartHeld = &rule{
	name: "autostart.held", question: Autostart, best: Recorded,
	finds: "the autostarts that hives, files of tasks, startup folders, the repository of WMI and the queue of BITS hold, and that the logs record as new " +
		"(7045, 4697, 4698, 4702, WMI-Activity 5861, Sysmon 13, 20), whose commands start the file",
	reads: []*source{systemHive, softHive, userHive},
	also:  []*source{fileContent, taskFiles, startupFolders, newService, auditService, auditTask, sysmonValue, wmiBound, sysmonConsumer, wmiRepository, bitsQueue},
	traps: []trap{{"only_logged", "no hive and no file shows whether the autostart still exists"},
		{"left", "it is a job of BITS that left the queue, and whether BITS had run its command is not recorded"}},
	against: "nothing else that was searched",
	apart:   "the hives of the machine",
	find:    (*inquiry).findAutostarts,
}

// findAutostarts answers with the autostarts whose commands start the subject, also
// those that are disabled or removed. Those that only name it, and commands that could
// not be understood, answer nothing.
func (q *inquiry) findAutostarts() []candidate {
	named := q.autostarts()
	var starting, others []*autostart
	for _, s := range named.list {
		if s.role.executes() {
			starting = append(starting, s)
		} else {
			others = append(others, s)
		}
	}
	var found []candidate
	if len(starting) > 0 {
		// What names it without starting it is worth a word only if it is still there.
		others := slices.DeleteFunc(slices.Clone(others), func(s *autostart) bool { return s.state != held })
		found = append(found, tellAutostarts(append(starting, others...)))
	}
	if len(starting) == 0 && len(others) > 0 || len(named.unclear) > 0 {
		a := lead()
		if len(starting) == 0 && len(others) > 0 {
			a = tellAutostarts(others)
			a.Grade = Unknown
		}
		a.missed = named.unclear
		found = append(found, a)
	}
	return found
}

// tellAutostarts words what was found.
func tellAutostarts(list []*autostart) candidate {
	a := candidate{Answer: Answer{Grade: Recorded}}
	parts := make([]string, 0, len(list))
	remains := slices.ContainsFunc(list, func(s *autostart) bool { return s.role.executes() && s.state != removed })
	for _, s := range list[:min(len(list), maxListed)] {
		if s.state == logged && s.role.executes() {
			grade := weakest(a.Grade, s.grade())
			a.caught("only_logged", "nothing, if the %s %s was removed after %s", categoryWord(s.category), s.name, timeText(s.written))
			a.Grade = grade
		}
		if s.category == "bits" && s.state == removed && s.role.executes() && !remains {
			a.caught("left", "nothing, if the job %s was cancelled", s.name)
		}
		parts = append(parts, s.describe())
		a.fact("category", s.category)
		a.fact("name", s.name)
		a.fact("location", s.location)
		a.fact("written", s.written)
		a.fact("command", s.command)
		a.fact("not_yet", s.formerly.notYet())
		a.fact("was", s.formerly.command)
		a.fact("state", s.state)
		a.fact("role", s.role)
		a.fact("hidden", s.hidden)
		a.fact("differs", s.differs)
		a.fact("off", s.off)
		a.fact("off_for", s.offFor)
		a.fact("done_for", s.doneFor)
		a.fact("replaces", s.replaces)
		a.fact("undecided", s.undecided)
		a.fact("earlier", strings.Join(s.earlier, "; "))
		a.cite(s.records...)
	}
	if n := len(list) - len(parts); n > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", n))
	}
	a.Answer.Answer = sentence(strings.Join(parts, "; "))
	return a
}

// describe returns a clause about an autostart.
func (s *autostart) describe() string {
	text := strings.TrimSpace(categoryWord(s.category)+" "+s.name) + " at " + s.location
	var when []string
	switch {
	case s.written.IsZero():
	case s.state == held || s.state == disabled || s.state == unregistered || s.state == unusedSet || s.state == deleted || s.state == inPast:
		when = append(when, "written "+timeText(s.written))
	default:
		when = append(when, "created "+timeText(s.written))
	}
	switch s.state {
	case disabled:
		when = append(when, "disabled")
	case unregistered:
		when = append(when, "not registered")
	case unusedSet:
		when = append(when, "in a control set that is not in use")
	case removed:
		when = append(when, "since removed")
	case deleted:
		when = append(when, "since deleted")
	case inPast:
		when = append(when, fmt.Sprintf("in shadow copy %s of %s", s.formerly.in.Name, timeText(s.formerly.in.Created)), "since removed")
	}
	if s.state != inPast && s.formerly.in != nil {
		when = append(when, s.formerly.clause())
	}
	if len(when) > 0 {
		text += ", " + strings.Join(when, " and ")
	}
	if s.state == logged {
		text += " (nothing shows whether it still exists)"
	}
	if s.hidden != "" {
		text += " (hidden: " + s.hidden + ")"
	}
	if s.differs != "" {
		text += " (" + clip(s.differs) + ")"
	}
	if s.replaces != "" {
		text += " (in the place of " + s.replaces + ")"
	}
	if s.offFor != "" {
		text += " (off for " + clip(s.offFor) + ")"
	}
	if s.doneFor != "" {
		text += " (done for " + clip(s.doneFor) + ")"
	}
	if s.undecided != "" {
		text += " (not known: " + clip(s.undecided) + ")"
	}
	if len(s.earlier) > 0 {
		text += " (" + strings.Join(s.earlier, "; ") + ")"
	}
	does := s.role.inWords()
	if s.role == starts {
		does = "runs"
	} else {
		does += ":"
	}
	return text + ", " + does + " " + clip(s.command)
}

// grade is that of an autostart which only logs record: it was created, but it may no
// longer exist.
func (s *autostart) grade() Grade {
	if s.logs > 1 {
		return Corroborated
	}
	return Inferred
}

// sayAutostart returns a sentence about what starts the subject, and one for all
// autostarts that have another role or state.
func sayAutostart(a retold) []string {
	var said, now, other []string
	for _, s := range groups(a.Facts, "category") {
		name := strings.TrimSpace("the " + categoryWord(s.Fact("category")) + " " + s.Fact("name"))
		if s.Fact("hidden") != "" {
			name = "the hidden " + strings.TrimPrefix(name, "the ")
		}
		r, state := role(s.Fact("role")), autostartState(s.Fact("state"))
		switch {
		case !r.executes(), r.indirect() && (state == held || state == logged):
			other = append(other, name+" "+r.inWords())
		case state == disabled:
			other = append(other, name+" would start it, but is disabled")
		case state == unregistered:
			other = append(other, name+" would start it, but is not registered")
		case state == unusedSet:
			other = append(other, name+" would start it, but is in a control set that is not in use")
		case state == removed && s.Fact("category") == "bits":
			other = append(other, name+" was to start it, and is no longer in the queue")
		case state == removed:
			other = append(other, name+" started it until it was removed")
		case state == deleted:
			other = append(other, name+" started it until it was deleted")
		case state == inPast:
			other = append(other, name+" started it when a shadow copy was made, and is gone")
		default:
			now = append(now, name)
		}
	}
	switch len(now) {
	case 0:
	case 1:
		said = append(said, capital(now[0])+" starts it")
	default:
		said = append(said, capital(enumerate(firstOf(now)))+" start it")
	}
	if len(other) > 0 {
		said = append(said, capital(enumerate(firstOf(other))))
	}
	return said
}

// The files that hold autostarts.
var (
	taskFiles = &source{name: "scheduled tasks", typ: timeline.TypeTask, writer: "the Task Scheduler", reach: administrator,
		why: "files, which an administrator can write; the Task Scheduler ignores those that the registry does not confirm"}
	startupFolders = &source{name: "startup folders", typ: timeline.TypeStartup, writer: "the program that saved the file", reach: anyProgram,
		why: "folders that the account itself can write"}
)
