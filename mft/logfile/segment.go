package logfile

import (
	"encoding/binary"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft"
)

// parseSizes decodes the data of SetNewAttributeSizes.
func parseSizes(b []byte) (s Sizes) {
	if len(b) >= 24 {
		s = Sizes{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint64(b[16:])}
	}
	return s
}

// attribute is an attribute of a record of the $MFT.
type attribute struct {
	kind  mft.AttributeType
	name  string
	value []byte // nil if it is not resident
	size  int    // with its header
}

const residentLen = 0x18 // of the header of a resident attribute

// parseAttribute decodes the header of an attribute, whose layout package mft describes.
func parseAttribute(b []byte) (a attribute, ok bool) {
	le := binary.LittleEndian
	if len(b) < residentLen {
		return a, false
	}
	a.kind, a.size = mft.AttributeType(le.Uint32(b)), int(min(le.Uint32(b[4:]), 1<<20))
	if a.size < residentLen || a.size > len(b) {
		return a, false
	}
	b = b[:a.size]
	if n, at := 2*int(b[9]), int(le.Uint16(b[0x0a:])); n > 0 {
		if at+n > len(b) {
			return a, false
		}
		a.name = wtf8.String(b[at : at+n])
	}
	if b[8] == 0 {
		n, at := int(min(le.Uint32(b[0x10:]), 1<<20)), int(le.Uint16(b[0x14:]))
		if at+n > len(b) {
			return a, false
		}
		a.value = b[at : at+n]
	}
	return a, true
}

// segment is what InitializeFileRecordSegment writes.
type segment struct {
	ok, inUse, dir bool
	seq            uint16
	base           mft.Ref
	info           *Info
	names          []mft.FileName
}

// parseSegment decodes the used part of a record of the $MFT. Its fixups are not those of
// the disk, and are not applied.
func parseSegment(b []byte) (s segment) {
	le := binary.LittleEndian
	if len(b) < 0x2a || string(b[:4]) != "FILE" {
		return s
	}
	s.ok, s.seq, s.base = true, le.Uint16(b[0x10:]), mft.ParseRef(le.Uint64(b[0x20:]))
	flags := mft.RecordFlags(le.Uint16(b[0x16:]))
	s.inUse, s.dir = flags&mft.RecordInUse != 0, flags&mft.RecordDirectory != 0
	for at := int(le.Uint16(b[0x14:])); at < len(b); {
		a, ok := parseAttribute(b[at:])
		if !ok {
			break
		}
		switch {
		case a.kind == mft.AttrStandardInformation && a.value != nil:
			s.info = parseInfo(a.value, 0)
		case a.kind == mft.AttrFileName && a.value != nil:
			if fn, err := mft.ParseFileName(a.value, -1); err == nil {
				s.names = append(s.names, fn)
			}
		}
		at += a.size
	}
	return s
}

// An entry of an index, in bytes from its beginning:
//
//	0x00  8  file reference
//	0x08  2  size of the entry
//	0x0a  2  size of the key
//	0x0c  2  flags: 1 if a number of a cluster is at the end
//	0x10     key: in a folder, a $FILE_NAME
const (
	indexEntryLen = 0x10
	fileNameLen   = 0x42
)

// parseIndexEntry decodes an entry of a folder. It is strict, because the entries of other
// indexes look similar.
func parseIndexEntry(b []byte) (ref mft.Ref, fn mft.FileName, ok bool) {
	le := binary.LittleEndian
	if len(b) < indexEntryLen+fileNameLen {
		return ref, fn, false
	}
	size, key, flags := int(le.Uint16(b[8:])), int(le.Uint16(b[0x0a:])), le.Uint16(b[0x0c:])
	want := (indexEntryLen + key + 7) &^ 7
	if flags&1 != 0 {
		want += 8
	}
	if size != want || size > len(b) || key < fileNameLen || key != fileNameLen+2*int(b[indexEntryLen+0x40]) || b[indexEntryLen+0x41] > 3 {
		return ref, fn, false
	}
	ref = mft.ParseRef(le.Uint64(b))
	fn, err := mft.ParseFileName(b[indexEntryLen:indexEntryLen+key], -1)
	return ref, fn, err == nil && ref.Seq != 0 && fn.Parent.Seq != 0 && fn.Name != ""
}

// isStandardInformation reports whether a record changes $STANDARD_INFORMATION. No other
// attribute can be the first one of a base record.
func isStandardInformation(rec *Record) bool {
	strides := max(int(rec.BlockSize), 2)
	array := 2 * (1 + strides)
	first := int(rec.RecordOffset)
	if first != (0x30+array+7)&^7 && first != (0x2a+array+7)&^7 {
		return false
	}
	at, n := int(rec.AttributeOffset), max(len(rec.RedoData), len(rec.UndoData))
	return at >= residentLen && n > 0 && at+n <= residentLen+infoLen
}

// $STANDARD_INFORMATION, in bytes from the beginning of its value: package mft describes it.
const infoLen = 0x48

// parseInfo decodes the part of $STANDARD_INFORMATION that begins at an offset of it.
func parseInfo(b []byte, at int) *Info {
	if len(b) == 0 {
		return nil
	}
	le := binary.LittleEndian
	has := func(off, n int) []byte {
		if off < at || off+n > at+len(b) {
			return nil
		}
		return b[off-at:]
	}
	i := new(Info)
	for k, t := range infoTimes {
		if x := has(8*k, 8); x != nil {
			*t.of(i) = filetime.Time(le.Uint64(x))
		}
	}
	if x := has(0x20, 4); x != nil {
		i.HasAttributes, i.Attributes = true, mft.FileAttributes(le.Uint32(x))
	}
	if x := has(0x34, 4); x != nil {
		i.SecurityID = le.Uint32(x)
	}
	if x := has(0x40, 8); x != nil {
		i.USN = le.Uint64(x)
	}
	return i
}
