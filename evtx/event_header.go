package evtx

import (
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/winid"
)

// systemPart is a value in the System element, in the type that Windows gives it.
type systemPart struct {
	name     string // of the attribute, or "" for the content of the element
	field    systemField
	typ      ValueType
	optional bool // the attribute is left out if the value is zero
}

// systemLayout has the elements of a System element, in Windows' order, with their
// parts.
var systemLayout = []systemLayoutElement{
	{"Provider", []systemPart{
		{"Name", fieldProvider, StringType, true},
		{"Guid", fieldProviderGUID, GUIDType, true},
		{"EventSourceName", fieldEventSourceName, StringType, true},
	}},
	{"EventID", []systemPart{
		{"Qualifiers", fieldQualifiers, UInt16Type, true},
		{"", fieldEventID, UInt16Type, false},
	}},
	{"Version", []systemPart{{"", fieldVersion, UInt8Type, false}}},
	{"Level", []systemPart{{"", fieldLevel, UInt8Type, false}}},
	{"Task", []systemPart{{"", fieldTask, UInt16Type, false}}},
	{"Opcode", []systemPart{{"", fieldOpcode, UInt8Type, false}}},
	{"Keywords", []systemPart{{"", fieldKeywords, HexInt64Type, false}}},
	{"TimeCreated", []systemPart{{"SystemTime", fieldTimeCreated, FileTimeType, false}}},
	{"EventRecordID", []systemPart{{"", fieldRecordID, UInt64Type, false}}},
	{"Correlation", []systemPart{
		{"ActivityID", fieldActivityID, GUIDType, true},
		{"RelatedActivityID", fieldRelatedActivityID, GUIDType, true},
	}},
	{"Execution", []systemPart{
		{"ProcessID", fieldProcessID, UInt32Type, false},
		{"ThreadID", fieldThreadID, UInt32Type, false},
	}},
	{"Channel", []systemPart{{"", fieldChannel, StringType, false}}},
	{"Computer", []systemPart{{"", fieldComputer, StringType, false}}},
	{"Security", []systemPart{{"UserID", fieldUserSID, SIDType, true}}},
}

type systemLayoutElement struct {
	name  string
	parts []systemPart
}

// value returns a field in the type that Windows gives it. A text that is not a SID
// stays a text.
func (s *System) value(p *systemPart) Value {
	number := func(n uint64) Value { return NewValue(p.typ, p.typ.appendNumber(nil, n)) }
	switch p.field {
	case fieldProvider:
		return StringValue(s.Provider)
	case fieldProviderGUID:
		return GUIDValue(s.ProviderGUID)
	case fieldEventSourceName:
		return StringValue(s.EventSourceName)
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
		return number(s.Keywords)
	case fieldTimeCreated:
		return number(filetime.Ticks(s.TimeCreated))
	case fieldRecordID:
		return number(s.RecordID)
	case fieldActivityID:
		return GUIDValue(s.ActivityID)
	case fieldRelatedActivityID:
		return GUIDValue(s.RelatedActivityID)
	case fieldProcessID:
		return number(uint64(s.ProcessID))
	case fieldThreadID:
		return number(uint64(s.ThreadID))
	case fieldChannel:
		return StringValue(s.Channel)
	case fieldComputer:
		return StringValue(s.Computer)
	}
	if sid, err := winid.ParseSID(s.UserSID); err == nil {
		return SIDValue(sid)
	}
	return StringValue(s.UserSID)
}

// tree returns the System element: in the form that it had in the log if that is not
// nil, otherwise in Windows' own.
func (s *System) tree(logged *Field) Field {
	if logged == nil {
		logged = new(Field)
		was := new(System)
		logged.Name = "System"
		for _, e := range systemLayout {
			element := Field{Name: e.name}
			for i := range e.parts {
				if p := &e.parts[i]; !p.optional || s.differs(was, p) {
					element.set(p.name, s.value(p))
				}
			}
			logged.Fields = append(logged.Fields, element)
		}
		return *logged
	}
	// What was changed since is changed in a copy.
	f := *logged
	f.Fields = slices.Clone(f.Fields)
	was := systemIn(logged, new(texts))
	for _, e := range systemLayout {
		for i := range e.parts {
			p := &e.parts[i]
			if !s.differs(&was, p) {
				continue
			}
			at := slices.IndexFunc(f.Fields, func(f Field) bool { return f.Name == e.name })
			if at < 0 {
				at = len(f.Fields)
				f.Fields = append(f.Fields, Field{Name: e.name})
			}
			f.Fields[at].Attributes = slices.Clone(f.Fields[at].Attributes)
			f.Fields[at].set(p.name, s.value(p))
		}
	}
	return f
}

// differs reports whether a field has another value than in t.
func (s *System) differs(t *System, p *systemPart) bool {
	v, w := s.value(p), t.value(p)
	return string(v.data) != string(w.data)
}

// set sets the attribute of that name, or the content if there is no name.
func (f *Field) set(attribute string, v Value) {
	if attribute == "" {
		f.Value = v
		return
	}
	for i := range f.Attributes {
		if f.Attributes[i].Name == attribute {
			f.Attributes[i].Value = v
			return
		}
	}
	f.Attributes = append(f.Attributes, Field{Name: attribute, Value: v})
}

// systemIn returns what a System element holds. Text is kept in t.
func systemIn(f *Field, t *texts) (s System) {
	for i := range f.Fields {
		k := &f.Fields[i]
		if field, ok := systemFields[k.Name]; ok {
			s.set(field, &k.Value, t)
		}
		for j := range k.Attributes {
			a := &k.Attributes[j]
			if field, ok := systemFields[k.Name+"/@"+a.Name]; ok {
				s.set(field, &a.Value, t)
			}
		}
	}
	return s
}

// windows reports whether a System element is written like the one that s gives.
func (s *System) windows(f *Field) bool {
	if len(f.Fields) != len(systemLayout) || len(f.Attributes) > 0 || !f.Value.isEmpty() {
		return false
	}
	for i := range f.Fields {
		if !s.windowsElement(i, &f.Fields[i]) {
			return false
		}
	}
	return true
}

func (s *System) windowsElement(n int, f *Field) bool {
	e := &systemLayout[n]
	if f.Name != e.name || len(f.Fields) > 0 {
		return false
	}
	attributes, content := f.Attributes, false
	for i := range e.parts {
		p := &e.parts[i]
		if p.name == "" {
			content = true
			if !p.holds(&f.Value) {
				return false
			}
			continue
		}
		for len(attributes) > 0 && attributes[0].Value.isEmpty() {
			attributes = attributes[1:]
		}
		if len(attributes) == 0 || attributes[0].Name != p.name {
			if !p.optional {
				return false
			}
			continue // then it is zero in s, which comes from f
		}
		if v := &attributes[0].Value; !p.holds(v) || p.optional && v.Type != StringType && allZero(v.data) {
			return false
		}
		attributes = attributes[1:]
	}
	return len(present(attributes)) == 0 && (content || f.Value.isEmpty())
}

// holds reports whether a value is of the part's type and size.
func (p *systemPart) holds(v *Value) bool {
	if p.typ == StringType {
		return v.Type == StringType
	}
	return v.Type == p.typ && v.text == nil && (p.typ == SIDType || len(v.data) == p.typ.fixedSize())
}
