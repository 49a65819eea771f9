package timeline

import (
	"io"
	"iter"

	"github.com/birthmark-dfir/birthmark/internal/show"
)

// WriteJSONL writes each event as one line with a JSON object:
//
//	time      RFC 3339 in UTC with seven digits of the second
//	desc kind path user sid message
//	          as in Event; omitted if empty
//	computer  the machine that a record of a log names; omitted if empty
//	type artifact record offset
//	          as in Source; offset is -1 if unknown
//	snapshot  when the shadow copy was made that the event was read in; omitted
//	          if it was read in the volume itself
//	fields    the record's own names and values in their order, as
//	          [["name","value"], …], since names may repeat
//
// Non-printing characters (control characters, directional formatting characters,
// unpaired surrogates) are written as JSON escapes.
func WriteJSONL(w io.Writer, events iter.Seq[Event]) error {
	return writeLines(w, events, func(dst []byte, e *Event) []byte {
		o := newObject(dst)
		o.text("time", timeText(e.Time))
		o.text("desc", e.Desc)
		o.text("kind", string(e.Kind))
		o.text("type", e.Source.Type)
		o.text("artifact", e.Source.Artifact)
		o.text("record", e.Source.Record)
		o.int("offset", e.Source.Offset)
		o.text("snapshot", timeText(e.Source.Snapshot))
		o.text("path", e.Path)
		o.text("user", e.User)
		o.text("sid", e.SID)
		o.text("computer", e.Computer())
		o.text("message", e.Message)
		if len(e.Fields) > 0 {
			o.name("fields")
			o.b = appendFields(o.b, e.Fields)
		}
		return o.line()
	})
}

func appendFields(dst []byte, fields []Field) []byte {
	dst = append(dst, '[')
	for i, f := range fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = show.AppendJSON(append(dst, '['), f.Name)
		dst = show.AppendJSON(append(dst, ','), f.Value)
		dst = append(dst, ']')
	}
	return append(dst, ']')
}
