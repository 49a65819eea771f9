package origin

import (
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// A clockStep is a change of the machine's clock: Kernel-General 1, Security
// 4616.
type clockStep struct {
	timeline.Event
	from, to time.Time
}

// smallStep is what the time service corrects by itself. The order of events does not
// depend on it.
const smallStep = time.Minute

func clockStepOf(e *timeline.Event, d evtx.TypedEvent) (clockStep, bool) {
	provider, id := d.Sys().Provider, d.Sys().EventID
	if !(provider == "Microsoft-Windows-Kernel-General" && id == 1 || provider == "Microsoft-Windows-Security-Auditing" && id == 4616) {
		return clockStep{}, false
	}
	whole, err := evtx.EventOf(d)
	if err != nil {
		return clockStep{}, false
	}
	s := clockStep{Event: *e}
	for _, f := range whole.Fields {
		switch f.Name {
		case "NewTime":
			s.to = f.Value.Time()
		case "OldTime", "PreviousTime":
			s.from = f.Value.Time()
		}
	}
	return s, !s.from.IsZero() && !s.to.IsZero() && s.to.Sub(s.from).Abs() > smallStep
}

// clockWindow is how far from the creation a step of the clock counts.
const clockWindow = 24 * time.Hour

// clockSteps are the steps of the machine's clock, in order of time.
type clockSteps []clockStep

// around returns the steps around the creation of a file.
func (steps clockSteps) around(created time.Time) []*clockStep {
	var list []*clockStep
	for i := range steps {
		if s := &steps[i]; !created.IsZero() && s.Time.Sub(created).Abs() <= clockWindow && len(list) < maxListed {
			list = append(list, s)
		}
	}
	return list
}

// clockSkew is how much the times of two clocks may differ for the same creation.
const clockSkew = 2 * time.Second

func near(t, u time.Time) bool { return t.Sub(u).Abs() <= clockSkew }
