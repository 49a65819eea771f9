package origin

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// namesFile reports whether a command line names a file by its path, or by its name
// as a separate word.
func namesFile(commandLine, path string) bool {
	line, name := winpath.Fold(commandLine), winpath.Fold(winpath.Base(path))
	path = winpath.Fold(path)
	for at := 0; name != ""; {
		i := strings.Index(line[at:], name)
		if i < 0 {
			return false
		}
		i += at
		end := i + len(name)
		if (i == 0 || strings.ContainsRune(` "'\=,:;(>&|`+"\t", rune(line[i-1]))) &&
			(end == len(line) || strings.ContainsRune(` "',:;)<>&|`+"\t", rune(line[end]))) {
			// A path before the name must be the subject's.
			if i == 0 || line[i-1] != '\\' || strings.HasSuffix(line[:end], path) || isRelative(line[max(0, i-maxFolder):i]) {
				return true
			}
		}
		at = i + 1
	}
	return false
}

// maxFolder is how many bytes before a name are examined.
const maxFolder = 512

// isRelative reports whether the path at the end of a folded command line has neither
// a drive nor a variable, so that its folder cannot be compared. A URL is not
// relative: the file that it names is elsewhere.
func isRelative(line string) bool {
	start := strings.LastIndexAny(line, " \"'=\t") + 1
	word := line[start:]
	return !strings.Contains(word, ":") && !strings.HasPrefix(word, `\`) && !strings.Contains(word, "%")
}

func containsFold(s, part string) bool {
	return strings.Contains(winpath.Fold(s), winpath.Fold(part))
}

// namesPath reports whether a command line holds a full path as a word.
func namesPath(commandLine, path string) bool {
	return namesFile(commandLine, path) && containsFold(commandLine, path)
}

// maxLine is the length in UTF-16 units of the longest command line that Windows
// starts a process with. What is longer is not read.
const maxLine = 32767

// wholeLine returns as much of a command line as is read.
func wholeLine(line string) string { return line[:min(len(line), 3*maxLine)] }
