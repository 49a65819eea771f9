package origin

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/winid"
)

// A destination is what a run of the subject connected to.
type destination struct {
	address, host string
	port          uint16
}

var reachSysmon = &rule{
	name: "reach.sysmon", question: Reach, best: Recorded,
	finds: "Sysmon 3 with the ProcessGuid, or the path, of a run",
	reads: []*source{sysmonConnect},
	traps: []trap{
		{"other_volume", "the path is that of a volume which nothing ties to the file's drive"},
		{"other_time", "a clock of the file itself has a later creation"},
	},
	against: "another file that had this path at that time",
	apart:   "network records from outside this machine",
	find:    (*inquiry).findConnections,
}

func (q *inquiry) findConnections() []candidate {
	var order []destination
	found := map[destination]int{}
	a := candidate{Answer: Answer{Grade: Recorded}}
	for c := range q.connections() {
		byRun := !c.data.ProcessGuid.IsZero() && slices.ContainsFunc(q.runs, func(p *process) bool { return p.guid == c.data.ProcessGuid })
		if !byRun && (!q.isSubject(c.data.Image) || q.before(c.Time)) {
			continue
		}
		if device := deviceVolume(c.data.Image); device != "" && !byRun {
			a.caught("other_volume", "another file with this path, on %s, if that is not the drive %s", device, drivePrefix(q.drive))
		}
		if q.betweenClocks(c.Time) {
			a.caught("other_time", "another file that had this path before: $FILE_NAME records a creation after that")
		}
		d := destination{plainAddress(c.data.DestinationIp), winid.Undash(c.data.DestinationHostname), c.data.DestinationPort}
		if !c.data.Initiated {
			d = destination{plainAddress(c.data.SourceIp), winid.Undash(c.data.SourceHostname), c.data.SourcePort}
		}
		if found[d]++; found[d] > 1 {
			continue
		}
		if order = append(order, d); len(order) <= maxListed {
			a.cite(cite(&c.Event, "ProcessGuid", c.data.ProcessGuid, "Image", c.data.Image, "Protocol", c.data.Protocol, "Initiated", c.data.Initiated,
				"SourceIp", c.data.SourceIp, "SourcePort", c.data.SourcePort, "DestinationIp", c.data.DestinationIp,
				"DestinationHostname", c.data.DestinationHostname, "DestinationPort", c.data.DestinationPort))
		}
	}
	if len(order) == 0 {
		return nil
	}
	q.listDestinations(&a, order, found)
	return []candidate{a}
}

// listDestinations writes the answer about the other ends of connections.
func (q *inquiry) listDestinations(a *candidate, order []destination, found map[destination]int) {
	var parts []string
	for _, d := range order[:min(len(order), maxListed)] {
		a.fact("address", d.address)
		a.fact("port", strconv.Itoa(int(d.port)))
		a.fact("host", d.host)
		text := netipText(d)
		if n := found[d]; n > 1 {
			text += fmt.Sprintf(" (%d times)", n)
		}
		parts = append(parts, text)
	}
	a.Answer.Answer = "It exchanged traffic with " + strings.Join(parts, ", ")
	if n := len(order) - len(parts); n > 0 {
		a.Answer.Answer += fmt.Sprintf(" and %d more", n)
	}
	a.Answer.Answer += "."
}

func netipText(d destination) string {
	text := d.address
	if strings.Contains(text, ":") {
		text = "[" + text + "]"
	}
	text += ":" + strconv.Itoa(int(d.port))
	if d.host != "" {
		text += " (" + d.host + ")"
	}
	return text
}

func sayReach(a retold) []string {
	list := facts(a.Answer, "address")
	if len(list) == 0 {
		return nil
	}
	return []string{"It exchanged traffic with " + enumerate(firstOf(list))}
}
