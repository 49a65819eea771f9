package vmdk

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/inflate"
)

// The header of a sparse extent, little-endian, in bytes from its beginning. Sizes and
// offsets are in sectors of 512 bytes.
//
//	0x00  4  "KDMV"
//	0x04  4  version: 1 to 3
//	0x08  4  flags
//	0x0c  8  size of the extent
//	0x14  8  size of a grain
//	0x1c  8  offset of the descriptor, or 0
//	0x24  8  size of the descriptor
//	0x2c  4  entries of a grain table
//	0x30  8  offset of the redundant grain directory
//	0x38  8  offset of the grain directory; all bits are set if it is in the footer
//	0x40  8  offset of the first grain
//	0x48  1  1 if the disk was not closed
//	0x4d  2  compression: 0, or 1 for deflate
//
// The header of a sparse extent of ESX:
//
//	0x00  4  "COWD"
//	0x0c  4  size of the extent
//	0x10  4  size of a grain
//	0x14  4  offset of the grain directory
//	0x18  4  entries of the grain directory
const (
	sector      = 512
	atEnd       = 1<<64 - 1
	zeroedGrain = 1 << 2
	packed      = 1 << 16
	maxGrain    = 16 << 20
	cowdEntries = 4096
)

// sparse is a sparse extent.
type sparse struct {
	f         disk.File
	size      int64 // in bytes
	grain     int64 // in bytes
	perTable  int64
	directory []uint32
	redundant []uint32 // nil if the extent has none
	zeroes    bool     // an entry of 1 is a grain of zeros
	packed    bool
	unclean   bool
	text      []byte  // of the descriptor
	stream    *stream // of a stream without a footer
	below     disk.Image
	base      int64 // of the extent in the disk, and so in what is below
	tables    disk.Decoded
	inflated  disk.Decoded
	decoders  inflate.Buffers
}

func openSparse(f disk.File) (*sparse, error) {
	h, err := bin.ReadAt(f.R, f.Size, 0, sector, "header")
	if err != nil {
		return nil, err
	}
	s := &sparse{f: f, tables: disk.Decoded{Max: 64}, inflated: disk.Decoded{Max: 64}}
	if string(h[:4]) == "COWD" {
		u32 := func(at int) int64 { return int64(binary.LittleEndian.Uint32(h[at:])) }
		s.size, s.grain, s.perTable = u32(0x0c)*sector, u32(0x10)*sector, cowdEntries
		if err := s.check(); err != nil {
			return nil, err
		}
		s.directory, err = s.readDirectory(u32(0x14))
		return s, err
	}
	at, footless := int64(0), false
	if binary.LittleEndian.Uint64(h[0x38:]) == atEnd { // a stream: the footer is before the last sector
		footer, err := bin.ReadAt(f.R, f.Size, f.Size-2*sector, sector, "footer")
		if footless = err != nil || string(footer[:4]) != SparseMagic; !footless {
			at, h = f.Size-2*sector, footer
		}
	}
	u64 := func(at int) uint64 { return binary.LittleEndian.Uint64(h[at:]) }
	if version := binary.LittleEndian.Uint32(h[4:]); version == 0 || version > 3 {
		return nil, damage.New("version", at+4, version, "1 to 3")
	}
	flags := binary.LittleEndian.Uint32(h[8:])
	if u64(0x0c) > 1<<41 || u64(0x14) > maxGrain/sector {
		return nil, damage.New("size of the extent or of a grain", at+0x0c, fmt.Sprintf("%d and %d sectors", u64(0x0c), u64(0x14)), fmt.Sprintf("≤ %d and %d", int64(1)<<41, maxGrain/sector))
	}
	s.size, s.grain, s.perTable = int64(u64(0x0c))*sector, int64(u64(0x14))*sector, int64(binary.LittleEndian.Uint32(h[0x2c:]))
	s.zeroes, s.packed, s.unclean = flags&zeroedGrain != 0, flags&packed != 0, h[0x48] != 0
	if method := binary.LittleEndian.Uint16(h[0x4d:]); s.packed && method != 1 {
		return nil, damage.New("compression", at+0x4d, method, 1)
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	if off, n := u64(0x1c), u64(0x24); off != 0 && n != 0 && n <= maxDescriptor/sector && off < 1<<41 {
		if s.text, err = bin.ReadAt(f.R, f.Size, int64(off)*sector, int64(n)*sector, "descriptor"); err != nil {
			return nil, err
		}
	}
	if footless {
		return s, s.scan(u64(0x40))
	}
	if off := u64(0x30); off != 0 && off < 1<<41 && flags&2 != 0 {
		s.redundant, _ = s.readDirectory(int64(off)) // it is used only if the other is damaged
	}
	off := u64(0x38)
	if off > 1<<41 {
		return nil, damage.New("offset of the grain directory", at+0x38, off, fmt.Sprintf("inside the %d bytes of the file", f.Size))
	}
	s.directory, err = s.readDirectory(int64(off))
	if err != nil && s.redundant != nil {
		s.directory, err = s.redundant, nil
	}
	return s, err
}

func (s *sparse) check() error {
	switch {
	case s.grain < sector || s.grain > maxGrain || s.grain&(s.grain-1) != 0:
		return damage.New("size of a grain", 0x14, s.grain, fmt.Sprintf("a power of two from %d to %d", sector, maxGrain))
	case s.perTable < 1 || s.perTable > 1<<16:
		return damage.New("entries of a grain table", 0x2c, s.perTable, "1 to 65536")
	}
	return nil
}

// readDirectory reads a grain directory at a sector.
func (s *sparse) readDirectory(at int64) ([]uint32, error) {
	perTable := s.grain * s.perTable
	count := (s.size + perTable - 1) / perTable
	b, err := bin.ReadAt(s.f.R, s.f.Size, at*sector, 4*count, "grain directory")
	if err != nil {
		return nil, err
	}
	list := make([]uint32, count)
	for i := range list {
		list[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return list, nil
}

// table returns the grain table with that number, or nil if there is none.
func (s *sparse) table(n int64) ([]byte, error) {
	at := s.directory[n]
	if at == 0 {
		return nil, nil
	}
	return s.tables.Get(n, func() ([]byte, error) {
		length := 4 * s.perTable
		b, err := bin.ReadAt(s.f.R, s.f.Size, int64(at)*sector, length, fmt.Sprintf("grain table %d", n))
		if err != nil && s.redundant != nil && s.redundant[n] != 0 {
			return bin.ReadAt(s.f.R, s.f.Size, int64(s.redundant[n])*sector, length, fmt.Sprintf("grain table %d", n))
		}
		return b, err
	})
}

// find finds a grain.
func (s *sparse) find(i int64) (disk.Block, error) {
	if s.stream != nil {
		return s.findInStream(i)
	}
	table, err := s.table(i / s.perTable)
	if err != nil {
		return disk.Block{}, damage.In(err, s.f.Name, "")
	}
	at := uint32(0)
	if table != nil {
		at = binary.LittleEndian.Uint32(table[i%s.perTable*4:])
	}
	switch off := int64(at) * sector; {
	case at == 0 && s.below.R != nil:
		return disk.Block{R: &disk.Padded{Image: s.below}, Offset: s.base + i*s.grain}, nil
	case at == 0, at == 1 && s.zeroes:
		return disk.Block{}, nil
	case off >= s.f.Size:
		return disk.Block{}, damage.In(damage.New(fmt.Sprintf("offset of grain %d", i), -1, off, fmt.Sprintf("< %d, the size of the file", s.f.Size)), s.f.Name, "")
	case s.packed:
		return s.unpacked(i, off)
	default:
		return disk.Block{R: s.f.R, Offset: off}, nil
	}
}

// unpacked returns a compressed grain.
func (s *sparse) unpacked(i, off int64) (disk.Block, error) {
	b, err := s.inflated.Get(i, func() ([]byte, error) { return s.inflate(i, off) })
	return disk.Block{R: bytes.NewReader(b)}, damage.In(err, s.f.Name, "")
}

// inflate unpacks a grain. Before it is a marker: its first sector in 8 bytes, and the
// length of what is compressed in 4.
func (s *sparse) inflate(i, off int64) ([]byte, error) {
	m, err := bin.ReadAt(s.f.R, s.f.Size, off, 12, "marker of a grain")
	if err != nil {
		return nil, err
	}
	if first := binary.LittleEndian.Uint64(m); first != uint64(i*s.grain/sector) {
		return nil, damage.New(fmt.Sprintf("first sector of grain %d", i), off, first, i*s.grain/sector)
	}
	length := int64(binary.LittleEndian.Uint32(m[8:]))
	if length > 2*s.grain+1024 {
		return nil, damage.New(fmt.Sprintf("length of grain %d", i), off+8, length, fmt.Sprintf("≤ %d", 2*s.grain+1024))
	}
	raw, err := bin.ReadAt(s.f.R, s.f.Size, off+12, length, "compressed grain")
	if err != nil {
		return nil, err
	}
	b := make([]byte, s.grain)
	n, err := s.decoders.Zlib(b, raw)
	if err == nil && int64(n) < min(s.grain, s.size-i*s.grain) { // the last grain may be short
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		return b, nil
	}
	return nil, &damage.Error{Offset: off + 12, What: fmt.Sprintf("compressed grain %d", i), Err: err}
}
