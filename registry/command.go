package registry

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/command"
)

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
func ExecutablePath(line string) string {
	path, _ := command.Program(line)
	return path
}

// HostedPath returns the file that the program of a command line only hosts: the DLL
// of rundll32 and regsvr32, the script of wscript, PowerShell and mshta, the package
// of msiexec, the program after cmd /c and after start, and so on. It returns "" for
// other commands, also for those that delete the file or only name it.
func HostedPath(line string) string { return command.Hosted(line) }

// splitAt splits a list of commands at separators outside quotes, and drops empty ones.
func splitAt(list, separators string) []string {
	var parts []string
	start, quoted := 0, false
	for i := 0; i <= len(list); i++ {
		if i < len(list) && (strings.IndexByte(separators, list[i]) < 0 || quoted) {
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
