package main

import (
	"fmt"
	"path"
	"strings"
)

// tables presents the figures of a house beside those of the models.
func (h *house) tables(models []model, up bool) []table {
	tables := []table{h.roomTable(), fileTable(h.packages, models), nameTable(h.packages, models), h.commentTable(models)}
	if up {
		tables = append(tables, upTable(h.packages))
	}
	return tables
}

func (h *house) roomTable() table {
	t := table{title: "Arrows between rooms", texts: 2, head: []string{"", "drawn by", "arrows"}}
	up := 0
	for _, a := range h.rooms {
		if a.up {
			up++
		}
	}
	t.add("all", "", len(h.rooms))
	t.add("back up", "", up)
	for _, a := range h.rooms {
		if a.up {
			t.add(fmt.Sprintf("  %s → %s", a.from, a.to), strings.Join(a.by, " "), 1)
		}
	}
	return t
}

func fileTable(packages []packageFigures, models []model) table {
	t := table{title: "Files of a package that use each other", texts: 1,
		head: []string{"package", "level", "files", "arrows", "two-way", "up", "names", "names up"}}
	add := func(p packageFigures, level any) {
		if f := p.graph.figures(); f.files > 1 {
			t.add(p.name, level, f.files, f.arrows, f.pairs, f.up, f.names, f.namesUp)
		}
	}
	for _, p := range packages {
		add(p, p.level)
	}
	for _, m := range models {
		add(m.packageFigures, "")
	}
	return t
}

func nameTable(packages []packageFigures, models []model) table {
	t := table{title: "Exported names", texts: 1,
		head: []string{"package", "types", "funcs", "methods", "subtotal", "fields", "consts", "vars", "all"}}
	add := func(p packageFigures) {
		if e := p.exported; !p.program && !strings.Contains("/"+p.name, "/internal/") {
			t.add(p.name, e.types, e.funcs, e.methods, e.types+e.funcs+e.methods, e.fields, e.consts, e.vars, e.total())
		}
	}
	for _, p := range packages {
		add(p)
	}
	for _, m := range models {
		add(m.packageFigures)
	}
	return t
}

func (h *house) commentTable(models []model) table {
	t := table{title: "Comment lines with a pattern: how many, and per 1,000", texts: 1, head: []string{"", "lines"}}
	for _, p := range patterns {
		t.head = append(t.head, p.name, "‰")
	}
	add := func(name string, h habits) {
		cells := []any{name, h.lines}
		for i := range patterns {
			cells = append(cells, h.with[i], h.per1000(i))
		}
		t.add(cells...)
	}
	add("this module", h.code)
	add("its tests", h.tests)
	var all habits
	for _, m := range models {
		add(m.name, m.habits)
		all.add(m.habits)
	}
	add("these models", all)
	return t
}

func upTable(packages []packageFigures) table {
	t := table{title: "Arrows between files that run back up, and the names that they take", texts: 1,
		head: []string{"", "names"}}
	for _, p := range packages {
		for _, a := range p.graph.upward() {
			t.add(path.Join(p.name, a.from)+" → "+a.to, a.names)
		}
	}
	return t
}
