package evidence

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/mft"
)

// AmbiguousError reports that several files match what the analyst wrote.
type AmbiguousError struct {
	Pattern string   // as the analyst wrote it
	Paths   []string // of the files, in order, as Locate takes them; at most 50
	Count   int      // of all files that match
}

const maxListed = 50

// Error lists the paths.
func (e *AmbiguousError) Error() string {
	s := fmt.Sprintf("%s: %d files match: %s", e.Pattern, e.Count, strings.Join(e.Paths, ", "))
	if more := e.Count - len(e.Paths); more > 0 {
		s += fmt.Sprintf(", and %d more", more)
	}
	return s
}

// Locate finds the one file that an analyst means: by its path, as Resolve does, else
// by its name alone, by wildcards, by its hash, or by its entry of the $MFT, as Find does.
// Several names of one file count as one file. Deleted files count only if no other file
// matches.
//
// If no file matches the error is a *NotFoundError. If several files match it is an
// *AmbiguousError that lists them. In evidence of several machines, a path that more
// than one of them has needs the name of a machine: WEB01:C:\Users\a.exe.
func (e *Evidence) Locate(ctx context.Context, path string) (Match, error) {
	v, name, t, found := e.lookFor(path)
	if found {
		if list := t.onMachines(); list != nil {
			return Match{}, &AmbiguousError{Pattern: path, Paths: list[:min(len(list), maxListed)], Count: len(list)}
		}
		return Match{Volume: v, Name: name}, nil
	}
	notFound := &NotFoundError{Path: path}
	if e == nil {
		return Match{}, notFound
	}
	notFound.Unread = e.unread()
	p := e.pattern(path)
	s, err := e.Find(ctx, path)
	if err != nil {
		return Match{}, err
	}
	s.preferExisting()
	if m, ok := s.only(); ok {
		return m, nil
	}
	if p.bare || p.wildcard {
		if s.Count > 0 {
			return Match{}, s.ambiguous()
		}
		notFound.Search = s
		if p.wildcard || p.hash != "" {
			return Match{}, notFound
		}
	}
	for _, m := range s.Matches[:min(len(s.Matches), maxListed)] { // files that had this path one after the other
		notFound.Nearest = append(notFound.Nearest, m.listed())
	}
	if notFound.Nearest == nil {
		notFound.Nearest = e.nearest(t)
	}
	return Match{}, notFound
}

// preferExisting removes the deleted files if there are others.
func (s *Search) preferExisting() {
	deleted := func(m Match) bool { return m.Deleted }
	if s.Count > len(s.Matches) || !slices.ContainsFunc(s.Matches, func(m Match) bool { return !m.Deleted }) {
		return
	}
	s.Matches = slices.DeleteFunc(s.Matches, deleted)
	s.Count = len(s.Matches)
}

// only returns the file if all matches are the same file.
func (s *Search) only() (Match, bool) {
	if s.Count == 0 || s.Count > len(s.Matches) {
		return Match{}, false
	}
	best := s.Matches[0]
	file := best.file()
	for _, m := range s.Matches[1:] {
		if file == (mft.Ref{}) || m.Volume != best.Volume || m.file() != file {
			return Match{}, false
		}
		if cmp.Compare(len(m.Name), len(best.Name)) < 0 {
			best = m // C:\Windows\System32\cmd.exe rather than its name in WinSxS
		}
	}
	return best, true
}

// file returns the record of the file, which all its names share, or zero if it is
// unknown.
func (m Match) file() mft.Ref {
	if m.Absent {
		return m.Ref
	}
	if info, err := fs.Stat(m.Volume.FS, m.Name); err == nil {
		if rec, ok := info.Sys().(*mft.Record); ok && rec != nil {
			return rec.Ref
		}
	}
	return mft.Ref{}
}

func (s *Search) ambiguous() *AmbiguousError {
	e := &AmbiguousError{Pattern: s.Pattern, Count: s.Count}
	for _, m := range s.Matches[:min(len(s.Matches), maxListed)] {
		e.Paths = append(e.Paths, m.listed())
	}
	return e
}

// listed returns what Locate takes for a file. The path that a deleted file had may be that
// of others, so its entry comes first.
func (m Match) listed() string {
	if m.Deleted {
		return m.Ref.String() + " (deleted: " + m.Path() + ")"
	}
	return m.Path()
}
