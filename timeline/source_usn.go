package timeline

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"strconv"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
)

// The names of the change journal.
const (
	journalName   = "$UsnJrnl"
	journalFolder = "$Extend"
	journalStream = journalFolder + "/$UsnJrnl:$J"
)

// journalsBelow returns the change journals in the places of Windows.
func journalsBelow(vol fs.FS) []found {
	if _, ok := vol.(*mft.Volume); ok {
		if st, err := fs.Stat(vol, journalStream); err == nil && !st.IsDir() {
			return []found{{journalStream, TypeUSN}}
		}
		return nil
	}
	var list []found
	for _, place := range [...]string{".", journalFolder} {
		dir, ok := resolve(vol, place)
		if !ok {
			continue
		}
		for _, d := range readDir(vol, dir) {
			if d.Type().IsRegular() && usnjrnl.Named(d.Name()) {
				list = append(list, found{path.Join(dir, d.Name()), TypeUSN})
			}
		}
	}
	return list
}

// journalRows are the kinds of events of the change journal: the first whose reasons are
// new in a record. A record has all reasons since its file was opened.
var journalRows = [...]struct {
	kind    Kind
	reasons usnjrnl.Reason
	verb    string
}{
	{FileDeleted, usnjrnl.FileDelete, "was deleted"},
	{FileRenamed, usnjrnl.RenameNewName, "has a new name or place"},
	{FileCreated, usnjrnl.FileCreate, "was created"},
	{FileWritten, usnjrnl.DataOverwrite | usnjrnl.DataExtend | usnjrnl.DataTruncation, "was written"},
	{StreamChanged, usnjrnl.NamedDataOverwrite | usnjrnl.NamedDataExtend | usnjrnl.NamedDataTruncation | usnjrnl.StreamChange, "has a stream that was changed"},
	{FileSecured, usnjrnl.SecurityChange, "has new permissions or another owner"},
	{FileInfoSet, usnjrnl.BasicInfoChange, "has new times or attributes"},
	{FileAltered, ^(usnjrnl.Close | usnjrnl.RenameOldName), "was changed"},
	{FileRenamed, usnjrnl.RenameOldName, "loses its name or place"}, // only without the record of the new name
	{FileClosed, usnjrnl.Close, "was closed"},
}

// rowOf returns the row of the reasons that are new in a record, or -1 without any.
func rowOf(reasons usnjrnl.Reason) int {
	for i := range journalRows {
		if reasons&journalRows[i].reasons != 0 {
			return i
		}
	}
	return -1
}

const (
	rowBits = 8 // of the key of a ref: the row; the offset is above it
	maxOpen = 1 << 20
)

// journalSource yields the events of a change journal: at most one for each record. It
// keeps nothing but the places of folders.
type journalSource struct {
	*Journal
	drive string
}

// openJournal opens a change journal. It stays open until Close.
func (t *Timeline) openJournal(artifact string, c *Coverage) (source, error) {
	c.Name = journalName
	r, err := usnjrnl.OpenFS(t.vol, artifact)
	if err != nil {
		return nil, err
	}
	t.closers = append(t.closers, r)
	for p := range r.Problems() {
		c.add(p)
	}
	for rec, err := range r.Records() {
		if err != nil && !damage.Is(err) {
			c.State = Partly
			break
		}
		if err == nil {
			c.Records++
			c.saw(rec.Time)
		}
	}
	if c.Records == 0 && c.ProblemCount > 0 {
		c.State = Damaged
	}
	table := t.mft
	if vol, ok := t.vol.(*mft.Volume); ok {
		table = vol.MFT()
	}
	paths, err := usnjrnl.NewPaths(r, table)
	if err != nil {
		c.State = Partly
	}
	return journalSource{&Journal{artifact, r, paths}, t.opt.drive}, nil
}

// wanted reports whether a query asks for an event of the journal.
func (s journalSource) wanted(kinds kindSet) bool {
	for i := range journalRows {
		if kinds.holds(journalRows[i].kind) {
			return true
		}
	}
	return false
}

// maxKey is the key of the event of $Max.
const maxKey = ^uint64(0)

// created makes the event of $Max.
func (s journalSource) created() Event {
	m, _ := s.Max()
	e := Event{Time: m.Created(), Desc: createdDesc, Kind: JournalCreated, Path: winpath.Windows(s.drive, journalFolder+"/"+journalName),
		Source:  Source{Artifact: usnjrnl.MaxBeside(s.Artifact), Record: "journal identifier", Offset: 0x10, Type: TypeUSN},
		Message: "the change journal was created, or got a new identifier",
		Fields: []Field{{"JournalID", fmt.Sprintf("%#x", m.ID)}, {"MaximumSize", strconv.FormatUint(m.MaximumSize, 10)},
			{"AllocationDelta", strconv.FormatUint(m.AllocationDelta, 10)}, {"LowestValidUsn", strconv.FormatInt(m.LowestValidUSN, 10)}}}
	e.Data = &m
	return e
}

func (s journalSource) find(w window, kinds kindSet, add func(ref)) maker {
	m := &journalMaker{s, map[int64]int64{}}
	if max, ok := s.Max(); ok && kinds.holds(JournalCreated) && !max.Created().IsZero() && w.holds(max.ID) {
		add(ref{ticks: max.ID, key: maxKey})
	}
	if !s.wanted(kinds) {
		return m
	}
	open := map[usnjrnl.FileID]usnjrnl.Reason{} // what is known of files that are open
	former := map[usnjrnl.FileID]formerName{}
	yield := func(row int, rec *usnjrnl.Record) {
		if ticks := filetime.Ticks(rec.Time); !rec.Time.IsZero() && w.holds(ticks) && kinds.holds(journalRows[row].kind) {
			add(ref{ticks: ticks, key: uint64(rec.Offset)<<rowBits | uint64(row)})
		}
	}
	const oldName = len(journalRows) - 2
	for rec, err := range s.Records() {
		if err != nil {
			continue // counted in the coverage
		}
		fresh := rec.Reason &^ open[rec.File]
		switch {
		case rec.Reason&usnjrnl.Close != 0:
			delete(open, rec.File)
		case len(open) < maxOpen:
			open[rec.File] = rec.Reason &^ (usnjrnl.RenameOldName | usnjrnl.RenameNewName)
			if rec.Reason&usnjrnl.RenameNewName != 0 {
				open[rec.File] |= usnjrnl.RenameNewName
			}
		}
		old, renamed := former[rec.File]
		if renamed {
			delete(former, rec.File)
			if rec.Reason&usnjrnl.RenameNewName != 0 {
				fresh |= usnjrnl.RenameNewName
				m.former[rec.Offset] = old.offset
			} else {
				yield(oldName, &usnjrnl.Record{Offset: old.offset, Time: filetime.Time(old.ticks)})
			}
		}
		if rec.Reason&usnjrnl.RenameOldName != 0 && len(former) < maxOpen {
			former[rec.File] = formerName{rec.Offset, filetime.Ticks(rec.Time)}
			continue
		}
		if row := rowOf(fresh); row >= 0 {
			yield(row, &rec)
		}
	}
	for _, old := range former {
		yield(oldName, &usnjrnl.Record{Offset: old.offset, Time: filetime.Time(old.ticks)})
	}
	return m
}

// formerName is the place of the record of an old name.
type formerName struct {
	offset int64
	ticks  uint64
}

// journalMaker makes events of a change journal.
type journalMaker struct {
	journalSource
	former map[int64]int64 // by offset of the record with a new name: that with the old one
}

func (m *journalMaker) close() {}

func (m *journalMaker) make(r ref) Event {
	if r.key == maxKey {
		return m.created()
	}
	off := int64(r.key >> rowBits)
	row := &journalRows[min(r.key&(1<<rowBits-1), uint64(len(journalRows)-1))]
	e := Event{Time: filetime.Time(r.ticks), Desc: changedDesc, Kind: row.kind,
		Source: Source{Artifact: m.Artifact, Offset: off, Type: TypeUSN}}
	rec, err := m.At(off)
	if err != nil {
		e.Message = unreadable(err)
		return e
	}
	e.Source.Record = fmt.Sprint("USN ", rec.USN)
	e.Data = &rec
	e.Path = m.path(&rec)
	e.Message = e.Path + " " + row.verb
	e.Fields = []Field{{"Reason", rec.Reason.String()}, {"FileReference", rec.File.String()}, {"ParentReference", rec.Parent.String()}, {"Attributes", rec.Attributes.String()}}
	if rec.Source != 0 {
		e.Fields = append(e.Fields, Field{"SourceInfo", rec.Source.String()})
	}
	if row.reasons == usnjrnl.RenameNewName {
		if at, ok := m.former[off]; ok {
			if old, err := m.At(at); err == nil {
				from := m.path(&old)
				e.Message = from + " became " + e.Path
				e.Fields = append(e.Fields, Field{"OldPath", from})
			}
		}
	}
	e.Message += " (" + cmp.Or(rec.Reason.String(), "no reason") + ")"
	return e
}

// path returns the path of a record's file at its time. What is unknown of it is "?".
func (m *journalMaker) path(rec *usnjrnl.Record) string {
	return winpath.Windows(m.drive, m.Paths.Of(rec).String())
}

// Journals returns the change journals that could be opened, which stay open until Close.
// A volume has one at most. In a folder there may be several, and those of other volumes.
func (t *Timeline) Journals() (list []*Journal) {
	for _, s := range t.sources {
		if s, ok := s.(journalSource); ok {
			list = append(list, s.Journal)
		}
	}
	return list
}
