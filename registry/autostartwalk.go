package registry

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

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
