package origin

import (
	"fmt"
)

var arrivalShare = &rule{
	name: "arrival.share", question: Arrival, best: Corroborated,
	finds:   "5145 for the path with the right to write, at its creation: a client wrote it to a share",
	also:    []*source{auditShare},
	traps:   []trap{{"several", "clients at several addresses opened the file for writing at that time"}},
	against: "a process of the machine that wrote it at the same time",
	apart:   "Sysmon 11 for the file",
	find:    (*inquiry).findShare,
}

func (q *inquiry) findShare() []candidate {
	list := q.creating(true)
	if len(list) == 0 {
		return nil
	}
	best := list[0]
	a := candidate{Answer: Answer{Grade: Corroborated}, from: []*source{auditShare, fileTimes}, claim: claim{what: "smb " + best.address}}
	a.fact("kind", "smb")
	from := best.address
	if q.isOwnAddress(best.address) {
		from = "the machine itself"
	} else {
		a.fact("address", best.address)
	}
	a.Answer.Answer = fmt.Sprintf("%s wrote it from %s to the share %s.", best.user, from, best.share)
	a.other = fmt.Sprintf("%s wrote it from %s to the share %s", best.user, from, best.share)
	a.cite(best.cite())
	for _, other := range list {
		if other.address != best.address {
			a.caught("several", "%s from %s", other.user, other.address)
			a.cite(other.cite())
		}
	}
	if l := q.logons.at(best.logonID, best.Time); l != nil {
		a.cite(citeLogon(l))
	}
	return []candidate{a}
}
