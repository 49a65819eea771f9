package ese_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/ese/esetest"
)

var le = binary.LittleEndian

// numbers is a database with a table of 3,000 rows, on some 30 leaves below its root, page 32.
func numbers(t testing.TB) []byte {
	table := esetest.Table{Name: "Numbers", Columns: []esetest.Column{{Name: "Number", Type: ese.Long}, {Name: "Blob", Type: ese.LongBinary}}}
	for i := range 3000 {
		table.Rows = append(table.Rows, []any{i, nil})
	}
	table.Rows[7][1] = esetest.Long{Value: bytes.Repeat([]byte("long "), 3000)}
	return written(t, esetest.Database{Tables: []esetest.Table{table}})
}

// page returns the bytes of a page of 4 KiB.
func page(raw []byte, number int) []byte { return raw[(number+1)*4096:][:4096] }

// found reads the numbers, and what is wrong.
func found(t testing.TB, raw []byte) (list []int, wrong []string) {
	t.Helper()
	r, err := ese.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	table := r.Table("Numbers")
	for row, err := range table.Rows() {
		if err != nil {
			wrong = append(wrong, err.Error())
			continue
		}
		v, err := row.Value(table.Column("Number"))
		if err != nil {
			wrong = append(wrong, err.Error())
			continue
		}
		list = append(list, int(v.Int()))
		if _, err := row.Value(table.Column("Blob")); err != nil {
			wrong = append(wrong, err.Error())
		}
	}
	for p := range r.Problems() {
		wrong = append(wrong, p.String())
	}
	return list, wrong
}

// Damage costs the rows of its page, and is reported. The root of the table is page 32, and
// its leaves are the pages that follow.
func TestDamageLosesOnlyItself(t *testing.T) {
	whole := numbers(t)
	all, wrong := found(t, whole)
	if len(all) != 3000 || len(wrong) != 0 {
		t.Fatalf("%d rows, %q", len(all), wrong)
	}
	inLeaf := le.Uint16(page(whole, 34)[0x22:]) - 1
	for _, tt := range []struct {
		name   string
		repair bool // checksums
		change func(raw []byte)
		lost   int
		want   string
	}{
		{"a bit of a leaf", false, func(raw []byte) { page(raw, 34)[0x1f0] ^= 1 }, 0, "checksum: ese: page 34: checksum of the page at 0x23000: got "},
		{"the number of tags", true, func(raw []byte) { le.PutUint16(page(raw, 34)[0x22:], 0xfff) }, int(inLeaf), "ese: Numbers: page 34: number of tags at 0x23022: got 4095, want ≤ 1014"},
		{"the object of a leaf", true, func(raw []byte) { le.PutUint32(page(raw, 34)[0x18:], 99) }, int(inLeaf), "ese: Numbers: page 34: object of the page at 0x23018: got 99, want 10"},
		{"a leaf of zeros", false, func(raw []byte) { clear(page(raw, 34)) }, int(inLeaf), "ese: Numbers: page 34: page at 0x23000: got zeros, want a page"},
		{"the size of a node", true, func(raw []byte) { le.PutUint16(page(raw, 34)[4096-12:], 0x1fff) }, 1, "ese: Numbers: page 34 node 1: node at 0x23ff4"},
		{"the size of a key", true, func(raw []byte) {
			p := page(raw, 34)
			at := 40 + le.Uint16(p[4096-10:])&0x1fff
			le.PutUint16(p[at+2:], 0x1fff)
		}, 1, "ese: Numbers: page 34 node 1: key at"},
		{"the end of the fixed columns", true, func(raw []byte) {
			p := page(raw, 34)
			at := 40 + le.Uint16(p[4096-10:])&0x1fff
			n := le.Uint16(p[at+2:])
			le.PutUint16(p[at+4+n+2:], 0xffff)
		}, 1, "ese: Numbers: page 34 node 1: end of the fixed columns at"},
		{"the root", false, func(raw []byte) { clear(page(raw, 32)) }, 0, "ese: Numbers: page 32: page at 0x21000: got zeros"},
		{"a page below the root", true, func(raw []byte) {
			p := page(raw, 32)
			at := 40 + le.Uint16(p[4096-6:])&0x1fff
			le.PutUint32(p[at+2+le.Uint16(p[at:]):], 1<<31)
		}, 0, "ese: Numbers: number of a page: got 2147483648, want 1 to"},
		{"a root that names a leaf twice", true, func(raw []byte) {
			p := page(raw, 32)
			at := 40 + le.Uint16(p[4096-6:])&0x1fff
			le.PutUint32(p[at+2+le.Uint16(p[at:]):], 34)
		}, 0, "ese: Numbers: tree: got page 34 again, want each page once"},
		{"the header", false, func(raw []byte) { clear(raw[:4096]) }, 0, "malformed: ese: header: signature at 0x4: got 0x0, want 0x89abcdef"},
		{"a bit of the header", false, func(raw []byte) { raw[0x200] ^= 1 }, 0, "malformed: ese: header: checksum of the header at 0x0"},
		{"a bit of the header and of its copy", false, func(raw []byte) { raw[0x200], raw[4096+0x200] = 1, 1 }, 0, "checksum: ese: header: checksum of the header at 0x0"},
		{"the catalogue", false, func(raw []byte) { clear(page(raw, 4)) }, 0, "malformed: ese: MSysObjects: page 4: page at 0x5000: got zeros"},
		{"the state", true, func(raw []byte) { raw[0x34] = byte(ese.DirtyShutdown) }, 0, "unclean: ese: header: state of the database at 0x34: got dirty shutdown, want clean shutdown"},
		{"a long value", true, func(raw []byte) {
			for n := range len(raw)/4096 - 2 {
				if p := page(raw, n); le.Uint32(p[0x24:])&0x80 != 0 && le.Uint32(p[0x24:])&2 != 0 {
					clear(p)
					return
				}
			}
		}, 0, "ese: Numbers: page 33 node 7 column Blob: page "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			raw := slices.Clone(whole)
			tt.change(raw)
			if tt.repair {
				esetest.Repair(raw)
			}
			list, wrong := found(t, raw)
			if len(all)-len(list) != tt.lost {
				t.Errorf("%d rows lost, want %d", len(all)-len(list), tt.lost)
			}
			slices.Sort(list)
			if len(slices.Compact(list)) != len(all)-tt.lost {
				t.Error("a row is there twice")
			}
			if !slices.ContainsFunc(wrong, func(s string) bool { return strings.HasPrefix(s, tt.want) }) {
				t.Errorf("wrong: %q, want %s", wrong, tt.want)
			}
		})
	}
}

// A leaf that was split off before the page above was written is found by its neighbor.
func TestLeafThatOnlyItsNeighborNames(t *testing.T) {
	raw := numbers(t)
	root := page(raw, 32)
	le.PutUint16(root[0x22:], le.Uint16(root[0x22:])-1)
	esetest.Repair(raw)
	list, wrong := found(t, raw)
	if len(list) != 3000 {
		t.Errorf("%d rows", len(list))
	}
	if len(wrong) != 1 || !strings.HasPrefix(wrong[0], "unclean: ese: page ") {
		t.Errorf("%q", wrong)
	}
}

// What is not a database, or has nothing that can be read.
func TestRejected(t *testing.T) {
	whole := numbers(t)
	with := func(at int, v uint32) []byte {
		raw := slices.Clone(whole)
		le.PutUint32(raw[at:], v)
		clear(raw[4096:8192])
		return raw
	}
	for _, tt := range []struct {
		name string
		raw  []byte
		want string
		not  bool // a database
	}{
		{"empty", nil, "ese: header at 0x0: got 0 bytes, want ≥ 240 bytes: not an ESE database", true},
		{"another signature", with(4, 1), "ese: signature at 0x4: got 0x1, want 0x89abcdef: not an ESE database", true},
		{"a log", with(0x0c, 2), "ese: type of the file at 0xc: got 2, want 0: not an ESE database", true},
		{"a version", with(8, 0x621), "ese: version of the format at 0x8: got 0x621 revision 0x14, want 0x620", false},
		{"a size of a page", with(0xec, 4095), "ese: size of a page at 0xec: got 4095, want 2048, 4096, 8192, 16384 or 32768", false},
	} {
		_, err := ese.NewReader(bytes.NewReader(tt.raw), int64(len(tt.raw)))
		if err == nil || err.Error() != tt.want || !damage.Is(err) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
		if errors.Is(err, ese.ErrNotESE) != tt.not {
			t.Errorf("%s: not a database: %t", tt.name, !tt.not)
		}
	}
}

// An error of the disk is not damage, and is the last.
func TestErrorsOfTheDisk(t *testing.T) {
	raw := numbers(t)
	failing := failAt{bytes.NewReader(raw), 35 * 4096}
	r, err := ese.NewReader(failing, int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var last error
	for _, err := range r.Table("Numbers").Rows() {
		if last != nil {
			t.Fatal("it goes on")
		}
		last = err
	}
	if !errors.Is(last, errDisk) || damage.Is(last) {
		t.Errorf("%v", last)
	}
}

var errDisk = errors.New("the disk fails")

type failAt struct {
	*bytes.Reader
	off int64
}

func (f failAt) ReadAt(b []byte, off int64) (int, error) {
	if off <= f.off && off+int64(len(b)) > f.off {
		return 0, errDisk
	}
	return f.Reader.ReadAt(b, off)
}

// A long value is found without the page that leads to it.
func TestLongValueWithoutItsRoot(t *testing.T) {
	raw := numbers(t)
	for n := range len(raw)/4096 - 2 {
		if p := page(raw, n); le.Uint32(p[0x24:])&0x83 == 0x81 { // the root of long values, which is not a leaf
			clear(p)
		}
	}
	r := open(t, raw)
	table := r.Table("Numbers")
	n := 0
	for row, err := range table.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		v, err := row.Value(table.Column("Blob"))
		if err != nil {
			t.Error(err)
		}
		if !v.IsNull() {
			n++
			if want := bytes.Repeat([]byte("long "), 3000); !bytes.Equal(v.Bytes(), want) {
				t.Errorf("%d bytes, want %d", len(v.Bytes()), len(want))
			}
		}
	}
	if n != 1 {
		t.Errorf("%d long values", n)
	}
}

// Rows that share a long value cannot make a caller keep more than 8 times the file.
func TestBudget(t *testing.T) {
	table := esetest.Table{Name: "Shared", Columns: []esetest.Column{{Name: "Blob", Type: ese.LongBinary}}, Rows: [][]any{{esetest.Long{Value: make([]byte, 100_000)}}}}
	for range 2000 {
		table.Rows = append(table.Rows, []any{esetest.Shared(1)})
	}
	raw := written(t, esetest.Database{Tables: []esetest.Table{table}})
	r := open(t, raw)
	budget, kept, refused := r.NewBudget(), 0, 0
	for row, err := range r.Table("Shared").Rows() {
		if err != nil {
			t.Fatal(err)
		}
		v, err := budget.Value(&row, r.Table("Shared").Column("Blob"))
		if err != nil {
			refused++
			if !damage.Is(err) || !strings.HasSuffix(err.Error(), "want 8 times the size of the file") {
				t.Fatal(err)
			}
		}
		kept += len(v.Bytes())
	}
	if kept > 8*len(raw)+100_000 || kept < 8*len(raw) || refused == 0 {
		t.Errorf("%d bytes of a file of %d, %d refused", kept, len(raw), refused)
	}
}

// The catalogue may describe columns that cannot be.
func TestColumnsThatCannotBe(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(record []byte) // of the column Number
		want   string
	}{
		{"no identifier", func(b []byte) { le.PutUint32(b[10:], 0) }, "malformed: ese: MSysObjects: page 4 node 1: identifier of a column at"},
		{"an identifier of 24 bits", func(b []byte) { le.PutUint32(b[10:], 1<<16) }, "malformed: ese: MSysObjects: page 4 node 1: identifier of a column at"},
		{"a size of 2 GiB", func(b []byte) { le.PutUint32(b[14:], 10); le.PutUint32(b[18:], 1<<31-1) }, "ese: Numbers: page 33 node 0 column Number: fixed column at"},
		{"a type that is not known", func(b []byte) { le.PutUint32(b[14:], 0xff); le.PutUint32(b[18:], 4) }, ""},
	} {
		raw := numbers(t)
		p := page(raw, 4)
		at := 40 + int(le.Uint16(p[4096-10:])&0x1fff)
		tt.change(p[at+2+int(le.Uint16(p[at:])):])
		esetest.Repair(raw)
		_, wrong := found(t, raw)
		if tt.want != "" && !slices.ContainsFunc(wrong, func(s string) bool { return strings.HasPrefix(s, tt.want) }) {
			t.Errorf("%s: %q, want %s", tt.name, wrong[:min(len(wrong), 3)], tt.want)
		}
	}
}
