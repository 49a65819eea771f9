package mft

import (
	"maps"
	"slices"
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
	paths     pathCache         // of directories that were asked for
}

// dir is the place and the name of a directory.
type dir struct {
	header
	parent Ref
	name   string
}

// linked returns the links, which the first call makes.
func (r *Reader) linked() (*links, error) {
	r.once.Do(func() { r.links, r.err = r.link() })
	return r.links, r.err
}

func (r *Reader) link() (*links, error) {
	l := &links{base: map[uint64]uint64{}, claimants: map[uint64][]Ref{}, dirs: map[uint64]dir{}}
	claims := map[uint64][]claim{}
	var rec Record
	for b, err := range r.blocks(0, r.Len()) {
		switch {
		case err == nil:
		case damage.Is(err):
			continue // Records reports it
		default:
			return nil, err
		}
		h, ok := headerOf(b.data)
		switch {
		case !ok:
		case !h.base.IsZero():
			claims[h.base.Entry] = append(claims[h.base.Entry], claim{b.entry, h})
		case h.flags&RecordDirectory != 0 || b.entry == EntryMFT:
			if err := rec.decode(b.data, place{entry: b.entry, volume: -1}); err != nil {
				continue
			}
			rec.interpret()
			if rec.IsDir() {
				l.addDir(&rec)
			} else if fn := rec.bestName(); fn != nil {
				l.formatted = fn.Created
			}
		}
	}
	for _, entry := range slices.Sorted(maps.Keys(claims)) {
		if err := r.settle(l, entry, claims[entry]); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// isPart reports whether an entry is an extension record of a base record.
func (l *links) isPart(entry uint64) bool {
	_, part := l.base[entry]
	return part
}

func (l *links) addDir(rec *Record) {
	d := dir{header: rec.header()}
	if fn := rec.bestName(); fn != nil {
		d.parent, d.name = fn.Parent, fn.Name
	}
	l.dirs[rec.Entry] = d
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
		l.addDir(rec)
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
