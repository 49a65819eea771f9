package evtx

import (
	"bytes"
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
	key  []byte // the name as a member name in JSON
	ops  []op
}

type opKind uint8

const (
	opText   opKind = iota // the literal only
	opValue                // a value as content
	opAttr                 // an attribute: literal, value, quote; nothing if the value is empty
	opItems                // the content of a Data element, which may be an array
	opElem                 // JSON: an element with attributes
	opNested               // the elements of a BinXML value
	opSkip                 // skips operations if a slot is null
	opEmpty                // skips operations if all slots are null
)

// op is an operation. It writes its literal first, unless it writes nothing.
type op struct {
	kind   opKind
	comma  bool   // JSON: a comma goes before the literal unless the object is empty
	slot   uint16 // or noSlot
	skip   uint16 // opSkip, opEmpty: the number of operations
	level  uint16 // opNested, in XML
	lit    []byte
	second []byte   // another literal: see the kinds
	slots  []uint16 // opEmpty
	names  []string // opNested: of the sibling elements
	attrs  []attrOp // opElem
}

// attrOp is an attribute of an opElem: a literal member, or a literal name and a
// value.
type attrOp struct {
	lit  string
	slot uint16
}

// instance reads the template instance at [pos, end) of the chunk. It returns nil if
// anything else is there.
func (c *Chunk) instance(pos, end, depth int) (*template, []slot) {
	if end-pos >= 4 && c.buf[pos] == tokenFragmentHeader {
		pos += 4
	}
	if end-pos < 14 || c.buf[pos] != tokenTemplateInstance {
		return nil, nil
	}
	t, pos := c.referred(pos+1, end, depth)
	if t.err != nil || pos > end {
		return nil, nil
	}
	p := parser{c: c, pos: pos, end: end}
	first := len(c.scratch)
	slots, err := p.values(c.scratch)
	if err != nil || p.pos < end && c.buf[p.pos] != tokenEnd {
		return nil, nil
	}
	c.scratch = slots
	return t, slots[first:]
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
	o.lit = c.pending()
	c.use(o.slot)
	c.ops = append(c.ops, o)
	return len(c.ops) - 1
}

// second sets the second literal of operation i.
func (c *compiler) second(i int, write func()) {
	write()
	c.ops[i].second = c.pending()
}

// pending takes the literal that no operation has yet.
func (c *compiler) pending() []byte {
	lit := bytes.Clone(c.lits)
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
