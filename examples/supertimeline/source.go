package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"runtime"
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
}

// sources are the volumes of all evidence.
type sources []*source

// collect reads the artifacts of all evidence. If onDemand is set, web logs are read
// only when their events are needed. If asIs is set, hives are read without their logs.
func collect(ctx context.Context, p *cli.Program, all input.Evidence, onDemand, asIs bool) (list sources, err error) {
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
			p.Progress("reading %s", vol.Name)
			opts := []timeline.Option{timeline.WithDrive(vol.Letter), timeline.WithWorkers(runtime.GOMAXPROCS(0))}
			if onDemand {
				opts = append(opts, timeline.WithWebLogsOnDemand())
			}
			if asIs {
				opts = append(opts, timeline.WithoutReplay())
			}
			t, err := timeline.Collect(ctx, vol.FS, opts...)
			if err != nil {
				return list, fmt.Errorf("%s: %w", vol.Name, err)
			}
			s := &source{Timeline: t, vol: vol, name: nameOf(all, ev, vol), covered: t.Coverage()}
			list = append(list, s)
			for _, c := range s.covered {
				found = found || c.Records > 0 || c.State == timeline.Unread
				report(p, c)
			}
		}
	}
	if !found {
		return list, errors.New("no artifact found: want an $MFT, event logs (*.evtx), registry hives or IIS logs")
	}
	return list, nil
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
		s.Close()
	}
}

// write writes the events of all sources, merged in order of time.
func (list sources) write(p *cli.Program, format string, windows [][2]time.Time) error {
	var parts []iter.Seq[timeline.Event]
	for _, s := range list {
		parts = append(parts, s.within(windows))
	}
	err := timeline.Write(p.Out, format, timeline.Merge(parts...))
	for _, s := range list {
		for i, c := range s.Coverage() {
			if s.covered[i].State == timeline.Unread { // its problems are new
				report(p, c)
			}
		}
	}
	return err
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
// events if windows is nil.
func (s *source) within(windows [][2]time.Time) iter.Seq[timeline.Event] {
	events := s.Events()
	if windows != nil {
		events = func(yield func(timeline.Event) bool) {
			for _, w := range windows {
				for e := range s.Between(w[0], w[1]) {
					if !yield(e) {
						return
					}
				}
			}
		}
	}
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
