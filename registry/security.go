package registry

import (
	"encoding/binary"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/winid"
)

// A security cell (specification: "Key security"), shared by all keys that have
// the same descriptor:
//
//	 0  2  signature "sk"
//	 4  4  cell offset of the next security cell
//	 8  4  cell offset of the previous one
//	12  4  number of keys that use it
//	16  4  size of the descriptor
//	20  …  SECURITY_DESCRIPTOR, self-relative ([MS-DTYP] 2.4.6)
//
// The descriptor has its owner's SID at the offset in its bytes 4 to 7.
const (
	securitySize       = 16
	securityDescriptor = 20
	ownerOffset        = 4
	descriptorSize     = 20 // of a descriptor's header
)

// security returns the descriptor in the security cell that to refers to, and
// the descriptor's file offset.
func (r *Reader) security(to ref) ([]byte, int64, error) {
	b, at, err := r.structure(to, "security cell", "sk", securityDescriptor)
	if err != nil {
		return nil, 0, err
	}
	n := binary.LittleEndian.Uint32(b[securitySize:])
	sd, err := bin.Slice(b, at, securityDescriptor, uint64(n), "security descriptor")
	return sd, at + securityDescriptor, err
}

// SecurityDescriptor returns the key's security descriptor, self-relative as in
// [MS-DTYP] 2.4.6, or nil if the key has none. The bytes belong to the Reader
// and must not be changed.
func (k *Key) SecurityDescriptor() ([]byte, error) {
	sd, _, err := k.descriptor()
	return sd, err
}

func (k *Key) descriptor() ([]byte, int64, error) {
	if k.r == nil {
		return nil, 0, nil
	}
	to := k.ref(nodeSecurity)
	if to.cell == none {
		return nil, 0, nil
	}
	sd, at, err := k.r.security(to)
	if err != nil {
		return nil, 0, k.in(err)
	}
	return sd, at, nil
}

// OwnerSID returns the owner in the key's security descriptor, such as
// S-1-5-18, or "" if the key has no descriptor or the descriptor has no owner.
func (k *Key) OwnerSID() (string, error) {
	sd, at, err := k.descriptor()
	if err != nil || len(sd) == 0 {
		return "", err
	}
	if len(sd) < descriptorSize {
		return "", k.in(damage.Truncated("security descriptor", at, descriptorSize, int64(len(sd))))
	}
	owner := binary.LittleEndian.Uint32(sd[ownerOffset:])
	if owner == 0 {
		return "", nil
	}
	sid, err := bin.Slice(sd, at, uint64(owner), 8, "owner SID")
	if err == nil {
		if s, err := winid.DecodeSID(sd[owner:]); err == nil {
			return s.String(), nil
		}
		err = damage.New("owner SID", at+int64(owner), sid, "a SID")
	}
	return "", k.in(err)
}
