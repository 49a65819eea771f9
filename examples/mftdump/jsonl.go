package main

import (
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/show"
)

// jsonWriter writes an object for each row, with the names of the columns. It
// leaves out empty texts and times. Texts are as in the evidence, with their line
// ends.
type jsonWriter struct {
	line  []byte // with what precedes it
	first bool   // the next field is the first of its object
	clock
}

func newJSONL() writer { return new(jsonWriter) }

func (j *jsonWriter) header() string { return "" }

func (j *jsonWriter) append(b []byte, s *source, f *file) []byte {
	j.line = b
	rows(s, f, func(r *row) {
		j.line, j.first = append(j.line, '{'), true
		r.fields(j)
		j.line = append(j.line, "}\n"...)
	})
	return j.line
}

func (j *jsonWriter) name(name string) {
	if !j.first {
		j.line = append(j.line, ',')
	}
	j.first = false
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
	j.line = append(j.clock.append(append(j.line, '"'), t, 'T'), `Z"`...)
}

func (j *jsonWriter) word(name, s string) { j.text(name, s) }

func (j *jsonWriter) text(name, s string) {
	if s == "" {
		return
	}
	j.name(name)
	j.line = show.AppendJSON(j.line, s)
}
