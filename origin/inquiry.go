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
	web         webLogs

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

func (q *inquiry) citeCreation() Citation { return q.citeWrite(q.creation) }

// before reports whether a time lies before the subject's creation, where that is
// known: what then had its path was another file.
func (q *inquiry) before(t time.Time) bool {
	return q.sure && !q.created.IsZero() && t.Before(q.created.Add(-clockSkew))
}

// markOf returns the Zone.Identifier of a file, nil where it has none. The one of
// a deleted file that had the subject's path is not the subject's.
func (q *inquiry) markOf(path string) *entry[*timeline.Zone] {
	for i := range q.ix.marks {
		m := &q.ix.marks[i]
		if !winpath.Same(m.data.Path, path) {
			continue
		}
		if q.rec != nil && winpath.Same(path, q.path) && !m.data.Record.IsZero() && m.data.Record != q.rec.Ref {
			continue
		}
		return m
	}
	return nil
}

func citeMark(m *entry[*timeline.Zone]) Citation {
	z := m.data
	return cite(&m.Event, "ZoneId", z.ZoneID, "HostUrl", z.HostURL, "ReferrerUrl", z.ReferrerURL, "HostIpAddress", z.HostIPAddress)
}

// gone reports whether the evidence shows that the subject is no more: its $MFT
// says so or names no such file. That a collector did not copy a file says nothing.
func (q *inquiry) gone() bool {
	if q.rec != nil {
		return !q.rec.InUse()
	}
	return !q.present && q.mftArtifact != ""
}

// canHoldStreams reports whether the evidence would show a stream of the subject.
func (q *inquiry) canHoldStreams() bool { return q.rec != nil }

// citeOwner cites the record that holds the subject's owner.
func (q *inquiry) citeOwner() Citation {
	if q.rec == nil {
		return Citation{Artifact: q.name, Offset: -1, Text: values("owner", q.owner)}
	}
	c := q.citeRecord(q.rec, q.rec.Offset, q.created, "owner", q.owner)
	if si := q.rec.StandardInformation; si != nil {
		c.Offset = si.Offset // it holds the SecurityId of the owner's descriptor
		c.Text = values("SecurityId", si.SecurityID, "owner", q.owner)
	}
	return c
}

// citeContent cites the bytes of the subject.
func (q *inquiry) citeContent(pairs ...any) Citation {
	c := Citation{Artifact: q.name, Offset: 0, Text: values(pairs...)}
	if q.rec != nil {
		c.Record = q.rec.Ref.String()
	}
	if img := q.content.image; img != nil && !img.Reproducible {
		c.Time = img.LinkTime
	}
	return c
}

// citeRecord cites an $MFT record, or a part of it at an offset.
func (q *inquiry) citeRecord(rec *mft.Record, offset int64, at time.Time, pairs ...any) Citation {
	return Citation{Artifact: q.mftArtifact, Record: rec.Ref.String(), Offset: offset, Time: at, Text: values(pairs...)}
}
