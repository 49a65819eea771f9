// Origin reports where files came from: what each is, when it appeared, who wrote
// it, under which account, from where that account was logged on, what runs it,
// and what contradicts these answers.
//
// PATH is a path as Windows writes it, a name that only one file has, a wildcard,
// a hash, or the GUID of a process that Sysmon logged. Without arguments, origin
// reports on sqlserver.exe in the built-in scenario.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark"
	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/examples/internal/input"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
	"github.com/birthmark-dfir/birthmark/timeline"
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
	p := cli.New("origin", "[-format text|json|html] [-brief] [-explain QUESTION] [-hash-evidence] [-verify-image] [-no-replay] [-snapshots] [-carved] [-with FILE|FOLDER]… [EVIDENCE PATH…]", stdout, stderr)
	format := p.String("format", "text", "write the report as `F`: text, json or html")
	brief := p.Bool("brief", false, "write only the verdict and the answers, as text")
	explain := p.String("explain", "", "write how the answer to `QUESTION` came about: the rules, what each found, and why the grade is what it is")
	hash := p.Bool("hash-evidence", false, "put the SHA-256 of the evidence, which must be one file, into the report")
	verify := input.VerifyImage(p)
	asIs := p.Bool("no-replay", false, "read dirty hives as they are, without their transaction logs")
	snapshots := p.Bool("snapshots", false, "also read the shadow copies: what they show of the file and of what starts it, and what their logs, prefetch files and hives still have")
	carved := input.Carved(p)
	with := p.Files("with", "also read the event logs, hives and web logs in `FILE|FOLDER`; may be repeated")
	return p.Run(args, func() error {
		write, err := writer(*format, *brief, origin.Question(*explain))
		switch {
		case err != nil:
			return err
		case p.NArg() == 1:
			return cli.Usagef("want EVIDENCE and the PATH of a file in it, or nothing for the built-in scenario; got 1 argument")
		case p.NArg() > 2 && *format == "html":
			return cli.Usagef("an HTML document holds one report: give one PATH")
		}
		ev, paths, err := open(p)
		if err != nil {
			return err
		}
		defer ev.Close()
		if err := verify(ctx, ev); err != nil {
			return err
		}
		sum := ""
		if *hash {
			p.Progress("hashing %s", ev.Name())
			if sum, err = ev.SHA256(ctx); err != nil {
				return err
			}
		}
		sources, err := input.OpenAll(p, *with)
		if err != nil {
			return err
		}
		defer sources.Close()
		opts := birthmark.With(sources...)
		if *asIs {
			opts = append(opts, origin.WithoutReplay())
		}
		if *snapshots {
			opts = append(opts, origin.ReadSnapshots())
		}
		if *carved {
			if err := input.Carve(ctx, p, ev); err != nil {
				return err
			}
		}
		p.Progress("investigating %s", strings.Join(paths, ", "))
		n, asked := 0, -1
		var missing error
		for report, err := range birthmark.InvestigateAll(ctx, ev, paths, opts...) {
			asked++
			if err != nil {
				missing = errors.Join(missing, input.Several(p, err))
				continue
			}
			if path := paths[min(asked, len(paths)-1)]; winpath.HasDrive(path) && !winpath.Same(winpath.Normalize("", path), report.Subject.Path) {
				p.Problem(fmt.Sprintf("%s is %s: the path leads over a junction, a symbolic link or a short name", path, report.Subject.Path))
			}
			report.Evidence[0].SHA256 = sum
			for _, problem := range unread(report) {
				p.Problem(problem)
			}
			if n++; n > 1 && (*format == "text" || *explain != "") {
				fmt.Fprintln(p.Out)
			}
			if err := write(report, p.Out); err != nil {
				return err
			}
		}
		if n > 0 && missing != nil {
			p.Problem(missing)
			return nil
		}
		return missing
	})
}

// writer returns what writes a report as the flags ask for.
func writer(format string, brief bool, explain origin.Question) (func(*origin.Report, io.Writer) error, error) {
	write := formats[format]
	switch {
	case write == nil:
		return nil, cli.Usagef("format %q: want text, json or html", format)
	case brief && format != "text":
		return nil, cli.Usagef("-brief writes text, not %s", format)
	case explain != "" && (brief || format != "text"):
		return nil, cli.Usagef("-explain writes a text of its own, with neither -brief nor -format")
	case explain != "" && !slices.Contains(origin.Questions(), explain):
		var names []string
		for _, asked := range origin.Questions() {
			names = append(names, string(asked))
		}
		return nil, cli.Usagef("-explain %q: want one of %s", explain, strings.Join(names, ", "))
	case explain != "":
		return func(r *origin.Report, w io.Writer) error {
			_, err := io.WriteString(w, r.Explain(explain))
			return err
		}, nil
	case brief:
		return (*origin.Report).WriteBrief, nil
	}
	return write, nil
}

// unread returns the artifacts of a report that are there and could not be read.
func unread(r *origin.Report) []string {
	var list []string
	for _, c := range r.Coverage {
		if c.State == string(timeline.Unreadable) || c.State == string(timeline.Damaged) && c.Records == 0 {
			list = append(list, fmt.Sprintf("%s was not read: %s", c.Artifact, c.Reason))
		}
	}
	return list
}

// open opens the evidence that the arguments name, or the built-in scenario.
func open(p *cli.Program) (*evidence.Evidence, []string, error) {
	if p.NArg() >= 2 {
		ev, err := input.Open(p, p.Arg(0))
		return ev, p.Args()[1:], err
	}
	scenario := origintest.SQLServer()
	ev, err := scenario.Evidence()
	return ev, []string{scenario.Subject}, err
}
