package origin

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// findClockChanged finds the steps of the machine's clock around the creation: the
// times of records before and after one cannot be compared.
func (q *inquiry) findClockChanged() []clash {
	var list []clash
	for _, s := range q.steps.around(q.created) {
		list = append(list, clashing([]Citation{cite(&s.Event, "from", s.from, "to", s.to)}, "The clock was set from %s to %s: times before and after that cannot be compared.", timeText(s.from), timeText(s.to)))
	}
	return list
}

// clearedBefore is how long before the creation the clearing of a log still counts:
// what led to the creation may have been in it.
const clearedBefore = 24 * time.Hour

func (q *inquiry) findLogCleared() []clash {
	var list []clash
	for i := range q.cleared {
		e := &q.cleared[i]
		if !q.created.IsZero() && e.Time.Before(q.created.Add(-clearedBefore)) {
			continue // it cleared nothing that concerns the subject
		}
		c := clashing([]Citation{cite(e)}, "%s on %s: the records before that are missing.", e.Message, timeText(e.Time))
		switch d := e.Data.(type) {
		case *evtx.Security1102:
			c.channel = securityChannel
		case *evtx.System104:
			c.channel = d.Channel
		}
		for _, k := range q.tl.keptOf(c.channel) {
			c.text += fmt.Sprintf(" Shadow copy %s of %s still has records of it, from %s on.", k.Name, timeText(k.Created), timeText(k.first))
			c.evidence = append(c.evidence, k.cite())
		}
		if p := q.tl.unreadBefore(e.Time); p != nil {
			c.text += fmt.Sprintf(" Shadow copy %s of %s may have them, and was not read.", p.Name, timeText(p.Created))
		}
		list = append(list, c)
	}
	return list
}

// findLogStartsAfter names the logs that begin after the subject was created.
func (q *inquiry) findLogStartsAfter() []clash {
	var list []clash
	for _, c := range q.coverage {
		if c.Type != timeline.TypeEVTX || c.Records == 0 || q.created.IsZero() || !c.First.After(q.created) {
			continue
		}
		if !slices.ContainsFunc([]string{securityChannel, systemChannel, sysmonChannel, sessionChannel, remoteChannel}, func(ch string) bool { return strings.EqualFold(ch, c.Name) }) {
			continue
		}
		late := clashing([]Citation{{Artifact: c.Artifact, Offset: -1, Time: c.First, Text: values("first record", c.First, "last record", c.Last)}},
			"The log %s begins on %s, after the file was created: it does not cover the creation.", c.Name, timeText(c.First))
		late.channel = c.Name
		list = append(list, late)
	}
	return list
}

// findRecordGap looks for missing record numbers in the logs that matter.
func (q *inquiry) findRecordGap() []clash {
	type last struct {
		id    uint64
		inner bool
		c     Citation
	}
	numbers := map[string][]last{}
	collect := func(e *timeline.Event) {
		if id, err := strconv.ParseUint(e.Source.Record, 10, 64); err == nil && e.Source.Type == timeline.TypeEVTX {
			numbers[e.Source.Artifact] = append(numbers[e.Source.Artifact], last{id, e.Time.Sub(q.created).Abs() <= gapWindow/2, Citation{Artifact: e.Source.Artifact, Record: e.Source.Record, Offset: e.Source.Offset, Time: e.Time}})
		}
	}
	if q.tl == nil || q.created.IsZero() {
		return nil
	}
	for e := range q.tl.Around(q.created, gapWindow) {
		collect(&e)
	}
	var list []clash
	for _, c := range q.coverage {
		of := numbers[c.Artifact]
		slices.SortFunc(of, func(a, b last) int { return cmp.Compare(a.id, b.id) })
		for i := 1; i < len(of); i++ {
			if n := of[i].id - of[i-1].id; n > 1 && of[i-1].inner && of[i].inner {
				gap := clashing([]Citation{of[i-1].c, of[i].c}, "%s missing between record %d and record %d in %s: deleted or lost.", count(int(min(n-1, 1<<30)), "record is", "records are"), of[i-1].id, of[i].id, c.Artifact)
				gap.channel = c.Name
				list = append(list, gap)
				break
			}
		}
	}
	return list
}

// gapWindow is how far around the creation records are collected. Gaps count in its
// inner half, because records are not quite in order of time.
const gapWindow = time.Hour

func (q *inquiry) findNoProcessAudit() []clash {
	if q.created.IsZero() || q.seen[auditProcess.kind] > 0 {
		return nil
	}
	var list []clash
	for _, c := range q.ofChannel(securityChannel) {
		if covers(c, q.created) {
			list = append(list, clashing([]Citation{{Artifact: c.Artifact, Offset: -1, Time: c.First, Text: values("records", c.Records, "first record", c.First, "last record", c.Last)}},
				"The Security log covers the creation but holds no event 4688: process creation was not audited."))
		}
	}
	return list
}

// findHiveDirty names the hives whose newest changes are missing, because their
// transaction logs are not in the evidence or do not complete them. What Windows wrote
// last is often what an investigation is about.
func (q *inquiry) findHiveDirty() []clash {
	var list []clash
	for _, c := range q.coverage {
		if c.Type != timeline.TypeRegistry || !c.Dirty || c.Name == "" {
			continue
		}
		text := "its transaction logs are not in the evidence"
		if len(c.Replayed) > 0 {
			text = "its transaction logs do not complete it"
		}
		dirty := clashing([]Citation{{Artifact: c.Artifact, Offset: 0, Time: c.Last, Text: values("newest key", c.Last)}},
			"The hive %s was not closed cleanly, and %s: its newest changes are missing.", c.Artifact, text)
		dirty.hive = c.Name
		list = append(list, dirty)
	}
	return list
}
