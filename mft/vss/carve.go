package vss

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/winid"
)

// ErrOverwritten is the cause of the error for a carved snapshot of which nothing is left but
// the record of its store's file.
var ErrOverwritten = errors.New("the store is overwritten")

// Carving is what the file system of a volume records about its stores. Without it the time
// of a store is not known, and a block of a store that was overwritten is not recognized.
type Carving struct {
	Files []StoreFile
	// Reused reports whether a file that is not a store has one of the n bytes at an offset.
	Reused func(off, n int64) bool
}

// StoreFile is the file of a store: one that exists, or a deleted one whose record is left.
type StoreFile struct {
	StoreID GUID
	File    uint64    // file reference
	Created time.Time // Windows makes the file less than a second before the snapshot
	Deleted bool
	Offset  int64 // of its first cluster, in bytes from the beginning of the volume; -1 if it has none
}

// ParseStoreName reads the name of the file of a store, "{GUID}{GUID}": the identifier of the
// store and that of the format.
func ParseStoreName(name string) (store GUID, ok bool) {
	const braces = 38
	if len(name) != 2*braces || !strings.EqualFold(name[braces:], "{"+GUID([]byte(identifier)).String()+"}") {
		return GUID{}, false
	}
	store, err := winid.ParseGUID(name[:braces])
	return store, err == nil
}

// Carve returns a Reader that also has the snapshots that the catalog does not list, in
// Carved: those that were deleted, as by "vssadmin delete shadows", or whose catalog is lost.
// It reads the whole volume once. If there is nothing, the cause of the error is ErrNone.
//
// What the catalog recorded of a carved snapshot is gone. Created is the birth of the file of
// its store, and zero if no file of Carving has it; Size is that of the volume now. The store
// has no checksums: it is one by the offsets that its blocks record.
//
// After the deletion no store kept what changed on the volume. A carved snapshot therefore
// reads what the stores keep, and for the rest what is on the volume now; Shows tells them
// apart. A kept block whose clusters another file has is an error, as is a block that a store
// of unknown age keeps, if the snapshot's own store does not.
func Carve(ctx context.Context, r io.ReaderAt, size int64, with Carving, opts ...Option) (*Reader, error) {
	listed, none := NewReader(r, size, opts...)
	if none != nil && !errors.Is(none, ErrNone) {
		return nil, none
	}
	// The listed snapshots read as without the carved ones, so these have a Reader of their own.
	all, err := NewReader(r, size, opts...)
	if errors.Is(err, ErrNone) {
		all = &Reader{name: defaultName, src: r, size: size}
		for _, opt := range opts {
			opt(all)
		}
	} else if err != nil {
		return nil, err
	}
	all.lost, all.reused = nil, with.Reused
	if all.carved, err = all.carve(ctx, with.Files); err != nil {
		return nil, damage.In(err, all.name, "")
	}
	switch {
	case none == nil:
		listed.carved, listed.problems = all.carved, all.problems
	case len(all.carved) == 0:
		return nil, none
	default:
		listed = &Reader{name: all.name, src: r, size: size, carved: all.carved, problems: all.problems}
	}
	return listed, nil
}

// carve returns the snapshots that the catalog does not list, linked with those that it does.
func (r *Reader) carve(ctx context.Context, files []StoreFile) ([]*Snapshot, error) {
	found, err := r.scan(ctx)
	if err != nil {
		return nil, err
	}
	listed := map[GUID]bool{}
	starts := map[uint64]bool{}
	for _, s := range r.snapshots {
		if s.store.entry >= 0 {
			listed[s.StoreID], starts[s.store.header] = true, true
		}
		if err := s.store.load(); err != nil { // its blocks are not those of other stores
			return nil, err
		}
	}
	maps.DeleteFunc(found, func(at uint64, p *piece) bool { return r.claimed[at] || starts[p.start()] })
	carved := r.assemble(found)
	files = slices.DeleteFunc(slices.Clone(files), func(f StoreFile) bool { return listed[f.StoreID] })
	slices.SortStableFunc(files, newestFirst) // of two files with the same clusters, the later one has them
	for _, f := range files {
		i := slices.IndexFunc(carved, func(s *Snapshot) bool {
			return f.Offset >= 0 && s.store.header == uint64(f.Offset) && s.StoreID.IsZero()
		})
		if i < 0 {
			i, carved = len(carved), append(carved, r.gone(f.Offset))
		}
		s := carved[i]
		s.StoreID, s.File, s.Created = f.StoreID, f.File, f.Created
	}
	r.order(carved)
	for _, s := range carved {
		if s.store.problem != nil {
			s.store.problem = damage.In(s.store.problem, r.name, s.store.path)
			s.store.note(damage.Malformed, s.store.problem)
		} else if err := r.openStore(s); err != nil {
			return nil, err
		}
	}
	return carved, nil
}

// gone returns the snapshot of a store of which only the file is known.
func (r *Reader) gone(off int64) *Snapshot {
	s := r.newCarved(off)
	s.store.problem = &damage.Error{Offset: off, What: "store", Err: ErrOverwritten}
	return s
}

// newestFirst orders the files of stores: those that exist, then deleted ones.
func newestFirst(a, b StoreFile) int {
	if a.Deleted != b.Deleted {
		if a.Deleted {
			return 1
		}
		return -1
	}
	return b.Created.Compare(a.Created)
}

func (r *Reader) newCarved(start int64) *Snapshot {
	path := "carved shadow copy"
	if start >= 0 {
		path += fmt.Sprintf(" at %#x", start)
	}
	return &Snapshot{r: r, Carved: true, Size: r.size / sectorSize * sectorSize, Offset: start,
		store: &store{r: r, carved: true, entry: start, header: uint64(start), path: path}}
}

// assemble puts blocks together to stores: those that were written when the store was made by
// their common start, later ones by the list of ranges.
func (r *Reader) assemble(found scanned) []*Snapshot {
	stores := map[uint64]*Snapshot{}
	for _, kind := range [...]uint32{recordStore, recordRanges, recordList} {
		for _, p := range found.heads(kind) {
			s := stores[p.start()]
			if s == nil && len(stores) == maxSnapshots {
				r.note(damage.Limit, damage.New("stores that the catalog does not list", int64(p.at), "more", fmt.Sprintf("≤ %d", maxSnapshots)))
				break
			}
			if s == nil && (kind == recordStore && p.in == 0 || kind == recordRanges || kind == recordList && p.in == blockSize) {
				s = r.newCarved(int64(p.start()))
				stores[p.start()] = s
			}
			if s != nil && kind == recordRanges && s.store.ranges == 0 {
				s.store.ranges = p.at
			}
		}
	}
	all := slices.SortedFunc(maps.Values(stores), func(a, b *Snapshot) int { return cmp.Compare(a.Offset, b.Offset) })
	lists, bitmaps := map[*Snapshot][]*piece{}, map[*Snapshot][]*piece{}
	parts := map[*Snapshot][]part{}
	peek := &Reader{src: r.src, size: r.size, reused: r.reused}
	for _, s := range all {
		parts[s] = peek.ranges(s.store.ranges)
	}
	for _, kind := range [...]uint32{recordList, recordBitmap} {
		for _, p := range found.heads(kind) {
			i := slices.IndexFunc(all, func(s *Snapshot) bool {
				at, ok := place(parts[s], p.in)
				return ok && at == p.at || s.store.header == p.start()
			})
			switch {
			case i < 0:
			case kind == recordList:
				lists[all[i]] = append(lists[all[i]], p)
			default:
				bitmaps[all[i]] = append(bitmaps[all[i]], p)
			}
		}
	}
	for _, s := range all {
		s.store.takeLists(lists[s])
		s.store.takeBitmaps(found, bitmaps[s])
	}
	return all
}

// ranges reads a list of ranges; load reads it again, and notes what is wrong with it.
func (r *Reader) ranges(at uint64) []part {
	parts, err := (&store{r: r, ranges: at}).readRanges()
	if err != nil {
		return nil
	}
	return parts
}

// takeLists gives the store its list of blocks, which may be in several parts.
func (s *store) takeLists(heads []*piece) {
	slices.SortFunc(heads, func(a, b *piece) int { return cmp.Compare(a.in, b.in) })
	if len(heads) == 0 {
		s.problem = &damage.Error{Offset: int64(s.header), What: "list of blocks", Got: "none", Err: ErrOverwritten}
		return
	}
	s.list = heads[0].at
	for _, p := range heads[1:] {
		s.rest = append(s.rest, p.at)
	}
	if heads[0].in != blockSize {
		s.lose(damage.New("list of blocks", int64(s.header), fmt.Sprintf("overwritten up to %#x of the store", heads[0].in), nil))
	}
	if s.ranges == 0 {
		s.note(damage.Malformed, damage.New("list of ranges", int64(s.header), "none", nil))
	}
}

// takeBitmaps gives the store its bitmaps: its own, and behind it that of the snapshot before.
// Blocks read as zeros by them, so one that may be another's is not used.
func (s *store) takeBitmaps(found scanned, heads []*piece) {
	slices.SortFunc(heads, func(a, b *piece) int { return cmp.Compare(a.in, b.in) })
	whole := len(heads) <= 2
	for i := 0; whole && i < len(heads); i++ {
		whole = found.whole(heads[i])
	}
	switch {
	case !whole:
		s.note(damage.Malformed, damage.New("bitmap", int64(s.header), "only parts of it", nil))
	case len(heads) == 2:
		s.bitmap, s.previous = heads[0].at, heads[1].at
	case len(heads) == 1 && s.ranges != 0 && heads[0].at == s.ranges+blockSize:
		s.bitmap = heads[0].at // nothing can be before it
	default:
		s.note(damage.Malformed, damage.New("bitmap", int64(s.header), "none that is known to be its own", nil))
	}
}

// order sorts carved snapshots, numbers them, and links each with the stores that are newer.
func (r *Reader) order(carved []*Snapshot) {
	slices.SortStableFunc(carved, func(a, b *Snapshot) int {
		if a.Created.IsZero() != b.Created.IsZero() {
			return cmp.Compare(b.Created.Unix(), a.Created.Unix()) // the zero time is last
		}
		return a.Created.Compare(b.Created)
	})
	var dated, undated []*Snapshot
	for i, s := range carved {
		s.Number = len(r.snapshots) + i + 1
		if s.Created.IsZero() {
			undated = append(undated, s)
		} else {
			dated = append(dated, s)
		}
	}
	dated = append(dated, r.snapshots...)
	slices.SortStableFunc(dated, func(a, b *Snapshot) int { return a.Created.Compare(b.Created) })
	for i, s := range dated {
		if s.store.next = nil; i+1 < len(dated) {
			s.store.next = dated[i+1].store
		}
		for _, u := range undated {
			s.store.undated = append(s.store.undated, u.store)
		}
	}
	for _, u := range undated {
		for _, s := range slices.Concat(dated, undated) {
			if s != u {
				u.store.undated = append(u.store.undated, s.store)
			}
		}
	}
}

// undatedChange returns how many of the n bytes at an offset no store of unknown age has, or
// an error if it is none: what they were then depends on which of the stores is newer.
func (s *store) undatedChange(off, n int64) (int64, error) {
	for _, u := range s.undated {
		if err := u.load(); err != nil {
			return 0, err
		}
		b, gap := u.find(off)
		if b != nil {
			return 0, damage.New("block of a shadow copy", off, "kept by "+u.path+", of which it is not known whether it is newer", nil)
		}
		n = min(n, gap)
	}
	return n, nil
}
