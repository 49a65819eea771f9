package mft

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/birthmark-dfir/birthmark/damage"
)

// An index is a B-tree. $INDEX_ROOT holds its root node, in bytes from the
// beginning of its value:
//
//	0x00  4  type of the attribute that is indexed, 0 for views
//	0x04  4  collation rule
//	0x08  4  bytes per index block
//	0x0c  1  clusters per index block
//	0x10  …  node
//
// $INDEX_ALLOCATION holds the others in blocks; $BITMAP records which of them are
// in use. A block, in bytes from its beginning:
//
//	0x00  4  signature "INDX"
//	0x04  4  update sequence array, see fixup.go
//	0x08  8  $LogFile sequence number
//	0x10  8  VCN of this block, in clusters or, if blocks are smaller, in 512 bytes
//	0x18  …  node
//
// A node, in bytes from its beginning:
//
//	0x00  4  offset of the first entry
//	0x04  4  bytes used, with this header
//	0x08  4  bytes allocated, with this header
//	0x0c  4  1 if entries have child nodes
//
// An entry, in bytes from its beginning:
//
//	0x00  8  file reference; in a view, 0x00 2 offset and 0x02 2 length of the data
//	0x08  2  length of the entry
//	0x0a  2  length of the key
//	0x0c  2  flags: 1 has a child node, 2 last of the node and without key
//	0x10  …  key
const (
	indexRootLen       = 0x10
	indexBlockLen      = 0x18
	indexNodeLen       = 0x10
	indexEntryLen      = 0x10
	indexEntryLast     = 0x02
	signatureIndex     = "INDX"
	directoryIndexName = "$I30"
)

// indexEntry is an entry of an index.
type indexEntry struct {
	raw    []byte // from the beginning of the entry
	key    []byte
	offset int64 // of the key, in the $MFT or the volume
}

// data returns the data of an entry of a view.
func (e indexEntry) data() []byte {
	off, n := int(binary.LittleEndian.Uint16(e.raw)), int(binary.LittleEndian.Uint16(e.raw[2:]))
	if off > len(e.raw) || n > len(e.raw)-off {
		return nil
	}
	return e.raw[off : off+n]
}

// index reads all entries of the index with that name. It does not follow the tree
// but reads every node in use, so that a damaged node loses only its own entries.
// An entry is valid only during the call of entry.
func (v *Volume) index(rec *Record, name string, entry func(indexEntry), note func(error)) {
	rootStream, ok := rec.stream(AttrIndexRoot, name)
	if !ok {
		note(damage.New("$INDEX_ROOT", rec.Offset, "none", name))
		return
	}
	root := rootStream.Value
	if len(root) < indexRootLen+indexNodeLen {
		note(damage.Truncated("$INDEX_ROOT", rootStream.Offset, indexRootLen+indexNodeLen, int64(len(root))))
		return
	}
	if err := nodeEntries(root[indexRootLen:], rootStream.Offset+indexRootLen, entry); err != nil {
		note(err)
	}
	alloc, ok := rec.stream(AttrIndexAllocation, name)
	if !ok {
		return
	}
	x, err := newExtents(&v.clusters, &alloc)
	if err != nil {
		note(err)
		return
	}
	size := int64(binary.LittleEndian.Uint32(root[0x08:]))
	if size < fixupStride || size > maxClusterSize || size&(size-1) != 0 {
		note(damage.New("bytes per index block", rootStream.Offset+0x08, size, v.boot.indexSize))
		size = v.boot.indexSize
	}
	// With holes and overlapping runs the size may be any number: that of the
	// volume bounds it.
	blocks := min(x.size, x.mapped(), v.size) / size
	if err := v.indexes.spend(rec.Entry, blocks*size, alloc.Offset); err != nil {
		note(err)
		return
	}
	used := v.indexBitmap(rec, name, blocks, note)
	unit := v.unit // of VCNs, in bytes
	if size < unit {
		unit = 512
	}
	block := make([]byte, size)
	for n := range blocks {
		if used != nil && (n/8 >= int64(len(used)) || used[n/8]>>(n%8)&1 == 0) {
			continue
		}
		if err := v.indexBlock(x, block, n*size, uint64(n*size/unit), entry); err != nil {
			note(err)
		}
	}
}

// indexBitmap returns the bits of the index blocks in use, or nil for all blocks.
// It cuts off the part of the bitmap that is beyond the given number of blocks.
func (v *Volume) indexBitmap(rec *Record, name string, blocks int64, note func(error)) []byte {
	s, ok := rec.stream(AttrBitmap, name)
	if !ok {
		note(damage.New("$BITMAP", rec.Offset, "none", name))
		return nil
	}
	s.Size = min(s.Size, uint64(blocks+7)/8)
	s.InitializedSize = min(s.InitializedSize, s.Size)
	b, err := v.mft.content(&s, v.size)
	if err != nil {
		note(err)
		return nil
	}
	return b
}

// indexBlock reads the block at offset off of x into block, and its entries.
func (v *Volume) indexBlock(x *extents, block []byte, off int64, vcn uint64, entry func(indexEntry)) error {
	if _, err := x.ReadAt(block, off); err != nil && err != io.EOF {
		return err
	}
	base := int64(-1)
	if e, ok := x.at(off); ok {
		base = e.volume
	}
	if string(block[:4]) != signatureIndex {
		return damage.New("index block signature", base, fmt.Sprintf("%q", block[:4]), signatureIndex)
	}
	var torn error
	applyFixups(block, base, func(_ damage.Kind, err error, _ string) { torn = err })
	if got := binary.LittleEndian.Uint64(block[0x10:]); got != vcn {
		return damage.New("VCN of the index block", base+0x10, got, vcn)
	}
	if err := nodeEntries(block[indexBlockLen:], base+indexBlockLen, entry); err != nil {
		return err
	}
	return torn
}

// nodeEntries calls entry for the entries of the node b at offset base.
func nodeEntries(b []byte, base int64, entry func(indexEntry)) error {
	off, used := uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[0x04:]))
	if off < indexNodeLen || off > used || used > uint64(len(b)) {
		return damage.New("index node", base, fmt.Sprintf("entries from %d to %d", off, used),
			fmt.Sprintf("inside %d to %d", indexNodeLen, len(b)))
	}
	for pos := off; ; {
		e := b[pos:used]
		if len(e) < indexEntryLen {
			return damage.Truncated("index entry", base+int64(pos), indexEntryLen, int64(len(e)))
		}
		n, key := uint64(binary.LittleEndian.Uint16(e[0x08:])), uint64(binary.LittleEndian.Uint16(e[0x0a:]))
		if n < indexEntryLen || n > uint64(len(e)) {
			return damage.New("length of the index entry", base+int64(pos)+0x08, n, fmt.Sprintf("%d to %d", indexEntryLen, len(e)))
		}
		if binary.LittleEndian.Uint16(e[0x0c:])&indexEntryLast != 0 {
			return nil
		}
		if key > n-indexEntryLen {
			return damage.Truncated("key of the index entry", base+int64(pos)+indexEntryLen, int64(key), int64(n-indexEntryLen))
		}
		entry(indexEntry{raw: e[:n:n], key: e[indexEntryLen : indexEntryLen+key], offset: base + int64(pos) + indexEntryLen})
		pos += n
	}
}
