package command

import (
	"encoding/base64"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// The parameters of powershell.exe that take a value, in the order in which an
// abbreviation is completed.
var parameters = [...]string{
	"executionpolicy", "encodedcommand", "command", "file", "windowstyle", "version", "psconsolefile", "inputformat", "outputformat",
	"configurationname", "workingdirectory", "custompipename", "settingsfile",
}

// abbreviations are those that are not a beginning of the parameter.
var abbreviations = map[string]string{"ec": "encodedcommand", "ep": "executionpolicy", "wd": "workingdirectory", "wo": "workingdirectory", "w": "windowstyle"}

// parameter returns the parameter that a word names, or "".
func parameter(word string) string {
	name := strings.ToLower(strings.TrimLeft(word, "-/–—―"))
	if full, ok := abbreviations[name]; ok {
		return full
	}
	if name == "e" || strings.HasPrefix("encodedcommand", name) && strings.HasPrefix(name, "en") {
		return "encodedcommand"
	}
	for _, p := range parameters {
		if name != "" && strings.HasPrefix(p, name) {
			return p
		}
	}
	return ""
}

// isParameter reports whether a word is a parameter of PowerShell, which takes the
// dashes of typography for hyphens.
func isParameter(word string) bool {
	return isSwitch(word) || strings.HasPrefix(word, "–") || strings.HasPrefix(word, "—") || strings.HasPrefix(word, "―")
}

// powershell reads the arguments of powershell.exe, or of pwsh.exe, which takes the
// first argument for a file.
func (r *reader) powershell(args string, core bool, depth int) {
	for {
		args = strings.TrimLeft(args, " \t")
		if args == "" {
			return
		}
		if !isParameter(args) {
			if core {
				script(r, args, depth)
			} else {
				r.script(args, depth)
			}
			return
		}
		word, rest := next(args)
		if name, value, ok := strings.Cut(word, ":"); ok && parameter(name) != "" { // -File:x
			word, rest = name, `"`+value+`"`+rest
		}
		switch parameter(word) {
		case "":
			args = rest
		case "file":
			script(r, rest, depth)
			return
		case "command":
			r.script(rest, depth)
			return
		case "encodedcommand":
			encoded, _ := next(rest)
			text, err := base64.StdEncoding.DecodeString(encoded)
			if err != nil {
				r.doubt(encoded)
				return
			}
			r.script(wtf8.String(text), depth)
			return
		case "workingdirectory":
			r.folder, args = next(rest)
		default:
			_, args = next(rest)
		}
	}
}

// cmdlets are the commands of PowerShell that do something with the files that they
// name.
var cmdlets = map[string]Verb{
	"start-process": Opens, "saps": Opens, "start": Opens, "invoke-item": Opens, "ii": Opens,
	"remove-item": Deletes, "ri": Deletes, "rm": Deletes, "del": Deletes, "erase": Deletes, "rd": Deletes, "rmdir": Deletes,
	"start-job": Runs, "sajb": Runs,
	"import-module": Loads, "ipmo": Loads, "add-type": Loads,
	"set-content": Writes, "sc": Writes, "out-file": Writes, "add-content": Writes, "ac": Writes, "new-item": Writes, "ni": Writes,
	"get-content": Mentions, "gc": Mentions, "type": Mentions, "cat": Mentions, "test-path": Mentions, "write-host": Mentions, "write-output": Mentions, "echo": Mentions,
	"unblock-file": Mentions, "start-sleep": Mentions, "sleep": Mentions, "cd": Mentions, "set-location": Mentions, "sl": Mentions,
}

// computed are signs of a script that makes commands as it runs.
var computed = [...]string{"$", "iex", "invoke-expression", "invoke-command", "icm", "frombase64string", "-join", "::", "{", "`"}

// script reads a script of PowerShell, as far as it consists of simple commands.
func (r *reader) script(text string, depth int) {
	text = strings.TrimSpace(text)
	if n := len(text); n > 1 && text[0] == '"' && text[n-1] == '"' {
		text = strings.ReplaceAll(text[1:n-1], `\"`, `"`)
	}
	if depth > maxDepth {
		r.doubt(text)
		return
	}
	folder := r.folder
	for i, statement := range statements(text) {
		if name, _ := Program(statement); i > 0 && strings.Contains(text, "|") && hosts[nameOf(name)] != nil {
			r.doubt(text) // which may run what it is given
		}
		r.statement(statement, depth)
	}
	r.folder = folder
}

// statements splits a script at the ends of its statements outside quotes.
func statements(text string) []string {
	var list []string
	start, quote := 0, byte(0)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"', c == '\'':
			quote = c
		case c == ';', c == '\n', c == '|':
			list = append(list, text[start:i])
			start = i + 1
		}
	}
	return append(list, text[start:])
}

// parted separates the strings of a list, and gives them the quotes of other programs.
var parted = strings.NewReplacer("','", `" "`, "', '", `" "`, `","`, `" "`, `", "`, `" "`, "'", `"`)

func (r *reader) statement(text string, depth int) {
	text = strings.TrimSpace(text)
	r.step++
	r.fetched(text)
	lower := strings.ToLower(text)
	for _, sign := range computed {
		if strings.Contains(lower, sign) {
			r.doubt(text)
			break
		}
	}
	called, isCall := strings.CutPrefix(text, "&")
	if !isCall {
		called, isCall = strings.CutPrefix(text, ". ")
	}
	called = strings.TrimSpace(called)
	if n := len(called); isCall && n > 1 && (called[0] == '{' && called[n-1] == '}' || called[0] == '(' && called[n-1] == ')') {
		called = strings.TrimSpace(called[1 : n-1])
	}
	if called != "" && (called[0] == '\'' || called[0] == '"') && isCall {
		quote := called[:1]
		path, rest, _ := strings.Cut(called[1:], quote)
		if strings.HasPrefix(strings.TrimSpace(rest), "+") {
			r.doubt(text) // the name is computed
			return
		}
		r.command(`"`+path+`"`+rest, depth+1)
		return
	}
	list := words(parted.Replace(text))
	if len(list) == 0 {
		return
	}
	if f, ok := cmdletForms[strings.ToLower(list[0])]; ok {
		r.fetch(f, list[1:], true)
		return
	}
	verb, ok := cmdlets[strings.ToLower(list[0])]
	if !ok {
		if path, _ := Program(called); strings.ContainsAny(path, `\`) || isExecutable(path) || hosts[nameOf(path)] != nil {
			r.command(called, depth+1)
			return
		}
		verb = Passes
	}
	switch strings.ToLower(list[0]) {
	case "cd", "chdir", "sl", "set-location", "pushd", "push-location":
		for _, word := range list[1:] {
			if !strings.HasPrefix(word, "-") {
				r.folder = strings.ReplaceAll(word, "/", `\`)
			}
		}
	}
	line := startedBy(list)
	if path, _ := Program(line); hosts[nameOf(path)] != nil {
		r.command(line, depth+1)
		return
	}
	r.cmdlet(verb, list[1:])
}

// startedBy returns the command line of a program that Start-Process starts with
// arguments, or "".
func startedBy(list []string) string {
	if cmdlets[strings.ToLower(list[0])] != Opens {
		return ""
	}
	const file, arguments, other = 0, 1, 2
	var parts [3]string
	into := file
	for _, word := range list[1:] {
		name := strings.ToLower(word)
		switch {
		case strings.HasPrefix(name, "-arg"):
			into = arguments
		case strings.HasPrefix(name, "-filep"):
			into = file
		case strings.HasPrefix(word, "-") && into != arguments:
			into = other
		case strings.HasPrefix(name, "-windowstyle"), strings.HasPrefix(name, "-verb"), strings.HasPrefix(name, "-wait"), strings.HasPrefix(name, "-work"):
			into = other
		default:
			parts[into] = strings.TrimSpace(parts[into] + " " + strings.Trim(word, ","))
			if into == file {
				into = arguments
			}
		}
	}
	if parts[arguments] == "" {
		return ""
	}
	return `"` + parts[file] + `" ` + parts[arguments]
}

// cmdlet reads the arguments of a command of PowerShell. What follows -ArgumentList is
// passed on, and what follows -Destination or -OutFile is written.
func (r *reader) cmdlet(verb Verb, args []string) {
	now := verb
	for _, word := range args {
		if strings.HasPrefix(word, "-") {
			switch name := strings.ToLower(word); {
			case strings.HasPrefix(name, "-arg"):
				now, verb = Passes, Passes
			case strings.HasPrefix(name, "-dest"), strings.HasPrefix(name, "-outf"):
				now = Writes
			case strings.HasPrefix(name, "-work"):
				now = Mentions
			default:
				now = verb
			}
			continue
		}
		r.use(now, strings.Trim(word, ",;"))
		if now = verb; verb == Opens {
			now, verb = Passes, Passes // Start-Process has one file, then arguments
		}
	}
}
