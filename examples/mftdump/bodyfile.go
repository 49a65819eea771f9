package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/mft"
)

// bodyWriter writes the lines of "fls -r -m C:". For each name of a file it writes
// a line with the times of the name, then a line for each stream with the times of
// $STANDARD_INFORMATION. The inode field holds entry, attribute type and attribute
// number.
type bodyWriter struct{}

func newBodyfile() writer { return bodyWriter{} }

func (bodyWriter) header() string { return "" }

func (bodyWriter) append(b []byte, s *source, f *file) []byte {
	if f.Entry == mft.EntryRoot {
		return b // fls lists the content of the root, not the root
	}
	si := f.StandardInformation
	own := bodyLine{
		rec: f.Record, owner: si.OwnerID,
		accessed: si.Accessed, modified: si.Modified, changed: si.Changed, created: si.Created,
	}
	best, named := f.FileName()
	bestOnly := tooMany(f.Record)
	if !named && si.Present {
		own.name = fmt.Sprintf("%s/$OrphanFiles/OrphanFile-%d", s.drive, f.Entry)
		return own.append(b)
	}
	next := 0 // next attribute; names are in the order of attributes
	for fn := range namesOf(f.Record) {
		name := s.drive + "/" + bodyPath(s.mft, fn)
		l := bodyLine{
			name: name + " ($FILE_NAME)", typ: mft.AttrFileName, rec: f.Record, owner: si.OwnerID,
			accessed: fn.Accessed, modified: fn.Modified, changed: fn.Changed, created: fn.Created,
		}
		for ; next < len(f.Attributes); next++ {
			if a := &f.Attributes[next]; a.Offset == fn.Offset {
				l.id, l.size = a.ID, a.Size
				break
			}
		}
		b = l.append(b)
		if bestOnly && fn.Offset != best.Offset {
			continue
		}
		for i := range f.Attributes {
			a := &f.Attributes[i]
			if !lists(a) {
				continue
			}
			l := own
			l.name, l.typ, l.id, l.size = name, a.Type, a.ID, a.Size
			if a.Name != "" && a.Name != "$I30" {
				l.name += ":" + a.Name
			}
			b = l.append(b)
		}
	}
	return b
}

// lists reports whether fls prints a line for an attribute.
func lists(a *mft.Attribute) bool {
	return (a.Type == mft.AttrData || a.Type == mft.AttrIndexRoot) && a.StartVCN == 0
}

func bodyPath(r *mft.Reader, fn *mft.FileName) string {
	p := r.Directory(fn.Parent)
	dir := ""
	if p.Orphan {
		dir = "$OrphanFiles/"
	}
	if p.Name == "." || p.Name == "" {
		return dir + fn.Name
	}
	return dir + p.Name + "/" + fn.Name
}

type bodyLine struct {
	name                                 string
	typ                                  mft.AttributeType
	id                                   uint16
	rec                                  *mft.Record
	owner                                uint32
	size                                 uint64
	accessed, modified, changed, created time.Time
}

// append writes MD5|name|inode|mode|UID|GID|size|atime|mtime|ctime|crtime.
func (l *bodyLine) append(b []byte) []byte {
	b = append(b, "0|"...)
	b = append(b, show.BodyfileName(l.name)...)
	if !l.rec.InUse() {
		b = append(b, " (deleted)"...)
	}
	b = append(b, '|')
	b = strconv.AppendUint(b, l.rec.Entry, 10)
	if l.typ != 0 {
		b = append(b, '-')
		b = strconv.AppendUint(b, uint64(l.typ), 10)
		b = append(b, '-')
		b = strconv.AppendUint(b, uint64(l.id), 10)
	}
	b = append(b, '|')
	b = append(b, mode(l.rec)...)
	b = append(b, '|')
	b = strconv.AppendUint(b, uint64(l.owner), 10)
	b = append(b, "|0|"...)
	b = strconv.AppendUint(b, l.size, 10)
	for _, t := range [...]time.Time{l.accessed, l.modified, l.changed, l.created} {
		b = append(b, '|')
		b = strconv.AppendInt(b, max(t.Unix(), 0), 10)
	}
	return append(b, '\n')
}

// mode returns the mode that fls prints: the type by the name, which a deleted file
// has lost, the type by the record, and the permissions, without write permission
// if the file is read-only, hidden or a system file.
func mode(rec *mft.Record) string {
	m := []byte("r/rrwxrwxrwx")
	if rec.IsDir() {
		m[0], m[2] = 'd', 'd'
	}
	if !rec.InUse() {
		m[0] = '-'
	}
	if si := rec.StandardInformation; si.Attributes&(mft.FileReadOnly|mft.FileSystem|mft.FileHidden) != 0 {
		m[4], m[7], m[10] = '-', '-', '-'
	}
	return string(m)
}
