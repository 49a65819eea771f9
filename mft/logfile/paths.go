package logfile

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/mft"
)

// Paths finds the file and the path of an event. Its methods may be called concurrently.
//
// It keeps, for each entry of the $MFT, which sequence number it had, and for each file its
// names and folders, as of an LSN. So two files that used the same entry are two. Its memory
// depends on the number of folders and of the events.
type Paths struct {
	uses   map[uint64]facts[uint16] // by entry: the sequence number of the file in it; 0 if it is free
	places map[mft.Ref]facts[place]
	gaps   gaps
	clock  []tick
}

// place is the name of a file and its folder; zero without such a file.
type place struct {
	parent mft.Ref
	name   string
}

// tick is a time that NTFS has written, and the log record with it.
type tick struct {
	lsn LSN
	at  time.Time
}

// rootRef is the root directory of every volume.
var rootRef = mft.Ref{Entry: mft.EntryRoot, Seq: mft.EntryRoot}

// NewPaths reads the log once, and the $MFT, which is the state at the end; nil if there is
// none. What is not proved by a log record is taken from the $MFT if the record of the file
// has not changed since, or if the log has all records up to that change.
//
// Damage to either is reported by their own methods, and leaves paths without what was
// lost. The error is one that ended the reading.
func NewPaths(r *Reader, table *mft.Reader) (*Paths, error) {
	p := &Paths{uses: map[uint64]facts[uint16]{}, places: map[mft.Ref]facts[place]{}}
	if r == nil {
		return p, nil
	}
	var failed error
	var names []namesFact
	asked := map[uint64]bool{} // entries
	t := &transactions{open: map[uint32]*Transaction{}}
	t.yield = func(tx Transaction, err error) bool {
		if err != nil {
			if !damage.Is(err) {
				failed = err
			}
			return failed == nil
		}
		for _, e := range eventsOf(&tx) {
			asked[e.File.Entry] = true
			if tx.State != RolledBack {
				names = append(names, p.add(&e)...)
			}
		}
		return true
	}
	var last LSN
	missing := false
	r.walkGaps(func(rec Record, err error) bool {
		if err == nil {
			if missing && last != 0 {
				p.gaps = append(p.gaps, gap{last, rec.LSN})
			}
			last, missing = rec.LSN, false
		}
		return t.record(rec, err)
	}, func(Problem) bool { return true }, func() { missing = true; t.gap() })
	t.flush(Unfinished)
	if failed != nil {
		return p, failed
	}
	if missing && last != 0 {
		p.gaps = append(p.gaps, gap{last, 1<<64 - 1})
	}
	now, err := p.addTable(table, asked)
	for entry := range p.uses {
		p.uses[entry].sort()
	}
	for _, n := range names { // whose sequence numbers are now known
		if n.ref.Seq == 0 {
			n.ref.Seq, _ = p.uses[n.ref.Entry].at(n.when, p.gaps)
		}
		if n.ref.Seq != 0 {
			p.places[n.ref] = append(p.places[n.ref], n.fact)
		}
	}
	for _, n := range now { // behind the log records with the same LSN, which say what was before
		p.places[n.ref] = append(p.places[n.ref], n.fact)
	}
	for ref := range p.places {
		p.places[ref].sort()
	}
	slices.SortStableFunc(p.clock, func(a, b tick) int { return cmp.Compare(a.lsn, b.lsn) })
	return p, err
}

// namesFact is a fact of the names of a file.
type namesFact struct {
	ref  mft.Ref // Seq may be 0: it is that of its entry at when
	when LSN
	fact fact[place]
}

// placeOf returns the place of a name.
func placeOf(fn *mft.FileName) place { return place{fn.Parent, fn.Name} }

// add adds what an event says of the entry, and returns what it says of the name.
func (p *Paths) add(e *Event) []namesFact {
	use := fact[uint16]{lsn: e.LSN, before: e.File.Seq, after: e.File.Seq}
	name := fact[place]{lsn: e.LSN}
	switch e.Kind {
	case Created:
		use.before, use.knows = 0, knowsAfter
		if at, ok := e.Time(); ok {
			p.clock = append(p.clock, tick{e.LSN, at})
		}
		if e.Name != nil {
			name.after, name.knows = placeOf(e.Name), knowsAfter
		}
	case Deleted:
		use.after, use.knows = 0, knowsBefore|knowsAfter
		if e.File.Seq == 0 {
			use.knows = knowsAfter
		}
		if e.Name != nil {
			name.before, name.knows = placeOf(e.Name), knowsBefore
		}
	case Renamed:
		use.knows = knowsBefore | knowsAfter
		name.before, name.after, name.knows = placeOf(e.Old), placeOf(e.Name), knowsBefore|knowsAfter
	case Indexed, LinkAdded:
		use.knows = knowsAfter
		if e.Kind == Indexed {
			name.after, name.knows = placeOf(e.Name), knowsAfter
		}
	case Unindexed, LinkRemoved:
		use.knows = knowsBefore
		if e.Kind == Unindexed {
			name.before, name.knows = placeOf(e.Name), knowsBefore
		}
	}
	if use.knows != 0 && (e.File.Seq != 0 || e.Kind == Deleted) {
		p.uses[e.File.Entry] = append(p.uses[e.File.Entry], use)
	}
	if name.knows == 0 {
		return nil
	}
	return []namesFact{{e.File, e.when(), name}}
}

// addTable adds the entries of the folders in the $MFT, and of the files that the log names.
// It returns their names.
func (p *Paths) addTable(table *mft.Reader, asked map[uint64]bool) (names []namesFact, err error) {
	if table == nil {
		return nil, nil
	}
	const knows = knowsBefore | knowsAfter | knowsToTheEnd
	for rec, err := range table.Scan() {
		if err != nil {
			if damage.Is(err) {
				continue
			}
			return names, err
		}
		if !rec.Base.IsZero() || !rec.IsDir() && !asked[rec.Entry] {
			continue
		}
		ref, lsn := rec.Ref, LSN(rec.LSN)
		if lsn == 0 { // a driver that writes no log has changed it, after all of the log
			lsn = 1<<64 - 1
		}
		use := fact[uint16]{lsn, ref.Seq, ref.Seq, knows}
		if !rec.InUse() { // deleting a file adds one to its sequence number
			if ref.Seq--; ref.Seq == 0 {
				ref.Seq--
			}
			use.before, use.after = ref.Seq, 0
		}
		p.uses[ref.Entry] = append(p.uses[ref.Entry], use)
		if fn, ok := rec.FileName(); ok {
			at := place{fn.Parent, fn.Name}
			names = append(names, namesFact{ref, lsn, fact[place]{lsn, at, at, knows}})
		}
	}
	return names, nil
}

// when returns the LSN at which the file of an event is looked up.
func (e *Event) when() LSN {
	if e.Kind == Deleted {
		return e.LSN - 1
	}
	return e.LSN
}

// File returns the file of an event with its sequence number, and false if that is not
// known.
func (p *Paths) File(e *Event) (mft.Ref, bool) {
	if e == nil {
		return mft.Ref{}, false
	}
	ref := e.File
	if ref.Seq == 0 && p != nil {
		ref.Seq, _ = p.uses[ref.Entry].at(e.when(), p.gaps)
	}
	if ref.Seq == 0 && ref.Entry == mft.EntryRoot {
		ref = rootRef
	}
	return ref, ref.Seq != 0
}

// Of returns the path of the file of an event, after the event: of a file that was deleted,
// the last. If a folder on the way is not known, the path is the part that is known, Orphan
// is set, and Missing is the reference of the folder. So it is for a path of more than 1024
// folders, or one that runs in a circle.
func (p *Paths) Of(e *Event) mft.Path {
	if e == nil {
		return mft.Path{Orphan: true}
	}
	if e.Name != nil {
		return p.join(e.Name.Name, e.Name.Parent, e.when())
	}
	ref, ok := p.File(e)
	if !ok {
		return mft.Path{Orphan: true, Missing: ref}
	}
	return p.Directory(ref, e.when())
}

// OldOf returns the path before a rename.
func (p *Paths) OldOf(e *Event) mft.Path {
	if e == nil || e.Old == nil {
		return mft.Path{Orphan: true}
	}
	return p.join(e.Old.Name, e.Old.Parent, e.LSN)
}

// Directory returns the path of a folder, or of another file, at an LSN, as Of does.
func (p *Paths) Directory(ref mft.Ref, lsn LSN) mft.Path {
	if ref == rootRef {
		return mft.Path{Name: "."}
	}
	at, ok := p.at(ref, lsn)
	if !ok {
		return mft.Path{Orphan: true, Missing: ref}
	}
	return p.join(at.name, at.parent, lsn)
}

// at returns the place of a file at an LSN.
func (p *Paths) at(ref mft.Ref, lsn LSN) (place, bool) {
	if p == nil {
		return place{}, false
	}
	at, ok := p.places[ref].at(lsn, p.gaps)
	return at, ok && at != place{}
}

const (
	maxDepth    = 1024  // folders on the way
	maxPathSize = 98304 // in bytes, as in package mft
)

// join follows the folders up to the root.
func (p *Paths) join(name string, parent mft.Ref, lsn LSN) mft.Path {
	var path mft.Path
	names, size := []string{name}, len(name)
	for ref := parent; ref != rootRef; {
		at, ok := p.at(ref, lsn)
		if size += len(at.name) + 1; !ok || len(names) > maxDepth || size > maxPathSize {
			path.Orphan, path.Missing = true, ref
			break
		}
		names = append(names, at.name)
		ref = at.parent
	}
	slices.Reverse(names)
	path.Name = strings.Join(names, "/")
	return path
}

// Born returns the time that NTFS wrote into the record of a file when it made the record, and
// whether that is in order with the times before and after it. If it is not, the clock was set
// in between. It is zero for an event that is not the creation of a file.
func (p *Paths) Born(e *Event) (at time.Time, inOrder bool) {
	if e == nil || e.Kind != Created {
		return time.Time{}, false
	}
	at, ok := e.Time()
	if !ok {
		return time.Time{}, false
	}
	after, _ := p.Between(e.LSN)
	_, before := p.Between(e.LSN - 1)
	return at, after.Equal(at) && before.Equal(at)
}

// Between returns the last time that NTFS wrote before a log record or with it, and the
// first that it wrote after it. Each is zero if the log has none, or if the clock was set
// back in between. The change was made between them.
func (p *Paths) Between(lsn LSN) (after, before time.Time) {
	if p == nil {
		return after, before
	}
	i := sort.Search(len(p.clock), func(i int) bool { return p.clock[i].lsn > lsn })
	if i > 0 {
		after = p.clock[i-1].at
	}
	if i < len(p.clock) {
		before = p.clock[i].at
	}
	if !after.IsZero() && !before.IsZero() && before.Before(after) {
		return time.Time{}, time.Time{}
	}
	return after, before
}
