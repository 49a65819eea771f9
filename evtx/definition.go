package evtx

import (
	"bytes"
	"slices"
	"strings"
)

// A record is recovered from a place that others may have written to since. Its
// definition may be gone, overwritten in part, or replaced by that of another event, and
// so may the names that the definition refers to. So a definition is used only if all of
// it belongs together and the values of the record fit it.

// definition is a template definition that was verified.
type definition struct {
	guid     GUID
	template *template
	types    []ValueType // of the slots, by number
	live     bool        // it is in the part of a chunk that is in use
}

// fits reports whether an instance with these values may be one of the definition: it
// has as many values as the definition has slots, of their types. Any value may be
// null, a pointer comes in the size of the machine, and slots that the definition does
// not use have any type.
func (d *definition) fits(slots []slot) bool {
	if len(slots) != len(d.types) {
		return false
	}
	for i, s := range slots {
		switch want := d.types[i]; {
		case s.typ == want, s.typ == NullType, want == NullType,
			want == SizeTType && (s.typ == HexInt32Type || s.typ == HexInt64Type),
			want == UInt8Type && s.typ == UInt16Type:
		default:
			return false
		}
	}
	return true
}

// checker verifies a definition while it is parsed: what was overwritten in part may
// still parse. A nil checker does nothing.
type checker struct {
	// What is before newer was written after the definition. A name there may belong
	// to another one, even if it is intact.
	newer int
	// shift is added to offsets, if the definition was moved within its chunk. All
	// names outside of it are then unknown.
	shift    int
	doubtful bool // a name is unknown, or written later
	types    []ValueType
	wrong    bool
}

// name returns a name that p read, up to end, or "" if it is unknown: it has been
// overwritten. A name inside the definition has to be intact.
func (k *checker) name(p *parser, s string, at uint32, end int, err error) (string, error) {
	if k == nil {
		return s, err
	}
	newer := int(at) < k.newer || k.shift != 0 && int(at) != p.pos
	k.doubtful = k.doubtful || newer
	switch sound := err == nil && p.c.soundName(at, end); {
	case sound && (!newer || k.shift == 0 && commonNames[s]):
		return s, nil
	case newer && int(at) != p.pos:
		return "", nil
	}
	k.wrong = true
	return s, err
}

// shifted returns an offset that a definition has, in the chunk as it is.
func (k *checker) shifted(at uint32) uint32 {
	if k == nil {
		return at
	}
	return at + uint32(k.shift)
}

// soundName reports whether a name has the hash that is beside it.
func (c *Chunk) soundName(at uint32, end int) bool {
	units := c.buf[at+8 : end-2]
	return len(units) > 0 && le.Uint16(c.buf[end-2:]) == 0 && nameHash(units) == le.Uint16(c.buf[at+4:])
}

// element verifies the size of an element, which counts from start.
func (k *checker) element(p *parser, start int, size uint32) {
	if k != nil && p.pos-start != int(size) {
		k.wrong = true
	}
}

// slot notes the type of a slot.
func (k *checker) slot(n uint16, typ ValueType) {
	if k == nil {
		return
	}
	for len(k.types) <= int(n) {
		k.types = append(k.types, NullType)
	}
	k.types[n] = typ
}

// nameHash returns the hash of a name: the low 16 bits of a sum that is multiplied by
// 65599 before each unit is added.
func nameHash(units []byte) uint16 {
	sum := uint32(0)
	for ; len(units) >= 2; units = units[2:] {
		sum = sum*65599 + uint32(le.Uint16(units))
	}
	return uint16(sum)
}

// systemElements are the elements of System, and their attributes, in the order in
// which Windows writes them.
var systemElements = []systemElement{
	{"Provider", []string{"Name", "Guid", "EventSourceName"}, false},
	{"EventID", []string{"Qualifiers"}, false},
	{"Version", nil, true},
	{"Level", nil, false},
	{"Task", nil, false},
	{"Opcode", nil, true},
	{"Keywords", nil, false},
	{"TimeCreated", []string{"SystemTime"}, false},
	{"EventRecordID", nil, false},
	{"Correlation", []string{"ActivityID", "RelatedActivityID"}, true},
	{"Execution", []string{"ProcessID", "ThreadID"}, true},
	{"Channel", nil, false},
	{"Computer", nil, false},
	{"Security", []string{"UserID"}, false},
}

type systemElement struct {
	name  string
	attrs []string
	newer bool // events of providers without a manifest may lack it
}

// commonNames are the names that the templates of all events share.
var commonNames = func() map[string]bool {
	all := map[string]bool{"Event": true, "xmlns": true, "System": true, "EventData": true, "UserData": true, "Data": true}
	for _, e := range systemElements {
		all[e.name] = true
		for _, a := range e.attrs {
			all[a] = true
		}
	}
	return all
}()

// verify returns the definition at an offset of the chunk, or nil if there is none, or
// not all of it. It may have been moved there by shift.
func (c *Chunk) verify(at, shift int) *definition {
	size, err := c.definitionSize(uint32(at))
	if err != nil {
		return nil
	}
	k := &checker{newer: c.newer(at), shift: shift}
	refs := &nameRefs{start: at + 24}
	p := parser{c: c, pos: at + 24, end: at + size, refs: refs, check: k}
	nodes, err := p.content(false)
	t := &template{nodes: nodes, size: size}
	if err != nil || k.wrong || refs.bound || p.pos != at+size || t.root() == nil || k.doubtful && !conventional(t.root()) {
		return nil
	}
	return &definition{guid: GUID(c.buf[at+4 : at+20]), template: t, types: k.types}
}

// conventional reports whether an element is a whole event, or its EventData, with the
// elements and attributes that Windows writes, in their order. It sets the names that
// are unknown: they follow from those around them, and the names of fields are not
// among them. In EventData these are text.
func conventional(root *node) bool {
	is := func(n *node, name string) bool {
		if n.name == "" {
			n.name = name
		}
		return n.name == name
	}
	if len(root.attrs) == 0 {
		for i := range root.kids {
			k := &root.kids[i]
			_, value := substitution(k.kids)
			if k.kind != nodeElement || !is(k, "Data") || !value || len(k.attrs) != 1 || !is(&k.attrs[0], "Name") {
				return false
			}
			if _, ok := literal(k.attrs[0].kids); !ok {
				return false
			}
		}
		return len(root.kids) > 0 && is(root, "EventData")
	}
	namespace, _ := literal(root.attrs[0].kids)
	if namespace != eventNamespace || !is(root, "Event") || !is(&root.attrs[0], "xmlns") ||
		len(root.kids) == 0 || !is(&root.kids[0], "System") {
		return false
	}
	elements := systemElements
	if n := len(root.kids[0].kids); n != len(elements) {
		if elements = slices.DeleteFunc(slices.Clone(elements), func(e systemElement) bool { return e.newer }); n != len(elements) {
			return false
		}
	}
	for i := range root.kids[1:] {
		k := &root.kids[1+i]
		if _, data := substitution(k.kids); k.kind != nodeSubstitution && !(k.kind == nodeElement && data && is(k, "UserData")) {
			return false
		}
	}
	for i, e := range elements {
		k := &root.kids[0].kids[i]
		if k.kind != nodeElement || !is(k, e.name) || len(k.attrs) > len(e.attrs) {
			return false
		}
		attrs := e.attrs
		if e.name == "Provider" && len(k.attrs) == 2 && !isGUID(&k.attrs[1]) {
			attrs = []string{"Name", "EventSourceName"}
		}
		for a := range k.attrs {
			if !is(&k.attrs[a], attrs[a]) {
				return false
			}
		}
	}
	return true
}

// isGUID reports whether the value of an attribute is a GUID or comes from a slot.
func isGUID(attr *node) bool {
	text, ok := literal(attr.kids)
	return !ok || strings.HasPrefix(text, "{")
}

// newer returns the end of what was written to the chunk after what is at an offset.
func (c *Chunk) newer(at int) int {
	if c.sound && at >= c.free {
		return c.free
	}
	return 0
}

// inline yields the offsets of the definitions that follow their first instance, from
// an offset on, and by how much they were moved.
func (c *Chunk) inline(from int, yield func(at, shift int) bool) {
	for pos := from; pos+34 <= len(c.buf); pos++ {
		i := bytes.IndexByte(c.buf[pos:len(c.buf)-33], tokenTemplateInstance)
		if i < 0 {
			return
		}
		pos += i
		if at := pos + 10; le.Uint32(c.buf[pos+2:]) == le.Uint32(c.buf[at+4:]) && !yield(at, at-int(int32(le.Uint32(c.buf[pos+6:])))) {
			return
		}
	}
}
