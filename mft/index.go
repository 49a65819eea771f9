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
	block  int64 // in $INDEX_ALLOCATION, or rootNode
}

// data returns the data of an entry of a view.
func (e indexEntry) data() []byte {
	off, n := int(binary.LittleEndian.Uint16(e.raw)), int(binary.LittleEndian.Uint16(e.raw[2:]))
	if off > len(e.raw) || n > len(e.raw)-off {
		return nil
	}
	return e.raw[off : off+n]
}

// indexVisitor gets what is in an index. What it gets is valid only during the call.
type indexVisitor struct {
	entry func(indexEntry)
	slack func(indexSlack) // or nil: then blocks that are not in use are not read
	note  func(error)
	done  bool // nothing more is wanted
}

// indexSlack is the part of a node that its entries do not use.
type indexSlack struct {
	b      []byte
	offset int64 // in the $MFT or the volume
	block  int64 // in $INDEX_ALLOCATION, or rootNode
}

// rootNode stands for the number of a block for the node in $INDEX_ROOT.
const rootNode = -1

// index reads all entries of the index with that name. It does not follow the tree
// but reads every node in use, so that a damaged node loses only its own entries.
// An entry is valid only during the call of entry.
func (v *Volume) index(rec *Record, name string, entry func(indexEntry), note func(error)) {
	v.mft.index(rec, name, &indexVisitor{entry: entry, note: note})
}

// index reads the nodes of the index with that name: of a $MFT without its volume, only
// the one in $INDEX_ROOT.
func (r *Reader) index(rec *Record, name string, visit *indexVisitor) {
	rootStream, ok := rec.stream(AttrIndexRoot, name)
	if !ok {
		visit.note(damage.New("$INDEX_ROOT", rec.Offset, "none", name))
		return
	}
	root := rootStream.Value
	if len(root) < indexRootLen+indexNodeLen {
		visit.note(damage.Truncated("$INDEX_ROOT", rootStream.valueAt, indexRootLen+indexNodeLen, int64(len(root))))
		return
	}
	if err := visit.node(root[indexRootLen:], rootStream.valueAt+indexRootLen, rootNode); err != nil {
		visit.note(err)
	}
	alloc, ok := rec.stream(AttrIndexAllocation, name)
	switch {
	case !ok:
	case r.volume == nil:
		visit.note(ErrNoVolume)
	default:
		r.volume.indexBlocks(rec, name, &rootStream, &alloc, visit)
	}
}

// indexBlocks reads the blocks of an index.
func (v *Volume) indexBlocks(rec *Record, name string, root, alloc *Stream, visit *indexVisitor) {
	x, err := newExtents(&v.clusters, alloc)
	if err != nil {
		visit.note(err)
		return
	}
	size := int64(binary.LittleEndian.Uint32(root.Value[0x08:]))
	if !isIndexBlockSize(size) {
		visit.note(damage.New("bytes per index block", root.valueAt+0x08, size, v.boot.indexSize))
		size = v.boot.indexSize
	}
	if visit.slack != nil { // there may be a block behind the last one
		x.size, x.initialized = max(x.size, x.mapped()), max(x.initialized, x.mapped())
	}
	// With holes and overlapping runs the size may be any number: that of the
	// volume bounds it.
	blocks := min(x.size, x.mapped(), v.size) / size
	if err := v.indexes.spend(rec.Entry, blocks*size, alloc.Offset); err != nil {
		visit.note(err)
		return
	}
	used := v.indexBitmap(rec, name, blocks, visit.note)
	unit := v.unit // of VCNs, in bytes
	if size < unit {
		unit = 512
	}
	block := make([]byte, size)
	for n := range blocks {
		inUse := used == nil || n/8 < int64(len(used)) && used[n/8]>>(n%8)&1 != 0
		if visit.done || !inUse && visit.slack == nil {
			continue
		}
		b := indexBlock{block, -1, n}
		if e, ok := x.at(n * size); ok && e.volume >= 0 {
			b.offset = e.volume
		}
		if _, err := x.ReadAt(block, n*size); err != nil && err != io.EOF {
			visit.note(err)
			continue
		}
		if !inUse {
			visit.freeBlock(b)
		} else if err := visit.usedBlock(b, uint64(n*size/unit)); err != nil {
			visit.note(err)
		}
	}
}

func isIndexBlockSize(n int64) bool { return n >= fixupStride && n <= maxClusterSize && n&(n-1) == 0 }

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

// indexBlock is a block of an index.
type indexBlock struct {
	b      []byte
	offset int64 // in the volume, -1 if unknown
	number int64
}

// isIndex reports whether a block has the signature.
func (b indexBlock) isIndex() bool { return string(b.b[:4]) == signatureIndex }

// usedBlock visits the entries of a block that is in use, and its slack.
func (visit *indexVisitor) usedBlock(b indexBlock, vcn uint64) error {
	if !b.isIndex() {
		return damage.New("index block signature", b.offset, fmt.Sprintf("%q", b.b[:4]), signatureIndex)
	}
	var torn error
	applyFixups(b.b, b.offset, func(_ damage.Kind, err error, _ string) { torn = err })
	if got := binary.LittleEndian.Uint64(b.b[0x10:]); got != vcn {
		return damage.New("VCN of the index block", b.offset+0x10, got, vcn)
	}
	if err := visit.node(b.b[indexBlockLen:], b.offset+indexBlockLen, b.number); err != nil {
		return err
	}
	return torn
}

// freeBlock visits a block that is not in use: all of it is slack.
func (visit *indexVisitor) freeBlock(b indexBlock) {
	if !b.isIndex() {
		return // another use of the clusters, or none yet
	}
	applyFixups(b.b, b.offset, func(damage.Kind, error, string) {})
	visit.slack(indexSlack{b.b[indexBlockLen:], b.offset + indexBlockLen, b.number})
}

// node visits the entries of a node at offset base, and its slack: what follows the last
// entry, or the damaged one.
func (visit *indexVisitor) node(b []byte, base, block int64) error {
	end, err := nodeEntries(b, base, func(e indexEntry) {
		e.block = block
		visit.entry(e)
	})
	if visit.slack != nil {
		visit.slack(indexSlack{b[end:], base + int64(end), block})
	}
	return err
}

// nodeEntries calls entry for the entries of the node b at offset base, and returns the
// offset of their end in b.
func nodeEntries(b []byte, base int64, entry func(indexEntry)) (end int, err error) {
	off, used := uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[0x04:]))
	if off < indexNodeLen || off > used || used > uint64(len(b)) {
		return indexNodeLen, damage.New("index node", base, fmt.Sprintf("entries from %d to %d", off, used),
			fmt.Sprintf("inside %d to %d", indexNodeLen, len(b)))
	}
	for pos := off; ; {
		e := b[pos:used]
		if len(e) < indexEntryLen {
			return int(pos), damage.Truncated("index entry", base+int64(pos), indexEntryLen, int64(len(e)))
		}
		n, key := uint64(binary.LittleEndian.Uint16(e[0x08:])), uint64(binary.LittleEndian.Uint16(e[0x0a:]))
		if n < indexEntryLen || n > uint64(len(e)) {
			return int(pos), damage.New("length of the index entry", base+int64(pos)+0x08, n, fmt.Sprintf("%d to %d", indexEntryLen, len(e)))
		}
		if binary.LittleEndian.Uint16(e[0x0c:])&indexEntryLast != 0 {
			return int(pos + n), nil
		}
		if key > n-indexEntryLen {
			return int(pos), damage.Truncated("key of the index entry", base+int64(pos)+indexEntryLen, int64(key), int64(n-indexEntryLen))
		}
		entry(indexEntry{raw: e[:n:n], key: e[indexEntryLen : indexEntryLen+key], offset: base + int64(pos) + indexEntryLen})
		pos += n
	}
}
