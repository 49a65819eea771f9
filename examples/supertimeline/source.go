package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/examples/internal/input"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// source is a volume of the evidence with its events.
type source struct {
	*timeline.Timeline
	vol     *evidence.Volume
	name    string              // prefix of its artifacts; "" for the only volume of the first evidence
	covered []timeline.Coverage // with the problems that were reported
	past    sources             // the shadow copies that were read, the newest first
}

// sources are the volumes of all evidence.
type sources []*source

// A manner is how the artifacts are read.
type manner struct {
	onDemand  bool // web logs are read only when their events are needed
	asIs      bool // hives are read without their logs
	snapshots bool // the shadow copies are read too
}

// collect reads the artifacts of all evidence.
func collect(ctx context.Context, p *cli.Program, all input.Evidence, how manner) (list sources, err error) {
	defer func() {
		if err != nil {
			list.close()
		}
	}()
	found := false
	for _, ev := range all {
		for _, vol := range ev.Volumes() {
			if vol.Err != nil {
				continue // the evidence's problems have it
			}
			s, err := how.collect(ctx, p, vol, vol.Letter, list.of(vol.Machine)...)
			if err != nil {
				return list, err
			}
			s.name = nameOf(all, ev, vol)
			list = append(list, s)
			for _, c := range s.covered {
				found = found || c.Records > 0 || c.State == timeline.Unread
				report(p, c)
			}
			if err := s.addSnapshots(ctx, p, how); err != nil {
				return list, err
			}
		}
	}
	if !found {
		return list, errors.New("no artifact found: want an $MFT, event logs (*.evtx), registry hives or IIS logs")
	}
	return list, nil
}

// of returns the timelines of a machine.
func (list sources) of(machine string) []*timeline.Timeline {
	var all []*timeline.Timeline
	for _, s := range list {
		if s.vol.Machine == machine {
			all = append(all, s.Timeline)
		}
	}
	return all
}

// collect reads the artifacts of a volume, whose paths have a drive letter, without those that
// other timelines of the machine have.
func (how manner) collect(ctx context.Context, p *cli.Program, vol *evidence.Volume, letter string, beside ...*timeline.Timeline) (*source, error) {
	p.Progress("reading %s", vol.Name)
	opts := []timeline.Option{timeline.WithDrive(letter), timeline.Beside(beside...), timeline.WithEarlierHives(), timeline.WithWorkers(runtime.GOMAXPROCS(0))}
	if how.onDemand {
		opts = append(opts, timeline.WithWebLogsOnDemand())
	}
	if how.asIs {
		opts = append(opts, timeline.WithoutReplay())
	}
	t, err := timeline.Collect(ctx, vol.FS, opts...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", vol.Name, err)
	}
	return &source{Timeline: t, vol: vol, covered: t.Coverage()}, nil
}

// addSnapshots reads the shadow copies of the volume, if they are asked for. One that
// cannot be opened is a problem, and so is what of one cannot be read.
func (s *source) addSnapshots(ctx context.Context, p *cli.Program, how manner) error {
	if !how.snapshots {
		return nil
	}
	list := slices.Clone(s.vol.Snapshots())
	slices.Reverse(list)
	for _, snapshot := range list {
		if snapshot.Created.IsZero() {
			p.Problem(fmt.Sprintf("%s is not read: when it was made is not known", snapshot.Name))
			continue
		}
		vol := snapshot.Open()
		for problem := range snapshot.Problems() {
			p.Problem(problem)
		}
		if vol.Err != nil {
			p.Problem(vol.Err)
			continue
		}
		then, err := how.collect(ctx, p, vol, s.vol.Letter)
		if err != nil {
			return err
		}
		then.name = path.Base(snapshot.Name)
		s.past = append(s.past, then)
		for _, c := range then.covered {
			c.Artifact = then.name + "/" + c.Artifact
			report(p, c)
		}
	}
	return nil
}

// nameOf returns a name that distinguishes a volume from the others. It includes the
// name of the evidence unless that is the first, and the name of the volume if the
// evidence has several.
func nameOf(all input.Evidence, ev *evidence.Evidence, vol *evidence.Volume) string {
	name := ""
	if ev != all[0] {
		name = filepath.Base(ev.Name())
	}
	switch {
	case len(ev.Volumes()) == 1:
		return name
	case name == "":
		return vol.Name
	}
	return name + ": " + vol.Name
}

func (list sources) close() {
	for _, s := range list {
		s.past.close()
		s.Close()
	}
}

// write writes the events of all sources, merged in order of time.
func (list sources) write(p *cli.Program, format string, windows [][2]time.Time) error {
	var parts []iter.Seq[timeline.Event]
	for _, s := range list {
		parts = append(parts, s.within(windows))
	}
	err := timeline.Write(p.Out, format, timeline.Once(timeline.Merge(parts...)))
	for _, s := range list {
		s.reportLate(p, "")
		for _, then := range s.past {
			then.reportLate(p, then.name+"/")
		}
	}
	return err
}

// reportLate prints the problems of what was read when its events were needed.
func (s *source) reportLate(p *cli.Program, prefix string) {
	for i, c := range s.Coverage() {
		if s.covered[i].State == timeline.Unread {
			c.Artifact = prefix + c.Artifact
			report(p, c)
		}
	}
}

// report prints the problems of an artifact, and which logs completed a hive.
func report(p *cli.Program, c timeline.Coverage) {
	for _, u := range c.Replayed {
		if u.Applied || c.Dirty {
			p.Problem(fmt.Sprintf("%s: %s", c.Artifact, u))
		}
	}
	for _, problem := range c.Problems {
		p.Problem(fmt.Sprintf("%s: %s", c.Artifact, problem))
	}
	if more := c.ProblemCount - len(c.Problems); more > 0 {
		p.Problem(fmt.Sprintf("%s: %d more problems", c.Artifact, more))
	}
}

// within returns the events in the windows, which are in order and disjoint, or all
// events if windows is nil: those of the volume, and those that only its shadow copies have.
func (s *source) within(windows [][2]time.Time) iter.Seq[timeline.Event] {
	var past []timeline.Snapshot
	for _, then := range s.past {
		past = append(past, timeline.Snapshot{Name: then.name, Created: then.vol.Snapshot.Created, Events: then.eventsIn(windows)})
	}
	events := timeline.MergeSnapshots(s.eventsIn(windows), past...)
	if s.name == "" {
		return events
	}
	return func(yield func(timeline.Event) bool) {
		for e := range events {
			e.Source.Artifact = s.name + ": " + e.Source.Artifact
			if !yield(e) {
				return
			}
		}
	}
}

func (s *source) eventsIn(windows [][2]time.Time) iter.Seq[timeline.Event] {
	if windows == nil {
		return s.Events()
	}
	return func(yield func(timeline.Event) bool) {
		for _, w := range windows {
			for e := range s.Between(w[0], w[1]) {
				if !yield(e) {
					return
				}
			}
		}
	}
}
