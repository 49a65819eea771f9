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

// clockStepOf returns the step in a log record, unless it is a small one.
func clockStepOf(e *timeline.Event) (clockStep, bool) {
	s := clockStep{Event: *e}
	switch d := e.Data.(type) {
	case *evtx.System1:
		s.from, s.to = d.OldTime, d.NewTime
	case *evtx.Security4616:
		s.from, s.to = d.PreviousTime, d.NewTime
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
