package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// identity identifies an autostart across two states of a machine.
type identity struct{ category, location, name, user string }

var controlSet = regexp.MustCompile(`^CONTROLSET\d{3}\\`)

func (r *row) identity() identity {
	return identity{
		r.Category,
		controlSet.ReplaceAllString(winpath.FoldName(r.Location), `CONTROLSET\`),
		winpath.FoldName(r.Name),
		winpath.FoldName(r.User),
	}
}

// changes returns the fields in which a row differs from an earlier one with the same
// identity.
func (r *row) changes(earlier *row) (list []change) {
	for i := range fields {
		f := &fields[i]
		before, after := f.of(earlier), f.of(r)
		switch {
		case f.base == "identity", f.base == "never", before == after:
		case f.base == "both" && (before == "" || after == ""): // only one run had -verify
		case f.base == "service" && (r.Group == nil || earlier.Group == nil): // an earlier version wrote one
		default:
			list = append(list, change{f.name, before, after})
		}
	}
	return list
}

// asRead returns the row as it would be read from a baseline: a JSON decoder
// replaces halves of surrogate pairs.
func (r row) asRead() row {
	again := row{}
	if line, err := show.JSONLine(r); err != nil || json.Unmarshal(line, &again) != nil {
		return r
	}
	return again
}

// baseline is an earlier state of a machine.
type baseline struct {
	rows []row
	of   map[identity][]int   // indices of rows not yet matched; one value may hold several commands
	held map[placeOfRows]bool // what the evidence holds of it
}

func newBaseline(rows []row) *baseline {
	b := &baseline{of: map[identity][]int{}, held: map[placeOfRows]bool{}}
	for _, r := range rows {
		b.add(r)
	}
	return b
}

// isOutput reports whether a file is the output of -format jsonl, which is empty for a
// machine without autostarts, and not evidence.
func isOutput(name string) bool {
	st, err := os.Stat(name)
	if err != nil || !st.Mode().IsRegular() {
		return false
	}
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	first := make([]byte, 1)
	_, err = io.ReadFull(f, first)
	return err != nil || first[0] == '{'
}

// readBaseline reads the output of -format jsonl.
func readBaseline(p *cli.Program, name string) (*baseline, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := newBaseline(nil)
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	warned := false
	for n := 1; lines.Scan(); n++ {
		var r row
		if len(lines.Bytes()) == 0 {
			continue
		}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w (want the output of -format jsonl)", name, n, err)
		}
		switch r.State {
		case stateDeleted: // was not in effect then either
			continue
		case stateNew, stateChanged, stateGone, stateNotCompared:
			return nil, fmt.Errorf("%s: line %d: the state is %s: want the output of a run without -baseline", name, n, r.State)
		}
		var old struct{ Use *string }
		json.Unmarshal(lines.Bytes(), &old)
		switch {
		case warned:
		case old.Use == nil:
			p.Problem(fmt.Sprintf("%s: line %d: an earlier version wrote it: what it did not write counts as empty", name, n))
			warned = true
		case r.isService() && r.Group == nil:
			p.Problem(fmt.Sprintf("%s: line %d: an earlier version wrote it: settings of services that it did not write, such as group and changers, are not compared", name, n))
			warned = true
		}
		b.add(r)
	}
	return b, lines.Err()
}

func (b *baseline) add(r row) {
	b.of[r.identity()] = append(b.of[r.identity()], len(b.rows))
	b.rows = append(b.rows, r)
}

// compare returns the rows that are new or changed, then those that are gone.
func (b *baseline) compare(rows []row) []row {
	var rest []row
	for _, r := range rows {
		if again := r.asRead(); b.take(&again, true) == nil {
			rest = append(rest, r)
		}
	}
	for i := range rest {
		r := &rest[i]
		r.State = stateNew
		again := r.asRead()
		if earlier := b.take(&again, false); earlier != nil {
			r.State, r.Changed = stateChanged, again.changes(earlier)
		}
	}
	left := make([]bool, len(b.rows))
	for _, indices := range b.of {
		for _, i := range indices {
			left[i] = true
		}
	}
	for i, r := range b.rows {
		if left[i] {
			r.State = stateGone
			rest = append(rest, r)
		}
	}
	return rest
}

// take removes the first row with the identity of another and returns it, or nil. If
// equal is set, it takes only one that does not differ.
func (b *baseline) take(r *row, equal bool) *row {
	id := r.identity()
	indices := b.of[id]
	for n, i := range indices {
		if !equal || len(r.changes(&b.rows[i])) == 0 {
			b.of[id] = append(indices[:n:n], indices[n+1:]...)
			return &b.rows[i]
		}
	}
	return nil
}
