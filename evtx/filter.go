package evtx

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// Filter selects records by what their System element says. A record is selected if
// it meets every condition that is set; the zero Filter selects all records.
//
// The conditions are checked in place, before anything else of the record is decoded.
// A record whose System element cannot be read is selected, so that it is not
// overlooked: decoding it then returns the error.
type Filter struct {
	Kinds     []string // names of kinds, such as "security-4688"; see Kinds
	Providers []string // in any case
	EventIDs  []uint16
	Channels  []string // in any case

	// FirstRecord and LastRecord are the first and the last EventRecordID to
	// select. If LastRecord is 0, there is no last one.
	FirstRecord, LastRecord uint64

	// From and To limit TimeCreated to [From, To). A zero time sets no limit.
	From, To time.Time
}

// WithFilter makes Reader.Records and Chunk.Records yield only the records that f
// selects, and the errors of lost records. A kind that f names and that does not
// exist is an error of Open and NewReader.
func WithFilter(f Filter) Option {
	return func(c *config) { c.filter = f }
}

// filter is a Filter that is ready to be used.
type filter struct {
	Filter
	kinds    []bool // by Kind.index; nil without the condition
	ids      *idSet // of the events that Kinds and EventIDs select; nil without these
	from, to uint64 // ticks; to is 0 without a limit
}

// newFilter returns nil for a Filter that selects everything.
func newFilter(f Filter) (*filter, error) {
	if len(f.Kinds) == 0 && len(f.Providers) == 0 && len(f.EventIDs) == 0 && len(f.Channels) == 0 &&
		f.FirstRecord == 0 && f.LastRecord == 0 && f.From.IsZero() && f.To.IsZero() {
		return nil, nil
	}
	c := &filter{Filter: f, from: filetime.Ticks(f.From), to: filetime.Ticks(f.To)}
	for _, name := range f.Kinds {
		k := declared().byName[name]
		if k == nil {
			return nil, fmt.Errorf("evtx: filter: no kind of event is called %q", name)
		}
		if c.kinds == nil {
			c.kinds = make([]bool, len(declared().kinds))
		}
		c.kinds[k.index] = true
		c.addID(k.EventID)
	}
	if len(f.Kinds) == 0 {
		for _, id := range f.EventIDs {
			c.addID(id)
		}
	}
	return c, nil
}

// idSet is a set of event identifiers.
type idSet [1 << 16 / 64]uint64

func (s *idSet) has(id uint16) bool { return s[id/64]>>(id%64)&1 != 0 }

func (f *filter) addID(id uint16) {
	if f.ids == nil {
		f.ids = new(idSet)
	}
	f.ids[id/64] |= 1 << (id % 64)
}

// selects reports whether the filter selects a record by its System element. An error
// of the record is not one of the filter.
func (f *filter) selects(c *Chunk, at, size int) bool {
	if f.ids != nil {
		if id, ok := c.peekEventID(at+24, at+size-4); ok && !f.ids.has(id) {
			return false // as most records
		}
	}
	if t, slots := c.outer(at+24, at+size-4); t != nil {
		if s := t.shaped(); s.system != nil {
			if selected, ok := f.peek(c, s, slots); ok {
				return selected
			}
		}
	}
	rec := c.record(at, size)
	s, err := rec.System()
	return err != nil || f.selectsSystem(&s)
}

// peekEventID reads the event identifier of the template instance at [pos, end) without
// reading its other values. It returns false if it cannot.
func (c *Chunk) peekEventID(pos, end int) (uint16, bool) {
	b := c.buf[:end]
	if end-pos >= 4 && b[pos] == tokenFragmentHeader {
		pos += 4
	}
	if end-pos < 14 || b[pos] != tokenTemplateInstance {
		return 0, false
	}
	at := le.Uint32(b[pos+6:])
	t := c.template(at, 0)
	if t.err != nil {
		return 0, false
	}
	n := int(t.shaped().peek.eventID)
	if pos += 10; int64(at) == int64(pos) {
		pos += t.size
	}
	if pos+4 > end {
		return 0, false
	}
	count := le.Uint32(b[pos:])
	if pos += 4; uint64(count)*4 > uint64(end-pos) || n >= int(count) {
		return 0, false
	}
	descriptors := b[pos:]
	pos += 4 * int(count)
	for i := range n {
		pos += int(le.Uint16(descriptors[4*i:]))
	}
	if le.Uint16(descriptors[4*n:]) != 2 || ValueType(descriptors[4*n+2]) != UInt16Type || pos+2 > end {
		return 0, false
	}
	return le.Uint16(b[pos:]), true
}

func (f *filter) selectsSystem(s *System) bool {
	return f.selectsKind(s.kind()) &&
		f.selectsName(f.Providers, s.Provider) &&
		f.selectsName(f.Channels, s.Channel) &&
		(len(f.EventIDs) == 0 || slices.Contains(f.EventIDs, s.EventID)) &&
		f.selectsNumber(s.RecordID) && f.selectsTime(filetime.Ticks(s.TimeCreated))
}

func (f *filter) selectsKind(k *Kind) bool { return f.kinds == nil || k != nil && f.kinds[k.index] }

func (f *filter) selectsName(names []string, name string) bool {
	return len(names) == 0 || slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

func (f *filter) selectsNumber(id uint64) bool {
	return id >= f.FirstRecord && (f.LastRecord == 0 || id <= f.LastRecord)
}

func (f *filter) selectsTime(ticks uint64) bool {
	return ticks >= f.from && (f.to == 0 || ticks < f.to)
}

// peek is selects for a record of Windows' own shape. It returns false if a value is
// not what Windows writes there.
func (f *filter) peek(c *Chunk, s *shape, slots []slot) (selected, ok bool) {
	p := &s.peek
	if f.kinds != nil || len(f.EventIDs) > 0 {
		id, ok := p.id(c, slots)
		if !ok {
			return false, false
		}
		if !f.selectsKind(s.kind(c, slots)) || len(f.EventIDs) > 0 && !slices.Contains(f.EventIDs, id) {
			return false, true
		}
	}
	if len(f.Providers) > 0 && !f.selectsName(f.Providers, p.providerOf(c, slots)) ||
		len(f.Channels) > 0 && !f.selectsName(f.Channels, p.channelOf(c, slots)) {
		return false, true
	}
	if f.FirstRecord != 0 || f.LastRecord != 0 {
		id, ok := p.uint64(c, slots, p.recordID, UInt64Type)
		if !ok {
			return false, false
		}
		if !f.selectsNumber(id) {
			return false, true
		}
	}
	if f.from != 0 || f.to != 0 {
		ticks, ok := p.uint64(c, slots, p.created, FileTimeType)
		if !ok {
			return false, false
		}
		return f.selectsTime(ticks), true
	}
	return true, true
}

// peekSlots are the places of the values that a Filter asks for, in the instances of
// a template.
type peekSlots struct {
	eventID, recordID, created uint16 // slots, or noSlot
	providerSlot, channelSlot  uint16
	provider, channel          string // if the template fixes them
	fixedID                    uint16
	idIsFixed                  bool
}

func newPeekSlots(ops []systemOp) peekSlots {
	p := peekSlots{eventID: noSlot, recordID: noSlot, created: noSlot, providerSlot: noSlot, channelSlot: noSlot}
	for i := range ops {
		o := &ops[i]
		switch o.field {
		case fieldProvider:
			p.providerSlot, p.provider = o.slot, o.value.String()
		case fieldChannel:
			p.channelSlot, p.channel = o.slot, o.value.String()
		case fieldRecordID:
			p.recordID = o.slot
		case fieldTimeCreated:
			p.created = o.slot
		case fieldEventID:
			n, ok := o.value.Uint64()
			p.eventID, p.fixedID, p.idIsFixed = o.slot, uint16(n), ok && o.slot == noSlot
		}
	}
	return p
}

// id returns the event identifier. It returns false if that is not a number of 2 bytes.
func (p *peekSlots) id(c *Chunk, slots []slot) (uint16, bool) {
	if int(p.eventID) < len(slots) {
		if s := slots[p.eventID]; s.typ == UInt16Type && s.size == 2 {
			return le.Uint16(c.buf[s.at:]), true
		}
		return 0, false
	}
	return p.fixedID, p.idIsFixed
}

func (p *peekSlots) uint64(c *Chunk, slots []slot, n uint16, typ ValueType) (uint64, bool) {
	if int(n) >= len(slots) || slots[n].typ != typ || slots[n].size != 8 {
		return 0, false
	}
	return le.Uint64(c.buf[slots[n].at:]), true
}

func (p *peekSlots) providerOf(c *Chunk, slots []slot) string {
	return c.fixedOr(p.provider, p.providerSlot, slots)
}

func (p *peekSlots) channelOf(c *Chunk, slots []slot) string {
	return c.fixedOr(p.channel, p.channelSlot, slots)
}

func (c *Chunk) fixedOr(text string, n uint16, slots []slot) string {
	if text == "" && int(n) < len(slots) {
		return c.valueOf(slots[n]).String()
	}
	return text
}
