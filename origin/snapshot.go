package origin

import (
	"context"
	"errors"
	"io/fs"
	"path"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// past is a shadow copy of the subject's volume.
type past struct {
	Snapshot
	short string // its name among the shadow copies of its volume
	read  bool   // that was asked for
	vol   fs.FS  // nil if it is not read, or cannot be
	err   error  // why it cannot be read
}

var errNoAge = errors.New("when the shadow copy was made is not known: the $MFT has no record of the file of its store")

// shows reports whether the shadow copy shows a record of its $MFT: a carved one may read it
// as it is on the volume now.
func (p *past) shows(rec *mft.Record) bool {
	return p.Carved == nil || rec != nil && rec.VolumeOffset >= 0 && p.Carved(rec.VolumeOffset, recordUnit)
}

// recordUnit is the beginning of a record, with its flags, its sequence number and its times.
const recordUnit = 512

// showsContent reports whether the shadow copy shows the content of a file whose record it shows.
func (p *past) showsContent(rec *mft.Record) bool {
	if p.Carved == nil {
		return true
	}
	volume, ok := p.vol.(*mft.Volume)
	if !ok {
		return false
	}
	for x, err := range volume.Extents(rec, "") {
		if err != nil || x.State != mft.ExtentHole && (x.VolumeOffset < 0 || !p.Carved(x.VolumeOffset, x.Length)) {
			return false
		}
	}
	return true
}

// openPast opens shadow copies, if they are to be read.
func openPast(list []Snapshot, read bool) []*past {
	var all []*past
	for _, s := range list {
		p := &past{Snapshot: s, short: s.Name, read: read}
		switch {
		case read && s.Carved != nil && s.Created.IsZero():
			p.err = errNoAge
		case read:
			if p.vol, p.err = s.Open(); p.err != nil {
				p.vol = nil
			}
		}
		all = append(all, p)
	}
	return all
}

// coverage is what the shadow copy contributed.
func (p *past) coverage() timeline.Coverage {
	c := timeline.Coverage{Artifact: p.Name, Name: shadowCopies.named, Type: timeline.TypeUnread, State: timeline.Unread, First: p.Created, Last: p.Created}
	switch {
	case p.err != nil:
		c.State, c.ProblemCount = timeline.Unreadable, 1
		c.Problems = []timeline.Problem{damage.Note(damage.Malformed, p.err, p.Name, "")}
	case p.read:
		c.State = timeline.Parsed
	}
	return c
}

// A sighting is what a shadow copy shows of the subject.
type sighting struct {
	*past
	seen
	rec     *mft.Record // of the file that is there; nil if there is none
	path    string      // of the subject, if it is elsewhere
	name    string      // of the subject, in the file system of the shadow copy
	content *content    // of the file at the subject's path; nil if there is none, or it cannot be read
}

type seen int

const (
	notSeen   seen = iota // the shadow copy cannot say
	absentYet             // it has neither a file with the path nor one with the entry
	there                 // the subject is at its path
	otherFile             // another file is at its path
	elsewhereThen
)

// look looks for a file by its path and, if it is recorded, by its entry. A file that is
// recorded nowhere else is known by its path only.
func (s *sighting) look(ctx context.Context, name string, rec *mft.Record, gone bool, letter string) {
	info, err := fs.Stat(s.vol, name)
	if err == nil && info.IsDir() {
		if at, _ := info.Sys().(*mft.Record); s.shows(at) {
			s.seen = otherFile
		}
		return
	}
	if err == nil {
		at, _ := info.Sys().(*mft.Record)
		if !s.shows(at) {
			return
		}
		s.name, s.rec = name, at
		if s.seen = otherFile; gone || s.rec != nil && rec != nil && s.rec.Ref == existedAs(rec) {
			s.seen = there
		}
		if c, err := readContent(ctx, s.vol, name); err == nil && s.showsContent(s.rec) {
			s.content = c
		}
		return
	}
	if !errors.Is(err, fs.ErrNotExist) || !listable(s.vol, path.Dir(name)) {
		return // a damaged folder does not show that the file is not in it
	}
	table, ok := s.vol.(interface{ MFT() *mft.Reader })
	if !ok || rec == nil {
		return // it may have had another name
	}
	ref := existedAs(rec)
	then, err := table.MFT().Record(ref.Entry)
	by := then
	if err != nil {
		by, _ = table.MFT().Record(mft.EntryMFT) // has the size of the $MFT
	}
	switch {
	case err != nil && ref.Entry < uint64(table.MFT().Len()), !s.shows(by):
	case err == nil && then.InUse() && then.Ref == ref:
		s.seen, s.rec, s.path = elsewhereThen, then, winpath.Windows(letter, table.MFT().Path(then).String())
	default:
		s.seen = absentYet
	}
}

// listable reports whether the folder of a path, or the nearest one above it that exists, can
// be read.
func listable(vol fs.FS, folder string) bool {
	for {
		_, err := fs.ReadDir(vol, folder)
		if err == nil || !errors.Is(err, fs.ErrNotExist) || folder == "." {
			return err == nil
		}
		folder = path.Dir(folder)
	}
}

// cite cites the record of the file in a shadow copy or, if it has none, the shadow copy.
func (s *sighting) cite() Citation {
	if s.rec == nil {
		return Citation{Artifact: s.Name, Record: s.ID, Offset: s.Offset, Time: s.Created, Text: values("shadow copy of", s.Created, "file", "not there")}
	}
	pairs := []any{"shadow copy of", s.Created}
	if s.path != "" {
		pairs = append(pairs, "path", s.path)
	}
	if s.content != nil {
		pairs = append(pairs, "SHA256", s.content.sha256)
	}
	return Citation{Artifact: s.Name + "/$MFT", Record: s.rec.Ref.String(), Offset: s.rec.Offset, Time: s.Created, Text: values(pairs...)}
}
