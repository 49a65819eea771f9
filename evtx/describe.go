package evtx

import (
	"fmt"
	"iter"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// Describe returns one sentence for people: what the event records, with its values,
// without a full stop. It is made of evidence, so escape it before showing it. An
// event without a struct is described by its provider, identifier and fields.
func Describe(e TypedEvent) string {
	if other, ok := e.(*Event); ok {
		return other.describe()
	}
	k := kindOf(e)
	if k == nil || reflect.ValueOf(e).IsNil() {
		return ""
	}
	return string(k.sentence.append(nil, k.pointer(e)))
}

// Values yields the names and values of a typed event's fields as people read them, in
// order, without System: numbers that Windows shows in hexadecimal are hexadecimal, and
// types such as winid.LogonType name what they mean. A field of a struct has its name
// there; Extra fields and those of an *Event have the names in the log. What the machine
// that forwarded the event made of it comes last, as "RenderingInfo/Message" and so on.
// Values are made of evidence, so escape them before showing them.
func Values(e TypedEvent) iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		if other, ok := e.(*Event); ok {
			if other != nil && yieldFields(other.flat(), yield) {
				other.Rendering.yield(yield)
			}
			return
		}
		k := kindOf(e)
		if k == nil || reflect.ValueOf(e).IsNil() {
			return
		}
		p := k.pointer(e)
		var buf []byte
		for i := range k.fields {
			f := &k.fields[i]
			value := ""
			if f.form == formText && !f.typ.Implements(stringer) {
				value = f.text(p)
			} else if f.form != formTime || !f.empty(p) {
				buf = f.appendText(buf[:0], p)
				value = string(buf)
			}
			if !yield(f.goName, value) {
				return
			}
		}
		if yieldFields(*k.extraOf(p), yield) {
			e.Sys().Rendering.yield(yield)
		}
	}
}

func yieldFields(fields []Field, yield func(name, value string) bool) bool {
	for i := range fields {
		if !yield(fields[i].Name, fields[i].Value.String()) {
			return false
		}
	}
	return true
}

func (e *Event) describe() string {
	if e == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d", e.Provider, e.EventID)
	sep := ": "
	if e.Rendering != nil && e.Rendering.Message != "" {
		return b.String() + sep + strings.Join(strings.Fields(e.Rendering.Message), " ")
	}
	for _, f := range e.flat() {
		value := f.Value.String()
		if value == "" {
			continue
		}
		b.WriteString(sep)
		if f.Name != "" {
			b.WriteString(f.Name + "=")
		}
		b.WriteString(value)
		sep = ", "
	}
	return b.String()
}

// sentence describes the events of a kind. Its text holds the names of fields of the
// struct in braces:
//
//	{Field}             the field's text, or "-" if it is empty
//	{Domain\User}       an account, of two fields
//	{A|B|"text"}        the first of these that is not empty
//	[ … {Field} … ]     nothing if a field in the brackets is empty
//
// What is empty is defined at structField.empty.
type sentence struct {
	text  string
	kind  *Kind
	once  sync.Once
	parts []part
	err   error
}

// part is literal text, or the first of several choices that is not empty. An option
// holds parts that are left out together.
type part struct {
	text    string
	choices []choice
	option  []part
}

// choice is a field, an account of two fields, or text.
type choice struct {
	field, user *structField // user is set for an account; field is then its domain
	text        string
}

func (s *sentence) append(dst []byte, p structPointer) []byte {
	s.once.Do(func() {
		var rest string
		if s.parts, rest, s.err = s.parse(s.text, false); rest != "" && s.err == nil {
			s.err = fmt.Errorf("evtx: sentence of %s: %q at the end", s.kind.Name, rest)
		}
	})
	dst, _ = appendParts(dst, s.parts, p)
	return dst
}

// appendParts appends parts, and reports whether all their fields have a value.
func appendParts(dst []byte, parts []part, p structPointer) ([]byte, bool) {
	complete := true
	for i := range parts {
		switch part := &parts[i]; {
		case part.option != nil:
			if with, ok := appendParts(dst, part.option, p); ok {
				dst = with
			}
		case part.choices != nil:
			before := len(dst)
			for j := range part.choices {
				if dst = part.choices[j].append(dst, p); len(dst) > before {
					break
				}
			}
			if len(dst) == before {
				complete = false
				dst = append(dst, '-')
			}
		default:
			dst = append(dst, part.text...)
		}
	}
	return dst, complete
}

// append appends nothing if the choice is empty.
func (c *choice) append(dst []byte, p structPointer) []byte {
	switch {
	case c.user != nil:
		domain, user := c.field.text(p), c.user.text(p)
		return append(dst, winid.Account(domain, user)...)
	case c.field == nil:
		return append(dst, c.text...)
	case c.field.empty(p):
		return dst
	case c.field.wire == SizeTType && !strings.HasSuffix(c.field.name, "HandleId"): // process identifiers, which other logs show in decimal
		return strconv.AppendUint(dst, c.field.uint64(p), 10)
	}
	return c.field.appendText(dst, p)
}

// text returns a field that holds text.
func (f *structField) text(p structPointer) string {
	if f.form != formText {
		return string(f.appendText(nil, p))
	}
	return *(*string)(f.at(p))
}

// stringer is the type of fields that describe themselves, such as winid.LogonType.
var stringer = reflect.TypeFor[fmt.Stringer]()

// appendText appends the field of the struct at p as people read it.
func (f *structField) appendText(dst []byte, p structPointer) []byte {
	at := f.at(p)
	if f.form != formTime && f.typ.Implements(stringer) {
		return append(dst, reflect.NewAt(f.typ, at).Elem().Interface().(fmt.Stringer).String()...)
	}
	if f.hexadecimal() {
		n := uint64(0)
		if f.form == formUint32 {
			n = uint64(*(*uint32)(at))
		} else {
			n = *(*uint64)(at)
		}
		return appendHexNumber(dst, n)
	}
	switch f.form {
	case formText:
		return append(dst, *(*string)(at)...)
	case formBool:
		return strconv.AppendBool(dst, *(*bool)(at))
	case formUint8:
		return strconv.AppendUint(dst, uint64(*(*uint8)(at)), 10)
	case formUint16:
		return strconv.AppendUint(dst, uint64(*(*uint16)(at)), 10)
	case formUint32:
		return strconv.AppendUint(dst, uint64(*(*uint32)(at)), 10)
	case formUint64:
		return strconv.AppendUint(dst, *(*uint64)(at), 10)
	case formInt32:
		return strconv.AppendInt(dst, int64(*(*int32)(at)), 10)
	case formInt64:
		return strconv.AppendInt(dst, *(*int64)(at), 10)
	case formFloat64:
		return strconv.AppendFloat(dst, *(*float64)(at), 'g', -1, 64)
	case formTime:
		return (*(*time.Time)(at)).UTC().AppendFormat(dst, time.RFC3339Nano)
	case formBytes:
		return appendHex(dst, *(*[]byte)(at))
	case formTexts:
		return append(dst, strings.Join(*(*[]string)(at), ", ")...)
	}
	return dst
}

// parse parses a text up to the end of the option that it is in, and returns what
// follows it.
func (s *sentence) parse(text string, option bool) (parts []part, rest string, err error) {
	for text != "" {
		i := strings.IndexAny(text, "{[]")
		if i < 0 {
			i = len(text)
		}
		if i > 0 {
			parts = append(parts, part{text: text[:i]})
			text = text[i:]
			continue
		}
		switch text[0] {
		case ']':
			if option {
				return parts, text[1:], nil
			}
			return parts, text, fmt.Errorf("evtx: sentence of %s: ] without [", s.kind.Name)
		case '[':
			var inner []part
			if inner, text, err = s.parse(text[1:], true); err != nil {
				return nil, "", err
			}
			parts = append(parts, part{option: inner})
		case '{':
			inner, after, ok := strings.Cut(text[1:], "}")
			if !ok {
				return nil, "", fmt.Errorf("evtx: sentence of %s: { without }", s.kind.Name)
			}
			p := part{}
			for name := range strings.SplitSeq(inner, "|") {
				c, err := s.choice(name)
				if err != nil {
					return nil, "", err
				}
				p.choices = append(p.choices, c)
			}
			parts, text = append(parts, p), after
		}
	}
	if option {
		return nil, "", fmt.Errorf("evtx: sentence of %s: [ without ]", s.kind.Name)
	}
	return parts, "", nil
}

func (s *sentence) choice(name string) (c choice, err error) {
	if text, ok := strings.CutPrefix(name, `"`); ok {
		return choice{text: strings.TrimSuffix(text, `"`)}, nil
	}
	domain, user, account := strings.Cut(name, `\`)
	if c.field, err = s.field(domain); err == nil && account {
		c.user, err = s.field(user)
	}
	return c, err
}

// field returns the field of the struct with a name.
func (s *sentence) field(name string) (*structField, error) {
	k := s.kind.ready()
	if f, ok := k.typ.FieldByName(name); ok {
		for i := range k.fields {
			if k.fields[i].offset == f.Offset && len(f.Index) == 1 {
				return &k.fields[i], nil
			}
		}
	}
	return nil, fmt.Errorf("evtx: sentence of %s: no field is called %q", s.kind.Name, name)
}
