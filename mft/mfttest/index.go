package mfttest

import (
	"cmp"
	"slices"

	"github.com/birthmark-dfir/birthmark/mft"
)

// collation orders the keys of an index.
type collation uint32

const (
	collateFileName     collation = 0x01
	collateUint32       collation = 0x10
	collateSecurityHash collation = 0x12
	collateUint32s      collation = 0x13
)

// indexEntry is an entry of an index. Head is its first eight bytes.
type indexEntry struct {
	head uint64
	key  []byte
	data []byte         // of an entry in a view
	sort []byte         // what collateFileName compares
	left mft.EntryState // of an entry in slack
}

func compareEntries(rule collation) func(a, b indexEntry) int {
	return func(a, b indexEntry) int {
		switch rule {
		case collateFileName:
			return compareUnits(a.sort, b.sort)
		case collateSecurityHash:
			return cmp.Or(cmp.Compare(le.Uint32(a.key), le.Uint32(b.key)), cmp.Compare(le.Uint32(a.key[4:]), le.Uint32(b.key[4:])))
		case collateUint32s:
			for i := 0; i < min(len(a.key), len(b.key)); i += 4 {
				if c := cmp.Compare(le.Uint32(a.key[i:]), le.Uint32(b.key[i:])); c != 0 {
					return c
				}
			}
		}
		return cmp.Compare(le.Uint32(a.key), le.Uint32(b.key))
	}
}

// compareUnits compares UTF-16LE by units.
func compareUnits(a, b []byte) int {
	for i := 0; i < min(len(a), len(b)); i += 2 {
		if c := cmp.Compare(le.Uint16(a[i:]), le.Uint16(b[i:])); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

// indexItem is an encoded entry, with the block below it whose keys come before.
type indexItem struct {
	raw   []byte
	child int // the block, or -1
}

func encodeEntry(e indexEntry) []byte {
	b := make([]byte, align(0x10+len(e.key)+len(e.data), 8))
	le.PutUint64(b, e.head)
	if e.data != nil {
		le.PutUint16(b, uint16(0x10+len(e.key)))
		le.PutUint16(b[2:], uint16(len(e.data)))
	}
	le.PutUint16(b[0x08:], uint16(len(b)))
	le.PutUint16(b[0x0a:], uint16(len(e.key)))
	copy(b[0x10:], e.key)
	copy(b[0x10+len(e.key):], e.data)
	return b
}

// indexBlockSize is the size of the blocks of all indexes.
const indexBlockSize = 4096

// indexUnit returns the unit in which the VCNs of index blocks count, in bytes.
func (w *writer) indexUnit() int {
	if w.ClusterSize > indexBlockSize {
		return 512
	}
	return w.ClusterSize
}

// bigIndexLen is the length of $INDEX_ALLOCATION and $BITMAP in a record.
const bigIndexLen = 0x58 + 0x28

// index is an index before it is written.
type index struct {
	root   []byte
	blocks [][]byte
	used   int    // of the blocks
	left   []byte // for the slack of the record
}

// indexAttributes returns the attributes of an index. Room is how many bytes the
// record has for the root node and, if there are more nodes, for bigIndexLen.
func (w *writer) indexAttributes(name string, typ mft.AttributeType, rule collation, entries []indexEntry, room int) []*attribute {
	x := w.index(typ, rule, entries, room)
	return x.attributes(w, name)
}

// index puts entries into nodes.
func (w *writer) index(typ mft.AttributeType, rule collation, entries []indexEntry, room int) (x index) {
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, compareEntries(rule))
	items := make([]indexItem, len(entries))
	for i, e := range entries {
		items[i] = indexItem{encodeEntry(e), -1}
	}
	last := -1 // the block after the last item
	if nodeLen(items, last) > room {
		room -= bigIndexLen
	}
	for nodeLen(items, last) > room && (last < 0 || len(items) > 0) {
		items, last = w.fillBlocks(&x.blocks, items, last)
	}
	x.used = len(x.blocks)
	x.root = make([]byte, 0x10, 0x100)
	le.PutUint32(x.root, uint32(typ))
	le.PutUint32(x.root[0x04:], uint32(rule))
	le.PutUint32(x.root[0x08:], indexBlockSize)
	x.root[0x0c] = byte(indexBlockSize / w.indexUnit())
	x.root = append(x.root, w.encodeNode(items, last, 0x10, 0)...)
	return x
}

// attributes returns the attributes of an index.
func (x *index) attributes(w *writer, name string) []*attribute {
	attrs := []*attribute{{typ: mft.AttrIndexRoot, name: name, value: x.root}}
	if len(x.blocks) == 0 {
		return attrs
	}
	bitmap := make([]byte, align((len(x.blocks)+7)/8, 8))
	for i, b := range x.blocks {
		protect(b, blockFixups)
		if i < x.used {
			bitmap[i/8] |= 1 << (i % 8)
		}
	}
	return append(attrs,
		w.stored(mft.AttrIndexAllocation, name, slices.Concat(x.blocks...)),
		&attribute{typ: mft.AttrBitmap, name: name, value: bitmap})
}

func nodeLen(items []indexItem, last int) int {
	n := 0x10 + endLen(last)
	for _, it := range items {
		n += it.len()
	}
	return n
}

func (it indexItem) len() int { return len(it.raw) + endLen(it.child) - 0x10 }

// endLen is the length of an entry without a key.
func endLen(child int) int {
	if child >= 0 {
		return 0x18
	}
	return 0x10
}

const (
	blockNode    = 0x18 // offset of the node in a block
	blockFixups  = 0x28
	blockEntries = (blockFixups + 2*(indexBlockSize/stride+1) + 7) &^ 7
)

// encodeBlock returns the block with that number, before its fixups.
func (w *writer) encodeBlock(number int, items []indexItem, end int) []byte {
	b := make([]byte, blockNode, indexBlockSize)
	b = append(b, w.encodeNode(items, end, blockEntries-blockNode, indexBlockSize-blockNode)...)
	b = b[:indexBlockSize]
	copy(b, "INDX")
	le.PutUint16(b[0x04:], blockFixups)
	le.PutUint16(b[0x06:], indexBlockSize/stride+1)
	le.PutUint64(b[0x10:], uint64(number*indexBlockSize/w.indexUnit()))
	return b
}

// fillBlocks puts items into blocks and returns the items between the blocks, for
// the level above.
func (w *writer) fillBlocks(blocks *[][]byte, items []indexItem, last int) (up []indexItem, rightmost int) {
	flush := func(items []indexItem, end int) int {
		*blocks = append(*blocks, w.encodeBlock(len(*blocks), items, end))
		return len(*blocks) - 1
	}
	for {
		n, size := 0, blockEntries+endLen(0)
		for n < len(items) && size+items[n].len() <= indexBlockSize {
			size += items[n].len()
			n++
		}
		if n == len(items) {
			return up, flush(items, last)
		}
		if n == len(items)-1 {
			n-- // the last block is not left empty
		}
		block := flush(items[:n], items[n].child)
		up = append(up, indexItem{items[n].raw, block})
		items = items[n+1:]
	}
}

// encodeNode encodes a node whose entries begin at off. If allocated is 0, the
// node is allocated the length that it has.
func (w *writer) encodeNode(items []indexItem, last, off, allocated int) []byte {
	b := make([]byte, off)
	for _, it := range items {
		b = w.appendEntry(b, it.raw, it.child, 0)
	}
	b = w.appendEntry(b, make([]byte, 0x10), last, 2)
	le.PutUint32(b, uint32(off))
	le.PutUint32(b[0x04:], uint32(len(b)))
	le.PutUint32(b[0x08:], uint32(max(allocated, len(b))))
	if last >= 0 {
		b[0x0c] = 1
	}
	return b
}

func (w *writer) appendEntry(b, raw []byte, child int, flags byte) []byte {
	start := len(b)
	b = append(b, raw...)
	if child >= 0 {
		flags |= 1
		b = le.AppendUint64(b, uint64(child*indexBlockSize/w.indexUnit()))
	}
	le.PutUint16(b[start+0x08:], uint16(len(b)-start))
	b[start+0x0c] |= flags
	return b
}
