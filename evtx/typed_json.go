package evtx

import (
	"encoding/hex"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/show"
)

// AppendTyped appends the event to dst as one line of JSON, without a newline, with its
// values under Windows' own names and in their own types:
//
//	{"kind":"security-4688","log":"Security.evtx","record_id":7,"offset":4608,
//	 "time":"2026-03-02T13:42:09.2134567Z","system":{"Provider":…},"SubjectUserSid":…}
//
// Numbers are JSON numbers, and Booleans are true and false; what Windows shows in
// hexadecimal is "0x3e7"; SIDs are "S-1-5-18"; GUIDs are in lower case and braces;
// times are RFC 3339 in UTC with the seven digits of a FILETIME, or null, and at most
// those of the year 9999; binary data
// is hexadecimal; an array is a list; half of a surrogate pair is escaped as such. A
// field that the record lacks is left out. Fields that the struct of the kind does not
// name are under "other", as a list of names and values. If the kind has no struct, it
// is "event", and all fields are in such a list under "data".
//
// An error is a *FormatError; dst is then returned unchanged.
func (r *Record) AppendTyped(dst []byte) ([]byte, error) {
	if r.chunk != nil {
		if out := r.chunk.appendTyped(dst, r); out != nil {
			return out, nil
		}
	}
	return r.appendTypedTree(dst)
}

// appendTypedTree is AppendTyped for a record of any shape.
func (r *Record) appendTypedTree(dst []byte) ([]byte, error) {
	e, err := r.Event()
	if err != nil {
		return dst, err
	}
	return r.appendEvent(dst, e, e.kind()), nil
}

// appendEvent appends an event as one of a kind, or without one if k is nil.
func (r *Record) appendEvent(dst []byte, e *Event, k *Kind) []byte {
	if k == nil {
		out := appendElement(r.appendHead(dst, "event", &e.System), e.Element, e.Namespace)
		return append(appendFields(out, "data", e.flat()), '}')
	}
	out := r.appendHead(dst, k.Name, &e.System)
	var others []Field
	fields := e.flat()
	for i, n := range k.match(fields) {
		if n < 0 {
			others = append(others, fields[i])
			continue
		}
		f := &k.fields[n]
		out = f.appendJSON(append(out, f.key...), &fields[i].Value)
	}
	return append(appendFields(out, "other", others), '}')
}

// appendElement appends where an event has its data.
func appendElement(dst []byte, element, namespace string) []byte {
	if element != "" {
		dst = appendJSONMember(dst, "element", element)
	}
	if namespace != "" {
		dst = appendJSONMember(dst, "namespace", namespace)
	}
	return dst
}

// appendHead appends what all events have.
func (r *Record) appendHead(dst []byte, kind string, s *System) []byte {
	dst = append(append(append(dst, `{"kind":"`...), kind...), `","log":`...)
	dst = show.AppendJSON(dst, r.Chunk().log)
	dst = strconv.AppendUint(append(dst, `,"record_id":`...), s.RecordID, 10)
	dst = strconv.AppendInt(append(dst, `,"offset":`...), r.Offset, 10)
	dst = appendJSONTime(append(dst, `,"time":`...), s.TimeCreated)
	dst = append(dst, `,"system":`...)
	return s.appendJSON(dst)
}

// appendJSON appends a further member of the system object of a typed line.
func (r *RenderingInfo) appendJSON(dst []byte) []byte {
	if r == nil {
		return dst
	}
	dst = show.AppendJSON(append(dst, `,"RenderingInfo":{"Culture":`...), r.Culture)
	for _, e := range renderingElements {
		dst = appendJSONMember(dst, e.name, *e.text(r))
	}
	dst = append(dst, `,"Keywords":[`...)
	for i, k := range r.Keywords {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = show.AppendJSON(dst, k)
	}
	return append(dst, "]}"...)
}

func appendJSONMember(dst []byte, name, value string) []byte {
	return show.AppendJSON(append(appendKey(append(dst, ','), name), ':'), value)
}

func appendJSONGUID(dst []byte, g GUID) []byte {
	return append(appendGUID(append(dst, '"'), g[:]), '"')
}

func appendJSONTime(dst []byte, t time.Time) []byte {
	switch {
	case t.IsZero():
		return append(dst, "null"...)
	case t.Year() >= 1601 && t.Year() <= 9999:
		return append(appendTicks(append(dst, '"'), filetime.Ticks(t)), '"')
	}
	return append(append(append(dst, '"'), filetime.Text(t)...), '"')
}

// appendJSON appends the value of a field in the form of the field.
func (f *structField) appendJSON(dst []byte, v *Value) []byte {
	if v.IsNull() {
		return append(dst, "null"...)
	}
	switch f.form {
	case formText:
		return appendJSONText(dst, v)
	case formBool:
		n, ok := v.Uint64()
		return strconv.AppendBool(dst, n != 0 || !ok && strings.EqualFold(v.String(), "true"))
	case formInt32, formInt64:
		return strconv.AppendInt(dst, v.signed(), 10)
	case formFloat64:
		return appendJSONValue(dst, Value{Type: Real64Type, data: le.AppendUint64(nil, math.Float64bits(v.real()))})
	case formGUID:
		return appendJSONGUID(dst, guidOf(*v))
	case formTime:
		return appendJSONTime(dst, v.Time())
	case formBytes, formTexts:
		return appendFieldValue(dst, *v)
	}
	return f.appendNumber(dst, v.number())
}

// appendJSONText appends a value as text.
func appendJSONText(dst []byte, v *Value) []byte {
	switch {
	case v.text != nil:
		return show.AppendJSON(dst, *v.text)
	case v.Type == StringType:
		if hasSurrogates(v.data) { // halves of pairs stay
			return show.AppendJSON(dst, v.String())
		}
		return append(forJSON.appendUTF16(append(dst, '"'), v.data), '"')
	case v.Type == AnsiType || v.Type&ArrayFlag != 0:
		return show.AppendJSON(dst, v.String())
	}
	return append(appendPlain(append(dst, '"'), v.Type, v.data), '"')
}

// hasSurrogates reports whether UTF-16 text has a half of a pair.
func hasSurrogates(b []byte) bool {
	for ; len(b) >= 8; b = b[8:] {
		if le.Uint64(b)&notASCII != 0 {
			break
		}
	}
	for ; len(b) >= 2; b = b[2:] {
		if b[1]&0xf8 == 0xd8 {
			return true
		}
	}
	return false
}

// appendFields appends fields as a list of objects, since names may be empty and may
// repeat. It appends nothing if there is none.
func appendFields(dst []byte, name string, fields []Field) []byte {
	if len(fields) == 0 && name == "other" {
		return dst
	}
	dst = append(appendKey(append(dst, ','), name), ':', '[')
	for i, f := range fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = show.AppendJSON(append(dst, `{"name":`...), f.Name)
		dst = appendFieldValue(append(dst, `,"value":`...), f.Value)
		dst = append(dst, '}')
	}
	return append(dst, ']')
}

// appendFieldValue appends a value that no struct has.
func appendFieldValue(dst []byte, v Value) []byte {
	if v.Type&ArrayFlag != 0 {
		dst = append(dst, '[')
		for i, e := range v.Elements() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendFieldValue(dst, e)
		}
		return append(dst, ']')
	}
	switch v.Type {
	case NullType:
		return append(dst, "null"...)
	case Int8Type, UInt8Type, Int16Type, UInt16Type, Int32Type, UInt32Type, Int64Type, UInt64Type, BoolType:
		if v.text == nil && len(v.data) == int(sizes[v.Type]) {
			return appendScalar(dst, v.Type, v.data)
		}
	case Real32Type, Real64Type: // which may be infinite
		if text := v.String(); json.Valid([]byte(text)) {
			return append(dst, text...)
		}
	case FileTimeType, SysTimeType:
		if len(v.data) == int(sizes[v.Type]) {
			return appendJSONTime(dst, v.Time())
		}
	case BinaryType:
		return append(hex.AppendEncode(append(dst, '"'), v.Bytes()), '"')
	}
	return appendJSONText(dst, &v)
}
