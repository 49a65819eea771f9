package evidence

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/mft"
)

// Match is a file that Find found.
type Match struct {
	Volume *Volume
	Name   string // path in Volume.FS
	Absent bool   // the file is not in Volume.FS: only the $MFT of the collection names it

	ref mft.Ref // of a file that is absent
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
//   - a path as Resolve takes it
//   - either with wildcards, where * is any number of characters and ? is one,
//     within a name: *.aspx, C:\Users\*\Downloads\?.exe
//   - the MD5, SHA-1 or SHA-256 of the content in hexadecimal digits, unless a
//     file has that name
//
// Pattern ignores case and may be quoted. A file that a collection did not copy is
// found by name if the $MFT beside it has its record. Find does not search alternate
// data streams.
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
		if err := s.byName(at, p.bare); err != nil {
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
	slices.SortFunc(s.Matches, func(a, b Match) int { return strings.Compare(a.Path(), b.Path()) })
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

// byName adds the files of a volume whose path matches.
func (s *search) byName(p placed, bare bool) error {
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
	return s.inMFT(p, bare)
}

// inMFT adds the files that only the $MFT of a collection names.
func (s *search) inMFT(p placed, bare bool) error {
	table := s.e.collectedMFT(p.volume)
	if table == nil {
		return nil
	}
	last := p.parts[len(p.parts)-1]
	for rec, err := range table.Scan() {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		if err != nil {
			s.fail(damage.Malformed, p.volume, "$MFT", err)
			continue
		}
		if !rec.InUse() || rec.IsDir() || rec.IsOrphanExtension() {
			continue
		}
		s.Files++
		if !slices.ContainsFunc(rec.FileNames, func(n mft.FileName) bool { return placed{parts: []string{last}}.matches(n.Name, true) }) {
			continue // most files: their path is not needed
		}
		for _, path := range table.Paths(rec) {
			if path.Orphan || path.Deleted || !fs.ValidPath(path.Name) || !p.matches(path.Name, bare) {
				continue
			}
			if _, err := fs.Stat(p.volume.FS, path.Name); err != nil {
				s.add(Match{Volume: p.volume, Name: path.Name, Absent: true, ref: rec.Ref})
			}
		}
	}
	return nil
}

// collectedMFT returns the $MFT that a volume holds as a file, or nil.
func (e *Evidence) collectedMFT(v *Volume) *mft.Reader {
	switch fsys := v.FS.(type) {
	case *folderFS:
		return fsys.table()
	case artifactFS:
		if e.kind == "mft" {
			if r, err := mft.NewReader(fsys.img.r, fsys.img.size); err == nil {
				return r
			}
		}
	}
	return nil
}
