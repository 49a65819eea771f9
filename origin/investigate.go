package origin

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// Option changes how Investigate works.
type Option func(*options)

type options struct {
	drive  string
	volume string
	others []otherVolume
}

// WithDrive sets the drive letter under which Windows knew the volume, one
// letter without colon; the default is C, and "" is for a volume that had none.
func WithDrive(letter string) Option { return func(o *options) { o.drive = strings.ToUpper(letter) } }

// WithVolumeName sets the name that the report gives the volume; the default is
// the drive letter with a colon.
func WithVolumeName(name string) Option { return func(o *options) { o.volume = name } }

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
	q := &inquiry{
		ctx: ctx, vol: vol, others: o.others, tl: tl, drive: o.drive,
		path:     absolute(o.drive, path),
		coverage: tl.Coverage(),
		ix:       newIndex(tl.ByKind(indexed...), o.drive),
	}
	q.ix.takeHives(tl.Hives())
	q.ix.takeProfiles(tl.Hives())
	for _, z := range tl.UndatedZones() {
		at := timeline.Source{Artifact: z.Artifact, Offset: -1, Type: timeline.TypeZone}
		q.ix.marks = append(q.ix.marks, entry[*timeline.Zone]{timeline.Event{Kind: timeline.FileMarked, Source: at}, z})
	}
	for _, c := range q.coverage {
		if c.Type == timeline.TypeMFT && c.State != timeline.Absent && q.mftArtifact == "" {
			q.mftArtifact = c.Artifact
		}
	}
	if folder, onVolume := strings.CutPrefix(q.path, drivePrefix(o.drive)); onVolume && strings.HasPrefix(folder, `\`) {
		if err := q.identify(); err != nil {
			return nil, err
		}
	}
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

// maxShort limits how many 8.3 paths are looked up: each may cost a walk through
// the $MFT.
const maxShort = 64

// drivePrefix is what paths on a volume begin with, before the first backslash.
func drivePrefix(drive string) string {
	if drive == "" {
		return ""
	}
	return drive + ":"
}

// errFolder says that the subject is no file.
var errFolder = errors.New("is a folder, not a file")

// inquiry is the investigation of one file. What answers one question is the
// ground of others, so it is kept here.
type inquiry struct {
	ctx         context.Context
	vol         fs.FS
	others      []otherVolume
	tl          *volumes // nil in tests without a volume
	drive       string
	path        string // of the subject, as Windows writes it
	name        string // of the subject, as vol knows it
	mftArtifact string
	coverage    []timeline.Coverage
	ix          *index

	rec     *mft.Record // of the subject; nil where no $MFT tells
	present bool        // the subject's content can be opened
	content *content    // nil where it cannot be read
	owner   string      // SID; "" where unknown
	fileAt  time.Time   // creation of a file that no $MFT tells of

	created  time.Time                  // by the answer to Appeared; zero where unknown
	sure     bool                       // that answer is better than inferred, and the clock was not set
	creation *entry[*evtx.Sysmon11]     // the record of that creation
	tied     bool                       // it agrees with the file; else it may be of another file that had the path
	writer   *process                   // by the answer to Writer; nil where unknown
	writerBy Grade                      //
	logon    *entry[*evtx.Security4624] // of the writer's LogonId
	runs     []*process
	earlier  []*process      // runs of the path before the subject was created
	brought  string          // path of the file that dropped the subject
	near     vicinity        // what the $MFT holds beside the subject
	short    map[string]bool // 8.3 paths that were looked up: whether each is the subject's
}

// absolute returns the path of a file on the volume as Windows writes it.
func absolute(drive, path string) string {
	p := winpath.Normalize(drive, path)
	if len(p) >= 3 && p[1] == ':' && p[2] == '\\' {
		return p
	}
	return winpath.Windows(drive, strings.TrimLeft(strings.ReplaceAll(p, `\`, "/"), "/"))
}

// identify finds the file and reads it.
func (q *inquiry) identify() error {
	q.rec = q.record(q.path)
	if name, ok := timeline.FindFile(q.vol, q.path); ok {
		q.name, q.present = name, true
		if info, err := fs.Stat(q.vol, name); err == nil {
			if info.IsDir() {
				return &fs.PathError{Op: "investigate", Path: q.path, Err: errFolder}
			}
			if b, ok := info.(interface{ BirthTime() time.Time }); ok {
				q.fileAt = b.BirthTime()
			}
		}
		// What cannot be read leaves the answer to What without a content.
		if c, err := readContent(q.ctx, q.vol, name); err == nil {
			q.content = c
		}
		q.path = winpath.Windows(q.drive, name)
	}
	q.owner = q.ownerOf(q.rec, q.name)
	return nil
}

// mentioned reports whether any record names the subject.
func (q *inquiry) mentioned() bool {
	ix := q.ix
	return len(q.writes()) > 0 ||
		slices.ContainsFunc(ix.processes.list, func(p *process) bool { return q.isSubject(p.image) }) ||
		slices.ContainsFunc(ix.deletes, func(d deletion) bool { return q.isSubject(d.Path) }) ||
		slices.ContainsFunc(ix.streams, func(s entry[*evtx.Sysmon15]) bool { return q.isSubject(streamOwner(s.Path)) }) ||
		len(q.autostarts()) > 0
}

// isSubject reports whether a path of a record is that of the subject. An 8.3
// name is looked up on the volume.
func (q *inquiry) isSubject(path string) bool {
	p := winpath.Normalize(q.drive, path)
	if winpath.Same(p, q.path) {
		return true
	}
	if q.rec == nil || !q.present || !strings.Contains(p, "~") || !strings.HasPrefix(p, drivePrefix(q.drive)+`\`) || !q.hasName(baseName(p)) {
		return false
	}
	is, known := q.short[p]
	if !known && len(q.short) < maxShort {
		rec := q.record(p)
		is = rec != nil && rec.Ref == q.rec.Ref
		if q.short == nil {
			q.short = map[string]bool{}
		}
		q.short[p] = is
	}
	return is
}

// hasName reports whether a name is one of the subject's, long or short.
func (q *inquiry) hasName(name string) bool {
	return slices.ContainsFunc(q.rec.FileNames, func(fn mft.FileName) bool { return winpath.Same(fn.Name, name) })
}

// writes returns the records of Sysmon 11 about the subject's path, in order of
// time.
func (q *inquiry) writes() []entry[*evtx.Sysmon11] {
	var list []entry[*evtx.Sysmon11]
	for _, c := range q.ix.creates {
		if q.isSubject(c.data.TargetFilename) {
			list = append(list, c)
		}
	}
	return list
}

// streamOwner returns the path of the file whose stream a path names.
func streamOwner(path string) string {
	if i := strings.LastIndexByte(path, ':'); i > 1 {
		return path[:i]
	}
	return path
}

// answer answers all questions, first those that others build on.
func (q *inquiry) answer() *Report {
	answers := map[Question]Answer{}
	appeared := q.askAppeared()
	q.near = q.lookAround()
	q.weighOrder(&appeared)
	q.sure = appeared.Grade.rank() <= Corroborated.rank() && len(q.clockSteps()) == 0
	answers[Appeared] = appeared
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

	r := &Report{Subject: q.subject(), Contradictions: q.contradictions(), Events: q.around()}
	r.Coverage = q.coverageTable() // with the web logs that were read for all that
	for _, question := range questions {
		a := answers[question]
		a.Question = question
		r.Answers = append(r.Answers, a)
	}
	return r
}

func (q *inquiry) subject() Subject {
	s := Subject{Path: q.path, OwnerSID: q.owner}
	if q.rec != nil {
		s.MFTEntry, s.Size = q.rec.Entry, int64(q.rec.Size())
	}
	if c := q.content; c != nil {
		s.Size, s.MD5, s.SHA1, s.SHA256 = c.size, c.md5, c.sha1, c.sha256
	}
	return s
}
