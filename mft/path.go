package mft

import (
	"slices"
	"strings"
	"sync"
)

// Path is the place of a file in its volume.
type Path struct {
	Name    string // slash-separated, without a leading slash, "." for the root; for an orphan, the part that is known
	Orphan  bool   // a directory on the way is gone, or its entry belongs to another file now
	Deleted bool   // a directory on the way was deleted, but its entry still holds its name
	Missing Ref    // for an orphan: the directory that is gone
}

// UnknownFolder is the first element of the path of an orphan, as String returns it. No
// file of Windows can have that name.
const UnknownFolder = "?"

// String returns the path with its unknown part: "?/tool.exe" for an orphan, whose folder
// is gone and may have been anywhere.
func (p Path) String() string {
	switch {
	case !p.Orphan:
		return p.Name
	case p.Name == "":
		return UnknownFolder
	}
	return UnknownFolder + "/" + p.Name
}

const (
	maxDepth    = 1024  // directories on the way
	maxPathSize = 98304 // in bytes: the most that 32,767 UTF-16 units, the limit of Windows, can need
)

// Path returns the path of a file by its best name: one in a folder that is known, if there
// is one. A reference to a directory
// counts only if its sequence number is that of the directory. A path of more
// than 1024 directories, or one that runs in a circle, is the path of an orphan.
func (r *Reader) Path(rec *Record) Path {
	rec = orNoPlace(rec)
	fn := rec.bestName()
	if fn == nil {
		return Path{Orphan: true}
	}
	best := r.path(rec, fn)
	for i := range rec.FileNames {
		if !best.Orphan {
			break
		}
		if other := &rec.FileNames[i]; other.Namespace != NamespaceDOS && other.Parent != fn.Parent {
			if p := r.path(rec, other); !p.Orphan {
				best = p
			}
		}
	}
	return best
}

// PathOf returns the path of a file by one of its names. A nil name has the path of an orphan.
func (r *Reader) PathOf(rec *Record, name *FileName) Path {
	if name == nil {
		return Path{Orphan: true}
	}
	return r.path(orNoPlace(rec), name)
}

// Paths returns one path for every hard link of a file: for each of its names
// except those in the DOS namespace. A file that has only a DOS name has the
// path of that name.
func (r *Reader) Paths(rec *Record) []Path {
	rec = orNoPlace(rec)
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
	p := r.Directory(fn.Parent)
	switch p.Name {
	case ".", "":
		p.Name = fn.Name
	default:
		p.Name += "/" + fn.Name
	}
	return p
}

// Directory returns the path of the directory that ref refers to. The path of an
// orphan is "" if nothing of it is known.
func (r *Reader) Directory(ref Ref) Path {
	if ref == root {
		return Path{Name: "."}
	}
	l, err := r.linked()
	if err != nil {
		return Path{Orphan: true, Missing: ref}
	}
	return l.paths.get(ref, l.path)
}

// path follows the parents of a directory up to the root.
func (l *links) path(ref Ref) (p Path) {
	var names []string // from the directory up
	size := 0
	for at := ref; at != root; {
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
	slices.Reverse(names)
	p.Name = strings.Join(names, "/")
	return p
}

// pathCache keeps the paths of directories, which many files share.
type pathCache struct {
	mu    sync.RWMutex
	paths map[Ref]Path
	size  int // of the names in bytes
}

// maxPaths bounds the cache, in bytes: deep directories repeat the names of
// those above them.
const maxPaths = 64 << 20

func (c *pathCache) get(ref Ref, make func(Ref) Path) Path {
	c.mu.RLock()
	p, ok := c.paths[ref]
	c.mu.RUnlock()
	if ok {
		return p
	}
	p = make(ref)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.size += len(p.Name) + 64; c.paths == nil || c.size > maxPaths {
		c.paths, c.size = map[Ref]Path{}, len(p.Name)+64
	}
	c.paths[ref] = p
	return p
}
