package evtx

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// ParseJSON returns the event of a line that Record.AppendJSON, or another program that
// prints the JSON of evtx_dump, wrote. Its JSON is the same again.
//
// JSON has fewer types than a log. A value has the type that Windows writes, if it is part
// of System or the kind of event has a struct, and its text is that of such a value.
// Otherwise a number is an UInt32Type if it fits, and everything in quotes is text, except
// that Binary below EventData is binary data. Times that Windows writes as such may have up
// to nine decimal places, and GUIDs may lack their braces; AppendJSON gives them seven
// places, and braces.
//
// A member that no event has is an error that names it, as is a number that is not an
// integer.
func ParseJSON(line []byte) (*Event, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	v, err := readJSON(d, 0)
	if err == nil {
		if _, after := d.Token(); !errors.Is(after, io.EOF) {
			err = errors.New("more than one object")
		}
	}
	var root Field
	if err == nil {
		root, err = v.event()
	}
	if err != nil {
		return nil, fmt.Errorf("evtx: JSON of an event: %w", err)
	}
	return NewEvent(root), nil
}

// event returns the tree of an event.
func (v *jsonValue) event() (root Field, err error) {
	if !v.object || len(v.names) != 1 || v.names[0] != "Event" || !v.members[0].object {
		return root, errors.New(`want an object with the member "Event"`)
	}
	v = &v.members[0]
	root.Name = "Event"
	var k *Kind
	for i, name := range v.names {
		m := &v.members[i]
		var f Field
		switch {
		case name == "#attributes":
			root.Attributes, err = m.attributes("", nil)
		case name == "System":
			if f, err = m.element(name, "", systemType); err == nil {
				err = checkSystem(&f)
				s := systemIn(&f, new(texts))
				k = s.kind()
			}
			root.Fields = append(root.Fields, f)
		case name == "EventData":
			f, err = m.eventData(k)
			root.Fields = append(root.Fields, f)
		case name == "UserData", name == "RenderingInfo", slices.Contains(dataElements, name):
			f, err = m.element(name, "", k.typeBelow)
			root.Fields = append(root.Fields, f)
		default:
			err = errMember
		}
		if err != nil {
			return root, fmt.Errorf("%s: %w", name, err)
		}
	}
	return root, nil
}

// systemType returns the type that Windows gives a value in System.
func systemType(path string) ValueType {
	f, ok := systemFields[strings.TrimPrefix(path, "System/")]
	if !ok {
		return NullType
	}
	for _, e := range systemLayout {
		for _, p := range e.parts {
			if p.field == f {
				return p.typ
			}
		}
	}
	return NullType
}

// checkSystem checks the names below System, and what every event has. The channel may be
// null, as in some real logs.
func checkSystem(system *Field) error {
	s := systemIn(system, new(texts))
	channel := slices.ContainsFunc(system.Fields, func(f Field) bool { return f.Name == "Channel" })
	for i := range system.Fields {
		f := &system.Fields[i]
		if !slices.ContainsFunc(systemLayout, func(e systemLayoutElement) bool { return e.name == f.Name }) {
			return fmt.Errorf("%s: %w", f.Name, errMember)
		}
	}
	switch {
	case filetime.Ticks(s.TimeCreated) == 0:
		return errors.New("no time, or one that is zero")
	case s.Provider == "":
		return errors.New("no name of the provider")
	case !channel:
		return errors.New("no channel")
	}
	return nil
}

// typeBelow returns the type that Windows gives a value below UserData in events of the
// kind.
func (k *Kind) typeBelow(path string) ValueType {
	if _, below, ok := strings.Cut(strings.TrimPrefix(path, "UserData/"), "/"); ok {
		return k.typeOf(below)
	}
	return NullType
}

// typeOf returns the type that Windows gives a field in events of the kind, or NullType if
// that is not known.
func (k *Kind) typeOf(name string) ValueType {
	if k = k.ready(); k != nil {
		if n, ok := k.byName[name]; ok {
			return k.fields[n].wire
		}
	}
	return NullType
}

// attributes returns the members of "#attributes".
func (v *jsonValue) attributes(path string, typeOf func(string) ValueType) (all []Field, err error) {
	if !v.object {
		return nil, errors.New("#attributes: not an object")
	}
	var names jsonNames
	for i, name := range v.names {
		name = names.original(name, "")
		t := NullType
		if typeOf != nil {
			t = typeOf(path + "/@" + name)
		}
		value, err := v.members[i].value(t)
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", name, err)
		}
		all = append(all, Field{Name: name, Value: value})
	}
	return all, nil
}

// element returns an element. Path is that of the element around it, with a slash.
func (v *jsonValue) element(name, path string, typeOf func(string) ValueType) (f Field, err error) {
	f.Name = name
	path += name
	if !v.object {
		f.Value, err = v.value(typeOf(path))
		return f, err
	}
	var names jsonNames
	for i, member := range v.names {
		m := &v.members[i]
		switch member {
		case "#attributes":
			f.Attributes, err = m.attributes(path, typeOf)
		case "#text":
			f.Value, err = m.value(typeOf(path))
		default:
			var inner Field
			inner, err = m.element(names.original(member, ""), path+"/", typeOf)
			f.Fields = append(f.Fields, inner)
		}
		if err != nil {
			return f, fmt.Errorf("%s: %w", member, err)
		}
	}
	return f, nil
}

// eventData returns an EventData element of an event of a kind. Its members are Data
// elements with that name, except for those that only elements of that name are printed
// as.
func (v *jsonValue) eventData(k *Kind) (f Field, err error) {
	if !v.object {
		return v.element("EventData", "", k.typeOf)
	}
	f.Name = "EventData"
	add := func(name string, m *jsonValue, t ValueType) error {
		inner, err := m.element("Data", "", func(string) ValueType { return t })
		if name != "" {
			inner.Attributes = append([]Field{{Name: "Name", Value: StringValue(name)}}, inner.Attributes...)
		}
		f.Fields = append(f.Fields, inner)
		return err
	}
	var names jsonNames
	previous := "" // the name of the Data elements before this member
	for i, member := range v.names {
		m := &v.members[i]
		if member == "#attributes" {
			f.Attributes, err = m.attributes("", nil)
		} else if member == "#text" {
			f.Value, err = m.value(NullType)
		} else {
			name := names.original(member, previous)
			t := k.typeOf(name)
			previous = ""
			switch {
			case name == "Data" && m.object && slices.Equal(m.names, []string{"#text"}):
				err = m.members[0].each(func(m *jsonValue) error { return add("", m, NullType) })
			case m.list && t&ArrayFlag != 0:
				err = add(name, m, t)
			case m.list:
				err = m.each(func(m *jsonValue) error { return add(name, m, t) })
				previous = name
			case name == "Binary", m.scalar == nil, m.object:
				var inner Field
				if name == "Binary" {
					t = BinaryType
				}
				inner, err = m.element(name, "", func(path string) ValueType {
					if path == name {
						return t
					}
					return NullType
				})
				f.Fields = append(f.Fields, inner)
			default:
				err = add(name, m, t)
				previous = name
			}
		}
		if err != nil {
			return f, fmt.Errorf("%s: %w", member, err)
		}
	}
	return f, nil
}

// jsonNames finds the names of elements that AppendJSON has given a suffix, since they
// repeat.
type jsonNames struct{ seen map[string]int }

// original returns the name of an element by that of its member. Data elements that have
// one name and follow one another are a list, so a suffix to their name is a part of it.
func (n *jsonNames) original(member, previous string) string {
	if n.seen == nil {
		n.seen = map[string]int{}
	}
	if at := strings.LastIndexByte(member, '_'); at > 0 {
		base := member[:at]
		if count := n.seen[base]; count > 0 && base != previous {
			for ; n.seen[base+"_"+strconv.Itoa(count)] > 0; count++ {
			}
			if member == base+"_"+strconv.Itoa(count) {
				n.seen[base], n.seen[member] = count+1, 1
				return base
			}
		}
	}
	n.seen[member]++
	return member
}
