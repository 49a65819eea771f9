package evtx

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// template is a decoded definition, or the error that decoding it returned. All its
// instances share it, and so do all chunks of a log if the definition allows that.
type template struct {
	nodes []node
	size  int // of the definition with its header, in bytes
	err   error
	programs
}

// slot is the place in the chunk of a value of an instance.
type slot struct {
	typ  ValueType
	size uint16
	at   uint32
}

// value returns the value of slot n of a fragment, or the zero Value, which is null,
// if the instance has no such slot.
func (c *Chunk) value(f *fragment, n uint16) Value {
	if int(n) < len(f.slots) {
		return c.valueOf(f.slots[n])
	}
	return Value{}
}

func (c *Chunk) valueOf(s slot) Value {
	return Value{Type: s.typ, at: s.at, data: c.data(s), offset: c.Offset + int64(s.at), ansi: c.ansi}
}

func (c *Chunk) data(s slot) []byte {
	return c.buf[s.at : int(s.at)+int(s.size) : int(s.at)+int(s.size)]
}

// templateInstance reads an instance: the reference to its template, and the values.
//
//	0  1  unknown
//	1  4  identifier of the template, the first 4 bytes of its GUID
//	5  4  offset of the definition, which follows here if this is its first use
//	   4  number of values; then size (2), type (1) and a spare byte of each one;
//	      then the values, one after the other
func (p *parser) templateInstance() (*fragment, error) {
	b, err := p.bytes("template instance", 9)
	if err != nil {
		return nil, err
	}
	p.refs.unportable()
	t, next := p.c.referred(p.pos-len(b), p.end, p.depth)
	if err := p.skipTo("template definition", next); err != nil {
		return nil, err
	}
	if t.err != nil {
		return nil, t.err
	}
	slots, err := p.values(nil)
	return &fragment{t.nodes, slots}, err
}

// referred returns the template that the instance at pos refers to, and the offset of
// its values.
func (c *Chunk) referred(pos, end, depth int) (t *template, next int) {
	id, at := le.Uint32(c.buf[pos+1:]), le.Uint32(c.buf[pos+5:])
	if c.recovery != nil {
		return c.recovery.referred(c, id, at, pos+9, end)
	}
	t, next = c.template(at, depth), pos+9
	if int64(at) == int64(next) {
		next += t.size
	}
	if t.err == nil && le.Uint32(c.buf[at+4:]) != id {
		t = &template{err: damage.New("identifier of the template", c.Offset+int64(at)+4, fmt.Sprintf("%#x", le.Uint32(c.buf[at+4:])), fmt.Sprintf("%#x", id))}
	}
	return t, next
}

// values appends the values of an instance to slots.
func (p *parser) values(slots []slot) ([]slot, error) {
	count, err := p.u32("number of values")
	if err != nil {
		return nil, err
	}
	if uint64(count)*4 > uint64(p.end-p.pos) {
		return nil, damage.New("number of values", p.c.Offset+int64(p.pos-4), count, fmt.Sprintf("≤ %d, as many as fit", (p.end-p.pos)/4))
	}
	descriptors, err := p.bytes("descriptors of the values", 4*int(count))
	if err != nil {
		return nil, err
	}
	for ; len(descriptors) >= 4; descriptors = descriptors[4:] {
		size := le.Uint16(descriptors)
		if room := p.end - p.pos; int(size) > room {
			if !p.c.recovery.tears() {
				return nil, p.need("value", int(size))
			}
			size = uint16(room)
		}
		slots = append(slots, slot{ValueType(descriptors[2]), size, uint32(p.pos)})
		p.pos += int(size)
	}
	return slots, nil
}

// definitionSize returns the size of a template definition including its header.
//
//	 0  4  offset of the next definition in the list
//	 4 16  GUID
//	20  4  size of the body in bytes
//	24     the body, a fragment
func (c *Chunk) definitionSize(at uint32) (int, error) {
	head, err := bin.Slice(c.buf, c.Offset, uint64(at), 24, "template definition")
	if err != nil {
		return 0, err
	}
	size := le.Uint32(head[20:])
	if room := uint64(len(c.buf)) - uint64(at) - 24; uint64(size) > room {
		return 0, damage.New("template size", c.Offset+int64(at)+20, size, fmt.Sprintf("≤ %d", room))
	}
	return 24 + int(size), nil
}

// template returns the decoded definition at an offset of the chunk.
func (c *Chunk) template(at uint32, depth int) *template { return c.textOf(at, depth).template }

// define is template, but slower.
func (c *Chunk) define(at uint32, depth int) *template {
	if t, ok := c.templates[at]; ok {
		return t
	}
	if c.templates == nil {
		c.templates = map[uint32]*template{}
	}
	size, err := c.definitionSize(at)
	if err != nil {
		c.templates[at] = &template{err: err}
		return c.templates[at]
	}
	if known := c.cache.find(c, at, size); known != nil {
		c.templates[at] = known
		return known
	}
	// A definition that instantiates itself gets this error.
	t := &template{err: &damage.Error{Offset: c.Offset + int64(at), What: "template definition", Got: "an instance of itself", Want: "no recursion"}}
	c.templates[at] = t
	refs := &nameRefs{start: int(at) + 24}
	p := parser{c: c, pos: int(at) + 24, end: int(at) + size, depth: depth, refs: refs}
	t.size = size
	t.nodes, t.err = p.content(false)
	if t.err == nil {
		c.cache.add(c, at, t, refs)
	}
	return t
}

// name returns the name at an offset of the chunk, and the offset of its end.
//
//	0  4  offset of the next name in the list
//	4  2  hash
//	6  2  length in UTF-16 units
//	8     the units and a NUL
func (c *Chunk) name(at uint32) (string, int, error) {
	if uint64(at)+10 > uint64(len(c.buf)) {
		return "", 0, damage.New("name offset", c.Offset+int64(at), fmt.Sprintf("%#x", at), fmt.Sprintf("≤ %#x", len(c.buf)-10))
	}
	n := 2 * int(le.Uint16(c.buf[at+6:]))
	end := int(at) + 8 + n + 2
	if end > len(c.buf) {
		return "", 0, damage.Truncated("name", c.Offset+int64(at)+8, int64(n+2), int64(len(c.buf))-int64(at)-8)
	}
	if s, ok := c.names[at]; ok {
		return s, end, nil
	}
	s := wtf8.String(c.buf[at+8 : int(at)+8+n])
	if c.names == nil {
		c.names = map[uint32]string{}
	}
	c.names[at] = s
	return s, end, nil
}
