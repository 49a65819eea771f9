package evtx

import "slices"

// renderer writes the records of a chunk with programs.
type renderer struct {
	c     *Chunk
	words *words // of the chunk
	xml   bool   // else JSON
}

// writing is a program, and the instance that it is to write.
type writing struct {
	*program
	last  *lastText // of the template
	slots []slot
	size  int // of the instance in bytes
	depth int
}

// record appends the record whose binary XML is at [pos, end). It returns false if
// programs cannot write it.
func (r *renderer) record(dst []byte, pos, end int) ([]byte, bool) {
	if r.words = r.c.asWords(); r.words == nil || r.c.recovery != nil {
		return dst, false
	}
	r.c.scratch = r.c.scratch[:0]
	var w writing
	if !r.open(&w, pos, end, 0, 0) {
		return dst, false
	}
	out, n, ok := r.member(dst[:cap(dst)], len(dst), &w, '{')
	if !ok {
		return dst, false
	}
	if !r.xml {
		out[n] = '}'
		n++
	}
	return out[:n], true
}

// open sets w to the instance at [pos, end) of the chunk, and its program. It returns
// false if there is none.
func (r *renderer) open(w *writing, pos, end, level, depth int) bool {
	w.size, w.depth = end-pos, depth+1
	if pos = r.c.instanceAt(pos, end); pos < 0 {
		return false
	}
	id, at := le.Uint32(r.c.buf[pos+2:]), le.Uint32(r.c.buf[pos+6:])
	w.last = r.c.textOf(at, depth)
	t := w.last.template
	if pos += 10; int64(at) == int64(pos) {
		pos += t.size
	}
	if t.err != nil || uint32(r.words.word(at+4)) != id {
		return false
	}
	if r.xml {
		w.program = t.xmlProgram(level)
	} else {
		w.program = t.jsonProgram()
	}
	if w.program == nil {
		return false
	}
	var ok bool
	w.slots, ok = r.c.values(r.words, pos, end)
	return ok
}

// run runs a program. It writes at out[n:] and returns the end of what it wrote. It
// returns false if it cannot. It needs, and leaves, the room of the program.
func (r *renderer) run(out []byte, n int, w *writing) ([]byte, int, bool) {
	last, base := w.last, n
	out, n, i, ok := r.update(out, n, w, last)
	if !last.pays() {
		last = nil
	}
	for ; ok && i < len(w.ops); i++ {
		o, at, start, skips := &w.ops[i], i, n, false
		switch o.kind {
		case opText:
			if o.comma && out[n-1] != '{' {
				out[n] = ','
				n++
			}
			n = o.lit.put(out, n)
			continue
		case opSkip, opEmpty, opElem:
			if skips = r.skips(o, w.slots); skips {
				i += int(o.skip)
			}
			switch {
			case o.kind == opEmpty:
				n = o.lit.put(out, n)
				if skips {
					n = o.second.put(out, n)
				}
			case o.kind == opElem && skips:
				n, ok = r.element(out, n, o, w.slots)
			}
		default:
			s := slotAt(w.slots, o.slot)
			n = o.lit.put(out, n)
			if o.nests(s) {
				if last != nil { // what is nested may use the same template
					last.finish(w, out[base:start], i)
					last = nil
				}
				out, n, ok = r.nested(out, n, o, s, w)
			} else {
				out, n, ok = r.value(out, n, o, s, w)
			}
		}
		if last != nil {
			last.add(o, at, skips, !r.xml, start-base, n-base)
		}
	}
	if ok && last != nil {
		last.finish(w, out[base:n], len(w.ops))
	}
	return out, n, ok
}

// skips returns the decision of an operation: whether it skips others.
func (r *renderer) skips(o *op, slots []slot) bool {
	switch o.kind {
	case opSkip:
		return null(slots, o.slot)
	case opEmpty:
		return allNull(slots, o.slots)
	}
	return !r.complete(o, slots)
}

// nests reports whether the operation writes elements that its value holds.
func (o *op) nests(s *slot) bool {
	return o.kind == opNested || o.kind == opValue && s.typ == BinXMLType && s.size > 0
}

// value writes the value of an operation that does not nest.
func (r *renderer) value(out []byte, n int, o *op, s *slot, w *writing) (_ []byte, _ int, ok bool) {
	switch {
	case o.kind == opItems && s.typ&ArrayFlag != 0:
		if !r.xml {
			return out, r.list(out, n, s), true
		}
		out, n = r.repeat(out, n, o.second, s)
		return room(out, n, w.roomFor(w.size)), n, true
	case !r.xml:
		n, ok = r.jsonValue(out, n, s, &o.second)
	case o.kind != opAttr:
		n, ok = r.xmlValue(out, n, s, forXML)
		ok = ok && (o.kind != opItems || s.typ != BinXMLType)
	case !emptyValue(s.typ, r.c.data(*s)):
		n, ok = r.xmlValue(out, o.second.put(out, n), s, forAttribute)
		out[n] = '"'
		n++
	default:
		ok = true
	}
	return out, n, ok
}

// nested writes the elements that the value of an operation holds.
func (r *renderer) nested(out []byte, n int, o *op, s *slot, outer *writing) ([]byte, int, bool) {
	if s.typ != BinXMLType || s.size == 0 {
		return out, n, emptyValue(s.typ, r.c.data(*s)) && (r.xml || s.typ&ArrayFlag == 0)
	}
	if outer.depth >= maxDepth {
		return out, n, false
	}
	level, first, whole := int(o.level), byte(','), o.kind == opValue
	if whole {
		level, first = level+1, '{'
	} else if out[n-1] == '{' {
		first = 0
	}
	var w writing
	if !r.open(&w, int(s.at), int(s.at)+int(s.size), level, outer.depth) || slices.Contains(o.names, w.name) || !r.xml && w.name == "Data" { // it may need a suffix, or have a name
		return out, n, false
	}
	if r.xml && whole {
		out[n] = '\n'
		n++
	}
	out, n, ok := r.member(out, n, &w, first)
	out = room(out, n, outer.roomFor(outer.size))
	switch {
	case !whole:
	case r.xml:
		n = putIndent(out, n, level-1)
	default:
		out[n] = '}'
		n++
	}
	return out, n, ok
}

// member runs a program. In JSON, it first writes a character and the name of the root
// element.
func (r *renderer) member(out []byte, n int, w *writing, first byte) ([]byte, int, bool) {
	out = room(out, n, w.roomFor(w.size))
	if !r.xml {
		if first != 0 {
			out[n] = first
			n++
		}
		n = w.key.put(out, n)
	}
	return r.run(out, n, w)
}
