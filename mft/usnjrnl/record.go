package usnjrnl

import (
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
)

// FileID refers to a file. NTFS uses the low 64 bits only, as an [mft.Ref]; ReFS uses
// all 128.
type FileID struct{ Low, High uint64 }

// IDOf returns the FileID of a reference of NTFS.
func IDOf(ref mft.Ref) FileID { return FileID{Low: ref.Uint64()} }

// Ref returns the reference of NTFS. Ok is false if the identifier has more bits.
func (id FileID) Ref() (ref mft.Ref, ok bool) { return mft.ParseRef(id.Low), id.High == 0 }

// String returns the entry and the sequence number, as in "5-5", or 32 hexadecimal
// digits if the identifier is not one of NTFS.
func (id FileID) String() string {
	if ref, ok := id.Ref(); ok {
		return ref.String()
	}
	return fmt.Sprintf("%016x%016x", id.High, id.Low)
}

// Record is a record of the journal.
type Record struct {
	Offset     int64     // in bytes from the beginning of the journal
	Size       int       // in bytes
	USN        int64     // update sequence number: the offset that the record was given in its journal
	Major      uint16    // version: 2, 3 or 4
	Minor      uint16    //
	File       FileID    //
	Parent     FileID    // the folder; may be zero in version 4
	Time       time.Time // to 100 ns; zero in version 4, which has no time
	Reason     Reason    //
	Source     Source    //
	SecurityID uint32    // into $Secure; zero if no security was changed, and in version 4
	Attributes mft.FileAttributes
	Name       string // without the folder; "" in version 4

	Extents   []Extent // version 4: what was written
	Remaining uint32   // version 4: how many extents follow in further records
}

// Extent is a range of a file that was written.
type Extent struct{ Offset, Length int64 }

// IsDir reports whether the record is about a folder. Records of version 4 are about
// the content of files.
func (r *Record) IsDir() bool { return r.Attributes&mft.FileDirectory != 0 }

// Follows reports whether no record is missing between another one and this one, by
// their USNs.
func (r *Record) Follows(before *Record) bool {
	return r != nil && before != nil && !isGap(before.USN+int64(before.Size), r)
}
