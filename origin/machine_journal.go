package origin

import (
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// journal returns the changes of the subjects' volume.
func (m *machine) journal() *changes {
	if m.changed == nil || m.changed.about != nil {
		return m.changed
	}
	m.changed.about = map[usnjrnl.FileID][]change{}
	if m.tl == nil {
		return m.changed
	}
	for _, j := range m.tl.Journals() {
		if t := m.tieOf(j); m.changed.Journal == nil || t > m.changed.tie {
			m.changed.Journal, m.changed.tie = j, t
		}
	}
	if m.changed.Journal != nil {
		m.changed.read(m.subjects)
	}
	return m.changed
}

// tieChecks is how many USNs of the $MFT are looked up.
const tieChecks = 64

// tieOf looks up the USNs that the $MFT has for its files. A stream of the volume is tied
// to it, but for one that disagrees with all of them.
func (m *machine) tieOf(j *timeline.Journal) tie {
	same, other := 0, 0
	shift, known := int64(0), false
	var last int64
	for rec, err := range j.Records() {
		if err == nil {
			if !known {
				shift, known = rec.USN-rec.Offset, true
			}
			last = rec.USN
		}
	}
	for rec, err := range m.tl.MFT().Scan() {
		if err != nil && !damage.Is(err) || same+other >= tieChecks {
			break
		}
		if err != nil || !rec.InUse() {
			continue
		}
		usn := int64(rec.StandardInformation.USN)
		if usn <= 0 || usn < shift || usn > last {
			continue
		}
		if at, err := j.At(usn - shift); err == nil && at.USN == usn {
			if at.File == usnjrnl.IDOf(rec.Ref) {
				same++
			} else {
				other++
			}
		}
	}
	_, volume := m.tl.vol.(*mft.Volume)
	switch {
	case other > same:
		return otherJournal
	case same > 0 || volume:
		return ownJournal
	}
	return looseJournal
}

// pathAt returns the path of a record's file at its time, as Windows writes it, and
// whether all of it is known.
func (q *inquiry) pathAt(rec *usnjrnl.Record) (string, bool) {
	p := q.journal().Paths.Of(rec)
	return winpath.Windows(q.drive, p.String()), !p.Orphan
}

// citeChange cites a record of the journal.
func (q *inquiry) citeChange(rec *usnjrnl.Record) Citation {
	path, _ := q.pathAt(rec)
	return Citation{Artifact: q.journal().Artifact, Record: "USN " + valueText(rec.USN), Offset: rec.Offset, Time: rec.Time,
		Text: values("Reason", rec.Reason, "path", path, "FileReference", rec.File, "ParentReference", rec.Parent)}
}

// A birth is what the change journal holds about the beginning of the subject.
type birth struct {
	created usnjrnl.Record   // zero if the journal does not hold it
	late    bool             // that record is a later one of the same handle
	later   []usnjrnl.Record // the renames since then, each with the old name and the new one, as far as they are there
	set     []usnjrnl.Record // its times or attributes were set
	linked  bool             // it was given or lost a further name
	deleted usnjrnl.Record   // zero if the journal does not hold it
}

// birth returns what the change journal holds about the subject, or nil. Another file
// with the same entry has another sequence number, so it is not taken for the subject. If
// the $MFT has no record of the subject, it is the last file that had its path.
func (q *inquiry) birth() *birth {
	c := q.journal()
	if !c.usable() {
		return nil
	}
	var id usnjrnl.FileID
	named := c.named[q.subject]
	switch {
	case q.rec != nil:
		id = usnjrnl.IDOf(existedAs(q.rec))
	case len(named) > 0:
		id = named[len(named)-1]
	}
	list := c.about[id]
	if len(list) == 0 {
		return nil
	}
	b := &birth{}
	for _, rec := range list {
		if rec.fresh&usnjrnl.FileCreate != 0 {
			*b = birth{created: rec.Record, late: rec.Reason != usnjrnl.FileCreate}
		}
		if rec.fresh&(usnjrnl.RenameOldName|usnjrnl.RenameNewName) != 0 {
			b.later = append(b.later, rec.Record)
		}
		if rec.fresh&usnjrnl.BasicInfoChange != 0 {
			b.set = append(b.set, rec.Record)
		}
		if rec.fresh&usnjrnl.FileDelete != 0 {
			b.deleted = rec.Record
		}
		b.linked = b.linked || rec.fresh&usnjrnl.HardLinkChange != 0
	}
	return b
}

// doubt lowers what rests on the journal if it may be that of another volume, or of
// another file with the path of the subject.
func (q *inquiry) doubt(a *candidate) {
	if named := q.journal().named[q.subject]; q.rec == nil {
		a.caught("by_path", "another file that had this path")
		for _, id := range named[:max(0, len(named)-1)] {
			if list := q.journal().about[id]; len(list) > 0 {
				a.rival("the file %s, which had this path before %s", id, timeText(list[len(list)-1].Time))
			}
		}
	}
	if q.journal().tie == looseJournal {
		a.caught("loose", "another file: nothing shows that the change journal is of the same volume as the $MFT")
	}
}

// bornAt returns when the subject was created, according to a record that leaves no
// doubt, or zero.
func (q *inquiry) bornAt() time.Time {
	b := q.birth()
	if b == nil || q.rec == nil || b.created.Size == 0 || b.late || q.journal().tie != ownJournal || q.journal().clockSetBack(&b.created) != nil {
		return time.Time{}
	}
	return b.created.Time
}

// A place is a path that the subject had.
type journalPlace struct {
	usnjrnl.Record
	path  string
	known bool // all folders of the path are known
}

// placesOf returns the paths that the subject had according to the journal, the first
// one first. First reports whether it is that of the creation.
func (q *inquiry) placesOf(b *birth) (list []journalPlace, first bool) {
	add := func(rec *usnjrnl.Record) {
		path, known := q.pathAt(rec)
		if n := len(list); n == 0 || !winpath.Same(list[n-1].path, path) {
			list = append(list, journalPlace{*rec, path, known})
		}
	}
	first = b.created.Size > 0 && !b.late
	if first {
		add(&b.created)
	}
	for i := range b.later {
		add(&b.later[i])
	}
	return list, first
}

// present reports whether the last of these paths is that of the subject now.
func (q *inquiry) endsHere(list []journalPlace) bool {
	return len(list) > 0 && winpath.Same(list[len(list)-1].path, q.path)
}
