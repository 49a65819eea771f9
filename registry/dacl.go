package registry

import (
	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/winid"
)

// A security descriptor ([MS-DTYP] 2.4.6) has its control flags at offset 2, and at 16 the
// offset of its DACL ([MS-DTYP] 2.4.5):
//
//	0  2  revision, and padding
//	2  2  size in bytes
//	4  2  number of entries
//	8  …  entries ([MS-DTYP] 2.4.4)
//
// An entry has its type, flags, size and access mask, and then its SID; the entries about
// objects have flags before that, and a GUID for each of two of them.
const (
	sdControl     = 2
	sdDACL        = 16
	daclPresent   = 0x0004
	aclHeaderSize = 8
	aceHeaderSize = 8

	aceInheritOnly = 0x08

	aceAllowed       = 0x00
	aceDenied        = 0x01
	aceAllowedObject = 0x05
	aceDeniedObject  = 0x06
)

// Access rights of a file, which are those of a task.
const (
	fileReadData = 0x00000001
	genericAll   = 0x10000000
	genericRead  = 0x80000000

	serviceQueryStatus = 0x00000004 // of a service
)

// A verdict is what a DACL says about a right.
type verdict struct {
	allowed bool
	entry   winid.SID // whose entry decides; zero if none does
	unknown bool      // an entry whose condition or kind is not understood comes before
}

// canRead evaluates the DACL of a task or a file for reading.
func canRead(sd []byte, token ...winid.SID) (verdict, error) {
	return allows(sd, fileReadData|genericAll|genericRead, token...)
}

// allows evaluates the DACL of a descriptor as [MS-DTYP] 2.5.3.2 does, for a token with
// the SIDs: the first entry that has one of them and one of the rights decides, which stand
// for one right and the generic ones that include it. A
// descriptor without a DACL allows everything to everyone, and one with an empty DACL
// allows nothing to anyone. Offsets of errors are in bytes from the beginning of sd.
func allows(sd []byte, rights uint32, token ...winid.SID) (verdict, error) {
	c := bin.NewCursor(sd, 0)
	c.Seek("control flags", sdControl)
	control := c.U16("control flags")
	c.Seek("offset of the DACL", sdDACL)
	at := c.U32("offset of the DACL")
	if c.Err() != nil || control&daclPresent == 0 || at == 0 {
		return verdict{allowed: true}, c.Err()
	}
	head, err := bin.Slice(sd, 0, uint64(at), aclHeaderSize, "DACL")
	if err != nil {
		return verdict{}, err
	}
	h := bin.NewCursor(head[2:], int64(at)+2)
	size, n := h.U16("size of the DACL"), h.U16("number of entries")
	acl, err := bin.Slice(sd, 0, uint64(at), uint64(size), "DACL")
	if err != nil {
		return verdict{}, err
	}
	if len(acl) < aclHeaderSize {
		return verdict{}, damage.New("size of the DACL", int64(at)+2, size, aclHeaderSize)
	}
	base := int64(at) + aclHeaderSize
	for acl = acl[aclHeaderSize:]; n > 0; n-- {
		if len(acl) < aceHeaderSize {
			return verdict{}, damage.Truncated("entry of the DACL", base, aceHeaderSize, int64(len(acl)))
		}
		e := bin.NewCursor(acl, base)
		kind, flags, size := e.U8("type of an entry"), e.U8("flags of an entry"), int(e.U16("size of an entry"))
		mask := e.U32("access mask of an entry")
		if size < aceHeaderSize || size > len(acl) {
			return verdict{}, damage.New("size of an entry of the DACL", base+2, size, "at least 8, and within the DACL")
		}
		entry := acl[aceHeaderSize:size]
		acl, base = acl[size:], base+int64(size)
		if flags&aceInheritOnly != 0 || mask&rights == 0 {
			continue
		}
		switch kind {
		case aceAllowed, aceDenied:
		case aceAllowedObject, aceDeniedObject:
			entry = afterObjects(entry)
		default:
			return verdict{unknown: true}, nil
		}
		sid, err := winid.DecodeSID(entry)
		if err != nil {
			return verdict{}, damage.New("SID of an entry of the DACL", base-int64(len(entry)), len(entry), "a SID")
		}
		for _, of := range token {
			if of == sid {
				return verdict{allowed: kind == aceAllowed || kind == aceAllowedObject, entry: sid}, nil
			}
		}
	}
	return verdict{}, nil
}

// afterObjects returns what follows the flags and the GUIDs of an entry about objects.
func afterObjects(entry []byte) []byte {
	const hasType, hasInherited, guid = 1, 2, 16
	if len(entry) < 4 {
		return nil
	}
	n := 4
	for _, flag := range [...]byte{hasType, hasInherited} {
		if entry[0]&flag != 0 {
			n += guid
		}
	}
	return entry[min(n, len(entry)):]
}
