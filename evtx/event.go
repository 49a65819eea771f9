package evtx

import (
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

// Event is an event with all its data, in the order of its template.
type Event struct {
	System
	// Element is the name of the element that holds the data: EventData, or
	// the name of the element below UserData. It is empty in an event without data.
	Element string
	// Namespace is the xmlns attribute of that element below UserData.
	Namespace string
	UserData  bool
	Fields    []Field
}

// Field is a named value of an event. Names may be empty and may repeat.
type Field struct {
	Name  string
	Value Value
}

// Lookup returns the value of the first field with the given name.
func (e *Event) Lookup(name string) (Value, bool) {
	if e == nil {
		return Value{}, false
	}
	for i := range e.Fields {
		if e.Fields[i].Name == name {
			return e.Fields[i].Value, true
		}
	}
	return Value{}, false
}

// Text returns the value of the first field with the given name as text, or "" if the
// event lacks it.
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
	e := &Event{}
	err := r.visit(func(w *walker, p place) error {
		switch p.n.name {
		case "System":
			return w.system(p, &e.System)
		case "UserData":
			e.UserData = true
			return w.elements(p.f, p.n.kids, func(p place) error {
				e.Element = p.n.name
				ns, err := w.attribute(p, "xmlns")
				if err != nil {
					return err
				}
				e.Namespace = ns.String()
				return w.data(p, "", e)
			})
		case "RenderingInfo":
			return nil
		}
		e.Element = p.n.name // EventData, ProcessingErrorData, BinaryEventData, DebugData
		return w.data(p, "", e)
	})
	return e, err
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

// data reads the fields below EventData, or below the element in UserData. A Data
// element is named by its Name attribute, any other element by its own name. Deeper
// elements and attributes are named by their path: "Certificate/Subject/@name". If an
// array fills a Data element without a name, each element of the array is a field.
func (w *walker) data(parent place, path string, e *Event) error {
	return w.elements(parent.f, parent.n.kids, func(p place) error {
		name := p.n.name
		named := name == "Data"
		if named {
			v, err := w.attribute(p, "Name")
			if err != nil {
				return err
			}
			name = v.String()
		}
		err := w.attributes(p, func(attribute string, v Value) {
			if !(named && attribute == "Name") && attribute != "xmlns" && !v.isEmpty() {
				e.Fields = append(e.Fields, Field{path + name + "/@" + attribute, v})
			}
		})
		if err != nil {
			return err
		}
		v, err := w.content(p)
		if err != nil {
			return err
		}
		if named && name == "" && v.Type&ArrayFlag != 0 {
			for _, element := range v.Elements() {
				e.Fields = append(e.Fields, Field{path, element})
			}
			return nil
		}
		before := len(e.Fields)
		if err := w.data(p, path+name+"/", e); err != nil {
			return err
		}
		if !v.IsNull() || len(e.Fields) == before {
			e.Fields = append(e.Fields, Field{path + name, v})
		}
		return w.spend(len(path) + len(name))
	})
}
