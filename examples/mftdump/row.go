package main

import (
	"fmt"
	"io"
	"iter"
	"path"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
)

// row is a name of a file, or one of its streams under that name, with the fields
// of MFTECmd. As in MFTECmd, a time of $FILE_NAME is left out if it equals its
// counterpart in $STANDARD_INFORMATION.
type row struct {
	rec       *mft.Record
	fn        *mft.FileName // the zero value for a record without a name
	best      int64         // offset of the best name
	si        *mft.StandardInformation
	stream    *mft.Stream // of an alternate data stream
	mark      int64       // offset of the mark of the web, or 0 for a file without one
	dir       folder
	name      string
	extension string
	content   uint64 // size of the content of the file
	size      uint64
	names     int // hard links
	hasADS    bool
	bestOnly  bool // list streams under the best name only
	object    string
	utility   string
	reparse   string
	zone      string
	source    string
	owner     string
	timestomp mft.Timestomp
}

// emitter receives the fields of a row one after the other.
type emitter interface {
	number(name string, n uint64)
	truth(name string, b bool)
	moment(name string, t time.Time)
	word(name, s string) // made by this program, so harmless
	text(name, s string) // from the evidence, so possibly hostile
}

// zoneContents is the column with the text of the mark of the web.
const zoneContents = "ZoneIdContents"

// fields passes e the columns of MFTECmd in their order, then ours.
func (r *row) fields(e emitter) {
	e.number("EntryNumber", r.rec.Entry)
	e.number("SequenceNumber", uint64(r.rec.Seq))
	e.truth("InUse", r.rec.InUse())
	e.number("ParentEntryNumber", r.fn.Parent.Entry)
	e.number("ParentSequenceNumber", uint64(r.fn.Parent.Seq))
	if r.dir.plain {
		e.word("ParentPath", r.dir.path)
	} else {
		e.text("ParentPath", r.dir.path)
	}
	e.text("FileName", r.name)
	e.text("Extension", r.extension)
	e.number("FileSize", r.size)
	e.number("ReferenceCount", uint64(r.names))
	e.text("ReparseTarget", r.reparse)
	e.truth("IsDirectory", r.rec.IsDir())
	e.truth("HasAds", r.hasADS)
	e.truth("IsAds", r.stream != nil)
	e.truth("SI<FN", r.createdBeforeName())
	e.truth("uSecZeros", r.wholeSeconds())
	e.truth("Copied", r.copied())
	e.word("SiFlags", r.si.Attributes.String())
	e.word("NameType", r.nameType())
	e.moment("Created0x10", r.si.Created)
	e.moment("Created0x30", twin(r.si.Created, r.fn.Created))
	e.moment("LastModified0x10", r.si.Modified)
	e.moment("LastModified0x30", twin(r.si.Modified, r.fn.Modified))
	e.moment("LastRecordChange0x10", r.si.Changed)
	e.moment("LastRecordChange0x30", twin(r.si.Changed, r.fn.Changed))
	e.moment("LastAccess0x10", r.si.Accessed)
	e.moment("LastAccess0x30", twin(r.si.Accessed, r.fn.Accessed))
	e.number("UpdateSequenceNumber", r.si.USN)
	e.number("LogfileSequenceNumber", r.rec.LSN)
	e.number("SecurityId", uint64(r.si.SecurityID))
	e.word("ObjectIdFileDroid", r.object)
	e.text("LoggedUtilStream", r.utility)
	e.text(zoneContents, r.zone)
	e.text("SourceFile", r.source)
	e.word("OwnerSID", r.owner)
	e.number("TimestompScore", uint64(r.timestomp.Score))
	e.word("TimestompReasons", r.reasons())
	e.text("ShortName", r.rec.ShortName(r.fn))
}

// rows calls write for every name of a file and for every alternate data stream
// under that name. It skips 8.3 names beside long ones.
func rows(s *source, f *file, write func(*row)) {
	r := &s.row
	*r = row{rec: f.Record, si: &f.StandardInformation, source: s.name, owner: f.owner, timestomp: s.mft.Timestomp(f.Record)}
	r.reparse = strings.TrimPrefix(f.ReparseTarget(), `\??\`)
	if !f.ObjectID.IsZero() {
		r.object = strings.ToLower(f.ObjectID.String())
	}
	for i := range f.Attributes {
		if a := &f.Attributes[i]; a.Type == mft.AttrLoggedUtilityStream {
			r.utility = a.Name
			break
		}
	}
	for i := range f.Streams {
		r.hasADS = r.hasADS || f.Streams[i].Name != ""
	}
	if r.hasADS {
		mark, _ := f.Stream(mft.ZoneIdentifierStream)
		r.mark = mark.Offset
	}
	for range namesOf(f.Record) {
		r.names++
	}
	r.best, r.bestOnly = bestName(f.Record), tooMany(f.Record)
	if !f.IsDir() {
		r.content = f.Size()
	}
	if r.names == 0 {
		r.write(s, &mft.FileName{}, write)
		return
	}
	for fn := range namesOf(f.Record) {
		r.write(s, fn, write)
	}
}

// bestName returns the offset of the best name of a file, or 0 if it has no name.
func bestName(rec *mft.Record) int64 {
	if len(rec.FileNames) == 1 {
		return rec.FileNames[0].Offset
	}
	best, _ := rec.FileName()
	return best.Offset
}

// namesOf iterates over the names of a file, without the 8.3 names beside long
// ones.
func namesOf(rec *mft.Record) iter.Seq[*mft.FileName] {
	return func(yield func(*mft.FileName) bool) {
		best := bestName(rec)
		for i := range rec.FileNames {
			if fn := &rec.FileNames[i]; fn.Namespace != mft.NamespaceDOS || fn.Offset == best {
				if !yield(fn) {
					return
				}
			}
		}
	}
}

// write writes the rows of one name.
func (r *row) write(s *source, fn *mft.FileName, write func(*row)) {
	r.fn, r.stream, r.zone = fn, nil, ""
	if len(r.rec.FileNames) > 0 {
		r.dir = s.parentPath(fn.Parent)
	}
	r.name, r.size = fn.Name, r.content
	if !r.rec.IsDir() {
		r.extension = extension(fn.Name)
	}
	write(r)
	if !r.hasADS || r.bestOnly && fn.Offset != r.best {
		return
	}
	r.hasADS = false
	defer func() { r.hasADS = true }()
	for i := range r.rec.Streams {
		stream := &r.rec.Streams[i]
		if stream.Name == "" {
			continue
		}
		r.stream = stream
		r.name = fn.Name + ":" + stream.Name
		r.extension = extension(stream.Name)
		r.size = stream.Size
		if r.zone = ""; stream.Offset == r.mark {
			r.zone = zone(s, r.rec, stream)
		}
		write(r)
	}
}

// extension returns the last dot of a name and what follows it, as .NET does.
func extension(name string) string {
	if ext := path.Ext(name); ext != "." {
		return ext
	}
	return ""
}

// maxRows is how many rows of streams one file may have. NTFS allows 1024 names.
// An attacker's record may have so many names and streams that a row for each pair
// would fill any disk.
const maxRows = 1 << 16

// tooMany reports whether a file would have more than maxRows rows, so that its
// streams are listed under its best name only.
func tooMany(rec *mft.Record) bool {
	return int64(len(rec.FileNames))*int64(len(rec.Attributes)-len(rec.FileNames)) > maxRows
}

// folder is the path of a directory. It is plain if every format writes it as it is.
type folder struct {
	path  string
	plain bool
}

// parentPath returns the directory of a name as MFTECmd writes it: ".\Users", or
// ".\PathUnknown\Directory with ID 0x0000002A-00000003" if it is gone.
func (s *source) parentPath(ref mft.Ref) folder {
	if ref == s.lastRef && s.dirs != nil {
		return s.lastDir
	}
	key := ref.Entry<<16 | uint64(ref.Seq)
	dir, ok := s.dirs[key]
	if !ok {
		dir = s.makeParentPath(ref)
	}
	s.lastRef, s.lastDir = ref, dir
	return dir
}

func (s *source) makeParentPath(ref mft.Ref) folder {
	p := s.mft.Directory(ref)
	dir := "."
	if p.Orphan {
		dir = fmt.Sprintf(`.\PathUnknown\Directory with ID 0x%08X-%08X`, p.Missing.Entry, p.Missing.Seq)
	}
	if p.Name != "." && p.Name != "" {
		dir += `\` + strings.ReplaceAll(p.Name, "/", `\`)
	}
	if s.dirsSize += len(dir) + 64; s.dirs == nil || s.dirsSize > maxDirs {
		s.dirs, s.dirsSize = map[uint64]folder{}, len(dir)+64
	}
	made := folder{dir, harmless(dir)}
	s.dirs[ref.Entry<<16|uint64(ref.Seq)] = made
	return made
}

// maxDirs bounds the cached paths of directories, in bytes.
const maxDirs = 16 << 20

// maxZone is how much of a mark of the web is shown, in bytes.
const maxZone = 64 << 10

// zone returns the content of a Zone.Identifier stream.
func zone(s *source, rec *mft.Record, stream *mft.Stream) string {
	switch {
	case stream.Resident:
		return string(stream.Value)
	case s.volume == nil:
		return "(Zone.Identifier data is non-resident)"
	}
	r, err := s.volume.OpenStream(rec, stream.Name)
	if err != nil {
		return "(" + err.Error() + ")"
	}
	b := make([]byte, min(r.Size(), maxZone))
	n, err := r.ReadAt(b, 0)
	if err != nil && err != io.EOF {
		return "(" + err.Error() + ")"
	}
	return string(b[:n])
}

// twin returns the time of $FILE_NAME, or the zero time if it equals own, its
// counterpart in $STANDARD_INFORMATION.
func twin(own, name time.Time) time.Time {
	if name.Equal(own) {
		return time.Time{}
	}
	return name
}

// createdBeforeName is the column SI<FN.
func (r *row) createdBeforeName() bool {
	return !r.si.Created.IsZero() && r.si.Created.Before(r.fn.Created)
}

// wholeSeconds is the column uSecZeros: the time of creation or of modification has
// no fraction of a second. (MFTECmd checks for zero milliseconds, which one time in
// a thousand has.)
func (r *row) wholeSeconds() bool {
	whole := func(t time.Time) bool { return !t.IsZero() && t.Nanosecond() == 0 }
	return whole(r.si.Created) || whole(r.si.Modified)
}

// copied is the column Copied: the content is older than the file.
func (r *row) copied() bool {
	return !r.si.Modified.IsZero() && r.si.Modified.Before(r.si.Created)
}

// reasons returns the names of the indications that times were forged.
func (r *row) reasons() string {
	if len(r.timestomp.Reasons) == 1 {
		return r.timestomp.Reasons[0].Name
	}
	var names []string
	for _, reason := range r.timestomp.Reasons {
		names = append(names, reason.Name)
	}
	return strings.Join(names, "|")
}

// nameType returns the namespace of the name, or "" for a record without a name.
func (r *row) nameType() string {
	if len(r.rec.FileNames) == 0 {
		return ""
	}
	return r.fn.Namespace.String()
}
