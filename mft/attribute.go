package mft

import "fmt"

// AttributeType says what an attribute holds.
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

var attributeNames = map[AttributeType]string{
	AttrStandardInformation: "$STANDARD_INFORMATION",
	AttrAttributeList:       "$ATTRIBUTE_LIST",
	AttrFileName:            "$FILE_NAME",
	AttrObjectID:            "$OBJECT_ID",
	AttrSecurityDescriptor:  "$SECURITY_DESCRIPTOR",
	AttrVolumeName:          "$VOLUME_NAME",
	AttrVolumeInformation:   "$VOLUME_INFORMATION",
	AttrData:                "$DATA",
	AttrIndexRoot:           "$INDEX_ROOT",
	AttrIndexAllocation:     "$INDEX_ALLOCATION",
	AttrBitmap:              "$BITMAP",
	AttrReparsePoint:        "$REPARSE_POINT",
	AttrEAInformation:       "$EA_INFORMATION",
	AttrEA:                  "$EA",
	AttrLoggedUtilityStream: "$LOGGED_UTILITY_STREAM",
}

// String returns the type's name in $AttrDef, a number for a type that Windows
// does not define.
func (t AttributeType) String() string {
	if s, ok := attributeNames[t]; ok {
		return s
	}
	return fmt.Sprintf("%#x", uint32(t))
}

// AttributeFlags say how the content of an attribute is stored.
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

	// Of an attribute that is not resident. The sizes, in bytes, stand in its
	// first part (StartVCN 0) only; of a resident one they are its length.
	StartVCN, LastVCN                    uint64
	Size, AllocatedSize, InitializedSize uint64
	CompressionUnit                      uint8 // as a power of two of clusters
	Runs                                 []Run

	Record Ref   // the record that holds it: the base or an extension
	Offset int64 // in bytes from the beginning of the $MFT
}
