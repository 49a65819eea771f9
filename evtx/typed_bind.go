package evtx

import (
	"bytes"
	"unsafe"
)

// binding is how the instances of a template fill the struct of a kind: for each
// field of the template, the field of the struct. It is made at first sight of the
// template, by the names of the fields.
type binding struct {
	kind   *Kind
	fields []int // index in kind.fields, or -1 for what the struct does not name
}

// bind returns the binding of a template and a kind.
func (d *dataShape) bind(k *Kind) *binding {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, b := range d.bound {
		if b.kind == k {
			return b
		}
	}
	b := &binding{kind: k, fields: make([]int, len(d.fields))}
	seen := map[string]bool{}
	for i := range d.fields {
		f := &d.fields[i]
		n, ok := k.byName[f.name]
		if !ok || f.unnamed || seen[f.name] { // the first of a name counts
			n = -1
		}
		seen[f.name] = true
		b.fields[i] = n
	}
	d.bound = append(d.bound, b)
	return b
}

// structBlock is how many structs of a kind are allocated together, at most.
const structBlock = 16

// block holds structs of a kind that are not used yet.
type block struct {
	next unsafe.Pointer
	left int
	size int // of the last block, in structs
}

// memory is what the typed events of a chunk share.
type memory struct {
	texts
	blocks map[*Kind]*block
}

// new returns a new struct of a kind.
func (m *memory) new(k *Kind) unsafe.Pointer {
	b := m.blocks[k]
	if b == nil {
		if m.blocks == nil {
			m.blocks = map[*Kind]*block{}
		}
		b = &block{size: 1}
		m.blocks[k] = b
	}
	if b.left == 0 {
		b.size = min(2*b.size, structBlock)
		b.next, b.left = k.structs(b.size), b.size
	}
	p := b.next
	if b.left--; b.left > 0 { // no pointer behind the block
		b.next = unsafe.Add(p, k.typ.Size())
	}
	return p
}

// typed decodes the record at [pos, end) straight into the struct of its kind. It
// returns nil if the kind has no struct, or if the record must be read as a tree.
func (c *Chunk) typed(pos, end int) TypedEvent {
	c.scratch = c.scratch[:0]
	t, slots := c.instance(pos, end, 0)
	if t == nil {
		return nil
	}
	s := t.shaped()
	k := s.kind(c, slots)
	if k == nil {
		return nil
	}
	d, values := s.data, slots
	if s.inner != noSlot && int(s.inner) < len(slots) {
		switch in := slots[s.inner]; {
		case in.typ == BinXMLType && in.size > 0:
			t, inner := c.instance(int(in.at), int(in.at)+int(in.size), 1)
			if t == nil {
				return nil
			}
			if d, values = t.shaped().data, inner; d == nil {
				return nil
			}
		case !emptyValue(in.typ, c.data(in)):
			return nil
		}
	}
	p := c.memory.new(k)
	e := k.typed(p)
	c.setSystem(e.Sys(), s.system, slots)
	if d != nil && !c.fill(p, d, d.bind(k), values) {
		return nil
	}
	return e
}

// kind returns the kind of an event of this shape, or nil if it has no struct.
func (s *shape) kind(c *Chunk, slots []slot) *Kind {
	if s.system == nil {
		return nil
	}
	id, ok := s.peek.id(c, slots)
	if !ok {
		return nil
	}
	if s.provider != "" {
		return s.kinds[id]
	}
	return kindFor(s.peek.providerOf(c, slots), id)
}

// fill sets the fields of the struct at p. It returns false if a value holds elements.
func (c *Chunk) fill(p unsafe.Pointer, d *dataShape, b *binding, slots []slot) bool {
	unnamed := 0 // the position of the next Data element without a name
	for i := range d.fields {
		f := &d.fields[i]
		if null(slots, f.omit) {
			continue
		}
		var v Value
		switch {
		case f.literal && f.text != "":
			v = textValue(f.text)
		case int(f.slot) < len(slots):
			v = c.valueOf(slots[f.slot])
		}
		if f.attr && v.isEmpty() {
			continue
		}
		if v.Type == BinXMLType {
			return false
		}
		if f.unnamed && v.Type&ArrayFlag != 0 {
			for _, element := range v.Elements() {
				c.fillUnnamed(p, b.kind, &unnamed, &element)
			}
			continue
		}
		if f.unnamed {
			c.fillUnnamed(p, b.kind, &unnamed, &v)
			continue
		}
		if n := b.fields[i]; n < 0 {
			b.kind.keep(p, f.name, &v)
		} else if !v.IsNull() {
			b.kind.fields[n].set(p, &v, &c.memory.texts)
		}
	}
	return true
}

// fillUnnamed sets the field of the next unnamed Data element.
func (c *Chunk) fillUnnamed(p unsafe.Pointer, k *Kind, position *int, v *Value) {
	n := k.at(*position)
	*position++
	if n < 0 {
		k.keep(p, "", v)
	} else if !v.IsNull() {
		k.fields[n].set(p, v, &c.memory.texts)
	}
}

// at returns the index of the field for the unnamed Data element at a position, or
// -1. Such fields are declared in order.
func (k *Kind) at(position int) int {
	if position < len(k.positions) {
		return k.positions[position]
	}
	return -1
}

// keep adds a field that the struct at p does not name to its Extra fields. The value
// gets memory of its own.
func (k *Kind) keep(p unsafe.Pointer, name string, v *Value) {
	own := Value{Type: v.Type, data: bytes.Clone(v.data), text: v.text}
	extra := (*[]Field)(unsafe.Add(p, k.extra))
	*extra = append(*extra, Field{Name: name, Value: own})
}
