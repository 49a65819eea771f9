package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"time"
)

// A contender is a program with its arguments for an input.
type contender struct {
	name string
	path string // of the program, or "" if it is absent
	args func(input string) []string
	// counter makes the counter of the records in the output. It is nil if the
	// output cannot be counted; differs is then the reason.
	counter func() counter
	// differs is the reason why the number of records may differ from ours
	// although the work is comparable.
	differs string
	exit    int          // an exit code that means success too, if it is not 0
	before  func() error // prepares a run and is not timed; may be nil
}

func (c contender) argv(input string) []string { return append([]string{c.path}, c.args(input)...) }

// A contest gives the same work to our program and to its rivals.
type contest struct {
	name   string
	inputs made // one, or three in the ratio 1 : 4 : 16
	ours   contender
	rivals []contender
	note   string // about the input, or about work that is not quite the same
}

// made makes the inputs of a contest, or returns those that it made before.
type made func(context.Context) ([]input, error)

// An input is a file or folder and its size.
type input struct {
	path string
	size float64
	unit string
}

func (in input) String() string { return figure(in.size) + " " + in.unit }

// rules are the rules of contests.
type rules struct {
	rounds int           // measured rounds, after the first run
	limit  time.Duration // the longest that a run may take
	slow   time.Duration // a program whose first run took longer is measured once
}

// An outcome is the result of a contest. If there are three inputs, the figures are
// those of the middle one.
type outcome struct {
	Name    string   `json:"contest"`
	Input   string   `json:"input,omitempty"`
	Inputs  []string `json:"inputs,omitempty"` // for the growth
	Notes   []string `json:"notes,omitempty"`
	NotHeld string   `json:"not_held,omitempty"` // why there are no rows
	Rows    []row    `json:"rows,omitempty"`
}

// A row is one contender's figures.
type row struct {
	Program string `json:"program"`
	Records int    `json:"records"` // −1 if not counted
	// Failed is set if the contender is absent, dies, hangs, or prints output that
	// cannot be counted.
	Failed string `json:"failed,omitempty"`
	summary
	// Ratio is this contender's median over ours: above 1, ours is faster. It
	// is 0 for ours, and if the two did not do the same work.
	Ratio float64 `json:"ratio,omitempty"`
	// Growth is the exponent e of time = c · size^e over the three inputs, or 0 if
	// it was not measured.
	Growth float64         `json:"growth,omitempty"`
	Times  []time.Duration `json:"times_ns,omitempty"` // the shortest for each input
}

// hold holds a contest: it counts the records that each contender sees in the input,
// runs the race on this input, and then measures the growth. The only error is that
// of ctx.
func hold(ctx context.Context, c contest, r rules) (outcome, error) {
	out := outcome{Name: c.name}
	if c.note != "" {
		out.Notes = []string{c.note}
	}
	inputs, err := c.inputs(ctx)
	if ctx.Err() != nil {
		return out, context.Cause(ctx)
	}
	if err != nil {
		out.NotHeld = err.Error()
		return out, nil
	}
	middle := inputs[len(inputs)/2]
	out.Input = middle.String()
	all := append([]contender{c.ours}, c.rivals...)
	out.Rows = make([]row, len(all))
	first := make([]round, len(all))
	for i, who := range all {
		if first[i], err = enter(ctx, who, middle, r, &out.Rows[i]); err != nil {
			return out, err
		}
	}
	comparable := compare(&out, all)
	if err := race(ctx, all, middle, r, first, out.Rows); err != nil {
		return out, err
	}
	for i := range out.Rows[1:] {
		theirs, ours := &out.Rows[i+1], out.Rows[0]
		if comparable[i+1] && ours.Failed == "" && theirs.Failed == "" && ours.Median > 0 {
			theirs.Ratio = float64(theirs.Median) / float64(ours.Median)
		}
	}
	if len(inputs) < 3 {
		return out, nil
	}
	for _, in := range inputs {
		out.Inputs = append(out.Inputs, in.String())
	}
	return out, grow(ctx, all, inputs, r, out.Rows)
}

// enter runs a contender once, untimed, to count its records. It also warms the
// cache.
func enter(ctx context.Context, who contender, in input, r rules, into *row) (round, error) {
	into.Program, into.Records = who.name, -1
	if who.path == "" {
		into.Failed = "absent"
		return round{}, nil
	}
	var out io.Writer = io.Discard
	var counts counter
	if who.counter != nil {
		counts = who.counter()
		out = counts
	}
	first, err := run(ctx, who, who.argv(in.path), out, r.limit)
	if err == nil && counts != nil {
		if into.Records = counts.count(); into.Records < 0 {
			err = failure("prints nothing that can be counted")
		}
	}
	return first, failed(into, err)
}

// failed notes a failure in a row and returns any other error.
func failed(into *row, err error) error {
	var f failure
	if errors.As(err, &f) {
		into.Failed = f.Error()
		return nil
	}
	return err
}

// compare returns, for each contender, whether it did the same work as ours.
func compare(out *outcome, all []contender) []bool {
	same := make([]bool, len(all))
	ours := out.Rows[0]
	for i, who := range all {
		theirs := out.Rows[i]
		if theirs.Failed != "" {
			continue
		}
		same[i] = true
		switch {
		case i == 0 || theirs.Records >= 0 && theirs.Records == ours.Records:
		case who.differs != "":
			out.Notes = append(out.Notes, who.name+": "+who.differs)
		default:
			same[i] = false
			out.Notes = append(out.Notes, fmt.Sprintf("not comparable: %s %s, ours %s",
				who.name, seen(theirs.Records), seen(ours.Records)))
		}
	}
	return same
}

func seen(records int) string {
	if records < 0 {
		return "was not counted"
	}
	return fmt.Sprintf("sees %d records", records)
}

// race runs the contenders in alternation, so that other load on the machine affects
// all of them.
func race(ctx context.Context, all []contender, in input, r rules, first []round, rows []row) error {
	measured := make([][]round, len(all))
	for n := range r.rounds {
		for i, who := range all {
			if rows[i].Failed != "" || n > 0 && first[i].wall > r.slow {
				continue
			}
			got, err := run(ctx, who, who.argv(in.path), nil, r.limit)
			if err != nil {
				if err := failed(&rows[i], err); err != nil {
					return err
				}
				continue
			}
			measured[i] = append(measured[i], got)
		}
	}
	for i := range rows {
		rows[i].summary = summarize(measured[i])
		rows[i].Peak = max(rows[i].Peak, first[i].peak)
	}
	return nil
}

// grow measures the shortest time of each contender for each input. If a contender
// fails on another input, its figures for the middle one remain.
func grow(ctx context.Context, all []contender, inputs []input, r rules, rows []row) error {
	for i, who := range all {
		row := &rows[i]
		if row.Failed != "" {
			continue
		}
		var sizes []float64
		for k, in := range inputs {
			best := row.Min
			if k != len(inputs)/2 {
				var err error
				if best, err = shortest(ctx, who, in, r); err != nil {
					var f failure
					if !errors.As(err, &f) {
						return err
					}
					break
				}
			}
			sizes, row.Times = append(sizes, in.size), append(row.Times, best)
		}
		if e := exponent(sizes, row.Times); len(sizes) == len(inputs) && !math.IsNaN(e) {
			row.Growth = e
		}
	}
	return nil
}

// shortest returns the shortest time of three runs, after one that warms the cache.
// If that one is slow, it returns its time.
func shortest(ctx context.Context, who contender, in input, r rules) (time.Duration, error) {
	first, err := run(ctx, who, who.argv(in.path), nil, r.limit)
	if err != nil || first.wall > r.slow {
		return first.wall, err
	}
	best := time.Duration(math.MaxInt64)
	for range min(3, r.rounds) {
		got, err := run(ctx, who, who.argv(in.path), nil, r.limit)
		if err != nil {
			return 0, err
		}
		best = min(best, got.wall)
	}
	return best, nil
}

// without returns a function that removes what an earlier run of a program left.
func without(name string) func() error {
	return func() error { return os.RemoveAll(name) }
}
