package main

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/registry"
)

// otherSets returns the autostarts of the control sets Default (for the next start)
// and LastKnownGood that the current set, whose rows are given, lacks or has with
// another command, path or state.
func (h hive) otherSets(p *cli.Program, r *registry.Reader, current []row) []row {
	if r.Type() != registry.System {
		return nil
	}
	sets, err := r.ControlSets()
	if err != nil {
		p.Problem(err)
	}
	var rows []row
	seen := map[string]bool{sets.Current: true, "": true}
	for _, other := range []struct{ role, set string }{{"Default", sets.Default}, {"LastKnownGood", sets.LastKnownGood}} {
		if seen[other.set] {
			continue
		}
		seen[other.set] = true
		p.Problem(fmt.Sprintf("%s: Select: %s is %s, not %s: its differing autostarts are listed too", h.name, other.role, other.set, sets.Current))
		known := &baseline{of: map[identity][]int{}}
		for _, c := range current {
			known.add(c)
		}
		for _, o := range h.autostarts(r, registry.InControlSet(other.set)) {
			if !known.take(o.identity(), o.same) {
				rows = append(rows, o)
			}
		}
	}
	return rows
}
