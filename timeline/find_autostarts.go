package timeline

import (
	"cmp"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
)

// findAutostarts reads the autostarts of the hives, once all hives are known: COM classes
// are looked up in the hives of the same account, then in that of the machine.
func (t *Timeline) findAutostarts() {
	for h, a := range t.autostartsIn() {
		h.Autostarts = append(h.Autostarts, a)
	}
}

// autostartsIn iterates over the autostarts of all hives.
func (t *Timeline) autostartsIn(opts ...registry.AutostartOption) iter.Seq2[*Hive, registry.Autostart] {
	return func(yield func(*Hive, registry.Autostart) bool) {
		machine := registry.WithMachine(t.machineHives()...)
		for _, h := range t.hives {
			if !t.isLoaded(h) {
				continue
			}
			opts := append([]registry.AutostartOption{registry.ForUser(h.User), registry.WithClassesOf(t.classHives(h)...), machine}, opts...)
			for a, err := range registry.Autostarts(h.Reader, opts...) {
				if err == nil && !yield(h, a) { // the walk over all keys has reported the same damage
					return
				}
			}
		}
	}
}

// UsualAutostarts iterates over what the hives have at the locations that hold thousands of
// entries which come with Windows, such as the COM classes of the machine. Hive.Autostarts
// does not have them. The hives are read for it.
func (t *Timeline) UsualAutostarts() iter.Seq2[*Hive, registry.Autostart] {
	return func(yield func(*Hive, registry.Autostart) bool) {
		var of *Hive
		var known map[int64]bool // cells of the autostarts of the hive
		for h, a := range t.autostartsIn(registry.WithAllLocations()) {
			if h != of {
				of, known = h, make(map[int64]bool, len(h.Autostarts))
				for i := range h.Autostarts {
					known[h.Autostarts[i].Offset] = true
				}
			}
			if !known[a.Offset] && !yield(h, a) {
				return
			}
		}
	}
}

// maxSets limits how many control sets of a hive are read.
const maxSets = 16

// AutostartsOfOtherSets iterates over what the control sets of SYSTEM hives have that were
// not in use when the hive was last written, such as the last known good configuration.
func (t *Timeline) AutostartsOfOtherSets() iter.Seq2[*Hive, registry.Autostart] {
	return func(yield func(*Hive, registry.Autostart) bool) {
		for _, h := range t.hives {
			if h.Reader.Type() != registry.System {
				continue
			}
			for _, set := range otherSets(h.Reader) {
				for a, err := range registry.Autostarts(h.Reader, registry.InControlSet(set)) {
					if err == nil && winpath.SameName(a.Location[:min(len(a.Location), len(set))], set) && !yield(h, a) {
						return
					}
				}
			}
		}
	}
}

// otherSets returns the names of the control sets that are not in use.
func otherSets(r *registry.Reader) (list []string) {
	root, err := r.OpenKey("")
	if err != nil {
		return nil
	}
	inUse, _ := r.CurrentControlSet() // ControlSet001 if Select does not say
	inUse = cmp.Or(inUse, "ControlSet001")
	for k, err := range root.Subkeys() {
		if err != nil || len(list) == maxSets {
			continue // the walk over all keys has reported it
		}
		number, ok := winpath.CutPrefix(k.Name, "ControlSet")
		if ok && len(number) == 3 && strings.Trim(number, "0123456789") == "" && !winpath.SameName(k.Name, inUse) {
			list = append(list, k.Name)
		}
	}
	return list
}

// machineHives returns the hives that may turn autostarts of the others off: none if they
// are of several machines, as those of a folder may be.
func (t *Timeline) machineHives() (list []registry.HiveOf) {
	number := map[registry.HiveType]int{}
	for _, h := range t.hives {
		if !t.isLoaded(h) {
			continue
		}
		k := h.Reader.Type()
		if number[k]++; k == registry.Software || k == registry.System || k == registry.User {
			list = append(list, registry.HiveOf{Reader: h.Reader, User: h.User})
		}
	}
	if number[registry.Software] > 1 || number[registry.System] > 1 {
		return nil
	}
	return list
}

// isLoaded reports whether Windows starts something because of a hive. It does not load
// an NTUSER.DAT beside an NTUSER.MAN, and only the programs of a package see its hives.
func (t *Timeline) isLoaded(h *Hive) bool {
	dir, name := path.Split(h.Artifact)
	if winpath.SameName(path.Base(dir), packageFolder) {
		return false
	}
	return !winpath.SameName(name, profileHive) || !slices.ContainsFunc(t.hives, func(other *Hive) bool {
		return winpath.SameName(other.Artifact, dir+mandatoryHive)
	})
}

// classHives returns the hives that may have the COM classes which a hive names.
func (t *Timeline) classHives(h *Hive) []*registry.Reader {
	var ofUser, ofMachine []*registry.Reader
	for _, other := range t.hives {
		switch {
		case other == h || !t.isLoaded(other):
		case other.Reader.Type() == registry.Software:
			ofMachine = append(ofMachine, other.Reader)
		case other.User != "" && other.User == h.User:
			ofUser = append(ofUser, other.Reader)
		}
	}
	if len(ofMachine) > 1 { // a folder with hives of several machines
		ofMachine = nil
	}
	return append(ofUser, ofMachine...)
}
