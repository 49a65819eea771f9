// Supertimeline prints the events of all artifacts in a piece of evidence, in
// order of time, or only those around the creation of one file.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/timeline"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	p := cli.New("supertimeline", "[-format F] [-around PATH] [-window 10m] EVIDENCE", stdout, stderr)
	format := p.String("format", "timesketch", "write `F`: "+strings.Join(timeline.Formats(), ", "))
	around := p.String("around", "", "print only events around the creation of the file `PATH`, by $STANDARD_INFORMATION and by $FILE_NAME")
	window := p.Duration("window", 10*time.Minute, "with -around, print `DURATION` before and after")
	return p.Run(args, func() error {
		switch {
		case p.NArg() != 1:
			return cli.Usagef("want one EVIDENCE, got %d", p.NArg())
		case !slices.Contains(timeline.Formats(), *format):
			return cli.Usagef("format %q: want one of %s", *format, strings.Join(timeline.Formats(), ", "))
		case *window < 0:
			return cli.Usagef("window %v: want ≥ 0", *window)
		}
		ev, err := evidence.Open(p.Arg(0))
		if err != nil {
			return err
		}
		defer ev.Close()
		for problem := range ev.Problems() {
			p.Problem(problem)
		}
		var windows [][2]time.Time
		if *around != "" {
			if windows, err = windowsAround(ev, *around, *window); err != nil {
				return err
			}
		}
		return write(ctx, p, ev, *format, windows)
	})
}

// write writes the events of all volumes, merged in order of time.
func write(ctx context.Context, p *cli.Program, ev *evidence.Evidence, format string, windows [][2]time.Time) error {
	var parts []iter.Seq[timeline.Event]
	found := false
	for _, vol := range ev.Volumes() {
		if vol.Err != nil {
			p.Problem(vol.Err)
			continue
		}
		p.Progress("reading %s", vol.Name)
		opts := []timeline.Option{timeline.WithDrive(vol.Letter)}
		if windows != nil {
			opts = append(opts, timeline.WithWebLogsOnDemand())
		}
		t, err := timeline.Collect(ctx, vol.FS, opts...)
		if err != nil {
			return fmt.Errorf("%s: %w", vol.Name, err)
		}
		defer t.Close()
		covered := t.Coverage()
		for _, c := range covered {
			found = found || c.Records > 0 || c.State == timeline.Unread
			report(p, c)
		}
		defer func() {
			for i, c := range t.Coverage() {
				if covered[i].State == timeline.Unread { // its problems are new
					report(p, c)
				}
			}
		}()
		events := within(t, windows)
		if len(ev.Volumes()) > 1 {
			events = named(events, vol.Name)
		}
		parts = append(parts, events)
	}
	if !found {
		return errors.New("no artifact found: want an $MFT, event logs (*.evtx), registry hives or IIS logs")
	}
	return timeline.Write(p.Out, format, timeline.Merge(parts...))
}

// report prints the problems of an artifact.
func report(p *cli.Program, c timeline.Coverage) {
	for _, problem := range c.Problems {
		p.Problem(fmt.Sprintf("%s: %s", c.Artifact, problem))
	}
	if more := c.ProblemCount - len(c.Problems); more > 0 {
		p.Problem(fmt.Sprintf("%s: %d more problems", c.Artifact, more))
	}
}

// within returns the events in the windows, which are in order and disjoint, or
// all events if windows is nil.
func within(t *timeline.Timeline, windows [][2]time.Time) iter.Seq[timeline.Event] {
	if windows == nil {
		return t.Events()
	}
	return func(yield func(timeline.Event) bool) {
		for _, w := range windows {
			for e := range t.Between(w[0], w[1]) {
				if !yield(e) {
					return
				}
			}
		}
	}
}

// named prefixes the artifact of every event with the volume's name.
func named(events iter.Seq[timeline.Event], volume string) iter.Seq[timeline.Event] {
	return func(yield func(timeline.Event) bool) {
		for e := range events {
			e.Source.Artifact = volume + ": " + e.Source.Artifact
			if !yield(e) {
				return
			}
		}
	}
}

// windowsAround returns the spans from d before to d after each creation time of a
// file: the one in $STANDARD_INFORMATION, which programs can set, and those in
// $FILE_NAME, which they cannot. Spans that overlap are joined.
func windowsAround(ev *evidence.Evidence, path string, d time.Duration) ([][2]time.Time, error) {
	vol, name, err := ev.Resolve(path)
	if err != nil {
		return nil, err
	}
	info, err := fs.Stat(vol.FS, name)
	if err != nil {
		return nil, err
	}
	var created []time.Time
	if rec, ok := info.Sys().(*mft.Record); ok {
		if rec.StandardInformation.Present {
			created = append(created, rec.StandardInformation.Created)
		}
		for _, fn := range rec.FileNames {
			created = append(created, fn.Created)
		}
	} else if b, ok := info.(interface{ BirthTime() time.Time }); ok {
		created = append(created, b.BirthTime())
	}
	created = slices.DeleteFunc(created, time.Time.IsZero)
	if len(created) == 0 {
		return nil, fmt.Errorf("%s: the evidence records no creation time", path)
	}
	slices.SortFunc(created, time.Time.Compare)
	var windows [][2]time.Time
	for _, t := range created {
		from, to := t.Add(-d), t.Add(d)
		if n := len(windows); n > 0 && !from.After(windows[n-1][1]) {
			windows[n-1][1] = to
			continue
		}
		windows = append(windows, [2]time.Time{from, to})
	}
	return windows, nil
}
