package mft

import (
	"encoding/binary"

	"github.com/birthmark-dfir/birthmark/damage"
)

// An $ATTRIBUTE_LIST names the record of each attribute of a file, once one
// record is not enough. An entry, in bytes from its beginning:
//
//	0x00  4  attribute type
//	0x04  2  length of the entry
//	0x06  1  length of the name in UTF-16 units
//	0x07  1  offset of the name
//	0x08  8  first VCN of this part
//	0x10  8  file reference of the record
//	0x18  2  number of the attribute in that record
const (
	listEntryLen = 0x1a
	// maxListSize is the size of the largest list that Windows writes.
	maxListSize = 256 << 10
)

// listEntry holds the fields of an $ATTRIBUTE_LIST entry that are used here.
type listEntry struct {
	typ      AttributeType
	named    bool
	startVCN uint64
	record   Ref
}

// parseAttributeList decodes a list at offset base of its artifact, -1 if
// unknown. With an error it returns the entries before the damage.
func parseAttributeList(b []byte, base int64) ([]listEntry, error) {
	var list []listEntry
	at := func(pos int) int64 {
		if base < 0 {
			return -1
		}
		return base + int64(pos)
	}
	for pos := 0; pos < len(b); {
		e := b[pos:]
		if len(e) < listEntryLen {
			return list, damage.Truncated("$ATTRIBUTE_LIST entry", at(pos), listEntryLen, int64(len(e)))
		}
		n := int(binary.LittleEndian.Uint16(e[0x04:]))
		if n < listEntryLen || n > len(e) {
			return list, damage.New("$ATTRIBUTE_LIST entry length", at(pos+4), n, "≥ 26 and inside the list")
		}
		list = append(list, listEntry{
			typ:      AttributeType(binary.LittleEndian.Uint32(e)),
			named:    e[0x06] != 0,
			startVCN: binary.LittleEndian.Uint64(e[0x08:]),
			record:   refAt(e, 0x10),
		})
		pos += n
	}
	return list, nil
}

// extensionRefs returns the records other than base that a list names, each once.
func extensionRefs(list []listEntry, base uint64) []Ref {
	var refs []Ref
	seen := map[Ref]bool{}
	for _, e := range list {
		if e.record.Entry != base && !seen[e.record] {
			seen[e.record] = true
			refs = append(refs, e.record)
		}
	}
	return refs
}
