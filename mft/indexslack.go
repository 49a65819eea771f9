package mft

import (
	"encoding/binary"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// When an entry is removed from a node, those behind it move forward, and the bytes behind
// the new end stay: the copies of the last entries, and what earlier changes left. The new
// end is an entry without a key, of 16 or 24 bytes, so it covers the header of an older
// entry, or its header and its folder. Bytes in the middle of a key are covered if the
// lengths differ. Whatever covers the front of an entry ends with an entry without a key.
// So a header that fits its key was written with it.

// remain is a $FILE_NAME found in bytes that are not in use.
type remain struct {
	key     []byte // without what is lost of its front
	lost    int    // bytes of its front that are overwritten, or before the slack
	off     int    // of the value in the slack, negative if it begins before
	file    Ref    // by the header of an index entry, or zero
	indexed bool   // an index entry, by its header
	named   bool   // the value of an attribute, by its header
}

// folder returns the folder of a $FILE_NAME, or zero if it is lost.
func (x remain) folder() Ref {
	if x.lost > 0 {
		return Ref{}
	}
	return refAt(x.key, 0)
}

const (
	nameUnits     = 0x40 // offset of the length of the name in a $FILE_NAME
	nameAttrFlags = 0x38
	// maxLost is how much of a key may be lost: the last of its times must be left.
	maxLost = 0x20
)

// carveNames calls found for each $FILE_NAME in b, which begins phase bytes behind a
// multiple of 8 in its block or record, as all of these do.
func carveNames(b []byte, phase int, found func(remain)) {
	for p := -maxLost + (8-phase)%8; p+fileNameLen < len(b); {
		n, ok := carveName(b, p, found)
		if ok {
			p += (n + 7) &^ 7
		} else {
			p += 8
		}
	}
}

// carveName looks for a $FILE_NAME whose value begins at p, which is negative if its front
// is lost, and returns its length.
func carveName(b []byte, p int, found func(remain)) (int, bool) {
	units, space := int(b[p+nameUnits]), b[p+nameUnits+1]
	n := fileNameLen + 2*units
	if units == 0 || int(space) >= len(namespaceNames) || n > len(b)-p || !isNameText(b[p+fileNameLen:p+n]) {
		return 0, false
	}
	r := remain{lost: overwritten(b, p), off: p}
	if r.lost > maxLost {
		return 0, false
	}
	r.key = b[p+r.lost : p+n]
	le := binary.LittleEndian
	if p >= indexEntryLen {
		h := b[p-indexEntryLen : p]
		r.indexed = isEntryHeader(h, n)
		r.file = refAt(h, 0)
	}
	if p >= attrHeaderLen { // the first 8 bytes may be covered by the mark of the end
		h := b[p-attrHeaderLen : p]
		r.named = h[0] == 0 && h[1] == 0 && le.Uint32(h[0x08:]) == uint32(n) && le.Uint16(h[0x0c:]) == attrResidentLen && h[0x0e] == 1
	}
	if !r.indexed {
		r.file = Ref{}
	}
	if !isFileName(b[:p+n], p, r.lost, r.indexed || r.named) {
		return 0, false
	}
	found(r)
	return n, true
}

// overwritten returns how many bytes of a value at p, negative if its front is lost, an
// entry without a key covers.
func overwritten(b []byte, p int) int {
	lost := max(-p, 0)
	le := binary.LittleEndian
	for q := max(p-indexEntryLen, 0); q <= p+maxLost; q += 8 {
		n, flags := int(le.Uint16(b[q+0x08:])), le.Uint32(b[q+0x0c:])
		if le.Uint16(b[q+0x0a:]) == 0 && (flags == indexEntryLast && n == indexEntryLen || flags == indexEntryLast|1 && n == indexEntryLen+8) {
			lost = max(lost, q+n-p)
		}
	}
	return lost
}

// isEntryHeader reports whether h is the header of an index entry with a key of n bytes.
func isEntryHeader(h []byte, n int) bool {
	le := binary.LittleEndian
	flags := le.Uint32(h[0x0c:])
	want := (indexEntryLen + n + 7) &^ 7
	if flags == 1 {
		want += 8 // the number of the block below
	}
	ref := refAt(h, 0)
	return flags <= 1 && int(le.Uint16(h[0x0a:])) == n && int(le.Uint16(h[0x08:])) == want && ref.Seq != 0
}

// isFileName reports whether what is left of a $FILE_NAME at p of b can be one. If no
// header is left that fits, its times must be those of a computer.
func isFileName(b []byte, p, lost int, header bool) bool {
	le := binary.LittleEndian
	if lost == 0 && !header && refAt(b, p).Seq == 0 {
		return false
	}
	for off := max(0x08, lost); off <= maxLost; off += 8 {
		if t := le.Uint64(b[p+off:]); !header && (t < firstTime || t > lastTime) || t > 1<<63-1 {
			return false
		}
	}
	allocated, size := le.Uint64(b[p+0x28:]), le.Uint64(b[p+0x30:])
	return allocated>>56 == 0 && size>>56 == 0 && le.Uint32(b[p+nameAttrFlags:])&^knownAttributes == 0
}

// knownAttributes are all that $FILE_NAME has: those of Windows, and its own two.
const knownAttributes = uint32(0x00ffffff | FileHasI30Index | FileHasViewIndex)

// The times that a file without any header may have: from the first that a FAT volume can
// record to the last.
var (
	firstTime = filetime.Ticks(time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC))
	lastTime  = filetime.Ticks(time.Date(2108, 1, 1, 0, 0, 0, 0, time.UTC))
)

// isNameText reports whether UTF-16LE can be a name.
func isNameText(b []byte) bool {
	for i := 0; i < len(b); i += 2 {
		if b[i] == 0 && b[i+1] == 0 {
			return false
		}
	}
	return true
}
