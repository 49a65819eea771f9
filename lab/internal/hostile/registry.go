package hostile

import "bytes"

// A hive has a base block of 4 KiB, then bins that are filled with cells. Cell
// offsets count from the first bin, at this offset.
const hiveBins = 4096

var (
	baseBlockFields = []field{
		{0, 4, "hive signature", nil}, {4, 4, "primary sequence number", nil}, {8, 4, "secondary sequence number", nil},
		{20, 4, "major version", nil}, {24, 4, "minor version", nil}, {28, 4, "file type", nil}, {32, 4, "file format", nil},
		{36, 4, "root cell", nil}, {40, 4, "length of the bins", nil}, {44, 4, "clustering factor", nil},
	}
	binFields = []field{{0, 4, "bin signature", nil}, {4, 4, "bin offset", nil}, {8, 4, "bin size", nil}}
	nkFields  = []field{
		{6, 2, "key flags", nil}, {20, 4, "parent", nil}, {24, 4, "number of subkeys", nil}, {28, 4, "volatile subkeys", nil},
		{32, 4, "subkey list", nil}, {36, 4, "volatile list", nil}, {40, 4, "number of values", nil}, {44, 4, "value list", nil},
		{48, 4, "security", nil}, {52, 4, "class", nil}, {76, 2, "key name length", nil}, {78, 2, "class length", nil}, {80, 2, "key name", nil},
	}
	vkFields = []field{
		{6, 2, "value name length", nil}, {8, 4, "data size", nil}, {12, 4, "data", nil}, {16, 4, "data type", nil},
		{20, 2, "value flags", nil}, {24, 2, "value name", nil},
	}
	skFields = []field{
		{8, 4, "next security", nil}, {12, 4, "previous security", nil}, {16, 4, "references", nil}, {20, 4, "descriptor size", nil},
		{28, 4, "owner offset", nil}, {40, 4, "DACL offset", nil},
	}
	dbFields = []field{{6, 2, "segments", nil}, {8, 4, "segment list", nil}}
	// The fields that refer to another cell.
	references = map[string]bool{
		"root cell": true, "parent": true, "subkey list": true, "value list": true, "security": true, "class": true,
		"data": true, "next security": true, "segment list": true, "value of a list": true, "segment of a list": true,
		"key of an lf": true, "key of an lh": true, "key of an li": true, "list of an ri": true,
	}
	sizes = []uint64{0, 1, 4, 5, 344, 345, 16344, 16345, 32688, 0x7fffffff, 0x80000000, 0x80000004, 0x80000005, 0xffffffff}
)

// A hive reads the cells of a sound hive.
type hive struct {
	data   []byte
	fields []field
	prints map[int64][]Range
	seen   map[int]bool // offsets of keys and lists
}

func isHive(data []byte) bool {
	return len(data) >= hiveBins+64 && bytes.HasPrefix(data, []byte("regf"))
}

func hiveFields(data []byte) []field {
	if !isHive(data) {
		return nil
	}
	h := &hive{data: data, fields: shifted(nil, 0, baseBlockFields), seen: map[int]bool{}}
	h.key(int(le.Uint32(data[36:])), nil, 0)
	var cells []uint64
	for bin := hiveBins; bin+32 < len(data) && string(data[bin:bin+4]) == "hbin"; {
		h.fields = shifted(h.fields, bin, binFields)
		size := int(le.Uint32(data[bin+8:]))
		if size < 4096 || size > len(data)-bin {
			break
		}
		for at := bin + 32; at+4 <= bin+size; {
			n := int(int32(le.Uint32(data[at:])))
			kind := "size of a cell in use"
			if n > 0 {
				kind = "size of a free cell"
			}
			if n = max(n, -n); n < 8 || n > bin+size-at {
				break
			}
			h.fields = append(h.fields, field{at, 4, kind, sizes})
			cells = append(cells, uint64(at-hiveBins))
			at += n
		}
		bin += size
	}
	for i, f := range h.fields {
		switch {
		case references[f.kind]:
			h.fields[i].values = cells
		case f.kind == "data size":
			h.fields[i].values = sizes
		}
	}
	return h.fields
}

// hiveFootprints returns the footprints of keys, values and data. For a key these are
// its node and all nodes and lists from the root down to it; for a value, also the
// list of values and the value's cell; for data, also the cell that holds it. Data in
// several segments is not judged.
func hiveFootprints(data []byte) footprints {
	if !isHive(data) {
		return byOffset(nil)
	}
	h := &hive{data: data, prints: map[int64][]Range{}, seen: map[int]bool{}}
	h.key(int(le.Uint32(data[36:])), []Range{{0, 4}, {36, 40}}, 0)
	return byOffset(h.prints)
}

// cell returns the offset and the length of a cell's content, or 0 and 0 if there
// cannot be a cell at this offset. It does not read format 1.1.
func (h *hive) cell(offset int) (at, n int) {
	at = hiveBins + offset
	if offset < 32 || offset%8 != 0 || at+8 > len(h.data) {
		return 0, 0
	}
	n = -int(int32(le.Uint32(h.data[at:])))
	if n < 8 || n > len(h.data)-at {
		return 0, 0
	}
	return at + 4, n - 4
}

func (h *hive) reference(at int) int { return int(int32(le.Uint32(h.data[at:]))) }

func (h *hive) note(at int, structure []field) { h.fields = shifted(h.fields, at-4, structure) }

func cellRange(at, n int) Range { return Range{int64(at - 4), int64(at + n)} }

// key walks a key and everything below it. Path is the ancestors and lists that lead
// to it.
func (h *hive) key(offset int, path []Range, depth int) {
	at, n := h.cell(offset)
	if n < 76 || depth > 512 || h.seen[at] || string(h.data[at:at+2]) != "nk" {
		return
	}
	h.seen[at] = true
	h.note(at, nkFields)
	path = with(path, cellRange(at, n))
	h.print(at, path)
	h.values(at, path)
	if sk, size := h.cell(h.reference(at + 44)); size >= 20 {
		h.note(sk, skFields)
	}
	if le.Uint32(h.data[at+20:]) > 0 {
		h.list(h.reference(at+28), path, depth)
	}
}

// list walks a list of keys, or of lists.
func (h *hive) list(offset int, path []Range, depth int) {
	at, n := h.cell(offset)
	if n < 4 || depth > 512 || h.seen[at] {
		return
	}
	h.seen[at] = true
	kind := string(h.data[at : at+2])
	step := 4
	switch kind {
	case "lf", "lh":
		step = 8
	case "li", "ri":
	default:
		return
	}
	count := int(le.Uint16(h.data[at+2:]))
	h.fields = append(h.fields, field{at, 2, "list signature", nil}, field{at + 2, 2, "count of an " + kind, nil})
	path = with(path, cellRange(at, n))
	for i := range min(count, (n-4)/step) {
		element := at + 4 + step*i
		if kind == "ri" {
			h.fields = append(h.fields, field{element, 4, "list of an ri", nil})
			h.list(h.reference(element), path, depth+1)
			continue
		}
		h.fields = append(h.fields, field{element, 4, "key of an " + kind, nil})
		if step == 8 {
			h.fields = append(h.fields, field{element + 4, 4, "hash of an " + kind, nil})
		}
		h.key(h.reference(element), path, depth+1)
	}
}

// values walks the values of a key node.
func (h *hive) values(nk int, path []Range) {
	list, n := h.cell(h.reference(nk + 40))
	count := int(int32(le.Uint32(h.data[nk+36:])))
	if n == 0 {
		return
	}
	path = with(path, cellRange(list, n))
	for i := range max(0, min(count, n/4)) {
		h.fields = append(h.fields, field{list + 4*i, 4, "value of a list", nil})
		vk, n := h.cell(h.reference(list + 4*i))
		if n < 20 || string(h.data[vk:vk+2]) != "vk" {
			continue
		}
		h.note(vk, vkFields)
		path := with(path, cellRange(vk, n))
		h.print(vk, path)
		if size := le.Uint32(h.data[vk+4:]); size > 0 && size < 1<<31 { // otherwise the offset field holds the data
			h.content(h.reference(vk+8), path)
		}
	}
}

// content walks the cells of a value's data.
func (h *hive) content(offset int, path []Range) {
	at, n := h.cell(offset)
	if n == 0 {
		return
	}
	h.print(at, with(path, cellRange(at, n)))
	if n < 8 || string(h.data[at:at+2]) != "db" {
		return
	}
	h.note(at, dbFields)
	list, size := h.cell(h.reference(at + 4))
	for i := range min(int(le.Uint16(h.data[at+2:])), size/4) {
		h.fields = append(h.fields, field{list + 4*i, 4, "segment of a list", nil})
	}
}

// print notes the footprint of the content of a cell. Data that several values share
// has the footprints of all of them.
func (h *hive) print(at int, path []Range) {
	if h.prints != nil {
		at := int64(at - 4)
		h.prints[at] = append(h.prints[at], path...)
	}
}

// with returns a path with one more cell. It does not change arrays that other paths
// share.
func with(path []Range, cell Range) []Range {
	return append(path[:len(path):len(path)], cell)
}

// withinHive runs change, then corrects the checksum of the base block.
func withinHive(data []byte, at int, change func()) {
	change()
	if at < 512 && len(data) >= 512 {
		sealBaseBlock(data)
	}
}

// sealBaseBlock writes the checksum of the base block: the exclusive or of its first
// 508 bytes as numbers of 4 bytes, with 1 instead of 0 and −2 instead of −1.
func sealBaseBlock(hive []byte) {
	sum := uint32(0)
	for at := 0; at < 508; at += 4 {
		sum ^= le.Uint32(hive[at:])
	}
	switch sum {
	case 0:
		sum = 1
	case 1<<32 - 1:
		sum = 1<<32 - 2
	}
	le.PutUint32(hive[508:], sum)
}
