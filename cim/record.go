package cim

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

// The limits of records: of one, and of all that are read.
const (
	maxRecord = 1 << 20
	maxRead   = 256 << 20
)

// record returns a record and its offset in OBJECTS.DATA. A page begins with a table of
// its records, which ends with zeros. An entry has:
//
//	 0  4  number of the record
//	 4  4  its offset in the page
//	 8  4  its size
//	12  4  CRC-32
//
// What does not fit into the page goes on in the pages that follow by their logical
// numbers, which do not have a table.
func (r *Reader) record(rec record) ([]byte, int64, error) {
	page, at, err := r.objects.page(rec.page)
	if err != nil {
		return nil, 0, err
	}
	le := binary.LittleEndian
	for entry := 0; entry+16 <= pageSize; entry += 16 {
		id, off, size := le.Uint32(page[entry:]), le.Uint32(page[entry+4:]), le.Uint32(page[entry+8:])
		if id == 0 && off == 0 && size == 0 {
			break
		}
		if id != rec.id {
			continue
		}
		switch {
		case size < rec.size || off >= pageSize:
			return nil, 0, r.objects.in(damage.New("record", at+int64(entry), fmt.Sprintf("%d bytes at %d", size, off), fmt.Sprintf("%d bytes within the page", rec.size)), rec.page)
		case size > maxRecord || r.read+int64(size) > maxRead:
			return nil, 0, r.objects.in(damage.New("size of the record", at+int64(entry)+8, size, fmt.Sprintf("≤ %d, and %d of all records", maxRecord, maxRead)), rec.page)
		}
		r.read += int64(size)
		data := page[off:min(pageSize, int(off)+int(size))]
		if len(data) < int(size) {
			data = append(make([]byte, 0, min(int64(size), r.objects.file.Size)), data...)
		}
		for next := rec.page + 1; len(data) < int(size); next++ {
			more, _, err := r.objects.page(next)
			if err != nil {
				return nil, 0, err
			}
			data = append(data, more[:min(pageSize, int(size)-len(data))]...)
		}
		return data, at + int64(off), nil
	}
	return nil, 0, r.objects.in(damage.New("record", at, nil, fmt.Sprintf("number %d in the table of the page", rec.id)), rec.page)
}
