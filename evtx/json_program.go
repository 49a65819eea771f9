package evtx

import "slices"

// appendJSON appends the record whose binary XML lies at [pos, end) by programs;
// false when they cannot do it.
func (c *Chunk) appendJSON(dst []byte, pos, end int) ([]byte, bool) {
	c.scratch = c.scratch[:0]
	t, slots := c.instance(pos, end, 0)
	if t == nil {
		return dst, false
	}
	p := t.jsonProgram()
	if p == nil {
		return dst, false
	}
	out := append(dst, '{')
	out = append(out, p.key...)
	out, ok := c.runJSON(out, p, slots, 1)
	if !ok {
		return dst, false
	}
	return append(out, '}'), true
}

func appendKey(dst []byte, name string) []byte {
	dst = append(dst, '"')
	dst = forJSON.appendString(dst, name)
	return append(dst, '"')
}

// jsonProgram returns the program of a template, nil without one.
func (t *template) jsonProgram() *program {
	t.jsonOnce.Do(func() {
		root := t.root()
		if root == nil {
			return
		}
		c := jsonCompiler{compiler{escape: forJSON, used: map[uint16]bool{}}}
		c.name, c.program.key = root.name, append(appendKey(nil, root.name), ':')
		c.element(root, root.name == "EventData" || root.name == "UserData")
		t.json = c.finish()
	})
	return t.json
}

type jsonCompiler struct{ compiler }

func (c *jsonCompiler) key(name string) {
	c.lits = append(appendKey(c.lits, name), ':')
}

// element compiles the value of an element; see jsonWriter.element for the rules.
func (c *jsonCompiler) element(n *node, container bool) {
	attrs, static := c.attributes(n)
	slot, single := substitution(n.kids)
	text, isText := literal(n.kids)
	switch {
	case len(attrs) == 0 && single:
		c.second(c.op(op{kind: opValue, slot: slot}), func() { c.lit("null") })
	case len(attrs) == 0 && isText:
		if text == "" {
			c.lit("null")
		} else {
			c.lit(`"`)
			c.text(text)
			c.lit(`"`)
		}
	case single || len(n.kids) == 0:
		c.op(op{kind: opElem, slot: slot, attrs: attrs})
		for _, a := range attrs {
			c.use(a.slot)
		}
	case static:
		c.object(n, attrs, container)
	default:
		c.failed = true
	}
}

// attributes returns the attributes that may have a value, and whether they are
// all literal.
func (c *jsonCompiler) attributes(n *node) (attrs []attrOp, static bool) {
	static = true
	seen := map[string]bool{}
	for i := range n.attrs {
		a := &n.attrs[i]
		c.failed = c.failed || seen[a.name]
		seen[a.name] = true
		key := string(append(appendKey(nil, a.name), ':'))
		if text, ok := literal(a.kids); ok {
			if text != "" {
				attrs = append(attrs, attrOp{key + string(appendKey(nil, text)), noSlot})
			}
			continue
		}
		slot, ok := substitution(a.kids)
		c.failed = c.failed || !ok
		attrs = append(attrs, attrOp{key, slot})
		static = false
	}
	return attrs, static
}

// object compiles an element that holds elements.
func (c *jsonCompiler) object(n *node, attrs []attrOp, container bool) {
	guard := -1
	if slots, ok := allDepend(n); ok && len(attrs) == 0 {
		guard = c.op(op{kind: opEmpty, slot: noSlot, slots: slots})
		c.second(guard, func() { c.lit("null") })
	}
	c.lit("{")
	m := objectState{names: map[string]bool{}}
	if len(attrs) > 0 {
		c.lit(`"#attributes":{`)
		for i, a := range attrs {
			if i > 0 {
				c.lit(",")
			}
			c.lit(a.lit)
		}
		c.lit("}")
		m.certain = true
		m.names["#attributes"] = true
	}
	unnamed := 0
	for i := range n.kids {
		k := &n.kids[i]
		switch {
		case k.kind == nodeSubstitution:
			c.nested(n, k, &m)
		case k.kind != nodeElement:
			c.failed = true
		case container && k.name == "Data":
			if c.data(k, &m) {
				unnamed++
			}
		default:
			c.member(k, &m, k.name, func() { c.element(k, k.name == "EventData" || k.name == "UserData") })
		}
	}
	c.failed = c.failed || unnamed > 1
	c.lit("}")
	if guard >= 0 {
		c.skipTo(guard)
	}
}

// objectState is what is known of an object while its members are compiled.
type objectState struct {
	names   map[string]bool
	some    bool // there may be a member already
	certain bool // there is one
	nested  bool // there is a value that holds elements
}

// member compiles a member, behind a guard where its element depends on a value.
func (c *jsonCompiler) member(n *node, m *objectState, name string, value func()) {
	c.failed = c.failed || m.names[name] || m.nested // a suffix may be due
	m.names[name] = true
	if n.slot == noSlot {
		if m.some && !m.certain {
			c.flush()
			c.ops = append(c.ops, op{kind: opText, slot: noSlot, comma: true})
		} else if m.certain {
			c.lit(",")
		}
		m.some, m.certain = true, true
		c.key(name)
		value()
		return
	}
	c.flush()
	i := len(c.ops)
	c.ops = append(c.ops, op{kind: opSkip, slot: n.slot})
	if m.some && !m.certain {
		c.ops = append(c.ops, op{kind: opText, slot: noSlot, comma: true})
	} else if m.certain {
		c.lit(",")
	}
	m.some = true
	c.key(name)
	value()
	c.skipTo(i)
}

// data compiles a Data element of a container and reports whether it has no name.
func (c *jsonCompiler) data(n *node, m *objectState) (unnamed bool) {
	name := ""
	for i := range n.attrs {
		if n.attrs[i].name == "Name" {
			text, ok := literal(n.attrs[i].kids)
			c.failed = c.failed || !ok
			name = text
			break
		}
	}
	content := func() {
		slot, single := substitution(n.kids)
		text, isText := literal(n.kids)
		switch {
		case single:
			c.second(c.op(op{kind: opItems, slot: slot}), func() { c.lit(`""`) })
		case isText:
			c.lit(`"`)
			c.text(text)
			c.lit(`"`)
		default:
			c.failed = true
		}
	}
	if name != "" {
		c.member(n, m, name, content)
		return false
	}
	c.member(n, m, "Data", func() {
		c.lit(`{"#text":`)
		content()
		c.lit("}")
	})
	return true
}

// nested compiles a value among elements: it holds elements, or nothing.
func (c *jsonCompiler) nested(n, k *node, m *objectState) {
	c.failed = c.failed || m.nested || !m.certain // without a member it is null, not {}
	m.nested = true
	var names []string
	for name := range m.names {
		names = append(names, name)
	}
	c.op(op{kind: opNested, slot: k.slot, names: names})
}

// runJSON appends what a program makes of the values of an instance; false when
// it cannot.
func (c *Chunk) runJSON(out []byte, p *program, slots []slot, depth int) ([]byte, bool) {
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
				out, ok = c.jsonNested(append(out, '{'), o, s, depth)
				out = append(out, '}')
			} else {
				out, ok = c.jsonValue(out, s, o.second)
			}
		case opItems:
			out = append(out, o.lit...)
			if s.typ&ArrayFlag != 0 {
				out = c.jsonItems(out, s)
			} else {
				out, ok = c.jsonValue(out, s, o.second)
			}
		case opElem:
			out = append(out, o.lit...)
			out, ok = c.jsonElem(out, o, s, slots)
		case opNested:
			out = append(out, o.lit...)
			out, ok = c.jsonNested(out, o, s, depth)
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

// jsonValue appends a value as JSON, or what stands for an empty one; false for
// an array or elements.
func (c *Chunk) jsonValue(out []byte, s slot, empty []byte) ([]byte, bool) {
	b := c.data(s)
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
		return appendJSONValue(out, Value{Type: t, data: b}), true
	default:
		out = append(out, '"')
		out = appendScalar(out, t, b)
		return append(out, '"'), true
	}
}

// jsonItems appends the elements of an array, as a list unless there is just one,
// which is a string.
func (c *Chunk) jsonItems(out []byte, s slot) []byte {
	if s.typ == StringType|ArrayFlag {
		return c.jsonStrings(out, c.data(s))
	}
	v := c.valueOf(s)
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

// jsonStrings is jsonItems for the array that most Data elements hold.
func (c *Chunk) jsonStrings(out, b []byte) []byte {
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

// jsonElem appends an element with attributes and at most one value.
func (c *Chunk) jsonElem(out []byte, o *op, s slot, slots []slot) ([]byte, bool) {
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
		if emptyValue(v.typ, c.data(v)) {
			out = out[:before]
			continue
		}
		var ok bool
		if out, ok = c.jsonValue(out, v, nil); !ok {
			return out, false
		}
	}
	if len(out) == none {
		return c.jsonValue(out[:start], s, []byte("null"))
	}
	out = append(out, '}')
	if !emptyValue(s.typ, c.data(s)) {
		out = append(out, `,"#text":`...)
		var ok bool
		if out, ok = c.jsonValue(out, s, nil); !ok {
			return out, false
		}
	}
	return append(out, '}'), true
}

// jsonNested appends the element of a BinXML value as a member.
func (c *Chunk) jsonNested(out []byte, o *op, s slot, depth int) ([]byte, bool) {
	if s.typ != BinXMLType || s.size == 0 {
		return out, emptyValue(s.typ, c.data(s)) && s.typ&ArrayFlag == 0
	}
	if depth >= maxDepth {
		return out, false
	}
	t, slots := c.instance(int(s.at), int(s.at)+int(s.size), depth)
	if t == nil {
		return out, false
	}
	p := t.jsonProgram()
	if p == nil {
		return out, false
	}
	if slices.Contains(o.names, p.name) || p.name == "Data" { // which may need a suffix, or be named
		return out, false
	}
	if out[len(out)-1] != '{' {
		out = append(out, ',')
	}
	out = append(out, p.key...)
	return c.runJSON(out, p, slots, depth+1)
}
