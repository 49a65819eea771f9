package evtx

import (
	"strconv"
)

// AppendJSON appends the event to dst as one line of JSON, without a newline. The
// values are those that Rust's evtx_dump -o jsonl prints: elements are members;
// attributes are under "#attributes", and text beside them is under "#text"; Data
// elements below EventData and UserData are named by their Name attribute, or are a
// list under "Data" if none has one; names that repeat get a suffix _1, _2, …
//
// In text that is not valid UTF-16, half of a pair becomes U+FFFD. An error is a
// *FormatError; dst is then returned unchanged. The capacity of dst behind its length
// may be written to.
func (r *Record) AppendJSON(dst []byte) ([]byte, error) {
	if r.chunk != nil {
		if out, ok := (&renderer{c: r.chunk}).record(dst, r.at+24, r.at+r.Size-4); ok {
			return out, nil
		}
	}
	root, err := r.fragment()
	if err != nil {
		return dst, err
	}
	w := jsonWriter{walker: newWalker(r.chunk), out: dst, start: len(dst)}
	if err := w.document(root); err != nil {
		return dst[:len(dst):len(dst)], r.in(err)
	}
	return w.out, nil
}

// jsonWriter writes a tree of any shape. A jsonRenderer writes most records instead,
// and produces the same bytes.
type jsonWriter struct {
	walker
	out   []byte
	start int // of the record in out
}

// members keeps the names of one object unique.
type members struct {
	names map[string]int
	first bool
}

func newMembers() *members { return &members{map[string]int{}, true} }

// key appends a comma if one is needed, and a name that is unique in m.
func (w *jsonWriter) key(m *members, name string) error {
	if !m.first {
		w.out = append(w.out, ',')
	}
	m.first = false
	n := m.names[name]
	m.names[name] = n + 1
	w.out = append(w.out, '"')
	w.out = forJSON.appendString(w.out, name)
	for ; n > 0; n++ {
		suffixed := name + "_" + strconv.Itoa(n)
		if m.names[suffixed] > 0 {
			continue // an element already has that name
		}
		m.names[name], m.names[suffixed] = n+1, 1
		w.out = append(w.out, '_')
		w.out = strconv.AppendInt(w.out, int64(n), 10)
		break
	}
	w.out = append(w.out, '"', ':')
	if len(w.out)-w.start > maxUnfolded {
		return w.spend(maxUnfolded)
	}
	return nil
}

// document appends the elements of a record as an object.
func (w *jsonWriter) document(f *fragment) error {
	m := newMembers()
	w.out = append(w.out, '{')
	err := w.elements(f, f.nodes, func(p place) error { return w.member(m, p) })
	w.out = append(w.out, '}')
	return err
}

func (w *jsonWriter) member(m *members, p place) error {
	if err := w.key(m, p.n.name); err != nil {
		return err
	}
	return w.element(p, p.n.name == "EventData" || p.n.name == "UserData")
}

// element appends the value of an element. A container holds the data of an event, in
// Data elements with names.
func (w *jsonWriter) element(p place, container bool) error {
	var attrs []Field
	err := w.attributes(p, func(name string, v Value) {
		if !v.isEmpty() {
			attrs = append(attrs, Field{Name: name, Value: v})
		}
	})
	if err != nil {
		return err
	}
	return w.body(p, attrs, container, "null")
}

// body appends the value of an element: its text if there is nothing else, otherwise
// an object. If there is nothing at all, it appends empty.
func (w *jsonWriter) body(p place, attrs []Field, container bool, empty string) error {
	kids, err := w.children(p)
	if err != nil {
		return err
	}
	text, err := w.content(p)
	if err != nil {
		return err
	}
	if len(attrs) == 0 && len(kids) == 0 {
		if text.isEmpty() {
			w.out = append(w.out, empty...)
		} else {
			w.out = appendJSONValue(w.out, text)
		}
		return nil
	}
	m := newMembers()
	w.out = append(w.out, '{')
	if len(attrs) > 0 {
		if err := w.key(m, "#attributes"); err != nil {
			return err
		}
		w.out = append(w.out, '{')
		names := newMembers()
		for _, a := range attrs {
			if err := w.key(names, a.Name); err != nil {
				return err
			}
			w.out = appendJSONValue(w.out, a.Value)
		}
		w.out = append(w.out, '}')
	}
	if !text.isEmpty() {
		if err := w.key(m, "#text"); err != nil {
			return err
		}
		w.out = appendJSONValue(w.out, text)
	}
	if container {
		err = w.data(m, kids)
	} else {
		for _, k := range kids {
			if err = w.member(m, k); err != nil {
				break
			}
		}
	}
	w.out = append(w.out, '}')
	return err
}

// data appends the elements of a container. Data elements are members under their
// names; neighbors with the same name are a list. Those without a name are a list
// under "Data".
func (w *jsonWriter) data(m *members, kids []place) error {
	names := make([]string, len(kids))
	var unnamed []place
	for i, k := range kids {
		if k.n.name != "Data" {
			continue
		}
		v, err := w.attribute(k, "Name")
		if err != nil {
			return err
		}
		if names[i] = v.String(); names[i] == "" {
			unnamed = append(unnamed, k)
		}
	}
	for i := 0; i < len(kids); i++ {
		var err error
		switch {
		case kids[i].n.name != "Data":
			err = w.member(m, kids[i])
		case names[i] == "":
			if kids[i] == unnamed[0] {
				if err = w.key(m, "Data"); err == nil {
					w.out = append(w.out, `{"#text":`...)
					err = w.list(unnamed)
					w.out = append(w.out, '}')
				}
			}
		default:
			run := i + 1
			for run < len(kids) && kids[run].n.name == "Data" && names[run] == names[i] {
				run++
			}
			if err = w.key(m, names[i]); err == nil {
				err = w.list(kids[i:run])
			}
			i = run - 1
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// list appends the contents of Data elements, as a list unless there is only one.
func (w *jsonWriter) list(data []place) error {
	if len(data) == 1 {
		return w.body(data[0], nil, false, `""`)
	}
	w.out = append(w.out, '[')
	for i, d := range data {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if err := w.body(d, nil, false, `""`); err != nil {
			return err
		}
	}
	w.out = append(w.out, ']')
	return nil
}

// appendJSONValue appends a value in its JSON type: integers and Booleans bare,
// everything else as a string.
func appendJSONValue(dst []byte, v Value) []byte {
	if v.text == nil && bare(v.Type) && len(v.data) == int(sizes[v.Type]) {
		return appendScalar(dst, v.Type, v.data)
	}
	dst = append(dst, '"')
	dst = forJSON.appendValue(dst, v)
	return append(dst, '"')
}

// bare reports whether a type is written without quotes: integers and Booleans.
func bare(t ValueType) bool { return t >= Int8Type && t <= UInt64Type || t == BoolType }
