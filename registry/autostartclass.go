package registry

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// maxTreatAs is how many classes are followed that each name another in their place.
const maxTreatAs = 4

// booksOfClasses returns the books of the hive itself and of those that WithClassesOf
// gave.
func (a *autostarts) booksOfClasses() []*classBook {
	if a.books == nil {
		if a.hives&classes != 0 {
			a.books = append(a.books, &classBook{a: a, base: a.ofClasses, own: true, user: a.hives&userClasses != 0})
		}
		for _, r := range a.classHives {
			other := newAutostarts(r, func(Autostart, error) bool { return true }, nil)
			if other.hives&classes != 0 {
				a.books = append(a.books, &classBook{a: other, base: other.ofClasses, user: other.hives&userClasses != 0})
			}
		}
	}
	return a.books
}

// class returns the key of a class in one view, or nil.
func (b *classBook) class(name string, in32 bool) *Key {
	view, path := 0, join(b.base, "CLSID")
	if in32 {
		view, path = 1, join(b.base, `Wow6432Node\CLSID`)
	}
	if b.lists[view] == nil {
		b.lists[view] = map[string]*Key{}
		if k := b.a.at(path).key; k != nil {
			for sub, err := range k.Subkeys() {
				if err == nil {
					b.lists[view][winpath.FoldName(sub.Name)] = sub
				}
			}
		}
	}
	return b.lists[view][name]
}

// isClass reports whether a text is a class identifier in braces.
func isClass(text string) bool {
	return len(text) > 2 && text[0] == '{' && text[len(text)-1] == '}'
}

// server returns what a class, or a ProgID, makes a program load or run. What is not
// found has no path.
func (a *autostarts) server(name string) found {
	name = strings.TrimSpace(name)
	f := found{command: name, class: name, use: Loads}
	if name == "" {
		return found{}
	}
	class := name
	if !isClass(class) {
		if class = a.classOf(name); class == "" {
			return f
		}
	}
	if f.command, f.path, f.use = a.serverOf(class, nil); f.path == "" {
		f.command, f.use = name, Loads
	}
	return f
}

// classOf returns the class of a ProgID, or "".
func (a *autostarts) classOf(progID string) string {
	for _, b := range a.booksOfClasses() {
		if class := b.a.textOf(b.a.at(join(b.base, progID+`\CLSID`)).key, ""); class != "" {
			return class
		}
	}
	return ""
}

// serverOf returns the command or library of a class, if a book that skip does not skip
// has it.
func (a *autostarts) serverOf(class string, skip func(*classBook) bool) (command, path string, use Use) {
	for range maxTreatAs {
		next := ""
		for _, b := range a.booksOfClasses() {
			if skip != nil && skip(b) {
				continue
			}
			for _, in32 := range [2]bool{a.in32, !a.in32} {
				k := b.class(winpath.FoldName(class), in32)
				if k == nil {
					continue
				}
				if next == "" {
					next = b.a.textOf(b.a.sub(k, "TreatAs"), "")
				}
				if command, path, use = b.server(k); path != "" && next == "" {
					return command, path, use
				}
			}
		}
		if next == "" || winpath.SameName(next, class) {
			break
		}
		class = next
	}
	return command, path, use
}

// server returns the command or library that the key of a class has.
func (b *classBook) server(k *Key) (command, path string, use Use) {
	for _, name := range [...]string{"InprocServer32", "InprocServer", "InprocHandler32", "ScriptletURL"} {
		sub := b.a.sub(k, name)
		for _, value := range [...]string{"CodeBase", ""} { // a class of .NET has mscoree.dll as its library
			if text := b.a.textOf(sub, value); text != "" {
				return text, library(text).path, Loads
			}
		}
	}
	for _, name := range [...]string{"LocalServer32", "LocalServer"} {
		if text := b.a.textOf(b.a.sub(k, name), ""); text != "" {
			return text, ExecutablePath(text), Runs
		}
	}
	return "", "", ""
}

// shadowed returns the command or library that the machine has for the class of a user's
// key, if a hive that WithClassesOf gave has it.
func (a *autostarts) shadowed(k *Key) string {
	class := k
	for class != nil && !isClass(class.Name) {
		class = class.parent
	}
	if class == nil || a.hives&userClasses == 0 || len(a.classHives) == 0 {
		return ""
	}
	command, _, _ := a.serverOf(class.Name, func(b *classBook) bool { return b.user })
	return command
}

// usualOpens are the classes of files that Windows gives to the endings of programs.
var usualOpens = map[string]string{".EXE": "EXEFILE", ".COM": "COMFILE", ".BAT": "BATFILE", ".CMD": "CMDFILE", ".PIF": "PIFFILE", ".SCR": "SCRFILE"}

// opens returns the command that opens files of an ending, whose class is given.
func (a *autostarts) opens(ending, class string) found {
	if !a.all && usualOpens[winpath.FoldName(ending)] == winpath.FoldName(class) || class == "" {
		return found{}
	}
	for _, b := range a.booksOfClasses() {
		if line := b.a.textOf(b.a.at(join(b.base, class+`\shell\open\command`)).key, ""); line != "" {
			return found{command: line, path: ExecutablePath(line), class: class}
		}
	}
	return found{command: class, class: class}
}
