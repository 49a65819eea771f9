package evtx

// xmlValue writes a value as text. It returns false for an array or elements.
func (r *renderer) xmlValue(out []byte, n int, s *slot, escape escaper) (int, bool) {
	switch {
	case s.typ == StringType:
		return escape.putUTF16(out, n, r.words.from(s.at), int(s.size)), true
	case s.typ&ArrayFlag != 0 || s.typ == BinXMLType:
		return n, s.size == 0
	case s.typ == AnsiType:
		return len(escape.appendValue(out[:n], r.c.valueOf(*s))), true
	}
	return putScalar(out, n, s.typ, r.c.data(*s)), true
}

// repeat writes the elements of an array, with what is between two Data elements
// between them. It makes its own room.
func (r *renderer) repeat(out []byte, n int, between padded, s *slot) ([]byte, int) {
	if s.typ != StringType|ArrayFlag {
		for i, v := range r.c.valueOf(*s).Elements() {
			out = room(out, n, cap(between)+scalarRoom+valueGrowth*len(v.data))
			if i > 0 {
				n = between.put(out, n)
			}
			n = len(forXML.appendValue(out[:n], v))
		}
		return out, n
	}
	for at, end := int(s.at), int(s.at)+int(s.size); ; {
		size, next := r.c.cutString(at, end)
		out = room(out, n, cap(between)+scalarRoom+valueGrowth*size)
		n = forXML.putUTF16(out, n, r.words.from(uint32(at)), size)
		if at = next; at == end {
			return out, n
		}
		n = between.put(out, n)
	}
}
