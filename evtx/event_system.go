package evtx

import (
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// systemField is a field of System.
type systemField uint8

const (
	fieldProvider systemField = iota
	fieldProviderGUID
	fieldEventSourceName
	fieldEventID
	fieldQualifiers
	fieldVersion
	fieldLevel
	fieldTask
	fieldOpcode
	fieldKeywords
	fieldTimeCreated
	fieldRecordID
	fieldActivityID
	fieldRelatedActivityID
	fieldProcessID
	fieldThreadID
	fieldChannel
	fieldComputer
	fieldUserSID
)

// systemFields maps the paths of elements and attributes below System to fields.
var systemFields = map[string]systemField{
	"Provider/@Name":                 fieldProvider,
	"Provider/@Guid":                 fieldProviderGUID,
	"Provider/@EventSourceName":      fieldEventSourceName,
	"EventID":                        fieldEventID,
	"EventID/@Qualifiers":            fieldQualifiers,
	"Version":                        fieldVersion,
	"Level":                          fieldLevel,
	"Task":                           fieldTask,
	"Opcode":                         fieldOpcode,
	"Keywords":                       fieldKeywords,
	"TimeCreated/@SystemTime":        fieldTimeCreated,
	"EventRecordID":                  fieldRecordID,
	"Correlation/@ActivityID":        fieldActivityID,
	"Correlation/@RelatedActivityID": fieldRelatedActivityID,
	"Execution/@ProcessID":           fieldProcessID,
	"Execution/@ThreadID":            fieldThreadID,
	"Channel":                        fieldChannel,
	"Computer":                       fieldComputer,
	"Security/@UserID":               fieldUserSID,
}

// set sets a field, unless the value is null. Text is kept in t.
func (s *System) set(f systemField, v *Value, t *texts) {
	if v.IsNull() {
		return
	}
	switch f {
	case fieldProvider:
		s.Provider = t.text(v)
	case fieldProviderGUID:
		s.ProviderGUID = guidOf(*v)
	case fieldEventSourceName:
		s.EventSourceName = t.text(v)
	case fieldTimeCreated:
		s.TimeCreated = v.Time()
	case fieldActivityID:
		s.ActivityID = guidOf(*v)
	case fieldRelatedActivityID:
		s.RelatedActivityID = guidOf(*v)
	case fieldChannel:
		s.Channel = t.text(v)
	case fieldComputer:
		s.Computer = t.text(v)
	case fieldUserSID:
		s.UserSID = t.text(v)
	default:
		n := v.number()
		if v.Type == StringType {
			whole, _, _ := strings.Cut(v.String(), ".")
			n, _ = strconv.ParseUint(whole, 0, 64)
		}
		s.setNumber(f, n)
	}
}

// setNumber sets a field to a number, or to 0 if the number does not fit.
func (s *System) setNumber(f systemField, n uint64) {
	switch f {
	case fieldEventID:
		s.EventID = fit[uint16](n)
	case fieldQualifiers:
		s.Qualifiers = fit[uint16](n)
	case fieldVersion:
		s.Version = fit[uint8](n)
	case fieldLevel:
		s.Level = fit[uint8](n)
	case fieldTask:
		s.Task = fit[uint16](n)
	case fieldOpcode:
		s.Opcode = fit[uint8](n)
	case fieldKeywords:
		s.Keywords = n
	case fieldRecordID:
		s.RecordID = n
	case fieldProcessID:
		s.ProcessID = fit[uint32](n)
	case fieldThreadID:
		s.ThreadID = fit[uint32](n)
	}
}

// fit returns n as a T, or 0 if T is too small.
func fit[T uint8 | uint16 | uint32](n uint64) T {
	if small := T(n); uint64(small) == n {
		return small
	}
	return 0
}

// system reads the System element of a tree of any shape.
func (w *walker) system(system place, s *System) error {
	return w.elements(system.f, system.n.kids, func(p place) error {
		if f, ok := systemFields[p.n.name]; ok {
			v, err := w.content(p)
			if err != nil {
				return err
			}
			s.set(f, &v, &w.c.memory.texts)
		}
		return w.attributes(p, func(name string, v Value) {
			if f, ok := systemFields[p.n.name+"/@"+name]; ok {
				s.set(f, &v, &w.c.memory.texts)
			}
		})
	})
}

// systemOp is a field, and the slot of its value or the value itself.
type systemOp struct {
	field systemField
	slot  uint16 // noSlot if value is set
	value Value
}

// system reads the System element of the record at [pos, end) without building its
// tree. It returns false if it cannot.
func (c *Chunk) system(pos, end int, s *System) bool {
	t, slots := c.outer(pos, end)
	if t == nil {
		return false
	}
	ops := t.shaped().system
	c.setSystem(s, ops, slots, &c.memory.texts)
	return ops != nil
}

// setSystem sets the fields from the values of an instance. Text is kept in t.
func (c *Chunk) setSystem(s *System, ops []systemOp, slots []slot, t *texts) {
	for i := range ops {
		switch o := &ops[i]; {
		case o.slot == noSlot:
			s.set(o.field, &o.value, t)
		case int(o.slot) < len(slots):
			if c.setSystemSlot(s, o.field, slots[o.slot], t) {
				continue
			}
			if v := c.valueOf(slots[o.slot]); v.Type&ArrayFlag == 0 && v.Type != BinXMLType {
				s.set(o.field, &v, t)
			}
		}
	}
}

// setSystemSlot sets a field from a value of the type that Windows writes there. It
// returns false for any other value.
func (c *Chunk) setSystemSlot(s *System, f systemField, v slot, t *texts) bool {
	b := c.data(v)
	switch {
	case v.typ == NullType:
		return true
	case v.typ == UInt16Type && len(b) == 2:
		s.setNumber(f, uint64(le.Uint16(b)))
	case v.typ == UInt8Type && len(b) == 1:
		s.setNumber(f, uint64(b[0]))
	case v.typ == UInt32Type && len(b) == 4:
		s.setNumber(f, uint64(le.Uint32(b)))
	case (v.typ == HexInt64Type || v.typ == UInt64Type) && len(b) == 8:
		s.setNumber(f, le.Uint64(b))
	case f == fieldTimeCreated && v.typ == FileTimeType && len(b) == 8:
		s.TimeCreated = filetime.Time(le.Uint64(b))
		return true
	case v.typ == StringType && f == fieldComputer:
		s.Computer = t.utf16(b)
		return true
	case v.typ == StringType && f == fieldChannel:
		s.Channel = t.utf16(b)
		return true
	default:
		return false
	}
	return f.number()
}

// number reports whether setNumber sets the field.
func (f systemField) number() bool {
	switch f {
	case fieldEventID, fieldQualifiers, fieldVersion, fieldLevel, fieldTask, fieldOpcode, fieldKeywords, fieldRecordID, fieldProcessID, fieldThreadID:
		return true
	}
	return false
}

// systemOps returns the places of the fields in a System element, or nil if it is not
// shaped like Windows' own.
func systemOps(system *node) (ops []systemOp) {
	add := func(path string, nodes []node) bool {
		f, ok := systemFields[path]
		if !ok || len(nodes) == 0 {
			return true
		}
		if slot, ok := substitution(nodes); ok {
			ops = append(ops, systemOp{f, slot, Value{}})
			return true
		}
		text, ok := literal(nodes)
		ops = append(ops, systemOp{f, noSlot, textValue(text)})
		return ok
	}
	for j := range system.kids {
		n := &system.kids[j]
		if n.kind != nodeElement || !add(n.name, n.kids) {
			return nil
		}
		for a := range n.attrs {
			if !add(n.name+"/@"+n.attrs[a].name, n.attrs[a].kids) {
				return nil
			}
		}
	}
	return ops
}
