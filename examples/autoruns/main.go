// Autoruns prints the programs that Windows starts by itself: because of the registry
// (Run keys, services and drivers, Winlogon, and the other locations in the table of
// package registry), scheduled tasks, what is in startup folders, the consumers of WMI events, the jobs of BITS that run a command, and programs in the place of
// those that the logon screen starts (sethc, utilman, …) or of screensavers and print libraries of Windows. With a baseline
// it prints only what differs.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/cli"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

const notes = `
Hives and files of tasks that are given by themselves, such as SYSTEM SOFTWARE NTUSER.DAT,
are read as those of one machine, with the logs beside them. If they contradict that (two
SYSTEM hives, other names of the machine or its domain, an account without a profile), the
program says so, and reads only those of one folder together.

With -baseline, only autostarts that differ are printed. Their state is new, changed (in
any field but times, the hive and the offset; changed has the fields, each before and
after) or gone. BASELINE is the output of an earlier run with -format jsonl, or evidence:
a golden image, or a folder of hives. With -deleted, autostarts that are only left in
deleted keys and values, or in the file of the queue of BITS, follow, with the state
deleted. Two autostarts are the same if their category, location (without the number of
the control set), name and user are equal. What the baseline has of a hive or a folder that
the evidence does not hold has the state not-compared.

-verify adds hashes and a verdict, in the words of sigcheck, of the file that a command
hosts (the DLL of rundll32 and of a service, a script, what follows cmd /c), beside that
of its host. Without a file, the verdict is "not in the evidence" or "not checked" with
the reason. A file is cataloged if it has no signature of its own, and a catalog in
Windows\System32\CatRoot lists it. Certificates are not verified: a signer is what a
file claims. -unsigned leaves out the rows whose files all have signatures that match
them, from certificates that another issued, and sums up their claimed signers on stderr.

-changed-since leaves out what was last written before TIME: 2026-03-02,
2026-03-02T13:42:09 or any time of RFC 3339; without a zone it is UTC. Files, which the
registry has no time for, and what is gone stay.`

func run(args []string, stdout, stderr io.Writer) int {
	p := cli.New("autoruns", "[-format F] [-baseline BASELINE] [-verify] [-unsigned] [-changed-since TIME] [-all] [-no-replay] [-deleted] HIVE…|EVIDENCE…", stdout, stderr)
	c := collector{p: p}
	format := p.String("format", "text", "write `F`: text, jsonl, csv")
	old := p.File("baseline", "compare with `BASELINE`, the output of an earlier run with -format jsonl, or evidence")
	p.BoolVar(&c.verify, "verify", false, "add hashes and signatures of the files, where the evidence has them")
	unsigned := p.Bool("unsigned", false, "print only rows with a file whose signature does not match it, or that cannot be checked; implies -verify")
	var since time.Time
	p.Func("changed-since", "print only what was written at `TIME` or later", func(s string) (err error) {
		since, err = cli.ParseTime(s)
		return err
	})
	p.BoolVar(&c.asIs, "no-replay", false, "read dirty hives as they are, without their transaction logs")
	p.BoolVar(&c.all, "all", false, "also print the locations that hold thousands of entries of Windows itself, such as the COM classes of the machine")
	p.BoolVar(&c.deleted, "deleted", false, "also print what deleted keys and values in the hives, and jobs that left the queue of BITS, started")
	usage := p.Usage
	p.Usage = func() {
		usage()
		fmt.Fprintln(stderr, notes)
	}
	return p.Run(args, func() error {
		if p.NArg() == 0 {
			return cli.Usagef("want at least one HIVE or EVIDENCE")
		}
		c.verify = c.verify || *unsigned
		w, err := newWriter(*format, p.Out)
		if err != nil {
			return err
		}
		if *old != "" {
			if c.known, err = c.baseline(*old); err != nil {
				return err
			}
		}
		for _, err := range c.collect(p.Args()...) {
			p.Problem(err)
		}
		if c.read == 0 {
			return errNothing
		}
		rows := c.rows
		if c.known != nil {
			rows = c.known.compare(rows)
			c.known.tellUnheld(p, rows)
		}
		rows = append(rows, c.gone...)
		if !since.IsZero() {
			rows = slices.DeleteFunc(rows, func(r row) bool { return !r.changedSince(since) })
		}
		if *unsigned {
			rows = leaveOutSigned(p, rows)
		}
		return w(rows)
	})
}

var errNothing = errors.New("no autostart could be read: want hives, or evidence that holds them, tasks, startup folders, the WMI repository or the BITS queue")

// baseline reads what rows are compared with: the output of an earlier run, or evidence,
// which is read as the other evidence is.
func (c *collector) baseline(name string) (*baseline, error) {
	if isOutput(name) {
		return readBaseline(c.p, name)
	}
	earlier := collector{p: c.p, asIs: c.asIs, all: c.all, verify: c.verify}
	if failed := earlier.collect(name); len(failed) > 0 {
		return nil, fmt.Errorf("%w, or the output of -format jsonl", failed[0])
	}
	if earlier.read == 0 {
		return nil, fmt.Errorf("%s: %w, or the output of -format jsonl", name, errNothing)
	}
	b := newBaseline(nil)
	for _, r := range earlier.rows {
		b.add(r.asRead())
	}
	return b, nil
}
