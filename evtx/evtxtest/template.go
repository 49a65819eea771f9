package evtxtest

import (
	"crypto/md5"
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
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

const nsEvent = "http://schemas.microsoft.com/win/2004/08/events/event"

// slot is a value that fills a template.
type slot struct {
	value    evtx.Value
	optional bool
}

// element is an element of a template that is being built. Attribute values and
// content are literal text, or a slot.
type element struct {
	name       string
	attributes []attribute
	children   []*element
	content    *slot
}

type attribute struct {
	name string
	text string
	slot *slot // in place of text
}

// event appends the fragment of a record: an instance of a template, with the
// definition if the chunk does not have one of this shape yet.
func (c *chunk) event(e *evtx.Event) {
	root := tree(e)
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
		c.buf = le.AppendUint16(c.buf, uint16(len(s.value.Bytes())))
		c.buf = append(c.buf, byte(s.value.Type), 0)
	}
	for _, s := range slots {
		c.buf = append(c.buf, s.value.Bytes()...)
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

func (c *chunk) substitution(s *slot, next *int) {
	// Only an optional substitution may be null; it has the type of other events.
	token, typ := byte(tokenSubstitution), s.value.Type
	if s.optional || s.value.IsNull() {
		token = tokenOptional
	}
	if s.value.IsNull() {
		typ = evtx.StringType
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
func (e *element) slots(all []*slot) []*slot {
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
			fmt.Fprint(b, a.slot.value.Type)
		} else {
			fmt.Fprintf(b, "%q", a.text)
		}
	}
	b.WriteByte('>')
	if e.content != nil {
		fmt.Fprint(b, e.content.value.Type, e.content.optional)
	}
	for _, child := range e.children {
		child.writeShape(b)
	}
	b.WriteString("</>")
}

func number(t evtx.ValueType, n uint64) *slot {
	b := le.AppendUint64(nil, n)
	switch t {
	case evtx.UInt8Type:
		b = b[:1]
	case evtx.UInt16Type:
		b = b[:2]
	case evtx.UInt32Type:
		b = b[:4]
	}
	return &slot{value: evtx.NewValue(t, b)}
}

func text(s string) *slot { return &slot{value: evtx.StringValue(s)} }

// guid returns a slot for a GUID. It leaves the attribute empty if the GUID is zero.
func guid(g evtx.GUID) *slot {
	if g.IsZero() {
		return &slot{optional: true}
	}
	return &slot{value: evtx.NewValue(evtx.GUIDType, g[:]), optional: true}
}

// tree returns an event as the elements that Windows writes: System with the values
// in slots, then EventData or UserData.
func tree(e *evtx.Event) *element {
	root := &element{name: "Event", attributes: []attribute{{name: "xmlns", text: nsEvent}}}
	root.children = append(root.children, system(&e.System))
	if e.Element == "" {
		return root
	}
	data := &element{name: e.Element}
	for _, f := range e.Fields {
		child := &element{name: f.Name, content: &slot{value: f.Value}}
		if !e.UserData {
			child.name = "Data"
			if f.Name != "" {
				child.attributes = []attribute{{name: "Name", text: f.Name}}
			}
		}
		data.children = append(data.children, child)
	}
	if e.UserData {
		if e.Namespace != "" {
			data.attributes = []attribute{{name: "xmlns", text: e.Namespace}}
		}
		data = &element{name: "UserData", children: []*element{data}}
	}
	root.children = append(root.children, data)
	return root
}

func system(s *evtx.System) *element {
	provider := []attribute{{name: "Name", text: s.Provider}}
	if !s.ProviderGUID.IsZero() {
		provider = append(provider, attribute{name: "Guid", slot: guid(s.ProviderGUID)})
	}
	if s.EventSourceName != "" {
		provider = append(provider, attribute{name: "EventSourceName", text: s.EventSourceName})
	}
	id := &element{name: "EventID", content: number(evtx.UInt16Type, uint64(s.EventID))}
	if s.Qualifiers != 0 {
		id.attributes = []attribute{{name: "Qualifiers", slot: number(evtx.UInt16Type, uint64(s.Qualifiers))}}
	}
	created := evtx.NewValue(evtx.FileTimeType, le.AppendUint64(nil, filetime.Ticks(s.TimeCreated)))
	security := &element{name: "Security"}
	if sid, err := winid.ParseSID(s.UserSID); err == nil {
		b, _ := sid.MarshalBinary()
		security.attributes = []attribute{{name: "UserID", slot: &slot{value: evtx.NewValue(evtx.SIDType, b)}}}
	}
	correlation := &element{name: "Correlation"}
	if !s.ActivityID.IsZero() {
		correlation.attributes = append(correlation.attributes, attribute{name: "ActivityID", slot: guid(s.ActivityID)})
	}
	if !s.RelatedActivityID.IsZero() {
		correlation.attributes = append(correlation.attributes, attribute{name: "RelatedActivityID", slot: guid(s.RelatedActivityID)})
	}
	return &element{name: "System", children: []*element{
		{name: "Provider", attributes: provider},
		id,
		{name: "Version", content: number(evtx.UInt8Type, uint64(s.Version))},
		{name: "Level", content: number(evtx.UInt8Type, uint64(s.Level))},
		{name: "Task", content: number(evtx.UInt16Type, uint64(s.Task))},
		{name: "Opcode", content: number(evtx.UInt8Type, uint64(s.Opcode))},
		{name: "Keywords", content: number(evtx.HexInt64Type, s.Keywords)},
		{name: "TimeCreated", attributes: []attribute{{name: "SystemTime", slot: &slot{value: created}}}},
		{name: "EventRecordID", content: number(evtx.UInt64Type, s.RecordID)},
		correlation,
		{name: "Execution", attributes: []attribute{
			{name: "ProcessID", slot: number(evtx.UInt32Type, uint64(s.ProcessID))},
			{name: "ThreadID", slot: number(evtx.UInt32Type, uint64(s.ThreadID))},
		}},
		{name: "Channel", content: text(s.Channel)},
		{name: "Computer", content: text(s.Computer)},
		security,
	}}
}
