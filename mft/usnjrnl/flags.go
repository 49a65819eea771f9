package usnjrnl

import (
	"fmt"
	"strings"
)

// Reason is why a record was written: what has happened to the file since it was
// opened.
type Reason uint32

// The reasons ([MS-FSCC] 2.4.51.1).
const (
	DataOverwrite             Reason = 0x00000001
	DataExtend                Reason = 0x00000002
	DataTruncation            Reason = 0x00000004
	NamedDataOverwrite        Reason = 0x00000010
	NamedDataExtend           Reason = 0x00000020
	NamedDataTruncation       Reason = 0x00000040
	FileCreate                Reason = 0x00000100
	FileDelete                Reason = 0x00000200
	EAChange                  Reason = 0x00000400
	SecurityChange            Reason = 0x00000800
	RenameOldName             Reason = 0x00001000 // the record has the name before
	RenameNewName             Reason = 0x00002000 // the record has the name after
	IndexableChange           Reason = 0x00004000
	BasicInfoChange           Reason = 0x00008000 // attributes or times were set
	HardLinkChange            Reason = 0x00010000
	CompressionChange         Reason = 0x00020000
	EncryptionChange          Reason = 0x00040000
	ObjectIDChange            Reason = 0x00080000
	ReparsePointChange        Reason = 0x00100000
	StreamChange              Reason = 0x00200000 // a named stream was added, removed or renamed
	TransactedChange          Reason = 0x00400000
	IntegrityChange           Reason = 0x00800000
	DesiredStorageClassChange Reason = 0x01000000
	Close                     Reason = 0x80000000
)

// anyReason has all reasons that are documented.
const anyReason Reason = 0x81ffff77

type flagName[F ~uint32] struct {
	flag F
	name string
}

var reasonNames = []flagName[Reason]{
	{DataOverwrite, "DATA_OVERWRITE"}, {DataExtend, "DATA_EXTEND"}, {DataTruncation, "DATA_TRUNCATION"},
	{NamedDataOverwrite, "NAMED_DATA_OVERWRITE"}, {NamedDataExtend, "NAMED_DATA_EXTEND"},
	{NamedDataTruncation, "NAMED_DATA_TRUNCATION"}, {FileCreate, "FILE_CREATE"}, {FileDelete, "FILE_DELETE"},
	{EAChange, "EA_CHANGE"}, {SecurityChange, "SECURITY_CHANGE"}, {RenameOldName, "RENAME_OLD_NAME"},
	{RenameNewName, "RENAME_NEW_NAME"}, {IndexableChange, "INDEXABLE_CHANGE"}, {BasicInfoChange, "BASIC_INFO_CHANGE"},
	{HardLinkChange, "HARD_LINK_CHANGE"}, {CompressionChange, "COMPRESSION_CHANGE"},
	{EncryptionChange, "ENCRYPTION_CHANGE"}, {ObjectIDChange, "OBJECT_ID_CHANGE"},
	{ReparsePointChange, "REPARSE_POINT_CHANGE"}, {StreamChange, "STREAM_CHANGE"},
	{TransactedChange, "TRANSACTED_CHANGE"}, {IntegrityChange, "INTEGRITY_CHANGE"},
	{DesiredStorageClassChange, "DESIRED_STORAGE_CLASS_CHANGE"}, {Close, "CLOSE"},
}

// String returns the names of the reasons that are set, without USN_REASON_ and
// separated by "|", with the unnamed ones as a number.
func (r Reason) String() string { return flagText(r, reasonNames) }

// Source is what the program that made a change said of itself.
type Source uint32

// The sources ([MS-FSCC] 2.4.51.1).
const (
	DataManagement              Source = 0x01 // moved data without changing what users see
	AuxiliaryData               Source = 0x02 // added a private stream to a file
	ReplicationManagement       Source = 0x04 // copied a replica
	ClientReplicationManagement Source = 0x08 // the same from a client
)

var sourceNames = []flagName[Source]{
	{DataManagement, "DATA_MANAGEMENT"}, {AuxiliaryData, "AUXILIARY_DATA"},
	{ReplicationManagement, "REPLICATION_MANAGEMENT"}, {ClientReplicationManagement, "CLIENT_REPLICATION_MANAGEMENT"},
}

// String returns the names of the sources that are set, without USN_SOURCE_ and
// separated by "|", with the unnamed ones as a number.
func (s Source) String() string { return flagText(s, sourceNames) }

func flagText[F ~uint32](flags F, names []flagName[F]) string {
	var set []string
	for _, n := range names {
		if flags&n.flag != 0 {
			set = append(set, n.name)
			flags &^= n.flag
		}
	}
	if flags != 0 {
		set = append(set, fmt.Sprintf("%#x", uint32(flags)))
	}
	return strings.Join(set, "|")
}
