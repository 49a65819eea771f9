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

// formerSource yields the events of names that only slack has: that of the indexes of
// folders, and that of records.
type formerSource struct {
	artifact string
	drive    string
	mft      *mft.Reader
	entries  []mft.IndexEntry
	names    []mft.SlackName
}

// addFormerNames reads the slack of an $MFT, and of the indexes of its volume if there is
// one. It has no coverage if there are no such names: that of the $MFT says what was read.
func (t *Timeline) addFormerNames(artifact string, r *mft.Reader) {
	if !t.opt.wants(TypeIndex) {
		return
	}
	s := formerSource{artifact: artifact, drive: t.opt.drive, mft: r}
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
				s.entries = append(s.entries, e)
				c.saw(e.Created)
			}
		}
		s.names = append(s.names, rec.SlackNames()...)
	}
	if c.Records = len(s.entries) + len(s.names); c.Records == 0 {
		return
	}
	for i := range s.names {
		c.saw(s.names[i].Created)
	}
	t.sources = append(t.sources, &s)
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
	if i < len(s.entries) {
		return &s.entries[i].FileName
	}
	return &s.names[i-len(s.entries)].FileName
}

func (s *formerSource) find(w window, kinds kindSet, add func(ref)) maker {
	if !kinds.holds(FileFormerName) {
		return s
	}
	for i := range len(s.entries) + len(s.names) {
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
		Path:   winpath.Windows(s.drive, s.mft.NamePath(n).String()),
		Source: Source{Artifact: s.artifact, Offset: n.Offset, Type: TypeIndex},
	}
	e.Fields = []Field{{"name", n.Name}, {"size", strconv.FormatUint(n.Size, 10)}, {"ParentReference", n.Parent.String()}}
	if i < len(s.entries) {
		x := &s.entries[i]
		e.Data = x
		e.Source.Artifact += ":" + indexName
		e.Source.Record = "block " + strconv.FormatInt(x.Block, 10)
		if x.Block < 0 {
			e.Source.Record = "slack of the record"
		}
		e.Message = e.Path + " was " + row.verb + " (slack of $I30: " + formerProofs[x.State] + ")"
		e.Fields = append(e.Fields, Field{"state", x.State.String()})
		if !x.File.IsZero() {
			e.Fields = append(e.Fields, Field{"FileReference", x.File.String()})
		}
		return e
	}
	x := &s.names[i-len(s.entries)]
	e.Data = x
	e.Desc = fileNamePrefix + row.desc
	e.Source.Record = x.Record.String()
	e.Message = e.Path + " was " + row.verb + " (slack of the record " + x.Record.String() + ": the file of the record had the name, or one before it)"
	return e
}
