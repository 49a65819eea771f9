// Bench runs birthmark's programs and their rivals side by side and prints a
// Markdown table of times, memory and growth.
//
//	go run -C bench . [-corpus DIR] [-rounds N] [-only REGEXP] [-json]
//
// It fetches nothing by itself: a rival that is not installed is a row that
// says so. README.md beside this file names the package of each.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"syscall"
	"time"
)

var (
	corpus = flag.String("corpus", defaultCorpus(), "the `DIR` of real evidence from which the inputs are made")
	rounds = flag.Int("rounds", 5, "measured `rounds` of each program, after one that warms the cache")
	limit  = flag.Duration("limit", 10*time.Minute, "the longest one `run` may take")
	scale  = flag.Int("mib", 30, "the size in `MiB` of the largest log; the other inputs follow it")
	only   = flag.String("only", "", "the contests whose name matches `REGEXP`")
	asJSON = flag.Bool("json", false, "print JSON instead of Markdown")
	count  = flag.String("count", "", "count the records of one file of this `kind` (hive) and print the number; how ours competes where no program prints everything")
)

func main() {
	flag.Parse()
	if err := mainErr(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func mainErr() error {
	if *count != "" {
		n, err := countRecords(*count, flag.Arg(0))
		if err == nil {
			fmt.Println(n)
		}
		return err
	}
	chosen, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dir, err := os.MkdirTemp("", "birthmark-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	note := func(format string, a ...any) { fmt.Fprintf(os.Stderr, "bench: "+format+"\n", a...) }
	note("building the programs")
	bin, err := build(ctx, dir)
	if err != nil {
		return err
	}
	note("making the inputs")
	in, err := makeInputs(ctx, dir, *corpus, *scale, note)
	if err != nil {
		return err
	}
	rep := report{Machine: machine(), Date: time.Now().UTC().Format(time.DateOnly), Rounds: *rounds}
	found := find(ctx)
	for _, r := range rivals {
		rep.Rivals = append(rep.Rivals, found[r.name].String())
	}
	for _, c := range contests(bin, found, in) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if chosen.MatchString(c.name) {
			note("%s", c.name)
			rep.Contests = append(rep.Contests, hold(ctx, c, *rounds, *limit))
		}
	}
	if *asJSON {
		return rep.json(os.Stdout)
	}
	return rep.markdown(os.Stdout)
}
