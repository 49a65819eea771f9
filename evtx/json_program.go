package evtx

func appendKey(dst []byte, name string) []byte {
	dst = append(dst, '"')
	dst = forJSON.appendString(dst, name)
	return append(dst, '"')
}

// jsonProgram returns the program of a template, or nil if it cannot be compiled.
func (t *template) jsonProgram() *program {
	t.jsonOnce.Do(func() {
		root := t.root()
		if root == nil {
			return
		}
		c := jsonCompiler{compiler{escape: forJSON, used: map[uint16]bool{}}}
		c.name, c.program.key = root.name, pad(append(appendKey(nil, root.name), ':'))
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
		c.attributed(slot, attrs)
	case static:
		c.object(n, attrs, container)
	default:
		c.failed = true
	}
}

// attributed compiles an element that has attributes and at most one value. If none of
// them is empty, the operations that follow opElem write it.
func (c *jsonCompiler) attributed(slot uint16, attrs []attrOp) {
	key := string(c.lits)
	i := c.op(op{kind: opElem, slot: slot, attrs: attrs})
	c.lit(key + `{"#attributes":{`)
	for n, a := range attrs {
		if n > 0 {
			c.lit(",")
		}
		c.lit(string(a.lit))
		if c.use(a.slot) != noSlot {
			c.again(op{kind: opValue, slot: a.slot})
		}
	}
	c.lit("}")
	if slot != noSlot {
		c.lit(`,"#text":`)
		c.again(op{kind: opValue, slot: slot})
	}
	c.lit("}")
	c.skipTo(i)
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
		key := append(appendKey(nil, a.name), ':')
		if text, ok := literal(a.kids); ok {
			if text != "" {
				attrs = append(attrs, attrOp{pad(append(key, appendKey(nil, text)...)), noSlot})
			}
			continue
		}
		slot, ok := substitution(a.kids)
		c.failed = c.failed || !ok
		attrs = append(attrs, attrOp{pad(key), slot})
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
			c.lit(string(a.lit))
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

// objectState is what is known about an object while its members are compiled.
type objectState struct {
	names   map[string]bool
	some    bool // the object may have a member already
	certain bool // the object has a member already
	nested  bool // the object has a value that holds elements
}

// member compiles a member, after a guard if its element depends on a value.
func (c *jsonCompiler) member(n *node, m *objectState, name string, value func()) {
	c.failed = c.failed || m.names[name] || m.nested // the name may need a suffix
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

// nested compiles a value among elements, which holds elements or nothing.
func (c *jsonCompiler) nested(n, k *node, m *objectState) {
	c.failed = c.failed || m.nested || !m.certain // an object without a member is null, not {}
	m.nested = true
	var names []string
	for name := range m.names {
		names = append(names, name)
	}
	c.op(op{kind: opNested, slot: k.slot, names: names})
}
