package origin

import (
	"slices"
	"strconv"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/timeline"
)

var reachFiltered = &rule{
	name: "reach.filtered", question: Reach, best: Recorded,
	finds:   "5156 with the PID of a run, and the path: a connection that the filtering platform allowed",
	also:    []*source{auditConnect},
	traps:   []trap{{"other_volume", "no run with that PID was logged, and the path is that of a volume which nothing ties to the file's drive"}},
	against: "another file that had this path at that time",
	apart:   "network records from outside this machine",
	find:    (*inquiry).findFiltered,
}

// inbound is the direction of a connection that the other end opened, in 5156.
const inbound = "%%14592"

// findFiltered finds the connections of the runs of the file in the Security log.
func (q *inquiry) findFiltered() []candidate {
	if q.tl == nil || q.created.IsZero() {
		return nil
	}
	var order []destination
	found := map[destination]int{}
	a := candidate{Answer: Answer{Grade: Recorded}}
	for e := range q.own(q.tl.KindsBetween(q.created, q.lastLogged(), timeline.NetworkConnected)) {
		d, ok := e.Data.(*evtx.Security5156)
		if !ok || !q.isSubject(d.Application) {
			continue
		}
		run := slices.IndexFunc(q.runs, func(p *process) bool { return uint64(p.pid) == d.ProcessID && p.alive(e.Time) })
		if device := deviceVolume(d.Application); device != "" && run < 0 {
			a.caught("other_volume", "another file with this path, on %s, if that is not the drive %s", device, drivePrefix(q.drive))
		}
		address, port := d.DestAddress, d.DestPort
		if d.Direction == inbound {
			address, port = d.SourceAddress, d.SourcePort
		}
		n, _ := strconv.ParseUint(port, 10, 16)
		to := destination{address: plainAddress(address), port: uint16(n)}
		if found[to]++; found[to] > 1 {
			continue
		}
		if order = append(order, to); len(order) <= maxListed {
			a.cite(cite(&e, "ProcessID", d.ProcessID, "Application", d.Application, "Direction", d.Direction, "SourceAddress", d.SourceAddress,
				"SourcePort", d.SourcePort, "DestAddress", d.DestAddress, "DestPort", d.DestPort, "Protocol", d.Protocol))
		}
		if run >= 0 {
			a.cite(q.runs[run].cite()...)
		}
	}
	if len(order) == 0 {
		return nil
	}
	q.listDestinations(&a, order, found)
	return []candidate{a}
}
