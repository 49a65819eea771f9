package command

import (
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// blanks separate words of cmd.exe.
const blanks = " \t,;="

// cmd reads the arguments of cmd.exe: those after /c or /k are commands.
func (r *reader) cmd(args string, depth int) {
	for {
		args = strings.TrimLeft(args, blanks)
		if strings.HasPrefix(args, "<") { // commands from a file
			r.pass(args[1:])
			return
		}
		if len(args) < 2 || args[0] != '/' {
			r.pass(args)
			return
		}
		switch args[1] {
		case 'c', 'C', 'k', 'K', 'r', 'R':
			r.batch(unquoted(args[2:]), depth)
			return
		}
		_, args = next(args)
	}
}

// unquoted removes the first and the last quote of what follows /c, as cmd.exe does
// unless exactly one name is in quotes.
func unquoted(line string) string {
	line = strings.TrimSpace(line)
	if !strings.HasPrefix(line, `"`) {
		return line
	}
	last := strings.LastIndexByte(line, '"')
	if strings.Count(line, `"`) == 2 && !strings.ContainsAny(line[:last], "&<>()@^|") && (last == len(line)-1 && isOnePath(line[1:last]) || last < len(line)-1) {
		return line
	}
	if last == 0 {
		return line[1:]
	}
	return line[1:last] + line[last+1:]
}

// isOnePath reports whether a text is the path of one program, and not a command.
func isOnePath(text string) bool {
	first, _, blanks := strings.Cut(text, " ")
	return isExecutable(text) && (!blanks || strings.ContainsAny(first, `\/:%`))
}

// batch reads commands as a batch file has them.
func (r *reader) batch(line string, depth int) {
	folder := r.folder
	r.piped = strings.Contains(line, "|")
	for _, part := range split(line, "&|\n") {
		r.shell(part, depth)
		if isRemark(part) && !strings.Contains(line, "\n") {
			break
		}
	}
	r.folder = folder
}

// isRemark reports whether a command is rem with a text: whatever follows on the line is of
// the text too, also behind an ampersand.
func isRemark(line string) bool {
	rest, ok := winpath.CutPrefix(strings.TrimLeft(line, blanks+"@("), "rem")
	return ok && strings.Trim(rest, blanks) != rest && strings.Trim(rest, blanks) != ""
}

// split splits a line at separators outside quotes. It resolves carets, which quote
// the character after them.
func split(line, separators string) []string {
	var list []string
	var b strings.Builder
	quoted := false
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '"':
			quoted = !quoted
		case c == '^' && !quoted:
			if i++; i < len(line) {
				b.WriteByte(line[i])
			}
			continue
		case !quoted && strings.IndexByte(separators, c) >= 0 && (c != '&' || i == 0 || line[i-1] != '>'): // not 2>&1
			list = append(list, b.String())
			b.Reset()
			continue
		}
		b.WriteByte(c)
	}
	return append(list, b.String())
}

// shell reads one command of cmd.exe: one of its own, or a program.
func (r *reader) shell(line string, depth int) {
	r.step++
	line = strings.TrimRight(strings.TrimLeft(line, blanks+"\r@()"), " \t\r()")
	line = strings.TrimLeft(r.redirected(line), blanks+"@(")
	if line == "" {
		return
	}
	name, args := line, ""
	if i := strings.IndexAny(line, " \t/"); i > 0 {
		name, args = line[:i], line[i:]
	}
	switch strings.ToLower(name) {
	case "del", "erase", "rd", "rmdir":
		r.operands(Deletes, args)
	case "copy", "move":
		r.copied(args, Takes)
	case "ren", "rename":
		r.renamed(words(args))
	case "mklink":
		r.linked(words(args))
	case "subst":
		r.doubt(line) // what is on the drive is elsewhere
	case "type":
		if r.piped { // to a program, which may be one that runs what it reads
			r.operands(Passes, args)
		}
		r.operands(Takes, args)
	case "start":
		r.start(args, depth)
	case "call":
		r.ofShell(args, depth)
	case "cd", "chdir", "pushd":
		for _, word := range words(args) {
			if !isSwitch(word) {
				r.folder = word
			}
		}
	case "if":
		r.condition(line, args, depth)
	case "for":
		r.doubt(line)
	case "rem", "exit", "cls", "title", "setlocal", "endlocal", "popd", "goto", "pause":
	case "echo":
		if r.piped { // as type
			r.pass(args)
			return
		}
		r.mention(args)
	case "set", "dir", "md", "mkdir", "attrib", "timeout", "ping":
		r.mention(args)
	default:
		if depth > maxDepth || strings.HasPrefix(name, "!") { // a variable of the command itself
			r.doubt(line)
			return
		}
		r.ofShell(line, depth)
	}
}

// ofShell reads a command that a shell starts.
func (r *reader) ofShell(line string, depth int) {
	r.inShell = true
	r.command(line, depth+1)
}

// operands does something with all arguments that are not switches.
func (r *reader) operands(verb Verb, args string) {
	for _, word := range words(args) {
		if !isSwitch(word) {
			r.use(verb, word)
		}
	}
}

// copied reads the arguments of a command that reads all files but the last, which it
// writes.
func (r *reader) copied(args string, reads Verb) {
	var files []string
	for _, word := range words(args) {
		if !isSwitch(word) {
			files = append(files, word)
		}
	}
	for i, file := range files {
		if i > 0 && i == len(files)-1 {
			r.use(Writes, file)
			return
		}
		for part := range strings.SplitSeq(file, "+") { // files that are joined
			r.use(reads, part)
		}
	}
	if len(files) == 1 { // into the folder that the command is in
		r.use(Writes, winpath.Base(files[0]))
	}
}

// renamed reads the arguments of ren: a file, and its new name in the same folder.
func (r *reader) renamed(list []string) {
	list = slices.DeleteFunc(list, isSwitch)
	if len(list) == 2 {
		r.use(Mentions, list[0])
		r.use(Writes, list[0][:len(list[0])-len(winpath.Base(list[0]))]+list[1])
	}
}

// linked reads the arguments of mklink: a link, and what it leads to.
func (r *reader) linked(list []string) {
	list = slices.DeleteFunc(list, isSwitch)
	if len(list) == 2 {
		r.use(Writes, list[0])
		r.use(Takes, list[1])
	}
}

// redirected adds the files that output is written to and that input comes from, and
// returns the line without them.
func (r *reader) redirected(line string) string {
	quoted := false
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '"':
			quoted = !quoted
		case (line[i] == '>' || line[i] == '<') && !quoted:
			verb := Writes
			if line[i] == '<' {
				verb = Passes
			}
			before := strings.TrimRight(line[:i], " \t")
			if n := len(before); n > 0 && (before[n-1] == '1' || before[n-1] == '2') && (n == 1 || before[n-2] == ' ' || before[n-2] == ')') {
				before = before[:n-1] // of a stream
			}
			file, after := next(strings.TrimLeft(line[i:], "<> \t"))
			if !strings.EqualFold(file, "nul") && !strings.HasPrefix(file, "&") {
				r.use(verb, file)
			}
			return before + r.redirected(after)
		}
	}
	return line
}

// start reads the arguments of start: a title in quotes, switches, and a command.
func (r *reader) start(args string, depth int) {
	args = strings.TrimLeft(args, " \t")
	if title, ok := strings.CutPrefix(args, `"`); ok {
		if _, rest, ok := strings.Cut(title, `"`); ok && strings.TrimSpace(rest) != "" {
			args = rest
		}
	}
	for {
		args = strings.TrimLeft(args, " \t")
		if args == "" || args[0] != '/' {
			break
		}
		word, rest := next(args)
		switch name := strings.ToLower(word); {
		case name == "/d":
			r.folder, rest = next(rest)
		case strings.HasPrefix(name, "/d"):
			r.folder = word[2:]
		case name == "/affinity", name == "/node", name == "/machine":
			_, rest = next(rest)
		}
		args = rest
	}
	r.ofShell(args, depth)
}

// condition reads what follows if: a test, and a command.
func (r *reader) condition(line, args string, depth int) {
	word, rest := next(args)
	for strings.EqualFold(word, "/i") || strings.EqualFold(word, "not") {
		word, rest = next(rest)
	}
	if !strings.EqualFold(word, "exist") || depth > maxDepth {
		r.doubt(line)
		return
	}
	file, rest := next(rest)
	r.use(Mentions, file)
	r.shell(rest, depth+1)
}
