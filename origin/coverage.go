package origin

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// coverageTable lists every artifact that was read, or was expected but is missing.
func (q *inquiry) coverageTable() []Coverage {
	if q.tl != nil {
		q.coverage = q.tl.Coverage()
	}
	var list []Coverage
	for _, c := range q.coverage {
		if c.State == timeline.Unread && c.Type == timeline.TypeWebLog && !q.created.IsZero() {
			continue // of other days, of which there may be thousands
		}
		reason := ""
		if c.ProblemCount > 0 {
			reason = reasonOf(&c)
		}
		list = append(list, Coverage{c.Artifact, string(c.State), c.Records, c.First, c.Last, c.ProblemCount, clip(reason), clip(noteOf(&c))})
	}
	return list
}

// noteOf says how a hive was read.
func noteOf(c *timeline.Coverage) string {
	if c.Name == timeline.EarlierHiveName && c.State == timeline.Parsed && c.Records == 0 {
		return "empty, as Windows leaves it since version 10 1803"
	}
	var parts []string
	for _, u := range c.Replayed {
		if u.Applied || c.Dirty {
			u.Name = path.Base(u.Name)
			parts = append(parts, u.String())
		}
	}
	if c.Dirty {
		parts = append([]string{"dirty: its newest changes are missing"}, parts...)
	}
	return strings.Join(parts, "; ")
}

const (
	eventsShown = 20
	// eventsSeen bounds how many events are compared.
	eventsSeen = 200_000
)

// eventsAround are the distances from the creation within which events are searched,
// until there are enough of them.
var eventsAround = [...]time.Duration{10 * time.Second, time.Minute, 10 * time.Minute}

// around returns the events nearest to the creation, in order of time.
func (q *inquiry) around() []Event {
	if q.created.IsZero() || q.tl == nil {
		return nil
	}
	var list []Event
	for _, d := range eventsAround {
		if list = q.eventsWithin(d); len(list) >= eventsShown {
			break
		}
	}
	slices.SortStableFunc(list, func(a, b Event) int { return a.Time.Compare(b.Time) })
	return list
}

// eventsWithin returns the events nearest to the creation within a duration. Of the
// times of a file it uses only the creation: the others repeat it.
func (q *inquiry) eventsWithin(d time.Duration) []Event {
	type key struct {
		path string
		at   int64
	}
	var list []Event
	seen := map[key]bool{}
	n := 0
	for e := range q.own(q.tl.Around(q.created, d)) {
		if n++; n > eventsSeen || q.ctx.Err() != nil {
			break
		}
		if e.Source.Type == timeline.TypeUSN && e.Kind != timeline.FileRenamed && e.Kind != timeline.FileDeleted {
			continue // the $MFT has what is left, and the rest is many
		}
		if e.Kind == timeline.FileCreated {
			k := key{winpath.Fold(e.Path), e.Time.UnixNano()}
			if seen[k] {
				continue
			}
			seen[k] = true
		} else if _, file := e.Data.(*mft.Record); file {
			continue
		}
		list = append(list, Event{Time: e.Time, Desc: e.Desc, Kind: string(e.Kind), Message: clip(e.Message), Path: clip(e.Path), User: e.User, SID: e.SID,
			Artifact: e.Source.Artifact, Record: e.Source.Record, Offset: e.Source.Offset})
		if len(list) >= 64*eventsShown {
			list = q.nearest(list)
		}
	}
	return q.nearest(list)
}

// nearest keeps the events nearest to the creation.
func (q *inquiry) nearest(list []Event) []Event {
	slices.SortStableFunc(list, func(a, b Event) int {
		return cmp.Compare(a.Time.Sub(q.created).Abs(), b.Time.Sub(q.created).Abs())
	})
	return list[:min(len(list), eventsShown)]
}
