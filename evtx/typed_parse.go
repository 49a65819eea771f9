package evtx

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// ParseTyped returns the event of a line that Record.AppendTyped wrote. Values have the
// types that the kind's struct has; what no struct names has those of JSON, so a
// number is an UInt32Type if it fits. The log and the offset are not part of an event.
//
// A member that AppendTyped does not write, and a value that does not fit its field,
// are errors that name the member.
func ParseTyped(line []byte) (*Event, error) {
	p := typedParser{e: new(Event)}
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	err := eachMember(d, func(name string) error {
		var value any
		if err := d.Decode(&value); err != nil {
			return err
		}
		return p.member(name, value)
	})
	if err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			err = nil
		} else if err == nil {
			err = errors.New("more than one object")
		}
	}
	if err != nil {
		return nil, fmt.Errorf("evtx: typed line: %w", err)
	}
	return p.e, nil
}

// eachMember calls f for each member of an object, in order. F reads the value.
func eachMember(d *json.Decoder, f func(name string) error) error {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.Join(err, errors.New("not an object"))
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := t.(string)
		if err := f(name); err != nil {
			return fmt.Errorf("member %q: %w", name, err)
		}
	}
	_, err := d.Token()
	return err
}

var errMember = errors.New("an event of this kind does not have it")

// typedParser builds an event from the members of a line.
type typedParser struct {
	e *Event
	k *Kind
}

func (p *typedParser) member(name string, value any) error {
	e := p.e
	switch name {
	case "kind":
		if p.k = declared().byName[fmt.Sprint(value)]; p.k == nil && value != "event" {
			return fmt.Errorf("no kind is called %q", value)
		}
		switch p.k = p.k.ready(); {
		case p.k == nil:
		case p.k.Element != "":
			e.UserData, e.Element, e.Namespace = true, p.k.Element, p.k.Namespace
		default:
			e.Element = "EventData"
		}
	case "log", "offset":
	case "record_id":
		return p.system(fieldRecordID, UInt64Type, value)
	case "time":
		return p.system(fieldTimeCreated, FileTimeType, value)
	case "system":
		members, ok := value.(map[string]any)
		if !ok {
			return errors.New("not an object")
		}
		for name, value := range members {
			if name == "RenderingInfo" {
				if err := p.rendering(value); err != nil {
					return fmt.Errorf("member %q: %w", name, err)
				}
				continue
			}
			i := slices.IndexFunc(systemMembers, func(m systemMember) bool { return m.name == name })
			if i < 0 {
				return fmt.Errorf("member %q: %w", name, errMember)
			}
			if err := p.system(systemMembers[i].field, systemMembers[i].form, value); err != nil {
				return fmt.Errorf("member %q: %w", name, err)
			}
		}
	case "element":
		e.Element = fmt.Sprint(value)
		e.UserData = !slices.Contains(dataElements, e.Element)
	case "namespace":
		e.Namespace = fmt.Sprint(value)
	case "data", "other":
		return p.list(value)
	default:
		return p.field(name, value)
	}
	return nil
}

// rendering reads what RenderingInfo.appendJSON wrote.
func (p *typedParser) rendering(value any) error {
	members, ok := value.(map[string]any)
	if !ok {
		return errors.New("not an object")
	}
	r := new(RenderingInfo)
	p.e.Rendering = r
	to := map[string]*string{"Culture": &r.Culture}
	for _, e := range renderingElements {
		to[e.name] = e.text(r)
	}
	for name, value := range members {
		text, isText := value.(string)
		list, isList := value.([]any)
		switch {
		case isText && to[name] != nil:
			*to[name] = text
		case isList && name == "Keywords":
			for _, k := range list {
				r.Keywords = append(r.Keywords, fmt.Sprint(k))
			}
		default:
			return fmt.Errorf("member %q: %w", name, errMember)
		}
	}
	return nil
}

// dataElements are the elements below Event that hold data.
var dataElements = []string{"EventData", "ProcessingErrorData", "BinaryEventData", "DebugData"}

func (p *typedParser) system(f systemField, form ValueType, value any) error {
	v, err := valueOfJSON(form, value)
	if err == nil {
		var own texts
		p.e.System.set(f, &v, &own)
	}
	return err
}

// field adds a field of the struct of the kind.
func (p *typedParser) field(name string, value any) error {
	if p.k == nil {
		return errMember
	}
	i := slices.IndexFunc(p.k.fields, func(f structField) bool { return f.name == name })
	if i < 0 {
		return errMember
	}
	f := &p.k.fields[i]
	v, err := valueOfJSON(f.wire, value)
	if at, ok := value.(string); ok && err == nil && f.form == formTime && f.wire == StringType {
		var t time.Time
		if t, err = time.Parse(time.RFC3339Nano, at); err == nil {
			v = StringValue(t.UTC().Format(sysmonTime))
		}
	}
	if err != nil {
		return err
	}
	p.add(name, v)
	return nil
}

func (p *typedParser) add(name string, v Value) {
	f := Field{Name: name, Value: v}
	switch {
	case p.e.UserData:
		addPath(&p.e.Fields, name, v)
		return
	case name != "" && name[0] == '#':
		f.Name = ""
	case name == "Binary" && !p.e.UserData:
		f.Element = name
	}
	p.e.Fields = append(p.e.Fields, f)
}

// addPath adds a value that Event.Leaves yields with a path. It is in the last element of
// that name, unless that has such a value already.
func addPath(fields *[]Field, path string, v Value) {
	name, rest, inside := strings.Cut(path, "/")
	all := *fields
	var last *Field
	if n := len(all); n > 0 && all[n-1].Name == name {
		last = &all[n-1]
	}
	attribute, isAttribute := strings.CutPrefix(rest, "@")
	switch {
	case last == nil:
	case isAttribute && slices.ContainsFunc(last.Attributes, func(a Field) bool { return a.Name == attribute }):
		last = nil
	case !inside && (!last.Value.IsNull() || len(last.Attributes)+len(last.Fields) == 0):
		last = nil
	}
	if last == nil {
		*fields = append(all, Field{Name: name})
		last = &(*fields)[len(all)]
	}
	switch {
	case !inside:
		last.Value = v
	case isAttribute:
		last.Attributes = append(last.Attributes, Field{Name: attribute, Value: v})
	default:
		addPath(&last.Fields, rest, v)
	}
}

// list adds fields that no struct names.
func (p *typedParser) list(value any) error {
	all, ok := value.([]any)
	if !ok {
		return errors.New("not a list")
	}
	for i, item := range all {
		m, _ := item.(map[string]any)
		name, ok := m["name"].(string)
		if !ok || len(m) != 2 {
			return fmt.Errorf("item %d: not a name and a value", i)
		}
		v, err := anyValue(m["value"])
		if err != nil {
			return fmt.Errorf("item %d: %w", i, err)
		}
		p.add(name, v)
	}
	return nil
}

// valueOfJSON returns a value of a type from what JSON has for it.
func valueOfJSON(t ValueType, value any) (Value, error) {
	switch x := value.(type) {
	case nil:
		return Value{}, nil
	case bool:
		if t == BoolType {
			return BoolValue(x), nil
		}
	case json.Number:
		if t != StringType && t != HexInt32Type && t != HexInt64Type && t != SizeTType {
			return ParseValue(t, x.String())
		}
	case string:
		return ParseValue(t, x)
	case []any:
		if t&ArrayFlag != 0 {
			return anyValue(value)
		}
	}
	return Value{}, fmt.Errorf("%v is not a value of type %v", value, t)
}

// anyValue returns the value of a field whose type is not known.
func anyValue(value any) (Value, error) {
	switch x := value.(type) {
	case nil:
		return Value{}, nil
	case bool:
		return BoolValue(x), nil
	case string:
		return StringValue(x), nil
	case json.Number:
		for _, t := range []ValueType{UInt32Type, UInt64Type, Int32Type, Int64Type, Real64Type} {
			if v, err := ParseValue(t, x.String()); err == nil {
				return v, nil
			}
		}
	case []any:
		var all Value
		for i, item := range x {
			v, err := anyValue(item)
			if err != nil || i > 0 && v.Type|ArrayFlag != all.Type || v.Type == NullType {
				return Value{}, fmt.Errorf("item %d: not of one type with those before it", i)
			}
			all.Type = v.Type | ArrayFlag
			all.data = append(all.data, v.data...)
			if v.Type == StringType {
				all.data = append(all.data, 0, 0)
			}
		}
		return all, nil
	}
	return Value{}, fmt.Errorf("%v is not a value", value)
}
