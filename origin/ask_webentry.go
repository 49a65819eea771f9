package origin

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// A webOrigin is the web server's process that the writer descends from, and the time
// at which it acted: when it started the first process on the way to the writer, or
// wrote the file itself.
type webOrigin struct {
	server *process
	child  *process // nil if the server is the writer
	at     time.Time
	maybe  bool // the server is a runtime, which may run anything
}

// webOrigin returns the nearest web server among the writer and its ancestors, else the
// nearest program that may be one.
func (q *inquiry) webOrigin() *webOrigin {
	var possible *webOrigin
	var child *process
	at := q.created
	for _, p := range append([]*process{q.writer}, q.processes.ancestors(q.writer)...) {
		from := &webOrigin{server: p, child: child, at: at}
		switch servesWeb(p) {
		case serves:
			return from
		case mayServe:
			if from.maybe = true; possible == nil {
				possible = from
			}
		}
		child, at = p, p.start
	}
	return possible
}

var webEntryProcess = &rule{
	name: "web_entry.process", question: WebEntry, best: Corroborated,
	after: []Question{Writer},
	finds: "a web server among the writer and its ancestors, and the one request to its application pool that was in progress when it acted",
	reads: []*source{sysmonProcess, auditProcess},
	also:  []*source{webLog},
	traps: []trap{
		{"no_request", "no request that was logged fits the time"},
		{"several", "several requests fit the time"},
		{"static", "the request that fits asks for a file that runs nothing"},
		{"regular", "the only requests that fit come at regular intervals, as checks of a server do"},
		{"lost", "lines of the web log at that time could not be read"},
		{"runtime", "nothing but the request says that the program is a web server"},
	},
	against: "another request, which was not logged or is in a log that is not in the evidence",
	apart:   "a web server log with the sizes of requests, or the log of a proxy before it",
	find:    (*inquiry).findWebServer,
}

func (q *inquiry) findWebServer() []candidate {
	if q.writer == nil {
		return nil
	}
	from := q.webOrigin()
	if from == nil {
		return q.noWebServer()
	}
	pool := poolOf(from.server)
	fitting := q.ofPool(q.requestsAt(from.at), pool)
	if from.maybe && len(fitting) == 0 {
		return q.noWebServer(from)
	}
	a := candidate{Answer: Answer{Grade: Corroborated}, rests: []Question{Writer}}
	a.fact("image", from.server.image)
	if from.server.pid != 0 {
		a.fact("pid", from.server.pid)
	}
	a.fact("pool", pool)
	if from.child != nil {
		a.cite(from.child.cite()...)
	}
	a.cite(from.server.cite()...)
	a.cite(q.citeCreation()...)
	a.Answer.Answer = fmt.Sprintf("The writer descends from the web server process %s", from.server)
	if from.child == nil {
		a.Answer.Answer = fmt.Sprintf("The web server process %s wrote it", from.server)
	}
	if from.maybe {
		a.caught("runtime", "%s, if it does not serve requests", from.server)
	}
	q.nameRequest(&a, fitting, from.at, from.child == nil)
	q.nameOwnRequests(&a)
	a.Answer.Answer += "."
	a.leaves = webRequest{a.Answer}
	return []candidate{a}
}

// ofPool leaves out the requests that another application pool answered.
func (q *inquiry) ofPool(list []*request, pool string) []*request {
	if pool == "" {
		return list
	}
	return slices.DeleteFunc(list, func(r *request) bool {
		other := q.sites.poolOf(r)
		return other != "" && !winpath.SameName(other, pool)
	})
}

// nameRequest adds the request that most likely led to the file, and those that fit as
// well. If the server wrote the file itself, its size may decide between them.
func (q *inquiry) nameRequest(a *candidate, fitting []*request, at time.Time, direct bool) {
	usual := q.regular(fitting, at)
	var list []*request
	for _, r := range fitting {
		if usual[r] {
			a.rival("the request %s at %s, which comes at regular intervals", asked(r), timeText(r.Time))
			continue
		}
		list = append(list, r)
	}
	if direct {
		if sized := q.holding(list); len(sized) == 1 {
			list = []*request{sized[0]}
		}
	}
	unseen, soon := q.notSeenAt(at)
	a.NotSearched = append(a.NotSearched, unseen...)
	if soon {
		a.caught("lost", "a request in one of the lines that could not be read")
	}
	best := likeliest(list)
	switch {
	case best != nil:
		q.describeRequest(a, best, list)
	case len(fitting) > 0:
		a.caught("regular", "")
		a.Answer.Answer += fmt.Sprintf("; the only requests at that time come at regular intervals, such as %s", asked(fitting[0]))
		a.cite(citeRequest(fitting[0]))
	default:
		a.caught("no_request", "")
		a.Answer.Answer += "; " + q.noRequest(at)
		for _, r := range q.failedAt(at) {
			a.rival("the request %s at %s, which HTTP.SYS ended: %s", asked(r), timeText(r.Time), r.data.Reason)
			a.cite(citeRequest(r))
		}
	}
	if best == nil && len(unseen) > 0 {
		a.Answer.Answer += "; " + strings.Join(unseen, "; ")
	}
}

// describeRequest adds the request that most likely led to the file, and those that
// fit as well.
func (q *inquiry) describeRequest(a *candidate, best *request, fitting []*request) {
	if static(best.data) {
		a.caught("static", "a request that was not logged: %s is served without running anything", clip(best.data.Path))
	}
	for _, r := range fitting {
		if r != best {
			a.caught("several", "%s at %s", asked(r), timeText(r.Time))
		}
	}
	a.Evidence = append([]Citation{citeRequest(best)}, a.Evidence...)
	r := best.data
	a.Answer.Answer += fmt.Sprintf("; the request at that time was %s", asked(best))
	if s := status(r); s != "" {
		a.Answer.Answer += ", answered with status " + s
	}
	a.Answer.Answer += " at " + timeText(r.Time)
	if r.UserAgent != "" {
		a.Answer.Answer += ", user agent " + clip(r.UserAgent)
	}
	client, passed := forwardedFor(r)
	for _, p := range passed {
		a.rival("the client %s, if that is not a proxy itself: what X-Forwarded-For has before it the client can have written", p)
	}
	a.fact("method", r.Method)
	a.fact("url", r.URL())
	a.fact("address", r.Client)
	a.fact("forwarded_for", client)
	a.fact("time", r.Time)
	a.fact("status", status(r))
	a.fact("user_agent", r.UserAgent)
	if site := q.sites.nameOf(best); site != "" {
		a.fact("site", site)
		a.cite(q.sites.cite(siteOf(best))...)
	}
	a.claim = claim{what: r.Method + " " + r.URL() + " " + r.Client, at: r.Time}
}

// nameOwnRequests adds the requests for the file itself, which say that a web server
// serves it.
func (q *inquiry) nameOwnRequests(a *candidate) {
	own := q.ownRequests()
	if len(own.list) == 0 {
		return
	}
	first := own.list[0]
	a.Answer.Answer += fmt.Sprintf("; the file itself was requested afterwards, %s, first by %s at %s", count(len(own.list), "time", "times"), asked(first), timeText(first.Time))
	a.fact("own_url", first.data.Path)
	a.fact("own_requests", len(own.list))
	for _, r := range own.list[:min(len(own.list), maxListed)] {
		a.cite(citeRequest(r))
	}
}

// likeliest returns the request that most likely made a server start a process: one
// with a body, else the one that took longest.
func likeliest(list []*request) *request {
	var best *request
	for _, r := range list {
		if best == nil || uploads(r.data) && !uploads(best.data) || uploads(r.data) == uploads(best.data) && r.data.Taken > best.data.Taken {
			best = r
		}
	}
	return best
}

// noRequest returns why no request was found.
func (q *inquiry) noRequest(at time.Time) string {
	found := false
	for _, c := range q.coverage {
		if c.Type != timeline.TypeWebLog || c.State == timeline.Absent {
			continue
		}
		found = true
		if !at.Before(c.First.Add(-time.Second)) && !at.After(c.Last.Add(time.Second)) {
			return "no request in the web server's logs fits its time"
		}
	}
	if !found {
		if site := q.sites.unlogged(); site != "" {
			return "no web server log is available, and IIS does not write one for the site " + site
		}
		return "no web server log is available"
	}
	return "the web server's logs do not cover its time"
}

// noWebServer is the lead if no ancestor of the writer is known to be a web server.
// That none is one is said only if they are known up to where a service or a session
// begins. Those that may be one were not found serving.
func (q *inquiry) noWebServer(possible ...*webOrigin) []candidate {
	a := lead()
	chain := append([]*process{q.writer}, q.processes.ancestors(q.writer)...)
	for _, from := range possible {
		a.missed = append(a.missed, fmt.Sprintf("the requests to %s, which may be a web server, of which no log is in the evidence", from.server))
	}
	if last := chain[len(chain)-1]; !isRoot(last) {
		a.missed = append(a.missed, fmt.Sprintf("the ancestors of %s, whose start was not logged", last))
	}
	if len(a.missed) > 0 && len(chain) == 1 {
		return []candidate{a}
	}
	a.Answer.Answer = "No web server is among the ancestors of the writer: "
	if len(a.missed) > 0 {
		a.Answer.Answer = "The known ancestors of the writer are not known to be web servers: "
	}
	for i, p := range chain {
		if i > 0 {
			a.Answer.Answer += " ← "
		}
		a.Answer.Answer += p.String()
		a.cite(p.cite()...)
	}
	a.Answer.Answer += "."
	return []candidate{a}
}

func sayWebEntry(a retold) []string {
	served := ""
	if image := a.Fact("image"); image != "" {
		served = ", served by " + winpath.Base(image)
	} else if pool := a.Fact("pool"); pool != "" {
		served = ", served by the application pool " + pool
	}
	switch {
	case a.Fact("method") != "":
		from := a.Fact("address")
		if from == "" {
			from = "an address that is not logged"
		}
		if client := a.Fact("forwarded_for"); client != "" {
			from += ", forwarded for " + client
		}
		return []string{fmt.Sprintf("The way in was %s %s from %s%s", a.Fact("method"), a.Fact("url"), from, served)}
	case a.Fact("image") != "":
		return []string{"The way in was the web server process " + a.Fact("image")}
	}
	return nil
}
