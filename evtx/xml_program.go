package evtx

// appendXML appends the record whose binary XML lies at [pos, end) by programs;
// false when they cannot do it.
func (c *Chunk) appendXML(dst []byte, pos, end int) ([]byte, bool) {
	c.scratch = c.scratch[:0]
	t, slots := c.instance(pos, end, 0)
	if t == nil {
		return dst, false
	}
	p := t.xmlProgram(0)
	if p == nil {
		return dst, false
	}
	out, ok := c.runXML(dst, p, slots, 1)
	if !ok {
		return dst, false
	}
	return out, true
}

// xmlProgram returns the program of a template whose root stands at a level, nil
// without one.
func (t *template) xmlProgram(level int) *program {
	if level >= maxLevel {
		return nil
	}
	t.xmlOnce.Do(func() {
		root := t.root()
		for level := range t.xml {
			if root != nil {
				c := xmlCompiler{compiler{escape: forXML, used: map[uint16]bool{}}}
				c.name = root.name
				c.element(root, level)
				t.xml[level] = c.finish()
			}
		}
	})
	return t.xml[level]
}

type xmlCompiler struct{ compiler }

func (c *xmlCompiler) indent(level int) { c.lits = appendIndent(c.lits, level) }

// element compiles an element; see xmlWriter.element for the rules.
func (c *xmlCompiler) element(n *node, level int) {
	c.failed = c.failed || xmlName(n.name) != n.name || len(c.lits) > maxLiterals
	if c.failed {
		return
	}
	guard := -1
	slots, dependent := allDepend(n)
	if dependent = dependent && len(n.kids) > 0; dependent {
		guard = c.op(op{kind: opEmpty, slot: noSlot, slots: slots})
	}
	slot, single := substitution(n.kids)
	if single && n.name == "Data" && len(n.attrs) == 0 {
		c.items(n, slot, level)
		return
	}
	c.start(n, level)
	if dependent {
		// The whole element, empty, is what stands for it when nothing is in it.
		c.failed = c.failed || len(c.ops) != guard+1
		c.second(guard, func() { c.lit("</" + n.name + ">\n") })
		c.start(n, level)
	}
	text, isText := literal(n.kids)
	switch {
	case n.closed:
		c.lits = append(c.lits[:len(c.lits)-1], "/>\n"...)
		return
	case single:
		c.op(op{kind: opValue, slot: slot, level: uint16(level)})
	case isText:
		c.text(text)
	default:
		c.lit("\n")
		c.children(n, level+1)
		c.indent(level)
	}
	c.lit("</" + n.name + ">\n")
	if guard >= 0 {
		c.skipTo(guard)
	}
}

// start compiles a start tag.
func (c *xmlCompiler) start(n *node, level int) {
	c.indent(level)
	c.lit("<" + n.name)
	seen := map[string]bool{}
	for i := range n.attrs {
		a := &n.attrs[i]
		c.failed = c.failed || seen[a.name] || xmlName(a.name) != a.name
		seen[a.name] = true
		open := " " + a.name + `="`
		if text, ok := literal(a.kids); ok {
			if text != "" {
				c.lit(open)
				c.lits = forAttribute.appendString(c.lits, text)
				c.lit(`"`)
			}
			continue
		}
		slot, ok := substitution(a.kids)
		c.failed = c.failed || !ok
		c.second(c.op(op{kind: opAttr, slot: slot}), func() { c.lit(open) })
	}
	c.lit(">")
}

// items compiles a Data element, which an array repeats.
func (c *xmlCompiler) items(n *node, slot uint16, level int) {
	c.flush()
	c.indent(level)
	c.lit("<Data>")
	c.second(c.op(op{kind: opItems, slot: slot}), func() { c.lit("</Data>\n") })
}

func (c *xmlCompiler) children(n *node, level int) {
	for i := range n.kids {
		k := &n.kids[i]
		switch {
		case k.kind == nodeSubstitution:
			c.op(op{kind: opNested, slot: k.slot, level: uint16(level)})
		case k.kind != nodeElement:
			c.failed = true
		case k.slot == noSlot:
			c.element(k, level)
		default:
			c.flush()
			i := len(c.ops)
			c.ops = append(c.ops, op{kind: opSkip, slot: k.slot})
			c.element(k, level)
			c.skipTo(i)
		}
	}
}

// runXML appends what a program makes of the values of an instance; false when it
// cannot.
func (c *Chunk) runXML(out []byte, p *program, slots []slot, depth int) ([]byte, bool) {
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
				if out, ok = c.xmlNested(out, s, int(o.level)+1, depth); ok {
					out = appendIndent(out, int(o.level))
				}
			} else {
				out, ok = c.xmlValue(out, s, forXML)
			}
		case opAttr:
			out = append(out, o.lit...)
			if !emptyValue(s.typ, c.data(s)) {
				out = append(out, o.second...)
				out, ok = c.xmlValue(out, s, forAttribute)
				out = append(out, '"')
			}
		case opItems:
			out, ok = c.xmlItems(out, s, o.lit, o.second)
		case opNested:
			out = append(out, o.lit...)
			if s.typ == BinXMLType && s.size > 0 {
				out, ok = c.xmlNested(out, s, int(o.level), depth)
			} else {
				ok = emptyValue(s.typ, c.data(s))
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

// xmlValue appends a value as text; false for an array or elements.
func (c *Chunk) xmlValue(out []byte, s slot, escape escaper) ([]byte, bool) {
	b := c.data(s)
	switch {
	case s.typ == StringType:
		return escape.appendUTF16(out, b), true
	case s.typ&ArrayFlag != 0 || s.typ == BinXMLType:
		return out, len(b) == 0
	case s.typ == AnsiType:
		return escape.appendValue(out, Value{Type: s.typ, data: b}), true
	}
	return appendScalar(out, s.typ, b), true
}

// xmlItems appends a Data element, once for each element of an array.
func (c *Chunk) xmlItems(out []byte, s slot, open, end []byte) ([]byte, bool) {
	if s.typ == StringType|ArrayFlag {
		for text, rest := cutString(c.data(s)); ; text, rest = cutString(rest) {
			out = append(out, open...)
			out = forXML.appendUTF16(out, text)
			if out = append(out, end...); len(rest) == 0 {
				return out, true
			}
		}
	}
	if s.typ&ArrayFlag != 0 {
		for _, v := range c.valueOf(s).Elements() {
			out = append(out, open...)
			out = forXML.appendValue(out, v)
			out = append(out, end...)
		}
		return out, true
	}
	out = append(out, open...)
	out, ok := c.xmlValue(out, s, forXML)
	return append(out, end...), ok && s.typ != BinXMLType
}

// xmlNested appends the elements of a BinXML value at a level.
func (c *Chunk) xmlNested(out []byte, s slot, level, depth int) ([]byte, bool) {
	if depth >= maxDepth {
		return out, false
	}
	t, slots := c.instance(int(s.at), int(s.at)+int(s.size), depth)
	if t == nil {
		return out, false
	}
	p := t.xmlProgram(level)
	if p == nil {
		return out, false
	}
	return c.runXML(out, p, slots, depth+1)
}
