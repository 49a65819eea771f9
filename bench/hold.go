package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"time"
)

// The outcome of a contest.
type outcome struct {
	Name  string `json:"contest"`
	Input string `json:"input"`
	Note  string `json:"note,omitempty"`
	Rows  []row  `json:"rows"`
}

// A row is one contender's figures on the largest input.
type row struct {
	Program string  `json:"program"`
	Records int     `json:"records"` // −1: not counted
	Failed  string  `json:"failed,omitempty"`
	Summary summary `json:"summary"`
	// Ratio is this contender's median over ours: above 1, ours is faster.
	Ratio float64 `json:"ratio,omitempty"`
	// Growth is the exponent e of time = c · size^e over all inputs; 0 where
	// there is one input only.
	Growth float64 `json:"growth,omitempty"`
}

// hold checks that all sides see the same records in the largest input, runs
// the race there, and then measures growth over the smaller inputs.
func hold(ctx context.Context, c contest, rounds int, limit time.Duration) outcome {
	largest := c.inputs[len(c.inputs)-1]
	out := outcome{Name: c.name, Note: c.note, Input: fmt.Sprintf("%.4g %s", largest.size, largest.unit)}
	all := append([]contender{c.ours}, c.rivals...)
	out.Rows = make([]row, len(all))
	var argvs [][]string
	var racing []int
	for i, who := range all {
		r := &out.Rows[i]
		r.Program, r.Records = who.name, -1
		argv := who.argv(largest.path)
		if argv[0] == "" {
			r.Failed = "absent"
			continue
		}
		n, err := countOnce(ctx, who, argv, limit)
		if err != nil {
			r.Failed = err.Error()
			continue
		}
		r.Records = n
		if ours := out.Rows[0].Records; i > 0 && n >= 0 && ours >= 0 && n != ours {
			out.Note = sentence(out.Note, fmt.Sprintf("%s sees %d records, ours %d", who.name, n, ours))
		}
		argvs, racing = append(argvs, argv), append(racing, i)
	}
	sums, errs := compete(ctx, rounds, limit, argvs...)
	for k, i := range racing {
		r := &out.Rows[i]
		r.Summary = sums[k]
		if errs[k] != nil {
			r.Failed = errs[k].Error()
		}
	}
	if ours := out.Rows[0].Summary.Median; ours > 0 {
		for i := range out.Rows[1:] {
			out.Rows[i+1].Ratio = float64(out.Rows[i+1].Summary.Median) / float64(ours)
		}
	}
	for _, i := range racing {
		out.Rows[i].Growth = growth(ctx, all[i], c.inputs, out.Rows[i], limit)
	}
	return out
}

// countOnce runs a contender for its output, which also warms the cache.
func countOnce(ctx context.Context, who contender, argv []string, limit time.Duration) (int, error) {
	var buf bytes.Buffer
	if _, err := run(ctx, argv, &buf, limit); err != nil {
		return -1, err
	}
	if who.count == nil {
		return -1, nil
	}
	return who.count(buf.Bytes()), nil
}

func growth(ctx context.Context, who contender, inputs []input, largest row, limit time.Duration) float64 {
	if len(inputs) < 2 || largest.Failed != "" {
		return 0
	}
	var sizes []float64
	var times []time.Duration
	for _, in := range inputs[:len(inputs)-1] {
		sums, errs := compete(ctx, 3, limit, who.argv(in.path))
		if errs[0] != nil || sums[0].Min == 0 {
			return 0
		}
		sizes, times = append(sizes, in.size), append(times, sums[0].Min)
	}
	sizes = append(sizes, inputs[len(inputs)-1].size)
	times = append(times, largest.Summary.Min)
	if e := exponent(sizes, times); !math.IsNaN(e) {
		return e
	}
	return 0
}

func sentence(parts ...string) string {
	var b bytes.Buffer
	for _, p := range parts {
		if p == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("; ")
		}
		b.WriteString(p)
	}
	return b.String()
}
