package mft

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
)

// ErrNotIndex is the cause of the error for a file that does not look like an index.
var ErrNotIndex = errors.New("not a $I30 index")

// IndexFile is the index $I30 of a folder as a file, as triage tools extract it: the content
// of $INDEX_ALLOCATION, of $INDEX_ROOT, or of $INDEX_ROOT and then $INDEX_ALLOCATION. Its
// methods may be called concurrently.
//
// The file does not record which of its blocks are in use, so the entries of a block that
// Windows no longer uses are among those in use.
type IndexFile struct {
	name string
	src  io.ReaderAt
	size int64
	file io.Closer // nil if Close has nothing to close
}

// OpenIndex opens a file that holds the index of a folder. The caller should Close it.
func OpenIndex(name string) (*IndexFile, error) {
	f, err := fsfile.OpenOS(name)
	if err != nil {
		return nil, err
	}
	return openIndex(f, name)
}

// OpenIndexFS opens a file of fsys that holds the index of a folder. The caller should
// Close it.
func OpenIndexFS(fsys fs.FS, name string) (*IndexFile, error) {
	f, err := fsfile.Open(fsys, name)
	if err != nil {
		return nil, err
	}
	return openIndex(f, name)
}

func openIndex(f *fsfile.File, name string) (*IndexFile, error) {
	x, err := NewIndexFile(f, f.Size, WithName(name))
	if err != nil {
		f.Close()
		return nil, err
	}
	x.file = f
	return x, nil
}

// judged is the number of the block after which NewIndexFile knows what the file is.
const judged = 64

// NewIndexFile returns the index in the first size bytes of r. It fails only if it cannot
// be read, or if most of the blocks at its beginning are not those of an index; then the
// *FormatError has the cause ErrNotIndex.
func NewIndexFile(r io.ReaderAt, size int64, opts ...Option) (*IndexFile, error) {
	cfg := newConfig(opts)
	x := &IndexFile{name: cmp.Or(cfg.name, directoryIndexName), src: r, size: size}
	indexes, others := 0, 0
	for b, err := range x.blocks() {
		switch {
		case err != nil && !damage.Is(err):
			return nil, err
		case err != nil || allZero(b.b):
		case b.number == rootNode || b.isIndex():
			indexes++
		default:
			others++
		}
		if b.number >= judged {
			break
		}
	}
	if indexes > others {
		return x, nil
	}
	return nil, damage.In(&damage.Error{What: "index block", Got: "none", Want: signatureIndex, Err: ErrNotIndex}, x.name, "")
}

// Close closes the file that OpenIndex or OpenIndexFS opened.
func (x *IndexFile) Close() error {
	if x == nil || x.file == nil {
		return nil
	}
	f := x.file
	x.file = nil
	return f.Close()
}

// Entries iterates over the entries of the index: those in use, then those in slack. See
// [IndexEntry]; an Offset counts from the beginning of the file. A *FormatError means that a
// part of the index is damaged, and iteration goes on; any other error is the last.
func (x *IndexFile) Entries() iter.Seq2[IndexEntry, error] {
	return func(yield func(IndexEntry, error) bool) {
		c := entryCollector{yield: yield, artifact: x.name}
		c.visit = indexVisitor{entry: c.entry, slack: c.slack, note: c.note}
		for b, err := range x.blocks() {
			if err != nil {
				c.note(err)
				if !damage.Is(err) {
					return
				}
				continue
			}
			if err := c.bare(b); err != nil {
				c.note(err)
			}
			if c.visit.done {
				return
			}
		}
		c.finish()
	}
}

// bare visits a node of a file.
func (c *entryCollector) bare(b indexBlock) error {
	if b.number == rootNode {
		return c.visit.node(b.b, b.offset, rootNode)
	}
	if !b.isIndex() {
		if allZero(b.b) {
			return nil // never used
		}
		return damage.New("index block signature", b.offset, fmt.Sprintf("%q", b.b[:4]), signatureIndex)
	}
	var torn error
	applyFixups(b.b, b.offset, func(_ damage.Kind, err error, _ string) { torn = err })
	if err := c.visit.node(b.b[indexBlockLen:], b.offset+indexBlockLen, b.number); err != nil {
		return err
	}
	return torn
}

// blocks iterates over the nodes of the file: that of $INDEX_ROOT, then the blocks. A block
// has the size that its update sequence array says, else that of the block before. It is
// valid until the next one.
func (x *IndexFile) blocks() iter.Seq2[indexBlock, error] {
	return func(yield func(indexBlock, error) bool) {
		at, size, err := x.root(yield)
		if err != nil || at < 0 {
			return
		}
		buf := make([]byte, max(size, fixupStride))
		for n := int64(0); x.size-at >= fixupStride; n++ {
			head := buf[:min(fixupStride, x.size-at)]
			if err := bin.ReadFull(x.src, head, at, "index block"); err != nil {
				if !yield(indexBlock{}, err) || !damage.Is(err) {
					return
				}
				at += size
				continue
			}
			if string(head[:4]) == signatureIndex {
				if s := fixupStride * (int64(binary.LittleEndian.Uint16(head[fixupCountOff:])) - 1); isIndexBlockSize(s) {
					size = s
				}
			}
			if int64(len(buf)) < size && int64(len(buf)) < x.size-at {
				buf = make([]byte, min(size, x.size-at))
			}
			b := indexBlock{buf[:min(size, x.size-at)], at, n}
			b.b = b.b[:len(b.b)&^(fixupStride-1)]
			err := bin.ReadFull(x.src, b.b, at, "index block")
			if !yield(b, err) || err != nil && !damage.Is(err) {
				return
			}
			at += size
		}
	}
}

// root yields the node of $INDEX_ROOT if the file begins with one, and returns the place of
// the blocks, negative if nothing more is wanted, and their size.
func (x *IndexFile) root(yield func(indexBlock, error) bool) (at, size int64, err error) {
	const usual = 4096
	b := make([]byte, min(maxRecordSize, x.size))
	if len(b) < indexRootLen+indexNodeLen {
		return 0, usual, nil
	}
	if err := bin.ReadFull(x.src, b, 0, "index"); err != nil {
		yield(indexBlock{}, err)
		return 0, 0, err
	}
	le := binary.LittleEndian
	size = int64(le.Uint32(b[0x08:]))
	if AttributeType(le.Uint32(b)) != AttrFileName || le.Uint32(b[0x04:]) != 1 || !isIndexBlockSize(size) {
		return 0, usual, nil
	}
	end := len(b)
	for i := indexRootLen + indexNodeLen; i+4 <= len(b); i += 8 {
		if string(b[i:i+4]) == signatureIndex {
			end = i
			break
		}
	}
	if !yield(indexBlock{b[indexRootLen:end], indexRootLen, rootNode}, nil) {
		return -1, size, nil
	}
	return int64(end), size, nil
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
