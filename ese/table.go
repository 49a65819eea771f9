package ese

import (
	"fmt"
	"iter"
	"strings"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
)

// Table is a table of a database.
type Table struct {
	r       *Reader
	name    string
	tree    tree
	long    tree // its long values; its root is 0 if there are none
	columns []*Column
	byName  map[string]*Column

	indexed sync.Once
	index   map[string]nodePlace // the first nodes of long values, if their tree is damaged
}

// Column is a column of a table.
type Column struct {
	ID        uint32 // 1 to 127: fixed, 128 to 255: variable, from 256: tagged
	Name      string
	Type      Type
	Size      int    // in bytes; the maximum if it is not fixed, and then 0 is without limit
	Flags     uint32 // those of the catalogue, such as 8 for several values
	CodePage  uint32 // of a text: 1200 is UTF-16
	Inherited bool   // from the template of the table

	value  []byte // the default; nil if there is none
	offset int    // of a fixed column, in bytes from the beginning of the record
	table  *Table // which the column is of
}

// The identifiers of columns that are not fixed.
const (
	firstVariable = 128
	firstTagged   = 256
)

// Name returns the name of the table.
func (t *Table) Name() string {
	if t == nil {
		return ""
	}
	return t.name
}

// Columns returns the columns in the order of the catalogue.
func (t *Table) Columns() []*Column {
	if t == nil {
		return nil
	}
	return append([]*Column(nil), t.columns...)
}

// Column returns the column with a name, in any case, or nil. A nil column has the value
// null in every row.
func (t *Table) Column(name string) *Column {
	if t == nil {
		return nil
	}
	return t.byName[strings.ToLower(name)]
}

// Rows yields the rows in the order of the table's primary index. An error that is damage
// ([damage.Is]) costs a page or a row, and the iteration goes on; any other is the last. A
// nil Table has no rows.
func (t *Table) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if t == nil {
			return
		}
		fail := func(err error) bool { return yield(Row{}, damage.In(err, t.r.name, t.name)) }
		t.r.leaves(t.tree, func(p *page, err error) bool {
			if err != nil {
				return fail(t.r.inTable(t, err))
			}
			for i := range p.nodes() {
				n, err := p.node(i)
				if err != nil {
					if !fail(t.r.inTable(t, err)) {
						return false
					}
					continue
				}
				if n.flags&nodeDeleted != 0 {
					continue
				}
				row := Row{Page: p.number, Node: i, Offset: n.off, table: t, data: n.data, large: p.large}
				if err := row.decode(p.flags&flagNewRecord != 0); err != nil {
					if !fail(row.in(err)) {
						return false
					}
					continue
				}
				if !yield(row, nil) {
					return false
				}
			}
			return true
		})
	}
}

// inTable puts the table before the path of an error.
func (r *Reader) inTable(t *Table, err error) error {
	e, ok := err.(*FormatError)
	if !ok {
		return err
	}
	located := *e
	located.Path = t.name
	if e.Path != "" {
		located.Path = fmt.Sprintf("%s: %s", t.name, e.Path)
	}
	return &located
}
