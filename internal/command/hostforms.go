package command

import "strings"

// entries are the functions of rundll32 that start what follows them, by the name of
// their library without .dll and the beginning of their name.
var entries = []struct {
	library, function string
	verb              Verb
	section           bool // two words come before the file
}{
	{"shell32", "shellexec_rundll", Opens, false},
	{"shell32", "control_rundll", Loads, false},
	{"shell32", "openas_rundll", Opens, false},
	{"url", "fileprotocolhandler", Opens, false},
	{"url", "openurl", Opens, false},
	{"ieframe", "openurl", Opens, false},
	{"shdocvw", "openurl", Opens, false},
	{"zipfldr", "routethecall", Opens, false},
	{"advpack", "launchinfsection", Runs, false},
	{"ieadvpack", "launchinfsection", Runs, false},
	{"setupapi", "installhinfsection", Runs, true},
	{"syssetup", "setupinfobjectinstallaction", Runs, true},
	{"advpack", "registerocx", Runs, false},
	{"ieadvpack", "registerocx", Runs, false},
	{"pcwutl", "launchapplication", Runs, false},
	{"dfshim", "shopenverbapplication", Runs, false},
}

// rundll32 ends the path at a comma, or at a blank outside quotes. Some functions start
// what follows them.
func (r *reader) rundll32(args string, _ int) {
	args = strings.TrimLeft(args, " \t")
	for isSwitch(args) {
		var word string
		if word, args = next(args); strings.EqualFold(word[1:], "sta") || strings.EqualFold(word[1:], "localserver") {
			r.doubt(word + args) // a class
			return
		}
		args = strings.TrimLeft(args, " \t")
	}
	if scheme, _, _ := strings.Cut(args, ":"); isScript(scheme) {
		r.doubt(args)
		return
	}
	var dll, rest string
	if quoted, ok := strings.CutPrefix(args, `"`); ok {
		dll, rest, _ = strings.Cut(quoted, `"`)
		rest = strings.TrimLeft(rest, ", \t")
	} else {
		var found bool
		if dll, rest, found = strings.Cut(args, ","); !found {
			dll, rest = Program(args)
		}
		rest = strings.TrimLeft(rest, " \t")
	}
	dll = System(dll)
	function, operands := rest, ""
	if i := strings.IndexAny(rest, " \t"); i >= 0 {
		function, operands = rest[:i], strings.TrimSpace(rest[i:])
	}
	library, function := strings.TrimSuffix(nameOf(dll), ".dll"), strings.ToLower(function)
	for _, e := range entries {
		if operands == "" || e.library != library || !strings.HasPrefix(function, e.function) {
			continue
		}
		if e.section { // of the file, and how to restart Windows
			_, operands = next(operands)
			_, operands = next(operands)
		}
		path, more := Program(operands)
		if e.verb == Loads || e.function == "launchinfsection" { // a list of operands follows the file
			path, _, _ = strings.Cut(path, ",")
		}
		r.use(e.verb, System(path))
		r.use(Loads, dll)
		r.pass(more)
		return
	}
	r.use(Loads, dll)
	r.pass(operands)
}

// isScript reports whether the scheme of a URL is that of a script in the URL itself.
func isScript(scheme string) bool {
	return strings.EqualFold(scheme, "javascript") || strings.EqualFold(scheme, "vbscript") || strings.EqualFold(scheme, "about")
}

// regsvr32 loads libraries. Scrobj.dll runs the script behind /i:.
func (r *reader) regsvr32(args string, _ int) {
	list := argv(args)
	var script string
	scripts := false
	for _, word := range list {
		if isSwitch(word) { // /i:x, or with others before it: /u/i:x
			if name, value, ok := strings.Cut(word, ":"); ok && strings.EqualFold(name[len(name)-1:], "i") {
				script = value
			}
		}
		scripts = scripts || !isSwitch(word) && strings.TrimSuffix(nameOf(System(word)), ".dll") == "scrobj"
	}
	if scripts {
		r.use(Runs, System(script))
	}
	for _, word := range list {
		switch value := operand(word); {
		case !isSwitch(word):
			r.use(Loads, System(word))
		case scripts && value == script:
		case isURL(value):
			r.use(Takes, value)
		default:
			r.use(Passes, value)
		}
	}
}

// mshta runs what is left of its command line: a path with blanks needs no quotes, and
// a script may be in the line itself.
func (r *reader) mshta(args string, _ int) {
	path := strings.TrimSpace(args)
	if quoted, ok := strings.CutPrefix(path, `"`); ok {
		path, _, _ = strings.Cut(quoted, `"`)
	}
	if scheme, _, _ := strings.Cut(path, ":"); isScript(scheme) {
		r.doubt(strings.TrimSpace(args))
		return
	}
	r.use(Runs, System(path))
}

// packageSwitches are the switches of msiexec that a file follows, also without a blank.
var packageSwitches = []struct {
	name string
	verb Verb
}{
	{"package", Runs}, {"update", Runs},
	{"i", Runs}, {"a", Runs}, {"p", Runs}, {"j", Runs}, {"f", Runs},
	{"y", Loads}, {"z", Loads},
}

// msiexec runs packages, and loads libraries to register them.
func (r *reader) msiexec(args string, _ int) {
	next := Mentions
	for _, word := range argv(args) {
		if !isSwitch(word) {
			if next == Mentions && strings.Contains(word, "=") { // a property, such as TRANSFORMS
				r.use(Passes, System(operand(word)))
				continue
			}
			r.use(next, System(operand(word)))
			next = Mentions
			continue
		}
		next = Mentions
		name := strings.ToLower(word[1:])
		for _, s := range packageSwitches {
			file, ok := strings.CutPrefix(name, s.name)
			if !ok {
				continue
			}
			if strings.ContainsAny(file, `\/.:`) {
				r.use(s.verb, System(word[1+len(s.name):]))
				break
			}
			if file == "" || s.name == "f" || s.name == "j" { // which have options
				next = s.verb
				break
			}
		}
		if next == Mentions {
			r.use(Mentions, operand(word))
		}
	}
}

// python runs the first argument that is not an option: a file. A module and a script in
// the line itself are not files.
func (r *reader) python(args string, depth int) {
	for {
		args = strings.TrimLeft(args, " \t")
		if !isSwitch(args) {
			script(r, args, depth)
			return
		}
		word, rest := next(args)
		switch {
		case word == "-m", word == "-c":
			r.doubt(args)
			return
		case word == "-W", word == "-X":
			_, rest = next(rest)
		}
		args = rest
	}
}

// explorer opens what is left of its command line after switches: a path with blanks needs
// no quotes.
func (r *reader) explorer(args string, _ int) {
	path := strings.TrimSpace(args)
	verb := Opens
	for strings.HasPrefix(path, "/") || strings.HasPrefix(path, "-") {
		word, rest, _ := strings.Cut(path, ",")
		if i := strings.IndexAny(word, " \t"); i >= 0 {
			word, rest = path[:i], path[i:]
		}
		if strings.EqualFold(word[1:], "select") {
			verb = Mentions
		}
		path = strings.TrimSpace(rest)
	}
	r.use(verb, System(strings.Trim(path, `"`)))
}

// control loads an item of the control panel, which commas separate from its operands.
func (r *reader) control(args string, _ int) {
	for _, word := range argv(args) {
		if isSwitch(word) {
			r.use(Passes, operand(word))
			continue
		}
		path, _, _ := strings.Cut(word, ",")
		r.use(Loads, System(path))
	}
}

// odbcconf loads the libraries of its actions, /a {REGSVR x}, and reads actions from
// files, /f x.
func (r *reader) odbcconf(args string, _ int) {
	verb := Passes
	for _, word := range words(strings.NewReplacer("{", " ", "}", " ").Replace(args)) {
		switch {
		case strings.EqualFold(word, "regsvr"):
			verb = Loads
		case isSwitch(word) && len(word) > 1 && word[1]|0x20 == 'f':
			verb = Runs
			r.use(Runs, System(operand(word)))
		case isSwitch(word):
			verb = Passes
		default:
			r.use(verb, System(word))
			verb = Passes
		}
	}
}

// forfiles runs the command after /c for the files after /m in the folder after /p. The
// command may have a file as @file or @path, and a quote as 0x22.
func (r *reader) forfiles(args string, depth int) {
	folder, mask, line := "", "*", ""
	for args != "" {
		var word string
		word, args = next(args)
		switch strings.ToLower(strings.Replace(word, "-", "/", 1)) {
		case "/p":
			folder, args = next(args)
		case "/m":
			mask, args = next(args)
		case "/c":
			args = strings.TrimLeft(args, " \t")
			if !strings.HasPrefix(args, `"`) {
				line, args = next(args)
			} else if i := strings.LastIndexByte(args, '"'); i > 0 {
				line, args = strings.ReplaceAll(args[1:i], `\"`, `"`), args[i+1:]
			}
		}
	}
	line = strings.ReplaceAll(line, "0x22", `"`)
	if strings.Contains(line, "@") {
		if strings.ContainsAny(mask, "*?") || len(folder)+len(mask) > 1<<10 || strings.Count(line, "@") > 16 {
			r.doubt(line)
			return
		}
		path := strings.TrimRight(folder, `\/`) + `\` + mask
		defer func(folder string) { r.folder = folder }(r.folder)
		r.folder = folder
		line = strings.NewReplacer("@path", `"`+path+`"`, "@file", `"`+mask+`"`, "@fname", `"`+mask+`"`).Replace(line)
	}
	r.inside(line, depth)
}

// linux runs a program of Linux, or of Windows by the path that Linux has for it.
func (r *reader) linux(args string, depth int) {
	for {
		args = strings.TrimLeft(args, " \t")
		if !isSwitch(args) || strings.HasPrefix(args, "/mnt/") {
			break
		}
		word, rest := next(args)
		switch word {
		case "-d", "--distribution", "-u", "--user", "--cd":
			_, rest = next(rest)
		}
		args = rest
	}
	if n := len(args); n > 1 && args[0] == '"' && args[n-1] == '"' {
		args = args[1 : n-1]
	}
	for _, word := range argv(args) {
		if _, tail, ok := strings.Cut(word, "/mnt/"); ok && len(tail) > 2 && tail[1] == '/' {
			r.use(Runs, System(tail[:1]+":"+tail[1:]))
			return
		}
	}
	if len(args) > 2 && args[1] == ':' || isExecutable(firstOf(args)) {
		r.command(args, depth+1)
		return
	}
	r.doubt(args)
}

func firstOf(args string) string {
	word, _ := next(args)
	return word
}

// conhost runs the command that follows its options and numbers.
func (r *reader) conhost(args string, depth int) {
	for {
		args = strings.TrimLeft(args, " \t")
		word, rest := next(args)
		if word == "" {
			return
		}
		if !isSwitch(word) && (word[0] < '0' || word[0] > '9') {
			r.inside(args, depth)
			return
		}
		args = rest
	}
}
