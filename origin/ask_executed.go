package origin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

var executedProcess = &rule{
	name: "executed.process", question: Executed, best: Recorded,
	finds: "the starts of processes with the file as image",
	reads: []*source{sysmonProcess, auditProcess},
	also:  []*source{taskStarted},
	traps: []trap{
		{"other_volume", "the path is that of a volume which nothing ties to the file's drive"},
		{"other_time", "a clock of the file itself has a later creation"},
	},
	against: "another file that had this path at that time",
	apart:   "a hash in the record of the run",
	find:    (*inquiry).findRuns,
}

// findRuns finds the runs of the file. A run of its path before its creation was a run
// of another file, unless Sysmon logged the same hash.
func (q *inquiry) findRuns() []candidate {
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
		a := lead()
		a.leaves = found
		if n := len(found.earlier); n > 0 {
			a.Answer.Answer = fmt.Sprintf("An earlier file with the same path ran %s.", count(n, "time", "times"))
		}
		return []candidate{a}
	}
	first, last := found.runs[0], found.runs[len(found.runs)-1]
	a := candidate{Answer: Answer{Grade: Recorded}, claim: claim{what: "ran"}, leaves: found}
	if device := deviceVolume(first.written()); device != "" && !q.sameContent(first) {
		a.caught("other_volume", "another file with this path, on %s, if that is not the drive %s", device, drivePrefix(q.drive))
	}
	if q.betweenClocks(first.start) && !q.sameContent(first) {
		a.caught("other_time", "another file that had this path before: $FILE_NAME records a creation after the run")
	}
	a.Answer.Answer = fmt.Sprintf("It ran %d times, first on %s", len(found.runs), timeText(first.start))
	if len(found.runs) == 1 {
		a.Answer.Answer = "It ran once, on " + timeText(first.start)
	}
	parent := first.parentImage
	if p := q.processes.parent(first); p != nil && parent == "" {
		parent = p.image
		a.cite(p.cite()...)
	}
	if parent != "" {
		a.Answer.Answer += ", started by " + named(parent, first.parentPID)
	}
	user := first.user
	if first.creatorOnly {
		user = ""
	}
	if user != "" {
		a.Answer.Answer += " as " + user
	}
	if len(found.runs) > 1 {
		a.Answer.Answer += ", last on " + timeText(last.start)
	}
	a.Answer.Answer += "."
	a.fact("proves", "execution")
	a.fact("time", first.start)
	a.fact("count", len(found.runs))
	a.fact("parent_image", parent)
	a.fact("user", user)
	a.fact("pid", first.pid)
	a.fact("process_guid", first.guid)
	a.fact("logon_id", hexID(first.logonID))
	a.fact("last", last.start)
	a.cite(first.cite()...)
	for _, p := range found.runs[1:min(len(found.runs), maxListed)] {
		a.cite(p.cite()...)
	}
	a.cite(last.cite()...)
	return []candidate{a}
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
	times := ""
	switch n := a.Fact("count"); n {
	case "":
	case "1":
		times = " once"
	default:
		times = " " + n + " times, first"
	}
	said := fmt.Sprintf("It ran%s on %s", times, a.Fact("time"))
	if a.Fact("time") == "" {
		said = "It ran"
		if last := a.Fact("last"); last != "" {
			said += ", the last time on " + last
		} else if by := a.Fact("by"); by != "" {
			said += " in the hour before " + by
		}
	}
	switch host := winpath.Base(a.Fact("host")); {
	case a.Fact("proves") == "load":
		said = fmt.Sprintf("It was loaded%s on %s", times, a.Fact("time"))
		if host != "" {
			said += ", by " + host
		}
	case host != "":
		said += ", by " + host
	}
	if parent := a.Fact("parent_image"); parent != "" {
		said += ", started by " + winpath.Base(parent)
	}
	if user := a.Fact("user"); user != "" {
		said += " as " + user
	}
	return []string{said}
}
