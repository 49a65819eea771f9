package command

import (
	"net/url"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// executable are the extensions that end a program's path in a command line without
// quotes.
var executable = [...]string{
	".exe", ".com", ".bat", ".cmd", ".scr", ".pif", ".sys", ".dll", ".ocx", ".cpl", ".msc", ".msi",
	".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".wsh", ".hta", ".lnk",
}

// Program returns the program of a command line, and what follows it. A path without
// quotes may hold blanks: it ends at the first blank after an executable's extension,
// else before the first switch if it holds a backslash, else at the first blank.
func Program(line string) (path, args string) {
	line = strings.TrimLeft(line, " \t")
	if quoted, ok := strings.CutPrefix(line, `"`); ok {
		path, args, _ = strings.Cut(quoted, `"`)
		return System(path), args
	}
	end := pathEnd(line)
	return System(line[:end]), line[end:]
}

// maxTried is how many paths of a line without quotes are returned.
const maxTried = 16

// Programs returns the paths that CreateProcess tries for a command line, in its order,
// up to the one that Program returns; and what follows that.
func Programs(line string) (paths []string, args string) {
	line = strings.TrimLeft(line, " \t")
	path, args := Program(line)
	if path == "" {
		return nil, args
	}
	if !strings.HasPrefix(line, `"`) && strings.ContainsAny(path, `\/`) {
		written := line[:len(line)-len(args)]
		for i := range len(written) {
			if len(paths) < maxTried && (written[i] == ' ' || written[i] == '\t') && strings.TrimSpace(written[i:]) != "" {
				paths = append(paths, System(written[:i]))
			}
		}
	}
	return append(paths, path), args
}

// pathEnd returns the offset of the end of a path without quotes.
func pathEnd(line string) int {
	first := len(line)
	if i := strings.IndexAny(line, " \t"); i >= 0 {
		first = i
	}
	if !strings.ContainsAny(line[:first], `\/%`) {
		return first // a name that is searched for, as in: powershell -File x.ps1
	}
	for i := first; i < len(line); i++ {
		if line[i] != ' ' && line[i] != '\t' {
			continue
		}
		if isExecutable(line[:i]) {
			return i
		}
		if i+2 < len(line) && (line[i+1] == '-' || line[i+1] == '/') && line[i+2] != ' ' {
			return i
		}
	}
	if isExecutable(line) {
		return len(line)
	}
	return first
}

func isExecutable(path string) bool {
	i := strings.LastIndexByte(path, '.')
	if i < 0 || len(path)-i > 4 {
		return false
	}
	for _, extension := range executable {
		if winpath.SameName(path[i:], extension) {
			return true
		}
	}
	return false
}

// System converts the kernel's forms of a path, and the URL of a file, to those of other
// programs. Another URL stays as it is.
func System(path string) string {
	path = strings.TrimSpace(path)
	if rest, ok := winpath.CutPrefix(path, "file:"); ok {
		path = fileOf(rest)
	}
	if isURL(path) {
		return path
	}
	path = strings.ReplaceAll(path, "/", `\`)
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

// fileOf returns the path in the URL of a file: what follows its scheme.
func fileOf(rest string) string {
	if unescaped, err := url.PathUnescape(rest); err == nil {
		rest = unescaped
	}
	path := strings.TrimLeft(rest, `/\`)
	if local, ok := winpath.CutPrefix(path, "localhost"); ok && local != "" && (local[0] == '/' || local[0] == '\\') {
		path = local[1:]
	}
	if len(path) > 1 && (path[1] == ':' || path[1] == '|') {
		return path[:1] + ":" + path[2:]
	}
	return `\\` + path // of a server
}

// inFolder returns a path in a folder, if it is relative.
func inFolder(folder, p string) string {
	if isURL(p) {
		return p
	}
	p = strings.TrimPrefix(strings.ReplaceAll(p, "/", `\`), `.\`)
	if folder == "" || p == "" || strings.ContainsAny(p[:1], `\%`) || strings.Contains(p, ":") {
		return p
	}
	if p == "." {
		return strings.TrimRight(folder, `\/`)
	}
	return strings.TrimRight(folder, `\/`) + `\` + p
}

// isURL reports whether a path has the scheme of a URL: more than a drive letter.
func isURL(path string) bool {
	scheme, _, ok := strings.Cut(path, ":")
	if !ok || len(scheme) < 2 {
		return false
	}
	return !strings.ContainsFunc(scheme, func(r rune) bool {
		return (r|0x20 < 'a' || r|0x20 > 'z') && (r < '0' || r > '9') && r != '+' && r != '-' && r != '.'
	})
}
