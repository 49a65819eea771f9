package mft

import (
	"errors"
	"io/fs"
	"iter"

	"github.com/birthmark-dfir/birthmark/damage"
)

// ObjectID is an entry of the index of object identifiers of a volume, by which a link
// finds its target after that was moved: the droid of a .lnk file is the identifier of a
// volume and ID. BirthVolume and BirthObject are where the file was when it got its first
// identifier, and that one; a move to another volume keeps them.
type ObjectID struct {
	ID          GUID
	File        Ref
	BirthVolume GUID
	BirthObject GUID
	BirthDomain GUID  // always zero today
	Block       int64 // of the index, or -1 if the entry is in the record of $ObjId
	Offset      int64 // of the entry's key: from the beginning of the $MFT if Block is -1, else of the volume
}

// The index $O of $Extend\$ObjId has the object identifier as the key, and as data, in
// bytes from its beginning:
//
//	0x00   8  reference of the file
//	0x08  16  identifier of the volume on which the file was born
//	0x18  16  object identifier with which it was born
//	0x28  16  identifier of the domain
const (
	objectIDFile  = "$Extend/$ObjId"
	objectIDIndex = "$O"
	objectIDData  = 0x38
)

// ObjectIDs iterates over the index of object identifiers. It yields nothing if the volume
// has none. A damaged entry costs only itself.
func (v *Volume) ObjectIDs() iter.Seq2[ObjectID, error] {
	return func(yield func(ObjectID, error) bool) {
		if v == nil || v.mft == nil {
			return
		}
		rec, err := v.Lookup(objectIDFile)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return
		case err != nil:
			yield(ObjectID{}, err)
			return
		}
		stopped := false
		fail := func(err error) {
			if !stopped {
				stopped = !yield(ObjectID{}, v.in(err, objectIDFile+":"+objectIDIndex))
			}
		}
		v.index(rec, objectIDIndex, func(e indexEntry) {
			if stopped {
				return
			}
			id, err := objectIDOf(e)
			if err != nil {
				fail(err)
				return
			}
			stopped = !yield(id, nil)
		}, fail)
	}
}

func objectIDOf(e indexEntry) (ObjectID, error) {
	data := e.data()
	switch {
	case len(e.key) != len(GUID{}):
		return ObjectID{}, damage.New("length of an object identifier", e.offset, len(e.key), len(GUID{}))
	case len(data) < objectIDData:
		return ObjectID{}, damage.Truncated("entry of an object identifier", e.offset, objectIDData, int64(len(data)))
	}
	return ObjectID{
		ID: GUID(e.key), File: refAt(data, 0), BirthVolume: GUID(data[0x08:0x18]),
		BirthObject: GUID(data[0x18:0x28]), BirthDomain: GUID(data[0x28:objectIDData]), Block: e.block, Offset: e.offset,
	}, nil
}
