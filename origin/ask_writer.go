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

func (q *inquiry) askWriter() (Answer, authorship) {
	writes := q.writes()
	if len(writes) == 0 {
		return q.inferWriter()
	}
	by, a := q.creation, Answer{Grade: Recorded}
	switch {
	case by == nil:
		// The file existed before Sysmon logged anything about it: the process that
		// replaced its content is known, the one that created it is not.
		by, a.Grade = &writes[len(writes)-1], Inferred
		a.rival("another process created the file, before its content was replaced")
	case !q.tied:
		a.Grade = Inferred
		a.rival("the process that created the file at its time in the $MFT: the record of Sysmon may be of another file with this path")
	}
	later := replacements(writes, by)
	if len(later) > 0 {
		a.Grade = Inferred // of the present content
	}
	found := authorship{q.writerOf(by), a.Grade, by}
	a.Answer = fmt.Sprintf("%s wrote it", found.writer)
	a.cite(citeWrite(by))
	q.describeWriter(&a, found.writer)
	for i := range writes {
		w := &writes[i]
		switch {
		case slices.Contains(later, w):
			a.Answer += fmt.Sprintf(" %s replaced its content on %s.", named(w.data.Image, w.data.ProcessId), timeText(w.Time))
			a.rival("%s wrote its present content, on %s", named(w.data.Image, w.data.ProcessId), timeText(w.Time))
			a.cite(citeWrite(w))
		case w.Source != by.Source && !q.tied:
			a.rival("%s wrote to the same path on %s", named(w.data.Image, w.data.ProcessId), timeText(w.Time))
			a.cite(citeWrite(w))
		}
	}
	return a, found
}

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

// inferWriter looks for the writer if no record names it, among the processes that
// ran when the file was created.
func (q *inquiry) inferWriter() (Answer, authorship) {
	why, text := q.because(q.created, sysmonCreate)
	a := unknown(why, "Which process wrote it is unknown: "+text+".")
	if q.created.IsZero() {
		return a, authorship{}
	}
	var naming, others []*process
	for _, p := range q.processes.list {
		if p.start.After(q.created.Add(10*time.Millisecond)) || !p.alive(q.created) || q.isSubject(p.image) {
			continue
		}
		lead := q.created.Sub(p.start)
		switch {
		case namesFile(p.commandLine, q.path) && (lead <= namingLead || p.ended):
			naming = append(naming, p)
		case lead <= rivalLead && (q.owner == "" || p.sid == "" || p.sid == q.owner):
			others = append(others, p)
		}
	}
	if len(naming) == 0 {
		for _, p := range slices.Backward(others) {
			a.rival("%s was running at that time, started on %s as %s", p, timeText(p.start), p.user)
		}
		return a, authorship{}
	}
	// A shell that is asked to run a program names the file too. If several processes
	// name it, the writer is the one that no other descends from, and that started
	// last.
	best := naming[0]
	for _, p := range naming[1:] {
		if q.processes.descends(p, best) || !q.processes.descends(best, p) && q.betterNaming(p, best) {
			best = p
		}
	}
	a = Answer{Grade: Inferred, Answer: fmt.Sprintf("%s, whose command line names the file, was running when it was created", best)}
	q.describeWriter(&a, best)
	for _, p := range slices.Backward(append(others, naming...)) {
		if p != best {
			a.rival("%s was running at that time, started on %s as %s", p, timeText(p.start), p.user)
		}
	}
	return a, authorship{best, Inferred, nil}
}

// betterNaming prefers the full path to the bare name, then the later start.
func (q *inquiry) betterNaming(p, other *process) bool {
	pFull, otherFull := containsFold(p.commandLine, q.path), containsFold(other.commandLine, q.path)
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
