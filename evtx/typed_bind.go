package evtx

import (
	"bytes"
)

// binding is how the instances of a template fill the struct of a kind: for each
// field of the template, the field of the struct. It is made at first sight of the
// template, by the names of the fields.
type binding struct {
	kind   *Kind
	fields []int // index in kind.fields, or -1 for what the struct does not name
	// happened is the index in the template's fields of the time of the event
	// itself, or -1.
	happened int
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
	b := &binding{kind: k, fields: make([]int, len(d.fields)), happened: -1}
	seen := map[string]bool{}
	for i := range d.fields {
		f := &d.fields[i]
		n, ok := k.byName[f.name]
		if !ok || f.unnamed || seen[f.name] { // the first of a name counts
			n = -1
		}
		seen[f.name] = true
		b.fields[i] = n
		if n >= 0 && f.name == happenedField && k.fields[n].form == formTime {
			b.happened = i
		}
	}
	d.bound = append(d.bound, b)
	return b
}

// structBlock is how many structs of a kind are allocated together, at most.
const structBlock = 16

// block holds structs of a kind that are not used yet.
type block struct {
	next structPointer
	left int
	size int // of the last block, in structs
}

// memory is what the typed events of a chunk share.
type memory struct {
	texts
	blocks map[*Kind]*block
}

// new returns a new struct of a kind.
func (m *memory) new(k *Kind) structPointer {
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
		b.next = k.following(p)
	}
	return p
}

// instanceOf is a record whose values can be read straight, by the shape of its
// templates.
type instanceOf struct {
	kind  *Kind // nil if the kind has no struct
	shape *shape
	slots []slot // of the event

	data   *dataShape // nil for an event without data
	bound  *binding   // nil if kind or data is
	values []slot     // of the data
}

// straight returns the record at [pos, end) as an instance of a template that has a
// shape. It returns false if the record must be read as a tree.
func (c *Chunk) straight(pos, end int) (r instanceOf, ok bool) {
	c.scratch = c.scratch[:0]
	t, slots := c.instance(pos, end, 0)
	if t == nil {
		return r, false
	}
	r.shape, r.slots = t.shaped(), slots
	if r.shape.system == nil {
		return r, false
	}
	r.kind = r.shape.kind(c, slots)
	r.data, r.values = r.shape.data, slots
	if n := r.shape.inner; n != noSlot && int(n) < len(slots) {
		switch in := slots[n]; {
		case in.typ == BinXMLType && in.size > 0:
			t, inner := c.instance(int(in.at), int(in.at)+int(in.size), 1)
			if t == nil {
				return r, false
			}
			if r.data, r.values = t.shaped().data, inner; r.data == nil {
				return r, false
			}
		case !emptyValue(in.typ, c.data(in)):
			return r, false
		}
	}
	if r.data != nil && r.kind != nil {
		r.bound = r.data.bind(r.kind)
	}
	return r, true
}

// each calls f for each field in the order of the template, with the index of the
// struct's field, or -1 if the struct has none. It returns false if a value holds
// elements: the record must then be read as a tree.
func (c *Chunk) each(r *instanceOf, f func(field int, name string, v *Value)) bool {
	if r.data == nil {
		return true
	}
	fieldFor := func(int) int { return -1 } // of a Data element without a name
	if r.kind != nil {
		fieldFor = r.kind.at
	}
	unnamed := 0 // the position of the next Data element without a name
	var v Value
	for i := range r.data.fields {
		d := &r.data.fields[i]
		if null(r.values, d.omit) {
			continue
		}
		switch {
		case d.literal && d.text != "":
			v = textValue(d.text)
		case int(d.slot) < len(r.values):
			v = c.valueOf(r.values[d.slot])
		default:
			v = Value{}
		}
		switch {
		case d.attr && v.isEmpty():
		case v.Type == BinXMLType:
			return false
		case d.unnamed && v.Type&ArrayFlag != 0:
			for _, element := range v.Elements() {
				f(fieldFor(unnamed), "", &element)
				unnamed++
			}
		case d.unnamed:
			f(fieldFor(unnamed), "", &v)
			unnamed++
		case r.bound == nil:
			f(-1, d.name, &v)
		default:
			f(r.bound.fields[i], d.name, &v)
		}
	}
	return true
}

// typed decodes the record at [pos, end) straight into the struct of its kind. It
// returns nil if that cannot be done.
func (c *Chunk) typed(pos, end int) TypedEvent {
	r, ok := c.straight(pos, end)
	if !ok || r.kind == nil {
		return nil
	}
	p := c.memory.new(r.kind)
	fields := r.kind.fields
	if !c.each(&r, func(n int, name string, v *Value) {
		if n < 0 {
			r.kind.keep(p, name, v)
		} else if !v.IsNull() {
			fields[n].set(p, v, &c.memory.texts)
		}
	}) {
		return nil
	}
	e := r.kind.typed(p)
	c.setSystem(e.Sys(), r.shape.system, r.slots, &c.memory.texts)
	return e
}

// kind returns the kind of an event of this shape, or nil if it has no struct.
func (s *shape) kind(c *Chunk, slots []slot) *Kind {
	id, ok := s.peek.id(c, slots)
	if !ok {
		return nil
	}
	if s.provider != "" {
		return s.kinds[id]
	}
	if n := s.peek.providerSlot; int(n) < len(slots) && slots[n].typ == StringType {
		return kindForUTF16(c.data(slots[n]), id)
	}
	return kindFor(s.peek.providerOf(c, slots), id)
}

// at returns the index of the field for the Data element without a name at a
// position, or -1.
func (k *Kind) at(position int) int {
	if position < len(k.positions) {
		return k.positions[position]
	}
	return -1
}

// keep adds a field that the struct at p does not name to its Extra fields. The value
// gets memory of its own.
func (k *Kind) keep(p structPointer, name string, v *Value) {
	own := Value{Type: v.Type, data: bytes.Clone(v.data), text: v.text}
	extra := k.extraOf(p)
	*extra = append(*extra, Field{Name: name, Value: own})
}
