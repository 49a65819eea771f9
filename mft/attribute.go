package mft

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// AttributeFlags describe how the content of an attribute is stored.
type AttributeFlags uint16

// The attribute flags.
const (
	AttributeCompressed AttributeFlags = 0x00ff // the low byte names the method; 1 is LZNT1
	AttributeEncrypted  AttributeFlags = 0x4000
	AttributeSparse     AttributeFlags = 0x8000
)

// Attribute is one attribute of a record, or one part of an attribute that is
// spread over several records.
type Attribute struct {
	Type     AttributeType
	Name     string
	ID       uint16 // unique in its record
	Flags    AttributeFlags
	Resident bool
	Indexed  bool   // a resident attribute that an index refers to, as $FILE_NAME
	Value    []byte // of a resident attribute

	// The sizes are in bytes. A non-resident attribute records them in its first
	// part (StartVCN 0) only; in a resident one they are the length of the
	// value. The other fields are for non-resident attributes.
	StartVCN, LastVCN                    uint64
	Size, AllocatedSize, InitializedSize uint64
	CompressionUnit                      uint8 // as a power of two of clusters
	Runs                                 []Run

	Record Ref   // the record that holds it: the base or an extension
	Offset int64 // in bytes from the beginning of the $MFT

	valueOff uint16 // of a resident attribute: where its value is, from Offset
}

// An attribute, in bytes from its beginning:
//
//	0x00  4  type
//	0x04  4  length of the attribute
//	0x08  1  1 if it is not resident
//	0x09  1  length of the name in UTF-16 units
//	0x0a  2  offset of the name
//	0x0c  2  flags
//	0x0e  2  number of the attribute, unique in its record
//
// then, if it is resident,
//
//	0x10  4  length of the value
//	0x14  2  offset of the value
//	0x16  1  1 if an index refers to it
//
// and if it is not
//
//	0x10  8  first VCN of this part
//	0x18  8  last VCN of this part
//	0x20  2  offset of the run list
//	0x22  2  compression unit as a power of two of clusters
//	0x28  8  bytes allocated, a multiple of the cluster size
//	0x30  8  size in bytes
//	0x38  8  bytes initialized
//	0x40  8  bytes allocated without the holes; compressed and sparse ones only
const (
	attrHeaderLen      = 0x10
	attrResidentLen    = 0x18
	attrNonResidentLen = 0x40
)

// decode reads the attribute b at offset base of the $MFT; the caller has
// checked its length. Values point into b, and runs are appended to runs. After
// an error the attribute holds what could be decoded.
func (a *Attribute) decode(b []byte, base int64, runs []Run) ([]Run, error) {
	le := binary.LittleEndian
	a.Offset = base
	a.Type = AttributeType(le.Uint32(b))
	a.Resident = b[0x08] == 0
	a.Flags = AttributeFlags(le.Uint16(b[0x0c:]))
	a.ID = le.Uint16(b[0x0e:])
	if n := 2 * uint64(b[0x09]); n > 0 {
		name, err := bin.Slice(b, base, uint64(le.Uint16(b[0x0a:])), n, "attribute name")
		if err != nil {
			return runs, err
		}
		a.Name = attributeName(name)
	}
	if a.Resident {
		if len(b) < attrResidentLen {
			return runs, damage.Truncated("resident attribute header", base, attrResidentLen, int64(len(b)))
		}
		a.Indexed = b[0x16]&1 != 0
		a.valueOff = le.Uint16(b[0x14:])
		value, err := bin.Slice(b, base, uint64(le.Uint16(b[0x14:])), uint64(le.Uint32(b[0x10:])), "attribute value")
		a.Value = value
		a.Size = uint64(len(a.Value))
		a.AllocatedSize, a.InitializedSize = (a.Size+7)&^7, a.Size
		return runs, err
	}
	if len(b) < attrNonResidentLen {
		return runs, damage.Truncated("attribute header", base, attrNonResidentLen, int64(len(b)))
	}
	a.StartVCN, a.LastVCN = le.Uint64(b[0x10:]), le.Uint64(b[0x18:])
	a.CompressionUnit = b[0x22]
	a.AllocatedSize, a.Size, a.InitializedSize = le.Uint64(b[0x28:]), le.Uint64(b[0x30:]), le.Uint64(b[0x38:])
	if a.StartVCN > maxClusters || a.LastVCN != ^uint64(0) && a.LastVCN > maxClusters {
		return runs, damage.New("VCN range", base+0x10, fmt.Sprintf("%d to %d", a.StartVCN, a.LastVCN), "a stream that fits in 63 bits")
	}
	off := uint64(le.Uint16(b[0x20:]))
	if off < attrNonResidentLen || off > uint64(len(b)) {
		return runs, damage.New("run list offset", base+0x20, off, fmt.Sprintf("%d to %d", attrNonResidentLen, len(b)))
	}
	first := len(runs)
	runs, clusters, err := parseRuns(runs, b[off:], base+int64(off))
	a.Runs = runs[first:len(runs):len(runs)]
	// An empty attribute has LastVCN −1.
	if want := a.LastVCN + 1 - a.StartVCN; err == nil && clusters != want {
		err = damage.New("clusters in the run list", base+int64(off), clusters, want)
	}
	return runs, err
}

// attributeName is like wtf8.String but does not allocate for the names that
// volumes repeat.
func attributeName(b []byte) string {
	var buf [64]byte
	switch s := wtf8.Append(buf[:0], b); string(s) {
	case "$I30":
		return "$I30"
	case ZoneIdentifierStream:
		return ZoneIdentifierStream
	default:
		return string(s)
	}
}
