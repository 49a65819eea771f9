// Evidence prints what is in a piece of evidence: its container, partitions, file systems,
// drive letters, shadow copies and machines, and the artifacts on each volume by their
// kind. It names what cannot be read, with the command that converts it.
//
// Artifacts are found by the names and places that Windows gives them. Nothing of their
// content is read, so a disk takes seconds.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/examples/internal/input"
	"github.com/birthmark-dfir/birthmark/internal/cli"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	p := cli.New("evidence", "[-format text|jsonl|csv] [-carved] EVIDENCE…", stdout, stderr)
	format := p.String("format", "text", "write `F`: text, jsonl, csv")
	carved := input.Carved(p)
	return p.Run(args, func() error {
		if p.NArg() == 0 {
			return cli.Usagef("want at least one EVIDENCE")
		}
		w, ok := formats[*format]
		if !ok {
			return cli.Usagef("format %q: want text, jsonl or csv", *format)
		}
		if err := w.begin(p.Out); err != nil {
			return err
		}
		read := 0
		var failed error
		for _, name := range p.Args() {
			ev, err := input.OpenQuietly(p, name)
			if err != nil {
				failed = errors.Join(failed, err)
				continue
			}
			if read++; read > 1 && *format == "text" {
				fmt.Fprintln(p.Out)
			}
			for problem := range ev.TableProblems() {
				if !hasRow(ev, problem) {
					p.Problem(problem)
				}
			}
			if *carved {
				if err := input.Carve(context.Background(), p, ev); err != nil {
					failed = errors.Join(failed, err)
				}
			}
			err = errors.Join(w.write(p.Out, rowsOf(p, ev)), ev.Close())
			if err != nil {
				return err
			}
		}
		if read == 0 {
			return failed
		}
		if failed != nil {
			p.Problem(failed)
		}
		return nil
	})
}

// hasRow reports whether the row of a volume has a problem.
func hasRow(ev *evidence.Evidence, problem evidence.Problem) bool {
	for _, v := range ev.Volumes() {
		if v.Err != nil && strings.HasSuffix(problem.String(), v.Err.Error()) {
			return true
		}
	}
	return false
}
