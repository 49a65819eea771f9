package evtx

import (
	"strings"
	"unicode/utf8"
)

// AppendXML appends the event as XML, indented by two blanks a level as Rust's
// evtx_dump -o xml prints it, without a declaration. Characters that XML does
// not allow become U+FFFD. On an error, a *FormatError, dst is returned as it
// was.
func (r *Record) AppendXML(dst []byte) ([]byte, error) {
	root, err := r.fragment()
	if err != nil {
		return dst, err
	}
	w := xmlWriter{walker: newWalker(r.chunk), out: dst}
	if err := w.nodes(root, root.nodes, 0); err != nil {
		return dst[:len(dst):len(dst)], r.damaged(err)
	}
	return w.out, nil
}

type xmlWriter struct {
	walker
	out []byte
}

func (w *xmlWriter) indent(level int) {
	for range level {
		w.out = append(w.out, "  "...)
	}
}

// nodes appends the elements among nodes, each on lines of its own.
func (w *xmlWriter) nodes(f *fragment, nodes []node, level int) error {
	return w.elements(f, nodes, func(f *fragment, n *node) error {
		if f.omitted(n) {
			return nil
		}
		return w.element(f, n, level)
	})
}

func (w *xmlWriter) element(f *fragment, n *node, level int) error {
	if v, ok := f.array(n); ok {
		// An array repeats its element.
		for _, e := range v.Elements() {
			if err := w.open(f, n, level); err != nil {
				return err
			}
			w.text(string(e.appendText(nil)))
			w.close(n)
		}
		return w.spend(len(v.data))
	}
	if err := w.open(f, n, level); err != nil {
		return err
	}
	if len(n.kids) == 0 {
		w.out[len(w.out)-1] = '/'
		w.out = append(w.out, ">\n"...)
		return nil
	}
	children := false
	err := w.elements(f, n.kids, func(f *fragment, n *node) error {
		children = true
		return nil
	})
	if err != nil {
		return err
	}
	if children {
		w.out = append(w.out, '\n')
		if err := w.nodes(f, n.kids, level+1); err != nil {
			return err
		}
		w.indent(level)
	} else {
		v, err := w.content(f, n.kids)
		if err != nil {
			return err
		}
		w.text(v.String())
	}
	w.close(n)
	return nil
}

// array returns the value of an element that holds nothing but an array.
func (f *fragment) array(n *node) (Value, bool) {
	if len(n.kids) != 1 || n.kids[0].kind != nodeSubstitution {
		return Value{}, false
	}
	v := f.value(n.kids[0].slot)
	return v, v.Type&ArrayFlag != 0
}

func (w *xmlWriter) open(f *fragment, n *node, level int) error {
	w.indent(level)
	w.out = append(w.out, '<')
	w.name(n.name)
	for i := range n.attrs {
		a := &n.attrs[i]
		v, err := w.content(f, a.kids)
		if err != nil {
			return err
		}
		if s := v.String(); s != "" {
			w.out = append(w.out, ' ')
			w.name(a.name)
			w.out = append(w.out, '=', '"')
			w.text(s)
			w.out = append(w.out, '"')
		}
	}
	w.out = append(w.out, '>')
	return nil
}

func (w *xmlWriter) close(n *node) {
	w.out = append(w.out, "</"...)
	w.name(n.name)
	w.out = append(w.out, ">\n"...)
}

// name appends a name with an underscore for whatever would end it early.
func (w *xmlWriter) name(s string) {
	w.out = append(w.out, strings.Map(func(r rune) rune {
		switch {
		case r <= ' ', r == '<', r == '>', r == '&', r == '"', r == '\'', r == '/', r == '=', !allowedInXML(r):
			return '_'
		}
		return r
	}, s)...)
}

func (w *xmlWriter) text(s string) {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '&':
			w.out = append(w.out, "&amp;"...)
		case r == '<':
			w.out = append(w.out, "&lt;"...)
		case r == '>':
			w.out = append(w.out, "&gt;"...)
		case r == '"':
			w.out = append(w.out, "&quot;"...)
		case r == '\'':
			w.out = append(w.out, "&apos;"...)
		case !allowedInXML(r):
			w.out = utf8.AppendRune(w.out, utf8.RuneError)
		default:
			w.out = utf8.AppendRune(w.out, r)
		}
		i += n
	}
}

// allowedInXML reports whether XML 1.0 has the character.
func allowedInXML(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000
}
