package mft

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

// A record, in bytes from its beginning:
//
//	0x00  4  signature "FILE", or "BAAD" if chkdsk found it torn
//	0x04  4  update sequence array, see fixup.go
//	0x08  8  $LogFile sequence number
//	0x10  2  sequence number
//	0x12  2  number of names
//	0x14  2  offset of the first attribute
//	0x16  2  flags
//	0x18  4  bytes used
//	0x1c  4  bytes allocated
//	0x20  8  file reference of the base record, 0 in a base record
//	0x28  2  number of the next attribute
//	0x2c  4  low 32 bits of the entry, since NTFS 3.1
const (
	recordHeaderLen    = 0x2a // before NTFS 3.1
	recordHeaderNewLen = 0x30
	minRecordSize      = 512
	maxRecordSize      = 64 << 10
	attrEndLen         = 8 // of the mark behind the last attribute
)

const (
	signatureFile = "FILE"
	signatureBaad = "BAAD"
)

// header holds the fields that are needed to find and link records.
type header struct {
	seq   uint16
	flags RecordFlags
	base  Ref
}

// headerOf reads the header of a record without applying its fixups, which do not
// touch the header. It reports false if b is not a record.
func headerOf(b []byte) (header, bool) {
	if len(b) < recordHeaderLen || string(b[:4]) != signatureFile && string(b[:4]) != signatureBaad {
		return header{}, false
	}
	return header{
		seq:   binary.LittleEndian.Uint16(b[0x10:]),
		flags: RecordFlags(binary.LittleEndian.Uint16(b[0x16:])),
		base:  refAt(b, 0x20),
	}, true
}

// place is the location of a record.
type place struct {
	artifact string // what errors call the $MFT
	entry    uint64
	offset   int64 // in the $MFT
	volume   int64 // in the volume, -1 if unknown
}

// decodeRecord decodes the single record b, which it changes and keeps. It does
// not interpret the attributes yet: see Record.interpret.
func decodeRecord(b []byte, at place) (*Record, error) {
	rec := new(Record)
	if err := rec.decode(b, at); err != nil {
		return nil, err
	}
	return rec, nil
}

// decode is like decodeRecord but reuses r and its memory.
func (r *Record) decode(b []byte, at place) error {
	le := binary.LittleEndian
	*r = Record{
		Offset: at.offset, VolumeOffset: at.volume, artifact: at.artifact,
		Attributes: r.Attributes[:0], FileNames: r.FileNames[:0], Streams: r.Streams[:0], runs: r.runs[:0],
	}
	r.Entry = at.entry
	switch string(b[:4]) {
	case signatureFile:
	case signatureBaad:
		r.note(damage.Torn, damage.New("record signature", at.offset, signatureBaad, signatureFile), "")
	default:
		return r.in(damage.New("record signature", at.offset, fmt.Sprintf("%q", b[:4]), signatureFile), "")
	}
	applyFixups(b, at.offset, r.note)
	r.LSN = le.Uint64(b[0x08:])
	r.Seq = le.Uint16(b[0x10:])
	r.HardLinks = le.Uint16(b[0x12:])
	r.Flags = RecordFlags(le.Uint16(b[0x16:]))
	r.UsedSize = le.Uint32(b[0x18:])
	r.AllocatedSize = le.Uint32(b[0x1c:])
	r.Base = refAt(b, 0x20)
	if r.AllocatedSize != uint32(len(b)) {
		r.note(damage.Malformed, damage.New("allocated size of the record", at.offset+0x1c, r.AllocatedSize, len(b)), "")
	}

	first := int(le.Uint16(b[0x14:]))
	if first < recordHeaderLen || first > len(b) {
		r.note(damage.Malformed, damage.New("offset of the first attribute", at.offset+0x14, first,
			fmt.Sprintf("%d to %d", recordHeaderLen, len(b))), "")
		return nil
	}
	if first >= recordHeaderNewLen {
		if n := le.Uint32(b[0x2c:]); n != uint32(at.entry) && n != 0 {
			r.note(damage.Malformed, damage.New("record number", at.offset+0x2c, n, uint32(at.entry)), "")
		}
	}
	end := r.addAttributes(b, first)
	if mark := min(end+attrEndLen, len(b)); mark < len(b) {
		r.slack = recordSlack{b[mark:], r.Offset + int64(mark), r.Ref}
	}
	if r.UsedSize > uint32(len(b)) || int(r.UsedSize) < end {
		r.note(damage.Malformed, damage.New("used size of the record", at.offset+0x18, r.UsedSize, fmt.Sprintf("%d to %d", end, len(b))), "")
	}
	return nil
}

// addAttributes appends the attributes of the record b, beginning at off, and
// returns the offset of their end. It reads up to the end mark, so that a used
// size that is damaged and too small does not hide attributes.
func (r *Record) addAttributes(b []byte, off int) int {
	if cap(r.Attributes) == 0 {
		r.Attributes = make([]Attribute, 0, 4)
	}
	var err error
	for {
		base := r.Offset + int64(off)
		if len(b)-off < 4 {
			r.note(damage.Malformed, damage.Truncated("end of the attributes", base, 4, int64(len(b)-off)), "")
			return off
		}
		if AttributeType(binary.LittleEndian.Uint32(b[off:])) == attrEnd {
			return off
		}
		if len(b)-off < attrHeaderLen {
			r.note(damage.Malformed, damage.Truncated("attribute header", base, attrHeaderLen, int64(len(b)-off)), "")
			return off
		}
		n := binary.LittleEndian.Uint32(b[off+4:])
		if n < attrHeaderLen || uint64(n) > uint64(len(b)-off) {
			r.note(damage.Malformed, damage.New("length of the attribute", base+4, n,
				fmt.Sprintf("%d to %d", attrHeaderLen, len(b)-off)), "")
			return off
		}
		r.Attributes = append(r.Attributes, Attribute{Record: r.Ref})
		a := &r.Attributes[len(r.Attributes)-1]
		if r.runs, err = a.decode(b[off:off+int(n):off+int(n)], base, r.runs); err != nil {
			r.note(damage.Malformed, err, a.Type.String())
		}
		r.types.add(a.Type)
		off += int(n)
	}
}

// absorb appends the attributes of an extension record.
func (r *Record) absorb(ext *Record) {
	r.Attributes = append(r.Attributes, ext.Attributes...)
	r.types |= ext.types
	r.Problems = append(r.Problems, ext.Problems...)
	r.ExtensionRefs = append(r.ExtensionRefs, ext.Ref)
	r.extSlack = append(r.extSlack, ext.slack)
}

// interpret decodes the content of the attributes. It is called once all extension
// records are absorbed.
func (r *Record) interpret() {
	split := false // some stream is in several parts
	for i := range r.Attributes {
		a := &r.Attributes[i]
		var err error
		switch a.Type {
		case AttrStandardInformation:
			err = r.StandardInformation.decode(a)
		case AttrFileName:
			r.FileNames = append(r.FileNames, FileName{})
			if err = r.FileNames[len(r.FileNames)-1].decode(a.Value, a.Offset); err != nil {
				r.FileNames = r.FileNames[:len(r.FileNames)-1]
			}
		case AttrObjectID:
			if copy(r.ObjectID[:], a.Value) < len(r.ObjectID) {
				err = damage.Truncated("$OBJECT_ID", a.Offset, int64(len(r.ObjectID)), int64(len(a.Value)))
			}
		case AttrReparsePoint:
			if len(a.Value) >= 4 {
				r.ReparseTag = binary.LittleEndian.Uint32(a.Value)
			} else if a.Resident {
				err = damage.Truncated("$REPARSE_POINT", a.Offset, 4, int64(len(a.Value)))
			}
		case AttrData:
			split = split || a.StartVCN != 0
			r.Streams = append(r.Streams, streamOf(a))
		}
		if err != nil {
			r.note(damage.Malformed, err, a.Type.String())
		}
	}
	if split {
		r.Streams = joinStreams(r.Streams[:0], r.Attributes, r.note)
	}
}

// in adds the place to an error: the record or, if part is not empty, that part of
// it.
func (r *Record) in(err error, part string) error {
	return damage.In(err, r.artifact, entryPath(r.Entry, part))
}

// note adds a problem of the record, or of a part of it, with the place that in
// would give it.
func (r *Record) note(kind damage.Kind, err error, part string) {
	r.Problems = append(r.Problems, damage.Note(kind, err, r.artifact, entryPath(r.Entry, part)))
}
