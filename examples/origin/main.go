// Origin says where a file came from: what it is, when it appeared, who wrote
// it, under which account, from where that account was logged on, what runs it,
// and what contradicts all that. PATH is a path as Windows writes it, a name that
// only one file has, a wildcard, or a hash. Without arguments it reports on
// sqlserver.exe of the built-in scenario.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"

	"github.com/birthmark-dfir/birthmark"
	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/examples/internal/input"
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
	brief := p.Bool("brief", false, "write the verdict and the answers only, as text")
	with := p.Files("with", "read the logs and hives of `FILE|FOLDER` too; may be repeated")
	return p.Run(args, func() error {
		write := formats[*format]
		if *brief {
			write = (*origin.Report).WriteBrief
		}
		switch {
		case *brief && *format != "text":
			return cli.Usagef("-brief is text, not %s", *format)
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
		sources, err := input.OpenAll(p, *with)
		if err != nil {
			return err
		}
		defer sources.Close()
		p.Progress("investigating %s", path)
		report, err := birthmark.Investigate(ctx, ev, path, birthmark.With(sources...)...)
		if err != nil {
			return input.Several(p, err)
		}
		return write(report, p.Out)
	})
}

// open opens the evidence of the arguments, or the built-in scenario.
func open(p *cli.Program) (*evidence.Evidence, string, error) {
	if p.NArg() == 2 {
		ev, err := input.Open(p, p.Arg(0))
		return ev, p.Arg(1), err
	}
	scenario := origintest.SQLServer()
	ev, err := scenario.Evidence()
	return ev, scenario.Subject, err
}
