package registrytest

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/winid"
)

// securityOf returns the security cell of an owner, and counts one more use of
// it.
func (w *writer) securityOf(owner string) (uint32, error) {
	if _, ok := w.security[owner]; ok {
		return w.securityCell(owner, nil), nil
	}
	sd, err := descriptor(owner)
	if err != nil {
		return 0, err
	}
	return w.securityCell(owner, sd), nil
}

// securityCell returns the security cell of a name, which it writes if it is new, and counts
// one more use of it.
func (w *writer) securityCell(name string, sd []byte) uint32 {
	cell, ok := w.security[name]
	if !ok {
		var b []byte
		cell, b = w.alloc(20 + len(sd))
		copy(b, "sk")
		binary.LittleEndian.PutUint32(b[16:], uint32(len(sd)))
		copy(b[20:], sd)
		w.security[name] = cell
		w.owners = append(w.owners, name)
	}
	uses := w.at(cell)[12:]
	binary.LittleEndian.PutUint32(uses, binary.LittleEndian.Uint32(uses)+1)
	return cell
}

// linkSecurity links the security cells in a ring.
func (w *writer) linkSecurity() {
	for i, owner := range w.owners {
		cell, next := w.security[owner], w.security[w.owners[(i+1)%len(w.owners)]]
		binary.LittleEndian.PutUint32(w.at(cell)[4:], next)
		binary.LittleEndian.PutUint32(w.at(next)[8:], cell)
	}
}

// ACE is an entry of a DACL.
type ACE struct {
	SID         string
	Access      uint32 // such as 0x1f01ff, full access to a file or task
	Deny        bool   // it denies, and does not allow
	InheritOnly bool   // it is for what is below
}

// The access rights that [Descriptor] is most often given.
const (
	FullAccess = 0x001f01ff // FILE_ALL_ACCESS, of files and tasks
	ReadAccess = 0x00120089 // FILE_GENERIC_READ
)

// descriptor returns a self-relative security descriptor with that owner, and a DACL that
// gives SYSTEM and Administrators full access to a key and Users read access.
func descriptor(owner string) ([]byte, error) {
	const allAccess, read = 0x000f003f, 0x00020019 // KEY_ALL_ACCESS, KEY_READ
	return Descriptor(owner, []ACE{{SID: "S-1-5-18", Access: allAccess}, {SID: administrators, Access: allAccess}, {SID: "S-1-5-32-545", Access: read}})
}

// Descriptor returns a self-relative security descriptor ([MS-DTYP] 2.4.6) with that owner,
// the group SYSTEM, and a DACL with entries in that order. If dacl is nil, the DACL is left out, which allows
// everything to everyone; an empty one allows nothing to anyone. It is what a value SD of a
// task holds.
func Descriptor(owner string, dacl []ACE) ([]byte, error) {
	const (
		headerSize   = 20
		selfRelative = 0x8000
		daclPresent  = 0x0004
		inherit      = 0x02 // CONTAINER_INHERIT_ACE
		inheritOnly  = 0x08 // INHERIT_ONLY_ACE
	)
	ownerSID, err := encodeSID(owner)
	if err != nil {
		return nil, fmt.Errorf("owner: %w", err)
	}
	group, err := encodeSID("S-1-5-18")
	if err != nil {
		return nil, err
	}
	le := binary.LittleEndian
	sd := make([]byte, headerSize)
	sd[0] = 1 // revision
	le.PutUint16(sd[2:], selfRelative)
	if dacl != nil {
		var aces []byte
		for _, ace := range dacl {
			sid, err := encodeSID(ace.SID)
			if err != nil {
				return nil, fmt.Errorf("entry of the DACL: %w", err)
			}
			kind, flags := byte(0), byte(inherit)
			if ace.Deny {
				kind = 1
			}
			if ace.InheritOnly {
				flags |= inheritOnly
			}
			aces = append(aces, kind, flags)
			aces = le.AppendUint16(aces, uint16(8+len(sid)))
			aces = le.AppendUint32(aces, ace.Access)
			aces = append(aces, sid...)
		}
		if 8+len(aces) > 0xffff {
			return nil, fmt.Errorf("%d entries of the DACL: want ≤ 65535 bytes", len(dacl))
		}
		le.PutUint16(sd[2:], selfRelative|daclPresent)
		le.PutUint32(sd[16:], headerSize)
		sd = append(sd, 2, 0) // ACL_REVISION
		sd = le.AppendUint16(sd, uint16(8+len(aces)))
		sd = le.AppendUint32(sd, uint32(len(dacl)))
		sd = append(sd, aces...)
	}
	le.PutUint32(sd[4:], uint32(len(sd)))
	sd = append(sd, ownerSID...)
	le.PutUint32(sd[8:], uint32(len(sd)))
	return append(sd, group...), nil
}

func encodeSID(text string) ([]byte, error) {
	sid, err := winid.ParseSID(text)
	if err != nil {
		return nil, err
	}
	return sid.MarshalBinary()
}
