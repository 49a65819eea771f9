package mft

import (
	"fmt"
	"iter"

	"github.com/birthmark-dfir/birthmark/damage"
)

// EntryState is what is left of an index entry, and so what it proves.
type EntryState uint8

// The states of an entry of a folder's index.
const (
	// EntryInUse is an entry of the index: the folder has the name now.
	EntryInUse EntryState = iota
	// EntryWhole is in slack, and its header fits the name: the folder had that name, and it
	// was that of the file that the entry refers to.
	EntryWhole
	// EntryNoFile is in slack, and the header is overwritten: the folder had that name, for a
	// file that is not known.
	EntryNoFile
	// EntryNoFolder is in slack, and its front is overwritten: some folder had that name, for
	// a file that is not known. The times that are overwritten too are zero.
	EntryNoFolder
)

var entryStateNames = [...]string{"in_use", "whole", "no_file", "no_folder"}

// String returns the state in words with underscores, as in "no_file".
func (s EntryState) String() string {
	if int(s) < len(entryStateNames) {
		return entryStateNames[s]
	}
	return fmt.Sprint("state_", uint8(s))
}

// IndexEntry is an entry of the index $I30 of a folder: a name in the folder, with the times
// and sizes that the file had when Windows last copied them there. The times are those of
// $STANDARD_INFORMATION, so programs that forge times change them too, except in slack.
//
// The FileName's Offset is that of its value: from the beginning of the $MFT if Block is -1,
// else from the beginning of the volume, or of the file in which the index is.
type IndexEntry struct {
	FileName
	File  Ref // zero if it is not known, see EntryState
	State EntryState
	// Copied reports, of an entry in slack, that the index still has that name: changes in a
	// node leave copies of the entries that they move. Otherwise the name is gone from the
	// folder: the file was deleted, renamed or moved.
	Copied bool
	Block  int64 // in $INDEX_ALLOCATION; -1 for one in the record of the folder
}

// IndexEntries iterates over the entries of a folder's index: those in use, then those in
// slack, which are the names that the folder had before. The folder may be deleted; then
// none of them is in use, and blocks of the index that hold other content by now are
// skipped. Entries in slack may be those of another folder, whose cluster the block was: so
// Parent has the folder, not the record.
//
// A *FormatError means that a part of the index is damaged, and iteration goes on. Of a
// $MFT without its volume only the part of the index in the record can be read; if there is
// more, the last error is ErrNoVolume. A record that is not a folder has no entries.
func (r *Reader) IndexEntries(rec *Record) iter.Seq2[IndexEntry, error] {
	return func(yield func(IndexEntry, error) bool) {
		if rec == nil || !rec.IsDir() || r.recordSize == 0 {
			return
		}
		c := entryCollector{yield: yield, artifact: r.name, path: entryPath(rec.Entry, directoryIndexName)}
		if r.volume != nil {
			c.artifact = r.volume.name
		}
		if !rec.InUse() {
			c.folder = rec
		}
		c.visit = indexVisitor{entry: c.entry, slack: c.slack, note: c.note}
		r.index(rec, directoryIndexName, &c.visit)
		rec.eachSlack(func(s recordSlack, x remain) {
			if !x.named && (x.indexed || x.lost > 0 || rec.isFolder(x.folder())) {
				c.remain(x, s.offset, rootNode)
			}
		})
		c.finish()
	}
}

// entryCollector makes IndexEntries of what is in an index. It passes on entries in use
// at once, and keeps those in slack until all of the former are known.
type entryCollector struct {
	visit    indexVisitor
	yield    func(IndexEntry, error) bool
	artifact string
	path     string
	folder   *Record // that is deleted, or nil
	names    map[entryKey]bool
	remains  []IndexEntry
}

// entryKey identifies the file of an entry by what its state leaves: by its reference, by
// the folder and its creation, or by its last access.
type entryKey struct {
	name         string
	parent, file Ref
	time         int64
}

func (e *IndexEntry) key(state EntryState) entryKey {
	switch state {
	case EntryNoFile:
		return entryKey{e.Name, e.Parent, Ref{}, e.Created.UnixNano()}
	case EntryNoFolder:
		return entryKey{e.Name, Ref{}, Ref{}, e.Accessed.UnixNano()}
	}
	return entryKey{e.Name, e.Parent, e.File, 0}
}

func (c *entryCollector) pass(e IndexEntry, err error) {
	if !c.visit.done && !c.yield(e, err) {
		c.visit.done = true
	}
}

func (c *entryCollector) note(err error) {
	switch {
	case c.folder != nil && damage.Is(err): // the clusters may be another file's
	case damage.Is(err):
		c.pass(IndexEntry{Block: rootNode}, damage.In(err, c.artifact, c.path))
	default:
		c.pass(IndexEntry{Block: rootNode}, err)
	}
}

func (c *entryCollector) entry(x indexEntry) {
	e := IndexEntry{File: refAt(x.raw, 0), Block: x.block}
	switch err := e.FileName.decode(x.key, x.offset); {
	case err != nil:
		c.note(err)
	case c.folder == nil:
		if c.names == nil {
			c.names = map[entryKey]bool{}
		}
		for _, state := range [...]EntryState{EntryWhole, EntryNoFile, EntryNoFolder} {
			c.names[e.key(state)] = true
		}
		c.pass(e, nil)
	case c.folder.isFolder(e.Parent):
		e.State = EntryWhole
		c.remains = append(c.remains, e)
	}
}

func (c *entryCollector) slack(s indexSlack) {
	carveNames(s.b, int(max(s.offset, 0)&7), func(x remain) {
		if !x.named && (c.folder == nil || c.folder.isFolder(x.folder())) {
			c.remain(x, s.offset, s.block)
		}
	})
}

// remain keeps an entry that was found in the slack at an offset.
func (c *entryCollector) remain(x remain, offset, block int64) {
	e := IndexEntry{File: x.file, State: EntryNoFile, Block: block}
	switch {
	case x.indexed:
		e.State = EntryWhole
	case x.lost > 0:
		e.State = EntryNoFolder
	}
	key := x.key
	if x.lost > 0 { // what is lost reads as zeros
		key = append(make([]byte, x.lost), key...)
	}
	if e.FileName.decode(key, offset+int64(x.off)) == nil {
		c.remains = append(c.remains, e)
	}
}

// finish passes on what was found in slack.
func (c *entryCollector) finish() {
	for i := range c.remains {
		if c.visit.done {
			return
		}
		e := &c.remains[i]
		e.Copied = c.names[e.key(e.State)]
		c.pass(*e, nil)
	}
}

// NamePath returns the path of a file by one of its names, also by one that an index or
// slack has. The part that is not known is missing: see [Path.String].
func (r *Reader) NamePath(fn *FileName) Path {
	if fn == nil {
		return Path{Orphan: true}
	}
	return r.path(noPlace(), fn)
}
