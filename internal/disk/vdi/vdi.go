// Package vdi reads the disk images of VirtualBox (.vdi): dynamic, fixed, and
// differencing ones with their parents.
package vdi

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/disk"
)

// The header, little-endian, in bytes from the beginning of the file:
//
//	0x040  4  signature, be da 10 7f
//	0x044  4  version: minor in the low half, major in the high one
//	0x04c  4  type: 1 dynamic, 2 fixed, 3 undo, 4 differencing
//	0x154  4  offset of the block map
//	0x158  4  offset of the data
//	0x170  8  size of the disk
//	0x178  4  size of a block
//	0x17c  4  bytes before each block
//	0x180  4  number of blocks
//	0x188 16  identifier
//	0x198 16  identifier of the last change
//	0x1a8 16  identifier of the parent
//	0x1b8 16  identifier of the last change of the parent
//
// The map has for each block its number in the data, or one of two values: it is not
// allocated, so that the parent has it, or it has only zeros.
const (
	headerLen = 0x200
	signature = 0xbeda107f
	differs   = 4
	notMapped = 0xffffffff
	onlyZeros = 0xfffffffe
	maxBlock  = 64 << 20
)

type header struct {
	kind                uint32
	table, data         int64
	size, block, before int64
	count               int64
	id, parent          [16]byte
	change, above       [16]byte // identifiers of the last change, and of that of the parent
}

// Open opens a disk image of VirtualBox.
func Open(f disk.File) (disk.Image, error) {
	img, err := open(f, 0)
	return img, damage.In(err, f.Name, "")
}

func open(f disk.File, depth int) (disk.Image, error) {
	if depth == disk.MaxChain {
		return disk.Image{}, damage.New("parents", -1, depth+1, fmt.Sprintf("≤ %d", disk.MaxChain))
	}
	h, err := readHeader(f)
	if err != nil {
		return disk.Image{}, err
	}
	img := disk.Image{Size: h.size}
	var above *disk.Padded // nil for an image without a parent
	switch {
	case h.parent != [16]byte{}:
		if above, err = openParent(f, h, depth); err != nil {
			return disk.Image{}, err
		}
		img.Problems = above.Problems
	case h.kind == differs:
		return disk.Image{}, damage.New("identifier of the parent", 0x1a8, 0, "one, as the image is a differencing one")
	}
	find := func(i int64) (disk.Block, error) {
		if i >= h.count {
			return disk.Block{}, damage.In(damage.New("block", h.table, i, fmt.Sprintf("< %d, the entries of the block map", h.count)), f.Name, "")
		}
		var e [4]byte
		if err := bin.ReadFull(f.R, e[:], h.table+4*i, "block map"); err != nil {
			return disk.Block{}, damage.In(err, f.Name, "")
		}
		switch n := binary.LittleEndian.Uint32(e[:]); {
		case n == onlyZeros, n == notMapped && above == nil:
			return disk.Block{}, nil
		case n == notMapped:
			return disk.Block{R: above, Offset: i * h.block}, nil
		default:
			off := h.data + int64(n)*(h.before+h.block) + h.before
			if off >= f.Size {
				return disk.Block{}, damage.In(damage.New(fmt.Sprintf("offset of block %d", i), h.table+4*i, off, fmt.Sprintf("inside the %d bytes of the file", f.Size)), f.Name, "")
			}
			return disk.Block{R: f.R, Offset: off}, nil
		}
	}
	img.R = &disk.Blocks{Size: h.size, BlockSize: h.block, Find: find}
	return img, nil
}

func readHeader(f disk.File) (*header, error) {
	b, err := bin.ReadAt(f.R, f.Size, 0, headerLen, "header")
	if err != nil {
		return nil, err
	}
	u32 := func(at int) int64 { return int64(binary.LittleEndian.Uint32(b[at:])) }
	if u32(0x40) != int64(signature) {
		return nil, damage.New("signature", 0x40, fmt.Sprintf("%#x", u32(0x40)), fmt.Sprintf("%#x", uint32(signature)))
	}
	if major := u32(0x44) >> 16; major != 1 {
		return nil, damage.New("major version", 0x46, major, 1)
	}
	size := binary.LittleEndian.Uint64(b[0x170:])
	h := &header{kind: uint32(u32(0x4c)), table: u32(0x154), data: u32(0x158), size: int64(size), block: u32(0x178), before: u32(0x17c), count: u32(0x180),
		id: [16]byte(b[0x188:]), parent: [16]byte(b[0x1a8:]), change: [16]byte(b[0x198:]), above: [16]byte(b[0x1b8:])}
	switch {
	case h.kind == 0 || h.kind > differs:
		return nil, damage.New("type", 0x4c, h.kind, "1 to 4")
	case size == 0 || size > 1<<50:
		return nil, damage.New("size of the disk", 0x170, size, "1 to 2⁵⁰")
	case h.block < 512 || h.block > maxBlock || h.block&(h.block-1) != 0:
		return nil, damage.New("size of a block", 0x178, h.block, fmt.Sprintf("a power of two from 512 to %d", maxBlock))
	case h.before > maxBlock:
		return nil, damage.New("bytes before each block", 0x17c, h.before, fmt.Sprintf("≤ %d", maxBlock))
	case h.table > f.Size || h.count > (f.Size-h.table)/4:
		return nil, damage.New("block map", h.table, fmt.Sprintf("%d entries", h.count), fmt.Sprintf("inside the %d bytes of the file", f.Size))
	}
	return h, nil
}

// maxNeighbors bounds how many files of the folder are looked into for a parent.
const maxNeighbors = 1000

// openParent opens the parent, which is known by its identifier, among the files beside
// the image. That it was changed after the image was made is a problem.
func openParent(f disk.File, child *header, depth int) (*disk.Padded, error) {
	names, err := f.Names()
	if err != nil {
		return nil, err
	}
	looked := 0
	for _, name := range names {
		if !strings.EqualFold(name[max(0, len(name)-4):], ".vdi") || name == f.Name || looked == maxNeighbors {
			continue
		}
		looked++
		p, err := f.Sibling(name)
		if err != nil {
			continue
		}
		h, err := readHeader(p)
		if err != nil || h.id != child.parent {
			continue
		}
		img, err := open(p, depth+1)
		if err != nil {
			return nil, damage.In(err, name, "")
		}
		if child.above != [16]byte{} && child.above != h.change {
			img.Problems = append(img.Problems, damage.Note(damage.Conflict,
				damage.New("last change of the parent "+name, 0x1b8, fmt.Sprintf("%x", h.change), fmt.Sprintf("%x", child.above)), f.Name, ""))
		}
		return &disk.Padded{Image: img, Name: name}, nil
	}
	return nil, &damage.Error{Offset: 0x1a8, What: "parent of a differencing image", Got: fmt.Sprintf("%x", child.parent), Want: "the identifier of a .vdi file beside it", Err: fs.ErrNotExist}
}
