package srum

import (
	"bytes"
	"io"
	"io/fs"
	"iter"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// Reader reads one database. It may be used by several goroutines. A nil Reader has no
// records.
type Reader struct {
	db       *ese.Reader
	ids      map[int32]Identity
	problems []ese.Problem // of the identities
}

// Record is a row of a table.
type Record struct {
	Kind   Kind
	Table  string    // its name
	ID     int64     // AutoIncId
	Time   time.Time // TimeStamp: when it was recorded; it is about the time before
	App    Identity
	User   Identity
	Data   any     // a pointer to the struct of its kind, such as *Network; nil if it has none
	Fields []Field // its own columns that have a value, in the order of the table
	Page   uint32  // number of the page that it is in
	Offset int64   // in bytes from the beginning of the file
}

// Field is a column and its value.
type Field struct {
	Name  string
	Value ese.Value
}

// Open opens the named database. Close closes the file.
func Open(name string, opts ...ese.Option) (*Reader, error) {
	db, err := ese.Open(name, opts...)
	if err != nil {
		return nil, err
	}
	return newReader(db)
}

// OpenFS opens a database of a file system. Close closes the file.
func OpenFS(fsys fs.FS, name string, opts ...ese.Option) (*Reader, error) {
	db, err := ese.OpenFS(fsys, name, opts...)
	if err != nil {
		return nil, err
	}
	return newReader(db)
}

// NewReader reads a database of size bytes. The errors are those of [ese.NewReader].
func NewReader(r io.ReaderAt, size int64, opts ...ese.Option) (*Reader, error) {
	db, err := ese.NewReader(r, size, opts...)
	if err != nil {
		return nil, err
	}
	return newReader(db)
}

func newReader(db *ese.Reader) (*Reader, error) {
	r := &Reader{db: db, ids: map[int32]Identity{}}
	if err := r.readIdentities(); err != nil {
		db.Close()
		return nil, err
	}
	return r, nil
}

func (r *Reader) note(err error) {
	r.problems = append(r.problems, damage.Note(damage.Malformed, err, "", ""))
}

// Database returns the database itself, or nil for a nil Reader.
func (r *Reader) Database() *ese.Reader {
	if r == nil {
		return nil
	}
	return r.db
}

// Identity returns the program or account that a number of AppId or UserId names.
func (r *Reader) Identity(index int32) Identity {
	if r == nil {
		return Identity{Index: index}
	}
	if id, ok := r.ids[index]; ok {
		return id
	}
	return Identity{Index: index}
}

// Problems yields what was found wrong so far.
func (r *Reader) Problems() iter.Seq[ese.Problem] {
	if r == nil {
		return slices.Values([]ese.Problem(nil))
	}
	return slices.Values(slices.Concat(slices.Collect(r.db.Problems()), r.problems))
}

// Close closes the file that Open or OpenFS opened.
func (r *Reader) Close() error {
	if r == nil {
		return nil
	}
	return r.db.Close()
}

// Records yields the rows of all tables that are known, table by table. An error that is
// damage costs a row, a value or a page, and the iteration goes on; any other is the last.
func (r *Reader) Records() iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		if r == nil {
			return
		}
		budget := r.db.NewBudget()
		for i := range tables {
			if !r.table(i, budget, yield) {
				return
			}
		}
	}
}

// common are the columns that all tables have.
var common = [...]string{"AutoIncId", "TimeStamp", "AppId", "UserId"}

// table yields the rows of a kind. It returns false to stop.
func (r *Reader) table(kind int, budget *ese.Budget, yield func(*Record, error) bool) bool {
	t := r.db.Table(tables[kind].name)
	var first [len(common)]*ese.Column
	for i, name := range common {
		first[i] = t.Column(name)
	}
	own := slices.DeleteFunc(t.Columns(), func(c *ese.Column) bool { return slices.Contains(first[:], c) })
	for row, err := range t.Rows() {
		if err != nil {
			if !yield(nil, err) || !damage.Is(err) {
				return false
			}
			continue
		}
		rec := &Record{Kind: tables[kind].kind, Table: t.Name(), Page: row.Page, Offset: row.Offset}
		var lost []error
		value := func(c *ese.Column) ese.Value {
			v, err := budget.Value(&row, c)
			if err != nil {
				lost = append(lost, err)
			}
			return v
		}
		rec.ID, rec.Time = value(first[0]).Int(), value(first[1]).Time()
		rec.App, rec.User = r.Identity(int32(value(first[2]).Int())), r.Identity(int32(value(first[3]).Int()))
		for _, c := range own {
			if v := value(c); !v.IsNull() && !unset(v) {
				rec.Fields = append(rec.Fields, Field{c.Name, v})
			}
		}
		if tables[kind].data != nil {
			rec.Data = tables[kind].data()
			fill(rec.Data, rec.Fields)
		}
		for _, err := range lost {
			if !yield(nil, err) {
				return false
			}
		}
		if !yield(rec, nil) {
			return false
		}
	}
	return true
}

// unset reports whether a number is the asterisks with which the engine fills columns: the
// application timeline has them for what it did not measure.
func unset(v ese.Value) bool {
	b := v.Bytes()
	return v.Type().Size() >= 4 && len(bytes.Trim(b, "*")) == 0
}

// fill sets the fields of a struct that have the names of columns. A time is a DateTime, or
// an integer with a FILETIME.
func fill(data any, fields []Field) {
	s := reflect.ValueOf(data).Elem()
	for _, f := range fields {
		v := s.FieldByName(f.Name)
		switch {
		case !v.IsValid():
		case v.CanUint():
			v.SetUint(f.Value.Uint() & (1<<v.Type().Bits() - 1))
		case f.Value.Type() == ese.DateTime:
			v.Set(reflect.ValueOf(f.Value.Time()))
		default:
			v.Set(reflect.ValueOf(filetime.Time(f.Value.Uint())))
		}
	}
}

// Device returns the path of a program without the device of its volume, and that device:
// "\Device\HarddiskVolume2". Both are "" if the identity has no path.
func (id Identity) Device() (device, rest string) {
	p := id.Path()
	const prefix = `\device\`
	if len(p) < len(prefix) || !strings.EqualFold(p[:len(prefix)], prefix) {
		return "", p
	}
	if i := strings.IndexByte(p[len(prefix):], '\\'); i >= 0 {
		return p[:len(prefix)+i], p[len(prefix)+i:]
	}
	return p, ""
}
