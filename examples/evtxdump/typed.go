package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/show"
)

// The values have these forms: numbers are JSON numbers, and booleans are true and
// false; what Windows shows in hexadecimal (LogonIds, pointers, status codes) is
// "0x3e7"; SIDs are "S-1-5-18"; GUIDs are in lower case and braces; times are
// RFC 3339 in UTC with the seven digits of a FILETIME, or null; binary data is
// hexadecimal; an array is a list. Half of a surrogate pair is escaped as such.

// object is a JSON object that is being built.
type object struct{ buf []byte }

func (o *object) key(name string) {
	if len(o.buf) == 0 || o.buf[len(o.buf)-1] == '{' {
		if len(o.buf) == 0 {
			o.buf = append(o.buf, '{')
		}
	} else {
		o.buf = append(o.buf, ',')
	}
	o.buf = show.AppendJSON(o.buf, name)
	o.buf = append(o.buf, ':')
}

func (o *object) add(name string, value any) {
	o.key(name)
	o.buf = appendAny(o.buf, value, false)
}

func (o *object) optional(name string, value any) {
	if !reflect.ValueOf(value).IsZero() {
		o.add(name, value)
	}
}

// appendTyped appends a record as one line. It leaves out fields that the record
// lacks, and lists under "other" those that the struct of its kind lacks.
func appendTyped(dst []byte, log string, rec *evtx.Record) ([]byte, error) {
	e, err := rec.Event()
	if err != nil {
		return dst, err
	}
	typed := evtx.TypedOf(e)
	var o object
	o.add("kind", typed.Kind())
	o.add("log", log)
	o.add("record_id", e.RecordID)
	o.add("offset", rec.Offset)
	o.add("time", e.TimeCreated)
	o.key("system")
	o.buf = append(o.buf, system(&e.System)...)
	if typed == evtx.TypedEvent(e) {
		o.optional("element", e.Element)
		o.optional("namespace", e.Namespace)
		o.list("data", e.Fields)
	} else if others := o.fields(typed, e.Fields); len(others) > 0 {
		o.list("other", others)
	}
	return append(append(dst, o.buf...), '}', '\n'), nil
}

// system returns the System element under Windows' own names. Optional fields are
// left out if they are empty.
func system(s *evtx.System) []byte {
	var o object
	o.add("Provider", s.Provider)
	o.optional("ProviderGuid", s.ProviderGUID)
	o.optional("EventSourceName", s.EventSourceName)
	o.add("EventID", s.EventID)
	o.optional("Qualifiers", s.Qualifiers)
	o.add("Version", s.Version)
	o.add("Level", s.Level)
	o.add("Task", s.Task)
	o.add("Opcode", s.Opcode)
	o.add("Keywords", "0x"+strconv.FormatUint(s.Keywords, 16))
	o.optional("ActivityID", s.ActivityID)
	o.optional("RelatedActivityID", s.RelatedActivityID)
	o.optional("ProcessID", s.ProcessID)
	o.optional("ThreadID", s.ThreadID)
	o.add("Channel", s.Channel)
	o.add("Computer", s.Computer)
	o.optional("UserID", s.UserSID)
	return append(o.buf, '}')
}

// fields adds the fields of the record that the struct has, in the record's order,
// and returns the others.
func (o *object) fields(typed evtx.TypedEvent, have []evtx.Field) (others []evtx.Field) {
	v := reflect.ValueOf(typed).Elem()
	index := map[string]int{}
	for i := 1; i < v.NumField(); i++ { // field 0 is the embedded System
		f := v.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("evtx"), ",")
		if name == "" {
			name = f.Name
		}
		index[name] = i
	}
	for _, f := range have {
		i, ok := index[f.Name]
		if !ok {
			others = append(others, f)
			continue
		}
		delete(index, f.Name) // names may repeat; the struct has the first
		_, options, _ := strings.Cut(v.Type().Field(i).Tag.Get("evtx"), ",")
		hexadecimal := strings.Contains(options, "hex") || strings.Contains(options, "pointer")
		o.key(f.Name)
		o.buf = appendAny(o.buf, v.Field(i).Interface(), hexadecimal)
	}
	return others
}

// list adds fields as a list of objects, since names may be empty and may repeat.
func (o *object) list(name string, fields []evtx.Field) {
	o.key(name)
	o.buf = append(o.buf, '[')
	for i, f := range fields {
		if i > 0 {
			o.buf = append(o.buf, ',')
		}
		o.buf = append(o.buf, `{"name":`...)
		o.buf = show.AppendJSON(o.buf, f.Name)
		o.buf = append(o.buf, `,"value":`...)
		o.buf = appendValue(o.buf, f.Value)
		o.buf = append(o.buf, '}')
	}
	o.buf = append(o.buf, ']')
}

// appendAny appends a field of a struct.
func appendAny(dst []byte, value any, hexadecimal bool) []byte {
	switch x := value.(type) {
	case string:
		return show.AppendJSON(dst, x)
	case bool:
		return strconv.AppendBool(dst, x)
	case evtx.GUID:
		return show.AppendJSON(dst, "{"+strings.ToLower(x.String())+"}")
	case time.Time:
		if x.IsZero() {
			return append(dst, "null"...)
		}
		return x.AppendFormat(dst, `"2006-01-02T15:04:05.0000000Z"`)
	}
	if hexadecimal {
		return fmt.Appendf(dst, `"%#x"`, value)
	}
	return fmt.Append(dst, value)
}

// appendValue appends a value that no struct has.
func appendValue(dst []byte, v evtx.Value) []byte {
	if v.Type&evtx.ArrayFlag != 0 {
		dst = append(dst, '[')
		for i, e := range v.Elements() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendValue(dst, e)
		}
		return append(dst, ']')
	}
	switch v.Type {
	case evtx.NullType:
		return append(dst, "null"...)
	case evtx.Int8Type, evtx.UInt8Type, evtx.Int16Type, evtx.UInt16Type, evtx.Int32Type, evtx.UInt32Type,
		evtx.Int64Type, evtx.UInt64Type, evtx.Real32Type, evtx.Real64Type, evtx.BoolType:
		if text := v.String(); json.Valid([]byte(text)) {
			return append(dst, text...)
		}
	case evtx.BinaryType:
		return append(hex.AppendEncode(append(dst, '"'), v.Bytes()), '"')
	}
	return show.AppendJSON(dst, v.String())
}
