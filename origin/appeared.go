package origin

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// clockSkew is how far apart two clocks may note the same creation.
const clockSkew = 2 * time.Second

func near(t, u time.Time) bool { return t.Sub(u).Abs() <= clockSkew }

// clocks are the times at which the subject was created, by those who noted it.
type clocks struct {
	si, fn time.Time // $STANDARD_INFORMATION and $FILE_NAME of the $MFT
	logged time.Time // UtcTime of Sysmon 11
}

func (q *inquiry) clocks() clocks {
	var c clocks
	if q.rec != nil {
		if si := q.rec.StandardInformation; si.Present {
			c.si = si.Created
		}
		if fn, ok := q.rec.FileName(); ok {
			c.fn = fn.Created
		}
	} else {
		c.si = q.fileAt
	}
	q.creation = q.creationLogged(c)
	if q.creation != nil {
		c.logged = q.creation.Time
		q.tied = c.fn.IsZero() && c.si.IsZero() || near(c.logged, c.fn) || near(c.logged, c.si) || q.retimed(c.logged)
	}
	return c
}

// retimed reports whether Sysmon logged that the subject's creation time was
// changed from what it was at a time.
func (q *inquiry) retimed(from time.Time) bool {
	return slices.ContainsFunc(q.ix.retimes, func(c entry[*evtx.Sysmon2]) bool {
		return q.isSubject(c.data.TargetFilename) && near(c.data.PreviousCreationUtcTime, from)
	})
}

// creationLogged returns the record of Sysmon 11 that tells of the subject's
// creation. Sysmon also logs when the content of a file is replaced, and a path
// may have been that of other files before. The record at a time of the $MFT is
// that of the creation; without one, the last that is no replacement.
func (q *inquiry) creationLogged(c clocks) *entry[*evtx.Sysmon11] {
	list := q.writes()
	for _, file := range [...]time.Time{c.fn, c.si} {
		for i := range list {
			if !file.IsZero() && near(list[i].Time, file) {
				return &list[i]
			}
		}
	}
	for i := len(list) - 1; i >= 0; i-- {
		if !list[i].replaced() {
			return &list[i]
		}
	}
	return nil
}

func (q *inquiry) askAppeared() Answer {
	c := q.clocks()
	a := Answer{}
	switch {
	case c.fn.IsZero() && c.si.IsZero() && c.logged.IsZero():
		return q.neverAppeared()
	case c.fn.IsZero() && c.si.IsZero(): // the file is gone
		q.created, a.Grade = c.logged, Recorded
	case c.fn.IsZero():
		q.created, a.Grade = c.si, Recorded
		if !c.logged.IsZero() && !near(c.si, c.logged) {
			q.created, a.Grade = c.logged, Inferred
		}
	case near(c.si, c.fn) && (c.logged.IsZero() || near(c.fn, c.logged)):
		q.created, a.Grade = c.fn, Recorded
	case near(c.fn, c.logged):
		q.created, a.Grade = c.fn, Corroborated
	case q.retimed(c.logged):
		q.created, a.Grade = c.logged, Corroborated
	case !c.logged.IsZero():
		// Programs can set the times of the $MFT (also of $FILE_NAME, by a
		// rename after), hardly that of another's log.
		q.created, a.Grade = c.logged, Inferred
	default:
		q.created, a.Grade = c.fn, Inferred
	}
	a.fact("time", q.created)
	a.fact("si_created", c.si)
	a.fact("fn_created", c.fn)
	a.fact("logged", c.logged)
	var agreed []string
	for _, clock := range [...]struct {
		name string
		at   time.Time
	}{{"$FILE_NAME", c.fn}, {"$STANDARD_INFORMATION", c.si}, {"Sysmon", c.logged}} {
		switch {
		case clock.at.IsZero():
		case near(clock.at, q.created):
			agreed = append(agreed, clock.name)
		default:
			a.rival("%s says %s", clock.name, timeText(clock.at))
		}
	}
	a.Answer = fmt.Sprintf("It was created on %s, by %s.", timeText(q.created), strings.Join(agreed, ", "))
	q.citeClocks(&a)
	return a
}

// weighOrder takes the order of the $MFT into account: an entry that was taken
// after others is not older than they.
func (q *inquiry) weighOrder(a *Answer) {
	later := q.entriesBefore(q.created)
	if later == nil || a.Grade == Unknown || q.creation != nil && q.tied {
		return
	}
	a.Grade = weakest(a.Grade, Inferred)
	a.rival("a later time, by the order of the $MFT entries: the one before was taken at %s or after", timeText(later[0].Time))
	a.cite(later...)
}

// citeClocks cites the clocks, the one that decided first.
func (q *inquiry) citeClocks(a *Answer) {
	if q.creation != nil && q.created.Equal(q.creation.Time) {
		a.cite(q.citeCreation())
	}
	if q.rec != nil {
		if fn, ok := q.rec.FileName(); ok {
			a.cite(q.citeRecord(q.rec, fn.Offset, fn.Created, "$FILE_NAME created", fn.Created, "name", fn.Name))
		}
		if si := q.rec.StandardInformation; si.Present {
			a.cite(q.citeRecord(q.rec, si.Offset, si.Created, "$STANDARD_INFORMATION created", si.Created))
		}
	} else if !q.fileAt.IsZero() {
		a.cite(Citation{Artifact: q.name, Offset: -1, Time: q.fileAt, Text: values("created", q.fileAt)})
	}
	if q.creation != nil {
		a.cite(q.citeCreation())
	}
}

func (q *inquiry) citeCreation() Citation { return q.citeWrite(q.creation) }

// neverAppeared is the answer where no clock noted the creation. The first
// trace of the subject bounds it.
func (q *inquiry) neverAppeared() Answer {
	why, text := q.because(time.Time{}, sysmonCreate)
	a := unknown(Appeared, why, "When it was created is unknown: no $MFT record tells of it, and "+text+".")
	for _, p := range q.ix.processes.list {
		if q.isSubject(p.image) {
			a.rival("not after %s, when it ran", timeText(p.start))
			a.cite(p.cite()...)
			break
		}
	}
	return a
}
