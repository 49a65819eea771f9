package origin

import (
	"cmp"
	"fmt"
	"time"
)

var executedTyped = &rule{
	name: "executed.typed", question: Executed, best: Inferred,
	finds:   "a command that a user typed into Run of the start menu, and that starts it (RunMRU)",
	also:    []*source{runDialog},
	traps:   []trap{{"typed_earlier", "only the last command has the time of the list: this one was typed before"}},
	against: "a command that failed, or another file that had this path at that time",
	apart:   "a record of the start of the process: Sysmon 1, or 4688",
	find:    (*inquiry).findTyped,
}

var executedRegistered = &rule{
	name: "executed.registered", question: Executed, best: Unknown,
	finds:   "a name that App Paths has for it: whoever starts that name starts it",
	also:    []*source{appPaths},
	against: "a name that nobody used",
	apart:   "a record of the start of the process: Sysmon 1, or 4688",
	find:    (*inquiry).findRegistered,
}

var arrivalMounted = &rule{
	name: "arrival.mounted", question: Arrival, best: Unknown,
	finds:   "shares that users connected to in the hour before its creation (MountPoints2)",
	also:    []*source{mountedShares},
	against: "a share that has nothing to do with it",
	apart:   "the command line of the writer, or a link or jump list with a file on the share",
	find:    (*inquiry).findMounted,
}

// findTyped finds the commands that start the file. The key has one time, which is that of
// the last command: it is an upper bound for the others.
func (q *inquiry) findTyped() []candidate {
	var list []candidate
	for i := len(q.typed) - 1; i >= 0; i-- {
		e := &q.typed[i]
		line := e.Field("Command")
		made := q.environmentOf(profileOfHive(q.drive, e.Source.Artifact), false)
		if is, _ := q.roleIn(&made, line); !is.executes() || is == copies || q.before(e.Time) {
			continue
		}
		a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{what: "ran"}}
		a.Answer.Answer = fmt.Sprintf("%s typed %s into Run of the start menu, by %s.", cmp.Or(e.User, "A user"), clip(line), timeText(e.Time))
		a.other = "a command typed into Run"
		a.fact("by", e.Time)
		if e.Field("Order") != "0" {
			a.caught("typed_earlier", "a command from before the file was there: only the last one has a time")
		}
		a.cite(cite(e, "Command", line, "Order", e.Field("Order")))
		list = append(list, a)
		if len(list) == maxListed {
			break
		}
	}
	return list
}

// findRegistered finds the names of the file in App Paths, as a lead.
func (q *inquiry) findRegistered() []candidate {
	a := lead()
	for i := range q.registered {
		e := &q.registered[i]
		if !q.isSubject(e.Path) || len(a.Evidence) == maxListed {
			continue
		}
		if len(a.Evidence) == 0 {
			a.Answer.Answer = fmt.Sprintf("The registry has the name %s for it in App Paths since %s.", clip(e.Field("Name")), timeText(e.Time))
		}
		a.cite(cite(e, "Name", e.Field("Name"), "Path", e.Field("Path")))
	}
	if len(a.Evidence) == 0 {
		return nil
	}
	return []candidate{a}
}

// mountedBefore is how long before the creation of the file shares are of interest.
const mountedBefore = time.Hour

// findMounted finds the shares that were connected shortly before the file was created, as a
// lead: nothing shows that it came from there.
func (q *inquiry) findMounted() []candidate {
	if q.created.IsZero() {
		return nil
	}
	a := lead()
	for i := range q.mounted {
		e := &q.mounted[i]
		if e.Time.Before(q.created.Add(-mountedBefore)) || e.Time.After(q.created) || len(a.Evidence) == maxListed {
			continue
		}
		if len(a.Evidence) == 0 {
			a.Answer.Answer = fmt.Sprintf("%s connected to %s on %s, shortly before.", cmp.Or(e.User, "A user"), clip(e.Field("Share")), timeText(e.Time))
		}
		a.cite(cite(e, "Share", e.Field("Share")))
	}
	if len(a.Evidence) == 0 {
		return nil
	}
	return []candidate{a}
}
