package mft

import (
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// GUID is a globally unique identifier.
type GUID = winid.GUID

// RecordFlags are the flags of a record's header.
type RecordFlags uint16

// The record flags.
const (
	RecordInUse     RecordFlags = 0x0001 // the entry belongs to a file that exists
	RecordDirectory RecordFlags = 0x0002 // it has a $I30 index
	RecordExtension RecordFlags = 0x0004 // it lies in $Extend
	RecordViewIndex RecordFlags = 0x0008 // it has an index other than $I30
)

// Record is one file: a base record together with its extension records.
type Record struct {
	Ref                       // of the base record
	Base          Ref         // zero, except in an extension record without its base
	LSN           uint64      // $LogFile sequence number of the last change
	HardLinks     uint16      // how many $FILE_NAME attributes the header counts
	Flags         RecordFlags //
	UsedSize      uint32      // of the base record, in bytes
	AllocatedSize uint32      // of the base record, in bytes
	Offset        int64       // of the base record, in bytes from the beginning of the $MFT

	StandardInformation *StandardInformation // nil where there is none
	FileNames           []FileName           // in the order of the records
	Streams             []Stream             // all $DATA attributes; the unnamed one has the name ""
	ReparseTag          uint32               // 0 where there is no $REPARSE_POINT
	ObjectID            GUID                 // zero where there is no $OBJECT_ID
	Attributes          []Attribute          // everything, also what is decoded above
	ExtensionRefs       []Ref                // the extension records whose attributes are here
	Problems            []Problem            // what of the record is damaged

	volumeOffset int64
	si           StandardInformation // what StandardInformation points to
	runs         []Run               // of all attributes
}

// InUse reports whether the file exists; otherwise it was deleted.
func (r *Record) InUse() bool { return r.Flags&RecordInUse != 0 }

// IsDir reports whether the file is a directory.
func (r *Record) IsDir() bool { return r.Flags&RecordDirectory != 0 }

// IsOrphanExtension reports whether this is an extension record whose base
// record is gone or belongs to another file now.
func (r *Record) IsOrphanExtension() bool { return !r.Base.IsZero() }

// VolumeOffset returns where the base record lies in bytes from the beginning of
// the volume, -1 where the $MFT was opened without its volume.
func (r *Record) VolumeOffset() int64 { return r.volumeOffset }

// FileName returns the best of r's names, nil where it has none. Win32 names come
// before those that are Win32 and DOS names at once, then POSIX, then DOS ones;
// among equals the first.
func (r *Record) FileName() *FileName {
	var best *FileName
	for i := range r.FileNames {
		if fn := &r.FileNames[i]; best == nil || fn.Namespace.rank() < best.Namespace.rank() {
			best = fn
		}
	}
	return best
}

// Name returns the best of r's names, "" where it has none.
func (r *Record) Name() string {
	if fn := r.FileName(); fn != nil {
		return fn.Name
	}
	return ""
}

// Stream returns the stream of that name, which is compared without regard to
// case; the unnamed one is "". It is nil where there is none.
func (r *Record) Stream(name string) *Stream {
	for i := range r.Streams {
		if s := &r.Streams[i]; s.Name == name {
			return s
		}
	}
	for i := range r.Streams {
		if s := &r.Streams[i]; strings.EqualFold(s.Name, name) {
			return s
		}
	}
	return nil
}

// Size returns the size in bytes of the unnamed stream, 0 where there is none.
func (r *Record) Size() uint64 {
	if s := r.Stream(""); s != nil {
		return s.Size
	}
	return 0
}

// Times returns the four times of $STANDARD_INFORMATION or, where there is none,
// of the best $FILE_NAME: created, modified, MFT entry changed, accessed.
func (r *Record) Times() (created, modified, changed, accessed time.Time) {
	if si := r.StandardInformation; si != nil {
		return si.Created, si.Modified, si.Changed, si.Accessed
	}
	if fn := r.FileName(); fn != nil {
		return fn.Created, fn.Modified, fn.Changed, fn.Accessed
	}
	return
}
