package evtx

import (
	"bytes"
	"math"
	"strconv"
	"unicode/utf8"
)

// AppendJSON appends the event as one line of JSON without a line end, value
// for value what Rust's evtx_dump -o jsonl prints: elements are members;
// attributes stand under "#attributes" and text beside them under "#text"; a
// Data element is named by its Name attribute; names that repeat get a suffix
// _1, _2, …
//
// Text that is no valid UTF-16 gets U+FFFD for the half of a pair. On an error,
// a *FormatError, dst is returned as it was.
func (r *Record) AppendJSON(dst []byte) ([]byte, error) {
	root, err := r.fragment()
	if err != nil {
		return dst, err
	}
	w := jsonWriter{walker: newWalker(r.chunk), out: dst}
	if err := w.object(root, root.nodes, nil); err != nil {
		return dst[:len(dst):len(dst)], r.damaged(err)
	}
	return w.out, nil
}

type jsonWriter struct {
	walker
	out []byte
}

// members tells the names of one object apart.
type members struct {
	names map[string]int
	first bool
}

// key appends a comma where one is due, and a name that is unique in m.
func (w *jsonWriter) key(m *members, name string) {
	if !m.first {
		w.out = append(w.out, ',')
	}
	m.first = false
	n := m.names[name]
	m.names[name] = n + 1
	if n > 0 {
		name += "_" + strconv.Itoa(n)
	}
	w.out = appendJSONString(w.out, name)
	w.out = append(w.out, ':')
}

func newMembers() *members { return &members{map[string]int{}, true} }

// object appends the elements among nodes as an object.
func (w *jsonWriter) object(f *fragment, nodes []node, m *members) error {
	own := m == nil
	if own {
		m = newMembers()
		w.out = append(w.out, '{')
	}
	var unnamed []place
	err := w.elements(f, nodes, func(f *fragment, n *node) error {
		if n.name == "Data" && len(n.attrs) == 0 && !f.omitted(n) {
			unnamed = append(unnamed, place{f, n})
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = w.elements(f, nodes, func(f *fragment, n *node) error {
		if len(unnamed) < 2 || n.name != "Data" || len(n.attrs) > 0 {
			return w.element(f, n, m)
		}
		if n == unnamed[0].n {
			return w.texts(unnamed, m)
		}
		return nil
	})
	if own {
		w.out = append(w.out, '}')
	}
	return err
}

// place is an element with the fragment whose values fill it.
type place struct {
	f *fragment
	n *node
}

// texts appends several Data elements without names as one list.
func (w *jsonWriter) texts(unnamed []place, m *members) error {
	w.key(m, "Data")
	w.out = append(w.out, `{"#text":[`...)
	for i, p := range unnamed {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		v, err := w.content(p.f, p.n.kids)
		if err != nil {
			return err
		}
		if v.IsNull() {
			v = StringValue("")
		}
		w.scalar(v)
	}
	w.out = append(w.out, "]}"...)
	return nil
}

func (w *jsonWriter) element(f *fragment, n *node, m *members) error {
	if f.omitted(n) {
		return nil
	}
	attrs, name, err := w.attributeValues(f, n)
	if err != nil {
		return err
	}
	w.key(m, name)
	children, err := w.hasElements(f, n.kids)
	if err != nil {
		return err
	}
	text, err := w.content(f, n.kids)
	if err != nil {
		return err
	}
	if text.Type == StringType && n.name != "Data" && text.String() == "" {
		text = Value{}
	}
	switch {
	case len(attrs) == 0 && !children:
		if text.Type&ArrayFlag != 0 && n.name == "Data" && name == "Data" {
			w.out = append(w.out, `{"#text":`...)
			w.scalar(text)
			w.out = append(w.out, '}')
			return nil
		}
		w.scalar(text)
		return nil
	case len(attrs) == 0:
		return w.object(f, n.kids, nil)
	}
	inner := newMembers()
	w.out = append(w.out, '{')
	w.key(inner, "#attributes")
	w.out = append(w.out, '{')
	names := newMembers()
	for _, a := range attrs {
		w.key(names, a.Name)
		w.scalar(a.Value)
	}
	w.out = append(w.out, '}')
	if children {
		err = w.object(f, n.kids, inner)
	} else if !text.IsNull() {
		w.key(inner, "#text")
		w.scalar(text)
	}
	w.out = append(w.out, '}')
	return err
}

// attributeValues returns the attributes that have a value, and the name of the
// member: the element's, or the Name attribute of a Data element, which then is
// no attribute any more.
func (w *jsonWriter) attributeValues(f *fragment, n *node) (attrs []Field, name string, err error) {
	name = n.name
	for i := range n.attrs {
		a := &n.attrs[i]
		v, err := w.content(f, a.kids)
		if err != nil {
			return nil, "", err
		}
		if n.name == "Data" && a.name == "Name" {
			name = v.String()
			return nil, name, nil
		}
		if v.String() != "" {
			attrs = append(attrs, Field{a.name, v})
		}
	}
	return attrs, name, nil
}

// hasElements reports whether there is an element among nodes that is not left
// out.
func (w *jsonWriter) hasElements(f *fragment, nodes []node) (found bool, err error) {
	err = w.elements(f, nodes, func(f *fragment, n *node) error {
		found = found || !f.omitted(n)
		return nil
	})
	return found, err
}

// scalar appends a value in its JSON type.
func (w *jsonWriter) scalar(v Value) {
	if v.text == nil && v.Type&ArrayFlag != 0 {
		elements := v.Elements()
		if len(elements) == 1 {
			w.scalar(elements[0])
			return
		}
		w.out = append(w.out, '[')
		for i, e := range elements {
			if i > 0 {
				w.out = append(w.out, ',')
			}
			w.scalar(e)
		}
		w.out = append(w.out, ']')
		return
	}
	if v.text == nil {
		switch v.Type {
		case NullType:
			w.out = append(w.out, "null"...)
			return
		case Int8Type, UInt8Type, Int16Type, UInt16Type, Int32Type, UInt32Type, Int64Type, UInt64Type:
			if len(v.data) == v.Type.fixedSize() {
				w.out = v.appendText(w.out)
				return
			}
		case BoolType:
			// Some providers write other numbers than 0 and 1.
			if n, ok := v.Uint64(); ok && n > 1 {
				w.out = strconv.AppendUint(w.out, n, 10)
				return
			}
			w.out = v.appendText(w.out)
			return
		case Real32Type, Real64Type:
			if f, ok := v.real(); ok {
				w.out = appendReal(w.out, f, 64)
				return
			}
		}
	}
	w.out = append(w.out, '"')
	start := len(w.out)
	w.out = v.appendText(w.out)
	w.out = escapeJSON(w.out, start)
	w.out = append(w.out, '"')
}

// real returns a finite floating-point number.
func (v Value) real() (float64, bool) {
	var f float64
	switch {
	case v.Type == Real32Type && len(v.data) == 4:
		f = float64(math.Float32frombits(le.Uint32(v.data)))
	case v.Type == Real64Type && len(v.data) == 8:
		f = math.Float64frombits(le.Uint64(v.data))
	default:
		return 0, false
	}
	return f, !math.IsNaN(f) && !math.IsInf(f, 0)
}

func appendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := len(dst)
	dst = append(dst, s...)
	dst = escapeJSON(dst, start)
	return append(dst, '"')
}

// escapeJSON escapes what stands in b from start on, in place where there is
// nothing to escape.
func escapeJSON(b []byte, start int) []byte {
	clean := start
	for clean < len(b) && b[clean] >= 0x20 && b[clean] != '"' && b[clean] != '\\' && b[clean] < utf8.RuneSelf {
		clean++
	}
	if clean == len(b) {
		return b
	}
	raw := bytes.Clone(b[clean:])
	b = b[:clean]
	const digits = "0123456789abcdef"
	for i := 0; i < len(raw); {
		c := raw[i]
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c == '\b':
			b = append(b, `\b`...)
		case c == '\f':
			b = append(b, `\f`...)
		case c < 0x20:
			b = append(b, `\u00`...)
			b = append(b, digits[c>>4], digits[c&15])
		case c < utf8.RuneSelf:
			b = append(b, c)
		default:
			r, n := utf8.DecodeRune(raw[i:])
			if r == utf8.RuneError && n == 1 && loneSurrogate(raw[i:]) {
				n = 3
			}
			b = utf8.AppendRune(b, r)
			i += n
			continue
		}
		i++
	}
	return b
}

// loneSurrogate reports whether b begins with the WTF-8 form of half a pair.
func loneSurrogate(b []byte) bool {
	return len(b) >= 3 && b[0] == 0xed && b[1] >= 0xa0 && b[1] <= 0xbf && b[2]&0xc0 == 0x80
}
