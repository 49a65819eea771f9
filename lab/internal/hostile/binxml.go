package hostile

// binXML walks the binary XML in the records of a chunk. It notes the fields that it
// meets, and what each record needs from elsewhere in its chunk. It reads sound logs:
// if something is malformed, it stops, and the rest has no fields.
type binXML struct {
	chunk  []byte
	fields []field
	// definitions holds what an instance of a template definition needs, by the
	// offset of the definition.
	definitions map[int][]span
	noted       map[int]bool // offsets of fields; a definition inside a record is met twice
	needs       []span       // of the current record
	bad         bool
	depth       int
}

func newBinXML(chunk []byte) *binXML {
	return &binXML{chunk: chunk, definitions: map[int][]span{}, noted: map[int]bool{}}
}

// record notes the fields of a record and returns what it needs.
func (w *binXML) record(r span) []span {
	w.needs, w.bad, w.depth = nil, false, 0
	w.content(r.start+24, r.end-4, true)
	return w.needs
}

var (
	tokens = []uint64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xa, 0xb, 0xc, 0xd, 0xe, 0xf, 0x41, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4f, 0xff}
	types  = []uint64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xa, 0xb, 0xc, 0xd, 0xe, 0xf, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x20, 0x21, 0x23, 0x81, 0x84, 0x93, 0x94, 0x95, 0xa1, 0xff}
)

func (w *binXML) note(at, width int, kind string, values []uint64) {
	if !w.noted[at] {
		w.noted[at] = true
		w.fields = append(w.fields, field{at, width, kind, values})
	}
}

// get reads and notes a number. It returns the number and the offset after it.
func (w *binXML) get(at, end, width int, kind string, values []uint64) (int, int) {
	if w.bad || at < 0 || at+width > end || end > len(w.chunk) {
		w.bad = true
		return 0, at
	}
	w.note(at, width, kind, values)
	return int(uint32(number(w.chunk[at:], width))), at + width
}

// content walks tokens of binary XML up to the end. Start tags outside of template
// definitions are bare: they have no dependency identifier.
func (w *binXML) content(at, end int, bare bool) {
	if w.depth++; w.depth > 64 {
		w.bad = true
	}
	defer func() { w.depth-- }()
	for at < end && !w.bad {
		var token int
		token, at = w.get(at, end, 1, "token", tokens)
		switch token &^ 0x40 {
		case 0x00:
			return // padding may follow
		case 0x01:
			if !bare {
				_, at = w.get(at, end, 2, "dependency", nil)
			}
			_, at = w.get(at, end, 4, "element size", nil)
			at = w.name(at, end, "element name")
			if token&0x40 != 0 {
				_, at = w.get(at, end, 4, "size of the attributes", nil)
			}
		case 0x02, 0x03, 0x04:
		case 0x05:
			var typ int
			typ, at = w.get(at, end, 1, "literal type", types)
			if typ != 1 {
				w.bad = true
				return
			}
			at = w.text(at, end, "literal length")
		case 0x06:
			at = w.name(at, end, "attribute name")
		case 0x07:
			at = w.text(at, end, "CDATA length")
		case 0x08:
			_, at = w.get(at, end, 2, "character reference", nil)
		case 0x09:
			at = w.name(at, end, "entity name")
		case 0x0a:
			at = w.name(at, end, "target of an instruction")
		case 0x0b:
			at = w.text(at, end, "instruction length")
		case 0x0c:
			at = w.instance(at, end)
		case 0x0d, 0x0e:
			_, at = w.get(at, end, 2, "slot", nil)
			_, at = w.get(at, end, 1, "slot type", types)
		case 0x0f:
			_, at = w.get(at, end, 1, "fragment version", nil)
			at += 2
		default:
			w.bad = true
		}
	}
}

func (w *binXML) text(at, end int, kind string) int {
	n, at := w.get(at, end, 2, kind, nil)
	return at + 2*n
}

// name walks a reference to a name: next (4), hash (2), length (2), units, NUL.
// At the first reference to a name, the name itself follows.
func (w *binXML) name(at, end int, kind string) int {
	ref, at := w.get(at, end, 4, kind, nil)
	if w.bad || ref < 0 || ref+8 > len(w.chunk) {
		w.bad = true
		return at
	}
	size := 8 + 2*int(le.Uint16(w.chunk[ref+6:])) + 2
	w.needs = append(w.needs, span{ref, ref + size})
	if ref != at {
		return at
	}
	w.note(ref, 4, "next name", nil)
	w.note(ref+4, 2, "name hash", nil)
	w.note(ref+6, 2, "name length", nil)
	return ref + size
}

// instance walks a template instance: unknown (1), identifier (4), offset of
// the definition (4), the definition itself if that is its offset, values.
func (w *binXML) instance(at, end int) int {
	_, at = w.get(at, end, 1, "instance version", nil)
	_, at = w.get(at, end, 4, "template identifier", nil)
	def, at := w.get(at, end, 4, "template offset", nil)
	size := w.definition(def)
	if def == at {
		at += size
	}
	count, at := w.get(at, end, 4, "number of values", nil)
	if w.bad || count < 0 || count > (end-at)/4 {
		w.bad = true
		return at
	}
	descriptors := at
	at += 4 * count
	for i := range count {
		d := descriptors + 4*i
		n, _ := w.get(d, end, 2, "value size", nil)
		typ, _ := w.get(d+2, end, 1, "value type", types)
		if w.bad || n > end-at {
			w.bad = true
			return at
		}
		w.valueFields(at, n, typ)
		if typ == 0x21 {
			w.content(at, at+n, true)
			w.bad = false // the rest does not depend on this value
		}
		at += n
	}
	return at
}

// valueFields notes the bytes of a value that decoders interpret.
func (w *binXML) valueFields(at, n, typ int) {
	switch {
	case typ == 0x13 && n >= 8: // SID: revision, subauthorities
		w.note(at, 1, "SID revision", nil)
		w.note(at+1, 1, "SID subauthorities", nil)
	case typ == 0x11 && n >= 8:
		w.note(at, 8, "FILETIME", nil)
	case typ == 0x12 && n >= 16:
		w.note(at+2, 2, "month of a SYSTEMTIME", nil)
	case typ&0x80 != 0 && n >= 2:
		w.note(at+n-2, 2, "end of an array", nil)
	case typ == 1 && n >= 2:
		w.note(at+n/2&^1, 2, "UTF-16 unit", nil)
	}
}

// definition walks the template definition at an offset once: next (4),
// GUID (16), size of the body (4), body. It returns its size.
func (w *binXML) definition(def int) int {
	if w.bad || def < chunkHeader || def+24 > len(w.chunk) {
		w.bad = true
		return 0
	}
	size := 24 + int(le.Uint32(w.chunk[def+20:]))
	if size < 24 || size > len(w.chunk)-def {
		w.bad = true
		return 0
	}
	needs, ok := w.definitions[def]
	if !ok {
		w.definitions[def] = nil // ends the recursion if the definition contains an instance of itself
		w.note(def, 4, "next template", nil)
		w.note(def+4, 4, "template GUID", nil)
		w.note(def+20, 4, "template size", nil)
		outer := w.needs
		w.needs = []span{{def, def + size}}
		w.content(def+24, def+size, false)
		needs = w.needs
		w.needs = outer
		w.definitions[def] = needs
	}
	w.needs = append(w.needs, needs...)
	return size
}
