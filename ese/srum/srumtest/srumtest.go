// Package srumtest writes databases of the System Resource Usage Monitor for tests.
package srumtest

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/ese/esetest"
	"github.com/birthmark-dfir/birthmark/ese/srum"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Row is a row of a table: its columns are the fields of Data, which is *srum.Network or
// another struct of that package.
type Row struct {
	Kind srum.Kind
	Time time.Time
	App  string // a path with its device, a text that begins with "!!", or a name
	User string // a SID; may be empty
	Data any
}

// Bytes returns the database. Programs and accounts get numbers in the order of the rows.
func Bytes(rows ...Row) ([]byte, error) {
	db, err := Database(rows...)
	if err != nil {
		return nil, err
	}
	return esetest.Bytes(db)
}

// Database returns the tables of the rows, for a test that changes them.
func Database(rows ...Row) (esetest.Database, error) {
	ids := identities{table: esetest.Table{Name: "SruDbIdMapTable", Columns: []esetest.Column{
		{Name: "IdType", Type: ese.UnsignedByte}, {Name: "IdIndex", Type: ese.Long}, {Name: "IdBlob", Type: ese.LongBinary},
	}}, known: map[string]int{}}
	tables := map[srum.Kind]*esetest.Table{}
	var order []*esetest.Table
	for i, r := range rows {
		name := srum.TableOf(r.Kind)
		data := reflect.Indirect(reflect.ValueOf(r.Data))
		if name == "" || data.Kind() != reflect.Struct {
			return esetest.Database{}, fmt.Errorf("srumtest: row %d: kind %q with %T", i, r.Kind, r.Data)
		}
		t := tables[r.Kind]
		if t == nil {
			t = &esetest.Table{Name: name, Columns: columnsOf(data.Type())}
			tables[r.Kind] = t
			order = append(order, t)
		}
		app, err := ids.of(r.App, srum.AppID)
		if err != nil {
			return esetest.Database{}, err
		}
		user, err := ids.of(r.User, srum.UserID)
		if err != nil {
			return esetest.Database{}, err
		}
		t.Rows = append(t.Rows, append([]any{len(t.Rows) + 1, r.Time, app, user}, valuesOf(data)...))
	}
	db := esetest.Database{Tables: []esetest.Table{ids.table}}
	for _, t := range order {
		db.Tables = append(db.Tables, *t)
	}
	return db, nil
}

// identities collects the rows of the table of identities.
type identities struct {
	table esetest.Table
	known map[string]int
}

// of returns the number of a text.
func (ids *identities) of(text string, kind srum.IdentityType) (int, error) {
	key := fmt.Sprint(kind, text)
	if n, ok := ids.known[key]; ok {
		return n, nil
	}
	n := len(ids.known) + 1
	ids.known[key] = n
	blob := append(wtf8.Encode(text), 0, 0)
	switch {
	case text == "":
		blob = nil
	case kind == srum.UserID:
		sid, err := winid.ParseSID(text)
		if err != nil {
			return 0, fmt.Errorf("srumtest: %w", err)
		}
		if blob, err = sid.AppendBinary(nil); err != nil {
			return 0, fmt.Errorf("srumtest: %w", err)
		}
	case !strings.ContainsAny(text, `\!`):
		kind = srum.ServiceID
	}
	var value any
	if blob != nil {
		value = blob
	}
	ids.table.Rows = append(ids.table.Rows, []any{int(kind), n, value})
	return n, nil
}

// columnsOf returns the columns of a table: those that all have, and the fields of a struct.
func columnsOf(t reflect.Type) []esetest.Column {
	list := []esetest.Column{
		{Name: "AutoIncId", Type: ese.Long}, {Name: "TimeStamp", Type: ese.DateTime}, {Name: "AppId", Type: ese.Long}, {Name: "UserId", Type: ese.Long},
	}
	for i := range t.NumField() {
		c := esetest.Column{Name: t.Field(i).Name, Type: ese.LongLong}
		if t.Field(i).Type.Kind() == reflect.Uint32 {
			c.Type = ese.UnsignedLong
		}
		list = append(list, c)
	}
	return list
}

// valuesOf returns the values of a struct. Times are FILETIMEs.
func valuesOf(data reflect.Value) []any {
	var list []any
	for i := range data.NumField() {
		v := data.Field(i)
		if t, ok := v.Interface().(time.Time); ok {
			list = append(list, filetime.Ticks(t))
		} else {
			list = append(list, v.Uint())
		}
	}
	return list
}
