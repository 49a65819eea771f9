package hostile

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// The parts of an $MFT and of a volume that matter for damage are records and index
// blocks. Both have fixups: the last two bytes of every 512 are stored in a table at
// the beginning of the block.
var (
	recordFields = []field{
		{0, 4, "record signature", nil}, {4, 2, "fixup offset", nil}, {6, 2, "fixup count", nil}, {16, 2, "sequence", nil},
		{18, 2, "links", nil}, {20, 2, "first attribute", nil}, {22, 2, "record flags", nil}, {24, 4, "used size of a record", nil},
		{28, 4, "allocated size of a record", nil}, {32, 4, "base record", nil}, {38, 2, "base sequence", nil},
	}
	attributeFields = []field{
		{0, 4, "attribute type", attributeTypes}, {4, 4, "attribute length", nil}, {8, 1, "non-resident", []uint64{0, 1, 2}},
		{9, 1, "attribute name length", nil}, {10, 2, "attribute name offset", nil},
		{12, 2, "attribute flags", []uint64{0, 1, 2, 0x4000, 0x8000, 0xffff}}, {14, 2, "attribute number", nil},
	}
	attributeTypes    = []uint64{0, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80, 0x90, 0xa0, 0xb0, 0xc0, 0xd0, 0xe0, 0x100, 0xffffffff}
	residentFields    = []field{{16, 4, "content size", nil}, {20, 2, "content offset", nil}}
	nonResidentFields = []field{
		{16, 8, "first VCN", nil}, {24, 8, "last VCN", nil}, {32, 2, "run list offset", nil},
		{34, 2, "compression unit", []uint64{0, 1, 4, 5, 16, 63, 64}}, {40, 8, "allocated size of a stream", nil},
		{48, 8, "size of a stream", nil}, {56, 8, "initialized size", nil},
	}
	fileNameFields = []field{
		{0, 4, "parent entry", nil}, {6, 2, "parent sequence", nil}, {8, 8, "created", nil}, {56, 4, "file flags", nil},
		{64, 1, "file name length", nil}, {65, 1, "namespace", []uint64{0, 1, 2, 3, 4, 255}}, {66, 2, "file name", nil},
	}
	listEntryFields = []field{
		{0, 4, "type in an attribute list", attributeTypes}, {4, 2, "length in an attribute list", nil}, {6, 1, "name length in an attribute list", nil},
		{7, 1, "name offset in an attribute list", nil}, {8, 8, "VCN in an attribute list", nil},
		{16, 4, "record in an attribute list", nil}, {22, 2, "sequence in an attribute list", nil},
	}
	indexHeaderFields = []field{
		{0, 4, "first index entry", nil}, {4, 4, "used size of an index", nil}, {8, 4, "allocated size of an index", nil}, {12, 1, "index has children", nil},
	}
	indexEntryFields = []field{
		{0, 4, "indexed entry", nil}, {6, 2, "indexed sequence", nil}, {8, 2, "index entry length", nil}, {10, 2, "index key length", nil},
		{12, 2, "index entry flags", []uint64{0, 1, 2, 3}},
	}
	bootFields = []field{
		{3, 4, "OEM name", nil}, {11, 2, "bytes per sector", nil}, {13, 1, "sectors per cluster", nil}, {40, 8, "sectors", nil},
		{48, 8, "cluster of the $MFT", nil}, {56, 8, "cluster of the $MFTMirr", nil}, {64, 1, "size of a record", nil},
		{68, 1, "size of an index block", nil}, {510, 2, "boot signature", nil},
	}
)

// recordSize reads the size of a record from its header.
func recordSize(data []byte) int {
	if len(data) >= 48 && bytes.HasPrefix(data, []byte("FILE")) {
		if n := int(le.Uint32(data[28:])); n == 1024 || n == 2048 || n == 4096 {
			return n
		}
	}
	return 1024
}

func mftFields(data []byte) []field {
	var list []field
	size := recordSize(data)
	for at := 0; at+size <= len(data); at += size {
		list = blockFields(list, data, at, size)
	}
	return list
}

// volumeFields returns the fields of the boot sector and of every record and index
// block at any sector. The fields of records 0 to 11, the metadata files, have
// separate kinds, since they are few and everything depends on them.
func volumeFields(data []byte) []field {
	if len(data) < 512 {
		return nil
	}
	list := shifted(nil, 0, bootFields)
	for at := 0; at+1024 <= len(data); at += sector {
		size := blockSize(data, at)
		if size == 0 || at+size > len(data) {
			continue
		}
		had := len(list)
		list = blockFields(list, data, at, size)
		if string(data[at:at+4]) == "FILE" && le.Uint16(data[at+4:]) >= 48 && le.Uint32(data[at+44:]) < 12 {
			for i := range list[had:] {
				list[had+i].kind += " of a metadata file"
			}
		}
	}
	return list
}

// blockSize returns the size of the record or index block at an offset, or 0 if neither
// begins there.
func blockSize(data []byte, at int) int {
	if at+48 > len(data) {
		return 0
	}
	switch string(data[at : at+4]) {
	case "FILE":
		return recordSize(data[at:])
	case "INDX", "RSTR", "RCRD":
		if n := 512 * (int(le.Uint16(data[at+6:])) - 1); n >= 1024 && n <= 65536 {
			return n
		}
	}
	return 0
}

// blockFields adds the fields of a record or an index block.
func blockFields(list []field, data []byte, at, size int) []field {
	block := bytes.Clone(data[at : at+size])
	fixups(block, unfix)
	b := &ntfsBlock{block: block, base: at, fields: list}
	switch string(block[:4]) {
	case "FILE":
		b.add(0, recordFields)
		for _, a := range attributesOf(block) {
			b.attribute(a)
		}
	case "INDX":
		b.add(0, []field{{0, 4, "index signature", nil}, {4, 2, "fixup offset of an index", nil}, {6, 2, "fixup count of an index", nil}, {16, 8, "VCN of an index", nil}})
		b.index(24)
	}
	return b.fields
}

func attributesOf(rec []byte) []span {
	var list []span
	for a := int(le.Uint16(rec[20:])); a >= 42 && a+16 <= len(rec); {
		n := int(int32(le.Uint32(rec[a+4:])))
		if le.Uint32(rec[a:]) == 0xffffffff || n < 24 || n > len(rec)-a {
			break
		}
		list = append(list, span{a, a + n})
		a += n
	}
	return list
}

// An ntfsBlock is a record or index block without fixups.
type ntfsBlock struct {
	block  []byte
	base   int
	fields []field
}

func (b *ntfsBlock) add(at int, structure []field) {
	for _, f := range structure {
		if at+f.at+f.width <= len(b.block) {
			f.at += b.base + at
			b.fields = append(b.fields, f)
		}
	}
}

func (b *ntfsBlock) attribute(a span) {
	b.add(a.start, attributeFields)
	attr := b.block[a.start:a.end]
	if attr[8] != 0 {
		if len(attr) < 64 {
			return
		}
		b.add(a.start, nonResidentFields)
		runs := int(le.Uint16(attr[32:]))
		for i := runs; i < min(len(attr), runs+64) && attr[i] != 0; i += 1 + int(attr[i]&15) + int(attr[i]>>4) {
			low, high := int(attr[i]&15), int(attr[i]>>4)
			b.add(a.start+i, []field{{0, 1, "run header", []uint64{0, 0x11, 0x18, 0x81, 0x88, 0x01, 0x10, 0x0f, 0xf0}},
				{1, max(1, min(low, 8)), "run length", nil}, {1 + low, max(1, min(high, 8)), "run offset", nil}})
		}
		return
	}
	b.add(a.start, residentFields)
	at, size := a.start+int(le.Uint16(attr[20:])), int(int32(le.Uint32(attr[16:])))
	if size < 0 || size > a.end-at {
		return
	}
	switch le.Uint32(attr) {
	case 0x20:
		for size >= 26 {
			b.add(at, listEntryFields)
			n := int(le.Uint16(b.block[at+4:]))
			if n < 26 {
				break
			}
			at, size = at+n, size-n
		}
	case 0x30:
		b.add(at, fileNameFields)
	case 0x90:
		b.add(at, []field{{0, 4, "indexed attribute", nil}, {4, 4, "collation", nil}, {8, 4, "index block size", nil}, {12, 1, "clusters per index block", nil}})
		b.index(at + 16)
	case 0xc0:
		b.add(at, []field{{0, 4, "reparse tag", nil}, {4, 2, "reparse size", nil}, {8, 2, "substitute name offset", nil}, {10, 2, "substitute name length", nil}})
	default:
		for i := 0; i+4 <= min(size, 128); i += 4 {
			b.add(at, []field{{i, 4, "number in a resident attribute", nil}})
		}
	}
}

// index adds the fields of an index header and its entries.
func (b *ntfsBlock) index(at int) {
	b.add(at, indexHeaderFields)
	if at+16 > len(b.block) {
		return
	}
	end := min(len(b.block), at+int(le.Uint16(b.block[at+4:])))
	for e := at + int(le.Uint16(b.block[at:])); e+16 <= end; {
		b.add(e, indexEntryFields)
		n := int(le.Uint16(b.block[e+8:]))
		if le.Uint16(b.block[e+10:]) >= 66 {
			b.add(e+16, fileNameFields)
		}
		if n < 16 || le.Uint16(b.block[e+12:])&2 != 0 {
			break
		}
		if le.Uint16(b.block[e+12:])&1 != 0 {
			b.add(e+n-8, []field{{0, 8, "index child", nil}})
		}
		e += n
	}
}

// withinBlock removes the fixups of the block around an offset, runs change, and
// applies the fixups again.
func withinBlock(data []byte, at int, change func()) {
	for start := at &^ (sector - 1); start >= 0 && at-start < 65536; start -= sector {
		if size := blockSize(data, start); size > at-start && start+size <= len(data) {
			if at-start < 8 {
				break // the fixups themselves
			}
			fixups(data[start:start+size], unfix)
			change()
			fixups(data[start:start+size], fix)
			return
		}
	}
	change()
}

func unfix(end, saved, _ []byte) { copy(end, saved) }

func fix(end, saved, number []byte) {
	copy(saved, end)
	copy(end, number)
}

// fixups calls do for every stride of 512 bytes in a block, with its last two bytes,
// the bytes of the table that store them, and the update sequence number. It does not
// touch a block whose table does not match its size.
func fixups(block []byte, do func(end, saved, number []byte)) {
	usa, count := int(le.Uint16(block[4:])), int(le.Uint16(block[6:]))
	if count != len(block)/512+1 || usa < 8 || usa+2*count > 510 {
		return
	}
	for i := 1; i < count; i++ {
		do(block[512*i-2:512*i], block[usa+2*i:usa+2*i+2], block[usa:usa+2])
	}
}

// mftFootprints returns the footprints of files. For a file, "5-5", these are its
// record and extension records. For its path, "5-5 path", and for all its content,
// "5-5 whole", these are also the records of all directories above it.
func mftFootprints(data []byte) footprints {
	size := recordSize(data)
	count := len(data) / size
	records := make([][]Range, count) // with extensions
	parents := make([][]int, count)
	for n := range count {
		rec := bytes.Clone(data[n*size : (n+1)*size])
		own := Range{int64(n * size), int64((n + 1) * size)}
		records[n] = append(records[n], own)
		if string(rec[:4]) != "FILE" {
			continue
		}
		fixups(rec, unfix)
		base := n
		if b := int(int32(le.Uint32(rec[32:]))); b > 0 && b < count {
			base = b
			records[b] = append(records[b], own)
		}
		for _, a := range attributesOf(rec) {
			at := a.start + int(le.Uint16(rec[a.start+20:]))
			if le.Uint32(rec[a.start:]) != 0x30 || rec[a.start+8] != 0 || at+4 > size {
				continue
			}
			if p := int(int32(le.Uint32(rec[at:]))); p >= 0 && p < count {
				parents[base] = append(parents[base], p)
			}
		}
	}
	return func(key string, _ int64) []Range {
		n := entryOf(key)
		if n < 0 || n >= count {
			return nil
		}
		if !strings.Contains(key, " ") {
			return merged(slices.Clone(records[n]))
		}
		var list []Range
		seen := map[int]bool{n: true}
		for line := []int{n}; len(line) > 0; line = line[1:] {
			list = append(list, records[line[0]]...)
			for _, p := range parents[line[0]] {
				if !seen[p] {
					seen[p] = true
					line = append(line, p)
				}
			}
		}
		return merged(list)
	}
}

// entryOf returns the entry in a key that begins with a file reference, or −1 if the
// key does not.
func entryOf(key string) int {
	number, _, _ := strings.Cut(key, "-")
	n, err := strconv.Atoi(number)
	if err != nil {
		return -1
	}
	return n
}

// volumeFootprints returns the footprints of files in a volume: the record of the
// file, its extension records, the boot sector, and the record of the $MFT itself. The
// content of clusters is not judged.
func volumeFootprints(data []byte) footprints {
	if len(data) < 512 {
		return byOffset(nil)
	}
	cluster := int64(le.Uint16(data[11:])) * int64(data[13])
	first := int64(le.Uint64(data[48:])) * cluster
	if first <= 0 || first > int64(len(data)-1024) {
		return byOffset(nil)
	}
	size := int64(recordSize(data[first:]))
	extensions := map[int][]Range{} // by the entry of the base record
	for at := int64(0); at+size <= int64(len(data)); at += sector {
		if string(data[at:at+4]) == "FILE" {
			if base := int(int32(le.Uint32(data[at+32:]))); base > 0 {
				extensions[base] = append(extensions[base], Range{at, at + size})
			}
		}
	}
	return func(key string, offset int64) []Range {
		if offset < 0 {
			return nil
		}
		own := []Range{{0, 512}, {first, first + size}, {offset, offset + size}}
		return merged(append(own, extensions[entryOf(key)]...))
	}
}
