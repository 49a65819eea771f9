package origin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

func (q *inquiry) askExecuted() (Answer, execution) {
	var found execution
	for _, p := range q.processes.list {
		switch {
		case !q.isSubject(p.image):
		case q.before(p.start) && !q.sameContent(p):
			found.earlier = append(found.earlier, p)
		default:
			found.runs = append(found.runs, p)
		}
	}
	slices.SortStableFunc(found.runs, func(a, b *process) int { return a.start.Compare(b.start) })
	if len(found.runs) == 0 {
		why, text := q.because(q.created, sysmonProcess, auditProcess)
		a := unknown(why, "Whether it ran is unknown: "+text+"; Prefetch, BAM and Amcache are not read.")
		if n := len(found.earlier); n > 0 {
			a.Answer += fmt.Sprintf(" An earlier file with the same path ran %s.", count(n, "time", "times"))
		}
		return a, found
	}
	first, last := found.runs[0], found.runs[len(found.runs)-1]
	a := Answer{Grade: Recorded}
	a.Answer = fmt.Sprintf("It ran %d times, first on %s", len(found.runs), timeText(first.start))
	if len(found.runs) == 1 {
		a.Answer = "It ran once, on " + timeText(first.start)
	}
	parent := first.parentImage
	if p := q.processes.parent(first); p != nil && parent == "" {
		parent = p.image
		a.cite(p.cite()...)
	}
	if parent != "" {
		a.Answer += ", started by " + named(parent, first.parentPID)
	}
	if first.user != "" {
		a.Answer += " as " + first.user
	}
	if len(found.runs) > 1 {
		a.Answer += ", last on " + timeText(last.start)
	}
	a.Answer += "."
	a.fact("time", first.start)
	a.fact("count", len(found.runs))
	a.fact("parent_image", parent)
	a.fact("user", first.user)
	a.fact("pid", first.pid)
	a.fact("process_guid", first.guid)
	a.fact("logon_id", hexID(first.logonID))
	a.fact("last", last.start)
	a.cite(first.cite()...)
	for _, p := range found.runs[1:min(len(found.runs), maxListed)] {
		a.cite(p.cite()...)
	}
	a.cite(last.cite()...)
	return a, found
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

func sayExecuted(a retold) []string {
	times := "once"
	if n := a.Fact("count"); n != "1" {
		times = n + " times, first"
	}
	said := fmt.Sprintf("It ran %s on %s", times, a.Fact("time"))
	if parent := a.Fact("parent_image"); parent != "" {
		said += ", started by " + winpath.Base(parent)
	}
	if user := a.Fact("user"); user != "" {
		said += " as " + user
	}
	return []string{said}
}
