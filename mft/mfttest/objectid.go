package mfttest

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/mft"
)

// entryObjID is where mkntfs and Windows put $ObjId.
const entryObjID = 25

// objectIDEntry returns the entry of a file in the index of $ObjId: the identifier, then the
// reference of the file and the identifiers with which it was born.
func objectIDEntry(n *node) indexEntry {
	birth := n.BirthObject
	if birth.IsZero() {
		birth = n.ObjectID
	}
	data := le.AppendUint64(nil, n.ref.Uint64())
	data = append(append(data, n.BirthVolume[:]...), birth[:]...)
	data = append(data, make([]byte, 16)...) // of the domain
	return indexEntry{key: n.ObjectID[:], data: data}
}

// objectIDFile writes $Extend/$ObjId, if a file has an object identifier.
func (w *writer) objectIDFile() error {
	if len(w.objects) == 0 {
		return nil
	}
	if w.tree.taken[entryObjID] || w.tree.extend.used[upper("$ObjId")] {
		return fmt.Errorf("$Extend/$ObjId and entry %d are those of the index of object identifiers", entryObjID)
	}
	n := &node{
		File:  File{Path: "$Extend/$ObjId", Attributes: uint32(mft.FileHidden | mft.FileSystem)},
		ref:   mft.Ref{Entry: entryObjID, Seq: 1},
		names: []name{{w.tree.extend, "$ObjId", mft.NamespaceWin32DOS}},
	}
	attrs, err := w.described(n)
	if err != nil {
		return err
	}
	w.link(n, 0, 0)
	attrs = append(attrs, w.nameAttributes(n, 0, 0)...)
	const heads = 0x28 + 0x10 // of $INDEX_ROOT with its name, and its value
	var entries []indexEntry
	for _, of := range w.objects {
		entries = append(entries, objectIDEntry(of))
	}
	attrs = append(attrs, w.indexAttributes("$O", 0, collateUint32s, entries, w.room()-total(attrs)-heads)...)
	w.write(&record{ref: n.ref, flags: mft.RecordInUse | mft.RecordViewIndex, links: 1, attrs: attrs})
	return nil
}
