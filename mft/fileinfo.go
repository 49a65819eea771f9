package mft

import (
	"io/fs"
	"math"
	"time"
)

// FileInfo describes a file of a Volume, a directory, or a named stream.
type FileInfo struct {
	volume   *Volume
	rec      *Record
	name     string
	stream   *Stream // nil if the file has none
	isStream bool    // opened by the name of a stream: never a directory
}

// Name returns the last element of the path as the volume spells it, with ":" and
// the name of the stream for a named stream.
func (i *FileInfo) Name() string { return i.name }

// Size returns the size of the stream in bytes, 0 for a directory.
func (i *FileInfo) Size() int64 {
	if i.stream == nil || i.IsDir() {
		return 0
	}
	return int64(min(i.stream.Size, math.MaxInt64))
}

// Mode returns 0444 for a file and fs.ModeDir|0555 for a directory. A reparse
// point has the mode of the file or directory that holds it: see
// Record.ReparseTag.
func (i *FileInfo) Mode() fs.FileMode {
	if i.IsDir() {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

// ModTime returns the time of the last write of the content.
func (i *FileInfo) ModTime() time.Time {
	_, modified, _, _ := i.rec.Times()
	return modified
}

// BirthTime returns the time of creation.
func (i *FileInfo) BirthTime() time.Time {
	created, _, _, _ := i.rec.Times()
	return created
}

// ChangeTime returns the time of the last change to the MFT entry.
func (i *FileInfo) ChangeTime() time.Time {
	_, _, changed, _ := i.rec.Times()
	return changed
}

// AccessTime returns the time of the last access.
func (i *FileInfo) AccessTime() time.Time {
	_, _, _, accessed := i.rec.Times()
	return accessed
}

// IsDir reports whether the file is a directory.
func (i *FileInfo) IsDir() bool { return i.rec.IsDir() && !i.isStream }

// OwnerSID returns the SID of the owner, or "" if it is unknown. Reader.OwnerSID
// returns the reason.
func (i *FileInfo) OwnerSID() string {
	sid, err := i.volume.mft.OwnerSID(i.rec)
	if err != nil {
		return ""
	}
	return sid
}

// Streams returns the names of the named streams.
func (i *FileInfo) Streams() []string {
	var names []string
	for _, s := range i.rec.Streams {
		if s.Name != "" {
			names = append(names, s.Name)
		}
	}
	return names
}

// Sys returns the *Record.
func (i *FileInfo) Sys() any { return i.rec }

// entryOf is an fs.DirEntry for a name in a directory.
type entryOf struct {
	volume *Volume
	dirEntry
	dir bool
}

func (e *entryOf) Name() string   { return e.name }
func (e *entryOf) IsDir() bool    { return e.dir }
func (e *entryOf) String() string { return fs.FormatDirEntry(e) }

func (e *entryOf) Type() fs.FileMode {
	if e.dir {
		return fs.ModeDir
	}
	return 0
}

// Info returns a *FileInfo.
func (e *entryOf) Info() (fs.FileInfo, error) {
	rec, err := e.volume.mft.Record(e.ref.Entry)
	if err != nil {
		return nil, err
	}
	if !rec.header().exists(e.ref) {
		return nil, fs.ErrNotExist
	}
	return &FileInfo{volume: e.volume, rec: rec, name: e.name, stream: rec.streamNamed("")}, nil
}
