package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/birthmark-dfir/birthmark/internal/show"
)

// writer writes rows in a format.
type writer struct {
	begin func(w io.Writer) error
	write func(w io.Writer, rows []row) error
}

// formats are the values of -format.
var formats = map[string]writer{
	"text":  {nothing, text},
	"jsonl": {nothing, jsonLines},
	"csv":   {csvHeader, csvLines},
}

func nothing(io.Writer) error { return nil }

// text writes the evidence, then a table of its volumes with their shadow copies, and one
// of the artifacts. What cannot be read follows.
func text(w io.Writer, rows []row) error {
	for _, table := range []struct {
		head  string
		types string
		cells func(r row) []string
	}{
		{"", "evidence", func(r row) []string {
			cells := []string{r.Name, r.What}
			if r.Size > 0 {
				cells = append(cells, sizeText(r.Size))
			}
			if r.Machine != "" {
				cells = append(cells, "machine "+r.Machine)
			}
			return cells
		}},
		{"VOLUME\tDRIVE\tFILE SYSTEM\tOFFSET\tSIZE\tCREATED, LABEL", "volume snapshot", func(r row) []string {
			return []string{on(r.Machine, r.Name), r.Letter, r.What, fmt.Sprint(r.Offset), sizeText(r.Size), r.Created + r.Label}
		}},
		{"ARTIFACTS\tCOUNT\tSIZE\tPATH", "artifacts", func(r row) []string {
			return []string{r.Name, fmt.Sprint(r.Count), sizeText(r.Size), r.Path}
		}},
		{"NOT READ", "unread", func(r row) []string { return []string{r.Unread} }},
	} {
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		first := true
		for _, r := range rows {
			if !strings.Contains(table.types, r.Type) && !(table.types == "unread" && r.Unread != "") {
				continue
			}
			if first && table.head != "" {
				fmt.Fprintf(t, "\n%s\n", table.head)
			}
			first = false
			cells := table.cells(r)
			for len(cells) > 0 && cells[len(cells)-1] == "" {
				cells = cells[:len(cells)-1]
			}
			for i := range cells {
				cells[i] = show.Text(cells[i])
			}
			fmt.Fprintln(t, strings.Join(cells, "\t"))
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// on puts the name of a machine before that of its volume.
func on(machine, name string) string {
	if machine == "" || strings.HasPrefix(name, machine) {
		return name
	}
	return machine + ": " + name
}

// sizeText formats a size for people.
func sizeText(n int64) string {
	const units = "KMGTPE"
	f, unit := float64(n), ""
	for i := 0; i < len(units) && f >= 1024; i++ {
		f, unit = f/1024, units[i:i+1]
	}
	if unit == "" {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %siB", f, unit)
}

func jsonLines(w io.Writer, rows []row) error {
	for _, r := range rows {
		line, err := show.JSONLine(r)
		if err != nil {
			return err
		}
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

func csvHeader(w io.Writer) error {
	_, err := fmt.Fprintln(w, "type,name,volume,machine,letter,what,label,offset,size,count,path,created,unread")
	return err
}

func csvLines(w io.Writer, rows []row) error {
	c := csv.NewWriter(w)
	for _, r := range rows {
		cells := []string{r.Type, r.Name, r.Volume, r.Machine, r.Letter, r.What, r.Label, strconv.FormatInt(r.Offset, 10),
			strconv.FormatInt(r.Size, 10), strconv.Itoa(r.Count), r.Path, r.Created, r.Unread}
		for i := range cells {
			cells[i] = show.Cell(cells[i])
		}
		if err := c.Write(cells); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}
