package logfile

import (
	"cmp"
	"iter"
	"slices"

	"github.com/birthmark-dfir/birthmark/mft"
)

// Events iterates over what the transactions prove, in the order in which they end.
// Errors are those of Records.
func (r *Reader) Events() iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for tx, err := range r.Transactions() {
			if err != nil {
				if !yield(Event{Offset: -1}, err) {
					return
				}
				continue
			}
			for _, e := range eventsOf(&tx) {
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}

// changes are what the records of a transaction do.
type changes struct {
	tx      *Transaction
	events  []Event
	files   map[uint64]*fileChange
	entries []uint64 // of files, in order
}

// fileChange is what happens to an entry of the $MFT in a transaction.
type fileChange struct {
	ref       mft.Ref // Seq 0 if unknown
	rewritten bool    // its record is replaced by another one of the same file
	created   *Event
	deleted   *Event

	added, removed     []named // $FILE_NAME attributes
	indexed, unindexed []named // entries of folders
}

// named is a name that a record adds or removes.
type named struct {
	fn  mft.FileName
	rec *Record
}

// eventsOf returns what a transaction proves.
func eventsOf(tx *Transaction) []Event {
	c := &changes{tx: tx, files: map[uint64]*fileChange{}}
	for i := range tx.Records {
		rec := &tx.Records[i]
		if rec.Undo == CompensationLogRecord { // undoes a record before, which has what there is to say
			continue
		}
		c.record(rec)
	}
	for _, entry := range c.entries {
		c.judge(entry)
	}
	slices.SortStableFunc(c.events, func(a, b Event) int { return cmp.Compare(a.LSN, b.LSN) })
	return c.events
}

// file returns the changes of an entry.
func (c *changes) file(entry uint64, seq uint16) *fileChange {
	f := c.files[entry]
	if f == nil {
		f = &fileChange{ref: mft.Ref{Entry: entry}}
		c.files[entry] = f
		c.entries = append(c.entries, entry)
	}
	if seq != 0 {
		f.ref.Seq = seq
	}
	return f
}

// event returns the event of a record.
func (c *changes) event(kind Kind, rec *Record, ref mft.Ref) Event {
	return Event{Kind: kind, LSN: rec.LSN, Offset: rec.Offset, Transaction: c.tx.ID, State: c.tx.State, Copied: rec.Copied, File: ref}
}

func (c *changes) record(rec *Record) {
	switch rec.Redo {
	case AddIndexEntryRoot, AddIndexEntryAllocation:
		c.indexEntry(rec, rec.RedoData, true)
		return
	case DeleteIndexEntryRoot, DeleteIndexEntryAllocation:
		c.indexEntry(rec, rec.UndoData, false)
		return
	}
	entry, ok := rec.Entry()
	if !ok {
		return
	}
	switch {
	case rec.Redo == InitializeFileRecordSegment:
		c.initialize(rec, entry)
	case rec.Redo == DeallocateFileRecordSegment:
		c.deallocate(rec, entry)
	case rec.Redo == Noop && rec.Undo == InitializeFileRecordSegment:
		if s := parseSegment(rec.UndoData); s.ok && s.inUse {
			c.file(entry, s.seq).rewritten = true
		}
	case rec.Redo == CreateAttribute:
		c.attribute(rec, entry, rec.RedoData, true)
	case rec.Redo == DeleteAttribute:
		c.attribute(rec, entry, rec.UndoData, false)
	case rec.Redo == UpdateResidentValue:
		if isStandardInformation(rec) {
			e := c.event(InfoChanged, rec, mft.Ref{Entry: entry})
			at := int(rec.AttributeOffset) - residentLen
			e.Info, e.OldInfo = parseInfo(rec.RedoData, at), parseInfo(rec.UndoData, at)
			c.events = append(c.events, e)
		}
	case rec.Redo == SetNewAttributeSizes:
		e := c.event(Resized, rec, mft.Ref{Entry: entry})
		e.AttributeOffset, e.Sizes, e.OldSizes = rec.RecordOffset, parseSizes(rec.RedoData), parseSizes(rec.UndoData)
		c.events = append(c.events, e)
	case rec.Redo == UpdateMappingPairs:
		e := c.event(RunsChanged, rec, mft.Ref{Entry: entry})
		e.AttributeOffset, e.Runs, e.OldRuns = rec.RecordOffset, rec.RedoData, rec.UndoData
		c.events = append(c.events, e)
	}
}

// initialize takes a new record of the $MFT. NTFS writes empty ones too, when it makes
// room in the $MFT, and records of files that need more than one.
func (c *changes) initialize(rec *Record, entry uint64) {
	s := parseSegment(rec.RedoData)
	if !s.ok || !s.inUse || !s.base.IsZero() {
		return
	}
	f := c.file(entry, s.seq)
	if f.rewritten {
		return
	}
	e := c.event(Created, rec, mft.Ref{Entry: entry, Seq: s.seq})
	e.Dir, e.Info, e.Name = s.dir, s.info, bestName(s.names)
	f.created = &e
}

// deallocate takes a record of the $MFT that becomes free.
func (c *changes) deallocate(rec *Record, entry uint64) {
	s := parseSegment(rec.UndoData)
	if s.ok && !s.base.IsZero() {
		return
	}
	f := c.file(entry, s.seq)
	e := c.event(Deleted, rec, mft.Ref{Entry: entry, Seq: s.seq})
	e.Dir, e.Name = s.dir, bestName(s.names)
	f.deleted = &e
}

// attribute takes an attribute that is added or removed.
func (c *changes) attribute(rec *Record, entry uint64, b []byte, added bool) {
	a, ok := parseAttribute(b)
	if !ok {
		return
	}
	switch {
	case a.kind == mft.AttrFileName && a.value != nil:
		fn, err := mft.ParseFileName(a.value, -1)
		if err != nil {
			return
		}
		f := c.file(entry, 0)
		if added {
			f.added = append(f.added, named{fn, rec})
		} else {
			f.removed = append(f.removed, named{fn, rec})
		}
	case a.kind == mft.AttrData && a.name != "":
		kind := StreamRemoved
		if added {
			kind = StreamAdded
		}
		e := c.event(kind, rec, mft.Ref{Entry: entry})
		e.Stream = a.name
		c.events = append(c.events, e)
	}
}

// indexEntry takes an entry of a folder that is added or removed. Other indexes have
// entries too, with other keys.
func (c *changes) indexEntry(rec *Record, b []byte, added bool) {
	if a := &rec.Attribute; !a.File.IsZero() && a.Name != folderIndex {
		return
	}
	ref, fn, ok := parseIndexEntry(b)
	if !ok {
		return
	}
	f := c.file(ref.Entry, ref.Seq)
	if added {
		f.indexed = append(f.indexed, named{fn, rec})
	} else {
		f.unindexed = append(f.unindexed, named{fn, rec})
	}
}

// judge adds the events of an entry.
func (c *changes) judge(entry uint64) {
	f := c.files[entry]
	moved(&f.indexed, &f.unindexed)
	moved(&f.added, &f.removed)
	for _, e := range []*Event{f.created, f.deleted} {
		if e == nil {
			continue
		}
		names := [][]named{f.added, f.indexed}
		if e.Kind == Deleted {
			names = [][]named{f.removed, f.unindexed}
		}
		for _, list := range names {
			if e.Name == nil && len(list) > 0 {
				e.Name = &bestNamed(list).fn
			}
		}
		if e.File.Seq == 0 {
			e.File.Seq = f.ref.Seq
		}
		c.events = append(c.events, *e)
	}
	if f.created != nil || f.deleted != nil || f.rewritten {
		return
	}
	switch {
	case len(f.added) > 0 || len(f.removed) > 0:
		c.names(f, f.added, f.removed, LinkAdded, LinkRemoved)
	default:
		c.names(f, f.indexed, f.unindexed, Indexed, Unindexed)
	}
}

// names adds the events of names that were added and removed.
func (c *changes) names(f *fileChange, added, removed []named, add, remove Kind) {
	switch {
	case len(added) > 0 && len(removed) > 0:
		to, from := bestNamed(added), bestNamed(removed)
		e := c.event(Renamed, to.rec, f.ref)
		e.Name, e.Old = &to.fn, &from.fn
		c.events = append(c.events, e)
	case len(added) > 0:
		best := bestNamed(added)
		e := c.event(add, best.rec, f.ref)
		e.Name = &best.fn
		c.events = append(c.events, e)
	case len(removed) > 0:
		best := bestNamed(removed)
		e := c.event(remove, best.rec, f.ref)
		e.Name = &best.fn
		c.events = append(c.events, e)
	}
}

// moved drops the names that are removed and added: NTFS moves the entries of a folder, and
// attributes.
func moved(added, removed *[]named) {
	*added = slices.DeleteFunc(*added, func(a named) bool {
		i := slices.IndexFunc(*removed, func(b named) bool {
			return a.fn.Name == b.fn.Name && a.fn.Parent == b.fn.Parent && a.fn.Namespace == b.fn.Namespace
		})
		if i >= 0 {
			*removed = slices.Delete(*removed, i, i+1)
		}
		return i >= 0
	})
}

// bestNamed returns the long name, if there is one.
func bestNamed(list []named) *named {
	for i := range list {
		if list[i].fn.Namespace != mft.NamespaceDOS {
			return &list[i]
		}
	}
	return &list[0]
}

func bestName(list []mft.FileName) *mft.FileName {
	for i := range list {
		if list[i].Namespace != mft.NamespaceDOS {
			return &list[i]
		}
	}
	if len(list) > 0 {
		return &list[0]
	}
	return nil
}

// folderIndex is the name of the index of a folder.
const folderIndex = "$I30"
