package mfttest

import (
	"math/bits"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/winid"
)

// secure collects the security descriptors of $Secure, one for each owner.
type secure struct {
	ids         map[string]uint32
	descriptors [][]byte
}

const (
	firstSecurityID = 0x100
	sdsBlock        = 256 << 10
)

func newSecure() *secure { return &secure{ids: map[string]uint32{}} }

// id returns the security id of an owner.
func (s *secure) id(owner string) (uint32, error) {
	if id, ok := s.ids[owner]; ok {
		return id, nil
	}
	sd, err := descriptor(owner)
	if err != nil {
		return 0, err
	}
	id := firstSecurityID + uint32(len(s.descriptors))
	s.ids[owner] = id
	s.descriptors = append(s.descriptors, sd)
	return id, nil
}

func encodeSID(text string) ([]byte, error) {
	sid, err := winid.ParseSID(text)
	if err != nil {
		return nil, err
	}
	return sid.MarshalBinary()
}

// descriptor returns a self-relative security descriptor with sid as the owner
// and the group, and a DACL that allows everyone everything.
func descriptor(sid string) ([]byte, error) {
	owner, err := encodeSID(sid)
	if err != nil {
		return nil, err
	}
	everyone, err := encodeSID("S-1-1-0")
	if err != nil {
		return nil, err
	}
	const (
		headerLen     = 20
		selfRelative  = 0x8000
		daclPresent   = 0x0004
		allAccess     = 0x001f01ff
		inheritToBoth = 0x03
	)
	b := make([]byte, headerLen)
	b[0] = 1
	le.PutUint16(b[2:], selfRelative|daclPresent)
	aceLen := 8 + len(everyone)
	le.PutUint32(b[16:], headerLen)
	b = append(b, 2, 0) // ACL: revision
	b = le.AppendUint16(b, uint16(8+aceLen))
	b = le.AppendUint32(b, 1)       // ACEs
	b = append(b, 0, inheritToBoth) // ACE: access allowed
	b = le.AppendUint16(b, uint16(aceLen))
	b = le.AppendUint32(b, allAccess)
	b = append(b, everyone...)
	le.PutUint32(b[4:], uint32(len(b)))
	b = append(b, owner...)
	le.PutUint32(b[8:], uint32(len(b)))
	return append(b, owner...), nil
}

// descriptorHash is the hash by which $SDH finds a descriptor.
func descriptorHash(b []byte) (hash uint32) {
	for ; len(b) >= 4; b = b[4:] {
		hash = le.Uint32(b) + bits.RotateLeft32(hash, 3)
	}
	return hash
}

// attributes returns $SDS, $SDH and $SII.
func (s *secure) attributes(w *writer) []*attribute {
	var sds []byte
	var byHash, byID []indexEntry
	for i, sd := range s.descriptors {
		n := 0x14 + len(sd)
		if len(sds)%(2*sdsBlock)+n > sdsBlock {
			sds = mirrorSDS(sds)
		}
		id := firstSecurityID + uint32(i)
		head := le.AppendUint32(nil, descriptorHash(sd))
		head = le.AppendUint32(head, id)
		head = le.AppendUint64(head, uint64(len(sds)))
		head = le.AppendUint32(head, uint32(n))
		byID = append(byID, indexEntry{key: le.AppendUint32(nil, id), data: head})
		byHash = append(byHash, indexEntry{key: head[:8], data: head})
		sds = append(append(sds, head...), sd...)
		sds = append(sds, make([]byte, align(len(sds), 16)-len(sds))...)
	}
	// The last copy ends with the last entry.
	used := len(sds)
	sds = mirrorSDS(sds)
	sds = sds[:used+sdsBlock]
	const room = 0x60 + bigIndexLen // for each of two indexes in one record
	attrs := []*attribute{w.stored(mft.AttrData, "$SDS", sds)}
	attrs = append(attrs, w.indexAttributes("$SDH", 0, collateSecurityHash, byHash, room)...)
	return append(attrs, w.indexAttributes("$SII", 0, collateUint32, byID, room)...)
}

// mirrorSDS fills the last block of $SDS and appends its copy.
func mirrorSDS(sds []byte) []byte {
	start := len(sds) / (2 * sdsBlock) * (2 * sdsBlock)
	sds = append(sds, make([]byte, start+sdsBlock-len(sds))...)
	return append(sds, sds[start:]...)
}
