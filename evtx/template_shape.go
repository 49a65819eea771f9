package evtx

import (
	"sync"
	"sync/atomic"
)

// A typed event needs only the values of a record, not its text or its tree. So the
// shape of a template says once where its instances have them.

// shape says where the instances of a template have the values of an event. A
// template that is not shaped like Windows' own has none of the two parts: the
// records are then read as trees.
type shape struct {
	system []systemOp // if the template is that of a whole event
	// data has the fields if they are part of this template: it is that of the data
	// alone, or of an event that holds it. Otherwise inner is the slot of the value
	// that holds it, or noSlot if the event has no data.
	data     *dataShape
	inner    uint16
	userData bool // the value of inner is below UserData

	provider string // if the template fixes it
	peek     peekSlots

	kindsOnce sync.Once
	kinds     map[uint16]*Kind // of provider, by event identifier

	lineOnce sync.Once
	line     []lineOp // see systemLine
}

// dataShape says where the fields of an event are.
type dataShape struct {
	element, namespace string // the namespace counts below UserData
	userData           bool
	fields             []dataField

	mu    sync.Mutex
	bound []*binding // one for each kind that uses the template
	last  atomic.Pointer[binding]
}

// dataField is a field: its name as Event has it, and its value.
type dataField struct {
	name    string
	slot    uint16 // or noSlot if text is the value
	text    string
	omit    uint16 // the slot that its element depends on, or noSlot
	unnamed bool   // a Data element without a name; an array is one field for each element
	literal bool
	attr    bool // an attribute; it is omitted if its value is empty
}

// shaped returns the shape of a template.
func (t *template) shaped() *shape {
	t.shapeOnce.Do(func() { t.shape = t.newShape() })
	return t.shape
}

func (t *template) newShape() *shape {
	s := &shape{inner: noSlot}
	root := t.root()
	if root == nil {
		return s
	}
	if root.name != "Event" {
		s.data = newDataShape(root)
		return s
	}
	var ops []systemOp
	for i := range root.kids {
		n := &root.kids[i]
		switch {
		case n.kind == nodeElement && n.slot == noSlot && n.name == "System" && ops == nil:
			ops = systemOps(n)
		case n.holdsUserData() && s.data == nil && s.inner == noSlot:
			s.inner, s.userData = n.kids[0].slot, true
		case n.kind == nodeElement && n.slot == noSlot && n.name != "RenderingInfo" && s.data == nil && s.inner == noSlot:
			if s.data = newDataShape(n); s.data == nil {
				return &shape{inner: noSlot}
			}
		case n.kind == nodeSubstitution && s.data == nil && s.inner == noSlot:
			s.inner = n.slot
		default:
			return &shape{inner: noSlot}
		}
	}
	if s.system = ops; ops != nil {
		s.peek = newPeekSlots(ops)
		s.provider = s.peek.provider
	}
	return s
}

// kindOf returns the kind of the provider that the template fixes, or nil.
func (s *shape) kindOf(id uint16) *Kind {
	s.kindsOnce.Do(func() {
		s.kinds = map[uint16]*Kind{}
		for id := range declared().providers {
			if k := findKind(s.provider, id); k != nil {
				s.kinds[id] = k
			}
		}
	})
	return s.kinds[id].ready()
}

// holdsUserData reports whether n is a UserData element around a value that has its own
// template, and that the element may depend on.
func (n *node) holdsUserData() bool {
	return n.kind == nodeElement && n.name == "UserData" && len(n.kids) == 1 && n.kids[0].kind == nodeSubstitution &&
		(n.slot == noSlot || n.slot == n.kids[0].slot)
}

// newDataShape returns the shape of an EventData element, a UserData element or the
// like, or nil if it has something that a dataField does not describe.
func newDataShape(n *node) *dataShape {
	d := &dataShape{element: n.name}
	if n.name == "UserData" {
		if len(n.kids) != 1 || n.kids[0].kind != nodeElement || n.kids[0].slot != noSlot {
			return nil
		}
		n = &n.kids[0]
		d.element, d.userData = n.name, true
	}
	for i := range n.attrs {
		if n.attrs[i].name != "xmlns" {
			continue // such as xmlns:auto-ns2; Event does not have it either
		}
		text, ok := literal(n.attrs[i].kids)
		if !ok {
			return nil
		}
		d.namespace = text
	}
	if !d.add(n, "", noSlot) {
		return nil
	}
	return d
}

// add adds the fields of the elements in n. It follows the rules of walker.data.
func (d *dataShape) add(n *node, path string, omit uint16) bool {
	for i := range n.kids {
		k := &n.kids[i]
		if k.kind != nodeElement || k.slot != noSlot && omit != noSlot {
			return false
		}
		f := dataField{name: path + k.name, slot: noSlot, omit: omit}
		if k.slot != noSlot {
			f.omit = k.slot
		}
		named := k.name == "Data" || k.name == "ComplexData"
		if named {
			f.name, f.unnamed = path, k.name == "Data"
		}
		for a := range k.attrs {
			attr := &k.attrs[a]
			text, isText := literal(attr.kids)
			slot, isSlot := substitution(attr.kids)
			switch {
			case named && attr.name == "Name" && isText:
				f.name, f.unnamed = path+text, f.unnamed && text == ""
			case named || attr.name == "xmlns" || !isText && !isSlot:
				return false
			case isSlot || text != "":
				d.fields = append(d.fields, dataField{name: f.name + "/@" + attr.name, slot: slot, text: text, literal: isText, omit: f.omit, attr: true})
			}
		}
		if len(k.kids) > 0 && k.kids[0].kind == nodeElement {
			if named || !d.add(k, f.name+"/", f.omit) {
				return false
			}
			continue
		}
		text, isText := literal(k.kids)
		slot, isSlot := substitution(k.kids)
		if !isText && !isSlot {
			return false
		}
		f.slot, f.text, f.literal = slot, text, isText
		d.fields = append(d.fields, f)
	}
	return true
}
