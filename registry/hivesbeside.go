package registry

import (
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// beside returns the hives of the machine.
func (a *autostarts) beside() *hivesBeside {
	if a.besides != nil {
		return a.besides
	}
	b := &hivesBeside{}
	for _, h := range a.machine {
		if h.Reader == nil || h.Reader == a.r {
			continue
		}
		other := newAutostarts(h.Reader, func(Autostart, error) bool { return true }, nil)
		if h.User != "" {
			other.user = h.User
		}
		switch {
		case other.hives&machine != 0:
			b.software = other
		case other.hives&system != 0:
			other.base, _ = other.r.controlSetInUse()
			b.system = other
		case other.hives&profile != 0:
			b.accounts = append(b.accounts, other)
		}
	}
	switch {
	case a.hives&machine != 0:
		b.software = a
	case a.hives&system != 0:
		b.system = a
	}
	a.besides = b
	return b
}

// account returns the hive of an account, or nil.
func (b *hivesBeside) account(name string) *autostarts {
	for _, a := range b.accounts {
		if name != "" && winpath.SameName(a.user, name) {
			return a
		}
	}
	return nil
}

// version returns the version of Windows in a SOFTWARE hive, such as 603 for 6.3, or 0 if
// the hive does not record it. Windows 10 and later record 6.3 there. The hive may be nil.
func (a *autostarts) version() int {
	if a == nil {
		return 0
	}
	text, rest, _ := strings.Cut(a.textOf(a.at(strings.TrimSuffix(windowsNT, `\`)).key, "CurrentVersion"), ".")
	major, _ := strconv.Atoi(text)
	minor, _ := strconv.Atoi(rest)
	return 100*major + min(minor, 99)
}

// setting returns the key of the settings of a program below Software, or nil. The hive
// may be nil, and the key is that of the same view.
func (a *autostarts) setting(path string, in32 bool) *Key {
	if a == nil {
		return nil
	}
	if in32 {
		path = `Wow6432Node\` + path
	}
	return a.at(join(a.below, path)).key
}

// has reports whether a key has a value. The key may be nil.
func (a *autostarts) has(k *Key, name string) bool { return a.value(k, name) != nil }
