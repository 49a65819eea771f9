package ese

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

// The tagged columns of a record begin with an array of 4 bytes for each: 2 with the
// identifier, and 2 with the offset of the value from the beginning of the array, and bits.
// In a page of up to 8 KiB the value begins with a byte of flags only if a bit says so.
const (
	tagNullSmall     = 0x2000 // the value is null
	tagExtendedSmall = 0x4000 // a byte of flags follows
	tagInherited     = 0x8000 // the column is one of the template

	valueCompressed = 0x02
	valueSeparated  = 0x04 // a long value
	valueMulti      = 0x08 // several values, with their offsets in front
	valueTwo        = 0x10 // two values, with the size of the first in front
	valueNull       = 0x20
	valueEncrypted  = 0x40

	multiSeparated = 0x8000 // of an offset: the value is a long value
)

// taggedValues returns the values of a tagged column, up to limit if that is not negative.
func (r *Row) taggedValues(c *Column, limit int) ([][]byte, error) {
	b := r.data[r.tagged:]
	mask, first := 0x1fff, 0
	if r.large {
		mask = 0x7fff
	}
	if len(b) >= 4 {
		first = int(le.Uint16(b[2:])) & mask
	}
	if len(b) > 0 && (first < 4 || first > len(b) || first%4 != 0) {
		return nil, damage.New("tagged columns", r.Offset+int64(r.tagged), first, fmt.Sprintf("4 to %d", len(b)))
	}
	for at := 0; at < first; at += 4 {
		ib := int(le.Uint16(b[at+2:]))
		if uint32(le.Uint16(b[at:])) != c.ID || (ib&tagInherited != 0) != c.Inherited {
			continue
		}
		start, end := ib&mask, len(b)
		if at+4 < first {
			end = int(le.Uint16(b[at+6:])) & mask
		}
		if start < first || start > end || end > len(b) {
			return nil, damage.New("tagged column", r.Offset+int64(r.tagged+at), fmt.Sprintf("bytes %d to %d", start, end), fmt.Sprintf("%d to %d", first, len(b)))
		}
		value, off, flags := b[start:end:end], r.Offset+int64(r.tagged+start), 0
		if r.large || ib&tagExtendedSmall != 0 {
			if len(value) == 0 {
				return nil, damage.Truncated("tagged column", off, 1, 0)
			}
			flags, value, off = int(value[0]), value[1:], off+1
		}
		if !r.large && ib&tagNullSmall != 0 || flags&valueNull != 0 {
			return nil, nil
		}
		return r.instances(value, off, flags, limit)
	}
	if c.value != nil {
		return [][]byte{c.value}, nil
	}
	return nil, nil
}

// instances splits the bytes of a tagged column into its values.
func (r *Row) instances(b []byte, off int64, flags, limit int) ([][]byte, error) {
	if flags&valueEncrypted != 0 {
		return nil, &FormatError{Offset: off, What: "value", Got: "an encrypted one", Want: "a plain one", Err: ErrUnsupported}
	}
	compressed := flags&valueCompressed != 0
	switch {
	case flags&valueMulti == 0:
		v, err := r.instance(b, off, compressed, flags&valueSeparated != 0)
		if err != nil {
			return nil, err
		}
		return [][]byte{v}, nil
	case flags&valueTwo != 0:
		if len(b) == 0 || 1+int(b[0]) > len(b) {
			return nil, damage.Truncated("first of two values", off, 1, int64(len(b)))
		}
		first, err := r.instance(b[1:1+int(b[0])], off+1, compressed, false)
		if err != nil {
			return nil, err
		}
		return [][]byte{first, b[1+int(b[0]):]}, nil
	}
	count := 0
	if len(b) >= 2 {
		count = int(le.Uint16(b)&^multiSeparated) / 2
	}
	if count == 0 || 2*count > len(b) {
		return nil, damage.New("number of values", off, count, fmt.Sprintf("1 to %d", len(b)/2))
	}
	if limit >= 0 {
		count = min(count, limit)
	}
	var list [][]byte
	for i := range count {
		at := int(le.Uint16(b[2*i:]))
		start, end := at&^multiSeparated, len(b)
		if next := 2 * (i + 1); next < int(le.Uint16(b)&^multiSeparated) {
			end = int(le.Uint16(b[next:])) &^ multiSeparated
		}
		if start > end || end > len(b) {
			return list, damage.New("offset of a value", off+int64(2*i), start, fmt.Sprintf("≤ %d", end))
		}
		v, err := r.instance(b[start:end:end], off+int64(start), compressed && i == 0, at&multiSeparated != 0)
		if err != nil {
			return list, err
		}
		list = append(list, v)
	}
	return list, nil
}

// instance returns one value. It is never nil.
func (r *Row) instance(b []byte, off int64, compressed, separated bool) ([]byte, error) {
	var err error
	switch {
	case separated:
		b, err = r.table.longValue(b, off)
	case compressed:
		b, err = decompress(b, off)
	}
	if b == nil {
		b = []byte{}
	}
	return b, err
}
