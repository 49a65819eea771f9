package origin

import (
	"fmt"
)

var executedTask = &rule{
	name: "executed.task", question: Executed, best: Inferred,
	finds:   "the last run of a scheduled task of the registry whose command starts the file, if it did not fail and the task was not changed since",
	also:    []*source{cachedTasks},
	against: "another file that had this path at that time",
	apart:   "a record of the process: Sysmon 1, 4688 or event 129",
	find:    (*inquiry).findTaskRuns,
}

// findTaskRuns finds the last runs of the tasks that start the subject.
func (q *inquiry) findTaskRuns() []candidate {
	if q.tl == nil {
		return nil
	}
	search := &autostartSearch{inquiry: q, environments: map[string]*environment{}}
	var list []candidate
	for _, c := range q.tl.CachedTasks() {
		at := ranFrom(c.CachedTask)
		if at.IsZero() || q.before(at) {
			continue
		}
		if is, _ := search.inCached(c.CachedTask); !is.executes() {
			continue
		}
		a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{what: "ran"}}
		a.Answer.Answer = fmt.Sprintf("According to the registry, the scheduled task %s, which starts it, last ran on %s.", c.Path, timeText(at))
		a.other = "a run of the scheduled task " + c.Path
		a.fact("proves", "execution")
		a.fact("last", at)
		a.cite(citeCached(c))
		list = append(list, a)
	}
	return list
}

// cachedTasks is what the Task Scheduler keeps of tasks in the registry.
var cachedTasks = &source{name: "TaskCache", typ: softHive.typ, named: softHive.named, none: "-", writer: "the Task Scheduler", reach: administrator, why: registryReach}
