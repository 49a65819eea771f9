package vss

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"sort"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// A descriptor of the list of blocks:
//
//	0x00  8  offset of the block in the volume
//	0x08  8  offset of its content in the store; of a forwarder, the offset in the volume of
//	         the block whose content it is; 1 for more sectors of an overlay
//	0x10  8  offset of its content in the volume; 0 for a forwarder
//	0x18  4  flags
//	0x1c  4  for an overlay, the sectors of 512 bytes that it has, the first in the lowest bit
type descriptor struct {
	original uint64
	relative uint64
	offset   uint64
	flags    uint32
	sectors  uint32
}

const descriptorLen = 32

// The flags of a descriptor. Others are not known to matter.
const (
	flagForwarder = 0x1
	flagOverlay   = 0x2
	flagNotUsed   = 0x4
)

// block says where the content of a block of the volume is, as far as a store knows.
type block struct {
	at      int64  // the block, in bytes from the beginning of the volume
	from    int64  // its content, in the volume or, forwarded, in the next newer store
	over    int64  // the content of the sectors in the volume
	sectors uint32 // that an overlay has; only the snapshot of the store itself has them
	kind    blockKind
}

type blockKind uint8

const (
	onlySectors blockKind = iota
	kept
	forwarded
	damaged
	overwritten // another file has its clusters now
)

// list builds the blocks of a store from its descriptors, in their order.
type list struct {
	s        *store
	parts    []part
	blocks   map[int64]block
	forwards map[int64]int64 // from the block that a forwarder names to that of the forwarder
	reused   int             // blocks whose content is overwritten
}

// readList reads the list of blocks. Damage that loses descriptors is in s.lost.
func (s *store) readList(parts []part) error {
	l := &list{s: s, parts: parts, blocks: map[int64]block{}, forwards: map[int64]int64{}}
	for _, head := range append([]uint64{s.list}, s.rest...) {
		err := s.r.chain(head, recordList, "list of blocks", func(b []byte, off int64) {
			for ; len(b) >= descriptorLen; b, off = b[descriptorLen:], off+descriptorLen {
				if !bin.AllZero(b[:descriptorLen]) {
					l.add(descriptor{
						binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint64(b[16:]),
						binary.LittleEndian.Uint32(b[24:]), binary.LittleEndian.Uint32(b[28:]),
					}, off)
				}
			}
		})
		if err != nil {
			if !damage.Is(err) {
				return err
			}
			s.lose(err)
		}
	}
	if l.reused > 0 {
		s.note(damage.Gap, damage.New("content of changed blocks", int64(s.list), fmt.Sprintf("%d of them overwritten: other files have their clusters", l.reused), nil))
	}
	s.blocks = make([]block, 0, len(l.blocks))
	for _, b := range l.blocks {
		s.blocks = append(s.blocks, b)
	}
	slices.SortFunc(s.blocks, func(a, b block) int { return cmp.Compare(a.at, b.at) })
	s.backward = make(map[int64]bool, len(l.forwards))
	for at := range l.forwards {
		s.backward[at] = true
	}
	return nil
}

// add adds a descriptor, which is at an offset of the volume.
func (l *list) add(d descriptor, off int64) {
	if d.flags&flagNotUsed != 0 {
		return
	}
	size := uint64(l.s.r.size)
	switch {
	case d.original%blockSize != 0:
		l.s.lose(damage.New("offset of a changed block", off, fmt.Sprintf("%#x", d.original), fmt.Sprintf("a multiple of %#x", blockSize)))
		return
	case d.original >= size:
		l.s.note(damage.Malformed, damage.New("offset of a changed block", off, fmt.Sprintf("%#x", d.original), fmt.Sprintf("< %#x, the size of the volume", size)))
		return
	}
	at := int64(d.original)
	if err := l.check(d, off); err != nil {
		l.s.note(damage.Malformed, err)
		l.blocks[at] = block{at: at, kind: damaged}
		return
	}
	if reused := l.s.r.reused; reused != nil && d.flags&flagForwarder == 0 && reused(int64(d.offset), blockSize) {
		l.reused++
		l.blocks[at] = block{at: at, from: int64(d.offset), kind: overwritten}
		return
	}
	if d.flags&flagOverlay != 0 {
		l.overlay(at, d)
		return
	}
	if to, ok := l.forwards[at]; ok { // the block was moved here before it was changed
		delete(l.forwards, at)
		at = to
	}
	b := block{at: at, from: int64(d.offset), kind: kept}
	if d.flags&flagForwarder != 0 {
		if b.from, b.kind = int64(d.relative), forwarded; b.from == at {
			return
		}
		l.forwards[b.from] = at
	}
	if old, ok := l.blocks[at]; ok {
		b.over, b.sectors = old.over, old.sectors
	}
	l.blocks[at] = b
}

// overlay adds sectors to a block.
func (l *list) overlay(at int64, d descriptor) {
	b, ok := l.blocks[at]
	switch {
	case !ok:
		b = block{at: at, over: int64(d.offset)}
	case b.kind == damaged, b.kind == overwritten:
		return
	case b.sectors == 0:
		b.over = int64(d.offset)
	}
	b.sectors |= d.sectors
	l.blocks[at] = b
}

// check returns what is wrong with the place of a block's content. A difference from the
// list of ranges is only noted, since the offset in the volume is what Windows reads.
func (l *list) check(d descriptor, off int64) error {
	size := uint64(l.s.r.size)
	switch {
	case d.flags&flagForwarder != 0 && d.flags&flagOverlay != 0:
		return damage.New("flags of a changed block", off+0x18, fmt.Sprintf("%#x", d.flags), "not a forwarder and an overlay")
	case d.flags&flagForwarder != 0 && d.offset != 0:
		return damage.New("offset of a forwarder", off+0x10, fmt.Sprintf("%#x", d.offset), 0)
	case d.flags&flagForwarder != 0 && (d.relative%blockSize != 0 || d.relative >= size):
		return damage.New("block that a forwarder names", off+8, fmt.Sprintf("%#x", d.relative), fmt.Sprintf("a multiple of %#x, < %#x", blockSize, size))
	case d.flags&flagForwarder != 0:
		return nil
	case d.offset > size-min(size, blockSize):
		return damage.New("offset of the content of a changed block", off+0x10, fmt.Sprintf("%#x", d.offset), fmt.Sprintf("≤ %#x", size-min(size, blockSize)))
	}
	in := d.relative
	if d.flags&flagOverlay != 0 && in == 1 {
		return nil
	}
	if at, ok := place(l.parts, in); l.parts != nil && (!ok || at != d.offset) {
		l.s.note(damage.Conflict, damage.New("offset of the content of a changed block", off+0x10, fmt.Sprintf("%#x", d.offset),
			fmt.Sprintf("%#x, by the list of ranges", at)))
	}
	return nil
}

// find returns the block at an offset of the volume, or nil and the number of bytes to the
// next one that the list has.
func (s *store) find(off int64) (b *block, gap int64) {
	i := sort.Search(len(s.blocks), func(i int) bool { return s.blocks[i].at > off })
	if i > 0 && off-s.blocks[i-1].at < blockSize {
		return &s.blocks[i-1], 0
	}
	if i == len(s.blocks) {
		return nil, 1<<62 - 1
	}
	return nil, s.blocks[i].at - off
}
