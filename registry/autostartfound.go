package registry

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// found is what a value or a key names.
type found struct {
	command, path  string
	use            Use
	class, shadows string
	movedTo        string
}

// program returns what a command line names.
func program(line string) found { return found{command: line, path: ExecutablePath(line)} }

// library returns what a text names that is only a path.
func library(text string) found {
	return found{command: text, path: winpath.Unquote(strings.TrimSpace(text))}
}
