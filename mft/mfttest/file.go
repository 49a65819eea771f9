package mfttest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/birthmark-dfir/birthmark/mft"
)

// file stores the content of a file and puts its names into its directories. The
// record of a directory is written later, when all its files are known.
func (w *writer) file(n *node) error {
	if n.Dir {
		if err := w.describe(n); err != nil {
			return err
		}
		w.link(n, 0, 0)
		return nil
	}
	if n.Compressed && w.ClusterSize > maxCompressedCluster {
		return fmt.Errorf("compressed: NTFS does not compress with clusters of %d bytes", w.ClusterSize)
	}
	first := w.next
	attrs, err := w.described(n)
	if err != nil {
		return err
	}
	names := w.nameAttributes(n, 0, 0)
	data := w.data(n, w.room()-total(attrs)-total(names))
	allocated, size := data.sizes()
	attrs = append(attrs, data)
	if attrs, err = w.streams(n, attrs, total(names)); err != nil {
		return err
	}
	w.link(n, allocated, size)
	if n.Overwritten {
		w.freeSince(first)
		return nil
	}
	r := &record{ref: n.ref, flags: mft.RecordInUse, links: uint16(len(names)), attrs: append(attrs, w.nameAttributes(n, allocated, size)...)}
	r.slack = w.formerNames(n, allocated, size)
	if n.Deleted {
		r.flags &^= mft.RecordInUse
		r.ref.Seq++
	}
	w.write(r)
	le.PutUint64(w.records[n.ref.Entry][0x08:], n.LSN)
	if n.Deleted {
		w.freeSince(first)
	}
	return nil
}

// freeSince frees the clusters from first on.
func (w *writer) freeSince(first int64) {
	if w.next > first {
		w.free = append(w.free, mft.Run{LCN: first, Length: uint64(w.next - first)})
	}
}

// describe keeps the attributes of a directory until its index is written.
func (w *writer) describe(n *node) error {
	attrs, err := w.described(n)
	if err != nil {
		return err
	}
	n.attrs, err = w.streams(n, append(attrs, w.nameAttributes(n, 0, 0)...), 0)
	return err
}

// described returns $STANDARD_INFORMATION and, if the file asks for it, its own
// $SECURITY_DESCRIPTOR.
func (w *writer) described(n *node) ([]*attribute, error) {
	si := w.standardInformation(&n.File)
	first := []*attribute{si}
	if len(n.Reparse) > 0 {
		first = append(first, &attribute{typ: mft.AttrReparsePoint, value: n.Reparse})
	}
	if !n.ObjectID.IsZero() {
		first = append(first, &attribute{typ: mft.AttrObjectID, value: n.ObjectID[:]})
		if !n.Deleted {
			w.objects = append(w.objects, n)
		}
	}
	if len(n.EAs) > 0 {
		if len(n.Reparse) > 0 {
			return nil, errors.New("a file has a reparse point or extended attributes, not both")
		}
		eas, err := w.extended(n.EAs)
		if err != nil {
			return nil, err
		}
		first = append(first, eas...)
	}
	owner := n.Owner
	if owner == "" {
		owner = systemSID
	}
	if n.OwnSecurity {
		sd, err := descriptor(owner)
		if err != nil {
			return nil, err
		}
		return append(first, &attribute{typ: mft.AttrSecurityDescriptor, value: sd}), nil
	}
	id, err := w.secure.id(owner)
	if err != nil {
		return nil, err
	}
	le.PutUint32(si.value[0x34:], id)
	return first, nil
}

// streams appends the named streams. Reserved is the number of bytes that the
// rest of the record needs.
func (w *writer) streams(n *node, attrs []*attribute, reserved int) ([]*attribute, error) {
	for _, s := range n.Streams {
		if s.Name == "" {
			return nil, errors.New("a named stream has no name")
		}
		room := w.room() - reserved - total(attrs)
		a := &attribute{typ: mft.AttrData, name: s.Name, value: s.Data}
		switch {
		case s.Hole < 0 || s.Hole%int64(w.ClusterSize) != 0:
			return nil, fmt.Errorf("stream %s: a hole of %d bytes: want a multiple of %d", s.Name, s.Hole, w.ClusterSize)
		case s.Hole > 0:
			a = w.behindHole(s)
		case a.len() > room:
			a = w.stored(mft.AttrData, s.Name, s.Data)
		}
		attrs = append(attrs, a)
	}
	return attrs, nil
}

// data returns the unnamed stream of a file, resident if it fits into the
// record.
func (w *writer) data(n *node, room int) *attribute {
	a := &attribute{typ: mft.AttrData, value: n.Data}
	switch {
	case n.Compressed:
		return w.compressed(mft.AttrData, "", n.Data)
	case n.Sparse:
		return w.sparse(mft.AttrData, "", n.Data)
	case n.NonResident || a.len() > room:
		return w.stored(mft.AttrData, "", n.Data)
	}
	return a
}

// sizes returns the sizes of the unnamed stream that $FILE_NAME records.
func (a *attribute) sizes() (allocated, size uint64) {
	if a.nonResident {
		return a.allocated, a.size
	}
	return uint64(align(len(a.value), 8)), uint64(len(a.value))
}

// nameAttributes returns a $FILE_NAME for every name.
func (w *writer) nameAttributes(n *node, allocated, size uint64) []*attribute {
	t := times(n.Times, AllAt(w.Created))
	if n.FileNameTimes != nil {
		t = times(*n.FileNameTimes, AllAt(w.Created))
	}
	var attrs []*attribute
	for _, nm := range n.names {
		attrs = append(attrs, &attribute{typ: mft.AttrFileName, value: n.fileName(nm, t, allocated, size), indexed: true})
	}
	return attrs
}

// link puts the names of a file into the indexes of its directories, with the times of
// $STANDARD_INFORMATION; those of a deleted file, into their slack.
func (w *writer) link(n *node, allocated, size uint64) {
	if n.Deleted && n.IndexSlack == mft.EntryInUse {
		return
	}
	t := times(n.Times, AllAt(w.Created))
	if n.IndexTimes != nil {
		t = times(*n.IndexTimes, AllAt(w.Created))
	}
	for _, nm := range n.names {
		to := &nm.dir.index
		if n.Deleted {
			to = &nm.dir.slack
		}
		*to = append(*to, indexEntry{
			left: n.IndexSlack,
			head: n.ref.Uint64(),
			key:  n.fileName(nm, t, allocated, size),
			sort: upperUnits(nm.text),
		})
	}
}

// directory writes the record of a directory.
func (w *writer) directory(n *node) {
	const heads = 0x20 + 0x10 // of $INDEX_ROOT and its value
	first := w.next
	room := w.room() - total(n.attrs) - heads
	index := w.folderIndex(n.index, n.slack, room)
	r := &record{
		ref:   n.ref,
		flags: mft.RecordInUse | mft.RecordDirectory,
		links: uint16(len(n.names)),
		attrs: slices.Concat(n.attrs, index.attributes(w, "$I30")),
		slack: append(w.formerNames(n, 0, 0), index.left...),
	}
	if n.Deleted {
		r.flags &^= mft.RecordInUse
		r.ref.Seq++
	}
	w.write(r)
	le.PutUint64(w.records[n.ref.Entry][0x08:], n.LSN)
	if n.Deleted {
		w.freeSince(first)
	}
}
