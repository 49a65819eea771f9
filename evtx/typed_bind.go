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

// happenedField is the field in which Sysmon records when an event happened.
const happenedField = "UtcTime"

// bind returns the binding of a template and a kind.
func (d *dataShape) bind(k *Kind) *binding {
	if b := d.last.Load(); b != nil && b.kind == k {
		return b
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, b := range d.bound {
		if b.kind == k {
			d.last.Store(b)
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
	fields []Field // of the last System element that was read as a tree
	blocks map[*Kind]*block
	kind   *Kind // the last one
	block  *block
	value  Value // the one that is being read
	outer  outer // the last one that was read

	// The last kind that was found by the name of its provider, in UTF-16.
	provider   []byte
	providerID uint16
	found      *Kind
}

// kindFor is kindForUTF16. Records of one kind follow one another in most logs.
func (m *memory) kindFor(provider []byte, id uint16) *Kind {
	if id != m.providerID || !bytes.Equal(provider, m.provider) {
		m.provider, m.providerID, m.found = append(m.provider[:0], provider...), id, kindForUTF16(provider, id)
	}
	return m.found
}

// new returns a new struct of a kind.
func (m *memory) new(k *Kind) structPointer {
	if m.kind != k {
		if m.blocks == nil {
			m.blocks = map[*Kind]*block{}
		}
		if m.kind, m.block = k, m.blocks[k]; m.block == nil {
			m.block = &block{size: 1}
			m.blocks[k] = m.block
		}
	}
	b := m.block
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

// outer returns the template instance of the record at [pos, end), as Chunk.instance
// does. It remembers the last one: a filter, the kind and the event ask for the same.
func (c *Chunk) outer(pos, end int) (*template, []slot) {
	if m := &c.memory.outer; m.pos == pos && m.t != nil {
		return m.t, m.slots
	}
	m := &c.memory.outer
	own := c.scratch
	c.scratch = m.slots[:0]
	t, slots := c.instance(pos, end, 0)
	if t != nil {
		*m = outer{pos, t, slots}
	} else {
		m.t = nil
	}
	c.scratch = own[:0]
	return t, slots
}

// outer is the template instance of a record.
type outer struct {
	pos   int
	t     *template // nil if there is none
	slots []slot
}

// straight returns the record at [pos, end) as an instance of a template that has a
// shape. It returns false if the record must be read as a tree.
func (c *Chunk) straight(pos, end int) (r instanceOf, ok bool) {
	t, slots := c.outer(pos, end)
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

// field calls f for field i of the template, with the index of the struct's field, or -1
// if the struct has none. An array of unnamed Data elements is several fields; unnamed
// is the position of the next one. It returns false if the value holds elements: the
// record must then be read as a tree.
func (c *Chunk) field(r *instanceOf, i int, unnamed *int, f func(field int, name string, v *Value)) bool {
	d := &r.data.fields[i]
	if null(r.values, d.omit) {
		return true
	}
	v := &c.memory.value
	if d.literal && d.text != "" {
		*v = textValue(d.text)
	} else if int(d.slot) < len(r.values) {
		*v = c.valueOf(r.values[d.slot])
	} else {
		*v = Value{}
	}
	switch {
	case d.attr && v.isEmpty():
	case v.Type == BinXMLType:
		return false
	case d.unnamed && v.Type&ArrayFlag != 0:
		for _, element := range v.Elements() {
			f(r.fieldAt(*unnamed), "", &element)
			*unnamed++
		}
	case d.unnamed:
		f(r.fieldAt(*unnamed), "", v)
		*unnamed++
	case r.bound == nil:
		f(-1, d.name, v)
	default:
		f(r.bound.fields[i], d.name, v)
	}
	return true
}

// fieldAt returns the index of the field for the Data element without a name at a
// position, or -1.
func (r *instanceOf) fieldAt(position int) int {
	if r.kind == nil {
		return -1
	}
	return r.kind.at(position)
}

// typed decodes the record at [pos, end) straight into the struct of its kind. It
// returns nil if that cannot be done.
func (c *Chunk) typed(pos, end int) TypedEvent {
	r, ok := c.straight(pos, end)
	if !ok || r.kind == nil {
		return nil
	}
	k := r.kind
	p := c.memory.new(k)
	if r.data != nil {
		unnamed := 0
		set := func(n int, name string, v *Value) {
			k.put(p, n, name, v, &c.memory.texts)
		}
		for i := range r.data.fields {
			// Nearly all values are of the type of their field.
			if d, n := &r.data.fields[i], r.bound.fields[i]; n >= 0 && int(d.slot) < len(r.values) && d.omit == noSlot &&
				k.fields[n].setSlot(p, c, r.values[d.slot]) {
				continue
			}
			if !c.field(&r, i, &unnamed, set) {
				return nil
			}
		}
	}
	e := k.typed(p)
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
		return s.kindOf(id)
	}
	if n := s.peek.providerSlot; int(n) < len(slots) && slots[n].typ == StringType {
		return c.memory.kindFor(c.data(slots[n]), id)
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

// put sets field n of the struct at p to a value. A value that the struct has no field
// for, or that its field cannot hold, goes to its Extra fields.
func (k *Kind) put(p structPointer, n int, name string, v *Value, t *texts) {
	if n < 0 || !v.IsNull() && !k.fields[n].set(p, v, t) {
		k.keep(p, name, v)
	}
}

// keep adds a field that the struct at p does not name to its Extra fields. The value
// gets memory of its own.
func (k *Kind) keep(p structPointer, name string, v *Value) {
	own := Value{Type: v.Type, data: bytes.Clone(v.data), text: v.text, ansi: v.ansi}
	extra := k.extraOf(p)
	*extra = append(*extra, Field{Name: name, Value: own})
}
