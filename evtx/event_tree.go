package evtx

import (
	"slices"
	"strings"
)

const eventNamespace = "http://schemas.microsoft.com/win/2004/08/events/event"

// oddForm is what an event has in another form than Windows' own.
type oddForm struct {
	root   []Field // the attributes of the Event element, if there are others
	system *Field  // the System element
	after  []Field // elements behind the data
	bare   bool    // there is no element for the data
}

// textElement is the Element of a Field that is the text of the element around it.
const textElement = "#text"

// fieldSize is about the memory that a Field takes, in bytes.
const fieldSize = 128

// tree returns an element with all that is in it. With an error, it is what was read
// before. A System element is only valid until the next one.
func (w *walker) tree(p place) (f Field, err error) {
	f.Name = p.n.name
	if err := w.spend(fieldSize); err != nil {
		return f, err
	}
	if p.n.name == "System" && !w.inSystem {
		w.inSystem, w.c.memory.fields = true, w.c.memory.fields[:0]
		defer func() { w.inSystem = false }()
	}
	if n := len(p.n.attrs); n > 0 {
		f.Attributes = w.fields(n)
	}
	err = w.attributes(p, func(name string, v Value) {
		f.Attributes = append(f.Attributes, Field{Name: name, Value: v})
	})
	if err != nil {
		return f, err
	}
	if f.Value, err = w.content(p); err != nil {
		return f, err
	}
	if n := len(p.n.kids); n > 1 {
		f.Fields = w.fields(n)
	}
	err = w.elements(p.f, p.n.kids, func(p place) error {
		inner, err := w.tree(p)
		f.Fields = append(f.Fields, inner)
		return err
	})
	if len(f.Fields) == 0 {
		f.Fields = nil
	}
	return f, err
}

// fields returns memory for n fields. System elements share that of their chunk, since
// hardly any event keeps its own.
func (w *walker) fields(n int) []Field {
	if !w.inSystem {
		return make([]Field, 0, n)
	}
	m := &w.c.memory
	at := len(m.fields)
	m.fields = slices.Grow(m.fields, n)[:at+n]
	return m.fields[at : at : at+n]
}

// kept returns a copy of an element that does not share memory with the next System
// element.
func (f Field) kept() *Field {
	f.Attributes, f.Fields = slices.Clone(f.Attributes), slices.Clone(f.Fields)
	for i := range f.Fields {
		f.Fields[i] = *f.Fields[i].kept()
	}
	return &f
}

// NewEvent returns the event that an Event element holds. In this tree, Name is the name
// of the element; a Name attribute is one of the Attributes, and Element is not used.
// NewEvent is the inverse of Tree.
func NewEvent(root Field) *Event { return newEvent(&root, new(texts)) }

// newEvent is NewEvent. Text is kept in t.
func newEvent(root *Field, t *texts) *Event {
	e, odd := new(Event), oddForm{}
	if root.Name != "" && (len(root.Attributes) != 1 || root.Attributes[0].Name != "xmlns" || root.Attributes[0].Value.String() != eventNamespace) {
		odd.root = append([]Field{}, root.Attributes...)
	}
	var system, data, rendering bool // seen
	for i := range root.Fields {
		f := &root.Fields[i]
		switch name := f.Name; {
		case name == "System" && !system && !data:
			system = true
			r := e.Rendering
			if e.System = systemIn(f, t); !e.System.windows(f) {
				odd.system = f.kept()
			}
			e.Rendering = r
		case name == "RenderingInfo" && !rendering:
			rendering = true
			e.Rendering = renderingOf(f)
			if again := e.Rendering.tree(); !data || !sameForm(f, &again) {
				odd.after = append(odd.after, *f)
			}
		case !data && odd.after == nil:
			data = true
			e.setData(f)
		default:
			odd.after = append(odd.after, *f)
		}
	}
	odd.bare = !data && root.Name != ""
	if odd.root != nil || odd.system != nil || odd.after != nil || odd.bare {
		e.odd = &odd
	}
	return e
}

// setData sets what the element that holds the data has.
func (e *Event) setData(f *Field) {
	if f.Name == "UserData" && len(f.Fields) == 1 && len(f.Attributes) == 0 && f.Value.IsNull() {
		f, e.UserData = &f.Fields[0], true
	}
	e.Element, e.Attributes = f.Name, f.Attributes
	if at := slices.IndexFunc(f.Attributes, isNamespace); e.UserData && at >= 0 {
		if e.Namespace = f.Attributes[at].Value.String(); at == 0 { // else it keeps its place
			e.Attributes = f.Attributes[1:]
		}
	}
	if len(e.Attributes) == 0 {
		e.Attributes = nil
	}
	if !f.Value.IsNull() {
		e.Fields = append(e.Fields, Field{Element: textElement, Value: f.Value})
	}
	e.Fields = slices.Grow(e.Fields, len(f.Fields))
	for i := range f.Fields {
		k := &f.Fields[i]
		if !e.UserData && k.Name == "Data" && len(k.Attributes) == 0 && k.Value.Type&ArrayFlag != 0 {
			all := k.Value.Elements()
			e.Fields = slices.Grow(e.Fields, len(all))
			for _, v := range all {
				e.Fields = append(e.Fields, Field{Value: v})
			}
			continue
		}
		e.Fields = append(e.Fields, k.named(e.UserData))
	}
}

func isNamespace(a Field) bool { return a.Name == "xmlns" }

// named returns an element of a tree as a field below EventData or UserData. It is the
// inverse of element.
func (f *Field) named(userData bool) Field {
	out := *f
	if namedByAttribute(f.Name) {
		at := slices.IndexFunc(f.Attributes, func(a Field) bool { return a.Name == "Name" && !a.Value.isEmpty() })
		switch {
		case at >= 0:
			out.Name, out.Element = f.Attributes[at].Value.String(), f.Name
		default:
			out.Name, out.Element = "", f.Name
		}
		if at == 0 { // else it keeps its place
			if out.Attributes = f.Attributes[1:]; len(out.Attributes) == 0 {
				out.Attributes = nil
			}
		}
	}
	switch {
	case userData:
	case f.Name == "Data":
		out.Element = ""
	default:
		out.Element = f.Name
	}
	if len(f.Fields) > 0 {
		out.Fields = make([]Field, len(f.Fields))
		for i := range f.Fields {
			out.Fields[i] = f.Fields[i].named(true)
		}
	}
	return out
}

// Tree returns the Event element with all that is in it. Every Field then has the name
// of the element as its Name, and no Element. An event that was made without data has an
// empty EventData element.
func (e *Event) Tree() Field {
	root := Field{Name: "Event", Attributes: []Field{{Name: "xmlns", Value: StringValue(eventNamespace)}}}
	if e == nil {
		return root
	}
	odd := e.odd
	if odd == nil {
		odd = new(oddForm)
	}
	if odd.root != nil {
		root.Attributes = odd.root
	}
	root.Fields = append(root.Fields, e.System.tree(odd.system))
	switch {
	case e.Element != "":
		root.Fields = append(root.Fields, e.data())
	case !odd.bare: // other parsers fail if it is missing
		root.Fields = append(root.Fields, Field{Name: "EventData"})
	}
	after := odd.after
	if e.Rendering != nil && !slices.ContainsFunc(after, e.Rendering.in) {
		after = append([]Field{e.Rendering.tree()}, after...)
	}
	for i := range after {
		if f := &after[i]; f.Name != "RenderingInfo" || e.Rendering.in(*f) {
			root.Fields = append(root.Fields, *f)
		}
	}
	return root
}

// data returns the element that holds the data.
func (e *Event) data() Field {
	f := Field{Name: e.Element, Attributes: e.Attributes}
	if e.UserData && e.Namespace != "" && !slices.ContainsFunc(e.Attributes, isNamespace) {
		f.Attributes = append([]Field{{Name: "xmlns", Value: StringValue(e.Namespace)}}, e.Attributes...)
	}
	for i := range e.Fields {
		k := &e.Fields[i]
		if k.Element == textElement {
			f.Value = k.Value
			continue
		}
		f.Fields = append(f.Fields, k.element(e.UserData))
	}
	if e.UserData {
		return Field{Name: "UserData", Fields: []Field{f}}
	}
	return f
}

// element returns a field below EventData or UserData as an element of a tree.
func (f *Field) element(userData bool) Field {
	out := Field{Name: f.elementIn(userData), Value: f.Value, Attributes: f.Attributes}
	named := namedByAttribute(out.Name) && f.Name != "" && (f.Element != "" || !userData)
	if named && !slices.ContainsFunc(f.Attributes, func(a Field) bool { return a.Name == "Name" && !a.Value.isEmpty() }) {
		out.Attributes = append([]Field{{Name: "Name", Value: StringValue(f.Name)}}, f.Attributes...)
	}
	for i := range f.Fields {
		out.Fields = append(out.Fields, f.Fields[i].element(true))
	}
	return out
}

// sameForm reports whether two elements, as Tree returns them, are written alike in
// JSON.
func sameForm(a, b *Field) bool {
	same := func(v, w Value) bool {
		return v.isEmpty() && w.isEmpty() || v.isEmpty() == w.isEmpty() && bare(v.Type) == bare(w.Type) && v.String() == w.String()
	}
	if a.Name != b.Name || len(a.Fields) != len(b.Fields) || !same(a.Value, b.Value) {
		return false
	}
	if !slices.EqualFunc(present(a.Attributes), present(b.Attributes), func(a, b Field) bool { return a.Name == b.Name && same(a.Value, b.Value) }) {
		return false
	}
	for i := range a.Fields {
		if !sameForm(&a.Fields[i], &b.Fields[i]) {
			return false
		}
	}
	return true
}

// present returns the attributes that have a value.
func present(attributes []Field) []Field {
	return slices.DeleteFunc(slices.Clone(attributes), func(a Field) bool { return a.Value.isEmpty() })
}

// Add adds a value to the data, under a name that Leaves then yields. In an event with
// UserData, a name that is a path leads to an element or an attribute, and what follows
// in the same element joins it. Below EventData, Binary is the element of that name,
// and any other name is that of a Data element.
func (e *Event) Add(name string, v Value) {
	path := strings.Split(name, "/")
	switch {
	case !e.UserData && name == "Binary":
		e.Fields = append(e.Fields, Field{Name: name, Element: name, Value: v})
		return
	case !e.UserData || slices.Contains(path, ""):
		e.Fields = append(e.Fields, Field{Name: name, Value: v})
		return
	}
	// Values come in the order of Leaves: the attributes of an element, what is in it,
	// and its own value, which ends it.
	fields := &e.Fields
	for i, name := range path {
		last := len(*fields) - 1
		inside := i < len(path)-1
		open := last >= 0 && (*fields)[last].Name == name && (*fields)[last].Value.IsNull() &&
			(inside || len((*fields)[last].Attributes)+len((*fields)[last].Fields) > 0)
		if !open {
			*fields = append(*fields, Field{Name: name})
			last++
		}
		at := &(*fields)[last]
		if attribute, ok := strings.CutPrefix(path[len(path)-1], "@"); ok && i == len(path)-2 {
			at.Attributes = append(at.Attributes, Field{Name: attribute, Value: v})
			return
		}
		if !inside {
			at.Value = v
		}
		fields = &at.Fields
	}
}
