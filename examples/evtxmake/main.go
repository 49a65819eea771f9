// Evtxmake makes a Windows event log of JSON lines: those of evtxdump, of evtx_dump, or
// your own.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/internal/cli"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

const notes = `
FILE holds the events as evtxdump -format jsonl or -format typed prints them, or as
evtx_dump -o jsonl does. Without FILE, or if it is -, they come from standard input.
Several files are merged by the time of their events. A member that no event has is
refused, and so is an event that Windows does not write: nothing is written then.

Events are numbered from 1, unless -keep-ids is given. If the numbers that are kept do
not increase, the records are numbered as in a log that Windows exported. -map and -set may be given
several times; -map applies first. A FIELD is a name such as TargetUserName or Computer, or
its path, such as System/Computer or Execution/@ProcessID. -map ignores case; it changes
no names of fields, providers and channels, and nothing in text that is encoded.
-shift and -start move all times of an event, also those in its fields. TIME is
2026-03-02, 2026-03-02T13:42:09 or any time of RFC 3339; without a zone it is UTC.`

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := cli.New("evtxmake", "[-keep-ids] [-map OLD=NEW] [-set FIELD=VALUE] [-shift D | -start TIME] [FILE…]", stdout, stderr)
	keep := p.Bool("keep-ids", false, "keep the EventRecordID of every event")
	var c changes
	pair := func(name, usage string, add func(before, after string) error) {
		p.Func(name, usage, func(s string) error {
			before, after, ok := strings.Cut(s, "=")
			if !ok || before == "" {
				return errors.New("want two texts with = between them")
			}
			return add(before, after)
		})
	}
	pair("map", "replace text: `OLD=NEW`", c.addMap)
	pair("set", "give a field another value: `FIELD=VALUE`", c.addSet)
	p.DurationVar(&c.shift, "shift", 0, "move all times by the duration `D`, such as 48h or -90m")
	p.Func("start", "move all times so that the first event happens at `TIME`", func(s string) (err error) {
		c.start, err = moment(s)
		return err
	})
	usage := p.Usage
	p.Usage = func() {
		usage()
		fmt.Fprintln(stderr, notes)
	}
	return p.Run(args, func() error {
		if c.shift != 0 && !c.start.IsZero() {
			return cli.Usagef("want -shift or -start, not both")
		}
		names := p.Args()
		if len(names) == 0 {
			names = []string{cli.StandardInput}
		}
		if i := slices.Index(names, cli.StandardInput); i >= 0 {
			if slices.Contains(names[i+1:], cli.StandardInput) {
				return cli.Usagef("standard input is named twice")
			}
			if f, ok := stdin.(*os.File); ok && cli.Device(f) {
				return cli.Usagef("standard input is a terminal or a device: want FILE, or a pipe")
			}
		}
		var sources []*source
		for _, name := range names {
			in, close, err := open(name, stdin)
			if err != nil {
				return err
			}
			defer close()
			sources = append(sources, newSource(name, in))
		}
		var events []*evtx.Event
		exported, last := false, uint64(0)
		for e, err := range merged(sources) {
			if err == nil {
				e, err = c.apply(e)
			}
			if err != nil {
				return err
			}
			if events = append(events, e); len(events)%1000 == 0 {
				p.Progress("%d events", len(events))
			}
			if !*keep {
				e.RecordID = 0
			}
			exported = exported || e.RecordID != 0 && e.RecordID <= last
			last = max(last+1, e.RecordID)
		}
		if len(events) == 0 {
			return errors.New("there is no event")
		}
		for _, m := range c.maps {
			if !m.used {
				p.Problem(fmt.Errorf("-map: no event has the text %q", m.old))
			}
		}
		for _, s := range c.sets {
			if !s.used {
				return fmt.Errorf("-set: no event has the field %q", s.field)
			}
		}
		log := evtxtest.Log{Exported: exported}
		for i, e := range events {
			if err := log.Add(e); err != nil {
				return fmt.Errorf("event %d of the log: %w", i+1, err)
			}
			events[i] = nil
		}
		_, err := p.Out.Write(log.Bytes())
		return err
	})
}

func open(name string, stdin io.Reader) (in io.Reader, close func() error, err error) {
	if name == cli.StandardInput {
		return stdin, func() error { return nil }, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	return f, f.Close, nil
}

// moment parses a time.
func moment(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time such as 2026-03-02T13:42:09Z", s)
}
