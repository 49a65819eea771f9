package command

import "strings"

// hosts are the programs whose arguments are understood, by their names without .exe.
var hosts map[string]func(r *reader, args string, depth int)

func init() { // a host may run another
	hosts = map[string]func(r *reader, args string, depth int){
		"cmd":        (*reader).cmd,
		"powershell": func(r *reader, args string, depth int) { r.powershell(args, false, depth) },
		"pwsh":       func(r *reader, args string, depth int) { r.powershell(args, true, depth) },

		"rundll32": (*reader).rundll32,
		"regsvr32": (*reader).regsvr32,
		"regasm":   each(Loads),
		"regsvcs":  each(Loads),
		"control":  each(Loads),

		"installutil": each(Loads),

		"wscript": script,
		"cscript": script,
		"python":  script,
		"pythonw": script,
		"perl":    script,
		"ruby":    script,
		"node":    script,
		"php":     script,
		"dotnet":  script,
		"java":    after("-jar", Runs),
		"javaw":   after("-jar", Runs),
		"mshta":   (*reader).mshta,
		"msiexec": after("/i,-i,/package,-package,/a,/p,/update", Runs),
		"pcalua":  after("-a", Runs),

		"explorer": each(Opens),
		"hh":       each(Opens),
		"mmc":      each(Opens),

		"conhost":  nested("--headless"),
		"forfiles": nested("/c"),
		"runas":    nested(""),
	}
}

// each makes a host that does the same with all its arguments.
func each(verb Verb) func(*reader, string, int) {
	return func(r *reader, args string, _ int) {
		for _, word := range words(args) {
			if isSwitch(word) {
				r.use(Mentions, operand(word))
			} else {
				r.use(verb, System(word))
			}
		}
	}
}

// script runs the first argument, and gives it the others.
func script(r *reader, args string, _ int) {
	verb := Runs
	for _, word := range words(args) {
		if isSwitch(word) {
			r.use(Mentions, operand(word))
			continue
		}
		r.use(verb, System(word))
		verb = Mentions
	}
}

// after makes a host that does something with what follows a switch: one of several,
// separated by commas.
func after(switches string, verb Verb) func(*reader, string, int) {
	list := strings.Split(switches, ",")
	return func(r *reader, args string, _ int) {
		next := Mentions
		for _, word := range words(args) {
			if isSwitch(word) {
				next = Mentions
				for _, s := range list {
					if strings.EqualFold(word, s) {
						next = verb
					}
				}
				r.use(Mentions, operand(word))
				continue
			}
			r.use(next, System(word))
			next = Mentions
		}
	}
}

// nested makes a host that runs the command after a switch, or after all switches.
func nested(name string) func(*reader, string, int) {
	return func(r *reader, args string, depth int) {
		rest := args
		for {
			rest = strings.TrimLeft(rest, " \t")
			word, after := next(rest)
			switch {
			case rest == "":
				return
			case name != "" && strings.EqualFold(word, name):
				r.inside(after, depth)
				return
			case name == "" && !isSwitch(word):
				r.inside(rest, depth)
				return
			}
			rest = after
		}
	}
}

// inside reads a command that is an argument: in quotes, it is one.
func (r *reader) inside(line string, depth int) {
	line = strings.TrimSpace(line)
	if n := len(line); n > 1 && line[0] == '"' && line[n-1] == '"' && strings.Contains(line[1:n-1], " ") && !strings.Contains(line[1:n-1], `" `) {
		line = strings.ReplaceAll(line[1:n-1], `\"`, `"`)
	}
	r.command(line, depth)
}

// rundll32 ends the path at a comma, or at a blank outside quotes.
func (r *reader) rundll32(args string, _ int) {
	args = strings.TrimLeft(args, " \t")
	if quoted, ok := strings.CutPrefix(args, `"`); ok {
		dll, rest, _ := strings.Cut(quoted, `"`)
		r.use(Loads, System(dll))
		r.mention(strings.TrimLeft(rest, ","))
		return
	}
	dll, rest, found := strings.Cut(args, ",")
	if !found {
		dll, rest = Program(args)
	}
	r.use(Loads, System(dll))
	_, rest, _ = strings.Cut(rest, " ")
	r.mention(rest)
}

// regsvr32 loads libraries, and a script from the URL behind /i:.
func (r *reader) regsvr32(args string, _ int) {
	for _, word := range words(args) {
		switch value := operand(word); {
		case !isSwitch(word):
			r.use(Loads, System(word))
		case isURL(value) && len(word) > 2 && (word[1] == 'i' || word[1] == 'I'):
			r.use(Takes, value)
		default:
			r.use(Mentions, value)
		}
	}
}

// mshta runs what is left of its command line: a path with blanks needs no quotes, and
// a script may be in the line itself.
func (r *reader) mshta(args string, _ int) {
	path := strings.Trim(strings.TrimSpace(args), `"`)
	if scheme, _, _ := strings.Cut(path, ":"); strings.EqualFold(scheme, "javascript") || strings.EqualFold(scheme, "vbscript") || strings.EqualFold(scheme, "about") {
		r.doubt(path)
		return
	}
	r.use(Runs, System(path))
}
