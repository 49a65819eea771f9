package evtx

// xmlRenderer writes the records of a chunk as XML with programs.
type xmlRenderer struct{ c *Chunk }

// record appends the record whose binary XML is at [pos, end). It returns false if
// programs cannot write it.
func (r xmlRenderer) record(dst []byte, pos, end int) ([]byte, bool) {
	r.c.scratch = r.c.scratch[:0]
	t, slots := r.c.instance(pos, end, 0)
	if t == nil {
		return dst, false
	}
	p := t.xmlProgram(0)
	if p == nil {
		return dst, false
	}
	out, ok := r.run(dst, p, slots, 1)
	if !ok {
		return dst, false
	}
	return out, true
}

// run runs a program on the values of an instance and appends the result. It returns
// false if it cannot.
func (r xmlRenderer) run(out []byte, p *program, slots []slot, depth int) ([]byte, bool) {
	for i := 0; i < len(p.ops); i++ {
		o := &p.ops[i]
		var s slot
		if int(o.slot) < len(slots) {
			s = slots[o.slot]
		}
		ok := true
		switch o.kind {
		case opText:
			out = append(out, o.lit...)
		case opValue:
			out = append(out, o.lit...)
			if s.typ == BinXMLType && s.size > 0 {
				out = append(out, '\n')
				if out, ok = r.nested(out, s, int(o.level)+1, depth); ok {
					out = appendIndent(out, int(o.level))
				}
			} else {
				out, ok = r.value(out, s, forXML)
			}
		case opAttr:
			out = append(out, o.lit...)
			if !emptyValue(s.typ, r.c.data(s)) {
				out = append(out, o.second...)
				out, ok = r.value(out, s, forAttribute)
				out = append(out, '"')
			}
		case opItems:
			out, ok = r.items(out, s, o.lit, o.second)
		case opNested:
			out = append(out, o.lit...)
			if s.typ == BinXMLType && s.size > 0 {
				out, ok = r.nested(out, s, int(o.level), depth)
			} else {
				ok = emptyValue(s.typ, r.c.data(s))
			}
		case opSkip:
			if null(slots, o.slot) {
				i += int(o.skip)
			}
		case opEmpty:
			out = append(out, o.lit...)
			if allNull(slots, o.slots) {
				out = append(out, o.second...)
				i += int(o.skip)
			}
		}
		if !ok {
			return out, false
		}
	}
	return out, true
}

// value appends a value as text. It returns false for an array or elements.
func (r xmlRenderer) value(out []byte, s slot, escape escaper) ([]byte, bool) {
	b := r.c.data(s)
	switch {
	case s.typ == StringType:
		return escape.appendUTF16(out, b), true
	case s.typ&ArrayFlag != 0 || s.typ == BinXMLType:
		return out, len(b) == 0
	case s.typ == AnsiType:
		return escape.appendValue(out, Value{Type: s.typ, data: b, ansi: r.c.ansi}), true
	}
	return appendScalar(out, s.typ, b), true
}

// items appends a Data element, once for each element of an array.
func (r xmlRenderer) items(out []byte, s slot, open, end []byte) ([]byte, bool) {
	if s.typ == StringType|ArrayFlag {
		for text, rest := cutString(r.c.data(s)); ; text, rest = cutString(rest) {
			out = append(out, open...)
			out = forXML.appendUTF16(out, text)
			if out = append(out, end...); len(rest) == 0 {
				return out, true
			}
		}
	}
	if s.typ&ArrayFlag != 0 {
		for _, v := range r.c.valueOf(s).Elements() {
			out = append(out, open...)
			out = forXML.appendValue(out, v)
			out = append(out, end...)
		}
		return out, true
	}
	out = append(out, open...)
	out, ok := r.value(out, s, forXML)
	return append(out, end...), ok && s.typ != BinXMLType
}

// nested appends the elements of a BinXML value at a level.
func (r xmlRenderer) nested(out []byte, s slot, level, depth int) ([]byte, bool) {
	if depth >= maxDepth {
		return out, false
	}
	t, slots := r.c.instance(int(s.at), int(s.at)+int(s.size), depth)
	if t == nil {
		return out, false
	}
	p := t.xmlProgram(level)
	if p == nil {
		return out, false
	}
	return r.run(out, p, slots, depth+1)
}
