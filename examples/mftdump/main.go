// Mftdump prints the files of an $MFT, existing and deleted, with all their names,
// times and streams.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/birthmark-dfir/birthmark/examples/internal/input"
	"github.com/birthmark-dfir/birthmark/internal/cli"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

const notes = `
csv has the columns of MFTECmd, then OwnerSID, TimestompScore and
TimestompReasons. It has one row for each name of a file and each alternate data
stream. jsonl has the same fields. bodyfile has the lines of "fls -r -m C:".
Every format lists deleted files too; -deleted lists only those.

EVIDENCE is an $MFT, the image of a volume or disk (all of these may be gzipped),
or a folder that holds an $MFT, as triage tools write it.`

// formats lists the values of -format, with the function that makes each writer.
var formats = []struct {
	name string
	make func(io.Writer) writer
}{
	{"csv", newCSV},
	{"jsonl", newJSONL},
	{"bodyfile", newBodyfile},
}

// writer writes records in a format.
type writer interface {
	begin() error // called once, before the first source
	record(s *source, f *file) error
}

func run(args []string, stdout, stderr io.Writer) int {
	p := cli.New("mftdump", "[-format csv|jsonl|bodyfile] [-deleted] $MFT|EVIDENCE", stdout, stderr)
	format := p.String("format", "csv", "write `F`: csv, jsonl, bodyfile")
	deleted := p.Bool("deleted", false, "list only deleted files")
	usage := p.Usage
	p.Usage = func() { usage(); fmt.Fprintln(stderr, notes) }
	return p.Run(args, func() error {
		if p.NArg() != 1 {
			return cli.Usagef("want one $MFT or EVIDENCE, got %d", p.NArg())
		}
		var names []string
		for _, f := range formats {
			if f.name == *format {
				return dump(p, f.make(p.Out), *deleted)
			}
			names = append(names, f.name)
		}
		return cli.Usagef("format %q: want one of %s", *format, strings.Join(names, ", "))
	})
}

// dump writes the records of every $MFT in the evidence.
func dump(p *cli.Program, w writer, deleted bool) error {
	ev, err := input.OpenQuietly(p, p.Arg(0))
	if err != nil {
		return err
	}
	defer ev.Close()
	sources, err := find(p, ev)
	if err != nil {
		return err
	}
	if len(sources) == 0 {
		return errors.New("no $MFT found: want an $MFT, the image of an NTFS volume or of a disk with one, or a folder that holds an $MFT")
	}
	if err := w.begin(); err != nil {
		return err
	}
	for _, s := range sources {
		if err := s.dump(p, w, deleted); err != nil {
			return err
		}
	}
	return nil
}
