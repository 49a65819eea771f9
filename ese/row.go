package ese

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

// Row is a row of a table.
type Row struct {
	Page   uint32 // number of the page that it is in
	Node   int    // its index in the page
	Offset int64  // of the record, in bytes from the beginning of the file

	table     *Table
	data      []byte
	lastFixed int
	lastVar   int
	fixedEnd  int // where the fixed columns and the bits of their nulls end
	varStart  int // where the values of variable columns begin
	tagged    int // where the tagged columns begin
	large     bool
}

// A record, in bytes from its beginning:
//
//	0  1  identifier of the last fixed column that it has
//	1  1  identifier of the last variable column that it has; 127: none
//	2  2  offset of the ends of the variable columns
//	4  -  the fixed columns, then a bit for each of them, which is 1 if it is null
//
// The ends of the variable columns have 2 bytes each; the high bit is 1 if the column is
// null. The values follow, and then the tagged columns.
const recordHeader = 4

// decode reads where the parts of the record begin.
func (r *Row) decode(newFormat bool) error {
	b := r.data
	if len(b) < recordHeader {
		return damage.Truncated("record", r.Offset, recordHeader, int64(len(b)))
	}
	r.lastFixed, r.lastVar = int(b[0]), int(b[1])
	r.fixedEnd = int(le.Uint16(b[2:]))
	count := max(0, r.lastVar-(firstVariable-1))
	if min := recordHeader + (r.lastFixed+7)/8; r.lastFixed >= firstVariable || r.fixedEnd < min || r.fixedEnd > len(b) {
		return damage.New("end of the fixed columns", r.Offset+2, r.fixedEnd, fmt.Sprintf("%d to %d", min, len(b)))
	}
	r.varStart = r.fixedEnd + 2*count
	if r.varStart > len(b) {
		return damage.Truncated("variable columns", r.Offset+int64(r.fixedEnd), int64(2*count), int64(len(b)-r.fixedEnd))
	}
	r.tagged = r.varStart
	if count > 0 {
		r.tagged += int(le.Uint16(b[r.varStart-2:]) & 0x7fff)
	}
	if r.tagged > len(b) {
		return damage.New("end of the variable columns", r.Offset+int64(r.varStart-2), r.tagged, fmt.Sprintf("≤ %d", len(b)))
	}
	if r.tagged < len(b) && !newFormat {
		return &FormatError{Offset: r.Offset + int64(r.tagged), What: "tagged columns", Got: "those of Windows 2000", Want: "a later format", Err: ErrUnsupported}
	}
	return nil
}

// in adds the place of the row to an error.
func (r *Row) in(err error) error {
	return damage.In(err, r.table.r.name, fmt.Sprintf("%s: page %d node %d", r.table.name, r.Page, r.Node))
}

// Value returns the value of a column, the first one if there are several. It is null if
// the row has none, and if the column is nil or of another table. The error is damage in
// the value, or that its encryption or compression is not supported (ErrUnsupported).
func (r *Row) Value(c *Column) (Value, error) {
	if c == nil || r.table == nil || c.table != r.table {
		return Value{}, nil
	}
	v := Value{typ: c.Type, page: c.CodePage}
	var err error
	switch {
	case c.ID < firstVariable:
		v.raw, err = r.fixedValue(c)
	case c.ID < firstTagged:
		v.raw, err = r.variableValue(c)
	default:
		var all [][]byte
		if all, err = r.taggedValues(c, 1); len(all) > 0 {
			v.raw = all[0]
		}
	}
	if err != nil {
		return Value{typ: c.Type}, r.in(r.column(c, err))
	}
	return v, nil
}

// Values returns all values of a column, which is one at most if it is not a tagged column.
func (r *Row) Values(c *Column) ([]Value, error) {
	if c == nil || c.ID < firstTagged || c.table != r.table {
		v, err := r.Value(c)
		if err != nil || v.IsNull() {
			return nil, err
		}
		return []Value{v}, nil
	}
	all, err := r.taggedValues(c, -1)
	var list []Value
	for _, raw := range all {
		list = append(list, Value{typ: c.Type, page: c.CodePage, raw: raw})
	}
	if err != nil {
		err = r.in(r.column(c, err))
	}
	return list, err
}

// column names the column in an error.
func (r *Row) column(c *Column, err error) error {
	e, ok := err.(*FormatError)
	if !ok {
		return err
	}
	located := *e
	located.Path = fmt.Sprintf("%s: page %d node %d column %s", r.table.name, r.Page, r.Node, c.Name)
	if e.Path != "" { // of a long value
		located.Path += ": " + e.Path
	}
	return &located
}

func (r *Row) fixedValue(c *Column) ([]byte, error) {
	id := int(c.ID)
	if id > r.lastFixed {
		return c.value, nil
	}
	null := r.fixedEnd - (r.lastFixed+7)/8
	if r.data[null+(id-1)/8]>>((id-1)%8)&1 != 0 {
		return nil, nil
	}
	if c.offset < recordHeader || c.offset+c.Size > null {
		return nil, damage.New("fixed column", r.Offset, fmt.Sprintf("bytes %d to %d", c.offset, c.offset+c.Size), fmt.Sprintf("%d to %d", recordHeader, null))
	}
	return r.data[c.offset : c.offset+c.Size : c.offset+c.Size], nil
}

func (r *Row) variableValue(c *Column) ([]byte, error) {
	if int(c.ID) > r.lastVar {
		return c.value, nil
	}
	at := r.fixedEnd + 2*int(c.ID-firstVariable)
	start, end := 0, int(le.Uint16(r.data[at:]))
	if c.ID > firstVariable {
		start = int(le.Uint16(r.data[at-2:]) & 0x7fff)
	}
	if end&0x8000 != 0 {
		return nil, nil
	}
	if start > end || r.varStart+end > len(r.data) {
		return nil, damage.New("variable column", r.Offset+int64(at), fmt.Sprintf("bytes %d to %d", start, end), fmt.Sprintf("up to %d", len(r.data)-r.varStart))
	}
	return r.data[r.varStart+start : r.varStart+end : r.varStart+end], nil
}

// Damage returns an error about a column of the row, for a package that knows what its values
// mean.
func (r *Row) Damage(column string, got, want string) error {
	e := damage.New("value", r.Offset, got, want)
	return r.in(r.column(&Column{Name: column}, e))
}
