package evtx

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
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
// find out in advance whether there is a struct, use a Filter or call Kind on the
// result of System.
//
// The event stays valid, but shares memory with the other typed events of its chunk.
// To keep a few of many, use [Clone].
//
// An error is a *FormatError. An *Event with what was read before the damage
// accompanies it, so the event is never nil.
func (r *Record) Typed() (TypedEvent, error) {
	if r.chunk != nil {
		if e := r.chunk.typed(r.at+24, r.at+r.Size-4); e != nil {
			return e, nil
		}
	}
	e, err := r.Event()
	if err != nil {
		return e, err
	}
	return TypedOf(e), nil
}

// TypedOf returns an event as a pointer to the struct of its kind, or e itself if its
// kind has no struct. What the struct does not name is in its Extra fields.
func TypedOf(e *Event) TypedEvent {
	if e == nil {
		return new(Event)
	}
	k := e.kind()
	if k == nil {
		return e
	}
	var own texts
	p := k.structs(1)
	fields := e.flat()
	for i, n := range k.match(fields) {
		k.put(p, n, fields[i].Name, &fields[i].Value, &own)
	}
	t := k.typed(p)
	*t.Sys() = e.System
	return t
}

// match returns for each field of an event the index of the struct's field, or -1. The
// first field of a name counts.
func (k *Kind) match(fields []Field) []int {
	all := make([]int, len(fields))
	seen := make([]bool, len(k.fields))
	unnamed := 0
	for i := range fields {
		n, ok := k.byName[fields[i].Name]
		if fields[i].Name == "" {
			n = k.at(unnamed)
			ok = n >= 0
			unnamed++
		}
		if !ok || seen[n] {
			all[i] = -1
			continue
		}
		seen[n], all[i] = true, n
	}
	return all
}

// Clone returns a copy of a typed event, or of an *Event, that shares no memory with
// other events or with its chunk.
func Clone(e TypedEvent) TypedEvent {
	if other, ok := e.(*Event); ok && other != nil {
		return other.clone()
	}
	k := kindOf(e)
	if k == nil || reflect.ValueOf(e).IsNil() {
		return e
	}
	p := k.structs(1)
	c := k.typed(p)
	reflect.ValueOf(c).Elem().Set(reflect.ValueOf(e).Elem())
	for i := range k.fields {
		k.fields[i].own(p)
	}
	c.Sys().own()
	return c
}

func (e *Event) clone() *Event {
	c := *e
	c.System.own()
	c.Element, c.Namespace = strings.Clone(c.Element), strings.Clone(c.Namespace)
	c.Attributes, c.Fields = ownFields(c.Attributes), ownFields(c.Fields)
	if c.odd != nil {
		odd := *c.odd
		odd.root, odd.after = ownFields(odd.root), ownFields(odd.after)
		if odd.system != nil {
			odd.system = &ownFields([]Field{*odd.system})[0]
		}
		c.odd = &odd
	}
	return &c
}

// ownFields copies fields with the memory that they share with their chunk.
func ownFields(fields []Field) []Field {
	all := slices.Clone(fields)
	for i := range all {
		f := &all[i]
		f.Name, f.Element = strings.Clone(f.Name), strings.Clone(f.Element)
		f.Value = Value{Type: f.Value.Type, data: bytes.Clone(f.Value.data), text: f.Value.text}
		f.Attributes, f.Fields = ownFields(f.Attributes), ownFields(f.Fields)
	}
	return all
}

// own copies the memory that s shares with other events.
func (s *System) own() {
	for _, text := range []*string{&s.Provider, &s.EventSourceName, &s.Channel, &s.Computer, &s.UserSID} {
		*text = strings.Clone(*text)
	}
	s.Rendering = s.Rendering.own()
}

// EventOf returns a typed event, a struct or a pointer to one, with its fields as a
// log holds them. It is the inverse of Typed. For an *Event, it returns a copy. Any
// other type, and nil, is an error.
//
// The fields are those of the layout that System.Version has, and others that are not
// zero. Of several layouts with one version, an event that was read has the oldest that
// holds all its values. If System has neither provider nor event identifier, the event
// was not read from a log but made by hand: what is zero in System is then set to what Windows
// writes for the kind (its newest version, level, task, keywords and so on), a text
// without a value becomes "-" if Windows writes that, and Sysmon's UtcTime is the
// TimeCreated if it is zero.
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
	if v.Kind() != reflect.Pointer {
		p := reflect.New(k.typ)
		p.Elem().Set(v)
		v = p
	}
	if v.IsNil() {
		return nil, fmt.Errorf("evtx: %T is nil", t)
	}
	p := v.UnsafePointer()
	e := &Event{System: *k.typed(p).Sys(), Element: "EventData"}
	if k.Element != "" {
		e.UserData, e.Element, e.Namespace = true, k.Element, k.Namespace
	}
	made := e.Provider == "" && e.EventID == 0
	if made {
		e.System.fill(&k.system)
	}
	if e.kind() != k {
		return nil, fmt.Errorf("evtx: %T: System has provider %q and event %d, which are of another kind", t, e.Provider, e.EventID)
	}
	layout := k.layout(p, e.Version, made)
	extra := *k.extraOf(p)
	for i := range k.fields {
		f := &k.fields[i]
		if f.zero(p) && (!f.in(layout) || slices.ContainsFunc(extra, func(x Field) bool { return x.Name == f.name })) {
			continue
		}
		value, err := f.value(p, made)
		if err != nil {
			return nil, fmt.Errorf("evtx: %T %s: %w", t, f.name, err)
		}
		if made && f.name == happenedField && f.form == formTime && f.zero(p) {
			value = StringValue(e.TimeCreated.UTC().Format(sysmonTime))
		}
		name := f.name
		if name[0] == '#' {
			name = ""
		}
		e.Add(name, value)
	}
	for _, f := range extra {
		if len(f.Attributes)+len(f.Fields) > 0 || f.Element != "" {
			e.Fields = append(e.Fields, f)
		} else {
			e.Add(f.Name, f.Value)
		}
	}
	return e, nil
}

// fill sets what is zero in s to what d has.
func (s *System) fill(d *System) {
	to, from := reflect.ValueOf(s).Elem(), reflect.ValueOf(d).Elem()
	for i := range to.NumField() {
		if to.Field(i).IsZero() {
			to.Field(i).Set(from.Field(i))
		}
	}
}
