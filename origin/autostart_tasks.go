package origin

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/task"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// inTasks adds the scheduled tasks of the registry, from which the Task Scheduler starts
// them, each with its file, and those of the files that the registry does not have.
func (s *autostartSearch) inTasks() {
	if s.tl == nil {
		return
	}
	for _, found := range s.tasksOf(s.tl.CachedTasks(), s.tl.Tasks()) {
		s.list.add(found)
	}
}

// tasksOf returns the autostarts of tasks that name the subject, those of the registry
// together with their files.
func (s *autostartSearch) tasksOf(registered []*timeline.CachedTask, files []*timeline.Task) (list []*autostart) {
	joined := map[string]bool{} // artifacts of files
	for _, c := range registered {
		if c.File != nil {
			joined[c.File.Artifact] = true
		}
		if found := s.inRegistered(c); found != nil {
			list = append(list, found)
		}
	}
	for _, t := range files {
		if joined[t.Artifact] {
			continue
		}
		is, line := s.inTask(t.Path, t.Task)
		if is == "" {
			continue
		}
		state := held
		switch {
		case t.Unregistered:
			state = unregistered
		case t.Disabled || len(t.Triggers) > 0 && !slices.ContainsFunc(t.Triggers, func(tr task.Trigger) bool { return !tr.Disabled }):
			state = disabled
		}
		at, _ := t.Registered()
		found := &autostart{category: "task", name: t.Path, location: t.Path, command: line, written: at, state: state, role: is, records: []Citation{citeTaskFile(t, line, state == held)}}
		for i := range t.Actions {
			found.class = cmp.Or(found.class, t.Actions[i].ClassID)
		}
		list = append(list, found)
	}
	return list
}

// inRegistered returns the autostart of a task of the registry if the registry or its file
// names the subject, else nil.
func (s *autostartSearch) inRegistered(c *timeline.CachedTask) *autostart {
	is, line := s.inCached(c.CachedTask)
	state := held
	if !c.Enabled() {
		state = disabled
	}
	fileIs, fileLine := role(""), ""
	if c.File != nil {
		fileIs, fileLine = s.inTask(c.Path, c.File.Task)
	}
	differs := c.Difference
	switch {
	case is != "":
	case fileIs != "": // the registry has another command
		is, line, state = fileIs, fileLine, unregistered
		differs = c.File.Difference
	default:
		return nil
	}
	a := &autostart{category: "task", name: c.Path, location: c.Path, command: line, written: c.Registered, state: state, role: is, hidden: c.Hidden, differs: differs, off: c.Off(),
		records: []Citation{citeCached(c)}}
	if a.written.IsZero() {
		a.written = c.KeyWrite
	}
	for i := range c.Actions {
		if action := &c.Actions[i]; action.Kind == "ComHandler" {
			a.class = "{" + action.Class.String() + "}"
		}
	}
	if c.File != nil {
		a.records = append(a.records, citeTaskFile(c.File, fileLine, !c.File.Disabled))
	}
	return a
}

// inTask returns what a task does with the subject by its XML, and by which command.
func (s *autostartSearch) inTask(name string, t *task.Task) (is role, line string) {
	account := t.RunsAs().UserID
	for i := range t.Actions {
		a := &t.Actions[i]
		r, command := s.inAction(account, a.WorkingDirectory, name, a.CommandLine()), a.CommandLine()
		if a.Kind == "ComHandler" {
			r, command = s.inServer(account, a.ClassID)
		}
		if r != "" && stronger(r, is) == r {
			is, line = r, command
		}
	}
	return is, line
}

// inCached is inTask for a task of the registry. A COM handler loads the server of its
// class, if a hive has that.
func (s *autostartSearch) inCached(t *registry.CachedTask) (is role, line string) {
	account := t.Triggers.Account.SID.String()
	for i := range t.Actions {
		a := &t.Actions[i]
		r, command := s.inAction(account, a.WorkingDirectory, t.Path, a.CommandLine()), a.CommandLine()
		if a.Kind == "ComHandler" {
			r, command = s.inHandler(account, t, "{"+a.Class.String()+"}")
		}
		if r != "" && stronger(r, is) == r {
			is, line = r, command
		}
	}
	return is, line
}

// inAction returns what a command of a task does with the subject.
func (s *autostartSearch) inAction(account, folder, name, line string) role {
	e := *s.environment(profileOfTask(account))
	if folder != "" {
		if folder, known := e.Resolve(folder, ""); known && len(folder) > 0 {
			e.Folders = append([]string{folder[0]}, e.Folders...)
		}
	}
	return s.read(&e, "task", name, line)
}

// inHandler returns what the server of a class does with the subject.
func (s *autostartSearch) inHandler(account string, t *registry.CachedTask, class string) (is role, server string) {
	if s.handlers == nil {
		s.handlers = map[[2]string]*hiveAutostart{}
		for i := range s.starts {
			if a := &s.starts[i]; a.Category == "task" && a.Class != "" {
				s.handlers[[2]string{a.Location, a.Class}] = a
			}
		}
	}
	a := s.handlers[[2]string{t.Location, class}]
	if a == nil {
		return "", ""
	}
	return s.asServer(account, a)
}

// inServer returns what a class does with the subject for which only the file of a task has
// a handler, and its server.
func (s *autostartSearch) inServer(account, class string) (is role, server string) {
	if s.servers == nil {
		s.servers = map[string][]*hiveAutostart{}
		add := func(a *hiveAutostart) {
			if _, of, ok := strings.Cut(`\`+winpath.FoldName(a.Location), `\CLSID\`); ok && a.Category == "com" {
				of, _, _ = strings.Cut(of, `\`)
				s.servers[of] = append(s.servers[of], a)
			}
		}
		for i := range s.starts {
			add(&s.starts[i])
		}
		for _, a := range s.usual {
			add(a)
		}
	}
	for _, a := range s.servers[winpath.FoldName(class)] {
		if is, server = s.asServer(account, a); is != "" {
			return is, server
		}
	}
	return "", ""
}

// asServer returns what the server of a class does with the subject, for a task.
func (s *autostartSearch) asServer(account string, a *hiveAutostart) (is role, server string) {
	if named, _ := s.usesPath(s.environment(profileOfTask(account)), a.Path); !named {
		return "", ""
	}
	if a.Use == registry.Runs {
		return starts, a.Path
	}
	return loads, a.Path
}

// profileOfTask returns the profile whose environment the actions of a task have.
func profileOfTask(account string) string {
	if systemAccounts[account] {
		return serviceProfile
	}
	return ""
}

// systemAccounts are the accounts of Windows itself, as tasks name them.
var systemAccounts = map[string]bool{"S-1-5-18": true, "S-1-5-19": true, "S-1-5-20": true, "SYSTEM": true, `NT AUTHORITY\SYSTEM`: true}

// commandsOf returns the commands of a task of the registry.
func commandsOf(t *registry.CachedTask) string {
	text := ""
	for i := range t.Actions {
		if line := cmp.Or(t.Actions[i].CommandLine(), t.Actions[i].Kind); text == "" {
			text = line
		} else {
			text += "; " + line
		}
	}
	return text
}

func citeCached(c *timeline.CachedTask) Citation {
	record, offset, at := c.Key, c.KeyOffset, c.KeyWrite
	if record == "" {
		record, offset, at = c.Location, c.Offset, c.LastWrite
	}
	return Citation{Artifact: c.Artifact, Record: record, Offset: offset, Time: at,
		Text: values("task", c.Path, "command", commandsOf(c.CachedTask), "account", c.Triggers.Account.String(), "author", c.Author, "registered", c.Registered, "last start", c.LastStart,
			"last end", c.LastStop, "result", hexResult(c.CachedTask), "enabled", c.Enabled(), "hidden", c.Hidden, "file", c.Difference)}
}

// hexResult returns the result of the last run, or "" if the task did not run.
func hexResult(t *registry.CachedTask) any {
	if t.LastStart.IsZero() {
		return ""
	}
	return hexID(uint64(t.LastResult | t.State))
}

func citeTaskFile(t *timeline.Task, line string, enabled bool) Citation {
	at, _ := t.Registered()
	return Citation{Artifact: t.Artifact, Offset: -1, Time: at,
		Text: values("task", t.Path, "command", line, "Author", t.Author, "Date", t.Date, "UserId", t.RunsAs().UserID, "enabled", enabled)}
}

// ranFrom returns the time at which a task of the registry last started what its command
// starts now, or a zero time. One that was changed later may have had another command, and
// an HRESULT of an error says that nothing was started.
func ranFrom(t *registry.CachedTask) time.Time {
	const running = 0x41301 // SCHED_S_TASK_RUNNING
	failed := (t.LastResult|t.State)&(1<<31) != 0
	ended := !t.LastStop.Before(t.LastStart) || t.LastResult == running
	if t.LastStart.IsZero() || failed || !ended || t.Registered.After(t.LastStart) {
		return time.Time{}
	}
	return t.LastStart
}
