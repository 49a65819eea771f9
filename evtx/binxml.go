package evtx

import (
	"bytes"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Binary XML is a stream of tokens. It is decoded into a tree of nodes. The tree of
// a template is built only once and shared by all its instances, which hold their
// values separately.

// The tokens. Bit 6 is set if more follows: attributes after a start tag, text after
// text.
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
	tokenOptional         = 0x0e // like tokenSubstitution; its element depends on the slot
	tokenFragmentHeader   = 0x0f // version (2), flags (1)

	tokenMore = 0x40
)

type nodeKind uint8

const (
	nodeElement nodeKind = iota
	nodeAttribute
	nodeText
	nodeValue // a literal that is not text: value
	nodeCDATA
	nodeEntity // name is "amp", "lt", …
	nodePI     // name is the target, text the data
	nodeSubstitution
	nodeInstance // of a template inside other content
)

// node is a node of the tree: a literal, or the place of a value.
type node struct {
	kind nodeKind
	// closed is set for an element that its start tag ends, as in <Data/>.
	closed bool
	// slot is the slot of a substitution. For an element, it is the slot that the
	// element depends on: if its value is null, the element is omitted
	// ([MS-EVEN6] 2.2.12). Otherwise it is noSlot.
	slot     uint16
	name     string
	text     string
	value    *Value
	attrs    []node
	kids     []node
	instance *fragment
}

const noSlot = 0xffff

// fragment is decoded binary XML: a tree and the values for its slots.
type fragment struct {
	nodes []node
	slots []slot
}

// maxDepth bounds how deeply elements and values nest. Windows' own events stay below
// 20.
const maxDepth = 64

// parser reads binary XML at [pos, end) of a chunk. Offsets in it count from
// the beginning of the chunk.
type parser struct {
	c     *Chunk
	pos   int
	end   int
	depth int
	// bare is set if start tags have no dependency field, as outside of templates.
	bare bool
	refs *nameRefs // collects the names in a template definition; may be nil
	// check verifies a definition that may be partly overwritten; may be nil.
	check *checker
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

// name reads a reference to a name, and skips the name itself, which follows the
// first reference to it.
func (p *parser) name(what string) (string, error) {
	at, err := p.u32(what)
	if err != nil {
		return "", err
	}
	at = p.check.shifted(at)
	s, end, err := p.c.name(at)
	if s, err = p.check.name(p, s, at, end, err); err != nil {
		return "", err
	}
	if err := p.c.recovery.name(p, s, at, end); err != nil {
		return "", err
	}
	inline := int(at) == p.pos
	if p.check == nil {
		p.refs.add(p, at, end, inline)
	}
	if inline {
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

// text reads a string that is preceded by its length.
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

// content reads nodes up to the end tag of their element, or up to the end of the
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
			err = p.unexpected(at, "no end tag outside of an element")
		case tokenFragmentHeader:
			_, err = p.bytes("fragment header", 3)
			if err == nil {
				continue
			}
		case tokenOpenStart:
			n, err = p.element(token&tokenMore != 0)
			if !inElement {
				n.slot = noSlot // an element that is not in another one cannot be omitted
			}
		case tokenValue:
			n, err = p.literal()
		case tokenCDATA:
			n.kind = nodeCDATA
			n.text, err = p.text("CDATA section")
		case tokenCharRef:
			n.kind = nodeText
			n.text, err = p.charRef()
		case tokenEntityRef:
			n.kind = nodeEntity
			n.name, err = p.name("entity reference")
		case tokenPITarget:
			n, err = p.processingInstruction()
		case tokenSubstitution, tokenOptional:
			n, err = p.substitution()
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
	return nodes, nil // the end token of a fragment is often missing
}

func (p *parser) unexpected(at int, want string) error {
	got := "the end of the data"
	if at < p.end {
		got = fmt.Sprintf("%#02x", p.c.buf[at])
	}
	return damage.New("token", p.c.Offset+int64(at), got, want)
}

func (p *parser) element(hasAttributes bool) (node, error) {
	n := node{kind: nodeElement, slot: noSlot}
	if p.depth++; p.depth > maxDepth {
		return n, &damage.Error{Offset: p.c.Offset + int64(p.pos), What: "depth of elements", Want: fmt.Sprintf("≤ %d", maxDepth), Err: errLimit}
	}
	defer func() { p.depth-- }()
	var err error
	if !p.bare {
		if n.slot, err = p.u16("dependency of an element"); err != nil {
			return n, err
		}
	}
	size, err := p.u32("size of an element")
	if err != nil {
		return n, err
	}
	start := p.pos
	defer func() { p.check.element(p, start, size) }()
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
			n.closed = true
			return n, nil
		default:
			return n, p.unexpected(at, "an attribute or the end of a start tag")
		}
	}
	return n, p.unexpected(p.pos, "the end of a start tag")
}

// attribute reads a name, and the text, references and substitutions that make up the
// value.
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
			part, err = p.substitution()
		case tokenCharRef:
			p.pos++
			part.kind = nodeText
			part.text, err = p.charRef()
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

// literal reads a value that is part of the tree. Windows itself writes only strings
// there. A value of a type whose size nothing records cannot be read, nor can what
// follows it.
func (p *parser) literal() (node, error) {
	b, err := p.bytes("type of a value", 1)
	if err != nil {
		return node{}, err
	}
	typ := ValueType(b[0])
	size := typ.fixedSize()
	switch {
	case typ == StringType:
		text, err := p.text("literal value")
		return node{kind: nodeText, text: text}, err
	case typ == NullType:
	case typ == SIDType:
		sid, err := winid.DecodeSID(p.c.buf[p.pos:p.end])
		if err != nil {
			return node{}, &damage.Error{Offset: p.c.Offset + int64(p.pos), What: "literal SID", Err: err}
		}
		size = sid.Size()
	case size == 0 || typ&ArrayFlag != 0:
		return node{}, damage.New("type of a literal value", p.c.Offset+int64(p.pos-1), typ, "one of known size")
	}
	data, err := p.bytes("literal value", size)
	// The tree may outlive the chunk: see templateCache.
	return node{kind: nodeValue, value: &Value{Type: typ, data: bytes.Clone(data)}}, err
}

// charRef reads a reference to a character, or to half of a surrogate pair.
func (p *parser) charRef() (string, error) {
	b, err := p.bytes("character reference", 2)
	return wtf8.String(b), err
}

func (p *parser) substitution() (node, error) {
	b, err := p.bytes("substitution", 3)
	if err != nil {
		return node{}, err
	}
	p.check.slot(le.Uint16(b), ValueType(b[2]))
	return node{kind: nodeSubstitution, slot: le.Uint16(b)}, nil
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
