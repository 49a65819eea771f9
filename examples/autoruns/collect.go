package main

import (
	"cmp"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/examples/internal/input"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/registry"
)

// collector collects the autostarts of evidence.
type collector struct {
	p       *cli.Program
	asIs    bool      // hives are read without their logs
	all     bool      // also the locations that hold thousands of entries of Windows itself
	deleted bool      // also what is deleted
	verify  bool      // and look at the files
	known   *baseline // nil without one

	rows []row
	gone []row // what is deleted
	read int   // hives and files
}

// collect collects the autostarts in several pieces of evidence. Hives and files that are
// given by themselves are those of one machine. It returns why evidence cannot be opened.
func (c *collector) collect(names ...string) (failed []error) {
	var loose []*evidence.Evidence
	for _, name := range withoutLogs(names) {
		e, err := input.Open(c.p, name)
		switch {
		case err != nil:
			failed = append(failed, err)
			continue
		case isLoose(e):
			loose = append(loose, e)
			defer e.Close()
			continue
		}
		c.machine(e)
		e.Close()
	}
	c.loose(loose)
	return failed
}

// machine collects the autostarts in a piece of evidence.
func (c *collector) machine(e *evidence.Evidence) {
	rows, gone := len(c.rows), len(c.gone)
	var all []hive
	for _, vol := range e.Volumes() {
		if vol.Err != nil {
			continue // Problems has it
		}
		hives, err := findHives(c.p, vol)
		if err != nil {
			c.p.Problem(err)
		}
		for i := range hives {
			h := &hives[i]
			c.p.Progress("reading %s", h.name)
			if h.reader, err = input.Hive(c.p, vol.FS, h.path, h.name, c.asIs); err != nil {
				c.p.Problem(err)
				h.reader = nil
				continue
			}
			c.read++
		}
		nameAccounts(hives)
		several := areOfSeveral(c.p, vol, hives)
		for i := range hives {
			h := &hives[i]
			if h.reader == nil {
				continue
			}
			beside := hives
			if several {
				beside = hives[i : i+1]
			}
			h.opts = h.options(beside, c.all)
			current := h.autostarts()
			c.rows = append(append(c.rows, current...), h.otherSets(c.p, current)...)
			if c.deleted {
				for a := range registry.DeletedAutostarts(h.reader, h.opts...) {
					c.gone = append(c.gone, newDeletedRow(a, h.source()))
				}
			}
		}
		all = append(all, hives...)
		var left []row
		c.read += collectFiles(c.p, vol, &c.rows, &left)
		if c.deleted {
			c.gone = append(c.gone, left...)
		}
		if c.known != nil {
			c.known.saw(vol, hives)
		}
	}
	if c.verify {
		v := newVerifier(e, c.p, all)
		for _, list := range [][]row{c.rows[rows:], c.gone[gone:]} {
			for i := range list {
				v.row(&list[i])
			}
		}
	}
}

// autostarts returns the rows of a hive. The hive's problems include the damage.
func (h *hive) autostarts(opts ...registry.AutostartOption) []row {
	var rows []row
	for a, err := range registry.Autostarts(h.reader, append(opts, h.opts...)...) {
		if err != nil {
			continue
		}
		if h.packaged {
			a.Enabled, a.Off, a.OffFor, a.DoneFor, a.Undecided = false, cmp.Or(a.Off, "only programs of the package see this hive"), "", "", ""
		}
		rows = append(rows, newRow(a, h.source()))
	}
	return rows
}
