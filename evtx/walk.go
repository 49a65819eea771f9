package evtx

import (
	"github.com/birthmark-dfir/birthmark/internal/damage"
)

// maxUnfolded bounds, in bytes and nodes, what one record may unfold to: its
// values can be inserted many times over, and hold templates themselves. A
// record has at most 64 KiB; Windows' own stay below ten times that.
const maxUnfolded = 4 << 20

// walker visits the tree of a record with its values in place. It is embedded
// by those that write a form of it.
type walker struct {
	c     *Chunk
	left  int // of maxUnfolded
	depth int
}

func newWalker(c *Chunk) walker { return walker{c: c, left: maxUnfolded} }

// spend takes n from what the record may still unfold to.
func (w *walker) spend(n int) error {
	if w.left -= n + 1; w.left < 0 {
		return &damage.Error{Offset: -1, What: "unfolded record", Want: "≤ 4 MiB", Err: errLimit}
	}
	return nil
}

// value returns what stands in a slot; the zero Value, which is null, for a
// slot that the instance lacks.
func (f *fragment) value(slot uint16) Value {
	if int(slot) < len(f.values) {
		return f.values[slot]
	}
	return Value{}
}

// inner returns the fragment that a value of type BinXML holds.
func (w *walker) inner(v Value) (*fragment, error) {
	if w.depth >= maxDepth {
		return nil, &damage.Error{Offset: v.offset, What: "depth of nested binary XML", Want: "≤ 64", Err: errLimit}
	}
	if err := w.spend(len(v.data)); err != nil {
		return nil, err
	}
	p := parser{c: w.c, pos: v.at, end: v.at + len(v.data), depth: w.depth, bare: true}
	return p.fragment()
}

// entity returns what a reference to an entity stands for: XML's own five.
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

// content returns what stands between the tags of an element, or in an
// attribute, as one value: the value itself where there is just one.
func (w *walker) content(f *fragment, nodes []node) (Value, error) {
	if len(nodes) == 1 && nodes[0].kind == nodeSubstitution {
		v := f.value(nodes[0].slot)
		if v.Type != BinXMLType {
			return v, w.spend(len(v.data))
		}
	}
	if len(nodes) == 0 {
		return Value{}, nil
	}
	text, err := w.text(nil, f, nodes)
	return textValue(string(text)), err
}

// text appends the text of nodes, without the tags of elements among them.
func (w *walker) text(dst []byte, f *fragment, nodes []node) ([]byte, error) {
	for i := range nodes {
		n := &nodes[i]
		if err := w.spend(len(n.text)); err != nil {
			return dst, err
		}
		var err error
		switch n.kind {
		case nodeText, nodeCDATA, nodeCharRef:
			dst = append(dst, n.text...)
		case nodeEntity:
			dst = append(dst, entity(n.name)...)
		case nodeElement:
			dst, err = w.text(dst, f, n.kids)
		case nodeInstance:
			dst, err = w.text(dst, n.instance, n.instance.nodes)
		case nodeSubstitution:
			v := f.value(n.slot)
			if v.Type != BinXMLType {
				dst = v.appendText(dst)
				err = w.spend(len(v.data))
				break
			}
			var in *fragment
			if in, err = w.inner(v); err == nil {
				w.depth++
				dst, err = w.text(dst, in, in.nodes)
				w.depth--
			}
		}
		if err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// omitted reports whether the element is left out: it holds nothing but an
// optional substitution whose value is null.
func (f *fragment) omitted(n *node) bool {
	return len(n.kids) == 1 && n.kids[0].kind == nodeSubstitution && n.kids[0].optional && f.value(n.kids[0].slot).IsNull()
}

// elements calls visit for each element among nodes, going into nested
// fragments.
func (w *walker) elements(f *fragment, nodes []node, visit func(*fragment, *node) error) error {
	for i := range nodes {
		n := &nodes[i]
		if err := w.spend(0); err != nil {
			return err
		}
		var err error
		switch n.kind {
		case nodeElement:
			err = visit(f, n)
		case nodeInstance:
			err = w.elements(n.instance, n.instance.nodes, visit)
		case nodeSubstitution:
			v := f.value(n.slot)
			if v.Type != BinXMLType {
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

// attribute returns the value of an attribute; null when there is none.
func (w *walker) attribute(f *fragment, n *node, name string) (Value, error) {
	for i := range n.attrs {
		if n.attrs[i].name == name {
			return w.content(f, n.attrs[i].kids)
		}
	}
	return Value{}, nil
}
