package hostile

import (
	"bytes"

	"github.com/birthmark-dfir/birthmark/mft/vss/vsstest"
)

// The header of the shadow copies, and what each kind of block of 16 KiB has.
var (
	vssHeaderFields = []field{{0, 8, "identifier", nil}, {0x14, 4, "kind of record", nil}, {0x18, 8, "offset of the header", nil}, {0x30, 8, "catalog offset", nil}}
	vssBlockFields  = []field{
		{0, 8, "identifier", nil}, {0x10, 4, "version", nil}, {0x14, 4, "kind of record", []uint64{2, 3, 4, 5, 6}}, {0x18, 8, "relative offset", nil},
		{0x20, 8, "offset of the block", nil}, {0x28, 8, "next block", nil},
	}
	vssEntryFields = []field{
		{0, 8, "catalog entry", []uint64{0, 1, 2, 3}}, {8, 8, "volume size or list", nil}, {0x10, 8, "store identifier", nil},
		{0x20, 8, "sequence or header", nil}, {0x28, 8, "list of ranges", nil}, {0x30, 8, "time or bitmap", nil}, {0x48, 8, "previous bitmap", nil},
	}
	vssDescriptorFields = []field{
		{0, 8, "original offset", nil}, {8, 8, "relative offset of a block", []uint64{1}}, {0x10, 8, "store offset", nil},
		{0x18, 4, "flags", []uint64{0, 1, 2, 3, 4, 0x88}}, {0x1c, 4, "allocation bitmap", nil},
	}
	vssRangeFields = []field{{0, 8, "range offset", nil}, {8, 8, "range in the store", nil}, {0x10, 8, "range size", nil}}
	vssStoreFields = []field{{0x38, 4, "attributes", nil}, {0x40, 2, "name length", nil}}
)

// snapshotFields returns the fields of the shadow copies of a volume: the header, and every
// block with the identifier of the format.
func snapshotFields(data []byte) []field {
	const header, first = 0x1e00, 128
	if len(data) < header+512 {
		return nil
	}
	list := shifted(nil, header, vssHeaderFields)
	id := data[header : header+16]
	for at := vsstest.BlockSize; at+vsstest.BlockSize <= len(data); at += vsstest.BlockSize {
		b := data[at : at+vsstest.BlockSize]
		if !bytes.HasPrefix(b, id) {
			continue
		}
		list = shifted(list, at, vssBlockFields)
		switch le.Uint32(b[0x14:]) {
		case 2:
			list = vssItems(list, b, at, 128, vssEntryFields)
		case 3:
			list = vssItems(list, b, at, 32, vssDescriptorFields)
		case 4:
			list = shifted(list, at+first, vssStoreFields)
		case 5:
			list = vssItems(list, b, at, 24, vssRangeFields)
		case 6:
			list = append(list, field{at + first, 8, "bitmap", nil})
		}
	}
	return list
}

// vssItems returns the fields of the entries of a block, up to the first one of zeros.
func vssItems(list []field, b []byte, at, size int, fields []field) []field {
	for o := 128; o+size <= len(b) && !bytes.Equal(b[o:o+size], make([]byte, size)); o += size {
		list = shifted(list, at+o, fields)
	}
	return list
}
