package origin

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/command"
	"github.com/birthmark-dfir/birthmark/internal/masquerade"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/task"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// autostarts returns the autostarts that name the subject: what hives and files hold,
// and what the logs record of its creation. It searches once for all who ask, who must
// not change the list.
func (q *inquiry) autostarts() *autostartsFound {
	if q.started != nil {
		return q.started
	}
	s := &autostartSearch{inquiry: q, environments: map[string]*environment{}}
	s.inHives()
	s.inEarlierHives()
	s.inTasks()
	s.inStartupFolders()
	s.inRepository()
	s.inQueue()
	s.inLogs()
	for _, a := range s.list.all {
		if a.state == "" {
			a.state = q.stateByLogs(a)
		}
		q.lookBack(a)
	}
	s.list.all = s.list.withoutServers()
	slices.SortStableFunc(s.list.all, func(a, b *autostart) int {
		switch {
		case a.usual != b.usual && b.usual:
			return -1
		case a.usual != b.usual:
			return 1
		}
		return cmp.Or(a.written.Compare(b.written), strings.Compare(a.location, b.location))
	})
	q.machine.started = &autostartsFound{s.list.all, s.unclear}
	return q.started
}

func (s *autostartSearch) inHives() {
	for i := range s.starts {
		if a := &s.starts[i]; a.Category != "task" { // inTasks has more of it
			s.addHeld(a, false)
		}
	}
	for _, a := range s.usual {
		s.addHeld(a, true)
	}
	for _, a := range s.ofOtherSets {
		if found := s.inHive(a, unusedSet); found != nil && found.role.executes() && len(s.list.byName[nameOf(a.Category, a.Name)]) == 0 {
			s.list.add(found)
		}
	}
}

// addHeld adds an autostart of a hive if it names the subject.
func (s *autostartSearch) addHeld(a *hiveAutostart, usual bool) {
	state := held
	if !a.Enabled {
		state = disabled
	}
	if found := s.inHive(a, state); found != nil {
		found.usual = usual
		s.list.add(found)
	}
}

// inHive returns an autostart of a hive if it names the subject, else nil.
func (s *autostartSearch) inHive(a *hiveAutostart, state autostartState) *autostart {
	e := s.environment(s.profileOf(a))
	is := s.used(e, a.Use, a.Category, a.Name, commandOf(a), inPrintFolder(a.Location, a.Path))
	if a.Use == registry.Moves {
		if named, _ := s.usesPath(e, a.MovedTo); named {
			is = stronger(is, writes)
		}
	}
	is = stronger(is, s.read(e, a.Category, a.Name, a.FailureCommand))
	if a.ServiceDll != "" {
		is = stronger(is, s.usesFile(e, command.Loads, a.Category, a.Name, a.ServiceDll))
	}
	if is == "" {
		return nil
	}
	found := &autostart{
		category: a.Category, name: a.Name, location: a.Location, class: a.Class, command: cmp.Or(a.Command, a.ServiceDll, a.Path), written: a.LastWrite, state: state, role: is, hidden: a.Hidden,
		off: a.Off, offFor: a.OffFor, doneFor: a.DoneFor, undecided: a.Undecided,
		records: []Citation{{Artifact: a.artifact, Record: a.Location, Offset: a.Offset, Time: a.LastWrite,
			Text: values("key", a.Location, "name", a.Name, "command", a.Command, "class", a.Class, "ServiceDll", a.ServiceDll, "FailureCommand", a.FailureCommand,
				"ObjectName", a.ObjectName, "enabled", a.Enabled, "off", a.Off, "off for", a.OffFor, "done for", a.DoneFor, "not known", a.Undecided, "last written", a.LastWrite)}},
	}
	s.replaced(a, found)
	return found
}

// commandOf returns the command line of an autostart. The script of a policy may be written
// as its name, and is below the folder of the policy.
func commandOf(a *hiveAutostart) string {
	if a.Category != "group-policy" {
		return a.Command
	}
	name, arguments, ok := strings.Cut(strings.TrimPrefix(a.Command, `"`), `"`)
	if !ok {
		name, arguments, _ = strings.Cut(a.Command, " ")
	}
	if _, ok := winpath.CutPrefix(a.Path[max(0, len(a.Path)-len(name)):], name); !ok || len(name) == len(a.Path) {
		return a.Command
	}
	return `"` + a.Path + `" ` + arguments
}

// replaced notes that the subject is in the place of a file of Windows that an autostart of
// Windows names, and claims to be another.
func (s *autostartSearch) replaced(a *hiveAutostart, found *autostart) {
	if s.content == nil || s.content.image == nil || !masquerade.InPlace(a.Category, winpath.Normalize(s.drive, a.Path), s.path) {
		return
	}
	v := &s.content.image.Version
	if why := masquerade.Replaces(s.path, v.CompanyName, v.OriginalFilename); why != "" {
		found.replaces = winpath.Base(s.path) + " of Windows: " + why
		found.records = append(found.records, s.citeContent("CompanyName", v.CompanyName, "OriginalFilename", v.OriginalFilename))
	}
}

// inEarlierHives says of the autostarts of hives what earlier versions have, and adds those
// that only an earlier version has.
func (s *autostartSearch) inEarlierHives() {
	if s.tl == nil {
		return
	}
	for _, e := range s.tl.earlierHives() {
		if e.Reader == nil {
			continue
		}
		read := slices.ContainsFunc(s.tl.Timeline.Coverage(), func(c timeline.Coverage) bool {
			return c.Type == timeline.TypeRegistry && winpath.Same(c.Artifact, e.Of) && c.State == timeline.Parsed && !c.Dirty
		})
		for _, a := range s.list.all {
			if a.state != held && a.state != disabled || !winpath.Same(a.records[0].Artifact, e.Of) {
				continue
			}
			key, now := s.startOf(a)
			if now.inVolume == "" {
				continue
			}
			had, is := compareStart(e, key, now)
			a.earlier = append(a.earlier, e.place()+" "+hadInWords(had, is))
			cited := Citation{Artifact: e.Artifact, Record: a.location, Offset: -1, Time: e.Written, Text: values("key", a.location, "name", a.name, "state", "absent")}
			if is != lacking {
				cited.Offset, cited.Time, cited.Text = had.offset, had.written, values("key", had.record, "name", a.name, "command", had.command, "last written", had.written)
			}
			a.records = append(a.records, cited)
		}
		for i := range e.Autostarts {
			old := &hiveAutostart{e.Artifact, e.Autostarts[i]}
			if _, now := s.tl.startsNow()[keyOf(e.Of, &old.Autostart)]; !read || now || old.Category == "task" {
				continue
			}
			if found := s.inHive(old, removed); found != nil && found.role.executes() {
				found.earlier = []string{e.place() + " has it"}
				s.list.add(found)
			}
		}
	}
}

// used returns what an autostart does with the subject, by what Windows does with the file
// that it names: the path is that of the command line, if it is known.
func (s *autostartSearch) used(e *environment, use registry.Use, category, name, line, path string) role {
	if use == registry.Runs {
		is := s.read(e, category, name, line)
		if named, _ := s.usesPath(e, path); named && line == "" { // a driver without a command
			is = starts
		}
		return is
	}
	verb := command.Takes
	if use == registry.Loads {
		verb = command.Loads
	}
	named := s.usesFile(e, verb, category, name, path)
	if category == startupFolder { // what is in it is started
		folder, _ := e.Resolve(path, "")
		if slices.ContainsFunc(folder, func(f string) bool { return winpath.Same(winpath.Dir(s.path), strings.TrimRight(f, `\`)) }) {
			return starts
		}
	}
	switch {
	case named == "", named == streams:
		return named
	}
	return roleOfUse[use]
}

// usesFile returns what is done with the subject by the name of a file, and keeps one that
// was not understood.
func (s *autostartSearch) usesFile(e *environment, verb command.Verb, category, name, path string) role {
	named, known := s.usesSubject(e, command.Use{Verb: verb, Paths: []string{path}})
	if !known && len(s.unclear) < maxListed {
		s.unclear = append(s.unclear, fmt.Sprintf("the file of the %s %s, which could not be understood: %s", categoryWord(category), name, clip(path)))
	}
	return named
}

// roleOfUse is what Windows does with a file that an autostart names.
var roleOfUse = map[registry.Use]role{
	registry.Runs: starts, registry.Loads: loads, registry.Opens: opens, registry.Applies: mentions, registry.Moves: moves, registry.Deletes: deletes,
}

// profileOf returns the profile whose environment an autostart of a hive has.
func (s *autostartSearch) profileOf(a *hiveAutostart) string {
	switch {
	case a.Category == "service", a.Category == "driver":
		return serviceProfile
	case winpath.SameName(path.Base(a.artifact), "NTUSER.DAT"), winpath.SameName(path.Base(a.artifact), "NTUSER.MAN"):
		return profileOfHive(s.drive, a.artifact)
	case winpath.SameName(path.Base(a.artifact), "UsrClass.dat"):
		return profileIn(winpath.Windows(s.drive, a.artifact))
	}
	return ""
}

func (s *autostartSearch) inStartupFolders() {
	if s.tl == nil {
		return
	}
	for _, f := range s.tl.StartupFiles() {
		if found := s.inStartupFolder(f); found != nil {
			s.list.add(found)
		}
	}
}

// inStartupFolder returns the autostart of a file in a startup folder if it names the subject,
// else nil.
func (s *autostartSearch) inStartupFolder(f *timeline.StartupFile) *autostart {
	profile := ""
	if f.User != "" {
		profile = profileIn(f.Path)
	}
	e := s.environment(profile)
	is, line := role(""), f.Path
	switch {
	case s.isSubject(f.Path):
		is = starts
	case f.URL != "":
		line = f.URL
		if named, _ := s.usesPath(e, f.URLPath()); named {
			is = opens
		}
	case f.Link != nil:
		line = f.Link.CommandLine()
		for _, target := range f.Link.Targets() {
			l := *f.Link
			l.LocalPath, l.NetworkPath, l.Environment = target, "", ""
			if target == l.RelativePath {
				l.LocalPath = winpath.Dir(f.Path) + `\` + target
			}
			is = stronger(is, s.read(e, "startup", path.Base(f.Artifact), l.CommandLine()))
		}
		if line == "" {
			s.unclear = append(s.unclear, fmt.Sprintf("the target of the link %s, which only its list of item identifiers has", f.Path))
		}
	}
	if is == "" {
		return nil
	}
	state := held
	if f.Disabled {
		state = disabled
	}
	at := s.createdAt(f.Path)
	return &autostart{
		category: "startup", name: path.Base(f.Artifact), location: winpath.Dir(f.Path), command: line, written: at, state: state, role: is,
		records: []Citation{{Artifact: f.Artifact, Offset: -1, Time: at, Text: values("file", f.Path, "command", line, "account", f.User, "enabled", !f.Disabled)}},
	}
}

// createdAt returns the creation time of a file of the subject's volume.
func (q *inquiry) createdAt(path string) time.Time {
	if rec := q.tl.record(path); rec != nil {
		created, _, _, _ := rec.Times()
		return created
	}
	return time.Time{}
}

func (s *autostartSearch) inLogs() {
	service := s.environment(serviceProfile)
	for i := range s.installs {
		in := &s.installs[i]
		if is := s.read(service, "service", in.name, in.command); is != "" {
			s.list.log(&autostart{
				category: "service", name: in.name, location: "the services", command: in.command, written: in.Time, role: is,
				records: []Citation{cite(&in.Event, "ServiceName", in.name, "command", in.command, "account", in.account, "SubjectUserSid", in.sid, "SubjectLogonId", hexID(in.logonID))},
			})
		}
	}
	for i := range s.values {
		v := &s.values[i]
		key, name := winpath.Dir(v.data.TargetObject), winpath.Base(v.data.TargetObject)
		category := registry.AutostartCategory(key, name)
		if category == "" { // a value that does not start anything, such as the list of what was run
			continue
		}
		e := s.environment(s.profileOfKey(category, v.data.TargetObject))
		use := registry.AutostartUse(key, name)
		if winpath.SameName(name, "ServiceDll") {
			use = registry.Loads
		}
		if is := s.used(e, use, category, name, v.data.Details, winpath.Unquote(v.data.Details)); is != "" {
			s.list.logValue(category, v.data.TargetObject, v.data.Details, is, cite(&v.Event, "ProcessGuid", v.data.ProcessGuid, "Image", v.data.Image,
				"TargetObject", v.data.TargetObject, "Details", v.data.Details, "User", v.data.User))
		}
	}
	for i := range s.tasks {
		t := &s.tasks[i]
		is, line := s.inLoggedTask(t.data.TaskName, t.data.TaskContent)
		if is == "" {
			continue
		}
		s.list.log(&autostart{
			category: "task", name: t.data.TaskName, location: t.data.TaskName, command: line, written: t.Time, role: is,
			records: []Citation{cite(&t.Event, "TaskName", t.data.TaskName, "SubjectUserSid", t.data.SubjectUserSid, "SubjectLogonId", hexID(t.data.SubjectLogonId))},
		})
	}
	s.inConsumers()
}

// inConsumers adds the consumers of WMI events that the logs record.
func (s *autostartSearch) inConsumers() {
	for i := range s.consumers {
		c := &s.consumers[i]
		is := s.inConsumer(c.name, c.command, c.script)
		if is == "" {
			continue
		}
		a := &autostart{category: "wmi", name: c.name, location: `root\subscription`, command: cmp.Or(c.command, oneLine(c.script)),
			written: c.Time, role: is, records: []Citation{c.citation}}
		if c.deleted {
			a.state = removed
		}
		s.list.log(a)
		if known := s.list.byName[nameOf("wmi", c.name)]; len(known) > 0 && c.Time.After(known[0].written) && known[0].state != held && known[0].state != disabled { // the repository is newer
			known[0].state = a.state
		}
	}
}

// inLoggedTask is inTask for the XML in a log. One that is not a task, because the log
// cut it off, may still name the subject.
func (s *autostartSearch) inLoggedTask(name, content string) (role, string) {
	t, problems, err := task.Parse(content)
	is, line := s.inTask(name, t)
	if is == "" && (err != nil || len(problems) > 0) {
		if namesFile(taskText.Replace(content), s.path) {
			return mentions, s.path
		}
		if s.named(content) {
			s.unclear = append(s.unclear, fmt.Sprintf("the XML of the task %s, which is damaged", name))
		}
	}
	return is, line
}

// taskText separates the words of a task's XML by blanks.
var taskText = strings.NewReplacer("<", " ", ">", " ", "\r", " ", "\n", " ", "&quot;", `"`, "&amp;", "&")

// profileOfKey returns the profile whose environment a value has: that of the account
// below HKU, if its name is known.
func (s *autostartSearch) profileOfKey(category, target string) string {
	if category == "service" || category == "driver" {
		return serviceProfile
	}
	parts := strings.Split(target, `\`)
	if len(parts) < 3 || !winpath.SameName(parts[0], "HKU") {
		return ""
	}
	if a, ok := s.accounts[strings.TrimSuffix(parts[1], "_Classes")]; ok {
		return drivePrefix(s.drive) + `\Users\` + winpath.Base(a.name)
	}
	return drivePrefix(s.drive) + `\Users\?` // nobody's
}

// stateByLogs is the state of an autostart that only logs record: removed if the hive or
// the folder that it was written to is available.
func (q *inquiry) stateByLogs(s *autostart) autostartState {
	typ, want := timeline.TypeRegistry, ""
	switch location := winpath.Fold(s.location); {
	case s.category == "wmi":
		typ, want = timeline.TypeWMI, "WMI repository"
	case s.category == "task":
		typ, want = timeline.TypeTask, "tasks"
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
		if c.Type == typ && c.State == timeline.Parsed && !c.Dirty && strings.EqualFold(c.Name, want) {
			return removed
		}
	}
	return logged
}
