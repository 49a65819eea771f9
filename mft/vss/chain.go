package vss

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

// A block of the catalog or of a store begins with a header:
//
//	0x00  16  identifier of the format
//	0x10   4  version: 1 or 2
//	0x14   4  kind of record
//	0x18   8  offset of the block in the catalog or the store
//	0x20   8  offset of the block in the volume
//	0x28   8  offset of the next block in the volume, or 0
//	0x30   8  in the header of a store, the size of what follows at 0x80
const blockHeaderLen = 128

// chain calls f for each of the blocks that begin at an offset of the volume, with what
// follows the header and with its offset. B is valid until f returns.
func (r *Reader) chain(at uint64, kind uint32, what string, f func(b []byte, off int64)) error {
	var b [blockSize]byte
	for at != 0 {
		if !r.claim(at) {
			return damage.New("block of the "+what, int64(at), "a block that was read already", nil)
		}
		next, err := r.readBlock(b[:], at, kind, what)
		if err != nil {
			return err
		}
		f(b[blockHeaderLen:], int64(at)+blockHeaderLen)
		at = next
	}
	return nil
}

// readBlock reads a block into b, and returns the offset of the next one.
func (r *Reader) readBlock(b []byte, at uint64, kind uint32, what string) (next uint64, err error) {
	if at > uint64(max(0, r.size-blockSize)) {
		return 0, damage.New("offset of a block of the "+what, -1, fmt.Sprintf("%#x", at), fmt.Sprintf("≤ %#x", max(0, r.size-blockSize)))
	}
	off := int64(at)
	if err := r.read(b, off, "block of the "+what); err != nil {
		return 0, err
	}
	switch {
	case r.reused != nil && r.reused(off, blockSize):
		return 0, damage.New("block of the "+what, off, "overwritten: another file has its clusters", nil)
	case string(b[:16]) != identifier:
		return 0, damage.New("block of the "+what, off, fmt.Sprintf("% x", b[:16]), "the identifier of the format")
	case binary.LittleEndian.Uint32(b[0x14:]) != kind:
		return 0, damage.New("kind of a block of the "+what, off+0x14, binary.LittleEndian.Uint32(b[0x14:]), kind)
	case binary.LittleEndian.Uint64(b[0x20:]) != at:
		return 0, damage.New("offset in a block of the "+what, off+0x20, fmt.Sprintf("%#x", binary.LittleEndian.Uint64(b[0x20:])), fmt.Sprintf("%#x", at))
	}
	return binary.LittleEndian.Uint64(b[0x28:]), nil
}

// claim reports whether a block is read for the first time. A block that leads back, or
// that is in several lists, would be read without end.
func (r *Reader) claim(at uint64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.claimed[at] {
		return false
	}
	if r.claimed == nil {
		r.claimed = map[uint64]bool{}
	}
	r.claimed[at] = true
	return true
}
