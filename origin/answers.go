package origin

import (
	"cmp"
	"context"
	"io/fs"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/buildinfo"
)

// Investigate collects what the artifacts of a volume record about one file and
// answers all [Questions] about it. Path is a Windows path with or without a drive,
// or slash-separated below the root of the volume. A file that is gone can be
// investigated if any record names it.
//
// An artifact that is missing or damaged makes answers weaker or unknown; it is not
// an error. If there is neither a file nor a record of it, the error names the path
// and satisfies errors.Is(err, fs.ErrNotExist). Any other error is that of ctx, or
// reports that vol itself could not be read.
func Investigate(ctx context.Context, vol fs.FS, path string, opts ...Option) (*Report, error) {
	o := options{drive: "C"}
	for _, set := range opts {
		set(&o)
	}
	q, err := begin(ctx, vol, path, o)
	if err != nil {
		return nil, err
	}
	defer q.tl.Close()
	r, err := q.report(questions[:])
	if err != nil {
		return nil, err
	}
	r.Tool = Tool{Name: "birthmark", Version: buildinfo.Version(), Run: time.Now().UTC()}
	r.Evidence = o.evidence
	r.Subject.Volume = cmp.Or(o.volume, drivePrefix(o.drive))
	return r, ctx.Err()
}

// begin collects what is recorded about a file, and fails if nothing is. The caller
// closes the timeline of the inquiry.
func begin(ctx context.Context, vol fs.FS, path string, o options) (_ *inquiry, err error) {
	tl, err := collect(ctx, vol, o)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			tl.Close()
		}
	}()
	about, err := newSubject(ctx, tl, o.drive, path)
	if err != nil {
		return nil, err
	}
	q := &inquiry{ctx: ctx, machine: newMachine(tl, o.drive, about), subject: about}
	if !q.present && q.rec == nil && !q.mentioned() {
		return nil, &fs.PathError{Op: "investigate", Path: path, Err: fs.ErrNotExist}
	}
	return q, nil
}

// mentioned reports whether any record names the subject.
func (q *inquiry) mentioned() bool {
	return len(q.writes()) > 0 ||
		slices.ContainsFunc(q.processes.list, func(p *process) bool { return q.isSubject(p.image) }) ||
		slices.ContainsFunc(q.deletes, func(d deletion) bool { return q.isSubject(d.Path) }) ||
		slices.ContainsFunc(q.streams, func(s entry[*evtx.Sysmon15]) bool { return q.isSubject(streamOwner(s.Path)) }) ||
		len(q.autostarts()) > 0 || len(q.elsewhere) > 0
}

// report asks the questions of a table, looks for contradictions, and settles the
// grades.
func (q *inquiry) report(table []question) (*Report, error) {
	decisions, err := q.ask(table)
	if err != nil {
		return nil, err
	}
	r := &Report{Machine: q.machineHead(), Subject: q.identity(), Contradictions: q.weigh(contradictions[:]), Events: q.around(), Elsewhere: q.seenElsewhere(), Actions: q.findDeeds().actions,
		explained: map[Question]string{}}
	order, err := inOrder(table)
	if err != nil {
		return nil, err
	}
	answers := map[Question]Answer{}
	for _, row := range order { // an answer rests only on earlier ones
		d := decisions[row.Question]
		d.settle(q, decisions, r.Contradictions)
		answers[row.Question] = q.answer(d, r.Contradictions)
		r.explained[row.Question] = d.sees.explain(d, answers[row.Question])
	}
	for _, row := range table {
		r.Answers = append(r.Answers, answers[row.Question])
	}
	r.Coverage = q.coverageTable() // with the logs that were read for all this
	r.Verdict = r.verdict()
	return r, nil
}

// answer returns the answer that was decided.
func (q *inquiry) answer(d *decision, found []Contradiction) Answer {
	if d.chosen == nil {
		return d.sees.unanswered(d, found)
	}
	return d.chosen.Answer
}

// ask asks the questions of a table, each after those that it needs. Each question
// sees the findings of those it needs and no others. In the end the inquiry has all
// findings.
func (q *inquiry) ask(table []question) (map[Question]*decision, error) {
	order, err := inOrder(table)
	if err != nil {
		return nil, err
	}
	decisions, left := map[Question]*decision{}, map[Question]finding{}
	for i := range order {
		row := &order[i]
		sees := *q
		sees.findings = findings{}
		for _, need := range row.needs {
			if f := left[need]; f != nil {
				f.leave(&sees.findings)
			}
		}
		d := decide(&sees, row, rules, decisions)
		d.sees = &sees
		decisions[row.Question] = d
		if f := d.leaves(); f != nil {
			left[row.Question] = f
			f.leave(&q.findings)
		}
	}
	return decisions, nil
}

// identity returns what identifies the subject.
func (q *inquiry) identity() Subject {
	s := Subject{Path: q.path, OwnerSID: q.owner}
	if q.rec != nil {
		s.MFTEntry, s.Size = q.rec.Entry, int64(q.rec.Size())
	}
	if c := q.content; c != nil {
		s.Size, s.MD5, s.SHA1, s.SHA256 = c.size, c.md5, c.sha1, c.sha256
	}
	return s
}
