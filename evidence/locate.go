package evidence

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"strings"

	"github.com/birthmark-dfir/birthmark/mft"
)

// AmbiguousError reports that several files match what the analyst wrote.
type AmbiguousError struct {
	Pattern string   // as the analyst wrote it
	Paths   []string // of the files, in order, as Resolve takes them; at most 50
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
// by its name alone, by wildcards, or by its hash, as Find does. Several names of one
// file count as one file.
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
	if p := e.pattern(path); p.bare || p.wildcard {
		s, err := e.Find(ctx, path)
		if err != nil {
			return Match{}, err
		}
		if m, ok := s.only(); ok {
			return m, nil
		}
		if s.Count > 0 {
			return Match{}, s.ambiguous()
		}
		notFound.Search = s
		if p.wildcard || p.hash != "" {
			return Match{}, notFound
		}
	}
	notFound.Nearest = e.nearest(t)
	return Match{}, notFound
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
		return m.ref
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
		e.Paths = append(e.Paths, m.Path())
	}
	return e
}
