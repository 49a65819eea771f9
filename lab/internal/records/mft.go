package records

import (
	"fmt"
	"strconv"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/mft"
)

// MFT emits the files of an $MFT, by their reference, such as "5-5", with the offset
// of their base record. The path of a file is a separate record, "5-5 path", since
// it depends on other records of the $MFT. If a file has extension records, its names
// and streams are a separate record too, "5-5 whole". Separate records have no
// offset.
func MFT(path string, emit func(child.Record)) (int, error) {
	r, err := mft.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	damaged := 0
	for rec, err := range r.Records() {
		if err != nil {
			damaged++
			continue
		}
		damaged += len(rec.Problems)
		emitFile(r, rec, rec.Offset, emit)
	}
	return damaged, nil
}

// emitFile emits a file whose base record is at an offset.
func emitFile(r *mft.Reader, rec *mft.Record, offset int64, emit func(child.Record)) {
	f := headerFields(rec)
	if len(rec.ExtensionRefs) == 0 {
		f = append(f, contentFields(rec)...)
	} else {
		emit(child.Record{Key: rec.Ref.String() + " whole", Offset: -1, Fields: contentFields(rec)})
	}
	emit(child.Record{Key: rec.Ref.String(), Offset: offset, Size: int64(r.RecordSize()), Fields: f})
	var paths fields
	for _, p := range r.Paths(rec) {
		paths.add("path", p.Name)
		if p.Orphan {
			paths.add("missing", p.Missing.String())
		}
		if p.Deleted {
			paths.add("deleted", "true")
		}
	}
	emit(child.Record{Key: rec.Ref.String() + " path", Offset: -1, Fields: paths})
}

// headerFields returns the fields that the base record itself holds.
func headerFields(rec *mft.Record) fields {
	var f fields
	f.add("in_use", strconv.FormatBool(rec.InUse()))
	f.add("directory", strconv.FormatBool(rec.IsDir()))
	if rec.IsOrphanExtension() {
		f.add("base", rec.Base.String())
	}
	f.number("lsn", rec.LSN)
	f.number("links", uint64(rec.HardLinks))
	f.number("flags", uint64(rec.Flags))
	if si := rec.StandardInformation; si.Present {
		f.set("si_created", Time(si.Created))
		f.set("si_modified", Time(si.Modified))
		f.set("si_changed", Time(si.Changed))
		f.set("si_accessed", Time(si.Accessed))
		f.add("attributes", si.Attributes.String())
		f.number("owner_id", uint64(si.OwnerID))
		f.number("security_id", uint64(si.SecurityID))
		f.number("quota", si.QuotaCharged)
		f.number("usn", si.USN)
	}
	return f
}

// contentFields returns the names, streams and attributes of a file, from all of its
// records.
func contentFields(rec *mft.Record) fields {
	var f fields
	for _, n := range rec.FileNames {
		f.add("name", n.Name)
		f.add("namespace", n.Namespace.String())
		f.add("parent", n.Parent.String())
		f.set("fn_created", Time(n.Created))
		f.set("fn_modified", Time(n.Modified))
		f.set("fn_changed", Time(n.Changed))
		f.set("fn_accessed", Time(n.Accessed))
		f.add("fn_size", fmt.Sprintf("%d of %d", n.Size, n.AllocatedSize))
		f.add("fn_attributes", n.Attributes.String())
	}
	for _, s := range rec.Streams {
		f.add("stream", s.Name)
		f.add("size", fmt.Sprintf("%d of %d, %d initialized", s.Size, s.AllocatedSize, s.InitializedSize))
		if s.Resident {
			f.add("value", Data(s.Value))
		} else {
			f.add("runs", Data(fmt.Append(nil, s.Runs)))
		}
	}
	f.number("reparse_tag", uint64(rec.ReparseTag))
	if rec.ObjectID != (mft.GUID{}) {
		f.add("object_id", rec.ObjectID.String())
	}
	for _, a := range rec.Attributes {
		f.add("attribute", a.Type.String()+" "+a.Name)
	}
	return f
}
