package timeline

import (
	"context"
	"io/fs"
	"iter"
	"time"
)

// Timeline gives the events of one volume.
type Timeline struct {
	opt      options
	coverage []Coverage
}

// Collect finds and reads the artifacts of a volume.
func Collect(ctx context.Context, vol fs.FS, opts ...Option) (*Timeline, error) {
	return &Timeline{opt: newOptions(opts)}, ctx.Err()
}

// Coverage returns what each artifact contributed, in order of type and path;
// artifacts expected on a volume with Windows and not there are listed too.
func (t *Timeline) Coverage() []Coverage { return t.coverage }

// Events returns all events in order of time.
func (t *Timeline) Events() iter.Seq[Event] { return t.Between(time.Time{}, time.Time{}) }

// Around returns the events from d before at to d after it, in order of time.
func (t *Timeline) Around(at time.Time, d time.Duration) iter.Seq[Event] {
	return t.Between(at.Add(-d), at.Add(d))
}

// Between returns the events from from to to, both included, in order of time.
// A zero time leaves that end open.
func (t *Timeline) Between(from, to time.Time) iter.Seq[Event] {
	return func(yield func(Event) bool) {}
}

// ByKind returns the events of any of these kinds, in order of time.
func (t *Timeline) ByKind(kinds ...Kind) iter.Seq[Event] {
	return func(yield func(Event) bool) {}
}
