package origin

import (
	"cmp"
	"context"
	"io/fs"
	"iter"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/buildinfo"
)

// Investigate collects what the artifacts of a volume record about one file and
// answers all [Questions] about it. Path is a Windows path with or without a drive,
// or slash-separated below the root of the volume. With the GUID of a process, as
// Sysmon logs it, the file is the one that the process runs. A file that is gone can
// be investigated if any record names it.
//
// An artifact that is missing or damaged makes answers weaker or unknown; it is not
// an error. If there is neither a file nor a record of it, the error is an
// [*UnrecordedError], which satisfies errors.Is(err, fs.ErrNotExist). Any other error is
// that of ctx, or reports that vol itself could not be read.
func Investigate(ctx context.Context, vol fs.FS, path string, opts ...Option) (*Report, error) {
	for r, err := range InvestigateAll(ctx, vol, []string{path}, opts...) {
		return r, err
	}
	return nil, ctx.Err()
}

// InvestigateAll is Investigate for several files: the artifacts are read once for all
// of them. It yields a report or an error for each path, in their order.
func InvestigateAll(ctx context.Context, vol fs.FS, paths []string, opts ...Option) iter.Seq2[*Report, error] {
	o := options{drive: "C"}
	for _, set := range opts {
		set(&o)
	}
	return func(yield func(*Report, error) bool) {
		if len(paths) == 0 {
			return
		}
		list, err := begin(ctx, vol, paths, o)
		if err != nil {
			for range paths {
				if !yield(nil, err) {
					return
				}
			}
			return
		}
		defer list[0].tl.Close()
		for i, q := range list {
			if !yield(q.reportAs(paths[i], o)) {
				return
			}
		}
	}
}

// reportAs makes the report about a file that was asked for by a path, or the error if
// nothing is recorded about it.
func (q *inquiry) reportAs(path string, o options) (*Report, error) {
	switch {
	case q.err != nil:
		return nil, q.err
	case !q.present && q.rec == nil && !q.mentioned():
		return nil, &UnrecordedError{Path: path, Unread: q.artifactsUnread()}
	}
	r, err := q.report(questions[:])
	if err != nil {
		return nil, err
	}
	r.Tool = Tool{Name: "birthmark", Version: buildinfo.Version(), Run: time.Now().UTC()}
	r.Evidence = o.evidence
	r.Subject.Volume = cmp.Or(o.volume, drivePrefix(o.drive))
	return r, q.ctx.Err()
}

// begin collects what is recorded about some files. The caller closes the timeline of
// the inquiries, which is the same for all.
func begin(ctx context.Context, vol fs.FS, paths []string, o options) ([]*inquiry, error) {
	tl, err := collect(ctx, vol, o)
	if err != nil {
		return nil, err
	}
	var list []*inquiry
	var subjects []*subject
	for _, path := range paths {
		s, err := newSubject(ctx, tl, o.drive, tl.imageOf(path))
		list = append(list, &inquiry{ctx: ctx, subject: s, err: err})
		if err == nil {
			subjects = append(subjects, s)
		}
	}
	m := newMachine(tl, o.drive, o.host, subjects...)
	for _, q := range list {
		if q.machine = m; q.err == nil {
			q.machine = m.of(q.subject)
		}
	}
	return list, nil
}

// mentioned reports whether any record names the subject.
func (q *inquiry) mentioned() bool {
	return len(q.writes()) > 0 ||
		slices.ContainsFunc(q.processes.list, func(p *process) bool { return q.isSubject(p.image) }) ||
		slices.ContainsFunc(q.deletes, func(d deletion) bool { return q.isSubject(d.Path) }) ||
		slices.ContainsFunc(q.streams, func(s entry[*evtx.Sysmon15]) bool { return q.isSubject(streamOwner(s.Path)) }) ||
		len(q.autostarts().list) > 0 || len(q.elsewhere) > 0 || q.birth() != nil || q.loggedBirth() != nil || q.isTraced() ||
		slices.ContainsFunc(q.sightings(), func(s sighting) bool { return s.seen == there })
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
