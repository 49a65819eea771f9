package origin

import (
	"fmt"
)

var executedRequest = &rule{
	name: "executed.request", question: Executed, best: Corroborated,
	finds: "requests for it that a web server answered, if web servers run files of its kind, and a process that the server started while it answered one",
	also:  []*source{ownRequest},
	traps: []trap{
		{"alone", "only the web server's log says so, and an error page may have the status of success"},
		{"several", "the server answered other requests too when it started the process"},
	},
	against: "an answer that does not come from the file, such as an error page",
	apart:   "the process that the web server started while it answered, or the bytes of the answers",
	find:    (*inquiry).findRequested,
}

// findRequested takes requests for a script as its runs.
func (q *inquiry) findRequested() []candidate {
	own := q.ownRequests()
	if len(own.list) == 0 {
		return nil
	}
	first, last := own.list[0], own.list[len(own.list)-1]
	a := candidate{Answer: Answer{Grade: Corroborated}, claim: claim{what: "ran"}}
	a.Answer.Answer = fmt.Sprintf("A web server answered %s for it, first %s with status %s at %s", count(len(own.list), "request", "requests"), asked(first), status(first.data), timeText(first.Time))
	a.other = "a web server that answered requests for it"
	a.fact("proves", "execution")
	a.fact("time", first.Time)
	a.fact("count", len(own.list))
	a.fact("last", last.Time)
	a.cite(citeRequest(first))
	if own.child == nil {
		a.caught("alone", "an error page that is answered with the status of success")
	} else {
		a.from = []*source{ownRequest, sysmonProcess, auditProcess}
		a.Answer.Answer += fmt.Sprintf("; while it answered %s at %s, %s started %s", asked(own.of), timeText(own.of.Time), own.child.parentImage, own.child)
		a.fact("host", own.child.parentImage)
		a.cite(citeRequest(own.of))
		a.cite(own.child.cite()...)
		others := q.requestsAt(own.child.start)
		usual := q.regular(others, own.child.start)
		for _, r := range others {
			if !usual[r] && !static(r.data) && q.sites.isServed(q.sites.servedAs(q.path), r) == nil {
				a.caught("several", "%s at %s", asked(r), timeText(r.Time))
			}
		}
	}
	a.Answer.Answer += "."
	return []candidate{a}
}
