package usnjrnl

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/mft"
)

// Paths finds the path that a file had at the time of a record. Its methods may be called
// concurrently.
//
// It keeps for each folder the names and places that it had, by reference and sequence
// number, so two folders that used the same entry are two. Its memory depends on the
// number of folders and of their changes.
type Paths struct {
	places map[FileID][]place
	gaps   []gap
}

// gap is a range of USNs whose records are missing.
type gap struct{ from, to int64 }

// place is the name of a file and its folder, from a USN up to the next place.
type place struct {
	usn    int64
	until  int64 // the last USN that repeats it
	parent FileID
	name   string
	gone   bool // the place from here on is not known
}

// rootID is the root directory of every NTFS volume.
var rootID = IDOf(mft.Ref{Entry: mft.EntryRoot, Seq: mft.EntryRoot})

// beforeAll and afterAll are less and greater than every USN.
const (
	beforeAll = -1
	afterAll  = 1<<63 - 1
)

// NewPaths reads the journal once, and the $MFT, which is the state at the end; nil if
// there is none. A folder that has changed after the journal ends, by the USN in its
// record of the $MFT, has its earlier place up to the end of the journal.
//
// If records are missing, a folder is taken to have stayed in a place that it has both
// before and after them.
//
// Damage to either is reported by their own methods, and leaves paths without what was
// lost. The error is one that ended the reading.
func NewPaths(r *Reader, table *mft.Reader) (*Paths, error) {
	p := &Paths{places: map[FileID][]place{}}
	asked := map[FileID]bool{} // files whose name records of version 4 need
	var last recent
	var runs []gap // of records that follow each other
	for rec, err := range r.Records() {
		if err == nil {
			if n := len(runs); n == 0 || isGap(runs[n-1].to, &rec) {
				runs = append(runs, gap{from: rec.USN})
			}
			runs[len(runs)-1].to = rec.USN + int64(rec.Size)
		}
		switch {
		case err != nil && !damage.Is(err):
			return p, err
		case err != nil:
		case rec.Major == 4:
			if named, ok := last.get(rec.File); ok && !asked[rec.File] {
				p.add(&named)
			}
			asked[rec.File] = true
		case rec.IsDir() || asked[rec.File]:
			p.add(&rec)
		default:
			last.put(&rec)
		}
	}
	p.gaps = between(runs)
	for id := range p.places {
		p.settle(id)
	}
	return p, p.addTable(table, asked)
}

// between returns the gaps between runs of records, in order. The rest of a page, in
// front of a run that was carried elsewhere, is not told from a gap.
func between(runs []gap) (gaps []gap) {
	slices.SortFunc(runs, func(a, b gap) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(runs); i++ {
		if runs[i-1].to = max(runs[i-1].to, runs[max(i-2, 0)].to); runs[i-1].to < runs[i].from {
			gaps = append(gaps, gap{runs[i-1].to, runs[i].from})
		}
	}
	return gaps
}

// recent keeps the last records of some thousand files: that of a file comes shortly
// before its first one of version 4.
type recent struct{ young, old map[FileID]Record }

const maxRecent = 8192

func (c *recent) put(rec *Record) {
	if c.young == nil || len(c.young) >= maxRecent {
		c.young, c.old = make(map[FileID]Record, maxRecent), c.young
	}
	c.young[rec.File] = *rec
}

func (c *recent) get(id FileID) (Record, bool) {
	rec, ok := c.young[id]
	if !ok {
		rec, ok = c.old[id]
	}
	return rec, ok
}

// add adds the place in a record. One that only repeats it adds nothing.
func (p *Paths) add(rec *Record) {
	list := p.places[rec.File]
	old := rec.Reason&RenameOldName != 0
	n := len(list)
	if n > 0 && list[n-1].parent == rec.Parent && list[n-1].name == rec.Name && !list[n-1].gone && !old {
		list[n-1].until = max(list[n-1].until, rec.USN)
		return
	}
	switch {
	case n == 0 && rec.Reason&RenameNewName != 0: // the record with the old name is lost
		list = append(list, place{usn: beforeAll, gone: true})
	case n > 0 && !list[n-1].gone && (list[n-1].parent != rec.Parent || list[n-1].name != rec.Name):
		list = append(list, place{usn: list[n-1].until + 1, gone: true})
	}
	list = append(list, place{usn: rec.USN, until: rec.USN, parent: rec.Parent, name: rec.Name})
	if old {
		list = append(list, place{usn: rec.USN + 1, gone: true}) // up to the record with the new name
	}
	p.places[rec.File] = list
}

// settle puts the places of a file in order.
func (p *Paths) settle(id FileID) {
	list := p.places[id]
	if !slices.IsSortedFunc(list, placeOrder) { // records were carried out of order
		slices.SortStableFunc(list, placeOrder)
	}
	p.places[id] = slices.Clip(list)
}

func placeOrder(a, b place) int { return cmp.Compare(a.usn, b.usn) }

// addTable adds the folders of the $MFT, and the files that were asked for.
func (p *Paths) addTable(table *mft.Reader, asked map[FileID]bool) error {
	if table == nil {
		return nil
	}
	for rec, err := range table.Scan() {
		if err != nil {
			if damage.Is(err) {
				continue
			}
			return err
		}
		ref := rec.Ref
		if !rec.InUse() { // deleting a file adds one to its sequence number
			if ref.Seq--; ref.Seq == 0 {
				ref.Seq--
			}
		}
		id := IDOf(ref)
		if !rec.IsDir() && !asked[id] {
			continue
		}
		fn, ok := rec.FileName()
		if !ok {
			continue
		}
		now := place{usn: int64(rec.StandardInformation.USN), parent: IDOf(fn.Parent), name: fn.Name}
		list := p.places[id]
		n := len(list)
		switch {
		case n == 0:
			now.until = afterAll
			p.places[id] = []place{now}
		case list[n-1].gone: // the record with the new name is lost
			list[n-1].parent, list[n-1].name, list[n-1].gone, list[n-1].until = now.parent, now.name, false, afterAll
		case list[n-1].parent != now.parent || list[n-1].name != now.name:
			if now.usn > list[n-1].until {
				now.until = afterAll
				p.places[id] = append(list, place{usn: list[n-1].until + 1, gone: true}, now)
				continue
			}
			list[n-1].until = afterAll
		default:
			list[n-1].until = afterAll
		}
	}
	return nil
}

// at returns the place of a file at a USN.
func (p *Paths) at(id FileID, usn int64) (place, bool) {
	if p == nil {
		return place{}, false
	}
	list := p.places[id]
	i := sort.Search(len(list), func(i int) bool { return list[i].usn > usn })
	switch {
	case i > 0:
		if i--; i == len(list)-1 && usn > list[i].until && p.lostBetween(list[i].until, usn) { // it may be elsewhere since
			return place{}, false
		}
	case i < len(list) && p.lostBetween(usn, list[i].usn): // it may have been elsewhere before
		return place{}, false
	}
	if i >= len(list) || list[i].gone {
		return place{}, false
	}
	return list[i], true
}

// lostBetween reports whether records are missing between two USNs.
func (p *Paths) lostBetween(from, to int64) bool {
	i := sort.Search(len(p.gaps), func(i int) bool { return p.gaps[i].to > from })
	return i < len(p.gaps) && p.gaps[i].from <= to
}

const (
	maxDepth    = 1024  // folders on the way
	maxPathSize = 98304 // in bytes, as in package mft
)

// Of returns the path of a record's file at the time of the record. If a folder on the
// way is gone and unknown, the path is the part that is known, Orphan is set, and Missing
// is the reference of the folder, if it is one of NTFS. So it is for a path of more than
// 1024 folders, or one that runs in a circle.
func (p *Paths) Of(rec *Record) mft.Path {
	if rec == nil {
		return mft.Path{Orphan: true}
	}
	name, parent := rec.Name, rec.Parent
	if rec.Major == 4 {
		at, ok := p.at(rec.File, rec.USN)
		if !ok {
			path := mft.Path{Orphan: true}
			path.Missing, _ = rec.File.Ref()
			return path
		}
		name, parent = at.name, at.parent
	}
	if rec.File == rootID {
		return mft.Path{Name: "."}
	}
	return p.join(name, parent, rec.USN)
}

// Directory returns the path of a folder at a USN, as Of does.
func (p *Paths) Directory(id FileID, usn int64) mft.Path {
	if id == rootID {
		return mft.Path{Name: "."}
	}
	at, ok := p.at(id, usn)
	if !ok {
		path := mft.Path{Orphan: true}
		path.Missing, _ = id.Ref()
		return path
	}
	return p.join(at.name, at.parent, usn)
}

// join follows the folders up to the root.
func (p *Paths) join(name string, parent FileID, usn int64) mft.Path {
	var path mft.Path
	names, size := []string{name}, len(name)
	for id := parent; id != rootID; {
		at, ok := p.at(id, usn)
		if size += len(at.name) + 1; !ok || len(names) > maxDepth || size > maxPathSize {
			path.Orphan = true
			path.Missing, _ = id.Ref()
			break
		}
		names = append(names, at.name)
		id = at.parent
	}
	slices.Reverse(names)
	path.Name = strings.Join(names, "/")
	return path
}
