// Package esetest writes databases of the Extensible Storage Engine for tests, as far as
// package ese reads them: with a catalogue and its copy, fixed, variable and tagged columns,
// several values, compressed ones, long values, and the checksums of pages.
//
// It writes no indexes and no space trees, so the engine itself would not open them.
package esetest

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/internal/pagesum"
)

// Database is what is written.
type Database struct {
	PageSize    int       // 4,096 if it is 0
	State       ese.State // clean shutdown if it is 0
	Created     time.Time
	Attached    time.Time
	Detached    time.Time
	OldChecksum bool // pages have the XOR alone; only up to 8 KiB
	Tables      []Table
}

// Table is a table of a database.
type Table struct {
	Name     string
	Columns  []Column
	Rows     [][]any // a value for each column, see [Value]
	Template string  // the name of the table whose columns it has in front of its own
}

// Column is a column of a table. Columns of a type with a size are fixed, Text and Binary
// are variable and the others tagged, in the order of their identifiers.
type Column struct {
	Name     string
	Type     ese.Type
	Tagged   bool   // it is tagged whatever its type
	Flags    uint32 // those of the catalogue
	CodePage uint32 // 1200 if it is 0 and the type is a text
	Default  []byte
}

// The numbers of the pages and the identifiers of the objects of the engine itself.
const (
	databasePage, databaseObject = 1, 1
	catalogPage, catalogObject   = 4, 2
	shadowPage, shadowObject     = 24, 3
	firstPage, firstObject       = 32, 10
)

// revision is that of Windows 7 and later. The headers of large pages need at least 0x11.
const revision = 0x14

var le = binary.LittleEndian

// Bytes returns the database. The error names what cannot be written.
func Bytes(db Database) ([]byte, error) {
	if db.PageSize == 0 {
		db.PageSize = 4096
	}
	switch p := db.PageSize; {
	case p < 2048 || p > 32768 || p&(p-1) != 0:
		return nil, fmt.Errorf("esetest: pages of %d bytes", p)
	case db.OldChecksum && p > 8192:
		return nil, fmt.Errorf("esetest: pages of %d bytes have the new checksum", p)
	}
	w := writer{db: db, size: db.PageSize, pages: map[uint32][]byte{}, next: firstPage}
	w.tree(databasePage, databaseObject, 0, nil)
	var catalog []entry
	object := uint32(firstObject)
	for i := range db.Tables {
		rows, err := w.table(&db.Tables[i], object)
		if err != nil {
			return nil, fmt.Errorf("esetest: table %s: %w", db.Tables[i].Name, err)
		}
		catalog = append(catalog, rows...)
		object += 2
	}
	w.tree(catalogPage, catalogObject, 0, catalog)
	w.tree(shadowPage, shadowObject, 0, catalog)
	if w.err != nil {
		return nil, w.err
	}
	return w.bytes(), nil
}

// writer collects pages.
type writer struct {
	db    Database
	size  int
	pages map[uint32][]byte
	next  uint32 // the next page without a use
	err   error
}

// bytes returns the header, its copy and all pages.
func (w *writer) bytes() []byte {
	out := make([]byte, int(w.next+1)*w.size)
	header := out[:w.size]
	le.PutUint32(header[4:], 0x89abcdef)
	le.PutUint32(header[8:], 0x620)
	le.PutUint32(header[0x18:], 0x1234)
	state := w.db.State
	if state == 0 {
		state = ese.CleanShutdown
	}
	le.PutUint32(header[0x34:], uint32(state))
	for at, t := range map[int]time.Time{0x1c: w.db.Created, 0x48: w.db.Attached, 0x58: w.db.Detached} {
		putLogTime(header[at:], t)
	}
	le.PutUint32(header[0xd8:], 10) // Windows 10.0.20348
	le.PutUint32(header[0xe0:], 20348)
	le.PutUint32(header[0xe8:], revision)
	le.PutUint32(header[0xec:], uint32(w.size))
	le.PutUint32(header[0x154:], 0x620)
	le.PutUint32(header[0x158:], revision)
	le.PutUint32(header, pagesum.XOR(header))
	copy(out[w.size:], header)
	for number, p := range w.pages {
		page := out[(int(number)+1)*w.size:][:w.size]
		copy(page, p)
		pagesum.Set(page, number)
	}
	return out
}

func putLogTime(b []byte, t time.Time) {
	if t.IsZero() {
		return
	}
	t = t.UTC()
	ms := t.Nanosecond() / 1e6
	b[0], b[1], b[2] = byte(t.Second()), byte(t.Minute()), byte(t.Hour())
	b[3], b[4], b[5] = byte(t.Day()), byte(t.Month()), byte(t.Year()-1900)
	b[6], b[7] = 1|byte(ms&0x7f)<<1, byte(ms>>7)<<1
}

// Repair corrects the checksums of the header, its copy and all pages that are not zeros,
// so that a test can damage anything else.
func Repair(raw []byte) {
	if len(raw) < 0xf0 {
		return
	}
	size := int(le.Uint32(raw[0xec:]))
	if size < 2048 || size > 32768 || size&(size-1) != 0 {
		return
	}
	for i := 0; (i+1)*size <= len(raw); i++ {
		page := raw[i*size:][:size]
		switch {
		case i < 2:
			le.PutUint32(page, pagesum.XOR(page))
		case le.Uint32(page[0x18:]) != 0:
			pagesum.Set(page, uint32(i-1))
		}
	}
}
