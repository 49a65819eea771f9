package evtx

import "slices"

// Most records repeat what the previous record of the same template has: the computer,
// the provider, an account, a program. So a renderer keeps the text of the last
// instance, and writes only the values again that differ from it.

// lastText is the text of the last instance of a template in a chunk, up to the first
// value that holds elements.
type lastText struct {
	at       uint32    // of the definition in the chunk
	template *template // nil if the definition is in another chunk
	uses     int       // in this chunk

	program *program // nil if no text is kept
	slots   []slot
	text    []byte
	steps   []step
	changed []change // memory for changes
	end     int      // of the text of the last step
	next    int      // index of the operation that follows the text
}

// textOf returns the text of the last instance of the template that is defined at an
// offset. Templates may share memory, and then replace each other.
func (c *Chunk) textOf(at uint32, depth int) *lastText {
	text := &c.texts[at/8%uint32(len(c.texts))]
	if *text == nil {
		*text = new(lastText)
	}
	t := *text
	if t.template == nil || t.at != at {
		t.at, t.template, t.program, t.uses = at, c.define(at, depth), nil, 0
	}
	return t
}

// pays reports whether it pays to keep the text of an instance. It takes memory, so a
// new chunk waits until its template has been used several times.
func (t *lastText) pays() bool {
	if t.uses++; t.uses <= 4 && cap(t.text) == 0 {
		return false
	}
	if t.steps == nil {
		t.steps = make([]step, 0, 16)
	}
	return true
}

// maxLastText bounds the text that is kept. Most instances have less than 2 KiB.
const maxLastText = 8 << 10

// step is an operation that wrote text, or decided whether others do.
type step struct {
	uses    uint64 // the slots that its text depends on, see slotSet
	decides uint64 // the slots that its decision depends on
	op      *op
	index   uint16
	gap     uint16 // size of the text between the previous step and this one
	size    uint16 // of its text without the literal
	skips   bool   // its decision
	json    bool   // its text is a JSON value
}

// slotSet returns a set of slots that holds slot n. The slots from 63 on share a bit.
func slotSet(n uint16) uint64 { return 1 << min(n, 63) }

// add notes that an operation wrote text[start:end].
func (t *lastText) add(o *op, index int, skips, json bool, start, end int) {
	s := step{op: o, index: uint16(index), skips: skips}
	switch o.kind {
	case opValue, opAttr, opItems:
		s.uses = o.uses
		s.json = json
		start += len(o.lit)
	default:
		s.decides = o.uses
		if skips && o.kind == opElem {
			s.uses = o.uses
		}
	}
	s.gap, s.size = uint16(start-t.end), uint16(end-start)
	t.end = end
	t.steps = append(t.steps, s)
}

// finish keeps the text of the operations before next.
func (t *lastText) finish(w *writing, text []byte, next int) {
	if len(text) > maxLastText {
		return
	}
	t.program, t.next = w.program, next
	t.text = append(slices.Grow(t.text[:0], len(text)+32), text...)
	t.slots = append(t.slots[:0], w.slots...)
	if n := len(t.steps); len(t.changed) < n {
		t.changed = make([]change, n)
	}
}

// update writes the text of the last instance at out[n:] with the values of another
// one. It also returns the index of the operation at which to go on: the one that
// follows the text, or one whose decision differs from the last one's. Until finish,
// no text is kept.
func (r *renderer) update(out []byte, n int, w *writing, last *lastText) (_ []byte, _, next int, ok bool) {
	if last.program != w.program || len(last.slots) != len(w.slots) {
		last.program, last.steps, last.end = nil, last.steps[:0], 0
		return out, n, 0, true
	}
	last.program = nil
	base, old := n, 0 // the end of the old text that is written
	values, shapes := changed(r.words, last.slots, w.slots)
	for _, c := range changes(last.changed, last.steps, values, shapes) {
		s := &last.steps[c.step]
		differs := s.decides&shapes != 0 && r.skips(s.op, w.slots) != s.skips
		if !differs && s.uses&values == 0 {
			continue
		}
		n = putText(out, n, last.text, old, int(c.at))
		start := n
		if v := slotAt(w.slots, s.op.slot); differs || s.op.nests(v) {
			last.steps, last.end = last.steps[:c.step], start-base-int(s.gap)
			return out, start - s.literal(), int(s.index), true
		} else if s.json && v.typ&ArrayFlag == 0 {
			n, ok = r.jsonValue(out, n, v, &s.op.second)
		} else if s.op.kind == opElem {
			n, ok = r.element(out, n, s.op, w.slots)
		} else {
			out, n, ok = r.value(out, n, s.op, v, w)
		}
		if !ok {
			return out, n, 0, false
		}
		old = int(c.at) + int(s.size)
		s.size = uint16(n - start)
	}
	n = putText(out, n, last.text, old, len(last.text))
	last.end += n - base - len(last.text)
	return out, n, last.next, true
}

// change is a step that uses a slot that has changed, and where its text begins.
type change struct{ step, at uint16 }

// changes sets list to the steps that use slots that have changed, as far as there is
// room.
func changes(list []change, steps []step, values, shapes uint64) []change {
	n, at := 0, uint16(0)
	for i := range steps {
		s := &steps[i]
		at += s.gap
		if s.uses&values|s.decides&shapes != 0 && n < len(list) {
			list[n] = change{uint16(i), at}
			n++
		}
		at += s.size
	}
	return list[:n]
}

// putText writes text[from:to] at out[n:]. It needs room for 32 more bytes, in text too.
func putText(out []byte, n int, text []byte, from, to int) int {
	src, dst := text[from:cap(text)], out[n:]
	*(*[16]byte)(dst) = *(*[16]byte)(src)
	size := to - from
	if size > 16 {
		*(*[16]byte)(dst[16:]) = *(*[16]byte)(src[16:])
		if size > 32 {
			copy(dst[32:], src[32:size])
		}
	}
	return n + size
}

// literal returns the size of the literal of a step that is part of its gap.
func (s *step) literal() int {
	if s.decides != 0 {
		return 0
	}
	return len(s.op.lit)
}

// changed returns the set of the slots whose values differ, and of those that may
// decide differently: text may be empty, whatever its size. Both instances have the
// same number of slots.
func changed(m *words, last, slots []slot) (values, shapes uint64) {
	for i := range min(len(slots), len(last)) {
		s, l := &slots[i], &last[i]
		bit := slotSet(uint16(i))
		if s.typ == l.typ && s.size == l.size {
			if s.size <= 8 {
				if (m.word(s.at)^m.word(l.at))&firstBytes[s.size] == 0 {
					continue
				}
			} else if m.equal(s.at, l.at, s.size) {
				continue
			}
			if s.typ != StringType && s.typ != AnsiType {
				values |= bit
				continue
			}
		}
		values |= bit
		shapes |= bit
	}
	return values, shapes
}
