package origin

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/winid"
)

var writerObject = &rule{
	name: "writer.object", question: Writer, best: Recorded,
	finds: "4663 for the path with the right to write, at its creation, and the process that it names",
	also:  []*source{auditObject},
	traps: []trap{
		{"requested", "only 4656 records it: a handle with the right to write was opened, which need not have been used"},
		{"several", "several processes opened the file for writing at that time"},
	},
	against: "another process that moved the file there",
	apart:   "the record of a rename in the change journal",
	find:    (*inquiry).findObject,
}

func (q *inquiry) findObject() []candidate {
	list := q.creating(false)
	if len(list) == 0 {
		return nil
	}
	best := list[0]
	for _, a := range list { // what was used before what was only opened
		if best.requested && !a.requested {
			best = a
		}
	}
	return []candidate{q.writerByAccess(best, list)}
}

var writerShare = &rule{
	name: "writer.share", question: Writer, best: Corroborated,
	finds:   "5145 for the path with the right to write, at its creation in the $MFT: the kernel wrote it for a client of the share",
	also:    []*source{auditShare},
	traps:   []trap{{"several", "several clients opened the file for writing at that time"}},
	against: "a process of the machine that wrote it at the same time",
	apart:   "Sysmon 11 for the file",
	find:    (*inquiry).findShareWriter,
}

func (q *inquiry) findShareWriter() []candidate {
	list := q.creating(true)
	if len(list) == 0 {
		return nil
	}
	return []candidate{q.writerByAccess(list[0], list)}
}

// writerByAccess makes a candidate of the process of an access, with those that opened
// the file at the same time as rivals.
func (q *inquiry) writerByAccess(best *access, list []*access) candidate {
	p := q.asWriter(best)
	a := candidate{Answer: Answer{Grade: Recorded}, claim: claimOf(p)}
	if best.share != "" {
		a.Grade, a.from = Corroborated, []*source{auditShare, fileTimes}
	}
	a.Answer.Answer = fmt.Sprintf("%s wrote it", p)
	a.other = a.Answer.Answer
	if best.share != "" {
		a.Answer.Answer = fmt.Sprintf("The kernel wrote it, for %s as client of the share %s", best.user, best.share)
		a.other = "the kernel wrote it for a client of the share " + best.share
	}
	a.cite(best.cite())
	q.describeWriter(&a.Answer, p)
	if best.requested {
		a.caught("requested", "a process that did not ask for the file at that time")
	}
	for _, other := range list {
		if o := q.asWriter(other); other.sid != best.sid || o.pid != p.pid || other.address != best.address {
			a.caught("several", "%s for %s", o, other.user)
			a.cite(other.cite())
		}
	}
	a.leaves = authorship{writer: p, writerBy: a.Grade}
	return a
}

// creating returns the accesses that may have created the subject: with the right to
// write, at its creation.
func (q *inquiry) creating(share bool) []*access {
	var list []*access
	for i := range q.accesses {
		a := &q.accesses[i]
		if (a.share != "") == share && a.mask&writeMask != 0 && !q.created.IsZero() && a.Time.Sub(q.created).Abs() <= clockSkew && q.isSubject(a.path) {
			list = append(list, a)
		}
	}
	return list
}

// asWriter is the process of an access. The kernel serves the clients of shares.
func (q *inquiry) asWriter(a *access) *process {
	if a.share != "" {
		return &process{pid: kernelPID, image: "System"}
	}
	if p := q.processes.atPID(a.pid, a.Time); p != nil && sameImage(p.image, a.image) {
		return p
	}
	return &process{pid: a.pid, image: a.image, user: a.user, sid: winid.Undash(a.sid), logonID: a.logonID, start: a.Time}
}
