package origin

import "slices"

var autostartFormer = &rule{
	name: "autostart.snapshot", question: Autostart, best: Recorded,
	finds:   "services, values, tasks, consumers of WMI events, jobs of BITS and files in startup folders that shadow copies have, whose commands start the file, if nothing else starts it",
	also:    []*source{snapshotState},
	traps:   []trap{{"other_file", "the shadow copy does not show that the file with this path was the same then"}},
	against: "another file that had this path then",
	apart:   "the content of the file in the shadow copy",
	find:    (*inquiry).findFormerAutostarts,
}

// findFormerAutostarts answers with the autostarts of the newest shadow copy that has any.
func (q *inquiry) findFormerAutostarts() []candidate {
	if q.tl == nil || slices.ContainsFunc(q.autostarts().list, func(s *autostart) bool { return s.role.executes() }) {
		return nil
	}
	for i := range q.tl.then {
		t := &q.tl.then[i]
		list := q.autostartsIn(t)
		if len(list) == 0 {
			continue
		}
		a := tellAutostarts(list)
		if !q.sightedIn(t.past) {
			a.caught("other_file", "another file that had this path when the shadow copy was made")
		}
		return []candidate{a}
	}
	return nil
}

// autostartsIn returns what a shadow copy starts that starts the subject.
func (q *inquiry) autostartsIn(t *pastTimeline) []*autostart {
	search := &autostartSearch{inquiry: q, environments: map[string]*environment{}}
	var list []*autostart
	add := func(found *autostart) {
		if found == nil || !found.role.executes() {
			return
		}
		found.state, found.formerly.in = inPast, t.past
		for i := range found.records {
			c := &found.records[i]
			c.Artifact = t.Name + "/" + c.Artifact
			c.Text = values("shadow copy of", t.Created) + " " + c.Text
		}
		list = append(list, found)
	}
	for _, h := range t.Hives() {
		for i := range h.Autostarts {
			if a := &h.Autostarts[i]; a.Category != "task" && a.Enabled {
				add(search.inHive(&hiveAutostart{h.Artifact, *a}, inPast))
			}
		}
	}
	for _, found := range search.tasksOf(t.CachedTasks(), t.Tasks()) {
		if found.state == held {
			add(found)
		}
	}
	for _, file := range t.StartupFiles() {
		if !file.Disabled {
			add(search.inStartupFolder(file))
		}
	}
	for _, c := range t.WMIConsumers() {
		if found := search.asConsumer(c); found != nil && found.state == held {
			add(found)
		}
	}
	for _, j := range t.QueuedJobs() {
		if found := search.asJob(j); found != nil && found.state == held {
			add(found)
		}
	}
	return list
}

// sightedIn reports whether the subject was in a shadow copy.
func (q *inquiry) sightedIn(p *past) bool {
	return slices.ContainsFunc(q.sightings(), func(s sighting) bool { return s.past == p && (s.seen == there || s.seen == elsewhereThen) })
}
