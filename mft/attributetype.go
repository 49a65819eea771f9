package mft

import "fmt"

// AttributeType is the type of an attribute: what it holds.
type AttributeType uint32

// The attribute types.
const (
	AttrStandardInformation AttributeType = 0x10
	AttrAttributeList       AttributeType = 0x20
	AttrFileName            AttributeType = 0x30
	AttrObjectID            AttributeType = 0x40
	AttrSecurityDescriptor  AttributeType = 0x50
	AttrVolumeName          AttributeType = 0x60
	AttrVolumeInformation   AttributeType = 0x70
	AttrData                AttributeType = 0x80
	AttrIndexRoot           AttributeType = 0x90
	AttrIndexAllocation     AttributeType = 0xa0
	AttrBitmap              AttributeType = 0xb0
	AttrReparsePoint        AttributeType = 0xc0
	AttrEAInformation       AttributeType = 0xd0
	AttrEA                  AttributeType = 0xe0
	AttrLoggedUtilityStream AttributeType = 0x100
	attrEnd                 AttributeType = 0xffffffff
)

// String returns the type's name in $AttrDef, or a number for a type that
// Windows does not define.
func (t AttributeType) String() string {
	switch t {
	case AttrStandardInformation:
		return "$STANDARD_INFORMATION"
	case AttrAttributeList:
		return "$ATTRIBUTE_LIST"
	case AttrFileName:
		return "$FILE_NAME"
	case AttrObjectID:
		return "$OBJECT_ID"
	case AttrSecurityDescriptor:
		return "$SECURITY_DESCRIPTOR"
	case AttrVolumeName:
		return "$VOLUME_NAME"
	case AttrVolumeInformation:
		return "$VOLUME_INFORMATION"
	case AttrData:
		return "$DATA"
	case AttrIndexRoot:
		return "$INDEX_ROOT"
	case AttrIndexAllocation:
		return "$INDEX_ALLOCATION"
	case AttrBitmap:
		return "$BITMAP"
	case AttrReparsePoint:
		return "$REPARSE_POINT"
	case AttrEAInformation:
		return "$EA_INFORMATION"
	case AttrEA:
		return "$EA"
	case AttrLoggedUtilityStream:
		return "$LOGGED_UTILITY_STREAM"
	}
	return fmt.Sprintf("%#x", uint32(t))
}

// typeSet is the set of types of a record's attributes, with a bit for each type that
// Windows defines. The zero value is the set of a record that was not decoded, about
// which nothing is known.
type typeSet uint32

// A type is a multiple of 0x10. Bit 0 holds all other types.
func (s *typeSet) add(t AttributeType) { *s |= bitOf(t) }

func bitOf(t AttributeType) typeSet {
	if t&0xf != 0 || t > AttrLoggedUtilityStream {
		return 1
	}
	return 1 << (t >> 4)
}

// lacks reports whether the record is known to have no attribute of a type.
func (s typeSet) lacks(t AttributeType) bool { return s != 0 && s&bitOf(t) == 0 }
