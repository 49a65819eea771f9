package evtx

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// TypedEvent is an event as the struct of its kind, such as *Security4688 or
// *Sysmon11, or an *Event if its kind has no struct.
type TypedEvent interface {
	// Sys returns the content of the System element of the event.
	Sys() *System
	// Kind names the kind of event; see [System.Kind].
	Kind() string
}

// Typed returns the event as a pointer to the struct of its kind, or as an *Event if
// its kind has no struct. Fields are found by name, so every layout can be read. To
// find out in advance whether there is a struct, call Kind on the result of System.
//
// An error is a *FormatError. An *Event with what was read before the damage
// accompanies it, so the event is never nil.
func (r *Record) Typed() (TypedEvent, error) {
	e, err := r.Event()
	if err != nil {
		return e, err
	}
	return TypedOf(e), nil
}

// TypedOf returns an event as a pointer to the struct of its kind, or e itself if its
// kind has no struct. The struct may have fewer fields than the event.
func TypedOf(e *Event) TypedEvent {
	if e == nil {
		return new(Event)
	}
	k := e.kind()
	if k == nil {
		return e
	}
	return k.typed(e)
}

func (k *Kind) typed(e *Event) TypedEvent {
	p := reflect.New(k.typ)
	v := p.Elem()
	v.Field(0).Set(reflect.ValueOf(e.System))
	seen := make([]bool, len(k.fields))
	for i := range e.Fields {
		n, ok := k.byName[e.Fields[i].Name]
		if !ok || seen[n] {
			continue
		}
		seen[n] = true
		setField(v.Field(k.fields[n].index), e.Fields[i].Value)
	}
	return p.Interface().(TypedEvent)
}

func setField(f reflect.Value, v Value) {
	switch p := f.Addr().Interface().(type) {
	case *string:
		*p = v.String()
	case *bool:
		n, ok := v.Uint64()
		*p = n != 0 || !ok && strings.EqualFold(v.String(), "true")
	case *GUID:
		*p = guidOf(v)
	case *time.Time:
		*p = v.Time()
	case *uint16:
		n, _ := v.Uint64()
		*p = uint16(n)
	case *uint32:
		n, _ := v.Uint64()
		*p = uint32(n)
	case *uint64:
		*p, _ = v.Uint64()
	}
}

// EventOf returns a typed event, a struct or a pointer to one, with its fields as a
// log holds them. It is the inverse of Typed. If System has no provider, event
// identifier or channel, that of the kind is used. For an *Event, EventOf returns a
// copy. Any other type, and nil, is an error.
func EventOf(t any) (*Event, error) {
	if e, ok := t.(*Event); ok && e != nil {
		c := *e
		return &c, nil
	}
	k := kindOf(t)
	if k == nil {
		return nil, fmt.Errorf("evtx: %T is not a typed event of this package", t)
	}
	v := reflect.ValueOf(t)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil, fmt.Errorf("evtx: %T is nil", t)
		}
		v = v.Elem()
	}
	e := &Event{System: v.Field(0).Interface().(System), Element: "EventData"}
	if k.Element != "" {
		e.UserData, e.Element, e.Namespace = true, k.Element, k.Namespace
	}
	if e.Provider == "" {
		e.Provider = k.Provider
	}
	if e.EventID == 0 {
		e.EventID = k.EventID
	}
	if e.Channel == "" {
		e.Channel = k.Channel
	}
	for _, f := range k.fields {
		value, err := fieldValue(v.Field(f.index), f.wire)
		if err != nil {
			return nil, fmt.Errorf("evtx: %T %s: %w", t, f.name, err)
		}
		e.Fields = append(e.Fields, Field{f.name, value})
	}
	return e, nil
}

// sysmonTime is the layout of a time that Sysmon writes.
const sysmonTime = "2006-01-02 15:04:05.000"

func fieldValue(f reflect.Value, wire ValueType) (Value, error) {
	switch x := f.Interface().(type) {
	case string:
		if wire != SIDType {
			return StringValue(x), nil
		}
		if x == "" {
			return Value{}, nil
		}
		sid, err := winid.ParseSID(x)
		if err != nil {
			return Value{}, err
		}
		b, err := sid.MarshalBinary()
		return NewValue(SIDType, b), err
	case bool:
		n := uint32(0)
		if x {
			n = 1
		}
		return NewValue(BoolType, le.AppendUint32(nil, n)), nil
	case GUID:
		return NewValue(GUIDType, x[:]), nil
	case time.Time:
		if x.IsZero() {
			return StringValue(""), nil
		}
		return StringValue(x.UTC().Format(sysmonTime)), nil
	}
	n := f.Uint()
	switch wire.fixedSize() {
	case 2:
		return NewValue(wire, le.AppendUint16(nil, uint16(n))), nil
	case 4:
		return NewValue(wire, le.AppendUint32(nil, uint32(n))), nil
	}
	return NewValue(wire, le.AppendUint64(nil, n)), nil
}
