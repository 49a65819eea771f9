package origin

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/timeline"
)

var executedService = &rule{
	name: "executed.service", question: Executed, best: Inferred,
	finds:   "7036: a service whose command starts the file was running",
	also:    []*source{serviceState},
	against: "another program, if the command of the service was another one then",
	apart:   "a record of the start of the process: Sysmon 1, or 4688",
	find:    (*inquiry).findServiceRuns,
}

// running is the state of a service that runs, SERVICE_RUNNING.
const running = "4"

// findServiceRuns finds the starts of the services that start the file.
func (q *inquiry) findServiceRuns() []candidate {
	if q.tl == nil || q.created.IsZero() {
		return nil
	}
	var services []*autostart
	for _, s := range q.autostarts().list {
		if s.category == "service" && s.role.executes() {
			services = append(services, s)
		}
	}
	if len(services) == 0 {
		return nil
	}
	n := 0
	a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{what: "ran"}}
	for e := range q.own(q.tl.KindsBetween(q.created, q.lastLogged(), timeline.ServiceState)) {
		d, ok := e.Data.(*evtx.System7036)
		if !ok {
			continue
		}
		name, state := stateOf(d)
		for _, s := range services {
			if state != running || !winpath.SameName(name, s.name) {
				continue
			}
			if n++; n == 1 {
				a.Answer.Answer = fmt.Sprintf("The service %s, which starts it, was running on %s", s.name, timeText(e.Time))
				a.fact("proves", "execution")
				a.fact("time", e.Time)
				for _, record := range s.records {
					a.cite(record)
				}
			}
			if n <= maxListed {
				a.cite(cite(&e, "param1", d.Service, "param2", d.State, "service", name, "state", state))
			}
		}
	}
	if n == 0 {
		return nil
	}
	a.fact("count", n)
	if n > 1 {
		a.Answer.Answer += fmt.Sprintf(", and %d times in all", n)
	}
	a.Answer.Answer += "."
	a.rival("another program, if the command of the service was another one then")
	return []candidate{a}
}

// stateOf returns the name and the state of a service in 7036. Both are in the data
// behind the texts, which are in the language of the machine: NAME/4.
func stateOf(d *evtx.System7036) (name, state string) {
	text := strings.TrimRight(wtf8.String(d.Binary), "\x00")
	if i := strings.LastIndexByte(text, '/'); i > 0 {
		return text[:i], text[i+1:]
	}
	if strings.EqualFold(d.State, "running") {
		return d.Service, running
	}
	return d.Service, d.State
}
