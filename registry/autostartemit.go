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

// emit yields an autostart of a key, and of a value of it unless that is nil.
func (a *autostarts) emit(l *location, k *Key, v *Value, f found) {
	if a.stopped {
		return
	}
	s := Autostart{
		Category:  l.category,
		Location:  k.Path(),
		Name:      k.Name,
		Command:   f.command,
		Path:      f.path,
		Use:       f.use,
		Class:     f.class,
		Shadows:   f.shadows,
		MovedTo:   f.movedTo,
		User:      a.user,
		Link:      a.link,
		LastWrite: k.LastWrite,
		Newest:    k.LastWrite,
		Hive:      a.r.Name(),
		Offset:    k.Offset,
	}
	a.switches(l, k, v, &f, &s)
	if v != nil {
		s.Name, s.Offset = v.Name, v.Offset
		if a.all {
			a.emitted[v.Offset] = true
		}
	}
	if !a.stopped {
		a.stopped = !a.yield(s, nil)
	}
}
