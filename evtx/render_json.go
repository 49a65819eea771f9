package evtx

import "github.com/birthmark-dfir/birthmark/internal/wtf8"

// jsonForm is how a type is written in JSON.
type jsonForm uint8

const (
	jsonQuoted jsonForm = iota // as a scalar in quotes
	jsonText
	jsonUnsigned // as a number without a sign, if its size is right
	jsonNumber   // as a scalar without quotes, if its size is right
	jsonOther    // as none of these
)

var jsonForms = func() (all [256]jsonForm) {
	for t := range all {
		switch typ := ValueType(t); {
		case typ == StringType:
			all[t] = jsonText
		case typ == UInt8Type || typ == UInt16Type || typ == UInt32Type || typ == UInt64Type:
			all[t] = jsonUnsigned
		case bare(typ):
			all[t] = jsonNumber
		case typ&ArrayFlag != 0 || typ == BinXMLType || typ == AnsiType || typ == NullType:
			all[t] = jsonOther
		}
	}
	return all
}()

// jsonValue writes a value as JSON, or empty if the value is empty. It returns false
// for an array or elements.
func (r *renderer) jsonValue(out []byte, n int, s *slot, empty *padded) (int, bool) {
	switch jsonForms[s.typ] {
	case jsonText:
		b := r.words.from(s.at)
		if s.size < 2 || b[0]|b[1] == 0 {
			return empty.put(out, n), true
		}
		out[n] = '"'
		n = forJSON.putUTF16(out, n+1, b, int(s.size))
		out[n] = '"'
		return n + 1, true
	case jsonUnsigned:
		if s.size == uint16(sizes[s.typ]) {
			return putUint(out, n, r.words.number(s.at, s.size)), true
		}
	case jsonNumber:
		if s.size == uint16(sizes[s.typ]) {
			return putScalar(out, n, s.typ, r.c.data(*s)), true
		}
	case jsonOther:
		b := r.c.data(*s)
		if emptyValue(s.typ, b) {
			return empty.put(out, n), s.typ&ArrayFlag == 0
		}
		if s.typ == AnsiType {
			return len(appendJSONValue(out[:n], r.c.valueOf(*s))), true
		}
		return n, false
	}
	if s.size == 0 {
		return empty.put(out, n), true
	}
	out[n] = '"'
	n = putScalar(out, n+1, s.typ, r.c.data(*s))
	out[n] = '"'
	return n + 1, true
}

// list writes the elements of an array as a list. An array with only one element is
// written as a string.
func (r *renderer) list(out []byte, n int, s *slot) int {
	if s.typ == StringType|ArrayFlag {
		return r.strings(out, n, s)
	}
	v := r.c.valueOf(*s)
	items := v.Elements()
	dst := out[:n]
	if len(items) == 1 {
		return len(appendJSONValue(dst, v))
	}
	for i, item := range items {
		if i == 0 {
			dst = append(dst, '[')
		} else {
			dst = append(dst, ',')
		}
		if item.isEmpty() {
			dst = append(dst, `""`...)
		} else {
			dst = appendJSONValue(dst, item)
		}
	}
	return len(append(dst, ']'))
}

// strings is list for the array that most Data elements hold.
func (r *renderer) strings(out []byte, n int, s *slot) int {
	at, end := int(s.at), int(s.at)+int(s.size)
	size, next := r.c.cutString(at, end)
	single := next == end
	if !single {
		out[n] = '['
		n++
	}
	for {
		out[n] = '"'
		n = forJSON.putUTF16(out, n+1, r.words.from(uint32(at)), size)
		out[n] = '"'
		n++
		if at = next; at == end {
			break
		}
		out[n] = ','
		n++
		size, next = r.c.cutString(at, end)
	}
	if !single {
		out[n] = ']'
		n++
	}
	return n
}

// cutString returns the size of the UTF-16 text at [at, end) of the chunk up to its
// first NUL, and the offset of what follows that.
func (c *Chunk) cutString(at, end int) (size, next int) {
	size = len(wtf8.Trim(c.buf[at:end]))
	return size, min(at+size+2, end)
}

// complete reports whether an element has all its attributes, and its value if it has
// a place for one.
func (r *renderer) complete(o *op, slots []slot) bool {
	for i := range o.attrs {
		if n := o.attrs[i].slot; n != noSlot && !r.plain(slotAt(slots, n)) {
			return false
		}
	}
	return o.slot == noSlot || r.plain(slotAt(slots, o.slot))
}

// plain reports whether a value is one value that is not empty.
func (r *renderer) plain(s *slot) bool {
	return s.typ&ArrayFlag == 0 && s.typ != BinXMLType && !emptyValue(s.typ, r.c.data(*s))
}

// element writes an element with attributes and at most one value.
func (r *renderer) element(out []byte, n int, o *op, slots []slot) (_ int, ok bool) {
	start := o.lit.put(out, n)
	n = start + copy(out[start:], `{"#attributes":{`)
	none := n
	for i := range o.attrs {
		a := &o.attrs[i]
		v := slotAt(slots, a.slot)
		if a.slot != noSlot && emptyValue(v.typ, r.c.data(*v)) {
			continue
		}
		if n > none {
			out[n] = ','
			n++
		}
		n = a.lit.put(out, n)
		if a.slot != noSlot {
			if n, ok = r.jsonValue(out, n, v, &noText); !ok {
				return n, false
			}
		}
	}
	s := slotAt(slots, o.slot)
	if n == none {
		return r.jsonValue(out, start, s, &jsonNull)
	}
	out[n] = '}'
	n++
	if !emptyValue(s.typ, r.c.data(*s)) {
		n += copy(out[n:], `,"#text":`)
		if n, ok = r.jsonValue(out, n, s, &noText); !ok {
			return n, false
		}
	}
	out[n] = '}'
	return n + 1, true
}

var jsonNull, noText = pad([]byte("null")), padded(nil)
