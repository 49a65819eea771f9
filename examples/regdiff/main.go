// Regdiff prints what differs between two registry hives: keys, values, times, class
// names and security descriptors, in the order of paths.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/examples/internal/input"
	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/registry"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

const notes = `
BEFORE and AFTER are hives, or evidence that holds one hive, or in which -hive names
one. Dirty hives are read with the transaction logs beside them. Without AFTER, what the
logs of BEFORE change is printed.

In text, a line begins with - if it is only in BEFORE, with + if it is only in AFTER,
and a key that both have is above what differs in it. @ is the offset of the cell in
the hive. What damage may hide in the hive that does not have it is marked. Exit code 0
says that both were compared, whether they differ or not.`

func run(args []string, stdout, stderr io.Writer) int {
	p := cli.New("regdiff", "[-format F] [-hive PATH] [-no-replay] BEFORE [AFTER]", stdout, stderr)
	format := p.String("format", "text", "write `F`: text, jsonl")
	hive := p.String("hive", "", `compare the hive at this `+"`PATH`"+` in BEFORE and AFTER, such as C:\Windows\System32\config\SYSTEM`)
	asIs := p.Bool("no-replay", false, "read dirty hives as they are, without their transaction logs")
	usage := p.Usage
	p.Usage = func() {
		usage()
		fmt.Fprintln(stderr, notes)
	}
	return p.Run(args, func() error {
		switch {
		case p.NArg() == 0 || p.NArg() > 2:
			return cli.Usagef("want BEFORE and AFTER, got %d arguments", p.NArg())
		case p.NArg() == 1 && *asIs:
			return cli.Usagef("-no-replay leaves nothing to compare: want AFTER")
		}
		w, err := newWriter(*format, p.Out)
		if err != nil {
			return err
		}
		after := p.Arg(1)
		if after == "" {
			after = p.Arg(0)
		}
		a, err := open(p, p.Arg(0), *hive, *asIs || p.NArg() == 1)
		if err != nil {
			return err
		}
		defer a.Close()
		b, err := open(p, after, *hive, *asIs)
		if err != nil {
			return err
		}
		defer b.Close()
		if p.NArg() == 1 {
			a.name, b.name = a.name+" as it is", b.name+" with its logs"
		}
		if err := w.header(a.name, b.name); err != nil {
			return err
		}
		for c, err := range registry.Diff(a.Reader, b.Reader) {
			if err != nil {
				p.Problem(err)
			} else if err := w.change(&c); err != nil {
				return err
			}
		}
		return w.end()
	})
}

// hive is an opened hive.
type hive struct {
	*registry.Reader
	name string
	ev   *evidence.Evidence
}

func (h hive) Close() error { return errors.Join(h.Reader.Close(), h.ev.Close()) }

// open opens the hive at a path in evidence, or the only one if the path is "".
func open(p *cli.Program, name, path string, asIs bool) (h hive, err error) {
	h.ev, err = input.Open(p, name)
	if err != nil {
		return h, err
	}
	vol, file, err := find(h.ev, path)
	if err == nil {
		h.name = name
		if path != "" {
			h.name += ": " + vol.WindowsPath(file)
		}
		h.Reader, err = input.Hive(p, vol.FS, file, h.name, asIs)
	}
	if err != nil {
		return h, errors.Join(err, h.ev.Close())
	}
	return h, nil
}

// find returns the volume and the path in it of the hive at a path in evidence, or of the
// only hive.
func find(ev *evidence.Evidence, path string) (*evidence.Volume, string, error) {
	if path != "" {
		return ev.Resolve(path)
	}
	var vol *evidence.Volume
	var first string
	count := 0
	for _, v := range ev.Volumes() {
		if v.Err != nil {
			continue // Problems has it
		}
		err := fs.WalkDir(v.FS, ".", func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && artifact.Is(artifact.Registry, v.FS, name) {
				if count++; count == 1 {
					vol, first = v, name
				}
			}
			return nil // the problems of the evidence have what cannot be listed
		})
		if err != nil {
			return nil, "", err
		}
	}
	switch count {
	case 0:
		return nil, "", fmt.Errorf("%s: no hive: want a file that begins with regf", ev.Name())
	case 1:
		return vol, first, nil
	}
	return nil, "", cli.Usagef("%s has %d hives: name one with -hive", ev.Name(), count)
}
