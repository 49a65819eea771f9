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

// clockStepOf returns the change of the clock from one time to another. It returns false
// for one that is small, or that lacks a time.
func clockStepOf(e *timeline.Event, from, to time.Time) (clockStep, bool) {
	return clockStep{*e, from, to}, !from.IsZero() && !to.IsZero() && to.Sub(from).Abs() > smallStep
}

// kernelStepOf reads Kernel-General 1.
func kernelStepOf(e *timeline.Event, d *evtx.Event) (clockStep, bool) {
	if d.Provider != "Microsoft-Windows-Kernel-General" || d.EventID != 1 {
		return clockStep{}, false
	}
	from, _ := d.Lookup("OldTime")
	to, _ := d.Lookup("NewTime")
	return clockStepOf(e, from.Time(), to.Time())
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
