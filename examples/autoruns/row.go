package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/registry"
)

// row is an autostart as it is printed.
type row struct {
	Category  string `json:"category"`
	Location  string `json:"location"`
	Name      string `json:"name"`
	Command   string `json:"command"`
	Path      string `json:"path"`
	Enabled   bool   `json:"enabled"`
	User      string `json:"user"`
	LastWrite string `json:"last_write"`      // RFC 3339 in UTC with 100 ns, or "" if unset
	Hive      string `json:"hive"`            // or the file of a task, or in a startup folder
	Offset    int64  `json:"offset"`          // -1 in a file of its own
	State     string `json:"state,omitempty"` // hidden; with a baseline: new, changed, gone; with -deleted: deleted
	Found     string `json:"found,omitempty"` // of what is deleted: where it was found, and how sure it is

	Hidden  string `json:"hidden,omitempty"`  // of a task of the registry: why the tools of Windows do not list it
	Differs string `json:"differs,omitempty"` // of a task: how its file and the registry differ

	more string // lines of the text format
}

func newRow(a registry.Autostart) row {
	r := row{
		Category: a.Category, Location: a.Location, Name: a.Name, Command: a.Command, Path: a.Path,
		Enabled: a.Enabled, User: a.User, Hive: a.Hive, Offset: a.Offset, Hidden: a.Hidden,
	}
	if a.Hidden != "" {
		r.State = "hidden"
	}
	if !a.LastWrite.IsZero() {
		r.LastWrite = filetime.Clamp(a.LastWrite).Format(time.RFC3339Nano)
	}
	r.details([2]string{"class", a.Class}, [2]string{"in place of", a.Shadows}, [2]string{"by way of", a.Link}, [2]string{"as", a.ObjectName}, [2]string{"dll", a.ServiceDll}, [2]string{"on failure", a.FailureCommand}, [2]string{"hosts", hostedPath(a.Command)}, [2]string{"when", a.Triggers}, [2]string{"hidden", a.Hidden})
	return r
}

// details adds the lines of the text format that only some rows have, each a name and
// a value.
func (r *row) details(list ...[2]string) {
	for _, d := range list {
		if d[1] != "" {
			r.more += fmt.Sprintf("      %s %s\n", d[0], show.Text(d[1]))
		}
	}
}

// hostedPath returns the file that the program of a command runs or loads, or "".
func hostedPath(command string) string { return registry.HostedPath(command) }

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
	for _, r := range rows {
		line, err := show.JSONLine(r)
		if err == nil {
			_, err = w.Write(line)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writeCSV writes the columns of jsonl.
func writeCSV(w io.Writer, rows []row) error {
	c := csv.NewWriter(w)
	err := c.Write([]string{"category", "location", "name", "command", "path", "enabled", "user", "last_write", "hive", "offset", "state", "found", "hidden", "differs"})
	for _, r := range rows {
		if err != nil {
			return err
		}
		fields := []string{r.Category, r.Location, r.Name, r.Command, r.Path, strconv.FormatBool(r.Enabled), r.User,
			r.LastWrite, r.Hive, strconv.FormatInt(r.Offset, 10), r.State, r.Found, r.Hidden, r.Differs}
		for i := range fields {
			fields[i] = show.Cell(fields[i])
		}
		err = c.Write(fields)
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
	for _, r := range rows {
		if r.Hive != hive {
			hive, location = r.Hive, ""
			if _, err := fmt.Fprintf(w, "%s\n", show.Text(r.Hive)); err != nil {
				return err
			}
		}
		if r.Location != location {
			location = r.Location
			fmt.Fprintf(w, "  %s  %s\n", show.Text(r.Location), r.LastWrite)
		}
		state := r.State
		if state == "" {
			state = r.Category
		} else {
			state = r.State + " " + r.Category
		}
		if !r.Enabled && r.Found == "" {
			state += ", disabled"
		}
		fmt.Fprintf(w, "    [%s] %s\n      %s\n", state, show.Text(r.Name), show.Text(r.Command))
		if r.Path != r.Command && r.Path != "" {
			fmt.Fprintf(w, "      runs %s\n", show.Text(r.Path))
		}
		if _, err := io.WriteString(w, r.more); err != nil {
			return err
		}
	}
	return nil
}
