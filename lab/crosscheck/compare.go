package main

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// The classes of disagreement.
const (
	onlyOurs        = "only ours"         // a record
	onlyTheirs      = "only theirs"       // a record
	fieldOnlyOurs   = "field only ours"   // of a record that both have
	fieldOnlyTheirs = "field only theirs" //
	differentValue  = "different value"   //
	fate            = "fate"              // a parser failed: see child.Fate
)

// A disagreement is a single difference between two parsers.
type disagreement struct {
	Artifact string `json:"artifact"`
	Format   string `json:"format"`
	Rival    string `json:"rival"`
	Class    string `json:"class"`
	Record   string `json:"record"`
	Offset   int64  `json:"offset"` // of the record in the artifact, in bytes; −1 if unknown
	Field    string `json:"field,omitempty"`
	Ours     string `json:"ours,omitempty"`
	Theirs   string `json:"theirs,omitempty"`
	Text     string `json:"text,omitempty"` // of a fate
}

// A row sums up one artifact.
type row struct {
	Artifact   string   `json:"artifact"`
	Format     string   `json:"format"`
	Rival      string   `json:"rival"`
	Records    int      `json:"records"` // that both have
	OnlyOurs   int      `json:"only_ours"`
	OnlyTheirs int      `json:"only_theirs"`
	Fields     int      `json:"fields"` // of the records that both have
	Agreed     int      `json:"agreed"`
	Fates      []string `json:"fates,omitempty"`
}

// A class is a kind of disagreement over all artifacts, with the first of them.
type class struct {
	count int
	disagreement
}

type classKey struct{ format, class, field string }

type checker struct {
	limits  child.Limits
	command func(parser string) []string // starts a child
	parsers map[string]parser
	rivals  map[string]string
	each    func(disagreement) error

	procs   map[string]*child.Process
	rows    []row
	classes map[classKey]*class
	needed  map[string]map[string]int // format → rule → number of fields that needed it
}

func newChecker(limits child.Limits, command func(parser string) []string) *checker {
	return &checker{
		limits: limits, command: command, parsers: parsers, rivals: rivals,
		each:  func(disagreement) error { return nil },
		procs: map[string]*child.Process{}, classes: map[classKey]*class{}, needed: map[string]map[string]int{},
	}
}

// close ends all children.
func (c *checker) close() {
	for _, p := range c.procs {
		p.Close()
	}
}

func (c *checker) process(parser string) *child.Process {
	p, ok := c.procs[parser]
	if !ok {
		p = child.New(c.command(parser)...)
		c.procs[parser] = p
	}
	return p
}

// A comparison compares the readings of one artifact.
type comparison struct {
	*checker
	row
}

// artifact compares both readings of one artifact.
func (c *checker) artifact(ctx context.Context, a artifact) error {
	rival, ok := c.rivals[a.format]
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
	k := comparison{c, row{Artifact: a.name, Format: a.format, Rival: rival, Fates: slices.Concat(mine.fates, theirs.fates)}}
	err = k.compare(&mine, &theirs)
	c.rows = append(c.rows, k.row)
	return err
}

func (k *comparison) compare(mine, theirs *reading) error {
	for _, text := range k.Fates {
		if err := k.report(disagreement{Class: fate, Offset: -1, Text: text}); err != nil {
			return err
		}
	}
	found := make([]bool, len(theirs.records))
	for _, m := range mine.records {
		i, ok := theirs.find(m)
		if !ok || found[i] {
			k.OnlyOurs++
			if err := k.report(disagreement{Class: onlyOurs, Record: m.key, Offset: m.offset}); err != nil {
				return err
			}
			continue
		}
		found[i] = true
		k.Records++
		if err := k.fields(m, theirs.records[i]); err != nil {
			return err
		}
	}
	for i, t := range theirs.records {
		if found[i] {
			continue
		}
		k.OnlyTheirs++
		if err := k.report(disagreement{Class: onlyTheirs, Record: t.key, Offset: t.offset}); err != nil {
			return err
		}
	}
	return nil
}

// fields compares the fields of one record.
func (k *comparison) fields(m, t entry) error {
	if m.fields == t.fields { // most are
		for _, values := range unpack(m.fields) {
			k.Fields, k.Agreed = k.Fields+len(values), k.Agreed+len(values)
		}
		return nil
	}
	mine, theirs := unpack(m.fields), unpack(t.fields)
	names := maps.Clone(mine)
	maps.Copy(names, theirs)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		mv, tv := mine[name], theirs[name]
		pairs := align(len(mv), len(tv), func(i, j int) bool {
			_, equal := needed(k.Format, mv[i], tv[j])
			return equal
		})
		for _, p := range pairs {
			k.Fields++
			d := disagreement{Record: m.key, Offset: m.offset, Field: name}
			switch {
			case p[1] == none:
				d.Class, d.Ours = fieldOnlyOurs, mv[p[0]]
			case p[0] == none:
				d.Class, d.Theirs = fieldOnlyTheirs, tv[p[1]]
			default:
				d.Class, d.Ours, d.Theirs = differentValue, mv[p[0]], tv[p[1]]
			}
			if len(mv) == 0 || len(tv) == 0 {
				if d.Ours+d.Theirs == "" {
					k.need(emptyAsNone)
					k.Agreed++
					continue
				}
			} else if d.Class == differentValue && k.equal(d) {
				k.Agreed++
				continue
			}
			if err := k.report(d); err != nil {
				return err
			}
		}
	}
	return nil
}

// equal compares two values. If they differ, it applies the rules of the format.
func (k *comparison) equal(d disagreement) bool {
	names, equal := needed(k.Format, d.Ours, d.Theirs)
	for _, name := range names {
		k.need(name)
	}
	return equal
}

// need notes that a rule was needed.
func (k *comparison) need(rule string) {
	if k.needed[k.Format] == nil {
		k.needed[k.Format] = map[string]int{}
	}
	k.needed[k.Format][rule]++
}

func (k *comparison) report(d disagreement) error {
	d.Artifact, d.Format, d.Rival = k.Artifact, k.Format, k.Rival
	key := classKey{d.Format, d.Class, fieldClass(d)}
	if k.classes[key] == nil {
		k.classes[key] = &class{0, d}
	}
	k.classes[key].count++
	return k.each(d)
}

// fieldClass returns the name under which a disagreement is counted: the field or, if
// the names of fields come from the evidence, the kind of field.
func fieldClass(d disagreement) string {
	switch d.Format {
	case "evtx":
		if part, _, ok := strings.Cut(d.Field, "/"); ok && part != "System" {
			return part + "/…"
		}
	case "pe":
		for _, kind := range []string{"import of ", "version "} {
			if strings.HasPrefix(d.Field, kind) {
				return kind + "…"
			}
		}
	}
	return d.Field
}

// sortedClasses returns all classes except fates, by format, the most frequent first.
func (c *checker) sortedClasses() []*class {
	var list []*class
	for _, k := range c.classes {
		if k.Class != fate {
			list = append(list, k)
		}
	}
	slices.SortFunc(list, func(a, b *class) int {
		return cmp.Or(cmp.Compare(a.Format, b.Format), cmp.Compare(b.count, a.count),
			cmp.Compare(a.Class, b.Class), cmp.Compare(a.Field, b.Field))
	})
	return list
}
