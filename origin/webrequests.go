package origin

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/weblog"
)

// requestsAt returns the requests that may have been in progress at a time.
func (q *inquiry) requestsAt(at time.Time) []*request {
	if at.IsZero() || q.tl == nil {
		return nil
	}
	var list []*request
	for r := range q.requestsBetween(at.Add(-usualTaken-2*logGrain), at.Add(maxTaken)) {
		if len(list) == maxRequests {
			break
		}
		if fits(r.data, at) {
			list = append(list, r)
		}
	}
	q.coverage = q.tl.Coverage() // with the logs that were read for this
	return list
}

// requestsBetween yields the requests to web servers that were logged between two
// times. Those whose times are of an unknown zone are left out, and those to FTP
// servers.
func (q *inquiry) requestsBetween(from, to time.Time) func(func(*request) bool) {
	return func(yield func(*request) bool) {
		for e := range q.tl.KindsBetween(from, to, timeline.WebRequest) {
			if q.ctx.Err() != nil {
				return
			}
			if r, ok := e.Data.(*weblog.Request); ok && !r.Local && !isFTP(r) {
				e.Fields = nil // r has them
				if !yield(&request{e, r}) {
					return
				}
			}
		}
	}
}

// notSeenAt returns what web logs hold that a search for requests in progress at a time
// did not see, and whether lines that could not be read were logged soon after it.
func (q *inquiry) notSeenAt(at time.Time) (clauses []string, soon bool) {
	for _, c := range q.coverage {
		if c.Local {
			clauses = append(clauses, fmt.Sprintf("%s has times of an unknown time zone", c.Artifact))
		}
		n, from := 0, int64(-1)
		for i := range c.Lost {
			l := &c.Lost[i]
			if lines := l.Within(at.Add(-2*logGrain), at.Add(maxTaken)); lines > 0 {
				n += lines
				soon = soon || l.Within(at.Add(-2*logGrain), at.Add(usualTaken)) > 0
				if from < 0 {
					from = l.Offset
				}
			}
		}
		if n > 0 {
			clauses = append(clauses, fmt.Sprintf("%s of %s at that time, the first at offset %#x, could not be read", count(n, "line", "lines"), c.Artifact, from))
		}
	}
	for _, s := range unreadWebLogs {
		if state, clause := q.searched(s, span{from: at}); state == notReadYet {
			clauses = append(clauses, clause)
		}
	}
	return clauses, soon
}

// unreadWebLogs would name requests too.
var unreadWebLogs = []*source{packedWebLogs, binaryWebLogs, failedRequests, exchangeLogs}

// failedAt returns the requests that HTTP.SYS ended around a time, and that no site has
// logged: the worker process may have died of one.
func (q *inquiry) failedAt(at time.Time) []*request {
	var list []*request
	for e := range q.tl.KindsBetween(at.Add(-2*logGrain), at.Add(usualTaken), timeline.WebFailed) {
		if r, ok := e.Data.(*weblog.Request); ok && r.Path != "" && len(list) < maxRivals {
			e.Fields = nil // r has them
			list = append(list, &request{e, r})
		}
	}
	return list
}

// regular returns which requests are of a form that comes at regular intervals, as
// checks of a server's health do: they say nothing about one time. An agent that says
// that it checks a server counts if others with it came before: anyone can send one.
func (q *inquiry) regular(list []*request, at time.Time) map[*request]bool {
	type form struct{ method, path, agent string }
	formOf := func(r *weblog.Request) form {
		return form{strings.ToUpper(r.Method), strings.ToLower(r.Path), r.UserAgent}
	}
	times := map[form][]time.Time{}
	for _, r := range list {
		times[formOf(r.data)] = nil
	}
	if len(times) == 0 || q.tl == nil {
		return nil
	}
	n := 0
	for r := range q.requestsBetween(at.Add(-regularSpan), at.Add(regularSpan)) {
		if n++; n > regularSeen {
			break
		}
		f := formOf(r.data)
		if _, wanted := times[f]; wanted {
			times[f] = append(times[f], r.Time)
		}
	}
	found := map[*request]bool{}
	for _, r := range list {
		f := formOf(r.data)
		checks := !uploads(r.data) && slices.ContainsFunc(checkers[:], func(s string) bool { return strings.Contains(strings.ToLower(f.agent), s) })
		before := 0
		for _, t := range times[f] {
			if t.Before(at) {
				before++
			}
		}
		if before >= 2 && (checks || atIntervals(times[f])) {
			found[r] = true
		}
	}
	return found
}

// ownRequests finds the requests for the file, if it is one that a web server runs and
// in a place from which it does.
func (q *inquiry) ownRequests() *ownRequests {
	if q.askedFor != nil && q.askedFor.since.Equal(q.created) {
		return q.askedFor
	}
	own := &ownRequests{since: q.created}
	places := q.sites.servedAs(q.path)
	if len(places) == 0 || q.tl == nil || q.created.IsZero() || !scripts[strings.ToLower(path.Ext(winpath.Base(q.path)))] {
		return own
	}
	for r := range q.requestsBetween(q.created.Add(-logGrain), time.Time{}) {
		if len(own.list) == maxRequests {
			break
		}
		if q.sites.isServed(places, r) == nil || refused(r.data) {
			continue
		}
		own.list = append(own.list, r)
		if own.child == nil {
			if own.child = q.startedBy(r); own.child != nil {
				own.of = r
			}
		}
	}
	q.coverage = q.tl.Coverage() // with the logs that were read for this
	q.askedFor = own
	return own
}

// startedBy returns a process that a web server started while it answered a request.
func (q *inquiry) startedBy(r *request) *process {
	for _, p := range q.processes.list {
		if p.parentImage == "" || !fits(r.data, p.start) {
			continue
		}
		parent := q.processes.parent(p)
		if parent == nil {
			parent = &process{image: p.parentImage}
		}
		if servesWeb(parent) != serves {
			continue
		}
		pool, of := poolOf(parent), q.sites.poolOf(r)
		if pool == "" || of == "" || winpath.SameName(pool, of) {
			return p
		}
	}
	return nil
}

// leastSized is the size from which a file is large enough, beside the head of a
// request, for the size to say something.
const leastSized = 16 << 10

// size returns the size of the subject in bytes, or 0.
func (q *inquiry) size() int64 {
	if q.content != nil {
		return q.content.size
	}
	if q.rec != nil {
		return int64(q.rec.Size())
	}
	return 0
}

// holding returns the requests whose bytes can be those of the file: as it is in a form
// or alone, or in Base64, with a head and what is beside it in a form.
func (q *inquiry) holding(list []*request) []*request {
	size := q.size()
	if size < leastSized {
		return nil
	}
	within := func(n, least, most int64) bool { return n >= least && n <= most+leastSized }
	return slices.DeleteFunc(slices.Clone(list), func(r *request) bool {
		n := r.data.Received
		return !uploads(r.data) || !within(n, size, size+size/20) && !within(n, size+size/3, size+size/20*9)
	})
}
