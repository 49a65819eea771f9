package origin

import (
	"context"
	"iter"
	"path"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/timeline"
)

// A keptLog is a log of which a shadow copy has records that the machine no longer has.
type keptLog struct {
	*past
	channel, artifact string
	first             time.Time // of its records
	until             time.Time // the later ones are in a newer log; zero if all count
}

// cite cites the log.
func (k *keptLog) cite() Citation {
	return Citation{Artifact: k.Name + "/" + k.artifact, Offset: -1, Time: k.first, Text: values("shadow copy of", k.Created, "first record", k.first)}
}

// otherTimeline is the timeline of another volume, or of a source.
type otherTimeline struct {
	*timeline.Timeline
	otherVolume
}

// pastTimeline is the timeline of a shadow copy: what of its records the machine may no
// longer have. Its hives, tasks and startup folders are those of then, and not the
// machine's.
type pastTimeline struct {
	*timeline.Timeline
	*past
	of       int                    // the number of the volume in others; ofSubject for the subject's
	artifact func(string) string    // names an artifact of that volume
	kept     map[string]*keptLog    // what counts of its event logs, by artifact
	started  map[startKey]startThen // nil until it is asked for
}

const ofSubject = -1

// collectPast reads shadow copies of a volume, the newest first. Of an event log it takes the
// records from before the first record of the newer ones: the others are the same records
// again. Begins has the time of the first record of each channel on the machine, by its name
// in lower case.
func collectPast(ctx context.Context, list []*past, drive string, begins map[string]time.Time, types []string, how ...timeline.Option) (all []pastTimeline, err error) {
	for i := len(list) - 1; i >= 0; i-- {
		p := list[i]
		if p.vol == nil {
			continue
		}
		tl, err := timeline.Collect(ctx, p.vol, append([]timeline.Option{timeline.WithDrive(drive), timeline.WithWebLogsOnDemand(), timeline.WithTypes(types...)}, how...)...)
		if err != nil {
			return all, err
		}
		kept := map[string]*keptLog{}
		for _, c := range tl.Coverage() {
			name := strings.ToLower(c.Name)
			limit := begins[name]
			if c.Type != timeline.TypeEVTX || c.Records == 0 || name == "" || !limit.IsZero() && !c.First.Before(limit) {
				continue
			}
			kept[c.Artifact] = &keptLog{p, c.Name, c.Artifact, c.First, limit}
			begins[name] = earlier(limit, c.First)
		}
		all = append(all, pastTimeline{Timeline: tl, past: p, kept: kept})
	}
	return all, ctx.Err()
}

// has reports whether an event of the shadow copy counts: what it has in the registry is of
// then, except for traces of what was run or was there.
func (t *pastTimeline) has(e *timeline.Event) bool {
	switch e.Source.Type {
	case timeline.TypeEVTX:
		k := t.kept[e.Source.Artifact]
		return k != nil && (k.until.IsZero() || e.Time.Before(k.until))
	case timeline.TypeRegistry:
		return aboutFile[e.Kind]
	case timeline.TypeWMI, timeline.TypeBITS:
		return false
	}
	return true
}

// events returns those events of a query that count.
func (t *pastTimeline) events(query func(*timeline.Timeline) iter.Seq[timeline.Event], placed func(artifact string) bool) iter.Seq[timeline.Event] {
	return func(yield func(timeline.Event) bool) {
		for e := range query(t.Timeline) {
			if t.has(&e) && (e.Source.Type != timeline.TypeWebLog || placed(e.Source.Artifact)) && !yield(e) {
				return
			}
		}
	}
}

// coverageOf returns the coverage of an artifact in the shadow copy, if it holds what the
// machine no longer has: records of a log, or a file that is gone. A log has no channel there:
// between the shadow copy and the log that followed, records may be lost, so it completes no
// search. Live has the artifacts that the volume itself has.
func (t *pastTimeline) coverageOf(c timeline.Coverage, live map[string]bool) (timeline.Coverage, bool) {
	switch {
	case c.State == timeline.Absent:
		return c, false
	case c.Type == timeline.TypeEVTX:
		k := t.kept[c.Artifact]
		if k == nil {
			return c, false
		}
		if !k.until.IsZero() && k.until.Before(c.Last) {
			c.Last = k.until
		}
	case c.Type == timeline.TypeRegistry:
		if c.State != timeline.Damaged && c.State != timeline.Unreadable {
			return c, false
		}
		c.Dirty, c.Replayed = false, nil
	case c.Type == timeline.TypeSRUM, c.Type == timeline.TypeUAL, c.Type == timeline.TypeWMI, c.Type == timeline.TypeBITS:
		// The databases forget rows, and so the shadow copy may have others.
	case live[c.Artifact], c.Type == timeline.TypeTask, c.Type == timeline.TypeStartup, c.Type == timeline.TypeWebConfig, c.Type == timeline.TypeUnread:
		return c, false
	}
	c.Name = ""
	c.Artifact = t.artifact(path.Join(t.short, c.Artifact))
	return c, true
}

// earlier returns the earlier of two times, of which the first may be zero.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}
