package origin

import (
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/command"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// roleIn returns what a command does with the subject, or "". Unclear is true if it may
// start the subject in a way that could not be understood.
func (q *inquiry) roleIn(e *environment, line string) (is role, unclear bool) {
	uses, doubts := command.Read(line)
	for _, u := range uses {
		named, known := q.usesSubject(e, u)
		unclear = unclear || !known
		if named {
			r := roleOf[u.Verb]
			if r == starts && isLibrary(q.path) {
				r = loads
			}
			is = stronger(is, r)
		}
	}
	if is == "" && namesPath(strings.ReplaceAll(line, "/", `\`), q.path) {
		is = mentions
	}
	return is, unclear || len(doubts) > 0
}

// isLibrary reports whether a file is loaded by another program, according to its name.
func isLibrary(path string) bool {
	name := winpath.Fold(path)
	return slices.ContainsFunc([]string{".DLL", ".OCX", ".CPL"}, func(ending string) bool { return strings.HasSuffix(name, ending) })
}

// usesSubject reports whether a file in a command is the subject. Of the paths that
// CreateProcess tries, it is the first that exists. Known is false if the path may be
// the subject's, but has a variable that is not known.
func (q *inquiry) usesSubject(e *environment, u command.Use) (is, known bool) {
	for i, written := range u.Paths {
		full, known := e.Resolve(written, u.Folder)
		if !known {
			base := winpath.Base(strings.ReplaceAll(written, "/", `\`))
			if strings.Contains(base, "%") || q.hasBase(base) || q.hasBase(base+e.Ending) {
				return false, false
			}
			continue
		}
		for _, p := range full {
			if q.isSubject(p) {
				return true, true
			}
			if i < len(u.Paths)-1 && q.exists(p) {
				return false, true // it is what runs
			}
		}
	}
	return false, true
}

// hasBase reports whether a name is that of the subject's file.
func (q *inquiry) hasBase(name string) bool {
	return winpath.SameName(strings.TrimRight(name, ". "), winpath.Base(q.path)) || q.rec != nil && q.hasName(name)
}

// exists reports whether a file is on the subject's volume.
func (q *inquiry) exists(path string) bool {
	if q.tl == nil {
		return false
	}
	rest, ok := winpath.CutPrefix(path, drivePrefix(q.drive)+`\`)
	if !ok {
		return false
	}
	_, ok = timeline.FindFile(q.tl.vol, rest)
	return ok
}

// writesIt reports whether one of the files in a command that it writes is the subject,
// or the folder of the subject, to which it takes a file with the subject's name.
func (q *inquiry) writesIt(uses []command.Use) bool {
	folder := false
	for _, u := range uses {
		if u.Verb != command.Writes {
			continue
		}
		if is, _ := q.usesSubject(&q.paths, u); is {
			return true
		}
		full, _ := q.paths.Resolve(u.Paths[len(u.Paths)-1], u.Folder)
		folder = folder || slices.ContainsFunc(full, func(p string) bool { return winpath.Same(strings.TrimRight(p, `\`), winpath.Dir(q.path)) })
	}
	return folder && slices.ContainsFunc(uses, func(u command.Use) bool {
		source := u.Paths[len(u.Paths)-1]
		return u.Verb == command.Takes && winpath.SameName(source[strings.LastIndexAny(source, `\/`)+1:], winpath.Base(q.path))
	})
}

// usesOf returns what the command line of a process does with files.
func usesOf(p *process) []command.Use {
	uses, _ := command.Read(wholeLine(p.commandLine))
	return uses
}
