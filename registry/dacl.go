package registry

import (
	"iter"
	"slices"

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
	list, err := daclOf(sd)
	if err != nil || !list.present {
		return verdict{allowed: err == nil}, err
	}
	for e, err := range list.entries() {
		switch {
		case err != nil:
			return verdict{}, err
		case e.flags&aceInheritOnly != 0 || e.mask&rights == 0:
			continue
		case !e.understood():
			return verdict{unknown: true}, nil
		}
		sid, err := e.who()
		if err != nil {
			return verdict{}, err
		}
		if slices.Contains(token, sid) {
			return verdict{allowed: e.allows(), entry: sid}, nil
		}
	}
	return verdict{}, nil
}

// dacl is the DACL of a descriptor.
type dacl struct {
	present bool // without one, everything is allowed to everyone
	number  uint16
	body    []byte // the entries
	base    int64  // of the body, in bytes from the beginning of the descriptor
}

func daclOf(sd []byte) (dacl, error) {
	c := bin.NewCursor(sd, 0)
	c.Seek("control flags", sdControl)
	control := c.U16("control flags")
	c.Seek("offset of the DACL", sdDACL)
	at := c.U32("offset of the DACL")
	if c.Err() != nil || control&daclPresent == 0 || at == 0 {
		return dacl{}, c.Err()
	}
	head, err := bin.Slice(sd, 0, uint64(at), aclHeaderSize, "DACL")
	if err != nil {
		return dacl{}, err
	}
	h := bin.NewCursor(head[2:], int64(at)+2)
	size, n := h.U16("size of the DACL"), h.U16("number of entries")
	acl, err := bin.Slice(sd, 0, uint64(at), uint64(size), "DACL")
	if err != nil {
		return dacl{}, err
	}
	if len(acl) < aclHeaderSize {
		return dacl{}, damage.New("size of the DACL", int64(at)+2, size, aclHeaderSize)
	}
	return dacl{true, n, acl[aclHeaderSize:], int64(at) + aclHeaderSize}, nil
}

// ace is an entry of a DACL.
type ace struct {
	kind, flags byte
	mask        uint32
	rest        []byte // what follows the mask
	base        int64  // of rest, in bytes from the beginning of the descriptor
}

// entries yields the entries in their order, up to the first that is damaged.
func (d dacl) entries() iter.Seq2[ace, error] {
	return func(yield func(ace, error) bool) {
		acl, base := d.body, d.base
		for range d.number {
			if len(acl) < aceHeaderSize {
				yield(ace{}, damage.Truncated("entry of the DACL", base, aceHeaderSize, int64(len(acl))))
				return
			}
			c := bin.NewCursor(acl, base)
			e := ace{kind: c.U8("type of an entry"), flags: c.U8("flags of an entry")}
			size := int(c.U16("size of an entry"))
			e.mask = c.U32("access mask of an entry")
			if size < aceHeaderSize || size > len(acl) {
				yield(ace{}, damage.New("size of an entry of the DACL", base+2, size, "at least 8, and within the DACL"))
				return
			}
			e.rest, e.base = acl[aceHeaderSize:size], base+aceHeaderSize
			acl, base = acl[size:], base+int64(size)
			if !yield(e, nil) {
				return
			}
		}
	}
}

// understood reports whether an entry allows or denies without a condition.
func (e ace) understood() bool {
	return e.allows() || e.kind == aceDenied || e.kind == aceDeniedObject
}

func (e ace) allows() bool { return e.kind == aceAllowed || e.kind == aceAllowedObject }

// who returns whose entry it is.
func (e ace) who() (winid.SID, error) {
	entry := e.rest
	if e.kind == aceAllowedObject || e.kind == aceDeniedObject {
		entry = afterObjects(entry)
	}
	sid, err := winid.DecodeSID(entry)
	if err != nil {
		return winid.SID{}, damage.New("SID of an entry of the DACL", e.base+int64(len(e.rest)-len(entry)), len(entry), "a SID")
	}
	return sid, nil
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
