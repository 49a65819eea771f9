package registry

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

const (
	maxLinks = 8 // symbolic links that are followed one after another

	// autorunsDisabled is the key into which Sysinternals Autoruns moves what it disables.
	autorunsDisabled = "AutorunsDisabled"
)

// place is a key, and the path of the symbolic link that led to it. The key is nil if it
// does not exist.
type place struct {
	key  *Key
	link string
}

// at returns the key at a path below the root, and follows symbolic links within the
// hive. It keeps what it found, because locations share most of their paths.
func (a *autostarts) at(path string) place {
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
		p = a.below1(above, winpath.Base(path))
	}
	a.places[name] = p
	return p
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

// location yields the autostarts at one location below a base.
func (a *autostarts) location(l *location, base string) {
	path := join(base, l.path)
	i := strings.IndexAny(path, "*|")
	if i < 0 {
		a.end(l, a.at(path))
		return
	}
	fixed := winpath.Dir(path[:i])
	rest := strings.TrimPrefix(path[len(fixed):], `\`)
	a.walk(l, a.at(fixed), rest)
}

// walk goes down along what is left of a pattern.
func (a *autostarts) walk(l *location, p place, pattern string) {
	switch {
	case p.key == nil || a.stopped:
		return
	case pattern == "":
		a.end(l, p)
		return
	}
	names, rest, _ := strings.Cut(pattern, `\`)
	if names != anyKey {
		for name := range strings.SplitSeq(names, "|") {
			a.walk(l, a.below1(p, strings.Trim(name, `"`)), rest)
		}
		return
	}
	for sub, err := range p.key.Subkeys() {
		switch {
		case a.stopped:
			return
		case err != nil:
			a.damaged(err)
		case winpath.SameName(sub.Name, autorunsDisabled) && !a.disabledByMove:
			a.disabledByMove = true
			a.walk(l, place{sub, p.link}, pattern)
			a.disabledByMove = false
		default:
			a.walk(l, a.follow(place{sub, p.link}), rest)
		}
	}
}

// end yields what a key at the end of a pattern has.
func (a *autostarts) end(l *location, p place) {
	if p.key == nil || a.stopped || a.seen[p.key.Offset] {
		return
	}
	if a.seen == nil {
		a.seen = map[int64]bool{}
	}
	a.seen[p.key.Offset] = true
	a.link = p.link
	if l.read.ofKey() {
		a.key(l, p.key)
	} else {
		a.values(l, p.key)
	}
	if a.stopped || a.disabledByMove || l.read.ofKey() || strings.HasSuffix(l.path, anyKey) {
		return
	}
	if moved := a.sub(p.key, autorunsDisabled); moved != nil {
		a.disabledByMove = true
		a.values(l, moved)
		a.disabledByMove = false
	}
}
