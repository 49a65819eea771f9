// Supertimeline prints the events of all artifacts in a piece of evidence, in
// order of time, or only those around the creation of one file.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/examples/internal/input"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/timeline"
)

func main() {
	debug.SetGCPercent(200) // what is made for an event is soon not needed
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	p := cli.New("supertimeline", "[-format F] [-around PATH] [-window 10m] [-verify-image] [-no-replay] [-snapshots] [-carved] [-with FILE|FOLDER]… EVIDENCE", stdout, stderr)
	format := p.String("format", "timesketch", "write `F`: "+strings.Join(timeline.Formats(), ", "))
	around := p.String("around", "", "print only events around the creation of the file `PATH` (a path, a name, a wildcard or a hash), by $STANDARD_INFORMATION and by $FILE_NAME")
	window := p.Duration("window", 10*time.Minute, "with -around, print `DURATION` before and after")
	verify := input.VerifyImage(p)
	asIs := p.Bool("no-replay", false, "read dirty hives as they are, without their transaction logs")
	snapshots := p.Bool("snapshots", false, "also read the shadow copies: the events that the volumes no longer have, each marked with the time of the newest shadow copy that has it")
	carved := input.Carved(p)
	with := p.Files("with", "also read the artifacts in `FILE|FOLDER`; may be repeated")
	return p.Run(args, func() error {
		switch {
		case p.NArg() != 1:
			return cli.Usagef("want one EVIDENCE, got %d", p.NArg())
		case !slices.Contains(timeline.Formats(), *format):
			return cli.Usagef("format %q: want one of %s", *format, strings.Join(timeline.Formats(), ", "))
		case *carved && !*snapshots:
			return cli.Usagef("-carved looks for shadow copies: want -snapshots too")
		case *window < 0:
			return cli.Usagef("window %v: want ≥ 0", *window)
		}
		all, err := input.OpenAll(p, append([]string{p.Arg(0)}, *with...))
		if err != nil {
			return err
		}
		defer all.Close()
		if err := verify(ctx, all...); err != nil {
			return err
		}
		if *snapshots {
			if err := input.Carve(ctx, p, all...); err != nil {
				return err
			}
		}
		var file *evidence.Match
		if *around != "" {
			m, err := all[0].Locate(ctx, *around)
			if err != nil {
				return input.Several(p, err)
			}
			file = &m
		}
		list, err := collect(ctx, p, all, manner{file != nil, *asIs, *snapshots})
		if err != nil {
			return err
		}
		defer list.close()
		var windows [][2]time.Time
		if file != nil {
			if windows, err = list.around(*file, *window); err != nil {
				return err
			}
		}
		return list.write(p, *format, windows)
	})
}
