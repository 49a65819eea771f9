package evtx

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/damage"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// Binary XML is a stream of tokens. It is decoded into a tree of nodes; the
// tree of a template is made once a chunk and shared by all its instances,
// whose values stand beside it.

// The tokens. Bit 6 says that more follows: attributes behind a start tag, text
// behind text.
const (
	tokenEnd              = 0x00
	tokenOpenStart        = 0x01 // dependency (2), size (4), name; with bit 6 the size of the attributes (4)
	tokenCloseStart       = 0x02
	tokenCloseEmpty       = 0x03
	tokenEndElement       = 0x04
	tokenValue            = 0x05 // type (1), value
	tokenAttribute        = 0x06 // name
	tokenCDATA            = 0x07 // length in units (2), units
	tokenCharRef          = 0x08 // code unit (2)
	tokenEntityRef        = 0x09 // name
	tokenPITarget         = 0x0a // name
	tokenPIData           = 0x0b // length in units (2), units
	tokenTemplateInstance = 0x0c
	tokenSubstitution     = 0x0d // slot (2), type (1)
	tokenOptional         = 0x0e // the same; leaves its element out when the value is null
	tokenFragmentHeader   = 0x0f // version (2), flags (1)

	tokenMore = 0x40
)

type nodeKind uint8

const (
	nodeElement nodeKind = iota
	nodeAttribute
	nodeText
	nodeCDATA
	nodeEntity // name is "amp", "lt", …
	nodeCharRef
	nodePI // name is the target, text the data
	nodeSubstitution
	nodeInstance // of a template inside other content
)

// node is a node of the tree: a literal, or a place where a value goes.
type node struct {
	kind     nodeKind
	optional bool      // of a substitution
	typ      ValueType // of a substitution, as the template states it
	slot     uint16    // of a substitution
	name     string
	text     string
	attrs    []node
	kids     []node
	instance *fragment
}

// fragment is decoded binary XML: a tree and the values for its slots.
type fragment struct {
	nodes  []node
	values []Value
}

// template is a decoded definition, or why it could not be decoded.
type template struct {
	nodes []node
	err   error
}

// maxDepth bounds how deep elements and values nest. Windows' own events stay
// below 20.
const maxDepth = 64

// parser reads binary XML at [pos, end) of a chunk. Offsets in it count from
// the beginning of the chunk.
type parser struct {
	c     *Chunk
	pos   int
	end   int
	depth int
	// bare: start tags lack their dependency, as everywhere but in templates.
	bare bool
}

func (p *parser) need(what string, n int) error {
	if n < 0 || n > p.end-p.pos {
		return damage.Truncated(what, p.c.Offset+int64(p.pos), int64(n), int64(p.end-p.pos))
	}
	return nil
}

func (p *parser) bytes(what string, n int) ([]byte, error) {
	if err := p.need(what, n); err != nil {
		return nil, err
	}
	b := p.c.buf[p.pos : p.pos+n : p.pos+n]
	p.pos += n
	return b, nil
}

func (p *parser) u16(what string) (uint16, error) {
	b, err := p.bytes(what, 2)
	if err != nil {
		return 0, err
	}
	return le.Uint16(b), nil
}

func (p *parser) u32(what string) (uint32, error) {
	b, err := p.bytes(what, 4)
	if err != nil {
		return 0, err
	}
	return le.Uint32(b), nil
}

// name reads a reference to a name, and the name itself where it stands for the
// first time.
func (p *parser) name(what string) (string, error) {
	at, err := p.u32(what)
	if err != nil {
		return "", err
	}
	s, end, err := p.c.name(at)
	if err != nil {
		return "", err
	}
	if int(at) == p.pos {
		return s, p.skipTo(what, end)
	}
	return s, nil
}

func (p *parser) skipTo(what string, pos int) error {
	if err := p.need(what, pos-p.pos); err != nil {
		return err
	}
	p.pos = pos
	return nil
}

// text reads a counted string.
func (p *parser) text(what string) (string, error) {
	n, err := p.u16(what + " length")
	if err != nil {
		return "", err
	}
	b, err := p.bytes(what, 2*int(n))
	return wtf8.String(b), err
}

// fragment reads a whole fragment: the content of a record, or of a value of
// type BinXML.
func (p *parser) fragment() (*fragment, error) {
	nodes, err := p.content(false)
	if err != nil {
		return nil, err
	}
	if len(nodes) == 1 && nodes[0].kind == nodeInstance {
		return nodes[0].instance, nil
	}
	return &fragment{nodes: nodes}, nil
}

// content reads nodes up to the end tag of their element, or to the end of the
// fragment.
func (p *parser) content(inElement bool) ([]node, error) {
	var nodes []node
	for p.pos < p.end {
		at := p.pos
		token := p.c.buf[p.pos]
		p.pos++
		var n node
		var err error
		switch token &^ tokenMore {
		case tokenEnd:
			return nodes, nil
		case tokenEndElement:
			if inElement {
				return nodes, nil
			}
			err = p.unexpected(at, "an element that ends here")
		case tokenFragmentHeader:
			_, err = p.bytes("fragment header", 3)
			if err == nil {
				continue
			}
		case tokenOpenStart:
			n, err = p.element(token&tokenMore != 0)
		case tokenValue:
			n, err = p.literal()
		case tokenCDATA:
			n.kind = nodeCDATA
			n.text, err = p.text("CDATA section")
		case tokenCharRef:
			var unit uint16
			unit, err = p.u16("character reference")
			n = node{kind: nodeCharRef, text: wtf8.String([]byte{byte(unit), byte(unit >> 8)})}
		case tokenEntityRef:
			n.kind = nodeEntity
			n.name, err = p.name("entity reference")
		case tokenPITarget:
			n, err = p.processingInstruction()
		case tokenSubstitution, tokenOptional:
			n, err = p.substitution(token&^tokenMore == tokenOptional)
		case tokenTemplateInstance:
			n.kind = nodeInstance
			n.instance, err = p.templateInstance()
		default:
			err = p.unexpected(at, "a token of binary XML")
		}
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
	}
	if inElement {
		return nil, p.unexpected(p.pos, "the end tag of an element")
	}
	return nodes, nil // the end token of a fragment is often left out
}

func (p *parser) unexpected(at int, want string) error {
	got := "the end of the data"
	if at < p.end {
		got = fmt.Sprintf("%#02x", p.c.buf[at])
	}
	return damage.New("token", p.c.Offset+int64(at), got, want)
}

func (p *parser) element(hasAttributes bool) (node, error) {
	n := node{kind: nodeElement}
	if p.depth++; p.depth > maxDepth {
		return n, &damage.Error{Offset: p.c.Offset + int64(p.pos), What: "depth of elements", Want: fmt.Sprintf("≤ %d", maxDepth), Err: errLimit}
	}
	defer func() { p.depth-- }()
	fixed := 6
	if p.bare {
		fixed = 4
	}
	if _, err := p.bytes("start tag", fixed); err != nil {
		return n, err
	}
	var err error
	if n.name, err = p.name("element name"); err != nil {
		return n, err
	}
	if hasAttributes {
		if _, err := p.u32("size of the attributes"); err != nil {
			return n, err
		}
	}
	for p.pos < p.end {
		at := p.pos
		token := p.c.buf[p.pos]
		p.pos++
		switch token &^ tokenMore {
		case tokenAttribute:
			a, err := p.attribute()
			if err != nil {
				return n, err
			}
			n.attrs = append(n.attrs, a)
		case tokenCloseStart:
			n.kids, err = p.content(true)
			return n, err
		case tokenCloseEmpty:
			return n, nil
		default:
			return n, p.unexpected(at, "an attribute or the end of a start tag")
		}
	}
	return n, p.unexpected(p.pos, "the end of a start tag")
}

// attribute reads a name and the text, references and substitutions that make
// its value.
func (p *parser) attribute() (node, error) {
	name, err := p.name("attribute name")
	n := node{kind: nodeAttribute, name: name}
	for err == nil && p.pos < p.end {
		token := p.c.buf[p.pos] &^ tokenMore
		var part node
		switch token {
		case tokenValue:
			p.pos++
			part, err = p.literal()
		case tokenSubstitution, tokenOptional:
			p.pos++
			part, err = p.substitution(token == tokenOptional)
		case tokenCharRef:
			p.pos++
			var unit uint16
			unit, err = p.u16("character reference")
			part = node{kind: nodeCharRef, text: wtf8.String([]byte{byte(unit), byte(unit >> 8)})}
		case tokenEntityRef:
			p.pos++
			part.kind = nodeEntity
			part.name, err = p.name("entity reference")
		default:
			return n, nil
		}
		n.kids = append(n.kids, part)
	}
	return n, err
}

// literal reads a value that stands in the tree itself; Windows writes strings.
func (p *parser) literal() (node, error) {
	b, err := p.bytes("type of a value", 1)
	if err != nil {
		return node{}, err
	}
	if typ := ValueType(b[0]); typ != StringType {
		size := typ.fixedSize()
		if size == 0 {
			return node{}, damage.New("type of a literal value", p.c.Offset+int64(p.pos-1), typ, StringType)
		}
		data, err := p.bytes("literal value", size)
		return node{kind: nodeText, text: Value{Type: typ, data: data}.String()}, err
	}
	s, err := p.text("literal value")
	return node{kind: nodeText, text: s}, err
}

func (p *parser) substitution(optional bool) (node, error) {
	b, err := p.bytes("substitution", 3)
	if err != nil {
		return node{}, err
	}
	return node{kind: nodeSubstitution, optional: optional, slot: le.Uint16(b), typ: ValueType(b[2])}, nil
}

func (p *parser) processingInstruction() (node, error) {
	n := node{kind: nodePI}
	var err error
	if n.name, err = p.name("target of a processing instruction"); err != nil {
		return n, err
	}
	if p.pos < p.end && p.c.buf[p.pos]&^tokenMore == tokenPIData {
		p.pos++
		n.text, err = p.text("processing instruction")
	}
	return n, err
}

// templateInstance reads an instance: which template, and the values.
//
//	0  1  unknown
//	1  4  identifier of the template, the first 4 bytes of its GUID
//	5  4  offset of the definition; it follows here where it is first used
//	   4  number of values, then for each size (2), type (1) and a spare byte,
//	      then the values one behind the other
func (p *parser) templateInstance() (*fragment, error) {
	b, err := p.bytes("template instance", 9)
	if err != nil {
		return nil, err
	}
	at := le.Uint32(b[5:])
	t := p.c.template(at, p.depth)
	if int64(at) == int64(p.pos) {
		size, err := p.c.definitionSize(at)
		if err != nil {
			return nil, err
		}
		if err := p.skipTo("template definition", p.pos+size); err != nil {
			return nil, err
		}
	}
	if t.err != nil {
		return nil, t.err
	}
	values, err := p.values()
	return &fragment{t.nodes, values}, err
}

func (p *parser) values() ([]Value, error) {
	count, err := p.u32("number of values")
	if err != nil {
		return nil, err
	}
	if uint64(count)*4 > uint64(p.end-p.pos) {
		return nil, damage.New("number of values", p.c.Offset+int64(p.pos-4), count, fmt.Sprintf("≤ %d, for which there is room", (p.end-p.pos)/4))
	}
	descriptors, err := p.bytes("descriptors of the values", 4*int(count))
	if err != nil {
		return nil, err
	}
	values := make([]Value, count)
	for i := range values {
		size := int(le.Uint16(descriptors[4*i:]))
		offset := p.c.Offset + int64(p.pos)
		data, err := p.bytes("value", size)
		if err != nil {
			return nil, err
		}
		values[i] = Value{Type: ValueType(descriptors[4*i+2]), data: data, at: p.pos - size, offset: offset}
	}
	return values, nil
}

// definitionSize returns the size of a template definition with its header.
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
func (c *Chunk) template(at uint32, depth int) *template {
	if t, ok := c.templates[at]; ok {
		return t
	}
	if c.templates == nil {
		c.templates = map[uint32]*template{}
	}
	// A definition that instantiates itself finds this.
	t := &template{err: &damage.Error{Offset: c.Offset + int64(at), What: "template definition", Got: "an instance of itself", Want: "an end"}}
	c.templates[at] = t
	size, err := c.definitionSize(at)
	if err != nil {
		t.err = err
		return t
	}
	p := parser{c: c, pos: int(at) + 24, end: int(at) + size, depth: depth}
	t.nodes, t.err = p.content(false)
	return t
}
