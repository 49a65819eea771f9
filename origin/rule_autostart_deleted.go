package origin

import (
	"slices"

	"github.com/birthmark-dfir/birthmark/registry"
)

var autostartDeleted = &rule{
	name: "autostart.deleted", question: Autostart, best: Recorded,
	finds:   "services, tasks and values whose commands start the file, in what is left of deleted keys and values of the hives, if nothing else starts it",
	also:    []*source{systemHive, softHive, userHive},
	traps:   []trap{{"unplaced", "what is left does not show in full where in the hive it was"}},
	against: "a command that was never in use, if the key was deleted as soon as it was made",
	apart:   "a record of its creation or of a start: 7045, Sysmon 1 or 13",
	find:    (*inquiry).findDeletedAutostarts,
}

// findDeletedAutostarts answers with deleted autostarts. Those of low confidence may
// never have been keys or values, and those that name the subject without starting it
// say nothing.
func (q *inquiry) findDeletedAutostarts() []candidate {
	if q.tl == nil || slices.ContainsFunc(q.autostarts().list, func(s *autostart) bool { return s.role.executes() }) {
		return nil
	}
	search := &autostartSearch{inquiry: q, environments: map[string]*environment{}}
	var list []*autostart
	placed := false
	for _, d := range q.tl.deletedAutostarts() {
		found := search.inHive(&hiveAutostart{d.artifact, d.Autostart}, deleted)
		if found == nil || !found.role.executes() {
			continue
		}
		cited := &found.records[0]
		cited.Text += values("found in", string(d.Place), "confidence", string(d.Confidence))
		if d.Log != "" {
			cited.Artifact = d.Log
		}
		placed = placed || d.Confidence == registry.High
		list = append(list, found)
	}
	if len(list) == 0 {
		return nil
	}
	a := tellAutostarts(list)
	if !placed {
		a.caught("unplaced", "something else, if the key was in a place from which Windows starts nothing")
	}
	return []candidate{a}
}
