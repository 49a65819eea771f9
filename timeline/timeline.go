package timeline

import (
	"io"
	"io/fs"
	"iter"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/mft"
)

// Timeline yields the events of one volume. Its methods may be called concurrently.
// The caller owns the events.
type Timeline struct {
	opt         options
	vol         fs.FS
	mft         *mft.Reader // or nil
	hives       []*Hive
	tasks       []*Task
	cached      []*CachedTask
	startups    []*StartupFile
	consumers   []*WMIConsumer
	queued      []*QueuedJob
	queuedFiles []*QueuedFile
	zones       zoneReader
	objects     tracked
	sources     []source              // in the order of their events that have the same time
	webLogs     map[string]*webSource // by artifact
	webConfig   WebConfig
	elsewhere   []string // see ProfilesElsewhere
	coverage    []Coverage
	omitted     []leftOut // what was left out
	overlap     bool      // several logs may have the same records
	closers     []io.Closer
	nameOf      func(sid string) string // of the account, or ""
}

// source is a readable artifact.
type source interface {
	// find calls add for every event in w of a wanted kind, and returns what makes
	// the events of those refs: a lateMaker calls add later. It may be called any
	// number of times.
	find(w window, kinds kindSet, add func(ref)) maker
}

// kindSet is what a query asks for.
type kindSet struct {
	kinds []Kind // nil holds all kinds
	brief bool   // the events of log records have neither Message nor Fields
}

func (s kindSet) holds(k Kind) bool { return s.kinds == nil || slices.Contains(s.kinds, k) }

// Coverage returns what each artifact contributed, in order of type and path. Missing
// artifacts that a Windows volume should have are listed too.
func (t *Timeline) Coverage() []Coverage {
	list := slices.Clone(t.coverage)
	for i, c := range list {
		if s := t.webLogs[c.Artifact]; s != nil && c.Type == TypeWebLog {
			list[i] = s.covered()
		}
	}
	for _, c := range t.omitted {
		list = append(list, c.coverage())
	}
	slices.SortStableFunc(list, Coverage.compare)
	return list
}

// Events returns all events in order of time. Events with the same time are in order
// of artifact and record, so that two runs over the same evidence agree. An event
// whose record cannot be read again is yielded with a Message that says so, and
// without Data.
func (t *Timeline) Events() iter.Seq[Event] { return t.Between(time.Time{}, time.Time{}) }

// Around returns the events from d before at to d after it, in the order of Events.
func (t *Timeline) Around(at time.Time, d time.Duration) iter.Seq[Event] {
	return t.Between(at.Add(-d), at.Add(d))
}

// Between returns the events from from to to, inclusive, in the order of Events. A
// zero time leaves that end open.
func (t *Timeline) Between(from, to time.Time) iter.Seq[Event] {
	return t.query(newWindow(from, to), kindSet{})
}

// ByKind returns the events of any of these kinds, in the order of Events.
func (t *Timeline) ByKind(kinds ...Kind) iter.Seq[Event] {
	if len(kinds) == 0 {
		return func(func(Event) bool) {}
	}
	return t.query(newWindow(time.Time{}, time.Time{}), kindSet{kinds: kinds})
}

// Brief returns what ByKind returns, but the events of log records have neither
// Message nor Fields: making these takes longer than reading the records. Data has
// the record.
func (t *Timeline) Brief(kinds ...Kind) iter.Seq[Event] {
	if len(kinds) == 0 {
		return func(func(Event) bool) {}
	}
	return t.query(newWindow(time.Time{}, time.Time{}), kindSet{kinds, true})
}

// KindsBetween returns the events of any of these kinds from from to to, inclusive,
// in the order of Events. A zero time leaves that end open.
func (t *Timeline) KindsBetween(from, to time.Time, kinds ...Kind) iter.Seq[Event] {
	if len(kinds) == 0 {
		return func(func(Event) bool) {}
	}
	return t.query(newWindow(from, to), kindSet{kinds: kinds})
}

// MFT returns the $MFT of the volume. It is empty if the volume has none.
func (t *Timeline) MFT() *mft.Reader {
	if t.mft == nil {
		return &mft.Reader{}
	}
	return t.mft
}

// Hives returns the registry hives that could be read, with their autostarts.
func (t *Timeline) Hives() []*Hive { return slices.Clone(t.hives) }

// Tasks returns the scheduled tasks that could be read, also those that are not events
// because their date of registration has no time zone, as those that schtasks.exe and
// the Task Scheduler's window write.
func (t *Timeline) Tasks() []*Task {
	list := make([]*Task, 0, len(t.tasks))
	for _, tk := range t.tasks {
		c := *tk
		list = append(list, &c)
	}
	return list
}

// CachedTasks returns the scheduled tasks of the registry of the volume, each with its
// file if that could be read.
func (t *Timeline) CachedTasks() []*CachedTask {
	list := make([]*CachedTask, 0, len(t.cached))
	for _, tk := range t.cached {
		c := *tk
		list = append(list, &c)
	}
	return list
}

// StartupFiles returns the files in startup folders, but desktop.ini. Startup folders
// are those that the registry names, and those in their usual places if it names none.
func (t *Timeline) StartupFiles() []*StartupFile {
	list := make([]*StartupFile, 0, len(t.startups))
	for _, s := range t.startups {
		c := *s
		list = append(list, &c)
	}
	return list
}

// WMIConsumers returns the permanent consumers of events in the repository of WMI that run
// something, also those that are not bound to a filter.
func (t *Timeline) WMIConsumers() []*WMIConsumer {
	list := make([]*WMIConsumer, 0, len(t.consumers))
	for _, w := range t.consumers {
		c := *w
		list = append(list, &c)
	}
	return list
}

// QueuedJobs returns the jobs in the queues of BITS, also those that are left from before.
func (t *Timeline) QueuedJobs() []*QueuedJob {
	list := make([]*QueuedJob, 0, len(t.queued))
	for _, j := range t.queued {
		c := *j
		list = append(list, &c)
	}
	return list
}

// QueuedFiles returns the files of the jobs in the queues of BITS, also those that are left
// from before.
func (t *Timeline) QueuedFiles() []*QueuedFile {
	list := make([]*QueuedFile, 0, len(t.queuedFiles))
	for _, f := range t.queuedFiles {
		c := *f
		list = append(list, &c)
	}
	return list
}

// WebConfig returns the configuration of IIS on the volume. It is empty if the volume has
// no such configuration.
func (t *Timeline) WebConfig() WebConfig { return t.webConfig }

func (t *Timeline) query(w window, kinds kindSet) iter.Seq[Event] {
	events := t.each(w.and(t.opt.window), kinds)
	if t.overlap {
		return Once(events)
	}
	return events
}

func (t *Timeline) each(w window, kinds kindSet) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		q := newQuery(t.sources, w, kinds, t.opt.workers)
		defer q.close()
		for e, ok := q.next(); ok; e, ok = q.next() {
			if e.User == "" && e.SID != "" && !kinds.brief {
				e.User = t.nameOf(e.SID)
			}
			if !yield(e) {
				return
			}
		}
	}
}

// ready is the maker of events that are kept because making them was cheaper than
// finding them again. The key of a ref is the index of its event.
type ready []Event

func (m ready) make(r ref) Event { return m[r.key] }
func (m ready) close()           {}

// find finds the events of a kind, which all of them have.
func (m ready) find(kind Kind, w window, kinds kindSet, add func(ref)) maker {
	if kinds.holds(kind) {
		for i := range m {
			if ticks := filetime.Ticks(m[i].Time); w.holds(ticks) {
				add(ref{ticks: ticks, key: uint64(i)})
			}
		}
	}
	return m
}
