package evtx

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
