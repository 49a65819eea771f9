package main

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/registry"
)

// otherSets returns the autostarts of the control sets Default (for the next start)
// and LastKnownGood that the current set, whose rows are given, lacks or has otherwise.
func (h *hive) otherSets(p *cli.Program, current []row) []row {
	if h.reader.Type() != registry.System {
		return nil
	}
	sets, err := h.reader.ControlSets()
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
		known := newBaseline(current)
		for _, o := range h.autostarts(registry.InControlSet(other.set)) {
			if known.take(&o, true) == nil {
				rows = append(rows, o)
			}
		}
	}
	return rows
}
