package main

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/cli"
)

// A fielder passes an emitter the fields of a row.
type fielder interface{ fields(e emitter) }

// lineWriter writes the rows of a mode other than that of files.
type lineWriter interface {
	emitter
	one(b []byte, r fielder) []byte
}

// lines returns the writer of a format, and the header, for a mode whose rows are like r.
func lines(mode, format string, r fielder) (w lineWriter, head string, err error) {
	switch format {
	case "csv":
		var h header
		r.fields(&h)
		return new(csvWriter), strings.Join(h, ",") + "\n", nil
	case "jsonl":
		return new(jsonWriter), "", nil
	}
	return nil, "", cli.Usagef("%s with format %q: want csv or jsonl", mode, format)
}

func (c *csvWriter) one(b []byte, r fielder) []byte {
	c.line = b
	r.fields(c)
	c.line[len(c.line)-1] = '\n'
	return c.line
}

func (j *jsonWriter) one(b []byte, r fielder) []byte {
	j.line, j.first = append(b, '{'), true
	r.fields(j)
	return append(j.line, "}\n"...)
}
