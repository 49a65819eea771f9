package main

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/bits"
	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// unread are the names in the coverage of what also starts programs, and is not read.
var unread = []string{"WMI repository"}

// collectFiles appends the autostarts of a volume that are files: scheduled tasks,
// what is in startup folders, the consumers of WMI events and the jobs of BITS that run a
// command, and to gone the jobs that left the queue. It returns how many sources of these
// it read. The hives are read too, because they name and disable startup folders, and have
// the tasks that the files are compared with.
func collectFiles(p *cli.Program, vol *evidence.Volume, rows, gone *[]row) int {
	tl, err := timeline.Collect(context.Background(), vol.FS, timeline.WithTypes(timeline.TypeTask, timeline.TypeStartup, timeline.TypeWMI, timeline.TypeBITS, timeline.TypeRegistry))
	if err != nil {
		p.Problem(err)
		return 0
	}
	defer tl.Close()
	read := 0
	for _, c := range tl.Coverage() {
		if c.Type == timeline.TypeRegistry {
			continue // the hives have been reported
		}
		if c.Type != timeline.TypeUnread && (c.State == timeline.Parsed || c.State == timeline.Partly) {
			read++ // also if it holds no autostart
		}
		for _, problem := range c.Problems {
			p.Problem(problem)
		}
		if c.Type == timeline.TypeUnread && slices.Contains(unread, c.Name) {
			p.Problem(fmt.Sprintf("%s: the %s is there, and is not read", shownIn(vol, c.Artifact), c.Name))
		}
	}
	joined := joinFiles(tl, vol, *rows)
	tasks, startups := tl.Tasks(), tl.StartupFiles()
	for _, t := range tasks {
		if !joined[t.Artifact] {
			*rows = append(*rows, taskRows(t, vol)...)
		}
	}
	for _, s := range startups {
		*rows = append(*rows, startupRow(s, vol))
	}
	*rows = append(*rows, replacedRows(vol)...)
	noteReplaced(vol, *rows)
	consumers := tl.WMIConsumers()
	for _, c := range consumers {
		*rows = append(*rows, consumerRow(c, vol))
	}
	jobs := tl.QueuedJobs()
	for _, j := range jobs {
		switch {
		case j.Command == "":
		case j.Recovery == bits.InQueue:
			*rows = append(*rows, jobRow(j, vol))
		default:
			r := jobRow(j, vol)
			r.State, r.Found = stateDeleted, j.Recovery.String()
			*gone = append(*gone, r)
		}
	}
	return read
}

// joinFiles notes in the rows of tasks of the registry their files and how these differ,
// and returns the artifacts of the files that have such a row.
func joinFiles(tl *timeline.Timeline, vol *evidence.Volume, rows []row) map[string]bool {
	type place struct{ hive, location string }
	cached := map[place]*timeline.CachedTask{}
	for _, c := range tl.CachedTasks() {
		cached[place{shownIn(vol, c.Artifact), c.Location}] = c
	}
	joined := map[string]bool{}
	for i := range rows {
		r := &rows[i]
		c := cached[place{r.Hive, r.Location}]
		if r.Category != "task" || c == nil {
			continue
		}
		r.Differs = c.Difference
		switch {
		case c.File != nil:
			r.File, joined[c.File.Artifact] = shownIn(vol, c.File.Artifact), true
		case c.Difference != "" && r.State == "":
			r.State = stateMissingXML
		}
	}
	return joined
}

// taskRows returns a row for each action of a task of which the registry does not have a
// row. The location is its folder in the Task Scheduler's library.
func taskRows(t *timeline.Task, vol *evidence.Volume) []row {
	as := t.RunsAs()
	if as.UserID == "" {
		as.UserID = as.GroupID
	}
	when := make([]string, 0, len(t.Triggers))
	for _, trigger := range t.Triggers {
		kind := strings.TrimSuffix(trigger.Kind, "Trigger")
		if trigger.Disabled {
			kind += " (disabled)"
		}
		when = append(when, kind)
	}
	var rows []row
	for i := range t.Actions {
		a := &t.Actions[i]
		r := row{
			Category: "task", Location: winpath.Dir(t.Path) + `\`, Name: winpath.Base(t.Path), Command: a.CommandLine(), Path: winpath.Unquote(a.Command),
			Enabled: !t.Disabled && t.Difference == "", User: as.UserID, Hive: shownIn(vol, t.Artifact), Offset: -1,
			Differs: t.Difference, // the registry decides what starts
			Use:     string(registry.Runs), Hosted: registry.HostedPath(a.CommandLine()), Triggers: strings.Join(when, ", "), from: source{vol: vol},
		}
		switch {
		case t.Unregistered:
			r.State, r.Off = stateUnregistered, t.Difference
		case t.Disabled:
			r.Off = "its file disables it"
		case !r.Enabled:
			r.Off = t.Difference
		}
		if a.Command == "" { // a COM handler, or what no longer works
			r.Command = strings.TrimSpace(a.Kind + " " + a.ClassID)
		}
		rows = append(rows, r)
	}
	return rows
}

// consumerRow returns the row of a permanent consumer of WMI events. Without a binding to
// a filter, it does not run.
func consumerRow(c *timeline.WMIConsumer, vol *evidence.Volume) row {
	r := row{
		Category: "wmi", Location: c.Namespace, Name: c.Name, Command: cmp.Or(c.Command, c.Program, c.ScriptFile, c.Script), Path: registry.ExecutablePath(cmp.Or(c.Program, c.Command)),
		Use: string(registry.Runs), Hosted: registry.HostedPath(c.Command), Enabled: len(c.Filters) > 0, User: c.Creator.String(), LastWrite: stamp(c.Written),
		Hive: shownIn(vol, c.Artifact), Offset: c.Offset, Class: c.Class, from: source{vol: vol},
	}
	if !r.Enabled {
		r.Off = "no filter is bound to it"
	}
	var when []string
	for _, f := range c.Filters {
		when = append(when, f.Query)
	}
	r.Triggers = strings.Join(when, "; ")
	return r
}

// jobRow returns the row of a job of BITS, which runs its notify command when it is
// transferred or has failed. Without those notifications, it does not.
func jobRow(j *timeline.QueuedJob, vol *evidence.Volume) row {
	return row{
		Category: "bits", Location: "BITS", Name: j.Name, Command: j.CommandLine(), Path: winpath.Unquote(j.Command), Use: string(registry.Runs), Hosted: registry.HostedPath(j.CommandLine()),
		Enabled: j.Runs(), Off: j.Off(), User: j.Owner, LastWrite: stamp(j.Modified), Hive: shownIn(vol, j.Artifact), Offset: j.Offset,
		Triggers: fmt.Sprintf("%s, %s, notifies of: %s", j.Type, j.State, cmp.Or(j.Notify.String(), "nothing")), from: source{vol: vol},
	}
}

// startupRow returns the row of a file in a startup folder. A link is what it opens.
func startupRow(s *timeline.StartupFile, vol *evidence.Volume) row {
	r := row{
		Category: "startup", Location: shownIn(vol, path.Dir(s.Artifact)), Name: path.Base(s.Artifact), Command: s.Path, Path: s.Path,
		Use: string(registry.Opens), Enabled: !s.Disabled, User: s.User, Hive: shownIn(vol, s.Artifact), Offset: -1, from: source{vol: vol},
	}
	if s.Disabled {
		r.Off = `StartupApproved\StartupFolder`
	}
	if profile, _, ok := strings.Cut(s.Artifact, "/AppData/"); ok {
		r.from.profile = profile
	}
	if s.URL != "" {
		r.Command, r.Path = s.URL, s.URLPath()
	}
	if s.Link != nil {
		r.Command, r.Path = s.Link.CommandLine(), s.Link.Target()
		r.Hosted = registry.HostedPath(r.Command)
	}
	return r
}
