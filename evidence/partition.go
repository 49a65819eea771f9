package evidence

import "github.com/birthmark-dfir/birthmark/internal/winid"

// GUID identifies partition types, partitions and disks.
type GUID = winid.GUID

// Scheme is the kind of a partition table.
type Scheme uint8

// The schemes of partition tables.
const (
	MBR Scheme = iota + 1 // master boot record
	GPT                   // GUID partition table
)

// String returns "MBR" or "GPT".
func (s Scheme) String() string {
	switch s {
	case MBR:
		return "MBR"
	case GPT:
		return "GPT"
	}
	return "none"
}

// Partition is one entry of a partition table.
type Partition struct {
	Scheme   Scheme
	Number   int    // from 1; logical partitions of an MBR from 5
	Type     byte   // MBR partition type; 0 for GPT
	TypeGUID GUID   // GPT partition type; zero for MBR
	GUID     GUID   // GPT unique partition GUID; zero for MBR
	Label    string // GPT partition name; "" for MBR
	Start    int64  // in bytes from the beginning of the image
	Size     int64  // in bytes, as the table states it

	DiskSignature uint32 // of the MBR's disk (offset 0x1b8); 0 for GPT
	DiskGUID      GUID   // of the GPT's disk; zero for MBR
}
