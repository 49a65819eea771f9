package cim

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// mapping is a mapping file: where the pages of OBJECTS.DATA and INDEX.BTR are.
type mapping struct {
	sequence       uint32
	objects, index []uint32 // the place of a page by its logical number, in pages; unmapped if it has none
	root           uint32   // logical number of the page of the index with its root
}

// The marks of a mapping.
const (
	mappingBegin = 0xabcd
	mappingEnd   = 0xdcba
	placeMask    = 0x3fffffff // of a place; the other bits are flags
	unmapped     = placeMask
)

// readMapping reads a mapping file: a table for the objects, then one for the index. Offsets
// are from the beginning of a table:
//
//	 0  4  0xabcd
//	 4  4  sequence number
//	 8  4  number of the write
//	12  4  number of the write before
//	16  4  number of pages
//	20  4  number of entries, then these, of 24 bytes each:
//	       0  4  place of the page
//	       4  4  checksum of the page
//	       8  4  free bytes
//	      12  4  used bytes; in the first entry of the index, the page with its root
//	      16  8  numbers of writes
//	    4  number of free pages, then these, of 4 bytes each
//	    4  0xdcba
func readMapping(b []byte) (mapping, error) {
	c := bin.NewCursor(b, 0)
	sequence, objects, _, err := readTable(&c)
	if err != nil {
		return mapping{}, err
	}
	_, index, root, err := readTable(&c)
	if err != nil {
		return mapping{}, err
	}
	return mapping{sequence, objects, index, root}, nil
}

func readTable(c *bin.Cursor) (sequence uint32, places []uint32, root uint32, err error) {
	at := c.Offset()
	if mark := c.U32("mark of a mapping"); c.Err() == nil && mark != mappingBegin {
		return 0, nil, 0, &FormatError{Offset: at, What: "mark of a mapping", Got: fmt.Sprintf("%#x", mark), Want: "0xabcd", Err: ErrNotRepository}
	}
	sequence = c.U32("sequence number")
	write, before := c.U32("number of the write"), c.U32("number of the write before")
	if c.Err() == nil && write-1 != before {
		return 0, nil, 0, &FormatError{Offset: at + 8, What: "number of the write", Got: fmt.Sprint(write, " after ", before), Want: "two numbers in sequence", Err: ErrVersion}
	}
	c.Skip("number of pages", 4)
	n := c.U32("number of entries")
	if c.Err() == nil && uint64(n)*24 > uint64(c.Len()) {
		return 0, nil, 0, damage.New("number of entries", c.Offset()-4, n, fmt.Sprintf("≤ %d", c.Len()/24))
	}
	for i := uint32(0); i < n && c.Err() == nil; i++ {
		place := c.U32("place of a page")
		if place != 1<<32-1 {
			place &= placeMask
		} else {
			place = unmapped
		}
		c.Skip("entry", 8)
		if used := c.U32("entry"); i == 0 {
			root = used
		}
		c.Skip("entry", 8)
		places = append(places, place)
	}
	free := c.U32("number of free pages")
	c.Skip("free pages", int(min(uint64(free)*4, 1<<30)))
	// Some mappings of the index end without their mark.
	if end := c.U32("end of a mapping"); c.Err() == nil && end != mappingEnd && end != 0 {
		return 0, nil, 0, damage.New("end of a mapping", c.Offset()-4, fmt.Sprintf("%#x", end), "0xdcba")
	}
	if places == nil && c.Err() == nil {
		return 0, nil, 0, damage.New("number of entries", at+20, 0, "≥ 1")
	}
	return sequence, places, root, c.Err()
}

// pageSize is the size of the pages of both files, in bytes.
const pageSize = 8192

// pages are the pages of a file by their logical numbers.
type pages struct {
	file   File
	name   string
	places []uint32
}

// page returns a page and its offset in the file.
func (p *pages) page(logical uint32) ([]byte, int64, error) {
	if uint64(logical) >= uint64(len(p.places)) || p.places[logical] == unmapped {
		return nil, 0, p.in(damage.New("number of a page", -1, logical, "a page that is mapped"), logical)
	}
	at := int64(p.places[logical]) * pageSize
	b, err := bin.ReadAt(p.file, p.file.Size, at, pageSize, "page")
	return b, at, p.in(err, logical)
}

// in adds the file and the page to an error.
func (p *pages) in(err error, logical uint32) error {
	if err == nil {
		return nil
	}
	return damage.In(err, p.name, fmt.Sprintf("page %d", logical))
}
