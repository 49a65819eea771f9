package evtx

import "slices"

// jsonRenderer writes the records of a chunk as JSON with programs.
type jsonRenderer struct{ c *Chunk }

// record appends the record whose binary XML is at [pos, end). It returns false if
// programs cannot write it.
func (r jsonRenderer) record(dst []byte, pos, end int) ([]byte, bool) {
	r.c.scratch = r.c.scratch[:0]
	t, slots := r.c.instance(pos, end, 0)
	if t == nil {
		return dst, false
	}
	p := t.jsonProgram()
	if p == nil {
		return dst, false
	}
	out := append(dst, '{')
	out = append(out, p.key...)
	out, ok := r.run(out, p, slots, 1)
	if !ok {
		return dst, false
	}
	return append(out, '}'), true
}

// run runs a program on the values of an instance and appends the result. It returns
// false if it cannot.
func (r jsonRenderer) run(out []byte, p *program, slots []slot, depth int) ([]byte, bool) {
	for i := 0; i < len(p.ops); i++ {
		o := &p.ops[i]
		var s slot
		if int(o.slot) < len(slots) {
			s = slots[o.slot]
		}
		ok := true
		switch o.kind {
		case opText:
			if o.comma && out[len(out)-1] != '{' {
				out = append(out, ',')
			}
			out = append(out, o.lit...)
		case opValue:
			out = append(out, o.lit...)
			if s.typ == BinXMLType && s.size > 0 {
				out, ok = r.nested(append(out, '{'), o, s, depth)
				out = append(out, '}')
			} else {
				out, ok = r.value(out, s, o.second)
			}
		case opItems:
			out = append(out, o.lit...)
			if s.typ&ArrayFlag != 0 {
				out = r.items(out, s)
			} else {
				out, ok = r.value(out, s, o.second)
			}
		case opElem:
			out = append(out, o.lit...)
			out, ok = r.element(out, o, s, slots)
		case opNested:
			out = append(out, o.lit...)
			out, ok = r.nested(out, o, s, depth)
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

// value appends a value as JSON, or empty if the value is empty. It returns false for
// an array or elements.
func (r jsonRenderer) value(out []byte, s slot, empty []byte) ([]byte, bool) {
	b := r.c.data(s)
	switch t := s.typ; {
	case t == StringType:
		if emptyValue(t, b) {
			return append(out, empty...), true
		}
		out = append(out, '"')
		out = forJSON.appendUTF16(out, b)
		return append(out, '"'), true
	case bare(t) && len(b) == int(sizes[t]):
		return appendScalar(out, t, b), true
	case emptyValue(t, b):
		return append(out, empty...), t&ArrayFlag == 0
	case t&ArrayFlag != 0 || t == BinXMLType:
		return out, false
	case t == AnsiType:
		return appendJSONValue(out, Value{Type: t, data: b, ansi: r.c.ansi}), true
	default:
		out = append(out, '"')
		out = appendScalar(out, t, b)
		return append(out, '"'), true
	}
}

// items appends the elements of an array as a list. An array with only one element is
// appended as a string.
func (r jsonRenderer) items(out []byte, s slot) []byte {
	if s.typ == StringType|ArrayFlag {
		return r.strings(out, r.c.data(s))
	}
	v := r.c.valueOf(s)
	items := v.Elements()
	if len(items) == 1 {
		return appendJSONValue(out, v)
	}
	for i, item := range items {
		if i == 0 {
			out = append(out, '[')
		} else {
			out = append(out, ',')
		}
		if item.isEmpty() {
			out = append(out, `""`...)
		} else {
			out = appendJSONValue(out, item)
		}
	}
	return append(out, ']')
}

// strings is items for the array that most Data elements hold.
func (r jsonRenderer) strings(out, b []byte) []byte {
	first, rest := cutString(b)
	if len(rest) > 0 {
		out = append(out, '[')
	}
	out = append(forJSON.appendUTF16(append(out, '"'), first), '"')
	if len(rest) == 0 {
		return out
	}
	for len(rest) > 0 {
		first, rest = cutString(rest)
		out = append(forJSON.appendUTF16(append(out, ',', '"'), first), '"')
	}
	return append(out, ']')
}

// element appends an element with attributes and at most one value.
func (r jsonRenderer) element(out []byte, o *op, s slot, slots []slot) ([]byte, bool) {
	start := len(out)
	out = append(out, `{"#attributes":{`...)
	none := len(out)
	for i := range o.attrs {
		a := &o.attrs[i]
		before := len(out)
		if before > none {
			out = append(out, ',')
		}
		out = append(out, a.lit...)
		if a.slot == noSlot {
			continue
		}
		var v slot
		if int(a.slot) < len(slots) {
			v = slots[a.slot]
		}
		if emptyValue(v.typ, r.c.data(v)) {
			out = out[:before]
			continue
		}
		var ok bool
		if out, ok = r.value(out, v, nil); !ok {
			return out, false
		}
	}
	if len(out) == none {
		return r.value(out[:start], s, []byte("null"))
	}
	out = append(out, '}')
	if !emptyValue(s.typ, r.c.data(s)) {
		out = append(out, `,"#text":`...)
		var ok bool
		if out, ok = r.value(out, s, nil); !ok {
			return out, false
		}
	}
	return append(out, '}'), true
}

// nested appends the element of a BinXML value as a member.
func (r jsonRenderer) nested(out []byte, o *op, s slot, depth int) ([]byte, bool) {
	if s.typ != BinXMLType || s.size == 0 {
		return out, emptyValue(s.typ, r.c.data(s)) && s.typ&ArrayFlag == 0
	}
	if depth >= maxDepth {
		return out, false
	}
	t, slots := r.c.instance(int(s.at), int(s.at)+int(s.size), depth)
	if t == nil {
		return out, false
	}
	p := t.jsonProgram()
	if p == nil {
		return out, false
	}
	if slices.Contains(o.names, p.name) || p.name == "Data" { // it may need a suffix, or have a name
		return out, false
	}
	if out[len(out)-1] != '{' {
		out = append(out, ',')
	}
	out = append(out, p.key...)
	return r.run(out, p, slots, depth+1)
}
