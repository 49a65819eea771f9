package command

import (
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// startCopies adds the files of which the command line starts a copy: those that a command
// takes which writes a file that a later one starts.
func (r *reader) startCopies() {
	uses := r.uses // those that are added are not looked at
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
				if taken.step == written.step && (taken.Verb == Takes || taken.Verb == Mentions) {
					r.copyOf(taken, rest, uses[j].Host)
				}
			}
		}
	}
}

// copyOf adds the file of which a copy is started: rest is its path below the folder to
// which it was copied, or "" if the name of the copy was given.
func (r *reader) copyOf(taken Use, rest, host string) {
	source := System(taken.Paths[len(taken.Paths)-1])
	add := func(p string) {
		if len(r.uses) < maxUses {
			r.uses = append(r.uses, Use{Copies, []string{p}, host, taken.Folder, taken.step})
		}
	}
	base := winpath.Base(strings.TrimRight(source, `\`))
	if rest != "" && !strings.Contains(winpath.Base(rest), ".") {
		r.copyOf(taken, rest+".exe", host)
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

// path returns the file of a use as one path, in the folder that the command changed to.
func (u Use) path() string {
	return inFolder(u.Folder, System(u.Paths[len(u.Paths)-1]))
}

// inFolder returns a path in a folder, if it is relative.
func inFolder(folder, p string) string {
	if isURL(p) {
		return p
	}
	p = strings.TrimPrefix(strings.ReplaceAll(p, "/", `\`), `.\`)
	if folder == "" || p == "" || strings.ContainsAny(p[:1], `\%`) || strings.Contains(p, ":") {
		return p
	}
	if p == "." {
		return strings.TrimRight(folder, `\/`)
	}
	return strings.TrimRight(folder, `\/`) + `\` + p
}

// robocopy copies the files that it names from one folder to another, or all.
func (r *reader) robocopy(args string) {
	var list []string
	for _, word := range argv(args) {
		if !isSwitch(word) {
			list = append(list, word)
		}
	}
	switch len(list) {
	case 0, 1:
		r.mention(args)
	case 2:
		r.use(Takes, list[0])
		r.use(Writes, list[1])
	default:
		for _, file := range list[2:] {
			r.use(Takes, strings.TrimRight(list[0], `\/`)+`\`+file)
		}
		r.use(Writes, list[1])
	}
}

// certutil decodes a file into another, or fetches files.
func (r *reader) certutil(args string) {
	list := argv(args)
	form := fetchForms["certutil"]
	for _, word := range list {
		if isSwitch(word) && slices.Contains(decoding, strings.ToLower(word[1:])) {
			form = fetchForm{operands: "twm"}
		}
	}
	r.fetch(form, list, false)
}

// decoding are the switches of certutil by which it writes a file from another.
var decoding = []string{"decode", "decodehex", "encode", "encodehex"}
