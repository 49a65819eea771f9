package origin

import (
	"fmt"
	"slices"
	"strings"
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
