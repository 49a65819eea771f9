package mfttest

import (
	"cmp"
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft"
)

const stride = 512 // of fixups

// record is a base record before it is written.
type record struct {
	ref   mft.Ref // as in the header
	flags mft.RecordFlags
	links uint16
	attrs []*attribute
	slack []byte // behind the attributes of the base record
}

// attributesOff returns the offset of the attributes in a record.
func (w *writer) attributesOff() int { return align(0x30+2*(w.RecordSize/stride+1), 8) }

// room returns how many bytes of a record are for attributes.
func (w *writer) room() int { return w.RecordSize - w.attributesOff() - 8 }

// write encodes a record into the $MFT, with extension records if one is not
// enough.
func (w *writer) write(r *record) {
	base := w.spread(r)
	sortAttributes(base)
	w.put(r.ref, mft.Ref{}, r.flags, r.links, base, r.slack)
}

func sortAttributes(attrs []*attribute) {
	slices.SortStableFunc(attrs, func(a, b *attribute) int {
		return cmp.Or(cmp.Compare(a.typ, b.typ), slices.Compare(upperUnits(a.name), upperUnits(b.name)), cmp.Compare(a.startVCN, b.startVCN))
	})
}

func total(attrs []*attribute) (n int) {
	for _, a := range attrs {
		n += a.len()
	}
	return n
}

// spread returns the attributes that stay in the base record. The others go to
// extension records, and an $ATTRIBUTE_LIST is added.
func (w *writer) spread(r *record) []*attribute {
	if total(r.attrs) <= w.room() {
		return r.attrs
	}
	// The first part of the $MFT records the place of the extension records that
	// hold the other parts, so they take the entries that are reserved for them.
	isMFT, reserved := r.ref.Entry == mft.EntryMFT, uint64(firstExtension)
	first := w.room()
	if isMFT {
		first /= 4
	}
	var all []*attribute
	for _, a := range r.attrs {
		all = append(all, a.split(first, w.room())...)
	}
	sortAttributes(all)
	// Attributes that are needed to read the others stay, and the longest go
	// first.
	moving := slices.DeleteFunc(slices.Clone(all), func(a *attribute) bool {
		return a.typ == mft.AttrStandardInformation || a.typ == mft.AttrIndexRoot || isMFT && a.startVCN == 0
	})
	slices.SortStableFunc(moving, func(a, b *attribute) int { return cmp.Compare(b.len(), a.len()) })
	list := w.listAttribute(len(listOf(all, nil)))
	left := total(all) + list.len()
	n := 0
	for ; left > w.room() && n < len(moving); n++ {
		left -= moving[n].len()
	}
	moving = moving[:n]
	sortAttributes(moving)

	where := map[*attribute]place{}
	for len(moving) > 0 {
		n, size := 0, 0
		for n < len(moving) && size+moving[n].len() <= w.room() {
			size += moving[n].len()
			n++
		}
		ext := mft.Ref{Entry: reserved, Seq: 1}
		if reserved++; !isMFT {
			ext.Entry = w.tree.entry(0)
		}
		if r.flags&mft.RecordInUse == 0 {
			ext.Seq++
		}
		for i, a := range moving[:n] {
			where[a] = place{mft.Ref{Entry: ext.Entry, Seq: 1}, uint16(i)}
		}
		base := r.ref
		if r.flags&mft.RecordInUse == 0 {
			base.Seq--
		}
		w.put(ext, base, r.flags&mft.RecordInUse, 0, moving[:n], nil)
		moving = moving[n:]
	}
	stay := []*attribute{list}
	for _, a := range all {
		if _, moved := where[a]; !moved {
			stay = append(stay, a)
		}
	}
	sortAttributes(stay)
	self := r.ref
	if r.flags&mft.RecordInUse == 0 {
		self.Seq--
	}
	for i, a := range stay {
		where[a] = place{self, uint16(i)}
	}
	w.setList(list, listOf(all, where))
	return stay
}

// place is the record that holds an attribute, and its number in that record.
type place struct {
	record mft.Ref
	id     uint16
}

// listOf returns the value of the $ATTRIBUTE_LIST of attributes.
func listOf(attrs []*attribute, where map[*attribute]place) []byte {
	var b []byte
	for _, a := range attrs {
		units := wtf8.Encode(a.name)
		e := make([]byte, align(0x1a+len(units), 8))
		le.PutUint32(e, uint32(a.typ))
		le.PutUint16(e[0x04:], uint16(len(e)))
		e[0x06], e[0x07] = byte(len(units)/2), 0x1a
		le.PutUint64(e[0x08:], a.startVCN)
		le.PutUint64(e[0x10:], where[a].record.Uint64())
		le.PutUint16(e[0x18:], where[a].id)
		copy(e[0x1a:], units)
		b = append(b, e...)
	}
	return b
}

// maxResidentList is the longest $ATTRIBUTE_LIST that is kept in its record.
const maxResidentList = 384

// listAttribute returns an $ATTRIBUTE_LIST of n bytes; setList sets its content.
func (w *writer) listAttribute(n int) *attribute {
	if n <= maxResidentList {
		return &attribute{typ: mft.AttrAttributeList, value: make([]byte, n)}
	}
	return w.stored(mft.AttrAttributeList, "", make([]byte, n))
}

func (w *writer) setList(a *attribute, value []byte) {
	if a.nonResident {
		w.pieces[a.runs[0].LCN] = value
		return
	}
	a.value = value
}

// put encodes a single record into the $MFT. Attribute i gets the number i. What does not
// fit of the slack is cut off.
func (w *writer) put(ref, base mft.Ref, flags mft.RecordFlags, links uint16, attrs []*attribute, slack []byte) {
	b := make([]byte, w.attributesOff(), w.RecordSize)
	for i, a := range attrs {
		b = a.encode(b, uint16(i))
	}
	b = le.AppendUint32(b, 0xffffffff)
	b = append(b, 0, 0, 0, 0)
	copy(b, "FILE")
	le.PutUint16(b[0x04:], 0x30)
	le.PutUint16(b[0x06:], uint16(w.RecordSize/stride+1))
	le.PutUint16(b[0x10:], ref.Seq)
	le.PutUint16(b[0x12:], links)
	le.PutUint16(b[0x14:], uint16(w.attributesOff()))
	le.PutUint16(b[0x16:], uint16(flags))
	le.PutUint32(b[0x18:], uint32(len(b)))
	le.PutUint32(b[0x1c:], uint32(w.RecordSize))
	le.PutUint64(b[0x20:], base.Uint64())
	le.PutUint16(b[0x28:], uint16(len(attrs)))
	le.PutUint32(b[0x2c:], uint32(ref.Entry))
	copy(b[len(b):w.RecordSize], slack)
	b = b[:w.RecordSize]
	protect(b, 0x30)
	w.records[ref.Entry] = b
	if flags&mft.RecordInUse != 0 {
		w.inUse[ref.Entry] = true
	}
}

// protect moves the last two bytes of every stride into the update sequence array
// at off, and replaces them by the update sequence number 1.
func protect(block []byte, off int) {
	const number = 1
	le.PutUint16(block[off:], number)
	for i := range len(block) / stride {
		end := (i+1)*stride - 2
		copy(block[off+2+2*i:], block[end:end+2])
		le.PutUint16(block[end:], number)
	}
}
