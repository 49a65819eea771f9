// Package command reads command lines as Windows does: which files a command names,
// and what it does with each of them. It is the only place that decides whether a
// command starts a file, or deletes it, or only names it.
//
// Paths are returned as they are written, without quotes: variables are not expanded,
// and what exists on a volume is not known here.
package command

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// Read returns the files that a command line names, in its order. Unclear are the parts
// that could start files which it does not name, or names in a way that is not
// understood here.
func Read(line string) (uses []Use, unclear []string) {
	r := reader{}
	r.command(line, 0)
	copies := startedCopies(r.uses)
	return append(r.uses, copies[:min(len(copies), maxUses-len(r.uses))]...), r.unclear
}

// reader collects what a command line does.
type reader struct {
	uses    []Use
	unclear []string
	host    string // the program that the commands being read are in
	folder  string // that the command has changed to
	piped   bool   // the commands being read pass their output on
	inShell bool   // the command being read is one of a shell, which removes quotes inside names
	step    int    // number of the command being read
}

func (r *reader) use(verb Verb, paths ...string) {
	if len(r.uses) < maxUses && len(paths) > 0 && paths[0] != "" {
		r.uses = append(r.uses, Use{verb, paths, r.host, r.folder, r.step})
	}
}

func (r *reader) doubt(part string) {
	if part = strings.TrimSpace(part); part != "" && len(r.unclear) < maxUses {
		r.unclear = append(r.unclear, part)
	}
}

// command reads what CreateProcess would run.
func (r *reader) command(line string, depth int) {
	if depth > maxDepth {
		r.doubt(line)
		return
	}
	ofShell := r.inShell
	r.inShell = false
	if ofShell {
		line = unbroken(line)
	}
	paths, args := Programs(line)
	if len(paths) == 0 {
		return
	}
	if strings.Contains(paths[len(paths)-1], `"`) || args != "" && strings.IndexByte(" \t/-,", args[0]) < 0 {
		r.doubt(line) // a name with quotes inside, for which CreateProcess does not find a file
	}
	r.use(Runs, paths...)
	name := nameOf(paths[len(paths)-1])
	before := r.host
	r.host = name
	defer func() { r.host = before }()
	if h, ok := hosts[name]; ok {
		h(r, args, depth+1)
		return
	}
	if f, ok := fetchForms[name]; ok {
		r.transfer(name, f, args)
		return
	}
	r.pass(args)
}

// nameOf returns the name of a program in lower case, without .exe.
func nameOf(path string) string {
	if winpath.SameName(path, "%COMSPEC%") {
		return "cmd"
	}
	name := strings.TrimSuffix(strings.ToLower(winpath.Base(path)), ".exe")
	if version, ok := strings.CutPrefix(name, "python"); ok && strings.Trim(version, "0123456789.w") == "" { // python3.11
		return "python"
	}
	return name
}

// Hosted returns the file that the program of a command line only hosts, as it is
// written: the first file that a host loads, opens or runs which is not a host itself. It
// is in the folder that the command changes to, if that is the case.
// It returns "" for other commands.
func Hosted(line string) string {
	uses, _ := Read(line)
	for _, u := range uses {
		path := u.Paths[len(u.Paths)-1]
		if u.Host != "" && u.Verb.Starts() && hosts[nameOf(path)] == nil {
			if u.Folder != "" {
				return inFolder(u.Folder, path)
			}
			return path
		}
	}
	return ""
}

// mention adds the arguments of a program that does not start them.
func (r *reader) mention(args string) { r.arguments(Mentions, args) }

// pass adds the arguments of a program or a script that is not known here.
func (r *reader) pass(args string) { r.arguments(Passes, args) }

func (r *reader) arguments(verb Verb, args string) {
	for _, word := range argv(args) {
		r.use(verb, operand(word))
	}
}

// operand returns the file that a word may name: what follows the name of a switch.
func operand(word string) string {
	if word != "" && (word[0] == '/' || word[0] == '-') {
		i := strings.IndexAny(word, ":=")
		if i < 0 {
			return ""
		}
		return strings.Trim(word[i+1:], `"`)
	}
	if name, value, ok := strings.Cut(word, "="); ok && !strings.ContainsAny(name, `\/.`) {
		return strings.Trim(value, `"`)
	}
	return word
}

// isSwitch reports whether a word is a switch.
func isSwitch(word string) bool { return word != "" && (word[0] == '/' || word[0] == '-') }

// next cuts off the first word of arguments.
func next(args string) (word, rest string) {
	args = strings.TrimLeft(args, " \t")
	quoted := false
	for i := 0; i < len(args); i++ {
		switch {
		case args[i] == '"':
			quoted = !quoted
		case !quoted && (args[i] == ' ' || args[i] == '\t'):
			return strings.ReplaceAll(args[:i], `"`, ""), args[i:]
		}
	}
	return strings.ReplaceAll(args, `"`, ""), ""
}

// unbroken returns a command line with its program in one pair of quotes, if it has others
// inside, which a shell removes.
func unbroken(line string) string {
	line = strings.TrimLeft(line, " \t")
	word, rest := next(line)
	written := line[:len(line)-len(rest)]
	if !strings.Contains(written, `"`) || written == `"`+word+`"` {
		return line
	}
	return `"` + word + `"` + rest
}

// words splits arguments at the blanks outside quotes, and removes quotes, as cmd.exe does.
func words(args string) []string { return wordsOf(args, false) }

// argv splits arguments as CommandLineToArgvW and the programs of C do: behind a backslash,
// a quote is one of the word, and of two backslashes before a quote one is left. Two quotes
// inside quotes are one of the word.
func argv(args string) []string { return wordsOf(args, true) }

func wordsOf(args string, escapes bool) []string {
	var list []string
	var b strings.Builder
	quoted, any := false, false
	for i := 0; i <= len(args); i++ {
		switch {
		case i == len(args), !quoted && (args[i] == ' ' || args[i] == '\t'):
			if any {
				list = append(list, b.String())
			}
			b.Reset()
			any = false
			if len(list) == maxUses {
				return list
			}
		case args[i] == '"' && escapes && quoted && strings.HasPrefix(args[i+1:], `"`):
			b.WriteByte('"')
			i++
		case args[i] == '"':
			quoted, any = !quoted, true
		case args[i] == '\\' && escapes:
			any = true
			n := i
			for n < len(args) && args[n] == '\\' {
				n++
			}
			kept := n - i
			if n < len(args) && args[n] == '"' {
				if kept%2 == 1 {
					b.WriteString(strings.Repeat(`\`, kept/2) + `"`)
					i = n
					continue
				}
				kept /= 2
			}
			b.WriteString(strings.Repeat(`\`, kept))
			i = n - 1
		default:
			b.WriteByte(args[i])
			any = true
		}
	}
	return list
}
