package ese

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/pagesum"
)

// A page: offsets from its beginning, and sizes, in bytes.
//
//	0x00  8  checksum
//	0x08  8  database time of the last change, a counter
//	0x10  4  number of the page before it on its level of the tree; 0: none
//	0x14  4  number of the page after it
//	0x18  4  object identifier of its tree
//	0x1c  2  number of free bytes
//	0x1e  2  number of free bytes that are not committed
//	0x20  2  offset of the first free byte after the header
//	0x22  2  low 12 bits: number of tags; high 4 bits: how many of them are reserved, 0 is 1
//	0x24  4  flags
//
// A page of more than 8 KiB has 40 more: three checksums, of the second to fourth quarter,
// 4 bytes with its number, and 12 that are reserved.
//
// At the end of the page are the tags, the first one last: 2 bytes with the size of a node
// and 2 with its offset after the header. In a page of up to 8 KiB the high 3 bits of the
// offset are flags; otherwise they are the high 3 bits of the first word of the node.
const (
	smallHeader = 40
	largeHeader = 80

	flagRoot      = 0x0001
	flagLeaf      = 0x0002
	flagEmpty     = 0x0008
	flagSpaceTree = 0x0020
	flagIndex     = 0x0040
	flagLongValue = 0x0080
	flagNewRecord = 0x0800

	nodeDeleted    = 2
	nodeCompressed = 4 // it shares the beginning of its key with tag 0
)

// page is a page whose header was read.
type page struct {
	number     uint32
	off        int64 // in bytes from the beginning of the file
	raw        []byte
	body       []byte // after the header
	prev, next uint32
	object     uint32
	flags      uint32
	tags       int
	reserved   int
	large      bool
	prefix     []byte // tag 0: the beginning that keys share
}

// where is the path of an error in a page.
func (p *page) where() string { return fmt.Sprintf("page %d", p.number) }

func (p *page) leaf() bool { return p.flags&flagLeaf != 0 }

// pages returns how many pages the file has. Page 1 is after the header and its copy.
func (r *Reader) pages() uint32 {
	return uint32(min(max(r.size/int64(r.header.PageSize)-2, 0), 1<<32-1))
}

// page reads a page. A wrong checksum is a problem and not an error.
func (r *Reader) page(number uint32) (*page, error) {
	size := r.header.PageSize
	if number == 0 || number > r.pages() {
		return nil, damage.New("number of a page", -1, number, fmt.Sprintf("1 to %d", r.pages()))
	}
	p := &page{number: number, off: (int64(number) + 1) * int64(size), large: size > largestSmall}
	var err error
	if p.raw, err = bin.ReadAt(r.r, r.size, p.off, int64(size), "page"); err != nil {
		return nil, damage.In(err, "", p.where())
	}
	header := smallHeader
	if p.large {
		header = largeHeader
	}
	p.body = p.raw[header:]
	p.prev, p.next = le.Uint32(p.raw[0x10:]), le.Uint32(p.raw[0x14:])
	p.object = le.Uint32(p.raw[0x18:])
	state := le.Uint16(p.raw[0x22:])
	p.tags, p.reserved = int(state&0xfff), max(1, int(state>>12))
	p.flags = le.Uint32(p.raw[0x24:])
	if has, want := pagesum.Of(p.raw, number); has != want {
		if bin.AllZero(p.raw) {
			return nil, damage.In(damage.New("page", p.off, "zeros", "a page"), "", p.where())
		}
		r.noteOnce(number, damage.Checksum, damage.New("checksum of the page", p.off, fmt.Sprintf("%#x", has[0]), fmt.Sprintf("%#x", want[0])), p.where())
	}
	if 4*p.tags > len(p.body) {
		return nil, damage.In(damage.New("number of tags", p.off+0x22, p.tags, fmt.Sprintf("≤ %d", len(p.body)/4)), "", p.where())
	}
	if p.tags > 0 && p.flags&flagRoot == 0 {
		if p.prefix, _, _, err = p.tag(0); err != nil {
			r.noteOnce(number, damage.Malformed, err, p.where())
		}
	}
	return p, nil
}

// tag returns the bytes of a tag, their offset in the file and its flags.
func (p *page) tag(i int) (b []byte, off int64, flags int, err error) {
	at := len(p.body) - 4*(i+1)
	size, start := int(le.Uint16(p.body[at:])), int(le.Uint16(p.body[at+2:]))
	mask := 0x1fff
	if p.large {
		mask = 0x7fff
	} else {
		flags = start >> 13
	}
	size, start = size&mask, start&mask
	header := len(p.raw) - len(p.body)
	off = p.off + int64(header+start)
	if end := len(p.body) - 4*p.tags; start+size > end {
		return nil, off, 0, damage.New("node", p.off+int64(header+at), fmt.Sprintf("bytes %d to %d", start, start+size), fmt.Sprintf("up to %d", end))
	}
	b = p.body[start : start+size]
	if p.large && len(b) >= 2 {
		flags = int(b[1] >> 5)
	}
	return b, off, flags, nil
}

// node is an entry of a page of a tree: a row, a part of a long value, or a page below.
type node struct {
	prefix []byte // the key begins with it
	suffix []byte // and ends with it
	data   []byte
	off    int64 // of data, in bytes from the beginning of the file
	flags  int
}

// nodes returns how many nodes the page has.
func (p *page) nodes() int { return max(0, p.tags-p.reserved) }

// node decodes a node, in bytes from its beginning: if it is compressed, 2 bytes with the
// size of the prefix of its key; 2 with the size of the suffix, and the suffix. The
// high 3 bits of both sizes do not belong to them.
func (p *page) node(i int) (node, error) {
	b, off, flags, err := p.tag(i + p.reserved)
	if err != nil {
		return node{}, damage.In(err, "", fmt.Sprintf("page %d node %d", p.number, i))
	}
	n := node{flags: flags}
	c := bin.NewCursor(b, off)
	if flags&nodeCompressed != 0 {
		size := int(c.U16("size of the prefix of the key") & 0x1fff)
		n.prefix = p.prefix[:min(size, len(p.prefix))]
	}
	n.suffix = c.Bytes("key", int(c.U16("size of the key")&0x1fff))
	n.off = c.Offset()
	n.data = c.Bytes("data", c.Len())
	if err := c.Err(); err != nil {
		return node{}, damage.In(err, "", fmt.Sprintf("page %d node %d", p.number, i))
	}
	return n, nil
}

// key returns the key.
func (n *node) key() []byte {
	if len(n.prefix) == 0 {
		return n.suffix
	}
	return append(append(make([]byte, 0, len(n.prefix)+len(n.suffix)), n.prefix...), n.suffix...)
}

// child returns the number of the page below, which is the data of a node that is not in
// a leaf.
func (n *node) child() (uint32, error) {
	if len(n.data) < 4 {
		return 0, damage.Truncated("number of the page below", n.off, 4, int64(len(n.data)))
	}
	return le.Uint32(n.data), nil
}
