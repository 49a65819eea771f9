package evtx

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
)

// recovery makes a chunk read its records by verified definitions only: those of the
// chunk, of its log, and of a store. If there is none, the values of an instance are
// read without their names.
type recovery struct {
	log, store *Definitions
	own        map[int64]*definition // of the chunk, by offset; nil if it is not usable
	unnamed    map[string]*template  // for values without a definition, by their types

	// placed is false if it is unknown at which offset of its chunk a record is.
	placed bool

	// What the record being read needed.
	missing  bool // an instance has no definition
	borrowed bool // a definition is not of this chunk
	torn     bool // a value is cut off, or cannot be read
}

// maxUnnamed bounds the number of templates for values without a definition.
const maxUnnamed = 256

// reset forgets what the last record needed.
func (y *recovery) reset() { y.missing, y.borrowed, y.torn = false, false, false }

// tears notes that a value is cut off or cannot be read. It returns false if that is an
// error. y may be nil.
func (y *recovery) tears() bool {
	if y == nil {
		return false
	}
	y.torn = true
	return true
}

// name returns an error for a name that is not, or may not be, the one that was meant:
// its hash is wrong, or it was written after what refers to it. y may be nil.
func (y *recovery) name(p *parser, s string, at uint32, end int) error {
	if y == nil || p.check != nil {
		return nil // the checker verifies it
	}
	if !y.placed || !p.c.soundName(at, end) || int(at) < p.c.newer(p.pos) && !commonNames[s] {
		return damage.New("name", p.c.Offset+int64(at), "one that was overwritten", nil)
	}
	return nil
}

// referred returns the template for the instance whose identifier, offset of the
// definition and values are given; the definition may come before the values, at next.
// It also returns the offset of the values.
func (y *recovery) referred(c *Chunk, id, at uint32, next, end int) (*template, int) {
	// The outermost instance follows the header of a record and of a fragment.
	first := next - 10 - 4 - 24
	outermost := first >= 0 && le.Uint32(c.buf[first:]) == recordSignature
	where := int64(at)
	if where == int64(next) || next+24 <= end && le.Uint32(c.buf[next+4:]) == id {
		where = int64(next) // also if the record was moved
	} else if !y.placed {
		where = -1
	}
	var guid *GUID
	if where >= 0 {
		size, err := c.definitionSize(uint32(where))
		switch {
		case err == nil && le.Uint32(c.buf[where+4:]) == id:
			g := GUID(c.buf[where+4 : where+20])
			guid = &g
			if where == int64(next) {
				next += size
			}
		case where == int64(next):
			return &template{err: damage.New("template definition", c.Offset+where, "another one, or a part", nil)}, next
		}
	}
	p := parser{c: c, pos: next, end: end}
	slots, err := p.values(nil)
	if err != nil {
		return &template{err: err}, next
	}
	if guid != nil {
		if d := y.ownAt(c, where, int64(at)); d != nil && d.fits(slots) {
			return d.template, next
		}
	}
	y.borrowed = true
	for _, store := range []*Definitions{y.log, y.store} {
		d, n := store.find(id, guid, slots)
		if n == 1 {
			return d.template, next
		}
		if n > 1 {
			break // it may be either
		}
	}
	y.missing = y.missing || len(systemSlotsOf(slots)) != len(manifestSlots)
	return y.values(slots, outermost), next
}

// ownAt returns the verified definition at an offset of the chunk, or nil. The record
// that refers to it says that it is at another one if it was moved.
func (y *recovery) ownAt(c *Chunk, at, said int64) *definition {
	d, ok := y.own[at]
	if !ok {
		d = c.verify(int(at), int(at-said))
		if y.own == nil {
			y.own = map[int64]*definition{}
		}
		y.own[at] = d
	}
	return d
}

// values returns a template for values whose definition is gone: that of the System
// element of every event, if they are its values. Else they become Data elements without
// names, in the order of the slots.
func (y *recovery) values(slots []slot, outermost bool) *template {
	key := make([]byte, len(slots), len(slots)+1)
	for i, s := range slots {
		key[i] = byte(s.typ)
	}
	if outermost {
		key = append(key, 0xff)
	}
	if t := y.unnamed[string(key)]; t != nil {
		return t
	}
	n := positional(slots)
	if outermost && n.name != "Event" {
		n = node{kind: nodeElement, slot: noSlot, name: "Event", kids: []node{n}}
	}
	t := &template{nodes: []node{n}}
	if len(y.unnamed) < maxUnnamed {
		y.unnamed[string(key)] = t
	}
	return t
}

// systemSlot is a slot of the outermost template of an event.
type systemSlot struct {
	typ  ValueType
	path string // of the element or attribute below System
}

// manifestSlots are the slots of that template for providers that have a manifest, but
// for the last one, which is the data. Only the name of the computer is not among them.
// The template of older providers begins with the first 13 of them, and has the
// provider and the channel as text.
var manifestSlots = []systemSlot{
	{UInt8Type, "Level"}, {UInt8Type, "Opcode"}, {UInt16Type, "Task"}, {UInt16Type, "EventID"}, {UInt16Type, "EventID/@Qualifiers"},
	{HexInt64Type, "Keywords"}, {FileTimeType, "TimeCreated/@SystemTime"}, {GUIDType, "Correlation/@ActivityID"},
	{UInt32Type, "Execution/@ProcessID"}, {UInt32Type, "Execution/@ThreadID"}, {UInt64Type, "EventRecordID"}, {UInt8Type, "Version"},
	{SIDType, "Security/@UserID"}, {GUIDType, "Correlation/@RelatedActivityID"}, {StringType, "Provider/@Name"}, {GUIDType, "Provider/@Guid"},
	{StringType, "Channel"},
}

const olderSlots = 13

// systemSlotsOf returns the slots that values begin with if they are those of a whole event,
// or nil.
func systemSlotsOf(slots []slot) []systemSlot {
	system := manifestSlots
	switch len(slots) {
	case len(manifestSlots) + 1:
	case 20:
		system = manifestSlots[:olderSlots]
	default:
		return nil
	}
	for i, want := range system {
		if typ := slots[i].typ; typ != want.typ && typ != NullType && !(want.typ == UInt8Type && typ == UInt16Type) {
			return nil
		}
	}
	if data := slots[len(slots)-1].typ; slots[3].typ != UInt16Type || slots[6].typ != FileTimeType || data != BinXMLType && data != NullType {
		return nil
	}
	return system
}

// positional returns the element that values without a definition fill.
func positional(slots []slot) node {
	filled := func(slot int) []node { return []node{{kind: nodeSubstitution, slot: uint16(slot)}} }
	slotsOf := systemSlotsOf(slots)
	if slotsOf == nil {
		n := node{kind: nodeElement, slot: noSlot, name: "Values"}
		for i := range slots {
			n.kids = append(n.kids, node{kind: nodeElement, slot: noSlot, name: "Data", kids: filled(i)})
		}
		return n
	}
	system := node{kind: nodeElement, slot: noSlot, name: "System"}
	for _, se := range systemElements {
		e := node{kind: nodeElement, slot: noSlot, name: se.name}
		for i, s := range slotsOf {
			switch path, attr, _ := strings.Cut(s.path, "/@"); {
			case path != se.name:
			case attr == "":
				e.kids, e.slot = filled(i), uint16(i)
			default:
				e.attrs = append(e.attrs, node{kind: nodeAttribute, name: attr, kids: filled(i)})
			}
		}
		e.closed = e.kids == nil
		if e.kids != nil || e.attrs != nil {
			system.kids = append(system.kids, e)
		}
	}
	return node{
		kind: nodeElement, slot: noSlot, name: "Event", kids: append([]node{system}, filled(len(slots)-1)...),
		attrs: []node{{kind: nodeAttribute, name: "xmlns", kids: []node{{kind: nodeText, text: eventNamespace}}}},
	}
}
