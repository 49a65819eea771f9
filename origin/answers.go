package origin

import (
	"context"
	"io/fs"
	"slices"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// Investigate collects what the artifacts of a volume tell about one file and
// answers the twelve questions about it. Path is a Windows path with or without
// drive, or slash-separated below the volume's root. A file that is gone can be
// investigated as long as some record names it.
//
// An artifact that is absent or damaged lessens the answers and is no error.
// Where there is neither a file nor a record about it, the error names the path
// and errors.Is(err, fs.ErrNotExist). Any other error is that of ctx, or that vol
// itself could not be read.
func Investigate(ctx context.Context, vol fs.FS, path string, opts ...Option) (*Report, error) {
	o := options{drive: "C"}
	for _, set := range opts {
		set(&o)
	}
	tl, err := collect(ctx, vol, o)
	if err != nil {
		return nil, err
	}
	defer tl.Close()
	about, err := newSubject(ctx, tl, o.drive, path)
	if err != nil {
		return nil, err
	}
	q := &inquiry{ctx: ctx, vol: vol, others: o.others, machine: newMachine(tl, o.drive), subject: about, web: &webLogs{}}
	if !q.present && q.rec == nil && !q.mentioned() {
		return nil, &fs.PathError{Op: "investigate", Path: path, Err: fs.ErrNotExist}
	}
	r := q.answer()
	r.Subject.Volume = o.volume
	if o.volume == "" {
		r.Subject.Volume = drivePrefix(o.drive)
	}
	return r, ctx.Err()
}

// mentioned reports whether any record names the subject.
func (q *inquiry) mentioned() bool {
	return len(q.writes()) > 0 ||
		slices.ContainsFunc(q.processes.list, func(p *process) bool { return q.isSubject(p.image) }) ||
		slices.ContainsFunc(q.deletes, func(d deletion) bool { return q.isSubject(d.Path) }) ||
		slices.ContainsFunc(q.streams, func(s entry[*evtx.Sysmon15]) bool { return q.isSubject(streamOwner(s.Path)) }) ||
		len(q.autostarts()) > 0
}

// answer answers all questions, first those that others build on.
func (q *inquiry) answer() *Report {
	answers := map[Question]Answer{}
	appeared := q.askAppeared()
	q.near = q.lookAround()
	q.weighOrder(&appeared)
	q.sure = appeared.Grade.rank() <= Corroborated.rank() && len(q.steps.around(q.created)) == 0
	answers[Appeared] = appeared
	q.readWebLogs(q.created)
	answers[Writer] = q.askWriter()
	answers[Account] = q.askAccount()
	answers[Executed] = q.askExecuted()
	answers[What] = q.askWhat()
	answers[OriginalName] = q.askOriginalName()
	answers[Logon] = q.askLogon()
	answers[WebEntry] = q.askWebEntry()
	answers[Arrival] = q.askArrival(answers[WebEntry])
	answers[Autostart] = q.askAutostart()
	answers[Companions] = q.askCompanions()
	answers[Reach] = q.askReach()

	r := &Report{Subject: q.identity(), Contradictions: q.contradictions(), Coverage: q.coverageTable(), Events: q.around()}
	for _, question := range questions {
		a := answers[question]
		a.Question = question
		r.Answers = append(r.Answers, a)
	}
	return r
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
