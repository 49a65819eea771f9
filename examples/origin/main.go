// Origin says where a file came from: what it is, when it appeared, who wrote
// it, under which account, from where that account was logged on, what runs it,
// and what contradicts all that. Without arguments it reports on sqlserver.exe of
// the built-in scenario.
package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strings"

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
	p := cli.New("origin", "[-format text|json|html] [EVIDENCE PATH]", stdout, stderr)
	format := p.String("format", "text", "write the report as `F`: text, json or html")
	return p.Run(args, func() error {
		write := formats[*format]
		switch {
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
		p.Progress("investigating %s", path)
		report, err := investigate(ctx, ev, path)
		if err != nil {
			return err
		}
		return write(report, p.Out)
	})
}

// open opens the evidence of the arguments, or the built-in scenario.
func open(p *cli.Program) (*evidence.Evidence, string, error) {
	if p.NArg() == 2 {
		ev, err := evidence.Open(p.Arg(0))
		return ev, p.Arg(1), err
	}
	scenario := origintest.SQLServer()
	ev, err := scenario.Evidence()
	return ev, scenario.Subject, err
}

// investigate reports on a file of the evidence. One that is gone is looked for
// in the records of the volume on which its path would be, and in artifacts that
// came without their volume.
func investigate(ctx context.Context, ev *evidence.Evidence, path string) (*origin.Report, error) {
	vol, name, notFound := ev.Resolve(path)
	if notFound == nil {
		return origin.Investigate(ctx, vol.FS, name, options(ev, vol, vol.Letter)...)
	}
	letter := "C"
	if len(path) > 1 && path[1] == ':' {
		letter = strings.ToUpper(path[:1])
	}
	for _, vol := range ev.Volumes() {
		if vol.Err != nil || vol.Letter != letter && vol.Kind != evidence.Artifact {
			continue
		}
		report, err := origin.Investigate(ctx, vol.FS, path, options(ev, vol, letter)...)
		if !errors.Is(err, fs.ErrNotExist) {
			return report, err
		}
	}
	return nil, notFound
}

// options name a volume, and the others of the same machine that Windows gave
// letters.
func options(ev *evidence.Evidence, vol *evidence.Volume, letter string) []origin.Option {
	list := []origin.Option{origin.WithDrive(letter), origin.WithVolumeName(vol.Name)}
	for _, other := range ev.Volumes() {
		if other != vol && other.Err == nil && other.Letter != "" && other.Letter != letter {
			list = append(list, origin.WithVolume(other.FS, other.Letter))
		}
	}
	return list
}
