package origin

import (
	"context"
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

// otherTimeline is the timeline of another volume, of a source, or of the logs of a shadow copy.
type otherTimeline struct {
	*timeline.Timeline
	otherVolume
	kept map[string]*keptLog // of a shadow copy: what counts of its logs, by artifact; nil if it is none
}

// logsOf opens the event logs of shadow copies, each with the records from before the first
// record of the newer ones: the others are the same records again. Begins has the time of the
// first record of each channel on the machine, by its name in lower case.
func logsOf(ctx context.Context, list []*past, drive string, begins map[string]time.Time) (all []otherTimeline, err error) {
	for i := len(list) - 1; i >= 0; i-- {
		p := list[i]
		if p.vol == nil {
			continue
		}
		tl, err := timeline.Collect(ctx, p.vol, timeline.WithDrive(drive), timeline.WithTypes(timeline.TypeEVTX))
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
		if len(kept) == 0 {
			if err := tl.Close(); err != nil {
				return all, err
			}
			continue
		}
		all = append(all, otherTimeline{tl, otherVolume{vol: p.vol, source: true, name: p.Name, drive: drive}, kept})
	}
	return all, ctx.Err()
}

// earlier returns the earlier of two times, of which the first may be zero.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// has reports whether an event of a shadow copy counts.
func (o *otherTimeline) has(e *timeline.Event) bool {
	if o.kept == nil {
		return true
	}
	k := o.kept[e.Source.Artifact]
	return k != nil && (k.until.IsZero() || e.Time.Before(k.until))
}

// coverageOf changes the coverage of a log in a shadow copy. It has no channel: between the
// shadow copy and the log that followed, records may be lost, so it completes no search.
func (o *otherTimeline) coverageOf(c timeline.Coverage) (timeline.Coverage, bool) {
	if o.kept == nil {
		return c, true
	}
	k := o.kept[c.Artifact]
	if k == nil {
		return c, false
	}
	c.Name = ""
	if !k.until.IsZero() && k.until.Before(c.Last) {
		c.Last = k.until
	}
	return c, true
}
