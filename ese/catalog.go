package ese

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
)

// The catalogue is the table MSysObjects, of which there is a copy, MSysObjectsShadow.
var (
	catalogTree = tree{root: 4, object: 2}
	shadowTree  = tree{root: 24, object: 3}
)

// The types of the rows of the catalogue.
const (
	objectTable     = 1
	objectColumn    = 2
	objectLongValue = 4
)

// catalogColumns are those columns of the catalogue that are read, in the order of their
// identifiers. The table does not describe itself.
var catalogColumns = [...]Column{
	{ID: 1, Name: "ObjidTable", Type: Long},
	{ID: 2, Name: "Type", Type: Short},
	{ID: 3, Name: "Id", Type: Long},
	{ID: 4, Name: "ColtypOrPgnoFDP", Type: Long},
	{ID: 5, Name: "SpaceUsage", Type: Long},
	{ID: 6, Name: "Flags", Type: Long},
	{ID: 7, Name: "PagesOrLocale", Type: Long},
	{ID: 8, Name: "RootFlag", Type: Bit},
	{ID: 9, Name: "RecordOffset", Type: Short},
	{ID: 128, Name: "Name", Type: Text},
	{ID: 130, Name: "TemplateTable", Type: Text},
	{ID: 131, Name: "DefaultValue", Type: Binary},
}

// object is a row of the catalogue.
type object struct {
	table, kind, id, number, space, flags, page, offset uint32
	name, template                                      string
	value                                               []byte
	row                                                 Row
}

// readCatalog reads the tables and their columns. If the catalogue is damaged, its copy
// adds what is missing.
func (r *Reader) readCatalog() error {
	objects, whole, err := r.objects("MSysObjects", catalogTree)
	if err != nil {
		return err
	}
	if !whole {
		copied, _, err := r.objects("MSysObjectsShadow", shadowTree)
		if err != nil {
			return err
		}
		known := map[[3]uint32]bool{}
		for _, o := range objects {
			known[[3]uint32{o.table, o.kind, o.id}] = true
		}
		for _, o := range copied {
			if !known[[3]uint32{o.table, o.kind, o.id}] {
				objects = append(objects, o)
			}
		}
	}
	slices.SortStableFunc(objects, func(a, b object) int {
		return cmp.Or(cmp.Compare(a.table, b.table), cmp.Compare(a.kind, b.kind), cmp.Compare(a.id, b.id))
	})
	r.makeTables(objects)
	return nil
}

// objects reads the catalogue or its copy, and reports whether all of it is there.
func (r *Reader) objects(name string, at tree) ([]object, bool, error) {
	t := newTable(r, name, at)
	var c [len(catalogColumns)]*Column
	for i := range catalogColumns {
		column := catalogColumns[i]
		column.table, column.Size = t, column.Type.Size()
		c[i] = &column
	}
	place(c[:])
	var list []object
	whole := true
	for row, err := range t.Rows() {
		if err != nil {
			if !damage.Is(err) {
				return nil, false, err
			}
			whole = false
			r.note(damage.Malformed, err, name)
			continue
		}
		o := object{row: row}
		for i, field := range [...]*uint32{&o.table, &o.kind, &o.id, &o.number, &o.space, &o.flags, &o.page, nil, &o.offset} {
			if field == nil {
				continue
			}
			v, err := row.Value(c[i])
			if err != nil {
				whole = false
				r.note(damage.Malformed, err, name)
			}
			*field = uint32(v.Int())
		}
		for i, field := range [...]*string{&o.name, &o.template} {
			v, err := row.Value(c[9+i])
			if err != nil {
				whole = false
				r.note(damage.Malformed, err, name)
			}
			*field = v.Text()
		}
		v, err := row.Value(c[11])
		if err == nil {
			o.value = v.Bytes()
		}
		o.offset &= 0xffff
		list = append(list, o)
	}
	return list, whole, nil
}

func newTable(r *Reader, name string, at tree) *Table {
	return &Table{r: r, name: name, tree: at, byName: map[string]*Column{}}
}

// makeTables makes the tables of sorted objects.
func (r *Reader) makeTables(objects []object) {
	templates := map[*Table]string{}
	var t *Table
	for i, o := range objects {
		where := fmt.Sprintf("MSysObjects: page %d node %d", o.row.Page, o.row.Node)
		if o.kind == objectTable {
			t = newTable(r, o.name, tree{o.number, o.id})
			key := strings.ToLower(o.name)
			if r.byName[key] != nil || o.name == "" {
				r.note(damage.Conflict, damage.New("name of a table", o.row.Offset, fmt.Sprintf("%q", o.name), "one of its own"), where)
			} else {
				r.byName[key] = t
			}
			r.tables = append(r.tables, t)
			if o.template != "" {
				templates[t] = o.template
			}
			continue
		}
		if t == nil || t.tree.object != o.table {
			if i == 0 || objects[i-1].table != o.table {
				r.note(damage.Malformed, damage.New("object of the catalogue", o.row.Offset, fmt.Sprintf("table %d", o.table), "one that is listed"), where)
			}
			continue
		}
		switch o.kind {
		case objectLongValue:
			t.long = tree{o.number, o.id}
		case objectColumn:
			if o.id&0xffff == 0 {
				r.note(damage.Malformed, damage.New("identifier of a column", o.row.Offset, o.id, "1 to 65535"), where)
				continue
			}
			c := &Column{
				ID: o.id & 0xffff, Name: o.name, Type: Type(o.number), Flags: o.flags, CodePage: o.page, Size: int(o.space & 0x7fffffff),
				value: bytes.Clone(o.value), table: t, offset: int(o.offset),
			}
			if c.ID < firstVariable {
				if c.Size = min(c.Size, maxPage); c.Type.Size() != 0 {
					c.Size = c.Type.Size()
				}
			}
			t.columns = append(t.columns, c)
		}
	}
	for _, t := range r.tables {
		r.inherit(t, templates)
		place(t.columns)
		for _, c := range t.columns {
			if key := strings.ToLower(c.Name); t.byName[key] == nil {
				t.byName[key] = c
			}
		}
	}
}

// inherit adds the columns of its template to a table. A template has no template.
func (r *Reader) inherit(t *Table, templates map[*Table]string) {
	name, ok := templates[t]
	if !ok {
		return
	}
	from := r.Table(name)
	if from == nil || from == t || templates[from] != "" {
		r.note(damage.Malformed, damage.New("template of a table", -1, fmt.Sprintf("%q", name), "a table without a template"), t.name)
		return
	}
	var all []*Column
	for _, c := range from.columns {
		inherited := *c
		inherited.table, inherited.Inherited = t, c.ID >= firstTagged
		all = append(all, &inherited)
	}
	t.columns = append(all, t.columns...)
}

// place computes where fixed columns begin: one after the column before, unless the
// catalogue has a later offset, since a column between was deleted. The catalogue has the
// same offset for all its own columns.
func place(columns []*Column) {
	next := recordHeader
	for _, c := range columns {
		if c.ID < firstVariable {
			c.offset = max(c.offset, next)
			next = c.offset + c.Size
		}
	}
}
