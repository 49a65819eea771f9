package vss

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// An entry of the catalog is 128 bytes long. A snapshot has two. The one that describes it:
//
//	0x00   8  kind of entry: 2
//	0x08   8  size of the volume in bytes
//	0x10  16  identifier of the store
//	0x20   8  number of the snapshot since the first of the volume
//	0x28   8  flags
//	0x30   8  FILETIME of the snapshot
//
// and the one that says where the parts of its store begin, in bytes from the beginning of
// the volume:
//
//	0x00   8  kind of entry: 3
//	0x08   8  list of blocks
//	0x10  16  identifier of the store
//	0x20   8  header
//	0x28   8  list of ranges
//	0x30   8  bitmap of the blocks that were not in use
//	0x38   8  file reference of the store
//	0x40   8  allocated size
//	0x48   8  bitmap of the snapshot before, or 0
const (
	catalogEntryLen = 128

	entryEmpty    = 0
	entryUnused   = 1
	entrySnapshot = 2
	entryStore    = 3
)

// maxSnapshots is how many snapshots of a volume Windows makes.
const maxSnapshots = 512

// readCatalog reads the catalog at an offset of the volume. What is damaged is a problem,
// and r.lost says that a snapshot may be missing.
func (r *Reader) readCatalog(at uint64) error {
	var found []*Snapshot // in the order of the catalog
	full := false
	stores := map[GUID]*Snapshot{}
	err := r.chain(at, recordCatalog, "catalog", func(b []byte, off int64) {
		for len(b) >= catalogEntryLen {
			s, err := r.readEntry(b[:catalogEntryLen], off, stores)
			switch {
			case err != nil:
				r.lose(err)
			case s != nil && stores[s.StoreID] == nil && len(found) == maxSnapshots:
				full = true
			case s != nil && stores[s.StoreID] == nil:
				stores[s.StoreID] = s
				found = append(found, s)
			}
			b, off = b[catalogEntryLen:], off+catalogEntryLen
		}
	})
	if err != nil {
		if !damage.Is(err) {
			return err
		}
		r.lose(err)
	}
	if full {
		err := damage.New("snapshots in the catalog", int64(at), "more", fmt.Sprintf("≤ %d", maxSnapshots))
		r.note(damage.Limit, err)
		r.lost = cmp.Or(r.lost, damage.In(err, r.name, ""))
	}
	for _, s := range found {
		if s.Offset < 0 { // nothing describes it
			r.lose(damage.New("catalog entry of a store", s.store.entry, "no entry of its snapshot", nil))
			continue
		}
		r.snapshots = append(r.snapshots, s)
	}
	slices.SortFunc(r.snapshots, func(a, b *Snapshot) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.sequence, b.sequence), cmp.Compare(a.Offset, b.Offset))
	})
	for i, s := range r.snapshots {
		s.Number = i + 1
		if i == 0 {
			continue
		}
		older := r.snapshots[i-1]
		older.store.next = s.store
		if s.sequence <= older.sequence && s.sequence != 0 {
			r.note(damage.Conflict, damage.New("number of a snapshot", s.Offset+0x20, s.sequence, fmt.Sprintf("> %d, that of the one before it in time", older.sequence)))
		}
	}
	for _, s := range r.snapshots {
		if err := r.openStore(s); err != nil {
			return err
		}
	}
	return nil
}

// lose notes damage by which a snapshot may be missing.
func (r *Reader) lose(err error) {
	r.note(damage.Malformed, err)
	r.lost = cmp.Or(r.lost, damage.In(err, r.name, ""))
}

// readEntry reads an entry of the catalog at an offset of the volume, and returns its
// snapshot: one of those that are known, or a new one.
func (r *Reader) readEntry(b []byte, off int64, known map[GUID]*Snapshot) (*Snapshot, error) {
	kind := binary.LittleEndian.Uint64(b)
	switch {
	case kind == entryUnused, kind == entryEmpty && bin.AllZero(b):
		return nil, nil
	case kind != entrySnapshot && kind != entryStore:
		return nil, damage.New("kind of the catalog entry", off, kind, "0 to 3")
	}
	id := GUID(b[0x10:0x20])
	s := known[id]
	if s == nil {
		s = &Snapshot{r: r, Offset: -1, StoreID: id, store: &store{r: r, entry: -1}}
	}
	word := func(at int) uint64 { return binary.LittleEndian.Uint64(b[at:]) }
	if kind == entryStore {
		if s.store.entry >= 0 {
			return nil, damage.New("catalog entry of a store", off, "a second one of "+id.String(), nil)
		}
		s.store.entry = off
		s.store.list, s.store.header, s.store.ranges = word(0x08), word(0x20), word(0x28)
		s.store.bitmap, s.store.previous = word(0x30), word(0x48)
		s.File = word(0x38)
		return s, nil
	}
	if s.Offset >= 0 {
		return nil, damage.New("catalog entry of a snapshot", off, "a second one of "+id.String(), nil)
	}
	s.Offset, s.sequence, s.Created = off, word(0x20), filetime.Time(word(0x30))
	s.Size = int64(min(word(0x08), uint64(r.size)))
	if s.Size%sectorSize != 0 {
		r.note(damage.Malformed, damage.New("size of the volume in a snapshot", off+8, s.Size, fmt.Sprintf("a multiple of %d", sectorSize)))
	}
	if claimed := word(0x08); claimed > uint64(r.size) {
		r.note(damage.Malformed, damage.New("size of the volume in a snapshot", off+8, claimed, fmt.Sprintf("≤ %d, the size of the volume", r.size)))
	}
	return s, nil
}
