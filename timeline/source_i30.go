package timeline

import (
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
)

// indexName is the name of the index of a folder.
const indexName = "$I30"

// formerTimes are the four times of a name that only slack has.
var formerTimes = [...]struct {
	desc, verb string
	at         func(*mft.FileName) time.Time
}{
	{createdDesc, "created", func(n *mft.FileName) time.Time { return n.Created }},
	{modifiedDesc, "modified", func(n *mft.FileName) time.Time { return n.Modified }},
	{changedDesc, "changed in the $MFT", func(n *mft.FileName) time.Time { return n.Changed }},
	{accessedDesc, "accessed", func(n *mft.FileName) time.Time { return n.Accessed }},
}

// formerProofs say what is left of a name, and so what it proves.
var formerProofs = map[mft.EntryState]string{
	mft.EntryWhole:    "the folder had the name for that file",
	mft.EntryNoFile:   "the folder had the name, for which file is not known",
	mft.EntryNoFolder: "some folder had the name, for which file is not known",
}

// FormerNames are the names that only slack has: that of the indexes of folders, and that of
// records. Entries whose name the index or the record of the file still has are not here.
type FormerNames struct {
	Entries []mft.IndexEntry
	Names   []mft.SlackName

	artifact string
	drive    string
	mft      *mft.Reader
}

// Path returns the path of a name as Windows writes it. What is unknown of it is "?".
func (f *FormerNames) Path(n *mft.FileName) string {
	if f == nil {
		return ""
	}
	return winpath.Windows(f.drive, f.mft.NamePath(n).String())
}

// EntrySource returns where an entry of an index is.
func (f *FormerNames) EntrySource(e *mft.IndexEntry) Source {
	if f == nil || e == nil {
		return Source{Offset: -1, Type: TypeIndex}
	}
	s := Source{Artifact: f.artifact + ":" + indexName, Record: "slack of the record", Offset: e.Offset, Type: TypeIndex}
	if e.Block >= 0 {
		s.Record = "block " + strconv.FormatInt(e.Block, 10)
	}
	return s
}

// NameSource returns where a name in the slack of a record is.
func (f *FormerNames) NameSource(n *mft.SlackName) Source {
	if f == nil || n == nil {
		return Source{Offset: -1, Type: TypeIndex}
	}
	return Source{Artifact: f.artifact, Record: n.Record.String(), Offset: n.Offset, Type: TypeIndex}
}

// FormerNames returns the names that only the slack of the volume's $MFT and of its folders
// has: none if they were not asked for.
func (t *Timeline) FormerNames() *FormerNames {
	for _, s := range t.sources {
		if s, ok := s.(*formerSource); ok {
			return s.FormerNames
		}
	}
	return &FormerNames{artifact: mftName, drive: t.opt.drive, mft: t.MFT()}
}

// formerSource yields the events of names that only slack has.
type formerSource struct{ *FormerNames }

// addFormerNames reads the slack of an $MFT, and of the indexes of its volume if there is
// one. It has no coverage if there are no such names: that of the $MFT says what was read.
func (t *Timeline) addFormerNames(artifact string, r *mft.Reader) {
	if !t.opt.wants(TypeIndex) {
		return
	}
	s := &formerSource{&FormerNames{artifact: artifact, drive: t.opt.drive, mft: r}}
	c := Coverage{Artifact: artifact + ":" + indexName, Name: indexName, Type: TypeIndex, State: Parsed}
	for rec, err := range r.Scan() {
		if err != nil {
			continue // in the coverage of the $MFT
		}
		for e, err := range r.IndexEntries(rec) {
			switch {
			case damage.Is(err):
				c.damaged(err)
			case err != nil: // the index is on a volume that is not there
			case e.State != mft.EntryInUse && !e.Copied && !s.recorded(&e):
				s.Entries = append(s.Entries, e)
				c.saw(e.Created)
			}
		}
		s.Names = append(s.Names, rec.SlackNames()...)
	}
	if c.Records = len(s.Entries) + len(s.Names); c.Records == 0 {
		return
	}
	for i := range s.Names {
		c.saw(s.Names[i].Created)
	}
	t.sources = append(t.sources, s)
	t.coverage = append(t.coverage, c)
}

// recorded reports whether the record of an entry's file still has the name.
func (s *formerSource) recorded(e *mft.IndexEntry) bool {
	if e.File.IsZero() {
		return false
	}
	rec, err := s.mft.Record(e.File.Entry)
	if err != nil || rec.Seq != e.File.Seq && (rec.InUse() || rec.Seq != e.File.Seq+1) {
		return false
	}
	for i := range rec.FileNames {
		if n := &rec.FileNames[i]; n.Name == e.Name && n.Parent == e.Parent {
			return true
		}
	}
	return false
}

// name returns name i: of the entries, then of the records.
func (s *formerSource) name(i int) *mft.FileName {
	if i < len(s.Entries) {
		return &s.Entries[i].FileName
	}
	return &s.Names[i-len(s.Entries)].FileName
}

func (s *formerSource) find(w window, kinds kindSet, add func(ref)) maker {
	if !kinds.holds(FileFormerName) {
		return s
	}
	for i := range len(s.Entries) + len(s.Names) {
		for slot := range formerTimes {
			if t := formerTimes[slot].at(s.name(i)); !t.IsZero() && w.holds(filetime.Ticks(t)) {
				add(ref{ticks: filetime.Ticks(t), key: uint64(i*len(formerTimes) + slot)})
			}
		}
	}
	return s
}

func (s *formerSource) close() {}

func (s *formerSource) make(r ref) Event {
	i, row := int(r.key)/len(formerTimes), &formerTimes[int(r.key)%len(formerTimes)]
	n := s.name(i)
	e := Event{
		Time: filetime.Time(r.ticks), Desc: row.desc, Kind: FileFormerName,
		Path: s.Path(n),
	}
	e.Fields = []Field{{"name", n.Name}, {"size", strconv.FormatUint(n.Size, 10)}, {"ParentReference", n.Parent.String()}}
	if i < len(s.Entries) {
		x := &s.Entries[i]
		e.Data, e.Source = x, s.EntrySource(x)
		e.Message = e.Path + " was " + row.verb + " (slack of $I30: " + formerProofs[x.State] + ")"
		e.Fields = append(e.Fields, Field{"state", x.State.String()})
		if !x.File.IsZero() {
			e.Fields = append(e.Fields, Field{"FileReference", x.File.String()})
		}
		return e
	}
	x := &s.Names[i-len(s.Entries)]
	e.Data, e.Source = x, s.NameSource(x)
	e.Desc = fileNamePrefix + row.desc
	e.Message = e.Path + " was " + row.verb + " (slack of the record " + x.Record.String() + ": the file of the record had the name, or one before it)"
	return e
}

// SlackOf returns the entries in the slack of a folder's index, also those whose name the
// index still has.
func (t *Timeline) SlackOf(folder *mft.Record) *FormerNames {
	f := *t.FormerNames()
	f.Entries, f.Names = nil, nil
	for e, err := range t.MFT().IndexEntries(folder) {
		if err == nil && e.State != mft.EntryInUse {
			f.Entries = append(f.Entries, e)
		}
	}
	return &f
}
