package origin

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
)

func (q *inquiry) askExecuted() Answer {
	for _, p := range q.ix.processes.list {
		switch {
		case !q.isSubject(p.image):
		case q.before(p.start) && !q.sameContent(p):
			q.earlier = append(q.earlier, p)
		default:
			q.runs = append(q.runs, p)
		}
	}
	slices.SortStableFunc(q.runs, func(a, b *process) int { return a.start.Compare(b.start) })
	if len(q.runs) == 0 {
		why, text := q.because(q.created, sysmonProcess, auditProcess)
		a := unknown(Executed, why, "Whether it ran is unknown: "+text+"; Prefetch, BAM and Amcache are not read.")
		if n := len(q.earlier); n > 0 {
			a.Answer += fmt.Sprintf(" Another file that had its path before ran %s.", count(n, "time", "times"))
		}
		return a
	}
	first, last := q.runs[0], q.runs[len(q.runs)-1]
	a := Answer{Grade: Recorded}
	a.Answer = fmt.Sprintf("It ran %d times, first on %s", len(q.runs), timeText(first.start))
	if len(q.runs) == 1 {
		a.Answer = "It ran once, on " + timeText(first.start)
	}
	parent := first.parentImage
	if p := q.ix.processes.parent(first); p != nil && parent == "" {
		parent = p.image
		a.cite(p.cite()...)
	}
	if parent != "" {
		a.Answer += ", started by " + named(parent, first.parentPID)
	}
	if first.user != "" {
		a.Answer += " as " + first.user
	}
	if len(q.runs) > 1 {
		a.Answer += ", last on " + timeText(last.start)
	}
	a.Answer += "."
	a.fact("time", first.start)
	a.fact("count", len(q.runs))
	a.fact("parent_image", parent)
	a.fact("user", first.user)
	a.fact("pid", first.pid)
	a.fact("process_guid", first.guid)
	a.fact("logon_id", hexID(first.logonID))
	a.fact("last", last.start)
	a.cite(first.cite()...)
	for _, p := range q.runs[1:min(len(q.runs), maxListed)] {
		a.cite(p.cite()...)
	}
	a.cite(last.cite()...)
	return a
}

// before reports whether a time lies before the subject's creation, where that is
// known: what then had its path was another file.
func (q *inquiry) before(t time.Time) bool {
	return q.sure && !q.created.IsZero() && t.Before(q.created.Add(-clockSkew))
}

// sameContent reports whether Sysmon logged the subject's own hash for a process.
func (q *inquiry) sameContent(p *process) bool {
	if p.sysmon == nil || q.content == nil {
		return false
	}
	for _, algorithm := range [...]string{"SHA256", "SHA1", "MD5"} {
		if logged := evtx.HashOf(p.sysmon.data.Hashes, algorithm); logged != "" {
			return strings.EqualFold(logged, q.content.hash(algorithm))
		}
	}
	return false
}

// maxListed limits how many things of a kind an answer lists; it counts all.
const maxListed = 20

// A destination is where runs of the subject connected to.
type destination struct {
	address, host string
	port          uint16
}

func (q *inquiry) askReach() Answer {
	var order []destination
	found := map[destination]int{}
	a := Answer{Grade: Recorded}
	for i := range q.ix.connects {
		c := &q.ix.connects[i]
		byRun := !c.data.ProcessGuid.IsZero() && slices.ContainsFunc(q.runs, func(p *process) bool { return p.guid == c.data.ProcessGuid })
		if !byRun && (!q.isSubject(c.data.Image) || q.before(c.Time)) {
			continue
		}
		d := destination{plainAddress(c.data.DestinationIp), undash(c.data.DestinationHostname), c.data.DestinationPort}
		if !c.data.Initiated {
			d = destination{plainAddress(c.data.SourceIp), undash(c.data.SourceHostname), c.data.SourcePort}
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
		at := q.created
		if len(q.runs) > 0 {
			at = q.runs[0].start
		}
		why, text := q.because(at, sysmonConnect)
		return unknown(Reach, why, "What it connected to is unknown: "+text+"; no record of the network outside this machine is read.")
	}
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
	a.Answer = "It was connected with " + strings.Join(parts, ", ")
	if n := len(order) - len(parts); n > 0 {
		a.Answer += fmt.Sprintf(" and %d more", n)
	}
	a.Answer += "."
	return a
}

// plainAddress writes an address as netip does, what is none as it is.
func plainAddress(s string) string {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.Unmap().String()
	}
	return s
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
