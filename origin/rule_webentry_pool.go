package origin

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

var webEntryPool = &rule{
	name: "web_entry.pool", question: WebEntry, best: Inferred,
	finds: "without a known writer, an owner that is the account of an application pool, or a place in the folder of a site, and a request with a body that was in progress at the creation",
	also:  []*source{webLog},
	traps: []trap{
		{"several", "several requests fit the time"},
		{"regular", "the only requests that fit come at regular intervals, as checks of a server do"},
		{"lost", "lines of the web log at that time could not be read"},
	},
	against: "a program that the web server runs, or a copy by an administrator at the same time",
	apart:   "Sysmon 11 or 4663 for the file, or the bytes of requests in the web log",
	find:    (*inquiry).findPool,
}

// findPool finds the request that may have made a web server write the file, if it is
// in a place of a web server, or belongs to one.
func (q *inquiry) findPool() []candidate {
	if q.writer != nil || q.created.IsZero() {
		return nil
	}
	pool, places := q.sites.poolOfSID(q.owner), q.sites.servedAs(q.path)
	if pool == "" && len(places) == 0 {
		return nil
	}
	a := candidate{Answer: Answer{Grade: Inferred}, rests: []Question{Appeared}}
	switch {
	case pool != "":
		a.Answer.Answer = fmt.Sprintf("It belongs to the application pool %s of IIS", pool)
		a.fact("pool", pool)
		a.cite(q.citeOwner())
	case places[0].usual:
		a.Answer.Answer = "It is in a folder that web servers serve by default, as " + places[0].url
		a.cite(q.citeOwner())
	default:
		a.Answer.Answer = fmt.Sprintf("It is in the folder of the site %s of IIS, as %s", q.sites.Site(places[0].site).Name, places[0].url)
		a.cite(q.sites.cite(places[0].site)...)
	}
	fitting := q.ofPool(q.requestsAt(q.created), pool)
	if pool == "" {
		fitting = ofSites(fitting, places)
	}
	fitting = slices.DeleteFunc(fitting, func(r *request) bool { return !uploads(r.data) || refused(r.data) })
	if unseen, _ := q.notSeenAt(q.created); len(fitting) == 0 {
		l := lead()
		l.missed = unseen
		l.Answer.Answer = a.Answer.Answer + "; " + strings.Replace(q.noRequest(q.created), "no request in", "no request with a body in", 1) + "."
		l.Evidence = a.Evidence
		return []candidate{l}
	}
	q.nameRequest(&a, fitting, q.created, true)
	q.nameOwnRequests(&a)
	a.Answer.Answer += "."
	a.leaves = webRequest{a.Answer}
	return []candidate{a}
}

// ofSites leaves out the requests that another site answered than those that serve a
// file.
func ofSites(list []*request, places []served) []*request {
	return slices.DeleteFunc(list, func(r *request) bool {
		id := siteOf(r)
		return id != 0 && !slices.ContainsFunc(places, func(v served) bool { return v.site == 0 || v.site == id })
	})
}

var webEntrySize = &rule{
	name: "web_entry.size", question: WebEntry, best: Inferred,
	finds: "without a known writer, a request whose bytes are those of the file and a little more, as it is or in Base64, that was in progress at the creation",
	also:  []*source{webLog},
	traps: []trap{
		{"several", "several requests fit the time and the size"},
		{"regular", "the only requests that fit come at regular intervals, as checks of a server do"},
		{"lost", "lines of the web log at that time could not be read"},
	},
	against: "a transfer that was not a web request",
	apart:   "Sysmon 11 or 4663 for the file",
	find:    (*inquiry).findSize,
}

// leastSized is the size from which a file is large enough, beside the head of a
// request, for the size to say something.
const leastSized = 16 << 10

func (q *inquiry) findSize() []candidate {
	if q.writer != nil || q.created.IsZero() {
		return nil
	}
	fitting := slices.DeleteFunc(q.holding(q.requestsAt(q.created)), func(r *request) bool { return refused(r.data) })
	if len(fitting) == 0 {
		return nil
	}
	a := candidate{Answer: Answer{Grade: Inferred}, rests: []Question{Appeared}}
	a.Answer.Answer = fmt.Sprintf("A request of %d bytes was in progress when the file of %d bytes was created", fitting[0].data.Received, q.size())
	q.nameRequest(&a, fitting, q.created, true)
	a.Answer.Answer += "."
	a.cite(q.citeOwner())
	a.leaves = webRequest{a.Answer}
	return []candidate{a}
}

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

// ownRequests are the requests for the file itself after its creation.
type ownRequests struct {
	since time.Time // the creation
	list  []*request
	child *process // that the web server started while it answered one of them; nil if none is known
	of    *request // that one
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
