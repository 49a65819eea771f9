package hostile

import "bytes"

var (
	recordFields = []field{
		{4, 2, "fixup offset"}, {6, 2, "fixup count"}, {16, 2, "sequence"}, {18, 2, "links"}, {20, 2, "first attribute"},
		{22, 2, "flags"}, {24, 4, "used size"}, {28, 4, "allocated size"}, {32, 4, "base record"}, {38, 2, "base sequence"},
	}
	attributeFields = []field{
		{0, 4, "attribute type"}, {4, 4, "attribute length"}, {8, 1, "non-resident"}, {9, 1, "name length"},
		{10, 2, "name offset"}, {12, 2, "attribute flags"},
	}
	residentFields    = []field{{16, 4, "content size"}, {20, 2, "content offset"}}
	nonResidentFields = []field{
		{16, 8, "first VCN"}, {24, 8, "last VCN"}, {32, 2, "run list offset"}, {34, 2, "compression unit"},
		{40, 8, "allocated size"}, {48, 8, "size"}, {56, 8, "initialized size"},
	}
	bootFields = []field{
		{11, 2, "bytes per sector"}, {13, 1, "sectors per cluster"}, {40, 8, "sectors"}, {48, 8, "cluster of the $MFT"},
		{56, 8, "cluster of the $MFTMirr"}, {64, 1, "record size"}, {68, 1, "index block size"},
	}
	indexFields = []field{
		{24, 4, "first entry"}, {28, 4, "used size"}, {32, 4, "allocated size"}, {36, 1, "has children"},
		{40, 8, "file reference"}, {48, 2, "entry length"}, {50, 2, "key length"}, {52, 2, "entry flags"},
	}
)

// recordSize reads the size of a record from its header.
func recordSize(data []byte) int {
	if len(data) >= 48 && bytes.HasPrefix(data, []byte("FILE")) {
		if n := int(le.Uint32(data[28:])); n == 1024 || n == 4096 {
			return n
		}
	}
	return 1024
}

func mftUnit(size, offset int64) Range {
	start := offset &^ 1023
	return Range{start, min(size, start+1024)}
}

func damageMFT(m *mutator) bool {
	size := recordSize(m.Data)
	if len(m.Data) < size {
		return false
	}
	return m.damageRecord(size*m.rand.IntN(len(m.Data)/size), size)
}

// damageVolume changes the boot sector, a record or an index block.
func damageVolume(m *mutator) bool {
	if len(m.Data) < 512 {
		return false
	}
	signature, fields := []byte("FILE"), recordFields
	switch m.rand.IntN(8) {
	case 0:
		return m.oneOf(0, bootFields)
	case 1, 2:
		signature, fields = []byte("INDX"), indexFields
	}
	blocks := allIndexes(m.Data, signature, 512)
	if len(blocks) == 0 {
		return false
	}
	at := blocks[m.rand.IntN(len(blocks))]
	if signature[0] == 'I' {
		return m.fixedUp(at, 4096, func() bool { return m.oneOf(at, fields) })
	}
	return m.damageRecord(at, recordSize(m.Data[at:]))
}

func (m *mutator) damageRecord(at, size int) bool {
	if at+size > len(m.Data) || !bytes.HasPrefix(m.Data[at:], []byte("FILE")) {
		return false
	}
	if m.rand.IntN(5) == 0 {
		return m.oneOf(at, recordFields)
	}
	return m.fixedUp(at, size, func() bool { return m.damageAttribute(at, size) })
}

func (m *mutator) damageAttribute(at, size int) bool {
	rec := m.Data[at : at+size]
	var attributes []span
	for a := int(le.Uint16(rec[20:])); a >= 42 && a+16 <= size; {
		length := int(le.Uint32(rec[a+4:]))
		if le.Uint32(rec[a:]) == 0xffffffff || length < 16 || length > size-a {
			break
		}
		attributes = append(attributes, span{a, a + length})
		a += length
	}
	if len(attributes) == 0 {
		return false
	}
	attr := attributes[m.rand.IntN(len(attributes))]
	base := at + attr.start
	resident := rec[attr.start+8] == 0
	switch pick := m.rand.IntN(3); {
	case pick == 0:
		return m.oneOf(base, attributeFields)
	case pick == 1 && resident:
		return m.oneOf(base, residentFields)
	case pick == 1:
		return m.oneOf(base, nonResidentFields)
	case resident: // a number in the content: a name length, a reference, a size
		from := int(le.Uint16(rec[attr.start+20:]))
		return m.number(base+from+m.rand.IntN(max(1, attr.end-attr.start-from)), 1<<m.rand.IntN(4), "number in the content")
	}
	from := int(le.Uint16(rec[attr.start+32:])) // the run list
	return m.number(base+from+m.rand.IntN(max(1, attr.end-attr.start-from)), 1, "run list")
}

// fixedUp undoes the fixup of a block, lets change work on it, and applies the
// fixup again.
func (m *mutator) fixedUp(at, size int, change func() bool) bool {
	if at+size > len(m.Data) {
		return false
	}
	block := m.Data[at : at+size]
	usa, count := int(le.Uint16(block[4:])), int(le.Uint16(block[6:]))
	if count != size/512+1 || usa+2*count > size {
		return false
	}
	for i := 1; i < count; i++ {
		copy(block[512*i-2:512*i], block[usa+2*i:])
	}
	done := change()
	for i := 1; i < count; i++ {
		copy(block[usa+2*i:usa+2*i+2], block[512*i-2:])
		copy(block[512*i-2:512*i], block[usa:usa+2])
	}
	return done
}
