package mfttest

import (
	"math"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft"
)

// attributeDefinitions returns the content of $AttrDef: the attributes that exist
// and how long their values may be. An entry, in bytes from its beginning:
//
//	0x00  128  name, UTF-16LE, ended by NUL
//	0x80    4  type
//	0x84    4  display rule
//	0x88    4  collation rule
//	0x8c    4  flags: 2 indexed, 0x40 always resident, 0x80 may be non-resident
//	0x90    8  minimal length
//	0x98    8  maximal length
func attributeDefinitions() []byte {
	const (
		indexed  = 0x02
		resident = 0x40
		mayMove  = 0x80
		anyLen   = math.MaxUint64
	)
	var b []byte
	for _, d := range []struct {
		typ       mft.AttributeType
		collation collation
		flags     uint32
		low, high uint64
	}{
		{mft.AttrStandardInformation, 0, resident, 0x30, 0x48},
		{mft.AttrAttributeList, 0, mayMove, 0, anyLen},
		{mft.AttrFileName, collateFileName, indexed | resident, 0x44, 0x242},
		{mft.AttrObjectID, 0, resident, 0, 0x100},
		{mft.AttrSecurityDescriptor, 0, mayMove, 0, anyLen},
		{mft.AttrVolumeName, 0, resident, 0x02, 0x100},
		{mft.AttrVolumeInformation, 0, resident, 0x0c, 0x0c},
		{mft.AttrData, 0, 0, 0, anyLen},
		{mft.AttrIndexRoot, 0, resident, 0, anyLen},
		{mft.AttrIndexAllocation, 0, mayMove, 0, anyLen},
		{mft.AttrBitmap, 0, mayMove, 0, anyLen},
		{mft.AttrReparsePoint, 0, mayMove, 0, 0x4000},
		{mft.AttrEAInformation, 0, resident, 8, 8},
		{mft.AttrEA, 0, 0, 0, 0x10000},
		{mft.AttrLoggedUtilityStream, 0, mayMove, 0, 0x10000},
	} {
		e := make([]byte, 0xa0)
		copy(e, wtf8.Encode(d.typ.String()))
		le.PutUint32(e[0x80:], uint32(d.typ))
		le.PutUint32(e[0x88:], uint32(d.collation))
		le.PutUint32(e[0x8c:], d.flags)
		le.PutUint64(e[0x90:], d.low)
		le.PutUint64(e[0x98:], d.high)
		b = append(b, e...)
	}
	return append(b, make([]byte, 0xa00-len(b))...)
}
