// Package vhdx reads Virtual Hard Disks of the second format (.vhdx): fixed, dynamic and
// differencing ones. The log of a disk that was not closed is replayed in memory.
package vhdx

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// The metadata table, in bytes from its beginning:
//
//	0x00  8  "metadata"
//	0x0a  2  number of entries
//	0x20  -  entries of 32 bytes: identifier, offset in the region (4), length (4), flags (4)
const (
	maxItem  = 1 << 20
	required = 1 << 2 // flag of an item without which a disk must not be read
)

var (
	fileParameters = known("CAA16737-FA36-4D43-B3B6-33F0AA44E76B") // size of a block (4), flags (4)
	diskSize       = known("2FA54224-CD1B-4876-B211-5DBED83BF4B8")
	sectorSize     = known("8141BF1D-A96F-4709-BA47-F233A8FAAB5F")
	parentLocator  = known("A8D35F2D-B30B-454D-ABF7-D3D84834AB0C")

	// items are those that are read; true if not.
	items = map[winid.GUID]bool{
		fileParameters: false, diskSize: false, sectorSize: false, parentLocator: false,
		known("BECA12AB-B2E6-4523-93EF-C309E000C746"): true, // identifier of the disk
		known("CDA348C7-445D-4471-9CC9-E9885251C556"): true, // physical size of a sector
	}
)

// hasParent is the flag of a differencing disk.
const hasParent = 1 << 1

// The states of a block, in the lowest bits of its entry. The bits from 20 on are its
// offset in MiB.
const (
	notPresent = 0
	undefined  = 1
	zero       = 2
	unmapped   = 3
	present    = 6
	partly     = 7

	stateMask  = 7
	offsetMask = ^uint64(1<<20 - 1)
)

// file is an open disk.
type file struct {
	*overlay
	table  region
	block  int64        // size in bytes
	sector int64        // logical
	ratio  int64        // blocks for each bitmap
	size   int64        // of the disk
	above  *disk.Padded // nil for a disk without a parent
}

// Open opens a Virtual Hard Disk.
func Open(f disk.File) (disk.Image, error) {
	img, _, err := open(f, 0)
	return img, damage.In(err, f.Name, "")
}

func open(f disk.File, depth int) (disk.Image, *header, error) {
	if depth == disk.MaxChain {
		return disk.Image{}, nil, damage.New("parents", -1, depth+1, fmt.Sprintf("≤ %d", disk.MaxChain))
	}
	h, damaged, err := readHeader(f.R, f.Size)
	if err != nil {
		return disk.Image{}, nil, err
	}
	var img disk.Image
	if damaged != nil {
		img.Problems = append(img.Problems, damage.Note(damage.Checksum, damaged, f.Name, ""))
	}
	written, replayed, err := replay(f.R, f.Size, h)
	if err != nil {
		return disk.Image{}, nil, err
	}
	if replayed > 0 {
		img.Problems = append(img.Problems, damage.Note(damage.Unclean, damage.New("log", h.logAt, fmt.Sprintf("%d entries, which were replayed in memory", replayed), nil), f.Name, ""))
	}
	written.name = f.Name
	if written.due > f.Size {
		img.Problems = append(img.Problems, damage.Note(damage.Truncation, damage.Truncated("file", 0, written.due, f.Size), f.Name, ""))
	}
	regions, damaged, err := readRegions(written, written.size)
	if err != nil {
		return disk.Image{}, nil, err
	}
	if damaged != nil {
		img.Problems = append(img.Problems, damage.Note(damage.Checksum, damaged, f.Name, ""))
	}
	d := &file{overlay: written, table: regions[blockTable]}
	items, err := d.items(regions[metadata])
	if err != nil {
		return disk.Image{}, nil, err
	}
	differs, err := d.parameters(items)
	if err != nil {
		return disk.Image{}, nil, err
	}
	img.Size = d.size
	blocks := &disk.Blocks{Size: d.size, BlockSize: d.block, Find: d.find}
	if differs {
		if d.above, err = openParent(f, items[parentLocator], depth); err != nil {
			return disk.Image{}, nil, err
		}
		img.Problems = append(img.Problems, d.above.Problems...)
		blocks.BlockSize, blocks.Find = d.sector, d.findSector
	}
	img.R = blocks
	return img, h, nil
}

// items returns the metadata.
func (d *file) items(r region) (map[winid.GUID][]byte, error) {
	b, err := bin.ReadAt(d, d.overlay.size, r.at, min(r.size, 64<<10), "metadata table")
	if err != nil {
		return nil, err
	}
	if len(b) < 0x20 || string(b[:8]) != "metadata" {
		return nil, damage.New("metadata table", r.at, fmt.Sprintf("%q", b[:min(len(b), 8)]), `"metadata"`)
	}
	count := int(binary.LittleEndian.Uint16(b[0x0a:]))
	if count > (len(b)-0x20)/32 {
		return nil, damage.New("entries of the metadata table", r.at+0x0a, count, fmt.Sprintf("≤ %d", (len(b)-0x20)/32))
	}
	all := map[winid.GUID][]byte{}
	for i := range count {
		e := b[0x20+32*i:]
		off, length := int64(binary.LittleEndian.Uint32(e[16:])), int64(binary.LittleEndian.Uint32(e[20:]))
		if off > r.size || length > r.size-off || length > maxItem {
			return nil, damage.New("place of a metadata item", r.at+0x30+int64(32*i), fmt.Sprintf("%d bytes at %#x", length, off), fmt.Sprintf("inside the %d bytes of the region", r.size))
		}
		switch ignored, known := items[guid(e)]; {
		case !known && binary.LittleEndian.Uint32(e[24:])&required != 0:
			return nil, damage.New("metadata item", r.at+0x20+int64(32*i), guid(e), "a known one, as it is required")
		case all[guid(e)] != nil:
			return nil, damage.New("metadata item", r.at+0x20+int64(32*i), guid(e), "one of its kind")
		case !known, ignored:
			continue
		}
		if all[guid(e)], err = bin.ReadAt(d, d.overlay.size, r.at+off, length, "metadata item"); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// parameters reads the sizes, and whether the disk has a parent.
func (d *file) parameters(items map[winid.GUID][]byte) (differs bool, err error) {
	parameters, size, sector := items[fileParameters], items[diskSize], items[sectorSize]
	if len(parameters) < 8 || len(size) < 8 || len(sector) < 4 {
		return false, damage.New("metadata", -1, "parameters, size or sector size are missing", "all of them")
	}
	d.block, d.sector = int64(binary.LittleEndian.Uint32(parameters)), int64(binary.LittleEndian.Uint32(sector))
	n := binary.LittleEndian.Uint64(size)
	switch {
	case d.block < 1<<20 || d.block > 256<<20 || d.block&(d.block-1) != 0:
		return false, damage.New("size of a block", -1, d.block, "a power of two from 1 to 256 MiB")
	case d.sector != 512 && d.sector != 4096:
		return false, damage.New("size of a sector", -1, d.sector, "512 or 4096")
	case n == 0 || n > 1<<50:
		return false, damage.New("size of the disk", -1, n, "1 to 2⁵⁰")
	}
	d.size = int64(n)
	d.ratio = 1 << 23 * d.sector / d.block
	return binary.LittleEndian.Uint32(parameters[4:])&hasParent != 0, nil
}

// entry returns an entry of the block allocation table.
func (d *file) entry(i int64) (state uint64, off int64, err error) {
	if 8*i+8 > d.table.size {
		return 0, 0, damage.New("block", d.table.at, i, fmt.Sprintf("< %d, the entries of the block allocation table", d.table.size/8))
	}
	var b [8]byte
	if err := bin.ReadFull(d, b[:], d.table.at+8*i, "block allocation table"); err != nil {
		return 0, 0, err
	}
	e := binary.LittleEndian.Uint64(b[:])
	off = int64(e & offsetMask &^ (1 << 63))
	if state = e & stateMask; (state == present || state == partly) && (off == 0 || off >= d.overlay.size) {
		return 0, 0, damage.New(fmt.Sprintf("offset of block %d", i), d.table.at+8*i, off, fmt.Sprintf("inside the %d bytes of the file", d.overlay.size))
	}
	return state, off, nil
}

// find finds a block of a disk without a parent. After the entries of each ratio of
// blocks is one for a bitmap.
func (d *file) find(i int64) (disk.Block, error) {
	state, off, err := d.entry(i + i/d.ratio)
	switch {
	case err != nil:
		return disk.Block{}, damage.In(err, d.name, "")
	case state == present:
		return disk.Block{R: d.overlay, Offset: off}, nil
	case state == notPresent, state == undefined, state == zero, state == unmapped:
		return disk.Block{}, nil
	}
	return disk.Block{}, damage.In(damage.New(fmt.Sprintf("state of block %d", i), d.table.at, state, "0 to 3 or 6"), d.name, "")
}

// findSector finds a sector of a differencing disk.
func (d *file) findSector(n int64) (disk.Block, error) {
	perBlock := d.block / d.sector
	i, in := n/perBlock, n%perBlock
	more := perBlock - in - 1
	state, off, err := d.entry(i + i/d.ratio)
	if err != nil {
		return disk.Block{}, damage.In(err, d.name, "")
	}
	switch state {
	case present:
		return disk.Block{R: d.overlay, Offset: off + in*d.sector, More: more}, nil
	case zero, unmapped, undefined:
		return disk.Block{More: more}, nil
	case notPresent:
		return d.inParent(n, more), nil
	case partly:
	default:
		return disk.Block{}, damage.In(damage.New(fmt.Sprintf("state of block %d", i), d.table.at, state, "0 to 3, 6 or 7"), d.name, "")
	}
	chunk := i / d.ratio
	bitmap, at, err := d.entry(chunk*(d.ratio+1) + d.ratio)
	if err == nil && bitmap != present {
		err = damage.New(fmt.Sprintf("state of the bitmap of block %d", i), d.table.at, bitmap, present)
	}
	if err != nil {
		return disk.Block{}, damage.In(err, d.name, "")
	}
	bit := i%d.ratio*perBlock + in
	var bits [64]byte
	first := bit / 8
	b := bits[:min(int64(len(bits)), (i%d.ratio*perBlock+perBlock+7)/8-first)]
	if err := bin.ReadFull(d, b, at+first, "bitmap"); err != nil {
		return disk.Block{}, damage.In(err, d.name, "")
	}
	is := func(bit int64) bool { return b[bit/8-first]>>(bit%8)&1 != 0 }
	own, run := is(bit), int64(0)
	for j := int64(1); j <= more && (bit+j)/8-first < int64(len(b)) && is(bit+j) == own; j++ {
		run++
	}
	if own {
		return disk.Block{R: d.overlay, Offset: off + in*d.sector, More: run}, nil
	}
	return d.inParent(n, run), nil
}

func (d *file) inParent(n, more int64) disk.Block {
	return disk.Block{R: d.above, Offset: n * d.sector, More: more}
}

// The locator of the parent, in bytes from its beginning:
//
//	0x12  2  number of pairs
//	0x14  -  pairs of 12 bytes: offset of the name (4) and of the value (4), their lengths (2, 2), UTF-16LE
func openParent(f disk.File, b []byte, depth int) (*disk.Padded, error) {
	values := map[string]string{}
	if len(b) >= 0x14 {
		for i := range int(binary.LittleEndian.Uint16(b[0x12:])) {
			if 0x14+12*(i+1) > len(b) {
				break
			}
			e := b[0x14+12*i:]
			at := func(off, length uint64) string {
				if off > uint64(len(b)) || length > uint64(len(b))-off {
					return ""
				}
				return wtf8.String(b[off : off+length&^1])
			}
			name := at(uint64(binary.LittleEndian.Uint32(e)), uint64(binary.LittleEndian.Uint16(e[8:])))
			values[name] = at(uint64(binary.LittleEndian.Uint32(e[4:])), uint64(binary.LittleEndian.Uint16(e[10:])))
		}
	}
	err := error(damage.New("name of the parent", -1, "nothing", "a file"))
	for _, key := range [...]string{"relative_path", "absolute_win32_path", "volume_path"} {
		name := values[key]
		if name == "" {
			continue
		}
		var p disk.File
		if p, err = f.Sibling(name); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				err = &damage.Error{Offset: -1, What: "parent of a differencing disk", Got: name, Want: "beside the disk", Err: fs.ErrNotExist}
			}
			continue
		}
		img, h, err := open(p, depth+1)
		if err != nil {
			return nil, damage.In(err, p.Name, "")
		}
		for _, key := range [...]string{"parent_linkage", "parent_linkage2"} {
			if strings.EqualFold(strings.Trim(values[key], "{}"), strings.Trim(h.content.String(), "{}")) {
				return &disk.Padded{Image: img, Name: p.Name}, nil
			}
		}
		return nil, damage.New("identifier of the parent "+p.Name, -1, h.content, values["parent_linkage"])
	}
	return nil, err
}
