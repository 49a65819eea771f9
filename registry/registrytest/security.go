package registrytest

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/winid"
)

// securityOf returns the security cell of an owner, and counts one more use of
// it.
func (w *writer) securityOf(owner string) (uint32, error) {
	cell, ok := w.security[owner]
	if !ok {
		sd, err := descriptor(owner)
		if err != nil {
			return 0, err
		}
		var b []byte
		cell, b = w.alloc(20 + len(sd))
		copy(b, "sk")
		binary.LittleEndian.PutUint32(b[16:], uint32(len(sd)))
		copy(b[20:], sd)
		w.security[owner] = cell
		w.owners = append(w.owners, owner)
	}
	uses := w.at(cell)[12:]
	binary.LittleEndian.PutUint32(uses, binary.LittleEndian.Uint32(uses)+1)
	return cell, nil
}

// linkSecurity links the security cells in a ring.
func (w *writer) linkSecurity() {
	for i, owner := range w.owners {
		cell, next := w.security[owner], w.security[w.owners[(i+1)%len(w.owners)]]
		binary.LittleEndian.PutUint32(w.at(cell)[4:], next)
		binary.LittleEndian.PutUint32(w.at(next)[8:], cell)
	}
}

// descriptor returns a self-relative security descriptor with that owner, the
// group SYSTEM, and a DACL that gives SYSTEM and Administrators full access and
// Users read access.
func descriptor(owner string) ([]byte, error) {
	const (
		headerSize   = 20
		selfRelative = 0x8000
		daclPresent  = 0x0004
		allAccess    = 0x000f003f // KEY_ALL_ACCESS
		read         = 0x00020019 // KEY_READ
		inherit      = 0x02       // CONTAINER_INHERIT_ACE
	)
	ownerSID, err := encodeSID(owner)
	if err != nil {
		return nil, fmt.Errorf("owner: %w", err)
	}
	var aces []byte
	for _, ace := range []struct {
		sid    string
		access uint32
	}{
		{"S-1-5-18", allAccess},
		{administrators, allAccess},
		{"S-1-5-32-545", read},
	} {
		sid, err := encodeSID(ace.sid)
		if err != nil {
			return nil, err
		}
		aces = append(aces, 0, inherit) // ACCESS_ALLOWED_ACE
		aces = binary.LittleEndian.AppendUint16(aces, uint16(8+len(sid)))
		aces = binary.LittleEndian.AppendUint32(aces, ace.access)
		aces = append(aces, sid...)
	}
	group, err := encodeSID("S-1-5-18")
	if err != nil {
		return nil, err
	}
	sd := make([]byte, headerSize)
	sd[0] = 1 // revision
	binary.LittleEndian.PutUint16(sd[2:], selfRelative|daclPresent)
	binary.LittleEndian.PutUint32(sd[16:], headerSize) // DACL
	acl := []byte{2, 0}                                // ACL_REVISION
	acl = binary.LittleEndian.AppendUint16(acl, uint16(8+len(aces)))
	acl = binary.LittleEndian.AppendUint32(acl, 3) // number of ACEs
	sd = append(append(sd, acl...), aces...)
	binary.LittleEndian.PutUint32(sd[4:], uint32(len(sd)))
	sd = append(sd, ownerSID...)
	binary.LittleEndian.PutUint32(sd[8:], uint32(len(sd)))
	return append(sd, group...), nil
}

func encodeSID(text string) ([]byte, error) {
	sid, err := winid.ParseSID(text)
	if err != nil {
		return nil, err
	}
	return sid.MarshalBinary()
}
