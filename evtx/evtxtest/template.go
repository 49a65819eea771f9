package evtxtest

import (
	"crypto/md5"
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// The tokens of binary XML that this package writes; see package evtx.
const (
	tokenEnd          = 0x00
	tokenOpenStart    = 0x01
	tokenCloseStart   = 0x02
	tokenCloseEmpty   = 0x03
	tokenEndElement   = 0x04
	tokenValue        = 0x05
	tokenAttribute    = 0x06
	tokenTemplate     = 0x0c
	tokenSubstitution = 0x0d
	tokenOptional     = 0x0e
	tokenFragment     = 0x0f
	tokenMore         = 0x40
)

// element is an element of a template that is being built. The values of attributes
// and the content are literal text, or a slot.
type element struct {
	name       string
	attributes []attribute
	children   []*element
	content    *evtx.Value // the value of a slot, or nil
}

type attribute struct {
	name string
	text string
	slot *evtx.Value // in place of text
}

// newElement returns an element of the tree that evtx.Event.Tree returns.
func newElement(f evtx.Field) *element {
	e := &element{name: f.Name}
	for i := range f.Attributes {
		a := &f.Attributes[i]
		if literal(a) {
			e.attributes = append(e.attributes, attribute{name: a.Name, text: a.Value.String()})
		} else {
			e.attributes = append(e.attributes, attribute{name: a.Name, slot: &a.Value})
		}
	}
	// An element without content has none in the template either, except for Data:
	// there, the value is absent in this event only.
	if !f.Value.IsNull() || f.Name == "Data" {
		e.content = &f.Value
	}
	for i := range f.Fields {
		e.children = append(e.children, newElement(f.Fields[i]))
	}
	return e
}

// literal reports whether the template holds the value of an attribute. Windows' own
// hold those that are the same in all events of a kind.
func literal(a *evtx.Field) bool {
	switch a.Name {
	case "Name", "EventSourceName", "xmlns":
		return a.Value.Type == evtx.StringType
	}
	return strings.HasPrefix(a.Name, "xmlns:") && a.Value.Type == evtx.StringType
}

// event appends the fragment of a record: an instance of a template, with the
// definition if the chunk does not have one of this shape yet.
func (c *chunk) event(root *element) {
	c.buf = append(c.buf, tokenFragment, 1, 1, 0)
	c.buf = append(c.buf, tokenTemplate, 1)
	shape := root.shape()
	guid := md5.Sum([]byte(shape)) // the same shape is the same template
	c.buf = append(c.buf, guid[:4]...)
	if at, ok := c.templates[shape]; ok {
		c.buf = le.AppendUint32(c.buf, uint32(at))
	} else {
		at := len(c.buf) + 4
		c.templates[shape] = at
		c.buf = le.AppendUint32(c.buf, uint32(at))
		c.definition(root, guid)
	}
	slots := root.slots(nil)
	c.buf = le.AppendUint32(c.buf, uint32(len(slots)))
	for _, s := range slots {
		c.buf = le.AppendUint16(c.buf, uint16(len(s.Bytes())))
		c.buf = append(c.buf, byte(s.Type), 0)
	}
	for _, s := range slots {
		c.buf = append(c.buf, s.Bytes()...)
	}
	c.buf = append(c.buf, tokenEnd)
}

// definition appends a template definition and puts it at the head of the list
// of its bucket.
func (c *chunk) definition(root *element, guid [16]byte) {
	at := len(c.buf)
	bucket := 384 + 4*int(nameHash(guid[:])%32)
	c.buf = append(c.buf, c.buf[bucket:bucket+4]...)
	le.PutUint32(c.buf[bucket:], uint32(at))
	c.buf = append(c.buf, guid[:]...)
	c.buf = le.AppendUint32(c.buf, 0)
	body := len(c.buf)
	c.buf = append(c.buf, tokenFragment, 1, 1, 0)
	next := 0
	c.element(root, &next)
	c.buf = append(c.buf, tokenEnd)
	le.PutUint32(c.buf[body-4:], uint32(len(c.buf)-body))
}

// element appends an element. Its sizes are set when its end is known; each counts the
// bytes after itself.
func (c *chunk) element(e *element, next *int) {
	token := byte(tokenOpenStart)
	if len(e.attributes) > 0 {
		token |= tokenMore
	}
	c.buf = append(c.buf, token)
	c.buf = le.AppendUint16(c.buf, 0xffff) // no dependency
	size := len(c.buf)
	c.buf = le.AppendUint32(c.buf, 0)
	c.name(e.name)
	if len(e.attributes) > 0 {
		list := len(c.buf)
		c.buf = le.AppendUint32(c.buf, 0)
		for i, a := range e.attributes {
			token := byte(tokenAttribute)
			if i < len(e.attributes)-1 {
				token |= tokenMore
			}
			c.buf = append(c.buf, token)
			c.name(a.name)
			if a.slot != nil {
				c.substitution(a.slot, next)
			} else {
				c.text(a.text)
			}
		}
		le.PutUint32(c.buf[list:], uint32(len(c.buf)-list-4))
	}
	switch {
	case e.content == nil && len(e.children) == 0:
		c.buf = append(c.buf, tokenCloseEmpty)
	default:
		c.buf = append(c.buf, tokenCloseStart)
		if e.content != nil {
			c.substitution(e.content, next)
		}
		for _, child := range e.children {
			c.element(child, next)
		}
		c.buf = append(c.buf, tokenEndElement)
	}
	le.PutUint32(c.buf[size:], uint32(len(c.buf)-size-4))
}

func (c *chunk) substitution(v *evtx.Value, next *int) {
	// Only an optional substitution may be null; it has the type of other events.
	token, typ := byte(tokenSubstitution), v.Type
	if v.IsNull() {
		token, typ = tokenOptional, evtx.StringType
	}
	c.buf = append(c.buf, token)
	c.buf = le.AppendUint16(c.buf, uint16(*next))
	c.buf = append(c.buf, byte(typ))
	*next++
}

func (c *chunk) text(s string) {
	units := wtf8.Encode(s)
	c.buf = append(c.buf, tokenValue, byte(evtx.StringType))
	c.buf = le.AppendUint16(c.buf, uint16(len(units)/2))
	c.buf = append(c.buf, units...)
}

// slots returns the slots in the order in which element numbers them.
func (e *element) slots(all []*evtx.Value) []*evtx.Value {
	for i := range e.attributes {
		if e.attributes[i].slot != nil {
			all = append(all, e.attributes[i].slot)
		}
	}
	if e.content != nil {
		all = append(all, e.content)
	}
	for _, child := range e.children {
		all = child.slots(all)
	}
	return all
}

// shape describes the template without the values of its slots.
func (e *element) shape() string {
	var b strings.Builder
	e.writeShape(&b)
	return b.String()
}

func (e *element) writeShape(b *strings.Builder) {
	fmt.Fprintf(b, "<%q", e.name)
	for _, a := range e.attributes {
		fmt.Fprintf(b, " %q=", a.name)
		if a.slot != nil {
			fmt.Fprint(b, a.slot.Type)
		} else {
			fmt.Fprintf(b, "%q", a.text)
		}
	}
	b.WriteByte('>')
	if e.content != nil {
		fmt.Fprint(b, e.content.Type)
	}
	for _, child := range e.children {
		child.writeShape(b)
	}
	b.WriteString("</>")
}
