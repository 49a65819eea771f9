package hostile

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/ese/esetest"
	"github.com/birthmark-dfir/birthmark/internal/pagesum"
)

// databasePage returns the size of a page of a database, or 0.
func databasePage(data []byte) int {
	if len(data) < 0xf0 {
		return 0
	}
	if n := int(le.Uint32(data[0xec:])); n >= 2048 && n <= 32768 && n&(n-1) == 0 {
		return n
	}
	return 0
}

// databaseFields finds the fields of the header, and of the pages and their nodes.
func databaseFields(data []byte) []field {
	size := databasePage(data)
	if size == 0 {
		return nil
	}
	list := []field{
		{4, 4, "signature", nil}, {8, 4, "version", []uint64{0x620, 0x623}}, {0x34, 4, "state", []uint64{1, 2, 3, 4, 5}}, {0xe8, 4, "revision", nil},
		{0xec, 4, "size of a page", []uint64{0, 2048, 4096, 8192, 16384, 32768, 65536}},
	}
	for at := 2 * size; at+size <= len(data); at += size {
		if le.Uint32(data[at+0x18:]) != 0 {
			list = append(list, databasePageFields(data, at, size)...)
		}
	}
	return list
}

// databasePageFields finds the fields of a page and of its first nodes.
func databasePageFields(data []byte, at, size int) []field {
	list := []field{
		{at + 0x10, 4, "previous page", nil}, {at + 0x14, 4, "next page", nil}, {at + 0x18, 4, "object", []uint64{2, 3, 10, 11}},
		{at + 0x22, 2, "number of tags", nil}, {at + 0x24, 4, "flags of a page", []uint64{0x2803, 0x2802, 0x2801, 0x2804, 0x280a, 0x2822, 0x2882}},
	}
	header, mask := 40, 0x1fff
	if size > 8192 {
		header, mask = 80, 0x7fff
	}
	leaf, long := le.Uint32(data[at+0x24:])&2 != 0, le.Uint32(data[at+0x24:])&0x80 != 0
	tags := min(int(le.Uint16(data[at+0x22:])&0xfff), 8)
	for i := range tags {
		tag := at + size - 4*(i+1)
		node := at + header + int(le.Uint16(data[tag+2:]))&mask
		list = append(list, field{tag, 2, "size of a node", nil}, field{tag + 2, 2, "offset of a node", nil})
		end := node + int(le.Uint16(data[tag:]))&mask
		if i == 0 || end > at+size || end-node < 8 {
			continue
		}
		key := node
		compressed := le.Uint16(data[tag+2:])>>13&4 != 0
		if size > 8192 {
			compressed = data[node+1]>>5&4 != 0
		}
		if compressed {
			list = append(list, field{node, 2, "size of a prefix", nil})
			key += 2
		}
		list = append(list, field{key, 2, "size of a key", nil})
		record := key + 2 + int(le.Uint16(data[key:])&0x1fff)
		switch {
		case record+4 > end:
		case !leaf:
			list = append(list, field{record, 4, "page below", []uint64{1, 4, 24, 32}})
		case record+8 > end:
		case long:
			list = append(list, field{record + 4, 4, "size of a long value", nil})
		default:
			list = append(list, rowFields(data, record, end)...)
		}
	}
	return list
}

// rowFields finds the fields of a record.
func rowFields(data []byte, at, end int) []field {
	list := []field{{at, 1, "last fixed column", nil}, {at + 1, 1, "last variable column", nil}, {at + 2, 2, "end of the fixed columns", nil}}
	variable := at + int(le.Uint16(data[at+2:]))
	count := max(0, int(data[at+1])-127)
	if variable+2*count > end {
		return list
	}
	tagged := variable + 2*count
	if count > 0 {
		list = append(list, field{variable, 2, "end of a variable column", nil}, field{tagged - 2, 2, "end of a variable column", nil})
		tagged += int(le.Uint16(data[tagged-2:]) & 0x7fff)
	}
	if tagged+4 <= end {
		list = append(list, field{tagged, 2, "tagged column", []uint64{256, 257, 258, 259}}, field{tagged + 2, 2, "offset of a tagged column", nil})
		if value := tagged + int(le.Uint16(data[tagged+2:])&0x1fff); value < end {
			list = append(list, field{value, 1, "flags of a value", []uint64{0, 1, 2, 4, 8, 0x18, 0x20, 0x40}})
		}
		if tagged+8 <= end {
			list = append(list, field{tagged + 6, 2, "offset of a tagged column", nil})
		}
	}
	return list
}

// withinPage runs change and corrects the checksum of the page around an offset, or that of
// the header.
func withinPage(data []byte, at int, change func()) {
	size := databasePage(data)
	change()
	switch start := 0; {
	case size == 0:
	case at < 2*size:
		if at < size && len(data) >= size {
			le.PutUint32(data, pagesum.XOR(data[:size]))
		}
	default:
		start = at / size * size
		if start+size <= len(data) {
			pagesum.Set(data[start:start+size], uint32(start/size-1))
		}
	}
}

// sampleDatabases returns databases with pages of two kinds.
func sampleDatabases() (map[string][]byte, error) {
	list := map[string][]byte{}
	for name, size := range map[string]int{"small": 2048, "large": 16384} {
		t := esetest.Table{Name: "Rows", Columns: []esetest.Column{
			{Name: "Number", Type: ese.Long}, {Name: "Time", Type: ese.DateTime}, {Name: "Text", Type: ese.Text}, {Name: "Binary", Type: ese.Binary},
			{Name: "LongText", Type: ese.LongText}, {Name: "Several", Type: ese.LongText, Flags: 8}, {Name: "LongBinary", Type: ese.LongBinary},
		}}
		for i := range 40 {
			var packed, several, long any = esetest.Packed{Scheme: esetest.SevenWide, Value: "seven"}, esetest.Several{"one", "two"}, nil
			switch i % 3 {
			case 1:
				packed = esetest.Packed{Scheme: esetest.XPRESS, Value: strings.Repeat("xpress ", 20)}
				several, long = esetest.Several{"one", "two", "three"}, esetest.Long{Value: []byte(strings.Repeat("long ", size/4))}
			case 2:
				packed, several = "plain", nil
			}
			t.Rows = append(t.Rows, []any{i, sampleTime, "text", []byte{1, 2, 3}, packed, several, long})
		}
		b, err := esetest.Bytes(esetest.Database{PageSize: size, Tables: []esetest.Table{t}})
		if err != nil {
			return nil, err
		}
		list[name] = b
	}
	return list, nil
}
