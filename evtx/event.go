package evtx

import (
	"time"

	"github.com/birthmark-dfir/birthmark/internal/damage"
	"github.com/birthmark-dfir/birthmark/internal/winid"
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
	p := parser{c: r.chunk, pos: r.at + 24, end: r.at + r.Size - 4, bare: true}
	root, err := p.fragment()
	if err == nil && len(root.nodes) == 0 {
		err = damage.New("binary XML", r.Offset+24, "nothing", "an element")
	}
	if err != nil {
		return nil, r.damaged(err)
	}
	r.root = root
	return root, nil
}

// System returns what the event says of itself. An error is a *FormatError.
func (r *Record) System() (System, error) {
	root, err := r.fragment()
	if err != nil {
		return System{}, err
	}
	var s System
	w := newWalker(r.chunk)
	err = w.elements(root, root.nodes, func(f *fragment, event *node) error {
		return w.elements(f, event.kids, func(f *fragment, n *node) error {
			if n.name == "System" {
				return w.system(f, n, &s)
			}
			return nil
		})
	})
	if err != nil {
		return s, r.damaged(err)
	}
	return s, nil
}

// Event returns the event with its data. An error is a *FormatError.
func (r *Record) Event() (*Event, error) {
	root, err := r.fragment()
	if err != nil {
		return nil, err
	}
	e := &Event{}
	w := newWalker(r.chunk)
	err = w.elements(root, root.nodes, func(f *fragment, event *node) error {
		return w.elements(f, event.kids, func(f *fragment, n *node) error {
			switch n.name {
			case "System":
				return w.system(f, n, &e.System)
			case "UserData":
				e.UserData = true
				return w.elements(f, n.kids, func(f *fragment, n *node) error {
					e.Element = n.name
					ns, err := w.attribute(f, n, "xmlns")
					if err != nil {
						return err
					}
					e.Namespace = ns.String()
					return w.data(f, n, e)
				})
			case "RenderingInfo":
				return nil
			}
			e.Element = n.name // EventData, ProcessingErrorData, BinaryEventData, DebugData
			return w.data(f, n, e)
		})
	})
	if err != nil {
		return nil, r.damaged(err)
	}
	return e, nil
}

// system reads the System element.
func (w *walker) system(f *fragment, system *node, s *System) error {
	return w.elements(f, system.kids, func(f *fragment, n *node) error {
		v, err := w.content(f, n.kids)
		if err != nil {
			return err
		}
		num, _ := v.Uint64()
		switch n.name {
		case "Provider":
			return w.attributes(f, n, func(name string, v Value) {
				switch name {
				case "Name":
					s.Provider = v.String()
				case "Guid":
					s.ProviderGUID = guidOf(v)
				case "EventSourceName":
					s.EventSourceName = v.String()
				}
			})
		case "EventID":
			s.EventID = uint16(num)
			return w.attributes(f, n, func(_ string, v Value) {
				q, _ := v.Uint64()
				s.Qualifiers = uint16(q)
			})
		case "Version":
			s.Version = uint8(num)
		case "Level":
			s.Level = uint8(num)
		case "Task":
			s.Task = uint16(num)
		case "Opcode":
			s.Opcode = uint8(num)
		case "Keywords":
			s.Keywords = num
		case "TimeCreated":
			return w.attributes(f, n, func(_ string, v Value) { s.TimeCreated = v.Time() })
		case "EventRecordID":
			s.RecordID = num
		case "Correlation":
			return w.attributes(f, n, func(name string, v Value) {
				switch name {
				case "ActivityID":
					s.ActivityID = guidOf(v)
				case "RelatedActivityID":
					s.RelatedActivityID = guidOf(v)
				}
			})
		case "Execution":
			return w.attributes(f, n, func(name string, v Value) {
				id, _ := v.Uint64()
				switch name {
				case "ProcessID":
					s.ProcessID = uint32(id)
				case "ThreadID":
					s.ThreadID = uint32(id)
				}
			})
		case "Channel":
			s.Channel = v.String()
		case "Computer":
			s.Computer = v.String()
		case "Security":
			return w.attributes(f, n, func(_ string, v Value) { s.UserSID = v.String() })
		}
		return nil
	})
}

func (w *walker) attributes(f *fragment, n *node, visit func(name string, v Value)) error {
	for i := range n.attrs {
		v, err := w.content(f, n.attrs[i].kids)
		if err != nil {
			return err
		}
		visit(n.attrs[i].name, v)
	}
	return nil
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
// elements by their Name attribute, all others by their own name. The elements
// of an array that fills a Data element without name are fields of their own.
func (w *walker) data(f *fragment, parent *node, e *Event) error {
	return w.elements(f, parent.kids, func(f *fragment, n *node) error {
		if f.omitted(n) {
			return nil
		}
		name := n.name
		if n.name == "Data" {
			v, err := w.attribute(f, n, "Name")
			if err != nil {
				return err
			}
			name = v.String()
		}
		v, err := w.content(f, n.kids)
		if err != nil {
			return err
		}
		if name == "" && v.Type&ArrayFlag != 0 && v.text == nil {
			for _, element := range v.Elements() {
				e.Fields = append(e.Fields, Field{Value: element})
			}
			return nil
		}
		e.Fields = append(e.Fields, Field{Name: name, Value: v})
		return nil
	})
}
