// Crosscheck reads the same evidence with birthmark and with the four Go
// packages that its audience knows, and lists every disagreement: forensic
// practice validates a finding with a second, independent tool.
//
//	crosscheck [-format text|jsonl] [-o FILE] [-time 60s] [-memory 4096] EVIDENCE…
//
// Each parser runs in a child process of this program under limits, so that one
// that dies, hangs or swells is a row of the report. README.md says what is
// compared and by which rules values are made comparable.
//
// This program is a module of its own because it links a package under GPL-3.0.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/child"
)

var (
	format  = flag.String("format", "text", "text (a summary) or jsonl (every disagreement)")
	dest    = flag.String("o", "", "write to `FILE` instead of stdout")
	quiet   = flag.Bool("q", false, "print no progress")
	limit   = flag.Duration("time", time.Minute, "the longest that one parser may take for one artifact")
	memory  = flag.Int64("memory", 4096, "the largest memory of one parser in `MiB` (Linux)")
	serving = flag.String("child", "", "be the child that runs `PARSER`: answer requests on standard input")
)

func main() {
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: crosscheck [-format text|jsonl] [-o FILE] [-q] [-time D] [-memory MiB] EVIDENCE…")
		flag.PrintDefaults()
	}
	flag.Parse()
	if *serving == "" && (flag.NArg() == 0 || *format != "text" && *format != "jsonl") {
		flag.Usage()
		os.Exit(2)
	}
	if err := mainErr(); err != nil {
		fmt.Fprintln(os.Stderr, "crosscheck:", err)
		os.Exit(1)
	}
}

func mainErr() (err error) {
	if *serving != "" {
		p, ok := parsers[*serving]
		if !ok {
			return fmt.Errorf("no parser %q", *serving)
		}
		return child.Serve(os.Stdin, os.Stdout, p.serve)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dir, err := os.MkdirTemp("", "birthmark-crosscheck-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	var out io.Writer = os.Stdout
	if *dest != "" {
		f, err := os.Create(*dest)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		out = f
	}
	w := bufio.NewWriter(out)
	defer func() { err = errors.Join(err, w.Flush()) }()

	check, err := newChecker(child.Limits{Time: *limit, Memory: *memory << 20})
	if err != nil {
		return err
	}
	defer check.close()
	if *format == "jsonl" {
		check.each = func(d disagreement) error { return d.json(w) }
	}
	for _, name := range flag.Args() {
		err := artifacts(ctx, name, dir, func(a artifact) error {
			if !*quiet {
				fmt.Fprintf(os.Stderr, "crosscheck: %s %q\n", a.format, a.name)
			}
			return check.artifact(ctx, a)
		})
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "crosscheck: %q: %v\n", name, err)
		}
	}
	if len(check.rows) == 0 {
		return errors.New("no artifact that two parsers read was found")
	}
	if *format == "text" {
		return check.text(w)
	}
	return nil
}
