package timeline

import (
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
)

// Hive is a registry hive of the volume.
type Hive struct {
	Artifact   string                // slash-separated path in the volume
	User       string                // name of the profile folder of a user's hive; "" for the machine's
	Reader     *registry.Reader      //
	Autostarts []registry.Autostart  // what it makes Windows start automatically
	Tasks      []registry.CachedTask // scheduled tasks of a SOFTWARE hive; see also Timeline.CachedTasks

	root  string // see rootOf
	times []keyTime
}

// openHive reads a hive of a profile, or of the machine, with the transaction logs beside it unless it is wanted as it
// is. Its autostarts follow when all hives are known.
func openHive(vol fs.FS, artifact, user string, asIs bool, c *Coverage) (*Hive, error) {
	opts := []registry.Option{registry.WithName(path.Base(artifact))}
	if !asIs {
		opts = append(opts, registry.WithLogsBeside())
	}
	r, err := registry.OpenFS(vol, artifact, opts...)
	if err != nil {
		return nil, err
	}
	c.Replayed, c.Dirty = r.Logs(), r.Dirty()
	h := &Hive{Artifact: artifact, User: user, Reader: r}
	c.Name = string(h.Reader.Type())
	if isDefaultHive(artifact) {
		c.Name = "DEFAULT"
	}
	h.root = rootOf(h.Reader, artifact, h.User)
	for p := range h.Reader.Problems() {
		c.add(p)
	}
	for k, err := range h.Reader.Keys() {
		if err != nil {
			c.damaged(err)
			continue
		}
		c.Records++
		c.saw(k.LastWrite)
	}
	h.Tasks = tasksIn(h.Reader, c)
	h.times = slices.Concat(timesIn(h.Reader, artifact, c), tracesIn(h.Reader, artifact, c), taskTimes(h.Tasks), machineTimesIn(h.Reader, artifact, c))
	return h, nil
}

// rootOf returns where Windows mounts a hive, or "" if its kind has no fixed place.
// In the path of a user's hive Windows has the SID; here it is the name of the
// profile folder.
func rootOf(r *registry.Reader, artifact, user string) string {
	switch t := r.Type(); {
	case isDefaultHive(artifact):
		return `HKU\.DEFAULT`
	case t == registry.User && user != "":
		return `HKU\` + user
	case t == registry.User:
		return "HKCU"
	case t == registry.UserSoftware:
		return `HKCU\Software`
	case t == registry.UserClasses && user != "":
		return `HKU\` + user + "_Classes"
	case t == registry.UserClasses:
		return `HKCU\Software\Classes`
	case t == registry.System, t == registry.Software, t == registry.SAM, t == registry.Security:
		return `HKLM\` + string(t)
	}
	return ""
}

// isDefaultHive reports whether a hive is that of the system's own account. Its
// content does not distinguish it from another user's.
func isDefaultHive(artifact string) bool { return winpath.SameName(path.Base(artifact), "DEFAULT") }

// keyPath returns a key's path as people write it, with the root of the hive in
// Windows.
func (h *Hive) keyPath(key string) string {
	if h.root == "" || key == "" {
		return h.root + key
	}
	return h.root + `\` + key
}

// hiveSource yields the events of a hive.
type hiveSource struct {
	*Hive
	drive string
}

// find keeps the keys it finds, because finding one again costs more.
func (s hiveSource) find(w window, kinds kindSet, add func(ref)) maker {
	m := &hiveMaker{hiveSource: s}
	autostart := make(map[string]bool, len(s.Autostarts))
	for i := range s.Autostarts {
		a := &s.Autostarts[i]
		autostart[winpath.Fold(a.Location)] = true
		if ticks := filetime.Ticks(a.LastWrite); w.holds(ticks) && kinds.holds(AutostartWritten) {
			add(ref{ticks: ticks, key: uint64(i)})
		}
	}
	for i := range s.times {
		if ticks := filetime.Ticks(s.times[i].at); w.holds(ticks) && kinds.holds(s.times[i].kind) {
			add(ref{ticks: ticks, key: timed | uint64(i)})
		}
	}
	if !kinds.holds(RegistryKeyWritten) {
		return m
	}
	for k, err := range s.Reader.Keys() {
		if err != nil {
			continue // counted in the coverage
		}
		if ticks := filetime.Ticks(k.LastWrite); w.holds(ticks) && !autostart[winpath.Fold(k.Path())] {
			add(ref{ticks: ticks, key: uint64(len(s.Autostarts) + len(m.keys))})
			m.keys = append(m.keys, k)
		}
	}
	return m
}

// timed marks the key of a ref that is an index in times.
const timed = 1 << 63

// hiveMaker makes the events of a hive. The key of a ref is the index of an
// autostart, or the number of autostarts plus an index in keys, or marked as timed.
type hiveMaker struct {
	hiveSource
	keys []*registry.Key
}

func (m *hiveMaker) close() {}

func (m *hiveMaker) make(r ref) Event {
	if r.key&timed != 0 {
		return m.timeEvent(&m.times[r.key&^timed])
	}
	if n := uint64(len(m.Autostarts)); r.key >= n {
		return m.keyEvent(m.keys[r.key-n])
	}
	return m.autostartEvent(&m.Autostarts[r.key])
}

func (s hiveSource) autostartEvent(a *registry.Autostart) Event {
	what := a.Category + " " + a.Name
	if !a.Enabled {
		what += " (disabled)"
	}
	return Event{
		Time:    a.LastWrite,
		Desc:    "Content Modification Time",
		Kind:    AutostartWritten,
		Source:  Source{Artifact: s.Artifact, Record: a.Location, Offset: a.Offset, Type: TypeRegistry},
		Message: fmt.Sprintf("the key of autostart %s was written: %s = %s", what, s.keyPath(a.Location), a.Command),
		Path:    winpath.Normalize(s.drive, a.Path),
		User:    a.User,
		Fields: []Field{{"Category", a.Category}, {"Key", s.keyPath(a.Location)}, {"Name", a.Name},
			{"Command", a.Command}, {"Enabled", fmt.Sprint(a.Enabled)}},
		Data: *a,
	}
}

func (s hiveSource) keyEvent(k *registry.Key) Event {
	path := k.Path()
	full := s.keyPath(path)
	return Event{
		Time:    k.LastWrite,
		Desc:    "Content Modification Time",
		Kind:    RegistryKeyWritten,
		Source:  Source{Artifact: s.Artifact, Record: path, Offset: k.Offset, Type: TypeRegistry},
		Message: full + " was written",
		Path:    full,
		User:    s.User,
		Data:    k,
	}
}

func (s hiveSource) timeEvent(t *keyTime) Event {
	full := s.keyPath(t.key)
	e := Event{
		Time:    t.at,
		Desc:    t.desc,
		Kind:    t.kind,
		Source:  Source{Artifact: s.Artifact, Record: t.key, Offset: t.offset, Type: TypeRegistry},
		Message: t.says + " (" + full + ")",
		Path:    full,
		User:    s.User,
		Fields:  append([]Field{{"Key", full}, {"Value", t.value}}, t.fields...),
		Data:    t.data,
	}
	if t.user != "" {
		e.User = t.user
	}
	if t.path != "" {
		e.Path = winpath.Normalize(s.drive, t.path)
	}
	for _, f := range t.fields {
		if f.Name == "SID" {
			e.SID = f.Value
		}
	}
	return e
}
