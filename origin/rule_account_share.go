package origin

import (
	"fmt"
)

var accountShare = &rule{
	name: "account.share", question: Account, best: Corroborated,
	after:   []Question{Writer},
	finds:   "the client in the 5145 of the file",
	also:    []*source{auditShare},
	traps:   []trap{{"several", "several clients opened the file for writing at that time"}},
	against: "whoever used the credentials of that account",
	apart:   "the records of the client that logged on",
	find:    (*inquiry).findShareAccount,
}

func (q *inquiry) findShareAccount() []candidate {
	list := q.creating(true)
	if len(list) == 0 || q.writer == nil || q.writer.pid != kernelPID {
		return nil
	}
	best := list[0]
	a := candidate{Answer: Answer{Grade: Corroborated}, rests: []Question{Writer}, claim: claim{what: best.sid}, other: "the client of the share, " + best.user}
	a.Answer.Answer = fmt.Sprintf("The kernel wrote it for %s, the client of the share %s, in the session with LogonId %#x", best.user, best.share, best.logonID)
	a.fact("user", best.user)
	a.fact("sid", best.sid)
	a.fact("logon_id", hexID(best.logonID))
	a.cite(best.cite())
	if q.owner != "" {
		a.cite(q.citeOwner())
		a.Answer.Answer += fmt.Sprintf("; the owner of the file is %s", q.described(&a.Answer, q.owner))
	}
	q.addLocal(&a, best.sid)
	a.Answer.Answer += "."
	for _, other := range list {
		if other.sid != best.sid {
			a.caught("several", "%s, who opened the file at the same time", other.user)
		}
	}
	return []candidate{a}
}
