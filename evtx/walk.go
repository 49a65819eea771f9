package evtx

import (
	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// maxUnfolded bounds what one record may unfold to, in bytes and nodes: its values
// may be inserted many times, and may hold templates themselves. A record has at most
// 64 KiB; Windows' own unfold to less than ten times that.
const maxUnfolded = 4 << 20

// walker visits the tree of a record with its values in place. The writers of trees
// embed it.
type walker struct {
	c     *Chunk
	left  int // what is left of maxUnfolded
	depth int
	whole bool // elements that hold an array are not repeated

	inSystem bool // see tree
}

func newWalker(c *Chunk) walker { return walker{c: c, left: maxUnfolded} }

// spend subtracts n from what the record may still unfold to.
func (w *walker) spend(n int) error {
	if w.left -= n + 1; w.left < 0 {
		return &damage.Error{Offset: -1, What: "unfolded record", Want: "≤ 4 MiB", Err: errLimit}
	}
	return nil
}

// place is an element, and the fragment whose values fill it. An element that holds
// an array is repeated: item is then one element of the array, which replaces the
// array in slot.
type place struct {
	f     *fragment
	n     *node
	depth int // of nested values
	slot  uint16
	item  *Value
}

// value returns the value of a slot in the content of a place.
func (w *walker) value(p place, slot uint16) Value {
	if p.item != nil && slot == p.slot {
		return *p.item
	}
	return w.c.value(p.f, slot)
}

// inner returns the fragment that a value of type BinXML holds.
func (w *walker) inner(v Value) (*fragment, error) {
	if w.depth >= maxDepth {
		return nil, &damage.Error{Offset: v.offset, What: "depth of nested binary XML", Want: "≤ 64", Err: errLimit}
	}
	if err := w.spend(len(v.data)); err != nil {
		return nil, err
	}
	p := parser{c: w.c, pos: int(v.at), end: int(v.at) + len(v.data), depth: w.depth, bare: true}
	f, err := p.fragment()
	if err != nil && w.c.recovery.tears() {
		return &fragment{}, nil
	}
	return f, err
}

// elements calls visit for each element among nodes, including those in nested
// fragments. Elements that depend on a null are omitted; those that hold an array are
// repeated.
func (w *walker) elements(f *fragment, nodes []node, visit func(place) error) error {
	for i := range nodes {
		n := &nodes[i]
		if err := w.spend(0); err != nil {
			return err
		}
		var err error
		switch n.kind {
		case nodeElement:
			if w.omitted(f, n) {
				break
			}
			err = w.repeated(place{f: f, n: n, depth: w.depth}, visit)
		case nodeInstance:
			err = w.elements(n.instance, n.instance.nodes, visit)
		case nodeSubstitution:
			v := w.c.value(f, n.slot)
			if v.Type != BinXMLType || len(v.data) == 0 {
				break
			}
			var in *fragment
			if in, err = w.inner(v); err == nil {
				w.depth++
				err = w.elements(in, in.nodes, visit)
				w.depth--
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// omitted reports whether an element is omitted because it depends on a value that is
// null.
func (w *walker) omitted(f *fragment, n *node) bool {
	return int(n.slot) < len(f.slots) && f.slots[n.slot].typ == NullType
}

// repeated calls visit for an element. If the element holds arrays of more than one
// item, it calls visit for each item of the first one instead.
func (w *walker) repeated(p place, visit func(place) error) error {
	for i := range p.n.kids {
		k := &p.n.kids[i]
		if w.whole || k.kind != nodeSubstitution || int(k.slot) >= len(p.f.slots) || p.f.slots[k.slot].typ&ArrayFlag == 0 {
			continue
		}
		items := w.c.value(p.f, k.slot).Elements()
		if len(items) == 1 {
			continue
		}
		for i := range items {
			if err := w.spend(len(items[i].data)); err != nil {
				return err
			}
			if err := visit(place{p.f, p.n, p.depth, k.slot, &items[i]}); err != nil {
				return err
			}
		}
		return nil
	}
	return visit(p)
}

// children returns the elements in a place.
func (w *walker) children(p place) (all []place, err error) {
	outer := w.depth
	w.depth = p.depth
	defer func() { w.depth = outer }()
	for i := range p.n.kids {
		if k := p.n.kids[i].kind; k == nodeElement || k == nodeInstance || k == nodeSubstitution {
			err = w.elements(p.f, p.n.kids, func(c place) error {
				all = append(all, c)
				return nil
			})
			break
		}
	}
	return all, err
}

// content returns the text in a place, without its elements, as one value. A single
// value is returned as it is.
func (w *walker) content(p place) (Value, error) { return w.text(p, p.n.kids) }

func (w *walker) text(p place, nodes []node) (Value, error) {
	var first Value
	parts := 0
	var all []byte
	for i := range nodes {
		n := &nodes[i]
		if err := w.spend(len(n.text)); err != nil {
			return first, err
		}
		var v Value
		switch n.kind {
		case nodeText, nodeCDATA:
			v = textValue(n.text)
		case nodeValue:
			v = *n.value
		case nodeEntity:
			v = textValue(entity(n.name))
		case nodeSubstitution:
			v = w.value(p, n.slot)
			if v.Type == BinXMLType {
				continue
			}
			if err := w.spend(len(v.data)); err != nil {
				return first, err
			}
		default:
			continue
		}
		switch parts++; parts {
		case 1:
			first = v
			continue
		case 2:
			all = first.appendText(nil)
		}
		before := len(all)
		all = wtf8.Rejoin(v.appendText(all), before)
	}
	if parts > 1 {
		return textValue(string(all)), nil
	}
	return first, nil
}

// entity returns the text of an entity reference: one of the five that XML
// predefines, or the reference itself.
func entity(name string) string {
	switch name {
	case "amp":
		return "&"
	case "lt":
		return "<"
	case "gt":
		return ">"
	case "quot":
		return `"`
	case "apos":
		return "'"
	}
	return "&" + name + ";"
}

// attributes calls visit for each attribute of a place.
func (w *walker) attributes(p place, visit func(name string, v Value)) error {
	for i := range p.n.attrs {
		v, err := w.text(p, p.n.attrs[i].kids)
		if err != nil {
			return err
		}
		visit(p.n.attrs[i].name, v)
	}
	return nil
}

// attribute returns the value of an attribute, or null if the element lacks it.
func (w *walker) attribute(p place, name string) (Value, error) {
	for i := range p.n.attrs {
		if p.n.attrs[i].name == name {
			return w.text(p, p.n.attrs[i].kids)
		}
	}
	return Value{}, nil
}
