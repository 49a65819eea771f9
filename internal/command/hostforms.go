package command

import "strings"

// entries are the functions of rundll32 that start what follows them, by the name of
// their library without .dll and the beginning of their name.
var entries = []struct {
	library, function string
	verb              Verb
}{
	{"shell32", "shellexec_rundll", Opens},
	{"shell32", "control_rundll", Loads},
	{"shell32", "openas_rundll", Opens},
	{"url", "fileprotocolhandler", Opens},
	{"url", "openurl", Opens},
	{"ieframe", "openurl", Opens},
	{"shdocvw", "openurl", Opens},
	{"zipfldr", "routethecall", Opens},
	{"advpack", "launchinfsection", Runs},
	{"ieadvpack", "launchinfsection", Runs},
	{"setupapi", "installhinfsection", Runs},
	{"syssetup", "setupinfobjectinstallaction", Runs},
	{"advpack", "registerocx", Runs},
	{"ieadvpack", "registerocx", Runs},
	{"pcwutl", "launchapplication", Runs},
	{"dfshim", "shopenverbapplication", Runs},
}

// rundll32 ends the path at a comma, or at a blank outside quotes. Some functions start
// what follows them.
func (r *reader) rundll32(args string, _ int) {
	args = strings.TrimLeft(args, " \t")
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
		path, more := Program(operands)
		if e.verb == Loads || e.function == "launchinfsection" { // a list of operands follows the file
			path, _, _ = strings.Cut(path, ",")
		}
		r.use(e.verb, System(strings.TrimPrefix(path, "file:///")))
		r.use(Loads, dll)
		r.mention(more)
		return
	}
	r.use(Loads, dll)
	r.mention(operands)
}

// isScript reports whether the scheme of a URL is that of a script in the URL itself.
func isScript(scheme string) bool {
	return strings.EqualFold(scheme, "javascript") || strings.EqualFold(scheme, "vbscript") || strings.EqualFold(scheme, "about")
}

// regsvr32 loads libraries. Scrobj.dll runs the script behind /i:.
func (r *reader) regsvr32(args string, _ int) {
	list := words(args)
	var script string
	scripts := false
	for _, word := range list {
		if isSwitch(word) && len(word) > 2 && (word[1] == 'i' || word[1] == 'I') {
			script = operand(word)
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
			r.use(Mentions, value)
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
	for _, word := range words(args) {
		if !isSwitch(word) {
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
