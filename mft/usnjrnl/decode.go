package usnjrnl

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft"
)

// A record, in bytes from its beginning ([MS-FSCC] 2.4.51, winioctl.h):
//
//	v2    v3    v4
//	0x00  0x00  0x00   4  size of the record, a multiple of 8
//	0x04  0x04  0x04   2  major version
//	0x06  0x06  0x06   2  minor version
//	0x08  0x08  0x08   8  file reference; 16 in v3 and v4
//	0x10  0x18  0x18   8  reference of the folder; 16 in v3 and v4
//	0x18  0x28  0x28   8  USN
//	0x20  0x30         8  time (FILETIME)
//	0x28  0x38  0x30   4  reasons
//	0x2c  0x3c  0x34   4  sources
//	0x30  0x40         4  security identifier
//	0x34  0x44         4  file attributes
//	0x38  0x48         2  size of the name in bytes
//	0x3a  0x4a         2  offset of the name
//	0x3c  0x4c            name (UTF-16LE)
//	            0x38   4  remaining extents
//	            0x3c   2  number of extents
//	            0x3e   2  size of an extent, 16
//	            0x40      extents: offset 8, length 8
const (
	headV2, headV3, headV4 = 0x3c, 0x4c, 0x40

	minSize    = 0x40
	pageSize   = 0x1000 // a record does not cross it, counted by USN
	extentSize = 16
	align      = 8
)

// looksLike reports whether b, of at least 8 bytes, begins as a record does. Few other
// bytes do.
func looksLike(b []byte) bool {
	u := binary.LittleEndian.Uint64(b)
	size := uint32(u)
	return size <= pageSize && size >= minSize && size%align == 0 && uint16(u>>32)-2 <= 2 && u>>48 <= maxMinor
}

// maxMinor is the highest minor version that is taken for one. All known are 0.
const maxMinor = 15

// decode decodes the record at the beginning of b, which is at offset off. It is strict:
// the sizes in a record agree with each other, so bytes that are not a record fail.
func decode(b []byte, off int64) (rec Record, err error) {
	fail := func(what string, at int, got, want any) (Record, error) {
		return Record{}, damage.New(what, off+int64(at), got, want)
	}
	if len(b) < 8 {
		return Record{}, damage.Truncated("record", off, 8, int64(len(b)))
	}
	if !looksLike(b) {
		return fail("record", 0, fmt.Sprintf("% x", b[:8]), "the beginning of a record")
	}
	size := int(binary.LittleEndian.Uint32(b))
	if size > len(b) {
		return Record{}, damage.Truncated("record", off, int64(size), int64(len(b)))
	}
	b = b[:size]
	le := binary.LittleEndian
	rec = Record{Offset: off, Size: size, Major: le.Uint16(b[4:]), Minor: le.Uint16(b[6:])}
	head, usn := headV2, 0x18
	switch rec.Major {
	case 2:
		rec.File, rec.Parent = FileID{Low: le.Uint64(b[8:])}, FileID{Low: le.Uint64(b[0x10:])}
	default:
		head, usn = headV3, 0x28
		rec.File = FileID{le.Uint64(b[8:]), le.Uint64(b[0x10:])}
		rec.Parent = FileID{le.Uint64(b[0x18:]), le.Uint64(b[0x20:])}
	}
	if size < head {
		return fail("size of the record", 0, size, fmt.Sprintf("≥ %d", head))
	}
	rec.USN = int64(le.Uint64(b[usn:]))
	if rec.USN < 0 || rec.USN%align != 0 {
		return fail("USN", usn, rec.USN, "a multiple of 8")
	}
	if in := int(rec.USN % pageSize); in+size > pageSize {
		return fail("size of the record", 0, size, fmt.Sprintf("≤ %d, the rest of its page", pageSize-in))
	}
	if rec.Major == 4 {
		return extents(rec, b, off)
	}
	rec.Time = filetime.Time(le.Uint64(b[usn+8:]))
	rec.Reason, rec.Source = Reason(le.Uint32(b[usn+0x10:])), Source(le.Uint32(b[usn+0x14:]))
	rec.SecurityID, rec.Attributes = le.Uint32(b[usn+0x18:]), mft.FileAttributes(le.Uint32(b[usn+0x1c:]))
	n, at := int(le.Uint16(b[usn+0x20:])), int(le.Uint16(b[usn+0x22:]))
	switch {
	case at < head || at > size:
		return fail("offset of the name", usn+0x22, at, fmt.Sprintf("%d", head))
	case n%2 != 0 || n > size-at || n > 2*255:
		return fail("size of the name", usn+0x20, n, fmt.Sprintf("an even number ≤ %d", min(size-at, 2*255)))
	case size-at-n >= 2*align:
		return fail("size of the record", 0, size, fmt.Sprintf("%d", at+n))
	}
	rec.Name = wtf8.String(b[at : at+n])
	return rec, nil
}

// extents decodes what version 4 has behind its USN.
func extents(rec Record, b []byte, off int64) (Record, error) {
	le := binary.LittleEndian
	rec.Reason, rec.Source, rec.Remaining = Reason(le.Uint32(b[0x30:])), Source(le.Uint32(b[0x34:])), le.Uint32(b[0x38:])
	n, each := int(le.Uint16(b[0x3c:])), int(le.Uint16(b[0x3e:]))
	switch {
	case each < extentSize || each%align != 0:
		return Record{}, damage.New("size of an extent", off+0x3e, each, extentSize)
	case headV4+n*each > len(b):
		return Record{}, damage.New("number of extents", off+0x3c, n, fmt.Sprintf("≤ %d", (len(b)-headV4)/each))
	case len(b)-headV4-n*each >= 2*align:
		return Record{}, damage.New("size of the record", off, len(b), headV4+n*each)
	}
	for i := range n {
		x := b[headV4+i*each:]
		rec.Extents = append(rec.Extents, Extent{int64(le.Uint64(x)), int64(le.Uint64(x[8:]))})
	}
	return rec, nil
}
