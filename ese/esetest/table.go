package esetest

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// placed is a column with its identifier.
type placed struct {
	Column
	id        uint32
	inherited bool
}

// place gives the columns of a table their identifiers: those of the template first.
func (w *writer) place(t *Table) ([]placed, error) {
	var list []placed
	var template *Table
	if t.Template != "" {
		for i := range w.db.Tables {
			if w.db.Tables[i].Name == t.Template && w.db.Tables[i].Template == "" {
				template = &w.db.Tables[i]
			}
		}
		if template == nil {
			return nil, fmt.Errorf("no template %s", t.Template)
		}
		from, err := w.place(template)
		if err != nil {
			return nil, err
		}
		for _, c := range from {
			c.inherited = true
			list = append(list, c)
		}
	}
	fixed, variable, tagged := uint32(1), uint32(128), uint32(256)
	for _, c := range list {
		switch {
		case c.id < 128:
			fixed++
		case c.id < 256:
			variable++
		}
	}
	for _, c := range t.Columns {
		p := placed{Column: c}
		switch {
		case c.Tagged || c.Type == ese.LongBinary || c.Type == ese.LongText || c.Type == ese.SLV:
			p.id, tagged = tagged, tagged+1
		case c.Type.Size() > 0:
			p.id, fixed = fixed, fixed+1
		default:
			p.id, variable = variable, variable+1
		}
		if p.CodePage == 0 && c.Type.IsText() {
			p.CodePage = 1200
		}
		list = append(list, p)
	}
	if fixed > 128 || variable > 256 {
		return nil, fmt.Errorf("more columns than a table can have")
	}
	return list, nil
}

// table writes the rows and long values of a table, and returns its rows of the catalogue.
func (w *writer) table(t *Table, object uint32) ([]entry, error) {
	columns, err := w.place(t)
	if err != nil {
		return nil, err
	}
	lvs := longValues{chunk: w.size - 200}
	var rows []entry
	for i, values := range t.Rows {
		if len(values) != len(columns) {
			return nil, fmt.Errorf("row %d has %d values, not %d", i, len(values), len(columns))
		}
		data, err := record(columns, values, w.size, &lvs)
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", i, err)
		}
		rows = append(rows, entry{append([]byte{0x7f}, binary.BigEndian.AppendUint32(nil, uint32(i))...), data})
	}
	root := w.next
	w.next++
	w.tree(root, object, 0, rows)
	catalog := []entry{w.object(object, 1, object, root, 80, 0, 20, t.Name, t.Template, nil)}
	for _, c := range columns {
		if !c.inherited {
			catalog = append(catalog, w.object(object, 2, c.id, uint32(c.Type), uint32(c.Type.Size()), c.Flags, c.CodePage, c.Name, "", c.Default))
		}
	}
	if len(lvs.entries) > 0 {
		root := w.next
		w.next++
		w.tree(root, object+1, pageLongValue, lvs.entries)
		catalog = append(catalog, w.object(object, 4, object+1, root, 80, 0, 0, "LV", "", nil))
	}
	return catalog, w.err
}

// object returns a row of the catalogue.
func (w *writer) object(table, kind, id, number, space, flags, page uint32, name, template string, value []byte) entry {
	key := []byte{0x7f}
	key = binary.BigEndian.AppendUint32(key, table^1<<31)
	key = append(key, 0x7f)
	key = binary.BigEndian.AppendUint16(key, uint16(kind)^1<<15)
	key = append(key, 0x7f)
	key = binary.BigEndian.AppendUint32(key, id^1<<31)
	columns := []placed{
		{Column{Type: ese.Long}, 1, false}, {Column{Type: ese.Short}, 2, false}, {Column{Type: ese.Long}, 3, false}, {Column{Type: ese.Long}, 4, false},
		{Column{Type: ese.Long}, 5, false}, {Column{Type: ese.Long}, 6, false}, {Column{Type: ese.Long}, 7, false}, {Column{Type: ese.Bit}, 8, false},
		{Column{Type: ese.Short}, 9, false}, {Column{Type: ese.Text, CodePage: 1252}, 128, false}, {Column{Type: ese.Binary}, 129, false},
		{Column{Type: ese.Text, CodePage: 1252}, 130, false}, {Column{Type: ese.Binary}, 131, false},
	}
	values := []any{table, kind, id, number, space, flags, page, nil, nil, name, nil, nil, nil}
	if kind == 1 {
		values[7] = true
	}
	if kind == 2 {
		values[8] = 4
	}
	if template != "" {
		values[11] = template
	}
	if value != nil {
		values[12] = value
	}
	data, err := record(columns, values, w.size, nil)
	if err != nil && w.err == nil {
		w.err = err
	}
	return entry{key, data}
}

// longValues collects the tree of long values.
type longValues struct {
	chunk   int
	last    uint32
	entries []entry
}

// add adds a value and returns its identifier as records have it. Its parts are packed if
// pack is not nil.
func (l *longValues) add(value []byte, pack func([]byte) []byte) []byte {
	l.last++
	key := binary.BigEndian.AppendUint32(nil, l.last)
	l.entries = append(l.entries, entry{key, le.AppendUint32(le.AppendUint32(nil, 1), uint32(len(value)))})
	for at := 0; at < len(value); at += l.chunk {
		part := value[at:min(len(value), at+l.chunk)]
		if pack != nil {
			if packed := pack(part); len(packed) < len(part) {
				part = packed
			}
		}
		l.entries = append(l.entries, entry{binary.BigEndian.AppendUint32(append([]byte(nil), key...), uint32(at)), part})
	}
	return le.AppendUint32(nil, l.last)
}

// text encodes a text for a column.
func text(s string, page uint32) []byte {
	if page == 1200 {
		return wtf8.Encode(s)
	}
	return []byte(s)
}
