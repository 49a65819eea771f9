package main

import (
	"io"
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/show"
)

// jsonWriter writes an object for each row, with the names of the columns. It
// leaves out empty texts and times. Texts are as in the evidence, with their line
// ends.
type jsonWriter struct {
	w    io.Writer
	line []byte
}

func newJSONL(w io.Writer) writer { return &jsonWriter{w: w} }

func (j *jsonWriter) begin() error { return nil }

func (j *jsonWriter) record(s *source, f *file) error {
	return rows(s, f, func(r *row) error {
		j.line = append(j.line[:0], '{')
		r.fields(j)
		j.line = append(j.line, "}\n"...)
		_, err := j.w.Write(j.line)
		return err
	})
}

func (j *jsonWriter) name(name string) {
	if len(j.line) > 1 {
		j.line = append(j.line, ',')
	}
	j.line = append(append(append(j.line, '"'), name...), `":`...)
}

func (j *jsonWriter) number(name string, n uint64) {
	j.name(name)
	j.line = strconv.AppendUint(j.line, n, 10)
}

func (j *jsonWriter) truth(name string, b bool) {
	j.name(name)
	j.line = strconv.AppendBool(j.line, b)
}

func (j *jsonWriter) moment(name string, t time.Time) {
	if t.IsZero() {
		return
	}
	j.name(name)
	j.line = append(appendTime(append(j.line, '"'), t, 'T'), `Z"`...)
}

func (j *jsonWriter) word(name, s string) { j.text(name, s) }

func (j *jsonWriter) text(name, s string) {
	if s == "" {
		return
	}
	j.name(name)
	j.line = show.AppendJSON(j.line, s)
}
