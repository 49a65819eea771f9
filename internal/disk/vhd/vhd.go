// Package vhd reads Virtual Hard Disks of Microsoft's first format (.vhd): fixed ones,
// as Azure exports them, dynamic ones, and differencing ones with their parents.
package vhd

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode/utf16"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/disk"
)

const (
	cookie     = "conectix"
	footerLen  = 512
	sector     = 512
	maxBlock   = 256 << 20 // bytes; Windows makes blocks of 512 KiB and 2 MiB
	notMapped  = 0xffffffff
	fixedDisk  = 2
	dynamic    = 3
	difference = 4
)

// A footer, big-endian, in bytes from its beginning. It is in the last 511 or 512 bytes
// of the file; a dynamic disk has a copy in its first ones.
//
//	0x00  8  "conectix"
//	0x10  8  offset of the header of a dynamic disk
//	0x30  8  size of the disk
//	0x3c  4  type: 2 fixed, 3 dynamic, 4 differencing
//	0x40  4  ones' complement of the sum of all other bytes
//	0x44 16  identifier
type footer struct {
	header int64
	size   int64
	kind   uint32
	id     [16]byte
}

// Open opens a Virtual Hard Disk. If all that is known of it is a damaged footer, it
// opens what precedes that, as a fixed disk.
func Open(f disk.File) (disk.Image, error) {
	img, foot, err := open(f, 0)
	if err == nil && foot.kind == fixedDisk {
		img.Size = min(img.Size, img.R.(*io.SectionReader).Size())
	}
	var head [8]byte
	if n, _ := f.R.ReadAt(head[:], 0); damage.Is(err) && foot == nil && string(head[:n]) != cookie && f.Size > footerLen {
		img.Size = f.Size - footerLen
		if n, _ := f.R.ReadAt(head[:], img.Size+1); string(head[:n]) == cookie {
			img.Size++ // the footer has 511 bytes
		}
		img.R = io.NewSectionReader(f.R, 0, img.Size)
		img.Problems = []damage.Problem{damage.Note(damage.Malformed, err, f.Name, "")}
		return img, nil
	}
	return img, damage.In(err, f.Name, "")
}

// open opens a disk and its parents. A fixed disk that is cut off has the size that it
// should have, so that what is missing is an error for its child. The footer is nil if
// it cannot be used.
func open(f disk.File, depth int) (disk.Image, *footer, error) {
	if depth == disk.MaxChain {
		return disk.Image{}, nil, damage.New("parents", -1, depth+1, fmt.Sprintf("≤ %d", disk.MaxChain))
	}
	foot, data, problems, err := readFooter(f)
	if err != nil {
		return disk.Image{}, nil, err
	}
	img := disk.Image{Size: foot.size, Problems: problems}
	switch foot.kind {
	case fixedDisk:
		if foot.size > data {
			img.Problems = append(img.Problems, damage.Note(damage.Truncation, damage.New("size of the disk", -1, data, foot.size), f.Name, ""))
		}
		img.R = io.NewSectionReader(f.R, 0, min(foot.size, data))
		return img, foot, nil
	case dynamic, difference:
		s, err := openDynamic(f, foot, data)
		if err == nil && foot.kind == difference {
			s.parent, err = openParent(f, s.header, depth)
		}
		if err != nil {
			return disk.Image{}, foot, err
		}
		if s.parent != nil {
			img.Problems = append(img.Problems, s.parent.Problems...)
		}
		img.R = &disk.Blocks{Size: foot.size, BlockSize: sector, Find: s.find}
		return img, foot, nil
	}
	return disk.Image{}, nil, damage.New("type of the disk", 0x3c, foot.kind, "2, 3 or 4")
}

// readFooter reads the footer, or its copy. Data is how many bytes of the file precede
// the footer, or all if that is lost.
func readFooter(f disk.File) (foot *footer, data int64, problems []damage.Problem, err error) {
	data = f.Size
	for _, length := range [...]int64{footerLen, footerLen - 1, f.Size} {
		at := f.Size - length
		if at < 0 {
			continue
		}
		b := make([]byte, footerLen)
		if n, err := f.R.ReadAt(b, at); n < footerLen-1 {
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, 0, nil, err
			}
			continue
		}
		if string(b[:8]) != cookie {
			continue
		}
		isCopy := at == 0 && f.Size >= 2*footerLen
		switch {
		case !isCopy:
			data = at
		case binary.BigEndian.Uint32(b[0x3c:]) == fixedDisk:
			continue // a fixed disk has no copy
		case data == f.Size:
			problems = append(problems, damage.Note(damage.Truncation, damage.New("footer", f.Size-footerLen, "only its copy", cookie), f.Name, ""))
		}
		if want, got := binary.BigEndian.Uint32(b[0x40:]), checksum(b, 0x40); want != got {
			problems = append(problems, damage.Note(damage.Checksum, damage.New("checksum of the footer", at+0x40, want, got), f.Name, ""))
			if !isCopy && binary.BigEndian.Uint32(b[0x3c:]) != fixedDisk {
				continue // the copy may be sound
			}
		}
		size := binary.BigEndian.Uint64(b[0x30:])
		if size == 0 || size > 1<<50 {
			return nil, 0, nil, damage.New("size of the disk", at+0x30, size, "1 to 2⁵⁰")
		}
		foot = &footer{header: int64(binary.BigEndian.Uint64(b[0x10:])), size: int64(size),
			kind: binary.BigEndian.Uint32(b[0x3c:]), id: [16]byte(b[0x44:])}
		return foot, data, problems, nil
	}
	return nil, 0, nil, damage.New("footer", f.Size-footerLen, "no sound one", cookie)
}

// checksum returns the ones' complement of the sum of all bytes but the four at.
func checksum(b []byte, at int) uint32 {
	var sum uint32
	for i, c := range b {
		if i < at || i >= at+4 {
			sum += uint32(c)
		}
	}
	return ^sum
}

// The header of a dynamic disk, big-endian, in bytes from its beginning:
//
//	0x000   8  "cxsparse"
//	0x010   8  offset of the block allocation table
//	0x01c   4  entries of the table
//	0x020   4  size of a block in bytes, without its bitmap
//	0x024   4  ones' complement of the sum of all other bytes
//	0x028  16  identifier of the parent
//	0x040 512  name of the parent, UTF-16BE
//	0x240      8 locators of the parent, of 24 bytes each: code, space, length, 0, offset
const (
	headerLen  = 1024
	locators   = 8
	locatorLen = 24
)

// sparse is the content of a dynamic or differencing disk.
type sparse struct {
	name   string
	r      io.ReaderAt
	data   int64 // bytes of the file before its footer
	header []byte
	table  int64        // offset of the block allocation table
	count  int64        // of its entries
	block  int64        // size in bytes
	bitmap int64        // size of the bitmap before each block
	parent *disk.Padded // nil for a dynamic disk
}

func openDynamic(f disk.File, foot *footer, data int64) (*sparse, error) {
	h, err := bin.ReadAt(f.R, f.Size, foot.header, headerLen, "header of a dynamic disk")
	if err != nil {
		return nil, err
	}
	if string(h[:8]) != "cxsparse" {
		return nil, damage.New("header of a dynamic disk", foot.header, fmt.Sprintf("%q", h[:8]), `"cxsparse"`)
	}
	if want, got := binary.BigEndian.Uint32(h[0x24:]), checksum(h, 0x24); want != got {
		return nil, damage.New("checksum of the header", foot.header+0x24, want, got)
	}
	s := &sparse{name: f.Name, r: io.NewSectionReader(f.R, 0, data), data: data, header: h,
		table: int64(binary.BigEndian.Uint64(h[0x10:])), count: int64(binary.BigEndian.Uint32(h[0x1c:])), block: int64(binary.BigEndian.Uint32(h[0x20:]))}
	if s.block < sector || s.block > maxBlock || s.block&(s.block-1) != 0 {
		return nil, damage.New("size of a block", foot.header+0x20, s.block, fmt.Sprintf("a power of two from %d to %d", sector, maxBlock))
	}
	if s.table < 0 || s.table > data || s.count > (data-s.table)/4 {
		return nil, damage.New("block allocation table", s.table, fmt.Sprintf("%d entries", s.count), fmt.Sprintf("inside the %d bytes of the file", data))
	}
	s.bitmap = (s.block/sector/8 + sector - 1) / sector * sector
	return s, nil
}

// at returns the offset of a block's bitmap, or 0 if the disk does not map it.
func (s *sparse) at(i int64) (int64, error) {
	if i >= s.count {
		return 0, damage.New("block", s.table, i, fmt.Sprintf("< %d, the entries of the block allocation table", s.count))
	}
	var e [4]byte
	if err := bin.ReadFull(s.r, e[:], s.table+4*i, "block allocation table"); err != nil {
		return 0, err
	}
	n := binary.BigEndian.Uint32(e[:])
	if n == notMapped {
		return 0, nil
	}
	off := int64(n) * sector
	if off == 0 || off > s.data-s.bitmap {
		return 0, damage.New(fmt.Sprintf("offset of block %d", i), s.table+4*i, off, fmt.Sprintf("inside the %d bytes of the file", s.data))
	}
	return off, nil
}

// find finds a sector: that of the file, if the bitmap of the block says so, else that of
// the parent, or zeros.
func (s *sparse) find(n int64) (disk.Block, error) {
	perBlock := s.block / sector
	off, err := s.at(n / perBlock)
	if err != nil {
		return disk.Block{}, damage.In(err, s.name, "")
	}
	in, more := n%perBlock, perBlock-n%perBlock-1
	if off == 0 {
		return s.above(n, more), nil
	}
	var bits [64]byte
	first := in / 8
	b := bits[:min(int64(len(bits)), (perBlock+7)/8-first)]
	if err := bin.ReadFull(s.r, b, off+first, "bitmap of a block"); err != nil {
		return disk.Block{}, damage.In(err, s.name, "")
	}
	is := func(i int64) bool { return b[i/8-first]&(0x80>>(i%8)) != 0 }
	own, run := is(in), int64(0)
	for run < more && (in+run+1)/8-first < int64(len(b)) && is(in+run+1) == own {
		run++
	}
	switch at := off + s.bitmap + in*sector; {
	case own:
		return disk.Block{R: s.r, Offset: at, More: run}, nil
	case s.parent == nil:
		return disk.Block{R: unused{s}, Offset: at, More: run}, nil
	}
	return s.above(n, run), nil
}

func (s *sparse) above(n, more int64) disk.Block {
	if s.parent == nil {
		return disk.Block{More: more}
	}
	return disk.Block{R: s.parent, Offset: n * sector, More: more}
}

// unused reads sectors of a dynamic disk that were never written, by the bitmap of their
// block. They are zeros. Programs do not agree on what they are if the file has
// something else there: for some it is the content, so that it is an error here.
type unused struct{ *sparse }

// ReadAt implements io.ReaderAt.
func (u unused) ReadAt(p []byte, off int64) (int, error) {
	n, err := u.r.ReadAt(p, off)
	for i, c := range p[:n] {
		if c != 0 {
			clear(p[i:n])
			return i, damage.In(damage.New("sector", off+int64(i), "content", "zeros, as the bitmap of the block says that it was never written"), u.name, "")
		}
	}
	return n, err
}

// openParent opens the parent of a differencing disk, which must be beside it and have the
// right identifier. The time of the parent that the header has at 0x38 is when its file was
// changed last. It is not compared, because a copy of the file has another.
func openParent(f disk.File, h []byte, depth int) (*disk.Padded, error) {
	want := [16]byte(h[0x28:])
	var names []string
	for i := range locators {
		l := h[0x240+locatorLen*i:]
		code := string(l[:4])
		length, off := int64(binary.BigEndian.Uint32(l[8:])), int64(binary.BigEndian.Uint64(l[16:]))
		if code != "W2ru" && code != "W2ku" || length > 1<<16 {
			continue
		}
		if b, err := bin.ReadAt(f.R, f.Size, off, length, "locator of the parent"); err == nil {
			names = append(names, text(b, binary.LittleEndian))
		}
	}
	names = append(names, text(h[0x40:0x240], binary.BigEndian))
	err := error(damage.New("name of the parent", -1, "nothing", "a file"))
	for _, name := range names {
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
		img, foot, err := open(p, depth+1)
		if err != nil {
			return nil, damage.In(err, p.Name, "")
		}
		if foot.id != want {
			return nil, damage.New("identifier of the parent "+p.Name, 0x44, fmt.Sprintf("%x", foot.id), fmt.Sprintf("%x", want))
		}
		return &disk.Padded{Image: img, Name: p.Name}, nil
	}
	return nil, err
}

// text returns a text that ends at the first NUL.
func text(b []byte, order binary.ByteOrder) string {
	var units []uint16
	for r := bytes.NewReader(b); r.Len() > 1; {
		var u uint16
		if binary.Read(r, order, &u) != nil || u == 0 {
			break
		}
		units = append(units, u)
	}
	return strings.TrimSpace(string(utf16.Decode(units)))
}
