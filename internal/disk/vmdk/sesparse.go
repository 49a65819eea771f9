package vmdk

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/disk"
)

// SESparseMagic is the beginning of a space-efficient sparse extent, as ESXi 6.5 and later
// write the snapshots of a VMFS6 datastore. VMware has not published the format; this is
// what QEMU reads.
const SESparseMagic = "\xbe\xba\xfe\xca\x00\x00\x00\x00"

// Its header, little-endian, in bytes from its beginning. Sizes and offsets are in sectors
// of 512 bytes.
//
//	0x00  8  magic
//	0x08  8  version, 2.1
//	0x10  8  size of the extent
//	0x18  8  size of a grain
//	0x20  8  size of a grain table
//	0x50  8  offset of the header that changes
//	0x80  8  offset of the grain directory
//	0x88  8  size of the grain directory
//	0x90  8  offset of the grain tables
//	0xc0  8  offset of the grains
//
// The header that changes:
//
//	0x00  8  0xcafecafe
//	0x18  8  not 0 if the journal has writes that are not yet in the extent. What it
//	         holds is not published, and a grain may be there or here: the error has
//	         the cause [disk.ErrJournal]. QEMU refuses such an extent too
//
// An entry of the directory is 0, or bit 60 and the number of a grain table in the lower
// 32 bits. The highest four bits of an entry of a table are its type. The number of a
// grain is in the bits that are left: its lower 12 bits in bits 48 to 59, and what is
// above them in bits 0 to 47.
const (
	seVersion       = 0x2_0000_0001
	seVolatileMagic = 0xcafecafe
	seEntry         = 8 // bytes
	seTableBit      = 0x1000_0000
)

// The types of grains.
const (
	seUnallocated = iota
	seUnmapped    // the guest discarded it: zeros
	seZero
	seAllocated
)

// seSparse is a space-efficient sparse extent.
type seSparse struct {
	f         disk.File
	size      int64 // in bytes
	grain     int64 // in bytes
	perTable  int64
	directory []byte
	tablesAt  int64 // in bytes
	grainsAt  int64 // in bytes
	below     disk.Image
	base      int64 // of the extent in the disk, and so in what is below
	tables    disk.Decoded
}

func openSESparse(f disk.File) (*seSparse, error) {
	h, err := bin.ReadAt(f.R, f.Size, 0, sector, "header")
	if err != nil {
		return nil, err
	}
	u64 := func(at int) uint64 { return binary.LittleEndian.Uint64(h[at:]) }
	if string(h[:8]) != SESparseMagic {
		return nil, damage.New("magic", 0, fmt.Sprintf("%#x", u64(0)), "0xcafebabe")
	}
	if u64(8) != seVersion {
		return nil, damage.New("version", 8, fmt.Sprintf("%#x", u64(8)), fmt.Sprintf("%#x", int64(seVersion)))
	}
	for _, at := range [...]int{0x10, 0x50, 0x80, 0x90, 0xc0} {
		if u64(at) > maxSectors {
			return nil, damage.New("size or offset", int64(at), u64(at), fmt.Sprintf("≤ %d", int64(maxSectors)))
		}
	}
	grain, table := u64(0x18), u64(0x20)
	if grain == 0 || grain > maxGrain/sector || grain&(grain-1) != 0 || table == 0 || table > maxSETable/sector {
		return nil, damage.New("size of a grain and of a grain table", 0x18, fmt.Sprintf("%d and %d sectors", grain, table),
			fmt.Sprintf("a power of two up to %d, and 1 to %d", maxGrain/sector, maxSETable/sector))
	}
	s := &seSparse{f: f, size: int64(u64(0x10)) * sector, grain: int64(grain) * sector, perTable: int64(table) * sector / seEntry,
		tablesAt: int64(u64(0x90)) * sector, grainsAt: int64(u64(0xc0)) * sector, tables: disk.Decoded{Max: 64}}
	v, err := bin.ReadAt(f.R, f.Size, int64(u64(0x50))*sector, sector, "header that changes")
	if err != nil {
		return nil, err
	}
	if magic := binary.LittleEndian.Uint64(v); magic != seVolatileMagic {
		return nil, damage.New("magic of the header that changes", int64(u64(0x50))*sector, fmt.Sprintf("%#x", magic), fmt.Sprintf("%#x", int64(seVolatileMagic)))
	}
	if binary.LittleEndian.Uint64(v[0x18:]) != 0 {
		return nil, &damage.Error{Offset: int64(u64(0x50))*sector + 0x18, What: "journal", Got: "writes that are not yet in the extent", Want: "none", Err: disk.ErrJournal}
	}
	perTable := s.grain * s.perTable
	length := (s.size + perTable - 1) / perTable * seEntry
	if own := u64(0x88); own > maxSectors || int64(own)*sector < length {
		return nil, damage.New("size of the grain directory", 0x88, own, fmt.Sprintf("%d to %d", (length+sector-1)/sector, int64(maxSectors)))
	}
	s.directory, err = bin.ReadAt(f.R, f.Size, int64(u64(0x80))*sector, length, "grain directory")
	return s, err
}

// maxSETable bounds a grain table, in bytes. VMware writes 32 KiB.
const maxSETable = 1 << 20

// image returns the extent as a disk.
func (s *seSparse) image() disk.Image {
	return disk.Image{R: &disk.Blocks{Size: s.size, BlockSize: s.grain, Find: s.find}, Size: s.size}
}

// on lays the extent over what is below, in which it begins at base.
func (s *seSparse) on(below disk.Image, base int64) disk.Image {
	s.below, s.base = below, base
	return s.image()
}

// find finds a grain.
func (s *seSparse) find(i int64) (disk.Block, error) {
	e, err := s.entry(i)
	if err != nil {
		return disk.Block{}, damage.In(err, s.f.Name, "")
	}
	switch kind := e >> 60; kind {
	case seUnallocated:
		if e != 0 {
			return disk.Block{}, damage.In(damage.New(fmt.Sprintf("entry of grain %d", i), -1, fmt.Sprintf("%#x", e), "0, or one with a type"), s.f.Name, "")
		}
		if s.below.R != nil {
			return disk.Block{R: &disk.Padded{Image: s.below}, Offset: s.base + i*s.grain}, nil
		}
		return disk.Block{}, nil
	case seUnmapped, seZero:
		return disk.Block{}, nil
	case seAllocated:
		n := e>>48&0xfff | e<<16>>16<<12
		if n < uint64(max(s.f.Size-s.grainsAt, 0)/s.grain) {
			return disk.Block{R: s.f.R, Offset: s.grainsAt + int64(n)*s.grain}, nil
		}
		return disk.Block{}, damage.In(damage.New(fmt.Sprintf("number of grain %d", i), -1, n, fmt.Sprintf("one inside the %d bytes of the file", s.f.Size)), s.f.Name, "")
	default:
		return disk.Block{}, damage.In(damage.New(fmt.Sprintf("type of grain %d", i), -1, kind, "0 to 3"), s.f.Name, "")
	}
}

// entry returns the entry of a grain.
func (s *seSparse) entry(i int64) (uint64, error) {
	n := i / s.perTable
	e := binary.LittleEndian.Uint64(s.directory[n*seEntry:])
	switch {
	case e == 0:
		return 0, nil
	case e>>32 != seTableBit:
		return 0, damage.New(fmt.Sprintf("entry %d of the grain directory", n), -1, fmt.Sprintf("%#x", e), "0, or 0x1 and the number of a table")
	}
	table, err := s.tables.Get(n, func() ([]byte, error) {
		length := s.perTable * seEntry
		return bin.ReadAt(s.f.R, s.f.Size, s.tablesAt+int64(uint32(e))*length, length, fmt.Sprintf("grain table %d", n))
	})
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint64(table[i%s.perTable*seEntry:]), nil
}
