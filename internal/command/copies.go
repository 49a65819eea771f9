package command

import (
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// startedCopies returns the files of which the uses start a copy: those that a command
// takes which writes a file that a later one starts.
func startedCopies(uses []Use) (list []Use) {
	for i, started := range uses {
		if !started.Verb.Starts() {
			continue
		}
		at := started.path()
		for j, written := range uses[:i] {
			if written.Verb != Writes || written.step == started.step {
				continue
			}
			rest, ok := below(written.path(), at)
			if !ok {
				continue
			}
			for _, taken := range uses {
				if len(list) < maxUses && taken.step == written.step && (taken.Verb == Takes || taken.Verb == Mentions) {
					list = append(list, copyOf(taken, rest, uses[j].Host)...)
				}
			}
		}
	}
	return list
}

// copyOf returns the file of which a copy is started: rest is its path below the folder to
// which it was copied, or "" if the name of the copy was given.
func copyOf(taken Use, rest, host string) (list []Use) {
	source := System(taken.Paths[len(taken.Paths)-1])
	add := func(p string) { list = append(list, Use{Copies, []string{p}, host, taken.Folder, taken.step}) }
	base := winpath.Base(strings.TrimRight(source, `\`))
	if rest != "" && !strings.Contains(winpath.Base(rest), ".") {
		list = copyOf(taken, rest+".exe", host)
	}
	switch {
	case rest == "":
		add(source)
	case strings.ContainsAny(base, "*?"):
		if ok, _ := path.Match(strings.ToLower(strings.ReplaceAll(base, "[", "?")), strings.ToLower(rest)); ok || base == "*.*" {
			add(strings.TrimSuffix(source, base) + rest)
		}
	default:
		if winpath.SameName(base, rest) {
			add(source)
		}
		add(strings.TrimRight(source, `\`) + `\` + rest)
	}
	return list
}

// below reports whether a path is that of a file that was written, with or without .exe, and
// then returns "", or below the folder that was.
func below(written, started string) (rest string, ok bool) {
	rest, ok = winpath.CutPrefix(started, strings.TrimRight(written, `\`))
	switch {
	case !ok:
		if winpath.SameName(started+".exe", written) {
			return "", true
		}
		return "", false
	case rest == "", winpath.SameName(rest, ".exe"):
		return "", true
	}
	return strings.TrimLeft(rest, `\`), rest[0] == '\\' && strings.Trim(rest, `\`) != ""
}
