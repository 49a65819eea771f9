package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/child"
)

// A rule makes two spellings of one value equal. It is applied only where the
// values differ, and then named in the report.
type rule struct {
	name  string
	apply func(value string) string
}

var rules = map[string][]rule{
	"evtx":     eventRules,
	"registry": hiveRules,
	"mft":      mftRules,
	"pe":       peRules,
}

// A disagreement is one thing that two parsers do not say alike.
type disagreement struct {
	Artifact string `json:"artifact"`
	Format   string `json:"format"`
	Rival    string `json:"rival"`
	Class    string `json:"class"` // "only ours", "only theirs", "different value", and the fates of a child
	Record   string `json:"record,omitempty"`
	Offset   int64  `json:"offset"` // of the record in the artifact, in bytes; −1 unknown
	Field    string `json:"field,omitempty"`
	Ours     string `json:"ours,omitempty"`
	Theirs   string `json:"theirs,omitempty"`
}

// A row sums up one artifact.
type row struct {
	artifact, format, rival string
	compared, agreed        int // fields, of records that both have
	onlyOurs, onlyTheirs    int // records
	fates                   []string
}

// A class is a kind of disagreement over all artifacts.
type class struct {
	format, rival, class, field string
	count                       int
	example                     disagreement
}

type classKey struct{ format, rival, class, field string }

type checker struct {
	limits  child.Limits
	self    string
	procs   map[string]*child.Process
	rows    []row
	classes map[classKey]*class
	needed  map[string]map[string]int // format → rule → fields it was needed for
	each    func(disagreement) error
}

func newChecker(limits child.Limits) (*checker, error) {
	self, err := os.Executable()
	return &checker{
		limits: limits, self: self, procs: map[string]*child.Process{},
		classes: map[classKey]*class{}, needed: map[string]map[string]int{},
		each: func(disagreement) error { return nil },
	}, err
}

func (c *checker) close() {
	for _, p := range c.procs {
		p.Close()
	}
}

func (c *checker) process(parser string) *child.Process {
	p, ok := c.procs[parser]
	if !ok {
		p = child.New(c.self, "-child", parser)
		c.procs[parser] = p
	}
	return p
}

// reading is what one parser says of an artifact.
type reading struct {
	records map[string]child.Record
	order   []string
	fate    string // empty: it read to the end without a word
}

func (c *checker) read(ctx context.Context, parser string, a artifact) (reading, error) {
	r := reading{records: map[string]child.Record{}}
	reply, err := c.process(parser).Ask(ctx, child.Request{Format: a.format, Path: a.path}, c.limits, func(rec child.Record) {
		// The first record of a key speaks for it.
		if _, ok := r.records[rec.Key]; !ok {
			r.records[rec.Key] = rec
			r.order = append(r.order, rec.Key)
		}
	})
	switch {
	case err != nil:
		return r, err
	case reply.Fate == child.Died:
		r.fate = parser + " died: " + firstLine(reply.Stderr)
	case reply.Fate != child.Answered:
		r.fate = fmt.Sprintf("%s was stopped: %s after %v, %d MiB", parser, reply.Fate, reply.Wall.Round(1e6), reply.Peak>>20)
	case reply.Error != "":
		r.fate = parser + ": " + reply.Error
	}
	return r, nil
}

// artifact compares both readings of one artifact.
func (c *checker) artifact(ctx context.Context, a artifact) error {
	rival, ok := rivals[a.format]
	if !ok {
		return nil
	}
	mine, err := c.read(ctx, ours, a)
	if err != nil {
		return err
	}
	theirs, err := c.read(ctx, rival, a)
	if err != nil {
		return err
	}
	r := row{artifact: a.name, format: a.format, rival: rival}
	report := func(class, record string, offset int64, field, ourValue, theirValue string) error {
		d := disagreement{a.name, a.format, rival, class, record, offset, field, ourValue, theirValue}
		c.count(d)
		return c.each(d)
	}
	for _, fate := range []string{mine.fate, theirs.fate} {
		if fate != "" {
			r.fates = append(r.fates, fate)
			if err := report("fate", "", -1, fate, "", ""); err != nil {
				return err
			}
		}
	}
	for _, key := range mine.order {
		m := mine.records[key]
		t, ok := theirs.records[key]
		if !ok {
			r.onlyOurs++
			if err := report("only ours", key, m.Offset, "", "", ""); err != nil {
				return err
			}
			continue
		}
		if err := c.fields(a, &r, m, t, report); err != nil {
			return err
		}
	}
	for _, key := range theirs.order {
		if _, ok := mine.records[key]; !ok {
			r.onlyTheirs++
			if err := report("only theirs", key, theirs.records[key].Offset, "", "", ""); err != nil {
				return err
			}
		}
	}
	c.rows = append(c.rows, r)
	return nil
}

type reporter func(class, record string, offset int64, field, ours, theirs string) error

// fields compares the fields of one record. Where a name repeats, the values
// are compared in their order.
func (c *checker) fields(a artifact, r *row, m, t child.Record, report reporter) error {
	mine, theirs := byName(m.Fields), byName(t.Fields)
	for _, name := range slices.Sorted(maps.Keys(merged(mine, theirs))) {
		mv, tv := mine[name], theirs[name]
		for i := range max(len(mv), len(tv)) {
			r.compared++
			var err error
			switch {
			case i >= len(tv):
				err = report("field only ours", m.Key, m.Offset, name, mv[i], "")
			case i >= len(mv):
				err = report("field only theirs", m.Key, m.Offset, name, "", tv[i])
			case c.equal(a.format, mv[i], tv[i]):
				r.agreed++
			default:
				err = report("different value", m.Key, m.Offset, name, mv[i], tv[i])
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// equal compares two values, by the rules of the format where it must.
func (c *checker) equal(format, mine, theirs string) bool {
	if mine == theirs {
		return true
	}
	for _, r := range rules[format] {
		m, t := r.apply(mine), r.apply(theirs)
		if m == mine && t == theirs {
			continue
		}
		mine, theirs = m, t
		if mine == theirs {
			if c.needed[format] == nil {
				c.needed[format] = map[string]int{}
			}
			c.needed[format][r.name]++
			return true
		}
	}
	return false
}

func (c *checker) count(d disagreement) {
	key := classKey{d.Format, d.Rival, d.Class, fieldClass(d)}
	k, ok := c.classes[key]
	if !ok {
		k = &class{key.format, key.rival, key.class, key.field, 0, d}
		c.classes[key] = k
	}
	k.count++
}

// fieldClass is what disagreements are counted by: the field; of a hive, whose
// field names are the evidence's own, only the kind of field.
func fieldClass(d disagreement) string {
	if d.Format == "registry" && len(d.Field) > 6 && d.Field[:6] == "value " {
		return "value"
	}
	return d.Field
}

func (c *checker) sortedClasses() []*class {
	return slices.SortedFunc(maps.Values(c.classes), func(a, b *class) int {
		return cmp.Or(cmp.Compare(a.format, b.format), cmp.Compare(b.count, a.count), cmp.Compare(a.class, b.class), cmp.Compare(a.field, b.field))
	})
}

func byName(fields []child.Field) map[string][]string {
	m := make(map[string][]string, len(fields))
	for _, f := range fields {
		m[f.Name] = append(m[f.Name], f.Value)
	}
	return m
}

func merged(a, b map[string][]string) map[string]bool {
	names := make(map[string]bool, len(a)+len(b))
	for n := range a {
		names[n] = true
	}
	for n := range b {
		names[n] = true
	}
	return names
}
