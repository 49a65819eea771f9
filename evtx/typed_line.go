package evtx

import (
	"bytes"
	"strconv"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/show"
)

// appendTyped is AppendTyped for a record that can be read straight: it writes the
// values from their slots. It returns nil for any other record, and the same bytes as
// appendTypedTree for all that it writes.
func (c *Chunk) appendTyped(dst []byte, rec *Record) []byte {
	r, ok := c.straight(rec.at+24, rec.at+rec.Size-4)
	if !ok {
		return nil
	}
	dst, ok = c.appendTypedHead(dst, rec, &r)
	if !ok {
		return nil
	}
	list := "other"
	if r.kind == nil {
		list = "data"
		if r.data != nil {
			namespace := ""
			if r.data.userData || r.shape.userData {
				namespace = r.data.namespace
			}
			dst = appendElement(dst, r.data.element, namespace)
		}
	}
	c.others = c.others[:0]
	if r.data == nil {
		return append(appendFields(dst, list, nil), '}')
	}
	add := func(n int, name string, v *Value) {
		if n < 0 {
			c.others = append(c.others, Field{Name: name, Value: *v})
			return
		}
		f := &r.kind.fields[n]
		dst = f.appendJSON(append(dst, f.key...), v)
	}
	unnamed := 0
	for i := range r.data.fields {
		// Nearly all values are of the type of their field.
		if d := &r.data.fields[i]; r.bound != nil && r.bound.fields[i] >= 0 && int(d.slot) < len(r.values) && d.omit == noSlot {
			var ok bool
			if dst, ok = r.kind.fields[r.bound.fields[i]].appendSlot(dst, c, r.values[d.slot]); ok {
				continue
			}
		}
		if !c.field(&r, i, &unnamed, add) {
			return nil
		}
	}
	return append(appendFields(dst, list, c.others), '}')
}

// appendSlot appends the key and a value that is of the type of the field. It returns
// false, and dst unchanged, for any other value.
func (f *structField) appendSlot(dst []byte, c *Chunk, s slot) ([]byte, bool) {
	before, b := len(dst), c.data(s)
	dst = append(dst, f.key...)
	switch {
	case f.form == formText && s.typ == StringType:
		start := len(dst)
		dst = append(forJSON.appendUTF16(append(dst, '"'), b), '"')
		if bytes.Contains(dst[start:], replacement) { // it may be for half of a pair
			return dst[:before], false
		}
		return dst, true
	case f.form == formText && s.typ == SIDType && len(b) > 0:
		return append(appendScalar(append(dst, '"'), s.typ, b), '"'), true
	case f.form == formUint32 && (s.typ == UInt32Type || s.typ == HexInt32Type) && len(b) == 4:
		return f.appendNumber(dst, uint64(le.Uint32(b))), true
	case f.form == formUint64 && (s.typ == HexInt64Type || s.typ == UInt64Type || s.typ == SizeTType) && len(b) == 8:
		return f.appendNumber(dst, le.Uint64(b)), true
	case f.form == formGUID && s.typ == GUIDType && len(b) == 16:
		return append(appendGUID(append(dst, '"'), b), '"'), true
	}
	return dst[:before], false
}

// replacement is U+FFFD in UTF-8.
var replacement = []byte("\xef\xbf\xbd")

// appendNumber appends a number as Windows shows it.
func (f *structField) appendNumber(dst []byte, n uint64) []byte {
	if f.hexadecimal() {
		return append(appendHexNumber(append(dst, '"'), n), '"')
	}
	return strconv.AppendUint(dst, n, 10)
}

// appendTypedHead appends what all events have. It returns false if a value is not of
// the type that Windows writes.
func (c *Chunk) appendTypedHead(dst []byte, rec *Record, r *instanceOf) ([]byte, bool) {
	kind := "event"
	if r.kind != nil {
		kind = r.kind.Name
	}
	id, ok := r.shape.peek.uint64(c, r.slots, r.shape.peek.recordID, UInt64Type)
	created, ok2 := r.shape.peek.uint64(c, r.slots, r.shape.peek.created, FileTimeType)
	if !ok || !ok2 {
		return dst, false
	}
	dst = append(append(append(dst, `{"kind":"`...), kind...), `","log":`...)
	if c.logJSON == nil {
		c.logJSON = show.AppendJSON(nil, c.log)
	}
	dst = append(dst, c.logJSON...)
	dst = strconv.AppendUint(append(dst, `,"record_id":`...), id, 10)
	dst = strconv.AppendInt(append(dst, `,"offset":`...), rec.Offset, 10)
	dst = appendJSONTicks(append(dst, `,"time":`...), created)
	dst = append(dst, `,"system":{`...)
	line := r.shape.systemLine()
	for i := range line {
		if dst, ok = line[i].append(dst, c, r.slots); !ok {
			return dst, false
		}
	}
	return append(dst, '}'), true
}

func appendJSONTicks(dst []byte, ticks uint64) []byte {
	if ticks == 0 || ticks > lastTick {
		return appendJSONTime(dst, filetime.Time(ticks))
	}
	return append(appendTicks(append(dst, '"'), ticks), '"')
}

// systemMember is a member of the system object of a typed line.
type systemMember struct {
	field    systemField
	name     string
	form     ValueType
	optional bool
}

// systemMembers lists what the system object of a typed line has, in order. The form is the
// type that Windows writes. What is optional is left out if it is empty.
var systemMembers = []systemMember{
	{fieldProvider, "Provider", StringType, false},
	{fieldProviderGUID, "ProviderGuid", GUIDType, true},
	{fieldEventSourceName, "EventSourceName", StringType, true},
	{fieldEventID, "EventID", UInt16Type, false},
	{fieldQualifiers, "Qualifiers", UInt16Type, true},
	{fieldVersion, "Version", UInt8Type, false},
	{fieldLevel, "Level", UInt8Type, false},
	{fieldTask, "Task", UInt16Type, false},
	{fieldOpcode, "Opcode", UInt8Type, false},
	{fieldKeywords, "Keywords", HexInt64Type, false},
	{fieldActivityID, "ActivityID", GUIDType, true},
	{fieldRelatedActivityID, "RelatedActivityID", GUIDType, true},
	{fieldProcessID, "ProcessID", UInt32Type, true},
	{fieldThreadID, "ThreadID", UInt32Type, true},
	{fieldChannel, "Channel", StringType, false},
	{fieldComputer, "Computer", StringType, false},
	{fieldUserSID, "UserID", SIDType, true},
}

// appendJSON appends System under Windows' own names.
func (s *System) appendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	for i, m := range systemMembers {
		before := len(dst)
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(append(dst, '"'), m.name...), `":`...)
		var empty bool
		if dst, empty = s.appendMember(dst, m.field); empty && m.optional {
			dst = dst[:before]
		}
	}
	return append(s.Rendering.appendJSON(dst), '}')
}

// appendMember appends a field, and reports whether it is zero.
func (s *System) appendMember(dst []byte, f systemField) (out []byte, empty bool) {
	text := func(s string) ([]byte, bool) { return show.AppendJSON(dst, s), s == "" }
	number := func(n uint64) ([]byte, bool) { return strconv.AppendUint(dst, n, 10), n == 0 }
	guid := func(g GUID) ([]byte, bool) { return appendJSONGUID(dst, g), g.IsZero() }
	switch f {
	case fieldProvider:
		return text(s.Provider)
	case fieldProviderGUID:
		return guid(s.ProviderGUID)
	case fieldEventSourceName:
		return text(s.EventSourceName)
	case fieldEventID:
		return number(uint64(s.EventID))
	case fieldQualifiers:
		return number(uint64(s.Qualifiers))
	case fieldVersion:
		return number(uint64(s.Version))
	case fieldLevel:
		return number(uint64(s.Level))
	case fieldTask:
		return number(uint64(s.Task))
	case fieldOpcode:
		return number(uint64(s.Opcode))
	case fieldKeywords:
		return append(appendHexNumber(append(dst, '"'), s.Keywords), '"'), false
	case fieldActivityID:
		return guid(s.ActivityID)
	case fieldRelatedActivityID:
		return guid(s.RelatedActivityID)
	case fieldProcessID:
		return number(uint64(s.ProcessID))
	case fieldThreadID:
		return number(uint64(s.ThreadID))
	case fieldChannel:
		return text(s.Channel)
	case fieldComputer:
		return text(s.Computer)
	case fieldUserSID:
		return text(s.UserSID)
	}
	return dst, true
}

// lineOp appends a member from the values of an instance.
type lineOp struct {
	key      string // with the comma before it
	fixed    string // the key and the value, if the template fixes the value
	slot     uint16
	form     ValueType
	optional bool
}

// systemLine returns the operations that write the system object.
func (s *shape) systemLine() []lineOp {
	s.lineOnce.Do(func() {
		var fixed System // what the template fixes
		var own texts
		slots := map[systemField]uint16{}
		for i := range s.system {
			if o := &s.system[i]; o.slot == noSlot {
				fixed.set(o.field, &o.value, &own)
			} else {
				slots[o.field] = o.slot
			}
		}
		for i, m := range systemMembers {
			op := lineOp{key: `,"` + m.name + `":`, slot: noSlot, form: m.form, optional: m.optional}
			if i == 0 {
				op.key = op.key[1:]
			}
			if slot, ok := slots[m.field]; ok {
				op.slot = slot
			} else if value, empty := fixed.appendMember(nil, m.field); empty && m.optional {
				continue
			} else {
				op.fixed = op.key + string(value)
			}
			s.line = append(s.line, op)
		}
	})
	return s.line
}

// append appends nothing for an optional member without a value. It returns false if
// the value is not of the type that Windows writes.
func (o *lineOp) append(dst []byte, c *Chunk, slots []slot) ([]byte, bool) {
	if o.slot == noSlot {
		return append(dst, o.fixed...), true
	}
	var v slot
	if int(o.slot) < len(slots) {
		v = slots[o.slot]
	}
	b := c.data(v)
	if o.optional && (emptyValue(v.typ, b) || o.form != SIDType && allZero(b)) {
		return dst, true
	}
	if v.typ != o.form && v.typ != NullType {
		return dst, false
	}
	dst = append(dst, o.key...)
	switch o.form {
	case StringType, SIDType:
		value := Value{Type: v.typ, data: b, ansi: c.ansi}
		return appendJSONText(dst, &value), true
	case GUIDType:
		if len(b) != 16 {
			return dst, false
		}
		return append(appendGUID(append(dst, '"'), b), '"'), true
	case HexInt64Type:
		if v.typ == NullType {
			return append(dst, `"0x0"`...), true
		}
		return append(appendScalar(append(dst, '"'), v.typ, b), '"'), len(b) == 8
	}
	if v.typ == NullType {
		return append(dst, '0'), true
	}
	return appendScalar(dst, v.typ, b), len(b) == int(sizes[v.typ])
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
