package mft

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
)

// links holds what one pass over the $MFT finds about how its records belong
// together. Its memory is bounded by the number of records.
type links struct {
	base      map[uint64]uint64 // by extension record: the base record it is part of
	claimants map[uint64][]Ref  // by base record: the extension records that name it
	dirs      map[uint64]dir    // by entry: the directories, including deleted ones
	formatted time.Time         // when the $MFT was made
	parts     []uint64          // a bit for each entry up to the last in base
	paths     pathCache         // of directories that were asked for
}

// dir is the place and the name of a directory.
type dir struct {
	header
	parent Ref
	name   string
	short  string // its 8.3 name beside that; "" if it has none
}

// linked returns the links, which the first call makes.
func (r *Reader) linked() (*links, error) {
	r.once.Do(func() { r.links, r.err = r.link(1) })
	return r.links, r.err
}

// Prepare makes the pass over the whole $MFT that paths and extension records need, with
// that many goroutines. Without it, the first call that needs the pass makes it, with one.
func (r *Reader) Prepare(workers int) error {
	r.once.Do(func() { r.links, r.err = r.link(workers) })
	return r.err
}

func (r *Reader) link(workers int) (*links, error) {
	ranges := make([]linkRange, max(1, min(workers, int(r.Len()/minLinkRange))))
	var wait sync.WaitGroup
	for i := range ranges {
		first, end := r.Len()*uint64(i)/uint64(len(ranges)), r.Len()*uint64(i+1)/uint64(len(ranges))
		if len(ranges) == 1 {
			ranges[i].read(r, first, end)
			break
		}
		wait.Go(func() { ranges[i].read(r, first, end) })
	}
	wait.Wait()
	all := &ranges[0]
	for i := range ranges {
		if err := ranges[i].err; err != nil {
			return nil, err
		}
		if i > 0 {
			all.add(&ranges[i])
		}
	}
	l := &links{base: map[uint64]uint64{}, claimants: map[uint64][]Ref{}, dirs: all.dirs, formatted: all.formatted}
	for _, entry := range slices.Sorted(maps.Keys(all.claims)) {
		if err := r.settle(l, entry, all.claims[entry]); err != nil {
			return nil, err
		}
	}
	l.markParts()
	return l, nil
}

// minLinkRange is how many entries are worth a goroutine.
const minLinkRange = 4096

// linkRange is what a range of entries holds of the links.
type linkRange struct {
	dirs      map[uint64]dir
	claims    map[uint64][]claim // by base record
	formatted time.Time
	err       error // of reading; damage is not one: Records reports it
}

func (l *linkRange) read(r *Reader, first, end uint64) {
	l.dirs, l.claims = map[uint64]dir{}, map[uint64][]claim{}
	var rec Record
	for b, err := range r.blocks(first, end) {
		switch {
		case err == nil:
		case damage.Is(err):
			continue
		default:
			l.err = err
			return
		}
		h, ok := headerOf(b.data)
		switch {
		case !ok:
		case !h.base.IsZero():
			l.claims[h.base.Entry] = append(l.claims[h.base.Entry], claim{b.entry, h})
		case h.flags&RecordDirectory != 0 || b.entry == EntryMFT:
			if err := rec.decode(b.data, place{entry: b.entry, volume: -1}); err != nil {
				continue
			}
			rec.interpret()
			if rec.IsDir() {
				l.dirs[rec.Entry] = dirOf(&rec)
			} else if fn := rec.bestName(); fn != nil {
				l.formatted = fn.Created
			}
		}
	}
}

// add adds the range that follows.
func (l *linkRange) add(next *linkRange) {
	maps.Copy(l.dirs, next.dirs)
	for base, claims := range next.claims {
		l.claims[base] = append(l.claims[base], claims...)
	}
	if !next.formatted.IsZero() {
		l.formatted = next.formatted
	}
}

// markParts makes the bits of what base holds, which is asked for each entry.
func (l *links) markParts() {
	var last uint64
	for entry := range l.base {
		last = max(last, entry)
	}
	if len(l.base) > 0 {
		l.parts = make([]uint64, last/64+1)
	}
	for entry := range l.base {
		l.parts[entry/64] |= 1 << (entry % 64)
	}
}

// isPart reports whether an entry is an extension record of a base record.
func (l *links) isPart(entry uint64) bool {
	return entry/64 < uint64(len(l.parts)) && l.parts[entry/64]&(1<<(entry%64)) != 0
}

func dirOf(rec *Record) dir {
	d := dir{header: rec.header()}
	if fn := rec.bestName(); fn != nil {
		d.parent, d.name = fn.Parent, fn.Name
		for i := range rec.FileNames {
			if other := &rec.FileNames[i]; other.Namespace == NamespaceDOS && other.Parent == fn.Parent {
				d.short = other.Name
			}
		}
	}
	return d
}

// claim is an extension record that names a base.
type claim struct {
	entry uint64
	header
}

// settle decides which of the extension records that name a base are part of it.
// It runs inside linked, so it uses only l: a call of linked would deadlock.
func (r *Reader) settle(l *links, entry uint64, claims []claim) error {
	rec, err := r.single(entry)
	if err != nil {
		if damage.Is(err) || isNotExist(err) {
			return nil
		}
		return err
	}
	if !rec.Base.IsZero() {
		return nil
	}
	seqs := map[uint64]header{}
	for _, c := range claims {
		if c.extends(c.seq, rec) && c.flags&RecordInUse == rec.Flags&RecordInUse {
			l.claimants[entry] = append(l.claimants[entry], Ref{c.entry, c.seq})
		}
		seqs[c.entry] = c.header
	}
	refs, err := r.extensions(rec, l)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		if h, ok := seqs[ref.Entry]; ok && h.extends(ref.Seq, rec) {
			l.base[ref.Entry] = entry
		}
	}
	if rec.IsDir() && len(l.base) > 0 {
		if err := r.extend(rec, refs, l); err != nil {
			return err
		}
		rec.interpret()
		l.dirs[rec.Entry] = dirOf(rec)
	}
	return nil
}

func (r *Record) header() header { return header{seq: r.Seq, flags: r.Flags, base: r.Base} }

// is reports whether a reference with that sequence number refers to this
// record. Deleting a file adds one to the sequence number of its records, so
// references with the number before still refer to a deleted record.
func (h header) is(seq uint16) bool {
	return h.seq == seq || h.flags&RecordInUse == 0 && h.seq == nextSeq(seq)
}

// nextSeq returns the sequence number after seq, which skips 0.
func nextSeq(seq uint16) uint16 {
	if seq == 0xffff {
		return 1
	}
	return seq + 1
}

// extends reports whether h, referred to with the sequence number seq, is an
// extension record of base.
func (h header) extends(seq uint16, base *Record) bool {
	return h.base.Entry == base.Entry && base.header().is(h.base.Seq) && h.is(seq)
}
