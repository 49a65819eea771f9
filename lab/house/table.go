package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// table is a title, a head and rows. The first column names the row. The first
// texts columns are text, the others are figures.
type table struct {
	title string
	texts int
	head  []string
	rows  [][]string
}

func (t *table) add(cells ...any) {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = fmt.Sprint(c)
		if f, ok := c.(float64); ok {
			row[i] = fmt.Sprintf("%.1f", f)
		}
	}
	t.rows = append(t.rows, row)
}

// compare returns now, with "before → now" in every cell that differs. If only one
// of the tables has a row, the other's cells are dashes.
func compare(before, now table) table {
	result := now
	result.rows = nil
	for _, r := range now.rows {
		b, _ := before.row(r[0])
		result.rows = append(result.rows, arrows(b, r))
	}
	for _, b := range before.rows {
		if r, ok := now.row(b[0]); !ok {
			result.rows = append(result.rows, arrows(b, r))
		}
	}
	return result
}

// row returns the row of a name and whether there is one. If not, the cells are
// dashes.
func (t *table) row(name string) ([]string, bool) {
	for _, r := range t.rows {
		if r[0] == name {
			return r, true
		}
	}
	return append([]string{name}, slices.Repeat([]string{"–"}, len(t.head)-1)...), false
}

func arrows(before, now []string) []string {
	cells := slices.Clone(now)
	for i := range cells {
		if before[i] != now[i] {
			cells[i] = before[i] + " → " + now[i]
		}
	}
	return cells
}

// write prints the table, with text aligned to the left and figures to the right.
func (t *table) write(w io.Writer, markdown bool) error {
	title, left, between, right := t.title, "", "  ", ""
	rows := append([][]string{t.head}, t.rows...)
	if markdown {
		title, left, between, right = "### "+t.title, "| ", " | ", " |"
		rule := slices.Repeat([]string{"---:"}, len(t.head))
		copy(rule, slices.Repeat([]string{"---"}, t.texts))
		rows = slices.Insert(rows, 1, rule)
	}
	widths := make([]int, len(t.head))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", title)
	for _, row := range rows {
		cells := slices.Clone(row)
		for i, cell := range cells {
			fill := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i < t.texts {
				cells[i] = cell + fill
			} else {
				cells[i] = fill + cell
			}
		}
		fmt.Fprintln(&b, strings.TrimRight(left+strings.Join(cells, between)+right, " "))
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}
