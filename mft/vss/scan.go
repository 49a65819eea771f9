package vss

import (
	"cmp"
	"context"
	"encoding/binary"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
)

// piece is a block of a store that a scan found.
type piece struct {
	at, in, next uint64 // offsets in the volume, in the store, and of the next block
	kind         uint32
	follows      bool // another block leads to it
}

// start returns where the store begins, if the block follows its beginning directly.
// The blocks that are written when a store is made follow each other.
func (p *piece) start() uint64 { return p.at - p.in }

// scanned are the blocks of stores on a volume, by their offsets.
type scanned map[uint64]*piece

// scanLen is how much of the volume is read at once.
const scanLen = 1 << 20

// scan looks at every block of the volume.
func (r *Reader) scan(ctx context.Context) (scanned, error) {
	found := scanned{}
	buf := make([]byte, scanLen)
	for at := int64(0); at+blockSize <= r.size; at += scanLen {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b := buf[:min(scanLen, (r.size-at)/blockSize*blockSize)]
		err := r.read(b, at, "block of the volume")
		if err != nil && !damage.Is(err) {
			return nil, err
		}
		for i := 0; i < len(b); i += blockSize {
			part, off := b[i:i+blockSize], at+int64(i)
			if err != nil { // a part of it can be read, perhaps
				if err := r.read(part, off, "block of the volume"); damage.Is(err) {
					continue
				} else if err != nil {
					return nil, err
				}
			}
			found.add(part, uint64(off))
		}
	}
	for _, p := range found {
		if next := found[p.next]; next != nil && next != p && next.kind == p.kind {
			next.follows = true
		}
	}
	return found, nil
}

// add adds a block if it is one of a store, at the place that it records.
func (found scanned) add(b []byte, at uint64) {
	kind := binary.LittleEndian.Uint32(b[0x14:])
	if string(b[:16]) != identifier || kind < recordList || kind > recordBitmap || binary.LittleEndian.Uint64(b[0x20:]) != at {
		return
	}
	in := binary.LittleEndian.Uint64(b[0x18:])
	if in%blockSize != 0 || in > at {
		return
	}
	found[at] = &piece{at: at, in: in, next: binary.LittleEndian.Uint64(b[0x28:]), kind: kind}
}

// heads returns the blocks of a kind to which no other one leads, in the order of the volume.
func (found scanned) heads(kind uint32) []*piece {
	var list []*piece
	for _, p := range found {
		if p.kind == kind && !p.follows {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b *piece) int { return cmp.Compare(a.at, b.at) })
	return list
}

// whole reports whether the blocks that follow each other from a block on are all there.
func (found scanned) whole(p *piece) bool {
	for range found {
		if p.next == 0 {
			return true
		}
		next := found[p.next]
		if next == nil || next.kind != p.kind {
			return false
		}
		p = next
	}
	return false
}
