package evtx

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// AppendXML appends the event to dst as XML without a declaration, indented by two
// spaces per level as Rust's evtx_dump -o xml prints it. Characters that XML does not
// allow become underscores, as Windows writes them. An error is a *FormatError; dst
// is then returned unchanged. The capacity of dst behind its length may be written to.
func (r *Record) AppendXML(dst []byte) ([]byte, error) {
	if r.chunk != nil {
		if out, ok := (&renderer{c: r.chunk, xml: true}).record(dst, r.at+24, r.at+r.Size-4); ok {
			return out, nil
		}
	}
	root, err := r.fragment()
	if err != nil {
		return dst, err
	}
	w := xmlWriter{walker: newWalker(r.chunk), out: dst, start: len(dst)}
	err = w.elements(root, root.nodes, func(p place) error { return w.element(p, 0) })
	if err != nil {
		return dst[:len(dst):len(dst)], r.in(err)
	}
	return w.out, nil
}

// xmlWriter writes a tree of any shape. An xmlRenderer writes most records instead,
// and produces the same bytes.
type xmlWriter struct {
	walker
	out   []byte
	start int // of the record in out
}

// element appends an element on its own lines.
func (w *xmlWriter) element(p place, level int) error {
	if len(w.out)-w.start > maxUnfolded {
		return w.spend(maxUnfolded)
	}
	w.out = appendIndent(w.out, level)
	w.out = append(w.out, '<')
	w.out = append(w.out, xmlName(p.n.name)...)
	if err := w.attributeList(p); err != nil {
		return err
	}
	if p.n.closed {
		w.out = append(w.out, "/>\n"...)
		return nil
	}
	w.out = append(w.out, '>')
	kids, err := w.children(p)
	if err != nil {
		return err
	}
	text, err := w.content(p)
	if err != nil {
		return err
	}
	switch {
	case len(kids) > 0:
		w.out = append(w.out, '\n')
		if !text.isEmpty() {
			w.out = appendIndent(w.out, level+1)
			w.out = append(forXML.appendValue(w.out, text), '\n')
		}
		for _, k := range kids {
			if err := w.element(k, level+1); err != nil {
				return err
			}
		}
		w.out = appendIndent(w.out, level)
	default:
		w.out = forXML.appendValue(w.out, text)
		w.instructions(p)
	}
	w.out = append(w.out, "</"...)
	w.out = append(w.out, xmlName(p.n.name)...)
	w.out = append(w.out, ">\n"...)
	return nil
}

// attributeList appends the attributes that are not empty. In XML their names must
// differ.
func (w *xmlWriter) attributeList(p place) error {
	seen := map[string]int{}
	return w.attributes(p, func(name string, v Value) {
		if v.isEmpty() {
			return
		}
		name = xmlName(name)
		for n := seen[name]; n > 0; n = seen[name] {
			seen[name]++
			name += "_" + strconv.Itoa(n)
		}
		seen[name]++
		w.out = append(w.out, ' ')
		w.out = append(w.out, name...)
		w.out = append(w.out, '=', '"')
		w.out = append(forAttribute.appendValue(w.out, v), '"')
	})
}

// instructions appends the processing instructions of an element.
func (w *xmlWriter) instructions(p place) {
	for i := range p.n.kids {
		k := &p.n.kids[i]
		if k.kind != nodePI {
			continue
		}
		w.out = append(w.out, "<?"...)
		target := xmlName(k.name)
		if strings.EqualFold(target, "xml") {
			target = "_" + target // reserved
		}
		w.out = append(w.out, target...)
		if k.text != "" {
			w.out = appendInstruction(append(w.out, ' '), k.text)
		}
		w.out = append(w.out, "?>"...)
	}
}

func appendIndent(dst []byte, level int) []byte {
	for range level {
		dst = append(dst, "  "...)
	}
	return dst
}

func putIndent(out []byte, n, level int) int {
	for range level {
		out[n], out[n+1] = ' ', ' '
		n += 2
	}
	return n
}

// xmlName returns a name in which underscores replace the characters that XML does
// not allow there. A prefix may precede one colon.
func xmlName(s string) string {
	before, after, colon := strings.Cut(s, ":")
	if !isXMLName(before) || colon && !isXMLName(after) {
		var b strings.Builder
		for i, r := range s {
			if r == utf8.RuneError || !nameChar(r, i == 0) {
				r = '_'
			}
			b.WriteRune(r)
		}
		if b.Len() == 0 {
			return "_"
		}
		return b.String()
	}
	return s
}

func isXMLName(s string) bool {
	for i, r := range s {
		if !nameChar(r, i == 0) {
			return false
		}
	}
	return s != ""
}

// nameChar reports whether an XML name may have the character. In other scripts it
// accepts the letters that every edition of XML allows.
func nameChar(r rune, first bool) bool {
	switch {
	case r < 0x80:
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' ||
			!first && (r >= '0' && r <= '9' || r == '-' || r == '.')
	case r < 0x100:
		return r >= 0xc0 && r != '×' && r != '÷'
	}
	return r >= 'А' && r <= 'я' || r >= 0x3041 && r <= 0x3094 || r >= 0x30a1 && r <= 0x30fa || // Cyrillic, Kana
		r >= 0x4e00 && r <= 0x9fa5 || r >= 0xac00 && r <= 0xd7a3 // Han, Hangul
}
