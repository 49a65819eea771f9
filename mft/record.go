package mft

import (
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
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
	RecordExtension RecordFlags = 0x0004 // it is in $Extend
	RecordViewIndex RecordFlags = 0x0008 // it has an index other than $I30
)

// Record is one file: a base record together with its extension records.
type Record struct {
	Ref                       // of the base record
	Base          Ref         // zero, except in an extension record without its base
	LSN           uint64      // $LogFile sequence number of the last change
	HardLinks     uint16      // number of $FILE_NAME attributes, according to the header
	Flags         RecordFlags //
	UsedSize      uint32      // of the base record, in bytes
	AllocatedSize uint32      // of the base record, in bytes
	Offset        int64       // of the base record, in bytes from the beginning of the $MFT
	VolumeOffset  int64       // in bytes from the beginning of the volume; -1 if the $MFT was opened without it

	StandardInformation StandardInformation
	FileNames           []FileName  // in the order of the records
	Streams             []Stream    // all $DATA attributes; the unnamed one has the name ""
	ReparseTag          uint32      // 0 if the file has no $REPARSE_POINT
	ObjectID            GUID        // zero if the file has no $OBJECT_ID
	Attributes          []Attribute // all attributes, including those decoded above
	ExtensionRefs       []Ref       // the extension records whose attributes are here
	Problems            []Problem   // the damage to this record

	artifact string // what errors call the $MFT
	runs     []Run  // of all attributes
	types    typeSet
	slack    recordSlack
	extSlack []recordSlack // of the extension records
}

// recordSlack is what follows the attributes of a record.
type recordSlack struct {
	b      []byte
	offset int64 // in the $MFT
	record Ref
}

// noPlace returns an empty record to go with an error.
func noPlace() *Record { return &Record{Offset: -1, VolumeOffset: -1} }

// orNoPlace returns an empty record in place of nil.
func orNoPlace(rec *Record) *Record {
	if rec == nil {
		return noPlace()
	}
	return rec
}

// InUse reports whether the file exists; otherwise it was deleted.
func (r *Record) InUse() bool { return r.Flags&RecordInUse != 0 }

// IsDir reports whether the file is a directory.
func (r *Record) IsDir() bool { return r.Flags&RecordDirectory != 0 }

// IsOrphanExtension reports whether this is an extension record whose base
// record is gone or belongs to another file now.
func (r *Record) IsOrphanExtension() bool { return !r.Base.IsZero() }

// FileName returns the best of r's names and whether it has any. Win32 names come
// first, then names that are both Win32 and DOS names, then POSIX, then DOS names;
// among equals the first.
func (r *Record) FileName() (FileName, bool) {
	if fn := r.bestName(); fn != nil {
		return *fn, true
	}
	return FileName{}, false
}

// bestName is like FileName but does not copy; it returns nil if r has no name.
func (r *Record) bestName() *FileName {
	var best *FileName
	for i := range r.FileNames {
		if fn := &r.FileNames[i]; best == nil || fn.Namespace.rank() < best.Namespace.rank() {
			best = fn
		}
	}
	return best
}

// Name returns the best of r's names, or "" if it has none.
func (r *Record) Name() string {
	if fn := r.bestName(); fn != nil {
		return fn.Name
	}
	return ""
}

// Stream returns the stream of that name, ignoring case, and whether there is one.
// The name of the unnamed stream is "".
func (r *Record) Stream(name string) (Stream, bool) {
	if s := r.streamNamed(name); s != nil {
		return *s, true
	}
	return Stream{}, false
}

// streamNamed is like Stream but does not copy; it returns nil if r has no such
// stream.
func (r *Record) streamNamed(name string) *Stream {
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

// stream returns the attribute of that type and exact name, with all its parts
// joined.
func (r *Record) stream(t AttributeType, name string) (Stream, bool) {
	if r.types.lacks(t) {
		return Stream{}, false
	}
	var first *Attribute
	var parts []*Attribute // if there are several
	for i := range r.Attributes {
		switch a := &r.Attributes[i]; {
		case a.Type != t || a.Name != name:
		case first == nil:
			first = a
		case parts == nil:
			parts = []*Attribute{first, a}
		default:
			parts = append(parts, a)
		}
	}
	switch {
	case first == nil:
		return Stream{}, false
	case parts == nil && first.StartVCN == 0:
		return streamOf(first), true
	case parts == nil:
		parts = []*Attribute{first}
	}
	return joinParts(parts, func(damage.Kind, error, string) {}), true
}

// Size returns the size in bytes of the unnamed stream, or 0 if r has none.
func (r *Record) Size() uint64 {
	if s := r.streamNamed(""); s != nil {
		return s.Size
	}
	return 0
}

// Times returns the four times of $STANDARD_INFORMATION or, if r has none, of the
// best $FILE_NAME: created, modified, MFT entry changed, accessed.
func (r *Record) Times() (created, modified, changed, accessed time.Time) {
	if si := &r.StandardInformation; si.Present {
		return si.Created, si.Modified, si.Changed, si.Accessed
	}
	if fn := r.bestName(); fn != nil {
		return fn.Created, fn.Modified, fn.Changed, fn.Accessed
	}
	return
}
