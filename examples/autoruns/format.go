package main

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/show"
)

// newWriter returns the function that writes all rows in a format.
func newWriter(format string, w io.Writer) (func([]row) error, error) {
	switch format {
	case "text":
		return func(rows []row) error { return writeText(w, rows) }, nil
	case "jsonl":
		return func(rows []row) error { return writeJSON(w, rows) }, nil
	case "csv":
		return func(rows []row) error { return writeCSV(w, rows) }, nil
	}
	return nil, cli.Usagef("format %q: want one of text, jsonl, csv", format)
}

func writeJSON(w io.Writer, rows []row) error {
	for i := range rows {
		line, err := show.JSONLine(&rows[i])
		if err == nil {
			_, err = w.Write(line)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writeCSV writes the fields of jsonl.
func writeCSV(w io.Writer, rows []row) error {
	c := csv.NewWriter(w)
	cells := make([]string, len(fields))
	for i := range fields {
		cells[i] = fields[i].name
	}
	err := c.Write(cells)
	for i := range rows {
		if err != nil {
			return err
		}
		for f := range fields {
			cells[f] = show.Cell(fields[f].of(&rows[i]))
		}
		err = c.Write(cells)
	}
	c.Flush()
	if err != nil {
		return err
	}
	return c.Error()
}

// writeText writes the rows, grouped by hive and location.
func writeText(w io.Writer, rows []row) error {
	hive, location := "", ""
	for i := range rows {
		r := &rows[i]
		if r.Hive != hive || i == 0 {
			hive, location = r.Hive, ""
			if _, err := fmt.Fprintf(w, "%s\n", show.Text(r.Hive)); err != nil {
				return err
			}
		}
		if r.Location != location {
			location = r.Location
			fmt.Fprintf(w, "  %s  %s\n", show.Text(r.Location), r.LastWrite)
		}
		if _, err := io.WriteString(w, r.text()); err != nil {
			return err
		}
	}
	return nil
}

// text returns the lines of a row below those of its hive and location.
func (r *row) text() string {
	var b strings.Builder
	line := func(label, value string) { fmt.Fprintf(&b, "      %s %s\n", label, show.Text(value)) }
	what := r.Category
	if r.State != "" {
		what = r.State + " " + what
	}
	if !r.Enabled && r.State != stateDeleted {
		what += ", disabled"
	}
	fmt.Fprintf(&b, "    [%s] %s", what, show.Text(r.Name))
	if r.Offset >= 0 {
		fmt.Fprintf(&b, " @%#x", r.Offset)
	}
	fmt.Fprintf(&b, "\n      %s\n", show.Text(r.Command))
	if r.Path != "" && (r.Path != r.Command || r.Use != "runs") {
		line(cmp.Or(r.Use, "runs"), r.Path)
	}
	if r.Hosted != "" && r.Hosted != r.ServiceDll {
		line("hosts", r.Hosted)
	}
	for i := range fields {
		if f := &fields[i]; f.label != "" {
			for _, value := range f.lines(r) {
				line(f.label, value)
			}
		}
	}
	return b.String()
}
