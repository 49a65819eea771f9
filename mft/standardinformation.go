package mft

import (
	"encoding/binary"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// StandardInformation is $STANDARD_INFORMATION: the times that programs see and
// may set, attributes, and who owns the file.
type StandardInformation struct {
	Present  bool // the record has it; else all is zero
	Created  time.Time
	Modified time.Time // content last written
	Changed  time.Time // MFT entry last changed
	Accessed time.Time

	Attributes   FileAttributes
	MaxVersions  uint32
	Version      uint32
	ClassID      uint32
	OwnerID      uint32 // of the disk quota, 0 if no quota is kept; not the owner's SID
	SecurityID   uint32 // into $Secure; 0 in volumes before NTFS 3.0
	QuotaCharged uint64 // in bytes
	USN          uint64 // of the last entry in the $UsnJrnl, 0 if no journal is kept
	Offset       int64  // of the attribute, in bytes from the beginning of the $MFT
}

// $STANDARD_INFORMATION, in bytes from the beginning of its value:
//
//	0x00  8  created           (FILETIME, as the three that follow)
//	0x08  8  modified
//	0x10  8  MFT entry changed
//	0x18  8  accessed
//	0x20  4  file attributes
//	0x24  4  maximum number of versions
//	0x28  4  version
//	0x2c  4  class
//	0x30  4  owner id for quotas    (this and what follows since NTFS 3.0)
//	0x34  4  security id
//	0x38  8  quota charged
//	0x40  8  USN
const (
	standardInformationOldLen = 0x30
	standardInformationLen    = 0x48
)

func (si *StandardInformation) decode(a *Attribute) error {
	b := a.Value
	if len(b) < standardInformationOldLen {
		return damage.Truncated("$STANDARD_INFORMATION", a.Offset, standardInformationOldLen, int64(len(b)))
	}
	le := binary.LittleEndian
	*si = StandardInformation{
		Present:     true,
		Created:     timeAt(b, 0x00),
		Modified:    timeAt(b, 0x08),
		Changed:     timeAt(b, 0x10),
		Accessed:    timeAt(b, 0x18),
		Attributes:  FileAttributes(le.Uint32(b[0x20:])),
		MaxVersions: le.Uint32(b[0x24:]),
		Version:     le.Uint32(b[0x28:]),
		ClassID:     le.Uint32(b[0x2c:]),
		Offset:      a.Offset,
	}
	if len(b) >= standardInformationLen {
		si.OwnerID = le.Uint32(b[0x30:])
		si.SecurityID = le.Uint32(b[0x34:])
		si.QuotaCharged = le.Uint64(b[0x38:])
		si.USN = le.Uint64(b[0x40:])
	}
	return nil
}

func timeAt(b []byte, off int) time.Time {
	return filetime.Time(binary.LittleEndian.Uint64(b[off:]))
}
