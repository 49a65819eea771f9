package registry

import (
	"encoding/binary"
	"strings"
	"time"
	"unicode"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// A remnant is the place of what looks like a key node or a value that no key refers to.
type remnant struct {
	sheet *sheet
	at    int // offset of its signature in the bytes of the sheet
}

// cellOf returns the offset of the cell of a structure.
func (m remnant) cellOf(header int) int64 { return m.sheet.cell + int64(m.at-header) }

// offset returns the offset of the structure's cell in its file.
func (m remnant) offset(header int) int64 {
	if m.sheet.log == nil {
		return int64(m.at - header)
	}
	return m.sheet.start + int64(m.at-header)
}

func (m remnant) bytes() []byte { return m.sheet.data[m.at:] }

// What a key or value can plausibly have.
const (
	mostSubkeys = 1 << 17
	mostValues  = 1 << 14
	mostNULs    = 5 // in a name
	knownFlags  = 0x7fff &^ 0x0c00
	knownType   = QWord
)

// firstYear and lastYear bound the times of plausible keys.
const firstYear, lastYear = 1970, 2100

// keySize returns the size of the key node that b begins with, or 0 if it is not a
// plausible one.
func keySize(b []byte) int {
	if len(b) <= nodeName {
		return 0
	}
	le := binary.LittleEndian
	n := int(le.Uint16(b[nodeNameSize:]))
	year := filetime.Time(le.Uint64(b[nodeLastWrite:])).Year()
	switch {
	case n == 0 || n > maxNameSize || nodeName+n > len(b):
	case year < firstYear || year > lastYear:
	case le.Uint32(b[nodeSubkeyCount:]) > mostSubkeys || valueCount(b) > mostValues:
	case !plausibleName(b[nodeName:nodeName+n], flagsOf(b)&KeyCompressedName != 0):
	default:
		return nodeName + n
	}
	return 0
}

// valueSizeOf returns the size of the value that b begins with, or 0 if it is not a
// plausible one.
func valueSizeOf(b []byte) int {
	if len(b) < valueName {
		return 0
	}
	le := binary.LittleEndian
	n := int(le.Uint16(b[valueNameSize:]))
	size, data := le.Uint32(b[valueDataSize:]), le.Uint32(b[valueData:])
	flags := le.Uint16(b[valueFlags:])
	switch {
	case valueName+n > len(b):
	case size&residentBit != 0 && size&^residentBit > 4:
	case size&residentBit == 0 && size > 0 && (data < 8 || data%8 != 0):
	case n > 2*maxNameSize:
		if flags&^(compressedName|tombstone) == 0 && ValueType(le.Uint32(b[valueType:])) <= knownType && longName(b[valueName:valueName+n], flags&compressedName != 0) {
			return valueName + n
		}
	case !plausibleName(b[valueName:valueName+n], flags&compressedName != 0):
	default:
		return valueName + n
	}
	return 0
}

// longName reports whether a name is one of the up to 16,383 characters that Windows allows
// for a value, and sound. It stops at the first character that is not: what is asked may
// overlap often, and anything else in a hive has zeros.
func longName(b []byte, compressed bool) bool {
	const most = 16383
	if compressed {
		for _, c := range b {
			if c < ' ' || 0x7f <= c && c < 0xa0 {
				return false
			}
		}
		return len(b) <= most
	}
	for i := 0; i+1 < len(b); i += 2 {
		if c := binary.LittleEndian.Uint16(b[i:]); c < ' ' || 0x7f <= c && c < 0xa0 || c == unicode.ReplacementChar {
			return false
		}
	}
	return len(b) <= 2*most && len(b)%2 == 0
}

func plausibleName(b []byte, compressed bool) bool {
	name := decodeName(b, compressed)
	return strings.Count(name, "\x00") <= mostNULs && !strings.ContainsRune(name, unicode.ReplacementChar) && (compressed || len(b)%2 == 0)
}

// soundName reports whether a name is one that programs give.
func soundName(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == unicode.ReplacementChar || 0x7f <= r && r < 0xa0 })
}

// keyRemnant is a decoded key node.
type keyRemnant struct {
	name      string
	lastWrite time.Time
	parent    uint32
	values    int
	list      uint32
	sound     bool // its fields are those of a key
}

func readKeyRemnant(b []byte) keyRemnant {
	le := binary.LittleEndian
	n := int(le.Uint16(b[nodeNameSize:]))
	k := keyRemnant{
		name:      decodeName(b[nodeName:nodeName+n], flagsOf(b)&KeyCompressedName != 0),
		lastWrite: filetime.Time(le.Uint64(b[nodeLastWrite:])),
		parent:    le.Uint32(b[nodeParent:]),
		values:    valueCount(b),
		list:      le.Uint32(b[nodeValueList:]),
	}
	k.sound = soundName(k.name) && flagsOf(b)&^knownFlags == 0 && k.parent%8 == 0 && !strings.Contains(k.name, `\`)
	return k
}

// scanSheet calls found for what looks like a key node or a value in the bytes of a
// sheet that are not used, from an offset on.
func scanSheet(s *sheet, from int, use *usage, found func(m remnant, key bool)) {
	b := s.data
	for i := from; i+valueName <= len(b); i += 2 {
		if b[i+1] != 'k' || b[i] != 'n' && b[i] != 'v' {
			continue
		}
		key, size := b[i] == 'n', 0
		if key {
			size = keySize(b[i:])
		} else {
			size = valueSizeOf(b[i:])
		}
		if size == 0 || use != nil && !use.free(int64(i), size) {
			continue
		}
		found(remnant{s, i}, key)
		i += (size - 1) &^ 1
	}
}
