package evtx

import (
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/winid"
)

// System is what an event records about itself in its System element. Fields that the
// event lacks are zero. Of a number with decimal places, as other systems than Windows
// write, it has the whole part: the Version of "101.1" is 101. A number that does not
// fit its field is 0. JSON and XML have the text of both.
type System struct {
	Provider, EventSourceName     string
	ProviderGUID                  GUID
	EventID, Qualifiers           uint16
	Version, Level, Opcode        uint8
	Task                          uint16
	Keywords                      uint64
	TimeCreated                   time.Time
	RecordID                      uint64 // EventRecordID
	ActivityID, RelatedActivityID GUID
	ProcessID, ThreadID           uint32
	Channel, Computer             string
	UserSID                       string // of the process that wrote the event; "" if unknown
	// Rendering is what the machine that forwarded the event made of it, or nil. It
	// is not in the System element, so Record.System leaves it out.
	Rendering *RenderingInfo
}

// Sys returns s. Every struct that embeds a System has this method.
func (s *System) Sys() *System { return s }

// Kind returns the name of the kind of event, by its provider and event identifier:
// "security-4688", "sysmon-11", "rdp-1149", or "event" if the kind has no struct.
// Every struct that embeds a System has this method. A struct that was not read from
// a log has its kind only if these two fields are set, as [Kind.New] does.
func (s *System) Kind() string {
	if k := s.kind(); k != nil {
		return k.Name
	}
	return "event"
}

func (s *System) kind() *Kind { return kindFor(s.Provider, s.EventID) }

// Event is an event with all its data, in the order of its template. It holds all that
// the log does, so that package evtxtest writes it back unchanged.
type Event struct {
	System
	// Element is the name of the element that holds the data: EventData, or
	// the name of the element below UserData. It is empty in an event without data.
	Element string
	// Namespace is the xmlns attribute of that element below UserData.
	Namespace string
	UserData  bool
	// Attributes are the other attributes of that element, such as the Name of an
	// EventData element.
	Attributes []Field
	Fields     []Field

	odd *oddForm // nil in all but a few events
}

// Field is a value of an event: that of an element or of an attribute. Names may be
// empty and may repeat.
//
// Most events have only Data elements, which make a Field with a Name and a Value each.
// Below EventData, that is what a Field is written as:
//
//	<Data Name="LogonType">3</Data>     Field{Name: "LogonType", Value: …}
//	<Data>text</Data>                   Field{Value: …}
//	<Binary>cafe</Binary>               Field{Name: "Binary", Element: "Binary", Value: …}
//
// Below UserData, and inside of other fields, an element has its own name:
//
//	<Subject name="CN=a">text</Subject> Field{Name: "Subject", Value: …, Attributes: …}
//
// Text in that element itself is a Field of the Element "#text". A null value is an
// element without content. It differs from an empty text, and from
// a field that the event does not have.
type Field struct {
	Name  string
	Value Value

	// Element is the name of the element, if it is neither Data below EventData nor
	// Name elsewhere. Data and ComplexData elements are named by their Name attribute.
	Element    string
	Attributes []Field // without that Name
	Fields     []Field // the elements inside
}

// Leaves yields all values of the event's data with their names, in order. The name of
// a value inside a field is its path: "Certificate/Subject", and
// "Certificate/Subject/@name" for an attribute. Attributes without a value are left out,
// as are namespaces.
func (e *Event) Leaves() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if e == nil {
			return
		}
		for i := range e.Fields {
			f := &e.Fields[i]
			if !f.leaves("", f.elementIn(e.UserData), yield) {
				return
			}
		}
	}
}

// elementIn returns the name of the element of a field below EventData or UserData.
func (f *Field) elementIn(userData bool) string {
	switch {
	case f.Element != "":
		return f.Element
	case userData:
		return f.Name
	}
	return "Data"
}

func (f *Field) leaves(path, element string, yield func(string, Value) bool) bool {
	path += f.Name
	for i := range f.Attributes {
		a := &f.Attributes[i]
		if a.Name == "xmlns" || strings.HasPrefix(a.Name, "xmlns:") || a.Name == "Name" && namedByAttribute(element) || a.Value.isEmpty() {
			continue
		}
		if !yield(path+"/@"+a.Name, a.Value) {
			return false
		}
	}
	for i := range f.Fields {
		k := &f.Fields[i]
		if !k.leaves(path+"/", k.elementIn(true), yield) {
			return false
		}
	}
	if f.Value.IsNull() && len(f.Fields) > 0 {
		return true
	}
	return yield(path, f.Value)
}

// namedByAttribute reports whether an element is named by its Name attribute.
func namedByAttribute(element string) bool { return element == "Data" || element == "ComplexData" }

// flat returns the values of Leaves as fields.
func (e *Event) flat() []Field {
	plain := func(f Field) bool { return len(f.Attributes)+len(f.Fields) == 0 }
	if !slices.ContainsFunc(e.Fields, func(f Field) bool { return !plain(f) }) {
		return e.Fields
	}
	var all []Field
	for i := range e.Fields {
		f := &e.Fields[i]
		if plain(*f) {
			all = append(all, *f)
			continue
		}
		f.leaves("", f.elementIn(e.UserData), func(path string, v Value) bool {
			all = append(all, Field{Name: path, Value: v})
			return true
		})
	}
	return all
}

// Lookup returns the first value with the given name, which is one that Leaves yields.
func (e *Event) Lookup(name string) (Value, bool) {
	for path, v := range e.Leaves() {
		if path == name {
			return v, true
		}
	}
	return Value{}, false
}

// Text returns the first value with the given name as text, or "" if the event lacks
// it.
func (e *Event) Text(name string) string {
	v, _ := e.Lookup(name)
	return v.String()
}

// fragment returns the decoded record. It decodes the record on first use.
func (r *Record) fragment() (*fragment, error) {
	if r.root != nil {
		return r.root, nil
	}
	if r.chunk == nil {
		return nil, &damage.Error{Offset: -1, What: "record", Got: "a zero Record", Want: "one that a log yielded"}
	}
	p := parser{c: r.chunk, pos: r.at + 24, end: r.at + r.Size - 4, bare: true}
	root, err := p.fragment()
	if err == nil && len(root.nodes) == 0 {
		err = damage.New("binary XML", r.Offset+24, "nothing", "an element")
	}
	if err != nil {
		return nil, r.in(err)
	}
	r.root = root
	return root, nil
}

// System returns what the event records about itself. An error is a *FormatError.
func (r *Record) System() (System, error) {
	var s System
	if r.chunk != nil && r.chunk.system(r.at+24, r.at+r.Size-4, &s) {
		return s, nil
	}
	err := r.visit(func(w *walker, p place) error {
		if p.n.name == "System" {
			return w.system(p, &s)
		}
		return nil
	})
	return s, err
}

// visit calls f for each element below Event.
func (r *Record) visit(f func(*walker, place) error) error {
	root, err := r.fragment()
	if err != nil {
		return err
	}
	w := newWalker(r.chunk)
	w.whole = true
	err = w.elements(root, root.nodes, func(event place) error {
		return w.elements(event.f, event.n.kids, func(p place) error { return f(&w, p) })
	})
	if err != nil {
		return r.in(err)
	}
	return nil
}

// Event returns the event with its data. An error is a *FormatError. The event then
// holds what was read before the damage; it is never nil.
func (r *Record) Event() (*Event, error) {
	root, err := r.fragment()
	if err != nil {
		return &Event{}, err
	}
	w := newWalker(r.chunk)
	w.whole = true
	var tree Field
	err = w.elements(root, root.nodes, func(p place) (err error) {
		if tree.Name == "" {
			tree, err = w.tree(p)
		}
		return err
	})
	if err != nil {
		err = r.in(err)
	}
	return newEvent(&tree, &r.chunk.memory.texts), err
}

func guidOf(v Value) GUID {
	if v.Type == GUIDType && len(v.data) == 16 {
		return GUID(v.data)
	}
	g, err := winid.ParseGUID(v.String())
	if err != nil {
		return GUID{}
	}
	return g
}
