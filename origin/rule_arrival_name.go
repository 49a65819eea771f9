package origin

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

var arrivalName = &rule{
	name: "arrival.name", question: Arrival, best: Inferred,
	after:   []Question{Writer},
	finds:   "the names that the writer asked DNS for before (Sysmon 22, DNS client 3006, 3008)",
	also:    []*source{sysmonDNS, clientDNS},
	against: "a name that has nothing to do with the file",
	apart:   "the address in the writer's command line, or a proxy's log",
	find:    (*inquiry).findNames,
}

// nameLead is how long before it writes a file a program may have asked for the name of
// the machine that has it.
const nameLead = scriptLead

// findNames lists the names that the writer asked for shortly before, one candidate a
// name.
func (q *inquiry) findNames() []candidate {
	if q.writer == nil || q.tl == nil || q.created.IsZero() {
		return nil
	}
	var list []candidate
	known := map[string]bool{}
	for e := range q.own(q.tl.KindsBetween(q.created.Add(-nameLead), q.created.Add(clockSkew), timeline.DNSQuery)) {
		name, results, from, byWriter := "", "", clientDNS, false
		switch d := e.Data.(type) {
		case *evtx.Sysmon22:
			name, results, from = d.QueryName, d.QueryResults, sysmonDNS
			byWriter = !d.ProcessGuid.IsZero() && d.ProcessGuid == q.writer.guid || d.ProcessGuid.IsZero() && d.ProcessId == q.writer.pid
		case *evtx.DNSClient3006:
			name, byWriter = d.QueryName, d.ProcessID == q.writer.pid
		case *evtx.DNSClient3008:
			name, results, byWriter = d.QueryName, d.QueryResults, d.ProcessID == q.writer.pid
		}
		name = strings.TrimSuffix(winid.Undash(name), ".")
		if !byWriter || q.writer.pid == 0 || e.Time.Before(q.writer.start) || name == "" || known[strings.ToLower(name)] || len(list) > maxRivals {
			continue
		}
		known[strings.ToLower(name)] = true
		a := candidate{Answer: Answer{Grade: Inferred}, rests: []Question{Writer}, from: []*source{from}, claim: claim{what: "download " + name}}
		a.fact("kind", "download")
		a.fact("address", addressIn(results))
		a.Answer.Answer = fmt.Sprintf("%s wrote it after it had asked DNS for %s.", q.writer, clip(name))
		a.other = fmt.Sprintf("%s, for which it asked DNS on %s", clip(name), timeText(e.Time))
		a.cite(cite(&e, "QueryName", name, "QueryResults", results, "ProcessId", q.writer.pid))
		list = append(list, a)
	}
	return list
}

// addressIn returns the first address in the results of a query, which also have
// aliases, or "".
func addressIn(results string) string {
	for word := range strings.FieldsFuncSeq(results, func(r rune) bool { return r == ';' || r == ' ' }) {
		if a, err := netip.ParseAddr(word); err == nil {
			return a.Unmap().String()
		}
	}
	return ""
}
