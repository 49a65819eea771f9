package evtx

import (
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/winid"
)

// System is what every event says of itself, in its System element. Fields that
// the event lacks are zero.
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
	UserSID                       string // of the process that wrote the event; "" unknown
}

// Sys returns s: what embeds a System has it too.
func (s *System) Sys() *System { return s }

// Kind names the kind of event, by its provider and event identifier:
// "security-4688", "sysmon-11", "rdp-1149", or "event" for one that has no struct
// of its own. All that embeds a System has it. A struct that is not read but made
// has its kind if these two are set, as [Kind.New] does.
func (s *System) Kind() string {
	if k := s.kind(); k != nil {
		return k.Name
	}
	return "event"
}

func (s *System) kind() *Kind { return declared.byEvent[eventKey{s.Provider, s.EventID}] }

// Event is an event with all its data in the order of its template.
type Event struct {
	System
	// Element is the name of the element that holds the data: EventData, or
	// the name of the element below UserData; empty without data.
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

// Lookup returns the first value of a name.
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

// Text returns the first value of a name as text, "" without one.
func (e *Event) Text(name string) string {
	v, _ := e.Lookup(name)
	return v.String()
}

// fragment decodes the record once.
func (r *Record) fragment() (*fragment, error) {
	if r.root != nil {
		return r.root, nil
	}
	if r.chunk == nil {
		return nil, &damage.Error{Offset: -1, What: "record", Got: "none", Want: "one that a log yielded"}
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

// System returns what the event says of itself. An error is a *FormatError.
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

// Event returns the event with its data. An error is a *FormatError; beside it
// comes what was read before the damage. The event is never nil.
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

// data reads the fields below EventData or the element below UserData: Data
// elements by their Name attribute, all others by their own name. Deeper elements
// are named by their path, and so are attributes: "Certificate/Subject/@name". The
// elements of an array that fills a Data element without name are fields of their
// own.
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
