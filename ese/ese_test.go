package ese_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/ese/esetest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/winid"
)

var when = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// sample has columns of all kinds, values of all kinds, and more rows than a page holds.
func sample(pageSize int) esetest.Database {
	t := esetest.Table{Name: "Samples", Columns: []esetest.Column{
		{Name: "Bit", Type: ese.Bit}, {Name: "UnsignedByte", Type: ese.UnsignedByte}, {Name: "Short", Type: ese.Short},
		{Name: "Long", Type: ese.Long}, {Name: "Currency", Type: ese.Currency}, {Name: "IEEESingle", Type: ese.IEEESingle},
		{Name: "IEEEDouble", Type: ese.IEEEDouble}, {Name: "DateTime", Type: ese.DateTime}, {Name: "UnsignedLong", Type: ese.UnsignedLong},
		{Name: "LongLong", Type: ese.LongLong}, {Name: "GUID", Type: ese.GUID}, {Name: "UnsignedShort", Type: ese.UnsignedShort},
		{Name: "Filetime", Type: ese.DateTime},
		{Name: "Binary", Type: ese.Binary}, {Name: "Text", Type: ese.Text}, {Name: "ASCII", Type: ese.Text, CodePage: 1252},
		{Name: "LongText", Type: ese.LongText}, {Name: "LongBinary", Type: ese.LongBinary}, {Name: "Packed", Type: ese.LongText},
		{Name: "Several", Type: ese.LongText, Flags: 8}, {Name: "Number", Type: ese.Long, Tagged: true},
	}}
	guid := winid.GUID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	long := strings.Repeat("a long value, ", pageSize/4)
	for i := range 300 {
		packed := []any{
			esetest.Packed{Scheme: esetest.SevenWide, Value: fmt.Sprint("seven bits ", i)},
			esetest.Packed{Scheme: esetest.XPRESS, Value: strings.Repeat(fmt.Sprint("xpress ", i, " "), 20)},
			esetest.Packed{Scheme: esetest.XPRESS, Value: esetest.Long{Value: long}},
		}[i%3]
		row := []any{
			i%2 == 0, i % 256, -i, -i * 1000, int64(-i) << 40, 0.5, 1.25, when.Add(time.Duration(i) * time.Hour), ^uint32(i), int64(i) << 50, guid, 65535 - i,
			esetest.Filetime(when.Add(1234500)), []byte{byte(i)}, "Ünï 日本", "ascii", fmt.Sprint("tagged ", i), []byte(nil), packed, nil, nil,
		}
		switch i % 4 {
		case 1:
			row[17], row[19] = []byte(long[:3000]), esetest.Several{"one", "two"}
		case 2:
			row[19], row[20] = esetest.Several{"one", "", "three", esetest.Long{Value: long}}, i
		case 3:
			for j := range row {
				row[j] = nil
			}
		}
		t.Rows = append(t.Rows, row)
	}
	template := esetest.Table{Name: "Template", Columns: []esetest.Column{{Name: "ID", Type: ese.Long}, {Name: "Name", Type: ese.Text}, {Name: "Blob", Type: ese.LongBinary}}}
	derived := esetest.Table{Name: "Derived", Template: "Template", Columns: []esetest.Column{
		{Name: "Own", Type: ese.Short}, {Name: "OwnText", Type: ese.Text}, {Name: "OwnBlob", Type: ese.LongBinary},
	}, Rows: [][]any{{1, "of the template", []byte("inherited"), 2, "its own", []byte("own")}, {3, nil, nil, nil, nil, nil}}}
	return esetest.Database{PageSize: pageSize, Created: when, Attached: when.Add(time.Hour), Detached: when.Add(1234 * time.Millisecond), Tables: []esetest.Table{t, template, derived}}
}

var pageSizes = []int{2048, 4096, 8192, 16384, 32768}

func written(t testing.TB, db esetest.Database) []byte {
	t.Helper()
	raw, err := esetest.Bytes(db)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func open(t testing.TB, raw []byte) *ese.Reader {
	t.Helper()
	r, err := ese.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// plainWant returns a value as it is read.
func plainWant(v any) any {
	switch x := v.(type) {
	case esetest.Long:
		return plainWant(x.Value)
	case esetest.Packed:
		return plainWant(x.Value)
	case esetest.Filetime:
		return time.Time(x)
	}
	return v
}

func same(c *ese.Column, v ese.Value, want any) bool {
	if b, ok := want.([]byte); ok {
		return !v.IsNull() && bytes.Equal(v.Bytes(), b)
	}
	if t, ok := want.(time.Time); ok {
		return v.Time().Equal(t)
	}
	return fmt.Sprint(v.Any()) == fmt.Sprint(want)
}

// What esetest writes is read back as it was, in pages of each size and with each checksum.
func TestWriterAndReaderAgree(t *testing.T) {
	for _, size := range pageSizes {
		for _, old := range []bool{false, true} {
			if old && size > 8192 {
				continue
			}
			db := sample(size)
			db.OldChecksum = old
			r := open(t, written(t, db))
			if h := r.Header(); h.PageSize != size || h.State != ese.CleanShutdown || !h.Created.Equal(when) || !h.Attached.Equal(db.Attached) || !h.Detached.Equal(db.Detached) || h.Shadow {
				t.Errorf("%d: header %+v", size, h)
			}
			for i, table := range r.Tables() {
				compare(t, fmt.Sprint(size, " ", table.Name()), table, db.Tables[i].Rows)
			}
			for p := range r.Problems() {
				t.Errorf("%d: %v", size, p)
			}
		}
	}
}

func compare(t *testing.T, name string, table *ese.Table, want [][]any) {
	t.Helper()
	n := 0
	for row, err := range table.Rows() {
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i, c := range table.Columns() {
			v, err := row.Value(c)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			all, err := row.Values(c)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			several, ok := want[n][i].(esetest.Several)
			if !ok && want[n][i] != nil {
				several = esetest.Several{want[n][i]}
			}
			if len(all) != len(several) || v.IsNull() != (len(several) == 0) {
				t.Errorf("%s: row %d %s: %d values, want %d", name, n, c.Name, len(all), len(several))
				continue
			}
			for j := range several {
				if w := plainWant(several[j]); !same(c, all[j], w) || j == 0 && !same(c, v, w) {
					t.Errorf("%s: row %d %s: %v, want %v", name, n, c.Name, all[j].Any(), w)
				}
			}
		}
		n++
	}
	if n != len(want) {
		t.Errorf("%s: %d rows, want %d", name, n, len(want))
	}
}

// A row has the default of a column that was added after it was written.
func TestDefaults(t *testing.T) {
	r := open(t, written(t, sample(4096)))
	table := r.Table("SAMPLES")
	if table == nil || table.Column("longtext") == nil || r.Table("none") != nil || table.Column("none") != nil {
		t.Error("names depend on their case")
	}
	for row := range table.Rows() {
		if v, err := row.Value(nil); err != nil || !v.IsNull() {
			t.Errorf("no column: %v, %v", v, err)
		}
		if v, err := row.Value(r.Table("Derived").Column("Own")); err != nil || !v.IsNull() {
			t.Errorf("a column of another table: %v, %v", v, err)
		}
		break
	}
	var none *ese.Reader
	for range none.Table("x").Rows() {
		t.Error("a row of nothing")
	}
	if none.Close() != nil || len(none.Tables()) != 0 || none.Table("x").Column("y") != nil || len(slices.Collect(none.Problems())) != 0 {
		t.Error("a nil Reader has something")
	}
}

// All values of all rows.
func BenchmarkReader(b *testing.B) {
	for _, size := range []int{4096, 32768} {
		b.Run(fmt.Sprint(size), func(b *testing.B) { benchmark(b, written(b, sample(size))) })
	}
	b.Run("SRUDB.dat", func(b *testing.B) {
		raw, err := os.ReadFile(testenv.UnpackedSample(b, "traces/srum/SRUDB.dat.zst"))
		if err != nil {
			b.Fatal(err)
		}
		benchmark(b, raw)
	})
}

func benchmark(b *testing.B, raw []byte) {
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		for _, table := range open(b, raw).Tables() {
			columns := table.Columns()
			for row, err := range table.Rows() {
				if err != nil {
					b.Fatal(err)
				}
				for _, c := range columns {
					if _, err := row.Value(c); err != nil {
						b.Fatal(err)
					}
				}
			}
		}
	}
}
