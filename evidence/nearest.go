package evidence

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
)

const (
	maxNearest  = 3       // names proposed of each sort
	maxSiblings = 1 << 16 // names compared in a directory
	maxWalked   = 50_000  // entries compared for the same name elsewhere
)

// nearest proposes what a path that does not exist may have meant: names of similar
// spelling in the deepest directory that exists, the same path on another volume, the
// same name elsewhere and, for a name without a path, a similar one. If nothing is
// similar it proposes that directory or, for an unknown drive, the root of every
// drive.
func (e *Evidence) nearest(t target) []string {
	var found []string
	add := func(v *Volume, name string) {
		if p := v.WindowsPath(name); !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	for _, v := range t.volumes {
		for _, name := range similar(v.FS, t.path) {
			add(v, name)
		}
	}
	for _, v := range e.volumes {
		if _, err := fs.Stat(v.FS, t.path); err == nil {
			add(v, spell(v.FS, t.path))
		}
	}
	file, _, _ := strings.Cut(path.Base(t.path), ":")
	elsewhere := func(like func(name string) bool) {
		budget := maxWalked
		for _, v := range e.volumes {
			for _, name := range namedLike(v.FS, like, &budget) {
				add(v, name)
			}
		}
	}
	elsewhere(func(name string) bool { return winpath.Same(name, file) })
	for _, v := range t.volumes {
		for _, name := range deletedAs(v.FS, file) {
			add(v, name)
		}
	}
	if want := []rune(winpath.Fold(file)); len(found) == 0 && t.anywhere && t.path == file && len(want) >= 4 {
		limit := len(want) / 4
		elsewhere(func(name string) bool { return distance(want, []rune(winpath.Fold(name)), limit) <= limit })
	}
	if len(found) == 0 && !t.anywhere {
		for _, v := range t.volumes {
			dir, _, _ := deepest(v.FS, t.path)
			add(v, dir)
		}
		if len(t.volumes) == 0 { // no such drive: list those that exist
			for _, v := range e.volumes {
				if v.Err == nil {
					add(v, ".")
				}
			}
		}
	}
	return found
}

// deletedAs returns the paths of deleted files with a name. That of a file whose folder is
// gone begins with ?.
func deletedAs(fsys fs.FS, name string) (list []string) {
	vol, ok := fsys.(*mft.Volume)
	if !ok {
		return nil
	}
	for rec, err := range vol.MFT().Scan() {
		if err != nil || rec.InUse() || rec.IsDir() || rec.IsOrphanExtension() {
			continue
		}
		fn, ok := rec.FileName()
		if !ok || !winpath.SameName(fn.Name, name) {
			continue
		}
		if list = append(list, vol.MFT().Path(rec).String()); len(list) == maxNearest {
			break
		}
	}
	return list
}

// deepest splits a path into the deepest directory that exists, the name that it does
// not hold, and the rest of the path below that name.
func deepest(fsys fs.FS, name string) (dir, missing, rest string) {
	dir = "."
	for rest = name; rest != ""; {
		missing, rest, _ = strings.Cut(rest, "/")
		next := path.Join(dir, missing)
		st, err := fs.Stat(fsys, next)
		if err != nil || !st.IsDir() {
			return spell(fsys, dir), missing, rest
		}
		dir = next
	}
	return spell(fsys, dir), "", ""
}

// similar returns the paths that differ in a few letters of one part from name, which
// does not exist.
func similar(fsys fs.FS, name string) []string {
	dir, missing, rest := deepest(fsys, name)
	base, _, hasStream := strings.Cut(missing, ":")
	if hasStream && rest == "" {
		if list := streamsOf(fsys, path.Join(dir, base)); list != nil {
			return list
		}
	}
	list, _ := fs.ReadDir(fsys, dir)
	type candidate struct {
		path     string
		distance int
	}
	var near []candidate
	want := []rune(winpath.Fold(base))
	for _, d := range list[:min(len(list), maxSiblings)] {
		limit := max(2, len(want)/3)
		n := distance(want, []rune(winpath.Fold(d.Name())), limit)
		if len(want) >= 3 && strings.HasPrefix(winpath.Fold(d.Name()), string(want)) {
			n = min(n, 1) // such as a name without its extension
		}
		if n > limit {
			continue
		}
		p := path.Join(dir, d.Name())
		if rest != "" {
			if _, err := fs.Stat(fsys, path.Join(p, rest)); err == nil {
				p, n = path.Join(p, rest), n-limit
			}
		}
		near = append(near, candidate{p, n})
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var paths []string
	for _, c := range near[:min(len(near), maxNearest)] {
		paths = append(paths, c.path)
	}
	return paths
}

// streamsOf returns the alternate data streams of a file as paths, or the file itself
// if it has none, or nil if it does not exist.
func streamsOf(fsys fs.FS, name string) []string {
	if _, err := fs.Stat(fsys, name); err != nil {
		return nil
	}
	name = spell(fsys, name)
	var paths []string
	for _, stream := range streamNames(fsys, name) {
		paths = append(paths, name+":"+stream)
	}
	if paths == nil {
		paths = []string{name}
	}
	return paths[:min(len(paths), maxNearest)]
}

// namedLike returns paths whose last part like accepts, until budget is used up.
func namedLike(fsys fs.FS, like func(name string) bool, budget *int) []string {
	var paths []string
	fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if *budget--; *budget < 0 || len(paths) == maxNearest {
			return fs.SkipAll
		}
		if tooDeep(p) {
			return fs.SkipDir
		}
		if err == nil && p != "." && like(d.Name()) {
			paths = append(paths, p)
		}
		return nil // a directory that cannot be read is skipped
	})
	return paths
}

// distance returns how many letters must be inserted, removed, changed or swapped
// with their neighbor to turn a into b. If that is more than limit it returns some
// number above limit.
func distance(a, b []rune, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			row[j+1] = min(last[j]+change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
