package main

import (
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
)

// row is a name of a file, or one of its streams under that name, with the fields
// of MFTECmd. Times of $FILE_NAME that are the same as their twins in
// $STANDARD_INFORMATION are left out, as MFTECmd leaves them out.
type row struct {
	rec       *mft.Record
	fn        *mft.FileName // zero for a record without a name
	si        *mft.StandardInformation
	stream    *mft.Stream // of an alternate data stream
	dir       string
	name      string
	extension string
	size      uint64
	names     int // hard links
	hasADS    bool
	object    string
	utility   string
	reparse   string
	zone      string
	source    string
	owner     string
	timestomp mft.Timestomp
}

// rows calls write for every name of a file and for every one of its alternate
// data streams. A name in the DOS namespace is left out where there is another.
func rows(s *source, f *file, write func(*row) error) error {
	r := row{rec: f.Record, si: f.StandardInformation, source: s.name, owner: f.owner, timestomp: s.mft.Timestomp(f.Record)}
	if r.si == nil {
		r.si = &mft.StandardInformation{}
	}
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
	names := namesOf(f.Record)
	r.names = len(names)
	if len(names) == 0 {
		names = []*mft.FileName{{}}
	}
	for _, fn := range names {
		if err := r.write(s, fn, write); err != nil {
			return err
		}
	}
	return nil
}

// namesOf returns the names of a file that tell something: all but the 8.3 names
// beside long ones.
func namesOf(rec *mft.Record) []*mft.FileName {
	var names []*mft.FileName
	for i := range rec.FileNames {
		if fn := &rec.FileNames[i]; fn.Namespace != mft.NamespaceDOS {
			names = append(names, fn)
		}
	}
	if names == nil && len(rec.FileNames) > 0 {
		names = append(names, rec.FileName())
	}
	return names
}

// write writes the rows of one name.
func (r row) write(s *source, fn *mft.FileName, write func(*row) error) error {
	r.fn = fn
	r.dir = parentPath(s.mft, r.rec, fn)
	r.name = fn.Name
	if !r.rec.IsDir() {
		r.extension = path.Ext(fn.Name)
		r.size = r.rec.Size()
	}
	if err := write(&r); err != nil {
		return err
	}
	hasADS := r.hasADS
	r.hasADS = false
	for i := range r.rec.Streams {
		stream := &r.rec.Streams[i]
		if !hasADS || stream.Name == "" {
			continue
		}
		r.stream = stream
		r.name = fn.Name + ":" + stream.Name
		r.extension = path.Ext(stream.Name)
		r.size = stream.Size
		r.zone = zone(s, r.rec, stream)
		if err := write(&r); err != nil {
			return err
		}
	}
	return nil
}

// parentPath returns the directory of a name as MFTECmd writes it: ".\Users", or
// ".\PathUnknown\Directory with ID 0x0000002A-00000003" where it is gone.
func parentPath(r *mft.Reader, rec *mft.Record, fn *mft.FileName) string {
	if len(rec.FileNames) == 0 {
		return ""
	}
	p := r.Directory(fn.Parent)
	if p.Name == "." {
		return "."
	}
	dir := "."
	if p.Orphan {
		dir = fmt.Sprintf(`.\PathUnknown\Directory with ID 0x%08X-%08X`, p.Missing.Entry, p.Missing.Seq)
	}
	if p.Name == "" {
		return dir
	}
	return dir + `\` + strings.ReplaceAll(p.Name, "/", `\`)
}

// maxZone is how much of a mark of the web is shown, in bytes.
const maxZone = 64 << 10

// zone returns the content of a Zone.Identifier stream, "" for any other.
func zone(s *source, rec *mft.Record, stream *mft.Stream) string {
	switch {
	case !strings.EqualFold(stream.Name, mft.ZoneIdentifierStream):
		return ""
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

// twin returns the time of $FILE_NAME where it says something that own, its twin
// in $STANDARD_INFORMATION, does not.
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

// wholeSeconds is the column uSecZeros: created or modified has no fraction of a
// second. (MFTECmd asks for zero milliseconds, which one time in a thousand has.)
func (r *row) wholeSeconds() bool {
	whole := func(t time.Time) bool { return !t.IsZero() && t.Nanosecond() == 0 }
	return whole(r.si.Created) || whole(r.si.Modified)
}

// copied is the column Copied: the content is older than the file.
func (r *row) copied() bool {
	return !r.si.Modified.IsZero() && r.si.Modified.Before(r.si.Created)
}

// reasons returns the names of the signs of forged times.
func (r *row) reasons() string {
	var names []string
	for _, reason := range r.timestomp.Reasons {
		names = append(names, reason.Name)
	}
	return strings.Join(names, "|")
}

// nameType returns the namespace of the name, "" where there is no name.
func (r *row) nameType() string {
	if len(r.rec.FileNames) == 0 {
		return ""
	}
	return r.fn.Namespace.String()
}
