package mft

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// Record returns the file whose base record is at entry, whether it exists or was
// deleted. The error for an entry that was never used satisfies errors.Is(err,
// fs.ErrNotExist); damage to the whole record is a *FormatError. A record that
// comes with an error is empty.
//
// The entry of an extension record gives that record alone.
func (r *Reader) Record(entry uint64) (*Record, error) {
	rec, err := r.record(entry)
	if err != nil {
		return r.empty(entry), err
	}
	return rec, nil
}

// empty returns a record that has nothing but its place, to go with the error
// about an entry.
func (r *Reader) empty(entry uint64) *Record {
	rec := noPlace()
	rec.Entry = entry
	if entry < r.Len() {
		at := r.place(entry)
		rec.Offset, rec.VolumeOffset = at.offset, at.volume
	}
	return rec
}

func (r *Reader) record(entry uint64) (*Record, error) {
	rec, err := r.single(entry)
	if err != nil {
		return nil, err
	}
	refs, known, err := r.listed(rec)
	if err != nil {
		return nil, err
	}
	if !known {
		l, err := r.linked()
		if err != nil {
			return nil, err
		}
		refs = l.claimants[entry]
	}
	if err := r.extend(rec, refs, nil); err != nil {
		return nil, err
	}
	rec.interpret()
	r.judgeLength(rec)
	return rec, nil
}

// Records iterates over the files in the order of their base records, those that
// exist and those that were deleted. Extension records come with their base; an
// orphaned one is yielded by itself: see [Record.IsOrphanExtension].
//
// A *FormatError means that this entry is damaged, and iteration goes on; any
// other error ends the iteration. A record that comes with an error is empty but
// for its entry. Breaking early and ranging again are safe. The caller owns the
// records.
func (r *Reader) Records() iter.Seq2[*Record, error] {
	return r.records(0, r.Len(), func() *Record { return new(Record) }, slices.Clone[[]byte])
}

// Scan is like [Reader.Records] but for callers that keep no record: a record, and
// all that it points to except strings, is valid only until the next one. Beyond
// the names it does not allocate per record.
func (r *Reader) Scan() iter.Seq2[*Record, error] {
	return r.ScanRange(0, r.Len())
}

// ScanRange is like [Reader.Scan] but reads only the entries from first up to, but not
// including, end. Goroutines that scan different ranges share the work: together they
// yield what Scan yields.
func (r *Reader) ScanRange(first, end uint64) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		var rec Record
		r.records(first, end, func() *Record { return &rec }, func(b []byte) []byte { return b })(yield)
	}
}

// records decodes each file into the record that record returns. The bytes of a
// file are valid only until the next one: keep returns bytes that the record may
// hold.
func (r *Reader) records(first, end uint64, record func() *Record, keep func([]byte) []byte) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		l, err := r.linked()
		if err != nil {
			yield(noPlace(), err)
			return
		}
		for b, err := range r.blocks(first, end) {
			var rec *Record
			if err == nil {
				if b.unused() || l.isPart(b.entry) {
					continue
				}
				rec = record()
				err = r.whole(rec, block{b.entry, keep(b.data)}, l)
			}
			if err != nil {
				rec = r.empty(b.entry)
			}
			if !yield(rec, err) || err != nil && !damage.Is(err) {
				return
			}
		}
	}
}

// Problems iterates over the damage to the records.
func (r *Reader) Problems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		for rec, err := range r.Scan() {
			if err != nil {
				if !yield(damage.Note(damage.Malformed, err, r.name, "")) {
					return
				}
				continue
			}
			for _, p := range rec.Problems {
				if !yield(p) {
					return
				}
			}
		}
	}
}

// block holds the bytes of an entry, valid until the next block.
type block struct {
	entry uint64
	data  []byte
}

func (b block) unused() bool { return string(b.data[:4]) == "\x00\x00\x00\x00" }

// blocks iterates over the entries from first up to end, including those that were
// never used, with one ReadAt for many of them. For each entry that cannot be read it
// yields a damage error.
func (r *Reader) blocks(from, to uint64) iter.Seq2[block, error] {
	const chunk = 1 << 20
	return func(yield func(block, error) bool) {
		size, start, end := int64(r.recordSize), int64(min(from, r.Len())), int64(min(to, r.Len()))
		var buf []byte
		if n := max(0, min(chunk, (end-start)*size)); n == chunk {
			kept, _ := r.chunks.Get().(*[chunk]byte)
			if kept == nil {
				kept = new([chunk]byte)
			}
			defer r.chunks.Put(kept)
			buf = kept[:]
		} else {
			buf = make([]byte, n)
		}
		for first := start; first < end; first += int64(len(buf)) / size {
			n := min(int64(len(buf))/size, end-first)
			err := bin.ReadFull(r.src, buf[:n*size], first*size, "records")
			if err != nil && !damage.Is(err) {
				yield(block{}, err)
				return
			}
			oneByOne := err != nil
			for i := range n {
				b := block{uint64(first + i), buf[i*size : (i+1)*size : (i+1)*size]}
				var err error
				if oneByOne {
					err = r.read(b.data, b.entry)
				}
				if !yield(b, err) || err != nil && !damage.Is(err) {
					return
				}
			}
		}
	}
}

// read reads the whole record at entry into b.
func (r *Reader) read(b []byte, entry uint64) error {
	if err := bin.ReadFull(r.src, b, int64(entry)*int64(r.recordSize), "record"); err != nil {
		return r.in(err, entryPath(entry, ""))
	}
	return nil
}

// whole decodes the record in a block, whose bytes rec keeps, together with its
// extensions.
func (r *Reader) whole(rec *Record, b block, l *links) error {
	if err := rec.decode(b.data, r.place(b.entry)); err != nil {
		return err
	}
	if rec.IsOrphanExtension() && rec.InUse() {
		rec.note(damage.Gap, damage.New("extension record", -1, fmt.Sprintf("not in the attribute list of entry %d", rec.Base.Entry), nil), "")
	}
	refs, err := r.extensions(rec, l)
	if err == nil {
		err = r.extend(rec, refs, l)
	}
	if err != nil {
		return err
	}
	rec.interpret()
	r.judgeLength(rec)
	return nil
}

// single reads one record without its extensions.
func (r *Reader) single(entry uint64) (*Record, error) {
	if entry >= r.Len() {
		return nil, r.noEntry(entry)
	}
	b := make([]byte, r.recordSize)
	if err := r.read(b, entry); err != nil {
		return nil, err
	}
	if (block{entry, b}).unused() {
		return nil, r.noEntry(entry)
	}
	return decodeRecord(b, r.place(entry))
}

func (r *Reader) noEntry(entry uint64) error {
	return fmt.Errorf("%s: entry %d was never used: %w", cmp.Or(r.name, nameMFT), entry, fs.ErrNotExist)
}

// extend adds to a base record what the extension records at refs hold. If l is
// not nil it reads no record that belongs to another base.
func (r *Reader) extend(rec *Record, refs []Ref, l *links) error {
	missing := 0
	for _, ref := range refs {
		if l != nil && l.base[ref.Entry] != rec.Entry {
			missing++
			continue
		}
		ext, err := r.single(ref.Entry)
		switch {
		case err == nil && ext.header().extends(ref.Seq, rec):
			rec.absorb(ext)
		case err == nil || damage.Is(err) || isNotExist(err):
			missing++
		default:
			return err
		}
	}
	if missing > 0 {
		rec.note(damage.Gap, damage.New("extension records", rec.Offset, len(refs)-missing, len(refs)), "")
	}
	return nil
}

// extensions returns the extension records of a base record: those that its
// $ATTRIBUTE_LIST names or, if that cannot be read, those that name it as their
// base.
func (r *Reader) extensions(rec *Record, l *links) ([]Ref, error) {
	refs, known, err := r.listed(rec)
	if err == nil && !known {
		refs = l.claimants[rec.Entry]
	}
	return refs, err
}

// listed returns the extension records that the $ATTRIBUTE_LIST of a record names.
// Known is false if the list cannot be read. An extension record has no list.
func (r *Reader) listed(rec *Record) (refs []Ref, known bool, err error) {
	if !rec.Base.IsZero() {
		return nil, true, nil
	}
	list, err := r.attributeList(rec)
	switch {
	case err == nil:
		return extensionRefs(list, rec.Entry), true, nil
	case damage.Is(err):
		rec.note(damage.Malformed, err, AttrAttributeList.String())
	case !errors.Is(err, ErrNoVolume):
		return nil, false, err
	}
	return nil, false, nil
}

// attributeList returns the $ATTRIBUTE_LIST of a record, or nil if it has none.
func (r *Reader) attributeList(rec *Record) ([]listEntry, error) {
	s, ok := rec.stream(AttrAttributeList, "")
	if !ok {
		return nil, nil
	}
	if r.volume != nil && !s.Resident {
		if err := r.volume.lists.spend(rec.Entry, int64(min(s.Size, maxListSize)), s.Offset); err != nil {
			return nil, err
		}
	}
	b, err := r.content(&s, maxListSize)
	if err != nil {
		return nil, err
	}
	base := int64(-1)
	if s.Resident {
		base = s.Offset
	}
	return parseAttributeList(b, base)
}

// content returns all of a stream, which must not exceed limit bytes.
func (r *Reader) content(s *Stream, limit int64) ([]byte, error) {
	if s.Resident {
		return s.Value, nil
	}
	if r.volume == nil {
		return nil, ErrNoVolume
	}
	x, err := newExtents(&r.volume.clusters, s)
	if err != nil {
		return nil, err
	}
	if x.size > min(limit, r.volume.clusters.size) {
		return nil, damage.New("size of the attribute", s.Offset+0x30, x.size, fmt.Sprintf("≤ %d", limit))
	}
	b := make([]byte, x.size)
	if _, err := x.ReadAt(b, 0); err != nil && err != io.EOF {
		return nil, err
	}
	return b, nil
}
