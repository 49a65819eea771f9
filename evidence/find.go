package evidence

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
)

// Match is a file that Find found.
type Match struct {
	Volume *Volume
	Name   string // path in Volume.FS
	Absent bool   // the file is not in Volume.FS: only an $MFT names it

	// Deleted files are absent, and in no folder: Name is the path that the file had, which
	// begins with ? if its folder is gone.
	Deleted bool
	Ref     mft.Ref // the record of a file that is absent, else zero
}

// Path returns the path of the file as an analyst writes it. A file that is named
// only by an $MFT without its volume is on C:.
func (m Match) Path() string {
	if m.Volume == nil {
		return m.Name
	}
	if m.Volume.Kind == Artifact && m.Absent {
		return (&Volume{Letter: "C"}).WindowsPath(m.Name)
	}
	return m.Volume.WindowsPath(m.Name)
}

// Search is the result of Find, with the extent of the search.
type Search struct {
	Pattern  string    // as it was given to Find
	Hashed   bool      // files were compared by their hash, else by name
	Matches  []Match   // in order of their paths; if there are more than 1000, the first 1000 found
	Count    int       // of all matches
	Files    int       // that were compared
	Failed   int       // files that could not be hashed, and folders and volumes that could not be listed
	Problems []Problem // why, for the first 100
}

// The limits of a search: evidence may hold any number of matches.
const (
	maxMatches        = 1000
	maxSearchProblems = 100
	maxPathLen        = 3 * 32767 // bytes of the longest path that Windows takes
	maxDepth          = 1024      // nested folders: each is looked up from the root
)

// Find looks for files on all volumes. Pattern is one of
//
//   - a name, which may be in any folder: sqlserver.exe
//
//   - a path as Resolve takes it
//
//   - either with wildcards, where * is any number of characters and ? is one,
//     within a name: *.aspx, C:\Users\*\Downloads\?.exe
//
//   - the MD5, SHA-1 or SHA-256 of the content in hexadecimal digits, unless a
//     file has that name
//
//   - an entry of the $MFT with its sequence number, unless a file has that name: 68-2
//
// Pattern ignores case and may be quoted. A file that was deleted, or that a collection
// did not copy, is found by name if the $MFT has its record. Find does not search
// alternate data streams.
//
// What cannot be read is counted and reported as a problem, and the search continues.
// A search for a hash also skips, with a problem, files of more than 4 GiB and, on an
// image, everything that exceeds four times the size of the volume plus 64 MiB,
// because sparse files may claim any size; in an archive, what exceeds 200 times its
// size plus 1 GiB. The only error is that of ctx.
func (e *Evidence) Find(ctx context.Context, pattern string) (*Search, error) {
	if e == nil {
		return &Search{Pattern: pattern}, ctx.Err()
	}
	p := e.pattern(pattern)
	s := &search{Search: Search{Pattern: pattern}, ctx: ctx, e: e}
	for _, at := range p.places {
		if err := s.byName(at, p.bare, !p.wildcard); err != nil {
			return nil, err
		}
	}
	if s.Count == 0 && p.hash != "" {
		s = &search{Search: Search{Pattern: pattern, Hashed: true}, ctx: ctx, e: e}
		for _, at := range p.places {
			if err := s.byHash(at.volume, p.hash); err != nil {
				return nil, err
			}
		}
	}
	if ref, ok := mft.ParseRefString(winpath.Unquote(pattern)); ok && s.Count == 0 {
		if err := s.byRef(ref); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(s.Matches, func(a, b Match) int {
		return cmp.Or(cmp.Compare(a.Path(), b.Path()), cmp.Compare(a.Ref.Uint64(), b.Ref.Uint64()))
	})
	return &s.Search, nil
}

// search is a Search in progress.
type search struct {
	Search
	ctx context.Context
	e   *Evidence
}

func (s *search) add(m Match) {
	if s.Count++; len(s.Matches) < maxMatches {
		s.Matches = append(s.Matches, m)
	}
}

func (s *search) fail(kind damage.Kind, v *Volume, name string, err error) {
	if s.Failed++; len(s.Problems) < maxSearchProblems {
		s.Problems = append(s.Problems, Problem{Kind: kind, Err: &damage.Error{
			Artifact: s.e.name, Path: v.WindowsPath(name), Offset: -1, What: "reading", Err: cause(err)}})
	}
}

// walk visits the regular files of a volume. It enters the folders that enter
// accepts.
func (s *search) walk(v *Volume, enter func(name string) bool, visit func(name string, d fs.DirEntry) error) error {
	if v.Err != nil {
		s.fail(damage.Unsupported, v, ".", v.Err)
		return nil
	}
	return fs.WalkDir(v.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		switch {
		case err != nil:
			s.fail(damage.Malformed, v, name, err)
		case d.IsDir() && name != ".":
			if !enter(name) {
				return fs.SkipDir
			}
			if tooDeep(name) {
				s.fail(damage.Limit, v, show.Cut(name, 100)+"…", damage.New("nested folders", -1, strings.Count(name, "/")+1,
					fmt.Sprintf("≤ %d, and a path of ≤ %d bytes", maxDepth, maxPathLen)))
				return fs.SkipDir
			}
		case d.Type().IsRegular():
			return visit(name, d)
		}
		return nil
	})
}

func tooDeep(name string) bool { return len(name) > maxPathLen || strings.Count(name, "/") >= maxDepth }

// byName adds the files of a volume whose path matches. A path that is exact, without
// wildcards, may have short names (8.3).
func (s *search) byName(p placed, bare, exact bool) error {
	enter := func(name string) bool { return bare || p.leads(name) }
	err := s.walk(p.volume, enter, func(name string, d fs.DirEntry) error {
		if s.Files++; p.matches(name, bare) {
			s.add(Match{Volume: p.volume, Name: name})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.inMFT(p, bare, exact)
}

// inMFT adds the files that only the $MFT names: those that were deleted, those that a
// collection did not copy, and those that an exact path names by their short names.
func (s *search) inMFT(p placed, bare, exact bool) error {
	table, whole := s.e.tableOf(p.volume)
	if table == nil {
		return nil
	}
	last := p.parts[len(p.parts)-1]
	exact = exact && mayBe83(p.parts)
	for rec, err := range table.Scan() {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		if err != nil {
			s.failTable(p.volume, err)
			if !damage.Is(err) {
				return nil
			}
			continue
		}
		if whole && rec.InUse() && !exact || rec.IsDir() || rec.IsOrphanExtension() {
			continue
		}
		s.Files++
		if !slices.ContainsFunc(rec.FileNames, func(n mft.FileName) bool { return placed{parts: []string{last}}.matches(n.Name, true) }) {
			continue // most files: their path is not needed
		}
		for _, path := range table.Paths(rec) {
			m := Match{Volume: p.volume, Name: path.String(), Absent: true, Deleted: !rec.InUse(), Ref: rec.Ref}
			long := p.matches(m.Name, bare)
			if !fs.ValidPath(m.Name) || !long && !(exact && p.hasShort(table, rec, bare)) {
				continue
			}
			if !m.Deleted {
				if path.Orphan || path.Deleted {
					continue
				}
				if _, err := fs.Stat(p.volume.FS, m.Name); err == nil {
					if long {
						continue
					}
					m.Absent, m.Ref = false, mft.Ref{}
				}
			}
			s.add(m)
		}
	}
	return nil
}

// mayBe83 reports whether a path may have short names (8.3).
func mayBe83(parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(part, "~") && len(part) <= len("12345678.123") })
}

// hasShort reports whether a path, or a name alone, names a file by short names.
func (p placed) hasShort(table *mft.Reader, rec *mft.Record, bare bool) bool {
	if !bare {
		_, ok := table.NameAt(rec, strings.Join(p.parts, "/"))
		return ok
	}
	return slices.ContainsFunc(rec.FileNames, func(n mft.FileName) bool {
		return n.Namespace == mft.NamespaceDOS && winpath.SameName(n.Name, p.parts[0])
	})
}

// byRef adds the file of every volume that has a record with that entry and sequence
// number.
func (s *search) byRef(ref mft.Ref) error {
	for _, v := range s.e.volumes {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		table, _ := s.e.tableOf(v)
		if table == nil {
			continue
		}
		rec, err := table.Record(ref.Entry)
		if err != nil || rec.Ref != ref || rec.IsDir() || len(rec.FileNames) == 0 {
			continue
		}
		m := Match{Volume: v, Name: table.Path(rec).String()}
		if !fs.ValidPath(m.Name) {
			continue
		}
		info, err := fs.Stat(v.FS, m.Name)
		if m.Deleted = !rec.InUse(); m.Deleted || err != nil || info.IsDir() {
			m.Absent, m.Ref = true, ref
		}
		s.add(m)
	}
	return nil
}

// failTable reports damage to an $MFT. That of a volume is among its own problems.
func (s *search) failTable(v *Volume, err error) {
	if v.Kind != NTFS || !damage.Is(err) {
		s.fail(damage.Malformed, v, "$MFT", err)
	}
}

// tableOf returns the $MFT of a volume, and whether its FS has all files that exist. A
// collection may hold an $MFT as a file. It returns nil if there is no $MFT.
func (e *Evidence) tableOf(v *Volume) (table *mft.Reader, whole bool) {
	switch fsys := v.FS.(type) {
	case *mft.Volume:
		return fsys.MFT(), true
	case *folderFS:
		return fsys.table(), false
	case artifactFS:
		if e.kind == "mft" {
			if r, err := mft.NewReader(fsys[0].img.r, fsys[0].img.size); err == nil {
				return r, false
			}
		}
	}
	return nil, false
}
