// Crosscheck reads the same evidence with birthmark and with four well-known Go
// packages, and lists every disagreement, since forensic practice validates a finding
// with a second, independent tool.
//
//	crosscheck [-o FILE] [-q] [-format text|jsonl] [-time 60s] [-memory 4096] [-copy 4096] EVIDENCE…
//
// Each parser runs in a child process of this program with limits on time and memory,
// so that a parser that crashes, hangs or exhausts memory becomes a row of the report.
// README.md documents what is compared and which rules make values comparable.
//
// This program is a separate module because it links a package under GPL-3.0.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "-child" {
		if err := serve(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, "crosscheck:", err)
			os.Exit(cli.Nothing)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// serve is the main function of a child.
func serve(name string) error {
	p, ok := parsers[name]
	if !ok {
		return fmt.Errorf("no parser %q", name)
	}
	return child.Serve(os.Stdin, os.Stdout, p.formats)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	p := cli.New("crosscheck", "[-format text|jsonl] [-time D] [-memory MiB] [-copy MiB] EVIDENCE…", stdout, stderr)
	format := p.String("format", "text", "write `F`: text (a summary) or jsonl (every disagreement)")
	limit := p.Duration("time", time.Minute, "stop a parser that takes longer than `D` for one artifact")
	most := p.Int64("copy", 4096, "do not copy an artifact or volume larger than `MiB` out of evidence")
	memory := p.Int64("memory", 4096, "stop a parser that uses more memory than `MiB`; only on Linux")
	return p.Run(args, func() error {
		switch {
		case p.NArg() == 0:
			return cli.Usagef("want at least one EVIDENCE")
		case *format != "text" && *format != "jsonl":
			return cli.Usagef("format %q: want text or jsonl", *format)
		case *limit <= 0 || *memory <= 0 || *most <= 0:
			return cli.Usagef("want limits above 0")
		}
		self, err := os.Executable()
		if err != nil {
			return err
		}
		check := newChecker(child.Limits{Time: *limit, Memory: *memory << 20}, func(parser string) []string {
			return []string{self, "-child", parser}
		})
		defer check.close()
		if *format == "jsonl" {
			check.each = func(d disagreement) error {
				if err := writeJSON(p.Out, d); err != nil {
					return fmt.Errorf("%w: %w", errOfRun, err)
				}
				return nil
			}
		}
		if err := checkAll(ctx, p, check, *most<<20); err != nil {
			return err
		}
		if *format == "jsonl" {
			return check.sums(p.Out)
		}
		return check.text(p.Out)
	})
}

// checkAll checks all artifacts in all evidence. It reports evidence that cannot be
// opened as a problem, and returns an error only if the run itself fails.
func checkAll(ctx context.Context, p *cli.Program, check *checker, maxCopy int64) error {
	dir, err := os.MkdirTemp("", "birthmark-crosscheck-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for _, name := range p.Args() {
		f := finder{ctx: ctx, dir: dir, maxCopy: maxCopy, problem: p.Problem, visit: func(a artifact) error {
			p.Progress("%s %s", a.format, a.name)
			return check.artifact(ctx, a)
		}}
		if err := f.find(name); err != nil {
			if ctx.Err() != nil {
				return errors.New("interrupted")
			}
			if errors.Is(err, errOfRun) {
				return err
			}
			p.Problem(err)
		}
	}
	if len(check.rows) == 0 {
		return errors.New("no $MFT, event log, hive or executable found")
	}
	return nil
}

// errOfRun marks the errors that end the run, because nothing more can be written.
var errOfRun = errors.New("the check cannot continue")
