package origin

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/registry"
)

var executedShimCache = &rule{
	name: "executed.shimcache", question: Executed, best: Inferred,
	finds:   "an entry of the ShimCache that records the execution (Windows Vista to 8.1)",
	also:    []*source{shimCache},
	traps:   []trap{{"other_modified", "the file that was executed had been modified at another time"}},
	against: "another file that had this path at that time",
	apart:   "a record of the start of the process: Sysmon 1, or 4688",
	find:    (*inquiry).findShimCached,
}

// findShimCached finds the entry of the ShimCache with the flag of execution. It has no
// time of the run.
func (q *inquiry) findShimCached() []candidate {
	for i := range q.presences {
		e := &q.presences[i]
		d, ok := e.Data.(*registry.ShimCacheEntry)
		if !ok || d.Executed != registry.ExecutedYes || !q.isSubject(e.Path) {
			continue
		}
		a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{what: "ran"}}
		a.Answer.Answer = "According to the ShimCache, it was executed; the cache does not record when."
		a.other = "an execution according to the ShimCache"
		if q.rec != nil && !d.Modified.IsZero() {
			if si := q.rec.StandardInformation; si.Present && !near(si.Modified, d.Modified) {
				a.caught("other_modified", "another file that had this path: it had been modified on %s", timeText(d.Modified))
			}
		}
		a.fact("proves", "execution")
		a.cite(cite(e, "path", d.Path, "modified", stampOrNothing(d.Modified), "executed", string(d.Executed)))
		return []candidate{a}
	}
	return nil
}

var executedPresent = &rule{
	name: "executed.present", question: Executed, best: Unknown,
	finds:   "traces that it was there, which do not show that it ran: ShimCache, Amcache, MUICache, FeatureUsage, the Compatibility Assistant",
	also:    []*source{shimCache, amcacheFiles, muiCache},
	against: "a file that was looked at, and not run",
	apart:   "a record of the start of the process: Sysmon 1, or 4688",
	find:    (*inquiry).findPresent,
}

// findPresent finds what shows that the file was there, as a lead.
func (q *inquiry) findPresent() []candidate {
	a := lead()
	n := 0
	for i := range q.presences {
		e := &q.presences[i]
		if !q.isSubject(e.Path) {
			continue
		}
		if d, ok := e.Data.(*registry.ShimCacheEntry); ok && d.Executed == registry.ExecutedYes {
			continue
		}
		if n++; n == 1 {
			a.Answer.Answer = fmt.Sprintf("It was there: %s.", e.Message)
		}
		if n <= maxListed {
			a.cite(cite(e))
		}
	}
	if n == 0 {
		return nil
	}
	return []candidate{a}
}
