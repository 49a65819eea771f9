package registry

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

const (
	maxLinks   = 8    // symbolic links that are followed one after another
	maxKeyPath = 4096 // bytes of a path that a value names
)

// at returns the key at a path below the root, and follows symbolic links within the
// hive. It keeps what it found, because locations share most of their paths.
func (a *autostarts) at(path string) place {
	if len(path) > maxKeyPath {
		return place{}
	}
	name := winpath.FoldName(path)
	p, known := a.places[name]
	if known {
		return p
	}
	if a.places == nil {
		a.places = map[string]place{}
	}
	switch dir := winpath.Dir(path); {
	case path == "":
		root, err := a.r.Root()
		if err == nil {
			p.key = root
		}
	default:
		above := a.at(dir)
		if sub := a.child(above.key, winpath.Base(path)); sub != nil {
			p = a.follow(place{sub, above.link})
		}
	}
	a.places[name] = p
	return p
}

// child is sub, but takes no longer for the next of many questions about one key.
func (a *autostarts) child(k *Key, name string) *Key {
	if k == nil {
		return nil
	}
	index := a.children[k.Offset]
	if index == nil {
		index = &childIndex{}
		if a.children == nil {
			a.children = map[int64]*childIndex{}
		}
		a.children[k.Offset] = index
	}
	if index.asked++; index.asked <= fewQuestions {
		return a.sub(k, name)
	}
	if index.byName == nil {
		index.byName = map[string]*Key{}
		for sub, err := range k.Subkeys() {
			if err != nil {
				a.damaged(err)
				continue
			}
			if name := winpath.FoldName(sub.Name); index.byName[name] == nil {
				index.byName[name] = sub
			}
		}
	}
	return index.byName[winpath.FoldName(name)]
}

// below1 returns the subkey of that name.
func (a *autostarts) below1(above place, name string) place {
	sub := a.sub(above.key, name)
	if sub == nil {
		return place{}
	}
	return a.follow(place{sub, above.link})
}

// follow returns what a symbolic link leads to, or the key itself. A link out of the
// hive, in a loop, or behind too many others leads nowhere.
func (a *autostarts) follow(p place) place {
	if p.key.Flags()&KeySymbolicLink == 0 {
		return p
	}
	target, err := p.key.LinkTarget()
	a.damaged(err)
	path, ok := a.inHive(target)
	if !ok || a.links >= maxLinks {
		return place{}
	}
	a.links++
	defer func() { a.links-- }()
	to := a.at(path)
	to.link = p.key.Path()
	return to
}

// inHive returns the path in the hive that the target of a symbolic link has.
func (a *autostarts) inHive(target string) (string, bool) {
	switch {
	case a.hives&machine != 0:
		return winpath.CutPrefix(target, `\Registry\Machine\Software\`)
	case a.hives&system != 0:
		rest, ok := winpath.CutPrefix(target, `\Registry\Machine\System\`)
		if current, isCurrent := winpath.CutPrefix(rest, `CurrentControlSet\`); isCurrent {
			rest = join(a.base, current)
		}
		return rest, ok
	}
	rest, ok := winpath.CutPrefix(target, `\Registry\User\`)
	sid, rest, _ := strings.Cut(rest, `\`)
	if isClasses := strings.HasSuffix(winpath.FoldName(sid), "_CLASSES"); isClasses != (a.hives == userClasses) {
		return "", false
	}
	return rest, ok
}
