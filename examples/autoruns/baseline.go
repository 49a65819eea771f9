package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"regexp"

	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// identity identifies an autostart across two states of a machine.
type identity struct{ category, location, name, user string }

var controlSet = regexp.MustCompile(`^CONTROLSET\d{3}\\`)

func (r row) identity() identity {
	return identity{
		r.Category,
		controlSet.ReplaceAllString(winpath.FoldName(r.Location), `CONTROLSET\`),
		winpath.FoldName(r.Name),
		winpath.FoldName(r.User),
	}
}

// same reports whether two rows with the same identity are equal in everything
// that a baseline compares.
func (r row) same(other row) bool {
	return r.Command == other.Command && r.Path == other.Path && r.Enabled == other.Enabled && r.Hidden == other.Hidden && r.Differs == other.Differs
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
	of   map[identity][]int // indices of rows not yet matched; one value may hold several commands
}

// readBaseline reads the output of -format jsonl.
func readBaseline(name string) (*baseline, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := &baseline{of: map[identity][]int{}}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for n := 1; lines.Scan(); n++ {
		var r row
		if len(lines.Bytes()) == 0 {
			continue
		}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w (want the output of -format jsonl)", name, n, err)
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
		if again := r.asRead(); !b.take(again.identity(), again.same) {
			rest = append(rest, r)
		}
	}
	for i, r := range rest {
		rest[i].State = "new"
		if b.take(r.asRead().identity(), func(row) bool { return true }) {
			rest[i].State = "changed"
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
			r.State = "gone"
			rest = append(rest, r)
		}
	}
	return rest
}

// take removes the first row of an identity for which fits returns true, and
// reports whether it found one.
func (b *baseline) take(id identity, fits func(row) bool) bool {
	indices := b.of[id]
	for n, i := range indices {
		if fits(b.rows[i]) {
			b.of[id] = append(indices[:n:n], indices[n+1:]...)
			return true
		}
	}
	return false
}
