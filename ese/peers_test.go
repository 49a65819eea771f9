package ese_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/ese/esetest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/winid"
)

// realDatabases returns the databases among the samples: below traces/srum and traces/ual.
func realDatabases(t testing.TB) []string {
	t.Helper()
	if os.Getenv("BIRTHMARK_SAMPLES") == "" {
		return nil
	}
	list := []string{testenv.UnpackedSample(t, "traces/srum/SRUDB.dat.zst")}
	for _, pattern := range []string{"traces/ual/*/*.mdb", "traces/ual/*.mdb", "traces/more/*.db"} {
		more, err := filepath.Glob(filepath.Join(filepath.Dir(testenv.Sample(t, "traces")), filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, more...)
	}
	return list
}

// dissect prints what dissect.esedb reads of a database: for each table its name and
// columns, and for each row its values. Its date and time are the bits of the number.
const dissect = `
import json, sys
from dissect.database.ese.ese import ESE
def plain(v):
    if isinstance(v, (bytes, memoryview)): return "x" + bytes(v).hex()
    if isinstance(v, list): return [plain(x) for x in v]
    if isinstance(v, (bool, float)): return repr(v)
    return None if v is None else str(v)
with open(sys.argv[1], "rb") as fh:
    db = ESE(fh)
    for table in db.tables():
        print(json.dumps({"Table": table.name, "Columns": [[c.name, c.type.value, c.identifier] for c in table.columns]}))
        for record in table.records():
            print(json.dumps({"Values": [plain(record.get(c.name)) for c in table.columns]}))
`

// plain writes a value as the program above does.
func plain(v ese.Value) string {
	switch x := v.Any().(type) {
	case bool:
		return strings.ToUpper(fmt.Sprint(x)[:1]) + fmt.Sprint(x)[1:]
	case time.Time:
		return fmt.Sprint(v.Int())
	case winid.GUID:
		return strings.ToLower(strings.Trim(x.String(), "{}"))
	case []byte:
		return "x" + hex.EncodeToString(x)
	default:
		return fmt.Sprint(x)
	}
}

// judged is a database of what dissect reads: no templates, and long values of up to two
// parts, since it takes a later part for a compressed one.
func judged(pageSize int) esetest.Database {
	table := esetest.Table{Name: "Judged", Columns: []esetest.Column{
		{Name: "Number", Type: ese.Long}, {Name: "Text", Type: ese.Text}, {Name: "Plain", Type: ese.LongBinary}, {Name: "Packed", Type: ese.LongText},
	}}
	long := strings.Repeat("a long value, ", pageSize/10)
	for i := range 100 {
		table.Rows = append(table.Rows, []any{i, fmt.Sprint("text ", i), esetest.Long{Value: []byte(long[i:])}, []any{
			esetest.Packed{Scheme: esetest.SevenWide, Value: "seven bits"}, esetest.Packed{Scheme: esetest.XPRESS, Value: long[:300]},
			esetest.Packed{Scheme: esetest.XPRESS, Value: esetest.Long{Value: long[:pageSize/4]}},
		}[i%3]})
	}
	return esetest.Database{PageSize: pageSize, Tables: []esetest.Table{table}}
}

// Dissect reads the same tables, columns, rows and values: from real databases, and from
// those that esetest writes.
func TestDissectReadsTheSame(t *testing.T) {
	python := testenv.Python(t, "dissect.database.ese.ese")
	names := realDatabases(t)
	for _, size := range pageSizes {
		name := filepath.Join(t.TempDir(), fmt.Sprint(size, ".edb"))
		if err := os.WriteFile(name, written(t, judged(size)), 0o644); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	for _, name := range names {
		out, err := exec.Command(python, "-c", dissect, name).Output()
		if err != nil {
			t.Errorf("%s: dissect: %v", filepath.Base(name), err)
			continue
		}
		r, err := ese.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		var tables, rows, values int
		dec := json.NewDecoder(strings.NewReader(string(out)))
		for _, table := range r.Tables() {
			var head struct {
				Table   string
				Columns [][3]any
			}
			if err := dec.Decode(&head); err != nil {
				t.Fatalf("%s: %v", table.Name(), err)
			}
			tables++
			var columns []*ese.Column
			for _, c := range head.Columns {
				column := table.Column(c[0].(string))
				if column == nil || float64(column.Type) != c[1].(float64) || float64(column.ID) != c[2].(float64) {
					t.Fatalf("%s: column %v: %+v", head.Table, c, column)
				}
				columns = append(columns, column)
			}
			if head.Table != table.Name() || len(columns) != len(table.Columns()) {
				t.Fatalf("table %s with %d columns, want %s with %d", table.Name(), len(table.Columns()), head.Table, len(columns))
			}
			for row, err := range table.Rows() {
				if err != nil {
					t.Error(err)
					continue
				}
				var want struct{ Values []*string }
				if err := dec.Decode(&want); err != nil || len(want.Values) != len(columns) {
					t.Fatalf("%s: row %d: %v", table.Name(), rows, err)
				}
				rows++
				for i, c := range columns {
					v, err := row.Value(c)
					switch {
					case err != nil:
						t.Error(err)
					case v.IsNull() != (want.Values[i] == nil):
						t.Errorf("%s.%s: null: %t", table.Name(), c.Name, v.IsNull())
					case !v.IsNull() && plain(v) != *want.Values[i]:
						t.Errorf("%s.%s: %s, want %s", table.Name(), c.Name, plain(v), *want.Values[i])
					case !v.IsNull():
						values++
					}
				}
			}
		}
		if dec.More() {
			t.Errorf("%s: dissect reads more", filepath.Base(name))
		}
		for p := range r.Problems() {
			t.Logf("%s: %v", filepath.Base(name), p)
		}
		t.Logf("%s: %d tables, %d rows, %d values", filepath.Base(name), tables, rows, values)
		r.Close()
	}
}
