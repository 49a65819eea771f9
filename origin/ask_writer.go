package origin

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/winid"
)

var writerSysmon = &rule{
	name: "writer.sysmon", question: Writer, best: Recorded,
	finds: "Sysmon 11 for the path, and the process that its ProcessGuid names",
	reads: []*source{sysmonCreate},
	traps: []trap{
		{"existed", "the file existed before Sysmon logged anything about it"},
		{"untied", "the record has another time than the file, and may be of another file with this path"},
		{"replaced", "another process wrote to the file later"},
	},
	against: "another process that moved a file there: Sysmon does not log renames",
	apart:   "the record of a rename in the change journal",
	find:    (*inquiry).findWriterLogged,
}

func (q *inquiry) findWriterLogged() []candidate {
	writes := q.writes()
	if len(writes) == 0 {
		return nil
	}
	by, a := q.creation, candidate{Answer: Answer{Grade: Recorded}}
	switch {
	case by == nil:
		// The file existed before Sysmon logged anything about it: the process that
		// replaced its content is known, the one that created it is not.
		by = &writes[len(writes)-1]
		a.caught("existed", "another process created the file, before its content was replaced")
	case !q.tied:
		a.caught("untied", "the process that created the file at its time in the $MFT: the record of Sysmon may be of another file with this path")
	}
	later := replacements(writes, by)
	found := authorship{writer: q.writerOf(by), wrote: by}
	a.Answer.Answer = fmt.Sprintf("%s wrote it", found.writer)
	a.other = a.Answer.Answer
	a.cite(citeWrite(by))
	q.describeWriter(&a.Answer, found.writer)
	for i := range writes {
		w := &writes[i]
		switch {
		case slices.Contains(later, w):
			a.Answer.Answer += fmt.Sprintf(" %s replaced its content on %s.", named(w.data.Image, w.data.ProcessId), timeText(w.Time))
			a.caught("replaced", "%s wrote its present content, on %s", named(w.data.Image, w.data.ProcessId), timeText(w.Time))
			a.cite(citeWrite(w))
		case w.Source != by.Source && !q.tied:
			a.rival("%s wrote to the same path on %s", named(w.data.Image, w.data.ProcessId), timeText(w.Time))
			a.cite(citeWrite(w))
		}
	}
	a.claim = claimOf(found.writer)
	found.writerBy = a.Grade
	a.leaves = found
	return []candidate{a}
}

// claimOf is the claim that a process is the writer.
func claimOf(p *process) claim { return claim{what: fmt.Sprintf("%s %d", p.image, p.pid)} }

// writerOf returns the process that a record of Sysmon 11 names: by its GUID or, if
// Sysmon did not know that, by PID and image at that time.
func (q *inquiry) writerOf(e *entry[*evtx.Sysmon11]) *process {
	d := e.data
	image := winpath.Normalize(q.drive, d.Image)
	if p := q.processes.byGUID[d.ProcessGuid]; p != nil && !d.ProcessGuid.IsZero() {
		return p
	}
	if p := q.processes.atPID(d.ProcessId, e.Time); p != nil && sameImage(p.image, image) && (p.guid.IsZero() || d.ProcessGuid.IsZero()) {
		return p
	}
	return &process{guid: d.ProcessGuid, pid: d.ProcessId, image: image, user: winid.Undash(d.User)}
}

// describeWriter adds what the writer's own record holds.
func (q *inquiry) describeWriter(a *Answer, p *process) {
	if p.commandLine != "" {
		a.Answer += ", started as " + clip(p.commandLine)
	}
	parentImage := p.parentImage
	if parent := q.processes.parent(p); parent != nil && parentImage == "" {
		parentImage = parent.image
		a.cite(parent.cite()...)
	}
	if parentImage != "" {
		a.Answer += ", by " + named(parentImage, p.parentPID)
	}
	a.Answer += "."
	a.cite(p.cite()...)
	a.fact("image", p.image)
	if p.pid != 0 {
		a.fact("pid", p.pid)
	}
	if !p.guid.IsZero() {
		a.fact("process_guid", p.guid)
	}
	a.fact("command_line", p.commandLine)
	a.fact("parent_image", parentImage)
	if p.parentPID != 0 {
		a.fact("parent_pid", p.parentPID)
	}
}

// How long before the creation a process may have started that is inferred to be the
// writer because its command line names the file, or that is listed as a rival
// because it ran as the owner.
const (
	namingLead = 15 * time.Minute
	rivalLead  = 5 * time.Minute
)

var writerNaming = &rule{
	name: "writer.naming", question: Writer, best: Inferred,
	finds:   "a process that was running at the creation, and whose command line names the file",
	also:    []*source{sysmonProcess, auditProcess},
	against: "a process that does not name the file in its command line",
	apart:   "a record of the write itself: Sysmon 11, or 4663 with an audit rule on the folder",
	find:    (*inquiry).findNaming,
}

// findNaming looks for the writer among the processes that ran when the file was
// created. If none of them names the file, those of the owner are its lead.
func (q *inquiry) findNaming() []candidate {
	if q.created.IsZero() || len(q.writes()) > 0 {
		return nil
	}
	var naming, others []*process
	writing := map[*process]bool{} // by what their commands do
	for _, p := range q.processes.list {
		if p.start.After(q.created.Add(10*time.Millisecond)) || !p.alive(q.created) || q.isSubject(p.image) {
			continue
		}
		lead := q.created.Sub(p.start)
		writing[p] = q.writesIt(usesOf(p))
		switch {
		case (writing[p] || namesFile(p.commandLine, q.path)) && (lead <= namingLead || p.ended):
			naming = append(naming, p)
		case lead <= rivalLead && (q.owner == "" || p.sid == "" || p.sid == q.owner):
			others = append(others, p)
		}
	}
	a := lead()
	running := func(p *process) {
		a.rival("%s was running at that time, started on %s as %s", p, timeText(p.start), p.user)
	}
	if len(naming) == 0 {
		for _, p := range slices.Backward(others) {
			running(p)
		}
		return []candidate{a}
	}
	// A shell that is asked to run a program names the file too. If several processes
	// name it, the writer is the one that no other descends from, and that started
	// last.
	best := naming[0]
	for _, p := range naming[1:] {
		if q.processes.descends(p, best) || !q.processes.descends(best, p) && q.betterNaming(p, best, writing) {
			best = p
		}
	}
	a.Grade, a.Answer.Answer = Inferred, fmt.Sprintf("%s, whose command line names the file, was running when it was created", best)
	a.other = a.Answer.Answer
	q.describeWriter(&a.Answer, best)
	for _, p := range slices.Backward(append(others, naming...)) {
		if p != best {
			running(p)
		}
	}
	a.claim, a.leaves = claimOf(best), authorship{best, Inferred, nil}
	return []candidate{a}
}

// betterNaming prefers a command that writes the file, then the full path to the bare
// name, then the later start.
func (q *inquiry) betterNaming(p, other *process, writing map[*process]bool) bool {
	pFull, otherFull := containsFold(p.commandLine, q.path), containsFold(other.commandLine, q.path)
	if writing[p] != writing[other] {
		return writing[p]
	}
	if pFull != otherFull {
		return pFull
	}
	return p.start.After(other.start)
}

func sayWriter(a retold) []string {
	if a.Fact("image") == "" {
		return nil
	}
	by := ""
	if parent := a.Fact("parent_image"); parent != "" {
		by = ", a child of " + winpath.Base(parent)
	}
	return []string{fmt.Sprintf("%s (PID %s%s) wrote it", a.Fact("image"), cmp.Or(a.Fact("pid"), "unknown"), by)}
}
