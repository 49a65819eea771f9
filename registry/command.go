package registry

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// executableExtensions are the extensions that end a program's path in a command
// line without quotes.
var executableExtensions = [...]string{
	".exe", ".com", ".bat", ".cmd", ".scr", ".pif", ".sys", ".dll", ".ocx", ".cpl", ".msc", ".msi",
	".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".wsh", ".hta", ".lnk",
}

// ExecutablePath returns the path of the first program of a command line, by the
// rules of CreateProcess, the service control manager and the kernel:
//
//   - A path in quotes ends at the closing quote.
//   - A path without quotes may hold spaces. It ends at the first space after an
//     executable's extension, else before the first switch (-x, /x) if it holds a
//     backslash, else at the first space. Windows tries each of these ends in
//     turn and takes the first file that exists, which a command line alone does
//     not show.
//   - The prefixes \??\ and \\?\ before a drive letter are removed.
//   - \SystemRoot\ becomes %SystemRoot%\. Paths that begin with System32\ or
//     SysWOW64\, which are relative to that folder for drivers, get %SystemRoot%\
//     as a prefix.
//
// Other %variables% stay as they are, and no extension is added.
func ExecutablePath(command string) string {
	path, _ := splitCommand(command)
	return path
}

// HostedPath returns the file that the program of a command line only hosts: the
// DLL of rundll32 and regsvr32, the script of wscript, cscript and mshta, the
// program after cmd /c. It returns "" for other commands.
func HostedPath(command string) string {
	path, args := splitCommand(command)
	name := strings.ToLower(winpath.Base(path))
	switch strings.TrimSuffix(name, ".exe") {
	case "rundll32":
		// rundll32 ends the path at a comma, or at a space outside quotes.
		args = strings.TrimLeft(args, " \t")
		if quoted, ok := strings.CutPrefix(args, `"`); ok {
			dll, _, _ := strings.Cut(quoted, `"`)
			return systemPath(dll)
		}
		dll, _, found := strings.Cut(args, ",")
		if !found {
			dll, _ = splitCommand(args)
		}
		return systemPath(dll)
	case "regsvr32", "wscript", "cscript", "mshta":
		return ExecutablePath(skipSwitches(args))
	case "cmd":
		for len(args) > 2 {
			args = strings.TrimLeft(args, " \t")
			if rest, ok := winpath.CutPrefix(args, "/c"); ok {
				return ExecutablePath(rest)
			}
			if rest, ok := winpath.CutPrefix(args, "/k"); ok {
				return ExecutablePath(rest)
			}
			if args == "" || args[0] != '/' {
				return ""
			}
			_, args, _ = strings.Cut(args, " ")
		}
	}
	return ""
}

// skipSwitches returns a command line without its leading switches.
func skipSwitches(args string) string {
	for {
		args = strings.TrimLeft(args, " \t")
		if args == "" || args[0] != '/' && args[0] != '-' {
			return args
		}
		_, args, _ = strings.Cut(args, " ")
	}
}

// splitCommand returns the program of a command line, and what follows it.
func splitCommand(command string) (path, args string) {
	command = strings.TrimLeft(command, " \t")
	if quoted, ok := strings.CutPrefix(command, `"`); ok {
		path, args, _ = strings.Cut(quoted, `"`)
		return systemPath(path), args
	}
	end := pathEnd(command)
	return systemPath(command[:end]), command[end:]
}

// pathEnd returns the offset of the end of a path without quotes.
func pathEnd(command string) int {
	first := len(command)
	if i := strings.IndexAny(command, " \t"); i >= 0 {
		first = i
	}
	if !strings.ContainsAny(command[:first], `\/%`) {
		return first // a name that is searched for, as in: powershell -File x.ps1
	}
	for i := first; i < len(command); i++ {
		if command[i] != ' ' && command[i] != '\t' {
			continue
		}
		if isExecutable(command[:i]) {
			return i
		}
		if i+2 < len(command) && (command[i+1] == '-' || command[i+1] == '/') && command[i+2] != ' ' {
			return i
		}
	}
	if isExecutable(command) {
		return len(command)
	}
	return first
}

func isExecutable(path string) bool {
	i := strings.LastIndexByte(path, '.')
	if i < 0 || len(path)-i > 4 {
		return false
	}
	for _, extension := range executableExtensions {
		if winpath.SameName(path[i:], extension) {
			return true
		}
	}
	return false
}

// systemPath converts the kernel's forms of a path to those of other programs.
func systemPath(path string) string {
	path = strings.ReplaceAll(strings.TrimSpace(path), "/", `\`)
	for _, prefix := range [...]string{`\??\`, `\\?\`} {
		if rest, ok := strings.CutPrefix(path, prefix); ok && len(rest) > 1 && rest[1] == ':' {
			return rest
		}
	}
	if rest, ok := winpath.CutPrefix(path, `\SystemRoot\`); ok {
		return `%SystemRoot%\` + rest
	}
	for _, folder := range [...]string{`System32\`, `SysWOW64\`} {
		if _, ok := winpath.CutPrefix(path, folder); ok {
			return `%SystemRoot%\` + path
		}
	}
	return path
}

// splitCommas splits a list of commands at the commas outside quotes, and drops
// empty ones.
func splitCommas(list string) []string {
	var parts []string
	start, quoted := 0, false
	for i := 0; i <= len(list); i++ {
		if i < len(list) && (list[i] != ',' || quoted) {
			quoted = quoted != (list[i] == '"')
			continue
		}
		if part := strings.TrimSpace(list[start:i]); part != "" {
			parts = append(parts, part)
		}
		start = i + 1
	}
	return parts
}
