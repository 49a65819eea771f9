package timeline

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
)

// File returns the $MFT record of a file by its path, which may be a Windows path
// with or without a drive, or slash-separated below the root of the volume. If
// several files had the path in turn, File returns the one that exists, else the one
// that was deleted last according to the $MFT change time. If the $MFT has no such
// file, or is missing, the record is empty and the error is an *fs.PathError with
// fs.ErrNotExist.
func (t *Timeline) File(path string) (*mft.Record, error) {
	notFound := &fs.PathError{Op: "lookup", Path: path, Err: fs.ErrNotExist}
	if t.mft == nil {
		return &mft.Record{}, notFound
	}
	name := slashPath(path)
	if vol, ok := t.vol.(*mft.Volume); ok && fs.ValidPath(name) {
		if rec, err := vol.Lookup(name); !errors.Is(err, fs.ErrNotExist) {
			return rec, err
		}
	}
	var best *mft.Record
	for rec, err := range t.mft.Records() {
		if err == nil && better(rec, best) && t.hasPath(rec, name) {
			best = rec
		}
	}
	if best == nil {
		return &mft.Record{}, notFound
	}
	return best, nil
}

// slashPath returns a path as fs.FS takes it.
func slashPath(path string) string {
	path = winpath.Normalize("", path)
	if winpath.HasDrive(path) {
		path = path[2:]
	}
	path = strings.Trim(strings.ReplaceAll(path, `\`, "/"), "/")
	if path == "" {
		return "."
	}
	return path
}

// hasPath reports whether one of a record's hard links has a path, which may have short names
// (8.3). It compares the
// last name first, because that needs no parents.
func (t *Timeline) hasPath(rec *mft.Record, name string) bool {
	base := name[strings.LastIndexByte(name, '/')+1:]
	if !slices.ContainsFunc(rec.FileNames, func(fn mft.FileName) bool { return winpath.SameName(fn.Name, base) }) {
		return false
	}
	_, short := t.mft.NameAt(rec, name)
	return short || slices.ContainsFunc(t.mft.Paths(rec), func(p mft.Path) bool { return winpath.Same(p.String(), name) })
}

// better reports whether a is preferable to b, which may be nil.
func better(a, b *mft.Record) bool {
	switch {
	case b == nil:
		return true
	case a.InUse() != b.InUse():
		return a.InUse()
	}
	_, _, changedA, _ := a.Times()
	_, _, changedB, _ := b.Times()
	return changedA.After(changedB)
}
