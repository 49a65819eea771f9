package logfile

import "fmt"

// Operation is what a log record does, or what undoes it.
type Operation uint16

// The operations. The comments say what their data is. Those that change a record of the
// $MFT are marked with [M], those that change the clusters of an attribute with [A].
const (
	Noop                         Operation = 0x00 // none
	CompensationLogRecord        Operation = 0x01 // as Undo: the record itself undoes another one
	InitializeFileRecordSegment  Operation = 0x02 // [M] the used part of the record
	DeallocateFileRecordSegment  Operation = 0x03 // [M] none: the entry is free
	WriteEndOfFileRecordSegment  Operation = 0x04 // [M] the record from an attribute on
	CreateAttribute              Operation = 0x05 // [M] the attribute with its header
	DeleteAttribute              Operation = 0x06 // [M] none
	UpdateResidentValue          Operation = 0x07 // [M] the bytes
	UpdateNonresidentValue       Operation = 0x08 // [A] the bytes
	UpdateMappingPairs           Operation = 0x09 // [M] the run list from the first byte that changes
	DeleteDirtyClusters          Operation = 0x0a // ranges of clusters
	SetNewAttributeSizes         Operation = 0x0b // [M] allocated, initialized and real size; see Sizes
	AddIndexEntryRoot            Operation = 0x0c // [M] the entry
	DeleteIndexEntryRoot         Operation = 0x0d // [M] none
	AddIndexEntryAllocation      Operation = 0x0e // [A] the entry
	DeleteIndexEntryAllocation   Operation = 0x0f // [A] none
	WriteEndOfIndexBuffer        Operation = 0x10 // [A] entries up to the end
	SetIndexEntryVCNRoot         Operation = 0x11 // [M] the number of a cluster
	SetIndexEntryVCNAllocation   Operation = 0x12 // [A] the number of a cluster
	UpdateFileNameRoot           Operation = 0x13 // [M] times, sizes and attributes in an entry of a folder
	UpdateFileNameAllocation     Operation = 0x14 // [A] the same
	SetBitsInNonresidentBitMap   Operation = 0x15 // [A] the first bit and how many, 4 bytes each
	ClearBitsInNonresidentBitMap Operation = 0x16 // [A] the same
	HotFix                       Operation = 0x17 // a bad cluster
	EndTopLevelAction            Operation = 0x18 // none
	PrepareTransaction           Operation = 0x19 // none
	CommitTransaction            Operation = 0x1a // none
	ForgetTransaction            Operation = 0x1b // none: the transaction has ended
	OpenNonresidentAttribute     Operation = 0x1c // an entry of the open attribute table; as Undo, the name
	OpenAttributeTableDump       Operation = 0x1d // the table at a checkpoint
	AttributeNamesDump           Operation = 0x1e // its names
	DirtyPageTableDump           Operation = 0x1f // the pages that are not yet on the disk
	TransactionTableDump         Operation = 0x20 // the transactions that are open
	UpdateRecordDataRoot         Operation = 0x21 // [M] the data of an index entry
	UpdateRecordDataAllocation   Operation = 0x22 // [A] the same
	UpdateRelativeDataIndex      Operation = 0x23 // [M] a part of that data
	UpdateRelativeDataAllocation Operation = 0x24 // [A] the same
	ZeroEndOfFileRecord          Operation = 0x25 // [M] none
)

// targetOf is what an operation changes.
type targetOf uint8

const (
	changesNothing targetOf = iota
	changesMFT
	changesAttribute
)

var operations = [...]struct {
	name   string
	target targetOf
}{
	Noop:                         {"Noop", changesNothing},
	CompensationLogRecord:        {"CompensationLogRecord", changesNothing},
	InitializeFileRecordSegment:  {"InitializeFileRecordSegment", changesMFT},
	DeallocateFileRecordSegment:  {"DeallocateFileRecordSegment", changesMFT},
	WriteEndOfFileRecordSegment:  {"WriteEndOfFileRecordSegment", changesMFT},
	CreateAttribute:              {"CreateAttribute", changesMFT},
	DeleteAttribute:              {"DeleteAttribute", changesMFT},
	UpdateResidentValue:          {"UpdateResidentValue", changesMFT},
	UpdateNonresidentValue:       {"UpdateNonresidentValue", changesAttribute},
	UpdateMappingPairs:           {"UpdateMappingPairs", changesMFT},
	DeleteDirtyClusters:          {"DeleteDirtyClusters", changesNothing},
	SetNewAttributeSizes:         {"SetNewAttributeSizes", changesMFT},
	AddIndexEntryRoot:            {"AddIndexEntryRoot", changesMFT},
	DeleteIndexEntryRoot:         {"DeleteIndexEntryRoot", changesMFT},
	AddIndexEntryAllocation:      {"AddIndexEntryAllocation", changesAttribute},
	DeleteIndexEntryAllocation:   {"DeleteIndexEntryAllocation", changesAttribute},
	WriteEndOfIndexBuffer:        {"WriteEndOfIndexBuffer", changesAttribute},
	SetIndexEntryVCNRoot:         {"SetIndexEntryVcnRoot", changesMFT},
	SetIndexEntryVCNAllocation:   {"SetIndexEntryVcnAllocation", changesAttribute},
	UpdateFileNameRoot:           {"UpdateFileNameRoot", changesMFT},
	UpdateFileNameAllocation:     {"UpdateFileNameAllocation", changesAttribute},
	SetBitsInNonresidentBitMap:   {"SetBitsInNonresidentBitMap", changesAttribute},
	ClearBitsInNonresidentBitMap: {"ClearBitsInNonresidentBitMap", changesAttribute},
	HotFix:                       {"HotFix", changesNothing},
	EndTopLevelAction:            {"EndTopLevelAction", changesNothing},
	PrepareTransaction:           {"PrepareTransaction", changesNothing},
	CommitTransaction:            {"CommitTransaction", changesNothing},
	ForgetTransaction:            {"ForgetTransaction", changesNothing},
	OpenNonresidentAttribute:     {"OpenNonresidentAttribute", changesNothing},
	OpenAttributeTableDump:       {"OpenAttributeTableDump", changesNothing},
	AttributeNamesDump:           {"AttributeNamesDump", changesNothing},
	DirtyPageTableDump:           {"DirtyPageTableDump", changesNothing},
	TransactionTableDump:         {"TransactionTableDump", changesNothing},
	UpdateRecordDataRoot:         {"UpdateRecordDataRoot", changesMFT},
	UpdateRecordDataAllocation:   {"UpdateRecordDataAllocation", changesAttribute},
	UpdateRelativeDataIndex:      {"UpdateRelativeDataIndex", changesMFT},
	UpdateRelativeDataAllocation: {"UpdateRelativeDataAllocation", changesAttribute},
	ZeroEndOfFileRecord:          {"ZeroEndOfFileRecord", changesMFT},
}

// String returns the name that Windows gives the operation, or a number for an unknown one.
func (o Operation) String() string {
	if int(o) < len(operations) {
		return operations[o].name
	}
	return fmt.Sprintf("%#x", uint16(o))
}

// target returns what the operation changes.
func (o Operation) target() targetOf {
	if int(o) < len(operations) {
		return operations[o].target
	}
	return changesNothing
}
