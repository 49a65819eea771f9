package origin

import (
	"fmt"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// clocks are the creation times of the subject, by the clock that recorded each.
type clocks struct {
	si, fn    time.Time // $STANDARD_INFORMATION and $FILE_NAME of the $MFT
	logged    time.Time // UtcTime of Sysmon 11
	born      time.Time // of its record in the change journal
	operation time.Time // of the operation in the transaction log that made its record
	slack     *oldName  // that has another creation time of it, or nil
}

// clocks reads the clocks, and begins the appearance with the record of the creation.
func (q *inquiry) clocks() (c clocks, at appearance) {
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
	c.born, c.operation = q.bornAt(), q.loggedBornAt()
	if q.rec != nil {
		c.slack = q.otherCreated()
	}
	at.creation = q.creationLogged(c)
	switch {
	case at.creation == nil:
	case !c.born.IsZero() || !c.operation.IsZero():
		c.logged = at.creation.Time
		at.tied = near(c.logged, c.born) || near(c.logged, c.operation)
	default:
		c.logged = at.creation.Time
		at.tied = c.fn.IsZero() && c.si.IsZero() || near(c.logged, c.fn) || near(c.logged, c.si) || q.retimed(c.logged)
	}
	return c, at
}

// retimed reports whether Sysmon logged that the subject's creation time was changed
// from the given time.
func (q *inquiry) retimed(from time.Time) bool {
	return slices.ContainsFunc(q.retimes, func(c entry[*evtx.Sysmon2]) bool {
		return q.isSubject(c.data.TargetFilename) && near(c.data.PreviousCreationUtcTime, from)
	})
}

// creationLogged returns the record of Sysmon 11 for the subject's creation. Sysmon
// also logs when the content of a file is replaced, and other files may have had the
// path before. The record at a time of the $MFT is the one of the creation. Without
// such a record it is the last that is not a replacement.
func (q *inquiry) creationLogged(c clocks) *entry[*evtx.Sysmon11] {
	list := q.writes()
	for _, file := range [...]time.Time{c.born, c.operation, c.fn, c.si} {
		for i := range list {
			if !file.IsZero() && near(list[i].Time, file) {
				return &list[i]
			}
		}
	}
	for i := len(list) - 1; i >= 0; i-- {
		if !replaced(&list[i]) {
			return &list[i]
		}
	}
	return nil
}

// auditedAt returns an access to the subject with the right to write at a time, or nil.
func (q *inquiry) auditedAt(at time.Time) *access {
	for i := range q.accesses {
		if a := &q.accesses[i]; a.mask&writeMask != 0 && near(a.Time, at) && q.isSubject(a.path) {
			return a
		}
	}
	return nil
}

var appearedClocks = &rule{
	name: "appeared.clocks", question: Appeared, best: Recorded,
	finds: "the creation times of $FILE_NAME and $STANDARD_INFORMATION, and of Sysmon 11, which agree within two seconds; without Sysmon, 4663 or 5145 for the path at that time with the right to write",
	reads: []*source{sysmonCreate, fileTimes},
	also:  []*source{auditObject, auditShare},
	traps: []trap{
		{"only_mft", "only the $MFT records the time, and any program can set both of its clocks"},
		{"clocks_differ", "the clocks differ, and no other record explains it"},
	},
	against: "another time: whoever controls the machine can set both times of the $MFT",
	apart:   "a record of the creation that another source holds, such as the change journal's",
	find:    (*inquiry).findClocks,
}

// findClocks decides among the clocks that recorded the creation.
func (q *inquiry) findClocks() []candidate {
	c, at := q.clocks()
	a := candidate{}
	var used *access
	switch {
	case c.fn.IsZero() && c.si.IsZero() && c.logged.IsZero():
		return []candidate{q.neverAppeared(at)}
	case c.fn.IsZero() && c.si.IsZero(): // the file is gone
		at.created, a.Grade = c.logged, Recorded
	case c.fn.IsZero():
		at.created, a.Grade = c.si, Recorded
		switch {
		case c.logged.IsZero():
			a.caught("only_mft", "")
		case !near(c.si, c.logged):
			at.created = c.logged
			a.caught("clocks_differ", "")
		}
	case near(c.si, c.fn) && c.logged.IsZero():
		at.created, a.Grade = c.fn, Recorded
		if used = q.auditedAt(c.fn); used != nil {
			a.Grade, a.from = Corroborated, []*source{fileTimes, auditObject}
			a.cite(used.cite())
		} else {
			a.caught("only_mft", "")
		}
	case near(c.si, c.fn) && near(c.fn, c.logged):
		at.created, a.Grade = c.fn, Recorded
	case near(c.fn, c.logged):
		at.created, a.Grade = c.fn, Corroborated
	case q.retimed(c.logged):
		at.created, a.Grade = c.logged, Corroborated
	case !c.logged.IsZero():
		// Programs can set the times of the $MFT (also those of $FILE_NAME, by a
		// subsequent rename), but hardly the time in another program's log.
		at.created = c.logged
		a.caught("clocks_differ", "")
	default:
		at.created = c.fn
		a.caught("clocks_differ", "")
	}
	agreed := q.compareClocks(&a, &c, &at)
	if used != nil {
		agreed = append(agreed, "the Security log, in which it was opened for writing")
	}
	a.Answer.Answer = fmt.Sprintf("It was created on %s, according to %s.", timeText(at.created), enumerate(agreed))
	a.claim = claim{"created", at.created}
	if c.logged.IsZero() && a.from == nil {
		a.from = []*source{fileTimes}
	}
	q.citeClocks(&a.Answer, &at)
	q.appears(&a, at, !slices.Contains(a.trapped, "clocks_differ"))
	return []candidate{a}
}

// compareClocks adds the times of all clocks to an answer, and returns the names of those
// that agree with it. The others become its rivals.
func (q *inquiry) compareClocks(a *candidate, c *clocks, at *appearance) (agreed []string) {
	a.fact("time", at.created)
	a.fact("si_created", c.si)
	a.fact("fn_created", c.fn)
	a.fact("logged", c.logged)
	a.fact("journal", c.born)
	a.fact("transaction", c.operation)
	if q.rec != nil {
		a.fact("timestomp", q.timestomp().Score)
	}
	type clock struct {
		name string
		at   time.Time
	}
	all := []clock{{"the change journal", c.born}, {"the transaction log", c.operation}, {"$FILE_NAME", c.fn}, {"$STANDARD_INFORMATION", c.si}, {"Sysmon", c.logged}}
	if c.slack != nil {
		all = append(all, clock{c.slack.where(), c.slack.Created})
	}
	for _, clock := range all {
		switch {
		case clock.at.IsZero():
		case near(clock.at, at.created):
			agreed = append(agreed, clock.name)
		default:
			a.rival("%s records %s", clock.name, timeText(clock.at))
		}
	}
	return agreed
}

// appears leaves the appearance to other questions. It is sure if nothing speaks against
// the time.
func (q *inquiry) appears(a *candidate, at appearance, sure bool) {
	at.near = q.lookAround(at.created)
	at.sure = sure && len(q.entriesBefore(at.near, at.created)) == 0 && len(q.steps.around(at.created)) == 0
	a.leaves = at
	q.bracket(&a.Answer)
}

// bracket adds to the time of creation the last shadow copy that does not have the file, and
// the first that does.
func (q *inquiry) bracket(a *Answer) {
	var before, since *sighting
	list := q.sightings()
	for i := range list {
		switch s := &list[i]; s.seen {
		case absentYet:
			if since == nil {
				before = s
			}
		case there, elsewhereThen:
			if since == nil {
				since = s
			}
		}
	}
	switch {
	case before != nil && since != nil:
		a.Answer += fmt.Sprintf(" It is not yet in shadow copy %s of %s, and is in %s of %s.", before.Name, timeText(before.Created), since.Name, timeText(since.Created))
	case before != nil:
		a.Answer += fmt.Sprintf(" It is not yet in shadow copy %s of %s.", before.Name, timeText(before.Created))
	case since != nil:
		a.Answer += fmt.Sprintf(" It is in shadow copy %s of %s.", since.Name, timeText(since.Created))
	}
	if before != nil {
		a.fact("not_yet", before.Created)
		a.cite(before.cite())
	}
	if since != nil {
		a.fact("there", since.Created)
		a.cite(since.cite())
	}
}

// citeClocks cites the clocks, beginning with the one that decided.
func (q *inquiry) citeClocks(a *Answer, at *appearance) {
	if at.creation != nil && at.created.Equal(at.creation.Time) {
		a.cite(at.citeCreation()...)
	}
	if q.rec != nil {
		if fn, ok := q.rec.FileName(); ok {
			a.cite(q.citeRecord(q.rec, fn.Offset, fn.Created, "$FILE_NAME created", fn.Created, "name", fn.Name))
		}
		if si := q.rec.StandardInformation; si.Present {
			a.cite(q.citeRecord(q.rec, si.Offset, si.Created, "$STANDARD_INFORMATION created", si.Created))
		}
		if b := q.loggedBirth(); b != nil && b.created != nil {
			a.cite(q.citeOperation(b.created))
		}
		if n := q.otherCreated(); n != nil {
			a.cite(n.cited)
		}
	} else if !q.fileAt.IsZero() {
		a.cite(Citation{Artifact: q.name, Offset: -1, Time: q.fileAt, Text: values("created", q.fileAt)})
	}
	a.cite(at.citeCreation()...)
}

// neverAppeared is the lead if no clock recorded the creation. The first trace of the
// subject bounds the time.
func (q *inquiry) neverAppeared(at appearance) candidate {
	c := lead()
	c.leaves = at
	for _, p := range q.processes.list {
		if q.isSubject(p.image) {
			c.rival("no later than %s, when it ran", timeText(p.start))
			c.cite(p.cite()...)
			break
		}
	}
	return c
}

func sayAppeared(a retold) []string {
	if a.created == "" {
		return nil
	}
	return []string{"It appeared on " + a.created}
}
