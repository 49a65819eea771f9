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
		"python":  (*reader).python,
		"py":      (*reader).python,
		"pyw":     (*reader).python,
		"perl":    script,
		"ruby":    script,
		"node":    script,
		"php":     script,
		"dotnet":  script,
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

		"conhost":  (*reader).conhost,
		"wmic":     nested("create"), // process call create
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
