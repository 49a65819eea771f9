package artifact

import "encoding/binary"

// isJournal reports whether a file begins with records of the change journal, as a copy of
// $UsnJrnl:$J without its hole does, whatever its name. It has no mark, but the lengths in a
// record belong together, and the next record follows.
func isJournal(head []byte) bool {
	const enough = 2
	for n := 0; ; n++ {
		length, ok := journalRecord(head)
		switch {
		case !ok:
			return n > 0 && len(head) == 0
		case n+1 == enough, length > len(head):
			return n > 0
		}
		head = head[length:]
	}
}

// journalRecord returns the length of the record that head begins with.
//
//	0x00  4  length, a multiple of 8
//	0x04  2  major version
//	0x06  2  minor version, 0
//
// Versions 2 and 3 end with the length of a name, its offset and the name; 4 with extents:
//
//	0x38  2  of version 2, 0x48 of version 3: length of the name in bytes, and behind it its offset
//	0x3c  2  of version 4: extents, and behind it the size of each
func journalRecord(head []byte) (length int, ok bool) {
	if len(head) < 0x40 {
		return 0, false
	}
	u16 := func(at int) int { return int(binary.LittleEndian.Uint16(head[at:])) }
	size := binary.LittleEndian.Uint32(head)
	if u16(6) != 0 || size > 1<<12 || size%8 != 0 {
		return 0, false
	}
	named := func(at int) bool {
		n, from := u16(at), u16(at+2)
		return n > 0 && n%2 == 0 && n <= 510 && from == at+4 && int(size) == (from+n+7)&^7
	}
	switch u16(4) {
	case 2:
		ok = named(0x38)
	case 3:
		ok = len(head) >= 0x4c && named(0x48)
	case 4:
		ok = u16(0x3c) > 0 && u16(0x3e) == 16 && int(size) == 0x40+16*u16(0x3c)
	}
	return int(size), ok
}
