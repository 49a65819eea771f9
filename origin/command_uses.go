package origin

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/command"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// roleIn returns what a command does with the subject, or "". Unclear is true if it may
// start the subject in a way that could not be understood: by a form that is not known, or
// by a program that is not.
func (q *inquiry) roleIn(e *environment, line string) (is role, unclear bool) {
	uses, doubts := command.Read(line)
	read := 0 // how often the paths that were understood have the subject's name
	for _, u := range uses {
		named, known := q.usesSubject(e, u)
		mayStart := u.Verb.Starts() || u.Verb == command.Passes
		unclear = unclear || mayStart && (!known || named == passes)
		is = stronger(is, named)
		if u.Verb != command.Copies && q.hasBase(streamOwner(winpath.Base(strings.ReplaceAll(u.Paths[len(u.Paths)-1], "/", `\`)))) {
			read++
		}
	}
	line = strings.ReplaceAll(line, "/", `\`)
	if is == "" && namesPath(line, q.path) {
		is = mentions
	}
	return is, unclear || len(doubts) > 0 || strings.Count(winpath.Fold(line), winpath.Fold(winpath.Base(q.path))) > read
}

// isLibrary reports whether a file is loaded by another program, according to its name.
func isLibrary(path string) bool {
	name := winpath.Fold(path)
	return slices.ContainsFunc([]string{".DLL", ".OCX", ".CPL"}, func(ending string) bool { return strings.HasSuffix(name, ending) })
}

// usesSubject returns what a command does with the subject by a file that it names, or "".
// Of the paths that Windows tries for the file, it is the first that exists. Known is
// false if the file may be the subject, but where it is could not be understood.
func (q *inquiry) usesSubject(e *environment, u command.Use) (is role, known bool) {
	switch u.Verb {
	case command.Loads:
		library := *e
		library.Ending, e = ".dll", &library
	case command.Runs, command.Opens:
		e = e.OfShell(u.Host)
	}
	var before []string // paths that Windows tries first
	for _, written := range u.Paths {
		full, known := e.Resolve(written, u.Folder)
		for _, p := range full {
			switch file, stream := winpath.CutStream(p); {
			case q.isSubject(p), file != p && stream == "" && q.isSubject(file):
				is = q.roleBy(u.Verb)
			case stream != "" && q.isSubject(file):
				if is = roleOf[u.Verb]; u.Verb.Starts() {
					is = streams
				}
			case q.mayBeShort(p):
				return "", false
			}
			if is == "" {
				before = append(before, p)
				continue
			}
			if slices.ContainsFunc(before, q.exists) {
				return "", true // that is what runs
			}
			return is, true
		}
		base := winpath.Base(strings.ReplaceAll(written, "/", `\`))
		switch {
		case strings.Contains(base, "%") && !known:
			return "", false
		case !q.hasBase(base) && !q.hasBase(base+e.Ending):
		case !known, !strings.ContainsAny(written, `\/:`) && !command.IsHost(base) && !slices.ContainsFunc(full, q.exists): // not in the folders that are looked in
			return "", false
		}
	}
	return "", true
}

// roleBy is the role of a verb of which the subject is the file.
func (q *inquiry) roleBy(verb command.Verb) role {
	if r := roleOf[verb]; r != starts || !isLibrary(q.path) {
		return r
	}
	return loads
}

// mayBeShort reports whether a path may be the subject's with short names (8.3), which
// could not be looked up.
func (q *inquiry) mayBeShort(path string) bool {
	if q.rec != nil || !strings.Contains(path, "~") {
		return false
	}
	parts, own := strings.Split(path, `\`), strings.Split(q.path, `\`)
	if len(parts) != len(own) {
		return false
	}
	for i, part := range parts {
		if !winpath.Same(part, own[i]) && !winpath.MayBeShort(part, own[i]) {
			return false
		}
	}
	return true
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
	name, ok := timeline.FindFile(q.tl.vol, rest)
	if !ok {
		return false
	}
	info, err := fs.Stat(q.tl.vol, name)
	return err == nil && !info.IsDir()
}

// writesIt reports whether one of the files in a command that it writes is the subject,
// or the folder of the subject, to which it takes a file with the subject's name.
func (q *inquiry) writesIt(uses []command.Use) bool {
	folder := false
	for _, u := range uses {
		if u.Verb != command.Writes {
			continue
		}
		if is, _ := q.usesSubject(&q.paths, u); is != "" {
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
