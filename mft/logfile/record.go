package logfile

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/mft"
)

// LSN is a log sequence number: the place of a log record, and how often the ring of pages had
// gone round when it was written. Those of later records are greater.
type LSN uint64

// RecordType is what wrote a log record.
type RecordType uint32

// The types of log records.
const (
	ClientRecord  RecordType = 1 // NTFS, about a change
	ClientRestart RecordType = 2 // NTFS, about a checkpoint
)

// RecordFlags are the flags of a log record.
type RecordFlags uint16

// The flags of log records.
const (
	FlagManyPages RecordFlags = 0x1 // it is in several pages
	FlagNoRedo    RecordFlags = 0x2 // the redo data is left out, whatever its size: the content of a file is not logged
	FlagNoUndo    RecordFlags = 0x4 // the undo data is left out
)

// Record is a log record.
type Record struct {
	LSN         LSN
	Previous    LSN   // of the same transaction; 0 in its first record
	UndoNext    LSN   // which is undone after this one
	Offset      int64 // in bytes from the beginning of the log
	Size        int   // with its header, without those of the pages that it crosses
	Copied      bool  // its page was read from a copy
	Type        RecordType
	Client      uint32 // index of the client in the low 16 bits, a sequence number above
	Transaction uint32 // which is used again when the transaction has ended
	Flags       RecordFlags

	Redo, Undo         Operation
	RedoData, UndoData []byte
	Target             uint16 // of Attribute in the open attribute table
	RecordOffset       uint16 // of the attribute in its record of the $MFT, or of the bytes in the cluster, in bytes
	AttributeOffset    uint16 // of the bytes in the attribute with its header or, in a folder, in the block, in bytes
	BlockOffset        uint16 // of the record or block in the cluster, in units of 512 bytes
	BlockSize          uint16 // of the record or block, in units of 512 bytes; 0 in old versions
	VCN                int64  // of the cluster in the $MFT, or in the attribute
	LCNs               []int64

	Attribute  Attribute   // Target, as far as the log up to here has it
	Checkpoint *Checkpoint // of a ClientRestart; else nil

	cluster int // size in bytes
}

// Entry returns the entry of the $MFT that the record changes, if it changes one.
func (rec *Record) Entry() (entry uint64, ok bool) {
	if rec.Type != ClientRecord || rec.Redo.target() != changesMFT && rec.Undo.target() != changesMFT {
		return 0, false
	}
	size := int64(rec.BlockSize) * stride
	if size == 0 {
		size = 1024
	}
	off := rec.VCN*int64(rec.cluster) + int64(rec.BlockOffset)*stride
	if rec.VCN < 0 || rec.VCN > maxVCN || off%size != 0 {
		return 0, false
	}
	return uint64(off / size), true
}

const maxVCN = 1 << 44

// Attribute is an attribute whose clusters a log record changes.
type Attribute struct {
	File       mft.Ref           // zero if it is not known
	Type       mft.AttributeType //
	Name       string            // "$I30" of a folder; "" of an unnamed one
	BlockBytes uint32            // size of a block of an index, in bytes; 0 if it is not an index
	Opened     LSN               // of the record that opened it
}

// Checkpoint is what NTFS needs to restart from a checkpoint.
type Checkpoint struct {
	Major, Minor    uint32
	Start           LSN // of the checkpoint
	OpenAttributes  LSN // of the dumps of its tables; 0 if a table is empty
	AttributeNames  LSN
	DirtyPages      LSN
	Transactions    LSN
	BytesPerCluster uint32  // 0 if it is not recorded
	Journal         mft.Ref // of $UsnJrnl; zero without one
	JournalBase     int64   // offset of its first record, in bytes
}

// A log record, in bytes from its beginning:
//
//	0x00  8  LSN
//	0x08  8  previous LSN of the transaction
//	0x10  8  LSN that is undone next
//	0x18  4  size of the data
//	0x1c  2  sequence number of the client
//	0x1e  2  index of the client
//	0x20  4  type
//	0x24  4  transaction
//	0x28  2  flags
//	0x30     data; in a log of NTFS, of type 1:
//
//	0x00  2  redo operation
//	0x02  2  undo operation
//	0x04  2  offset of the redo data
//	0x06  2  size of the redo data
//	0x08  2  offset of the undo data
//	0x0a  2  size of the undo data
//	0x0c  2  target in the open attribute table
//	0x0e  2  number of LCNs
//	0x10  2  record offset
//	0x12  2  attribute offset
//	0x14  2  block offset
//	0x16  2  block size
//	0x18  8  VCN
//	0x20  8  each LCN
//
// and of type 2, which has the last four in later versions only:
//
//	0x00  4  major version
//	0x04  4  minor version
//	0x08  8  LSN of the start of the checkpoint
//	0x10  8  of the open attribute table
//	0x18  8  of the names
//	0x20  8  of the dirty page table
//	0x28  8  of the transaction table
//	0x30  4  sizes of the four tables, 4 bytes each
//	0x40  8  offset from which the change journal is checked
//	0x48  8  LSN at the last restart
//	0x50  4  bytes per cluster
//	0x58  8  reference of the change journal
//	0x60  8  base of the change journal
const (
	recordAlign   = 8
	bodyLen       = 0x20
	checkpointLen = 0x40
)

// decodeBody decodes the data of a log record of NTFS. Its slices point into b.
func (rec *Record) decodeBody(b []byte) error {
	if rec.Type == ClientRestart {
		return rec.decodeCheckpoint(b)
	}
	if len(b) < bodyLen {
		return damage.Truncated("data of the log record", rec.Offset+recordHeaderLen, bodyLen, int64(len(b)))
	}
	le := binary.LittleEndian
	u16 := func(at int) uint16 { return le.Uint16(b[at:]) }
	rec.Redo, rec.Undo = Operation(u16(0)), Operation(u16(2))
	rec.Target, rec.RecordOffset, rec.AttributeOffset = u16(0x0c), u16(0x10), u16(0x12)
	rec.BlockOffset, rec.BlockSize, rec.VCN = u16(0x14), u16(0x16), int64(le.Uint64(b[0x18:]))
	n := int(u16(0x0e))
	if bodyLen+8*n > len(b) {
		return damage.New("number of LCNs", rec.Offset+recordHeaderLen+0x0e, n, fmt.Sprintf("≤ %d", (len(b)-bodyLen)/8))
	}
	for i := range n {
		rec.LCNs = append(rec.LCNs, int64(le.Uint64(b[bodyLen+8*i:])))
	}
	var err error
	if rec.Flags&FlagNoRedo == 0 {
		if rec.RedoData, err = rec.part(b, 4, "redo data"); err != nil {
			return err
		}
	}
	if rec.Flags&FlagNoUndo == 0 {
		rec.UndoData, err = rec.part(b, 8, "undo data")
	}
	return err
}

// part returns the data whose offset and size are at offset at of the header b.
func (rec *Record) part(b []byte, at int, what string) ([]byte, error) {
	off, n := int(binary.LittleEndian.Uint16(b[at:])), int(binary.LittleEndian.Uint16(b[at+2:]))
	switch {
	case n == 0:
		return nil, nil
	case off < bodyLen || off+n > len(b):
		return nil, damage.New(what, rec.Offset+recordHeaderLen+int64(at), fmt.Sprintf("%d bytes at %#x", n, off), fmt.Sprintf("a part of %d bytes", len(b)))
	}
	return b[off : off+n : off+n], nil
}

func (rec *Record) decodeCheckpoint(b []byte) error {
	if len(b) < checkpointLen {
		return damage.Truncated("checkpoint", rec.Offset+recordHeaderLen, checkpointLen, int64(len(b)))
	}
	le := binary.LittleEndian
	lsn := func(at int) LSN { return LSN(le.Uint64(b[at:])) }
	c := &Checkpoint{Major: le.Uint32(b), Minor: le.Uint32(b[4:]), Start: lsn(8),
		OpenAttributes: lsn(0x10), AttributeNames: lsn(0x18), DirtyPages: lsn(0x20), Transactions: lsn(0x28)}
	if len(b) >= 0x54 {
		c.BytesPerCluster = le.Uint32(b[0x50:])
	}
	if len(b) >= 0x68 {
		c.Journal, c.JournalBase = mft.ParseRef(le.Uint64(b[0x58:])), int64(le.Uint64(b[0x60:]))
	}
	rec.Checkpoint = c
	return nil
}
