package main

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// jsonWriter writes an object for each row, with the names of the columns. What
// is empty is left out; texts are as in the evidence, with their line ends.
type jsonWriter struct {
	w    io.Writer
	line bytes.Buffer
	enc  *json.Encoder
}

func newJSONL(w io.Writer) writer {
	j := &jsonWriter{w: w}
	j.enc = json.NewEncoder(&j.line)
	j.enc.SetEscapeHTML(false)
	return j
}

func (j *jsonWriter) begin() error { return nil }

func (j *jsonWriter) record(s *source, f *file) error {
	return rows(s, f, func(r *row) error {
		b := &j.line
		b.Reset()
		b.WriteByte('{')
		for i := range columns {
			v := columns[i].of(r)
			if v.kind <= word && v.text == "" || v.kind == moment && v.time.IsZero() {
				continue
			}
			if b.Len() > 1 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + columns[i].name + `":`)
			switch v.kind {
			case number:
				b.Write(strconv.AppendUint(b.AvailableBuffer(), v.num, 10))
			case truth:
				b.Write(strconv.AppendBool(b.AvailableBuffer(), v.num != 0))
			case moment:
				b.WriteString(v.time.Format(`"2006-01-02T15:04:05.0000000Z"`))
			default:
				if err := j.enc.Encode(strings.ToValidUTF8(v.text, "\ufffd")); err != nil {
					return err
				}
				b.Truncate(b.Len() - 1)
			}
		}
		b.WriteString("}\n")
		_, err := j.w.Write(b.Bytes())
		return err
	})
}
