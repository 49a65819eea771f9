package mft

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// NameAt returns the name of a file, which may be deleted, that a path leads to, and whether it
// leads to one. The path may have short names (8.3), of the file and of the folders; the name is
// the long one. The path is slash-separated below the root of the volume. Case is ignored as
// most volumes do. A file that exists may have the short name of one that was deleted.
func (r *Reader) NameAt(rec *Record, path string) (FileName, bool) {
	l, err := r.linked()
	if err != nil {
		return FileName{}, false
	}
	rec = orNoPlace(rec)
	parts := strings.Split(path, "/")
	last := len(parts) - 1
	for i := range rec.FileNames {
		if fn := &rec.FileNames[i]; winpath.SameName(fn.Name, parts[last]) && l.hasPath(fn.Parent, parts[:last]) {
			return *rec.longName(fn), true
		}
	}
	return FileName{}, false
}

// longName returns the long name beside a short one, or the name itself.
func (r *Record) longName(name *FileName) *FileName {
	for i := range r.FileNames {
		if fn := &r.FileNames[i]; name.Namespace == NamespaceDOS && fn.Namespace == NamespaceWin32 && fn.Parent == name.Parent {
			return fn
		}
	}
	return name
}

// hasPath reports whether the parts of a path lead to a directory.
func (l *links) hasPath(at Ref, parts []string) bool {
	for i := len(parts) - 1; i >= 0; i-- {
		d, ok := l.dirs[at.Entry]
		if at == root || !ok || !d.is(at.Seq) || !winpath.SameName(d.name, parts[i]) && !winpath.SameName(d.short, parts[i]) {
			return false
		}
		at = d.parent
	}
	return at == root
}

// ShortName returns the short name (8.3) that a file has beside a long one, or "" if it has
// none. A file of which only the short name is left has no long one.
func (r *Record) ShortName(long *FileName) string {
	for i := range r.FileNames {
		if fn := &r.FileNames[i]; long != nil && fn.Namespace == NamespaceDOS && long.Namespace == NamespaceWin32 && fn.Parent == long.Parent {
			return fn.Name
		}
	}
	return ""
}
