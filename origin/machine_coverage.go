package origin

import (
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/timeline"
)

// Coverage returns that of all volumes. An artifact is absent if no volume has it.
func (v *volumes) Coverage() []timeline.Coverage {
	list := slices.DeleteFunc(slices.Clone(v.coverageOfAll()), func(c timeline.Coverage) bool {
		return c.Name == timeline.EarlierHiveName && c.Type == timeline.TypeUnread
	})
	for _, e := range v.earlierHives() {
		list = append(list, e.coverage())
	}
	if len(v.past) == 0 {
		return list
	}
	list = slices.DeleteFunc(list, func(c timeline.Coverage) bool { return c.Name == shadowCopies.named && c.Type == timeline.TypeUnread })
	for _, p := range v.past {
		list = append(list, p.coverage())
	}
	return list
}

// addThen adds the coverage of what only shadow copies have to that of the volumes.
func (v *volumes) addThen(list []timeline.Coverage) []timeline.Coverage {
	for i := range v.then {
		t := &v.then[i]
		of := v.Timeline
		if t.of != ofSubject {
			of = v.others[t.of].Timeline
		}
		live := map[string]bool{}
		for _, c := range of.Coverage() {
			live[c.Artifact] = c.State != timeline.Absent
		}
		for _, c := range t.Timeline.Coverage() {
			if c, counts := t.coverageOf(c, live); counts {
				list = append(list, c)
			}
		}
	}
	return list
}

func (v *volumes) coverageOfAll() []timeline.Coverage {
	if len(v.others) == 0 {
		return v.addThen(v.Timeline.Coverage())
	}
	var list []timeline.Coverage
	add := func(all []timeline.Coverage, placed func(string) bool, artifact func(string) string) {
		for _, c := range all {
			if c.Type == timeline.TypeWebLog && !placed(c.Artifact) {
				c = timeline.Coverage{Artifact: webLogFolder, Type: c.Type, State: timeline.Absent}
			}
			c.Artifact = artifact(c.Artifact)
			list = append(list, c)
		}
	}
	add(v.Timeline.Coverage(), v.placed(v.vol, v.drive), func(name string) string { return name })
	for _, other := range v.others {
		add(other.Coverage(), v.placed(other.vol, other.drive), other.artifact)
	}
	list = v.addThen(list)
	var kept []timeline.Coverage
	for i, c := range list {
		same := func(d timeline.Coverage) bool {
			return c.Type == d.Type && (c.Name == "" || strings.EqualFold(c.Name, d.Name))
		}
		if c.State == timeline.Absent && (slices.ContainsFunc(kept, same) || slices.ContainsFunc(list[i+1:], func(d timeline.Coverage) bool { return same(d) && d.State != timeline.Absent })) {
			continue
		}
		kept = append(kept, c)
	}
	return kept
}
