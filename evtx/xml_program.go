package evtx

// xmlProgram returns the program of a template whose root is at a level, or nil if it
// cannot be compiled.
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
		c.items(slot, level)
		return
	}
	c.start(n, level)
	if dependent {
		// If no child is left, the element is written with nothing between its tags.
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

// items compiles a Data element, which is repeated for each element of an array.
func (c *xmlCompiler) items(slot uint16, level int) {
	open := func() {
		c.indent(level)
		c.lit("<Data>")
	}
	open()
	c.second(c.op(op{kind: opItems, slot: slot}), func() {
		c.lit("</Data>\n")
		open()
	})
	c.lit("</Data>\n")
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
