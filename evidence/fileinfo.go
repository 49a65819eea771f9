package evidence

import (
	"io/fs"
	"slices"
	"time"
)

// fileInfo describes a file of a folder or a single artifact. A copy in a folder has
// only its name, its size and the time of its last write; the $MFT has more.
type fileInfo struct {
	name      string
	size      int64 // of the copy, which is what can be read
	mode      fs.FileMode
	modTime   time.Time         // of the copy
	streams   []string          // in the folder
	collected func() *collected // called when it is needed, because reading an $MFT takes time; may be nil
}

// collected is what the volume's $MFT records about a file that was copied from it.
type collected struct {
	created, modified, changed, accessed time.Time
	owner                                string
	streams                              []string
	record                               any // *mft.Record
}

// source returns what the $MFT records, or the zero value.
func (i fileInfo) source() *collected {
	if i.collected != nil {
		if c := i.collected(); c != nil {
			return c
		}
	}
	return &collected{}
}

func (i fileInfo) Name() string      { return i.name }
func (i fileInfo) Size() int64       { return i.size }
func (i fileInfo) Mode() fs.FileMode { return i.mode }
func (i fileInfo) IsDir() bool       { return i.mode.IsDir() }

// ModTime returns the time of the last write: that of the file on its volume if the
// $MFT records it, else that of the copy.
func (i fileInfo) ModTime() time.Time {
	if t := i.source().modified; !t.IsZero() {
		return t
	}
	return i.modTime
}

// BirthTime returns the time of creation, or zero if it is unknown.
func (i fileInfo) BirthTime() time.Time { return i.source().created }

// AccessTime returns the time of the last access, or zero if it is unknown.
func (i fileInfo) AccessTime() time.Time { return i.source().accessed }

// ChangeTime returns the time of the last change of the MFT entry, or zero if it is
// unknown.
func (i fileInfo) ChangeTime() time.Time { return i.source().changed }

// OwnerSID returns the SID of the owner, or "" if it is unknown.
func (i fileInfo) OwnerSID() string { return i.source().owner }

// Streams returns the names of the alternate data streams in the folder and in the
// $MFT.
func (i fileInfo) Streams() []string {
	list := append(slices.Clone(i.streams), i.source().streams...)
	slices.Sort(list)
	return slices.Compact(list)
}

// Sys returns the *mft.Record of the file if the folder holds its $MFT, else nil.
func (i fileInfo) Sys() any { return i.source().record }

// cause removes the path in the folder, which is not the path that was asked for.
func cause(err error) error {
	if pe, ok := err.(*fs.PathError); ok {
		return pe.Err
	}
	return err
}
