package evtx

import (
	"slices"
	"sync"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// Most records are instances of a template of simple shape: elements with literal text
// or one value each, and one value that holds an instance of another template with the
// event's data. Such a template is compiled once for each output format, into literal
// bytes and the values between them. If the template or the values of a record have
// something that programs have no operation for, the writers of whole trees write the
// record instead. Both produce the same bytes.

// programs holds the programs of a template, one for each output format. They are
// compiled on first use.
type programs struct {
	jsonOnce, xmlOnce sync.Once
	shapeOnce         sync.Once
	shape             *shape
	json              *program
	xml               [maxLevel]*program // by the level of the root element
}

// maxLevel is the number of nesting levels that XML programs are compiled for. They
// differ by level because their literals contain the indentation. Windows' own
// templates are at levels 0 and 1.
const maxLevel = 3

// program is a compiled template.
type program struct {
	name string // of the root element
	key  padded // the name as a member name in JSON
	ops  []op
	room int // for everything but what grows with the values
}

type opKind uint8

const (
	opText   opKind = iota // the literal only
	opValue                // a value as content
	opAttr                 // an attribute: literal, value, quote; nothing if the value is empty
	opItems                // the content of a Data element, which may be an array
	opElem                 // JSON: an element with attributes; skips operations unless it has all of them
	opNested               // the elements of a BinXML value
	opSkip                 // skips operations if a slot is null
	opEmpty                // skips operations if all slots are null
)

// op is an operation. It writes its literal first, unless it writes nothing.
type op struct {
	kind   opKind
	comma  bool   // JSON: a comma goes before the literal unless the object is empty
	slot   uint16 // or noSlot
	skip   uint16 // opSkip, opEmpty, opElem: the number of operations
	level  uint16 // opNested, in XML
	lit    padded
	second padded   // another literal: see the kinds
	slots  []uint16 // opEmpty
	names  []string // opNested: of the sibling elements
	attrs  []attrOp // opElem
	uses   uint64   // the slots that its text or its decision depends on, see slotSet
}

// attrOp is an attribute of an opElem: a literal member, or a literal name and a
// value.
type attrOp struct {
	lit  padded
	slot uint16
}

// valueGrowth is how many bytes a byte of a value can become: a character of XML text
// takes up to four for each of its bytes, and one of an ANSI string up to six.
const valueGrowth = 8

// roomFor returns the room that the program needs for an instance of size bytes. No
// slot is used twice.
func (p *program) roomFor(size int) int { return p.room + valueGrowth*size }

// instance reads the template instance at [pos, end) of the chunk. It returns nil if
// anything else is there.
func (c *Chunk) instance(pos, end, depth int) (*template, []slot) {
	pos = c.instanceAt(pos, end)
	if pos < 0 {
		return nil, nil
	}
	t, pos := c.referred(pos+1, end, depth)
	if t.err != nil || pos > end {
		return nil, nil
	}
	first := len(c.scratch)
	if m := c.asWords(); m != nil && c.recovery == nil {
		if slots, ok := c.values(m, pos, end); ok {
			return t, slots
		}
		return nil, nil
	}
	p := parser{c: c, pos: pos, end: end}
	slots, err := p.values(c.scratch)
	if err != nil || p.pos < end && c.buf[p.pos] != tokenEnd {
		return nil, nil
	}
	c.scratch = slots
	return t, slots[first:]
}

// instanceAt returns the offset of the token of a template instance at [pos, end), or
// -1 if anything else is there.
func (c *Chunk) instanceAt(pos, end int) int {
	if end-pos >= 4 && c.buf[pos] == tokenFragmentHeader {
		pos += 4
	}
	if end-pos < 14 || c.buf[pos] != tokenTemplateInstance {
		return -1
	}
	return pos
}

// values reads the values at [pos, end). It returns false if they are not all that is
// there.
func (c *Chunk) values(m *words, pos, end int) ([]slot, bool) {
	if end-pos < 4 {
		return nil, false
	}
	stated := le.Uint32(c.buf[pos:]) // which an int of 32 bits may not hold
	if pos += 4; uint64(stated)*4 > uint64(end-pos) {
		return nil, false
	}
	first, count := len(c.scratch), int(stated)
	c.scratch = slices.Grow(c.scratch, count)[:first+count]
	slots := c.scratch[first:]
	if pos = m.place(slots, pos); pos > end || pos < end && c.buf[pos] != tokenEnd {
		return nil, false
	}
	return slots, true
}

// place fills the slots from their descriptors at an offset of the chunk. The values
// follow them; it returns the end of the last one. See parser.templateInstance.
func (m *words) place(slots []slot, at int) int {
	value := at + 4*len(slots)
	for i := range slots {
		d := le.Uint32(m[uint(at+4*i)%chunkSize:])
		slots[i] = slot{ValueType(d >> 16), uint16(d), uint32(value)}
		value += int(d & 0xffff)
	}
	return value
}

// maxLiterals bounds the literals of a program in bytes, for templates that use a
// long name often. Windows' own stay below 8 KiB.
const maxLiterals = 1 << 18

// compiler compiles a program.
type compiler struct {
	program
	escape escaper
	used   map[uint16]bool // slots, each of which may be used once
	lits   []byte          // pending: the literal of the next operation
	size   int             // of all literals before it
	failed bool            // the template has something that programs cannot do
}

func (c *compiler) lit(s string)  { c.lits = append(c.lits, s...) }
func (c *compiler) text(s string) { c.lits = c.escape.appendString(c.lits, s) }

// use marks a slot as used. No other operation may use it: a value that is written
// often could make a small record unfold to gigabytes.
func (c *compiler) use(slot uint16) uint16 {
	if slot != noSlot {
		c.failed = c.failed || c.used[slot]
		c.used[slot] = true
	}
	return slot
}

// op appends an operation with the pending literal and returns its index.
func (c *compiler) op(o op) int {
	c.use(o.slot)
	return c.again(o)
}

// second sets the second literal of operation i.
func (c *compiler) second(i int, write func()) {
	write()
	c.ops[i].second = c.pending()
}

// again appends an operation that is an alternative to another one with its slot.
func (c *compiler) again(o op) int {
	o.lit = c.pending()
	if c.ops == nil {
		c.ops = make([]op, 0, 32)
	}
	c.ops = append(c.ops, o)
	return len(c.ops) - 1
}

// pending takes the literal that no operation has yet.
func (c *compiler) pending() padded {
	lit := pad(c.lits)
	c.size += len(lit)
	c.failed = c.failed || c.size > maxLiterals
	c.lits = c.lits[:0]
	return lit
}

// flush turns the pending literal into an operation.
func (c *compiler) flush() {
	if len(c.lits) > 0 {
		c.op(op{kind: opText, slot: noSlot})
	}
}

// skipTo makes operation i skip all operations that follow it so far.
func (c *compiler) skipTo(i int) {
	c.flush()
	n := len(c.ops) - i - 1
	c.failed = c.failed || n > 1<<16-1
	c.ops[i].skip = uint16(n)
}

// finish returns the program, or nil if the template cannot be compiled.
func (c *compiler) finish() *program {
	c.flush()
	if c.failed {
		return nil
	}
	p := c.program
	p.room = cap(p.key) + scalarRoom
	for i := range p.ops {
		o := &p.ops[i]
		p.room += cap(o.lit) + cap(o.second) + scalarRoom
		use := func(slot uint16) {
			if slot != noSlot {
				o.uses |= slotSet(slot)
			}
		}
		use(o.slot)
		for _, n := range o.slots {
			use(n)
		}
		for _, a := range o.attrs {
			p.room += cap(a.lit) + scalarRoom
			use(a.slot)
		}
	}
	return &p
}

// literal returns the text of nodes. It returns false if they hold anything else.
func literal(nodes []node) (string, bool) {
	var text []byte
	for i := range nodes {
		before := len(text)
		switch n := &nodes[i]; n.kind {
		case nodeText, nodeCDATA:
			text = wtf8.Rejoin(append(text, n.text...), before)
		case nodeEntity:
			text = append(text, entity(n.name)...)
		default:
			return "", false
		}
	}
	return string(text), true
}

// substitution returns the slot of the only node, if that is a substitution.
func substitution(nodes []node) (uint16, bool) {
	if len(nodes) == 1 && nodes[0].kind == nodeSubstitution {
		return nodes[0].slot, true
	}
	return noSlot, false
}

// root returns the root element of a template, or nil if there is not exactly one.
func (t *template) root() *node {
	if len(t.nodes) != 1 || t.nodes[0].kind != nodeElement || t.nodes[0].slot != noSlot {
		return nil
	}
	return &t.nodes[0]
}

// allDepend returns the slots that the children of an element depend on. It returns
// false if a child is always present.
func allDepend(n *node) ([]uint16, bool) {
	var slots []uint16
	for i := range n.kids {
		if n.kids[i].kind != nodeElement || n.kids[i].slot == noSlot {
			return nil, false
		}
		slots = append(slots, n.kids[i].slot)
	}
	return slots, true
}

// slotAt returns slot n, or a null if there are fewer.
func slotAt(slots []slot, n uint16) *slot {
	if int(n) < len(slots) {
		return &slots[n]
	}
	return &slot{}
}

// null reports whether slot n exists and is null.
func null(slots []slot, n uint16) bool {
	return int(n) < len(slots) && slots[n].typ == NullType
}

func allNull(slots []slot, of []uint16) bool {
	for _, n := range of {
		if !null(slots, n) {
			return false
		}
	}
	return true
}
