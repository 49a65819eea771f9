package mft

import "time"

// StandardInformation is $STANDARD_INFORMATION: the times that programs see and
// may set, attributes, and who owns the file.
type StandardInformation struct {
	Created  time.Time
	Modified time.Time // content last written
	Changed  time.Time // MFT entry last changed
	Accessed time.Time

	Attributes   FileAttributes
	MaxVersions  uint32
	Version      uint32
	ClassID      uint32
	OwnerID      uint32 // of the disk quota, 0 where none is kept; not the owner's SID
	SecurityID   uint32 // into $Secure; 0 in volumes before NTFS 3.0
	QuotaCharged uint64 // in bytes
	USN          uint64 // of the last entry in the $UsnJrnl, 0 where none is kept
	Offset       int64  // of the attribute, in bytes from the beginning of the $MFT
}
