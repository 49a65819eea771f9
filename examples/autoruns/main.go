// Autoruns prints the programs that Windows starts by itself: because of the registry
// (Run keys, services and drivers, Winlogon, and the other locations in the table of
// package registry), scheduled tasks, what is in startup folders, and the consumers of WMI events. With a baseline
// it prints only what differs.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/birthmark-dfir/birthmark/examples/internal/input"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/registry"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

const notes = `
With -baseline, only autostarts that differ are printed. Their state is new,
changed (in command, path or enabled) or gone. With -deleted, autostarts that are
only left in deleted keys and values follow, with the state deleted. Two autostarts are the same if
their category, location (without the number of the control set), name and user
are equal.`

func run(args []string, stdout, stderr io.Writer) int {
	p := cli.New("autoruns", "[-format F] [-baseline FILE] [-all] [-no-replay] [-deleted] HIVE…|EVIDENCE…", stdout, stderr)
	format := p.String("format", "text", "write `F`: text, jsonl, csv")
	old := p.File("baseline", "compare with `FILE`, the output of an earlier run with -format jsonl")
	asIs := p.Bool("no-replay", false, "read dirty hives as they are, without their transaction logs")
	all := p.Bool("all", false, "also print the locations that hold thousands of entries of Windows itself, such as the COM classes of the machine")
	deleted := p.Bool("deleted", false, "also print what deleted keys and values in the hives started")
	usage := p.Usage
	p.Usage = func() {
		usage()
		fmt.Fprintln(stderr, notes)
	}
	return p.Run(args, func() error {
		if p.NArg() == 0 {
			return cli.Usagef("want at least one HIVE or EVIDENCE")
		}
		w, err := newWriter(*format, p.Out)
		if err != nil {
			return err
		}
		var known *baseline
		if *old != "" {
			if known, err = readBaseline(*old); err != nil {
				return err
			}
		}
		read := 0
		var rows []row
		var gone *[]row // nil if it is not asked for
		if *deleted {
			gone = new([]row)
		}
		for _, name := range p.Args() {
			n, err := collect(p, name, *asIs, *all, &rows, gone)
			if err != nil {
				p.Problem(err)
			}
			read += n
		}
		if read == 0 {
			return errors.New("no autostart could be read: want hives, or evidence that holds them, tasks or startup folders")
		}
		if known != nil {
			rows = known.compare(rows)
		}
		if gone != nil {
			rows = append(rows, *gone...)
		}
		return w(rows)
	})
}

// collect appends the autostarts in a piece of evidence and returns the number of
// hives and files that it read. If asIs is set, hives are read without their logs;
// if all is set, with the locations that hold thousands of entries of Windows itself.
// Gone receives what is deleted, unless it is nil.
func collect(p *cli.Program, name string, asIs, all bool, rows, gone *[]row) (read int, err error) {
	e, err := input.Open(p, name)
	if err != nil {
		return 0, err
	}
	defer e.Close()
	for _, vol := range e.Volumes() {
		if vol.Err != nil {
			continue // Problems has it
		}
		hives, err := findHives(p, vol)
		if err != nil {
			p.Problem(err)
		}
		for i := range hives {
			h := &hives[i]
			p.Progress("reading %s", h.name)
			opts := []registry.Option{registry.WithName(h.name)}
			if !asIs {
				opts = append(opts, registry.WithLogsBeside())
			}
			r, err := registry.OpenFS(vol.FS, h.path, opts...)
			if err != nil {
				p.Problem(err)
				continue
			}
			read++
			h.reader = r
			for _, u := range r.Logs() {
				if u.Applied || r.Dirty() {
					p.Problem(fmt.Sprintf("%s: %s", h.name, u))
				}
			}
			for problem := range r.Problems() {
				p.Problem(problem)
			}
		}
		for _, h := range hives {
			if h.reader == nil {
				continue
			}
			h.opts = h.options(hives, all)
			current := h.autostarts(h.reader)
			*rows = append(append(*rows, current...), h.otherSets(p, h.reader, current)...)
			if gone != nil {
				*gone = append(*gone, h.deletedRows(h.reader)...)
			}
		}
		read += collectFiles(p, vol, rows)
	}
	return read, nil
}

// autostarts returns the rows of a hive. The hive's problems include the damage.
func (h hive) autostarts(r *registry.Reader, opts ...registry.AutostartOption) []row {
	var rows []row
	for a, err := range registry.Autostarts(r, append(opts, h.opts...)...) {
		if err != nil {
			continue
		}
		a.Enabled = a.Enabled && !h.packaged
		rows = append(rows, newRow(a))
	}
	return rows
}

// deletedRows returns the rows of what is deleted in a hive.
func (h hive) deletedRows(r *registry.Reader) []row {
	var rows []row
	for a := range registry.DeletedAutostarts(r, h.opts...) {
		row := newRow(a.Autostart)
		row.State, row.Found = "deleted", fmt.Sprintf("%s, confidence %s", a.Place, a.Confidence)
		if a.Log != "" {
			row.Found += ", " + a.Log
		}
		row.details([2]string{"found in", row.Found})
		rows = append(rows, row)
	}
	return rows
}
