// Origin reports where a file came from: what it is, when it appeared, who wrote
// it, under which account, from where that account was logged on, what runs it,
// and what contradicts these answers.
//
// PATH is a path as Windows writes it, a name that only one file has, a wildcard,
// or a hash. Without arguments, origin reports on sqlserver.exe in the built-in
// scenario.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/birthmark-dfir/birthmark"
	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// formats are the forms in which a report can be written.
var formats = map[string]func(*origin.Report, io.Writer) error{
	"text": (*origin.Report).WriteText,
	"json": (*origin.Report).WriteJSON,
	"html": (*origin.Report).WriteHTML,
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	p := cli.New("origin", "[-format text|json|html] [-brief] [-with FILE|FOLDER]… [EVIDENCE PATH]", stdout, stderr)
	format := p.String("format", "text", "write the report as `F`: text, json or html")
	brief := p.Bool("brief", false, "write only the verdict and the answers, as text")
	with := p.Files("with", "also read the event logs, hives and web logs in `FILE|FOLDER`; may be repeated")
	return p.Run(args, func() error {
		write := formats[*format]
		if *brief {
			write = (*origin.Report).WriteBrief
		}
		switch {
		case *brief && *format != "text":
			return cli.Usagef("-brief writes text, not %s", *format)
		case write == nil:
			return cli.Usagef("format %q: want text, json or html", *format)
		case p.NArg() != 0 && p.NArg() != 2:
			return cli.Usagef("want EVIDENCE and the PATH of a file in it, or nothing for the built-in scenario; got %d arguments", p.NArg())
		}
		ev, path, err := open(p)
		if err != nil {
			return err
		}
		defer ev.Close()
		for problem := range ev.Problems() {
			p.Problem(problem)
		}
		sources, err := openSources(p, *with)
		defer closeAll(sources)
		if err != nil {
			return err
		}
		p.Progress("investigating %s", path)
		report, err := birthmark.Investigate(ctx, ev, path, birthmark.With(sources...)...)
		if files, ok := errors.AsType[*evidence.AmbiguousError](err); ok {
			return several(p, files)
		}
		if err != nil {
			return err
		}
		return write(report, p.Out)
	})
}

// open opens the evidence that the arguments name, or the built-in scenario.
func open(p *cli.Program) (*evidence.Evidence, string, error) {
	if p.NArg() == 2 {
		ev, err := evidence.Open(p.Arg(0))
		return ev, p.Arg(1), err
	}
	scenario := origintest.SQLServer()
	ev, err := scenario.Evidence()
	return ev, scenario.Subject, err
}

// openSources opens the files and folders that -with names.
func openSources(p *cli.Program, names []string) ([]*evidence.Evidence, error) {
	var list []*evidence.Evidence
	for _, name := range names {
		ev, err := evidence.Open(name)
		if err != nil {
			return list, err
		}
		list = append(list, ev)
		for problem := range ev.Problems() {
			p.Problem(problem)
		}
	}
	return list, nil
}

func closeAll(list []*evidence.Evidence) {
	for _, ev := range list {
		ev.Close()
	}
}

// several prints the files that match PATH, one per line, and returns the error for
// the ambiguous path.
func several(p *cli.Program, files *evidence.AmbiguousError) error {
	for _, path := range files.Paths {
		p.Problem(path)
	}
	listed := ""
	if len(files.Paths) < files.Count {
		listed = fmt.Sprintf(", of which %d are listed", len(files.Paths))
	}
	return fmt.Errorf("%s: %d files match%s: give the path of one", files.Pattern, files.Count, listed)
}
