package origin

import (
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// fromTask makes a process of the record of the Task Scheduler that started it, 129.
// That has neither its command line nor its account.
func fromTask(e *timeline.Event, d *evtx.TaskScheduler129, paths *environment) *process {
	p := &process{pid: d.TaskProcessID, image: winpath.Normalize(paths.Drive, d.Path), start: e.Time,
		task: &entry[*evtx.TaskScheduler129]{withData(e, evtx.Clone(d)), d}}
	p.task.data = p.task.Data.(*evtx.TaskScheduler129)
	if full, known := paths.Resolve(d.Path, ""); known && len(full) > 0 {
		p.image = full[0]
	}
	return p
}

// taskLead is how far from the start of a process the Task Scheduler records the start
// of its task.
const taskLead = 5 * time.Second

// nameTaskAccounts sets the account of the processes that only the Task Scheduler
// recorded.
func (ps *processes) nameTaskAccounts(log []taskRecord) {
	for _, p := range ps.list {
		if p.task == nil || p.user != "" {
			continue
		}
		for i := range log {
			if r := &log[i]; !r.made && r.name == p.task.data.TaskName && r.Time.Sub(p.start).Abs() <= taskLead {
				p.user = r.user
			}
		}
	}
}
