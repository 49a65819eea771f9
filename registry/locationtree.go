package registry

import (
	"bytes"
	"strings"
	"sync"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// locationNode is a node of a tree of the patterns of locations, by folded names of keys.
type locationNode struct {
	next map[string]*locationNode
	any  *locationNode // for *
	rows []*location
}

// locationTrees has a tree for each base below which locations are.
type locationTrees struct {
	software, classes, profile, system, setup locationNode
}

// theTrees are made at their first use.
var theTrees = sync.OnceValue(func() *locationTrees {
	t := &locationTrees{}
	for i := range locations {
		l := &locations[i]
		for _, tree := range []struct {
			in   hives
			root *locationNode
		}{{machine | user, &t.software}, {classes, &t.classes}, {profile, &t.profile}, {system, &t.system}, {setup, &t.setup}} {
			if l.in&tree.in != 0 {
				tree.root.add(strings.Split(l.path, `\`), l)
			}
		}
	}
	return t
})

// add adds a location below a node.
func (n *locationNode) add(pattern []string, l *location) {
	switch {
	case len(pattern) == 0:
		n.rows = append(n.rows, l)
		return
	case pattern[0] == anyKey:
		if n.any == nil {
			n.any = &locationNode{}
		}
		n.any.add(pattern[1:], l)
		return
	}
	if n.next == nil {
		n.next = map[string]*locationNode{}
	}
	for name := range strings.SplitSeq(pattern[0], "|") {
		name = winpath.FoldName(strings.Trim(name, `"`))
		if n.next[name] == nil {
			n.next[name] = &locationNode{}
		}
		n.next[name].add(pattern[1:], l)
	}
}

// find returns the location at a folded path below a node that is in one of the hives
// and counts a value of that name, or nil.
func (n *locationNode) find(path []byte, in hives, value string) *location {
	if path == nil {
		for _, l := range n.rows {
			if l.in&in != 0 && l.has(value) {
				return l
			}
		}
		return nil
	}
	name, rest := cutName(path)
	if next := n.next[string(name)]; next != nil {
		if l := next.find(rest, in, value); l != nil {
			return l
		}
	}
	if n.any != nil {
		return n.any.find(rest, in, value)
	}
	return nil
}

// cutName returns the first name of a path, and the rest, which is nil after the last name.
func cutName(path []byte) (name, rest []byte) {
	if i := bytes.IndexByte(path, '\\'); i >= 0 {
		return path[:i], path[i+1:]
	}
	return path, nil
}

// cutNames returns what follows a name at the beginning of a path, and whether it begins
// with it.
func cutNames(path []byte, name string) ([]byte, bool) {
	first, rest := cutName(path)
	if string(first) == name {
		return rest, true
	}
	return path, false
}

// AutostartCategory returns the category that [Autostarts] gives to a registry value, or
// "" for a value that does not make Windows run or load anything. It also knows the
// locations that Autostarts reads only WithAllLocations. The key is written from the
// root, as in logs: HKLM\SOFTWARE\…, HKU\SID\…, HKU\SID_Classes\…, HKCR\…,
// \REGISTRY\MACHINE\…. Case is ignored. The default value is "" or, as Sysmon has it,
// (Default).
func AutostartCategory(key, value string) string {
	if l := findLocation(key, value); l != nil {
		return l.category
	}
	return ""
}

// AutostartUse returns what Windows does with the file that a registry value names, or ""
// for a value that AutostartCategory has no category for.
func AutostartUse(key, value string) Use {
	if l := findLocation(key, value); l != nil {
		return readings[l.read].use
	}
	return ""
}

// findLocation returns the location of a value, or nil.
func findLocation(key, value string) *location {
	var room [256]byte
	path := foldInto(room[:0], key)
	if value == "(Default)" || value == "{Default}" {
		value = ""
	}
	if rest, ok := cutNames(path, ""); ok {
		path = rest
		if path, ok = cutNames(path, "REGISTRY"); !ok {
			return nil
		}
	}
	root, path := cutName(path)
	trees := theTrees()
	switch string(root) {
	case "HKLM", "HKEY_LOCAL_MACHINE", "MACHINE":
		if below, ok := cutNames(path, "SYSTEM"); ok {
			set, rest := cutName(below)
			if string(set) == "CURRENTCONTROLSET" || bytes.HasPrefix(set, []byte("CONTROLSET")) {
				return trees.system.find(rest, system, value)
			}
			return trees.setup.find(below, setup, value)
		}
		if below, ok := cutNames(path, "SOFTWARE"); ok {
			return trees.inSoftware(below, machine|machineClasses, value)
		}
	case "HKU", "HKEY_USERS", "USER":
		sid, rest := cutName(path)
		if bytes.HasSuffix(sid, []byte("_CLASSES")) {
			return trees.inClasses(rest, userClasses, value)
		}
		return trees.ofUser(rest, value)
	case "HKCU", "HKEY_CURRENT_USER":
		return trees.ofUser(path, value)
	case "HKCR", "HKEY_CLASSES_ROOT":
		return trees.inClasses(path, classes, value)
	}
	return nil
}

func (t *locationTrees) ofUser(path []byte, value string) *location {
	if below, ok := cutNames(path, "SOFTWARE"); ok {
		return t.inSoftware(below, user|userClasses, value)
	}
	return t.profile.find(path, profile, value)
}

// inSoftware finds a location below the key Software, in either view.
func (t *locationTrees) inSoftware(path []byte, in hives, value string) *location {
	path, _ = cutNames(path, "WOW6432NODE")
	if below, ok := cutNames(path, "CLASSES"); ok {
		return t.inClasses(below, in, value)
	}
	if in&machine != 0 && inTaskCache(path, value) {
		return &taskLocation
	}
	return t.software.find(path, in, value)
}

// taskLocation is that of the tasks in the TaskCache, which [CachedTasks] reads: a value
// alone does not make one.
var taskLocation = location{category: "task", in: machine, read: programs}

// taskValues are the values of a key below the TaskCache that make a task start, or hide it.
var taskValues = [...]string{"Actions", "Triggers", "Id", "Index", "SD"}

// inTaskCache reports whether a value is one of a task.
func inTaskCache(path []byte, value string) bool {
	for _, name := range [...]string{"MICROSOFT", "WINDOWS NT", "CURRENTVERSION", "SCHEDULE", "TASKCACHE"} {
		var ok bool
		if path, ok = cutNames(path, name); !ok || path == nil {
			return false
		}
	}
	kind, task := cutName(path)
	if len(task) == 0 || string(kind) != "TREE" && string(kind) != "TASKS" {
		return false
	}
	for _, name := range taskValues {
		if winpath.SameName(name, value) {
			return true
		}
	}
	return false
}

// inClasses finds a location below the key Classes, in either view.
func (t *locationTrees) inClasses(path []byte, in hives, value string) *location {
	path, _ = cutNames(path, "WOW6432NODE")
	return t.classes.find(path, in, value)
}

// foldInto appends the folded form of s, which for ASCII takes no memory of its own.
func foldInto(dst []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 0x80:
			return append(dst[:0], winpath.FoldName(s)...)
		case 'a' <= c && c <= 'z':
			c -= 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}
