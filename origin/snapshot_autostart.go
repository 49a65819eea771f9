package origin

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/bits"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// startsOf returns what a volume starts. Artifact names the artifacts of the volume.
func startsOf(tl *timeline.Timeline, artifact func(string) string) map[startKey]startThen {
	all := map[startKey]startThen{}
	for _, h := range tl.Hives() {
		addStarts(all, artifact(h.Artifact), h.Artifact, h.Autostarts)
	}
	for _, t := range tl.Tasks() {
		var lines []string
		for i := range t.Actions {
			lines = append(lines, t.Actions[i].CommandLine())
		}
		all[startKey{artifact: artifact(t.Artifact)}] = startThen{t.Artifact, strings.Join(lines, "; "), "", -1, time.Time{}}
	}
	for _, f := range tl.StartupFiles() {
		command := f.Path
		if f.Link != nil {
			command = f.Link.CommandLine()
		}
		all[startKey{artifact: artifact(f.Artifact)}] = startThen{f.Artifact, command, "", -1, time.Time{}}
	}
	for _, c := range tl.WMIConsumers() {
		named := nameOf("wmi", c.Name)
		all[startKey{artifact(c.Artifact), named.category, named.name, winpath.Fold(c.Namespace)}] = startThen{c.Artifact, consumerCommand(c), citeConsumer(c).Record, c.Offset, c.Written}
	}
	for _, j := range tl.QueuedJobs() {
		if j.Recovery == bits.InQueue && j.CommandLine() != "" {
			named := nameOf("bits", j.Name)
			all[startKey{artifact(j.Artifact), named.category, named.name, winpath.Fold(queuePlace)}] = startThen{j.Artifact, j.CommandLine(), j.Record, j.Offset, j.Modified}
		}
	}
	return all
}

// starts returns what the shadow copy starts.
func (t *pastTimeline) starts() map[startKey]startThen {
	if t.started == nil {
		t.started = startsOf(t.Timeline, t.artifact)
	}
	return t.started
}

// lacks reports whether the shadow copy shows that it does not have what the volume starts
// now: its hive was read whole, or its folder has no such file.
func (t *pastTimeline) lacks(now startThen) bool {
	if now.record == "" {
		_, err := fs.Stat(t.vol, now.inVolume)
		return errors.Is(err, fs.ErrNotExist) && listable(t.vol, path.Dir(now.inVolume))
	}
	return slices.ContainsFunc(t.Timeline.Coverage(), func(c timeline.Coverage) bool {
		return c.Artifact == now.inVolume && c.State == timeline.Parsed && !c.Dirty && c.ProblemCount == 0
	})
}

// startsNow returns what the volumes start.
func (v *volumes) startsNow() map[startKey]startThen {
	if v.started == nil {
		v.started = startsOf(v.Timeline, func(name string) string { return name })
		for i := range v.others {
			for key, now := range startsOf(v.others[i].Timeline, v.others[i].artifact) {
				v.started[key] = now
			}
		}
	}
	return v.started
}

// startOf returns what holds an autostart now; its artifact is empty if only a log records it.
func (q *inquiry) startOf(s *autostart) (startKey, startThen) {
	named := nameOf(s.category, s.name)
	for i := range s.records {
		artifact := s.records[i].Artifact
		for _, key := range [...]startKey{{artifact, named.category, named.name, winpath.Fold(s.location)}, {artifact: artifact}} {
			if now, held := q.tl.startsNow()[key]; held {
				return key, now
			}
		}
	}
	return startKey{}, startThen{}
}

// lookBack compares an autostart that starts the subject with those of the shadow copies,
// from the newest on, until one differs.
func (q *inquiry) lookBack(s *autostart) {
	if q.tl == nil || len(q.tl.then) == 0 || !s.role.executes() {
		return
	}
	key, now := q.startOf(s)
	if now.inVolume == "" {
		return
	}
	for i := range q.tl.then {
		t := &q.tl.then[i]
		if t.artifact(now.inVolume) != key.artifact {
			continue
		}
		c := Citation{Artifact: t.Name + "/" + now.inVolume, Record: now.record, Offset: -1, Time: t.Created}
		then, is := compareStart(t, key, now)
		switch is {
		case alike, unsaid:
			continue
		case different:
			c.Offset = then.offset
			c.Text = values("shadow copy of", t.Created, "name", s.name, "command", then.command)
		default:
			c.Text = values("shadow copy of", t.Created, "name", s.name, "autostart", "not there")
		}
		s.formerly = formerly{t.past, then.command, is == lacking}
		s.records = append(s.records, c)
		return
	}
}
