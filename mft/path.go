package mft

import (
	"slices"
	"strings"
)

// Path is the place of a file in its volume.
type Path struct {
	Name    string // slash-separated, without a leading slash, "." for the root; of an orphan, as much as is known
	Orphan  bool   // a directory on the way is gone, or its entry belongs to another file now
	Deleted bool   // a directory on the way was deleted, but its entry still tells its name
	Missing Ref    // of an orphan: the directory that is gone
}

const (
	maxDepth    = 1024  // directories on the way
	maxPathSize = 98304 // bytes: what 32,767 UTF-16 units, the most that Windows takes, need at most
)

// Path returns the path of a file by its best name. Every reference to a
// directory counts only if its sequence number is that of the directory.
// A path of more than 1024 directories, or one that runs in a circle, is that of
// an orphan.
func (r *Reader) Path(rec *Record) Path {
	fn := rec.FileName()
	if fn == nil {
		return Path{Orphan: true}
	}
	return r.path(rec, fn)
}

// Paths returns one path for every hard link of a file: for all its names but
// those in the DOS namespace. A file that has only a DOS name has that path.
func (r *Reader) Paths(rec *Record) []Path {
	var paths []Path
	for i := range rec.FileNames {
		if fn := &rec.FileNames[i]; fn.Namespace != NamespaceDOS {
			paths = append(paths, r.path(rec, fn))
		}
	}
	if paths == nil && len(rec.FileNames) > 0 {
		paths = append(paths, r.Path(rec))
	}
	return paths
}

func (r *Reader) path(rec *Record, fn *FileName) Path {
	if rec.Ref == root {
		return Path{Name: "."}
	}
	p := Path{Name: fn.Name}
	l, err := r.linked()
	if err != nil {
		p.Orphan, p.Missing = true, fn.Parent
		return p
	}
	var names []string // from the file up
	size := len(fn.Name)
	for at := fn.Parent; ; {
		if at == root {
			break
		}
		d, ok := l.dirs[at.Entry]
		if !ok || !d.is(at.Seq) {
			p.Orphan, p.Missing = true, at
			break
		}
		p.Deleted = p.Deleted || d.flags&RecordInUse == 0
		size += len(d.name) + 1
		if len(names) == maxDepth || size > maxPathSize {
			p.Orphan, p.Missing = true, at
			break
		}
		names = append(names, d.name)
		at = d.parent
	}
	if len(names) == 0 {
		return p
	}
	slices.Reverse(names)
	p.Name = strings.Join(append(names, fn.Name), "/")
	return p
}
