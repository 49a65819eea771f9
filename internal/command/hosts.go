package command

import (
	"slices"
	"strings"
)

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
		"control":  (*reader).control,
		"odbcconf": (*reader).odbcconf,

		"installutil":       each(Loads),
		"infdefaultinstall": each(Runs),

		"wscript": script,
		"cscript": script,
		"python":  (*reader).python,
		"py":      (*reader).python,
		"pyw":     (*reader).python,
		"perl":    interpreter,
		"ruby":    interpreter,
		"node":    interpreter,
		"php":     interpreter,
		"dotnet":  interpreter,
		"java":    after("-jar", Runs),
		"javaw":   after("-jar", Runs),
		"mshta":   (*reader).mshta,
		"msiexec": (*reader).msiexec,
		"msbuild": script,
		"cmstp":   script,
		"pcalua":  after("-a", Runs),

		"explorer": (*reader).explorer,
		"hh":       each(Opens),
		"mmc":      each(Opens),

		"ieexec":           each(Runs),
		"presentationhost": each(Opens),

		"certoc": func(r *reader, args string, depth int) {
			r.unless("loaddll", after("-loaddll", Loads), "certoc", args, depth)
		},
		"bitsadmin": func(r *reader, args string, depth int) {
			r.unless("setnotifycmdline", (*reader).notify, "bitsadmin", args, depth)
		},

		"conhost":  (*reader).conhost,
		"wmic":     nested("create"), // process call create
		"forfiles": (*reader).forfiles,
		"runas":    nested(""),

		"bash": (*reader).linux,
		"wsl":  (*reader).linux,
	}
}

// each makes a host that does the same with all its arguments.
func each(verb Verb) func(*reader, string, int) {
	return func(r *reader, args string, _ int) {
		for _, word := range argv(args) {
			if isSwitch(word) {
				r.use(Passes, operand(word))
			} else {
				r.use(verb, System(word))
			}
		}
	}
}

// script runs the first argument, and gives it the others.
func script(r *reader, args string, _ int) {
	verb := Runs
	for _, word := range argv(args) {
		if isSwitch(word) {
			r.use(Passes, operand(word))
			continue
		}
		r.use(verb, System(word))
		verb = Passes
	}
}

// interpreter runs the first argument. Behind an option, of which it is not known whether it
// has a value, it may be that.
func interpreter(r *reader, args string, depth int) {
	verb := Runs
	for _, word := range argv(args) {
		switch {
		case verb == Runs && word == "-f":
		case isSwitch(word):
			r.use(Passes, operand(word))
			if !slices.Contains(withoutValue, word) {
				verb = Passes
			}
		default:
			r.use(verb, System(word))
			verb = Passes
		}
	}
}

// withoutValue are options of interpreters that have no value.
var withoutValue = []string{"-w", "-W", "-q", "-n", "-u", "-T", "--no-warnings"}

// after makes a host that does something with what follows a switch: one of several,
// separated by commas.
func after(switches string, verb Verb) func(*reader, string, int) {
	list := strings.Split(switches, ",")
	return func(r *reader, args string, _ int) {
		next := Passes
		for _, word := range argv(args) {
			if isSwitch(word) {
				next = Passes
				for _, s := range list {
					if strings.EqualFold(word, s) {
						next = verb
					}
				}
				r.use(Passes, operand(word))
				continue
			}
			r.use(next, System(word))
			next = Passes
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

// unless reads arguments by a form of those that fetch files, unless they have a switch.
func (r *reader) unless(name string, read func(*reader, string, int), form, args string, depth int) {
	list := argv(args)
	for _, word := range list {
		if isSwitch(word) && strings.EqualFold(word[1:], name) {
			read(r, args, depth)
			return
		}
	}
	r.fetch(fetchForms[form], list, false)
}

// notify reads the program that a job of BITS runs: what follows the switch and the job.
func (r *reader) notify(args string, _ int) {
	list := argv(args)
	for i, word := range list {
		if isSwitch(word) && strings.EqualFold(word[1:], "setnotifycmdline") && i+2 < len(list) {
			r.use(Runs, System(list[i+2]))
		}
	}
}

// inside reads a command that is an argument: in quotes, it is one.
func (r *reader) inside(line string, depth int) {
	line = strings.TrimSpace(line)
	if strings.HasPrefix(line, `"`) && strings.Contains(line, `\"`) {
		if list := argv(line); len(list) > 0 {
			r.command(list[0], depth)
			r.pass(strings.Join(list[1:], " "))
			return
		}
	}
	if n := len(line); n > 1 && line[0] == '"' && line[n-1] == '"' && strings.Contains(line[1:n-1], " ") && !strings.Contains(line[1:n-1], `" `) {
		line = strings.ReplaceAll(line[1:n-1], `\"`, `"`)
	}
	r.command(line, depth)
}

// IsHost reports whether a name is that of a program of Windows whose arguments are
// understood here, and which is in the folders of Windows.
func IsHost(name string) bool {
	name = nameOf(name)
	_, fetches := fetchForms[name]
	return hosts[name] != nil || fetches
}
