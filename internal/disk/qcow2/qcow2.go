// Package qcow2 reads the disk images of QEMU, qcow2 in its versions 2 and 3: compressed
// clusters, backing files, an external data file, and extended L2 entries.
package qcow2

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/inflate"
)

// Magic is what a qcow2 file begins with.
const Magic = "QFI\xfb"

// The header, big-endian, in bytes from the beginning of the file:
//
//	0x00  4  "QFI\xfb"
//	0x04  4  version: 2 or 3
//	0x08  8  offset of the name of the backing file, or 0
//	0x10  4  length of that name
//	0x14  4  size of a cluster, as a power of two
//	0x18  8  size of the disk
//	0x20  4  encryption: 0 for a disk that is not encrypted
//	0x24  4  entries of the L1 table
//	0x28  8  offset of the L1 table
//	0x3c  4  number of snapshots in the image
//	0x48  8  features that a reader must know; this and what follows is in version 3 only
//	0x64  4  length of the header
//	0x68  1  compression: 0 deflate, 1 zstandard
const (
	headerLen = 0x48
	version3  = 0x68
)

// The features that a reader must know, by bit.
const (
	dirty        = 1 << 0 // reference counts may be wrong, which reading does not need
	corrupt      = 1 << 1
	dataFile     = 1 << 2
	compression  = 1 << 3
	extended     = 1 << 4
	allFeatures  = dirty | corrupt | dataFile | compression | extended
	subclusters  = 32
	offsetMask   = 0x00fffffffffffe00
	isCompressed = 1 << 62
	isCopied     = 1 << 63 // no snapshot shares the cluster
	allZeros     = 1 << 0
)

// maxNameLen is the length of the longest name of a backing file, by the specification.
const maxNameLen = 1023

// file is an open qcow2 file.
type file struct {
	f        disk.File
	bits     uint
	cluster  int64
	size     int64
	l1       []uint64
	features uint64
	zstd     bool
	zeroes   bool        // version 3: an entry may say that its cluster has zeros
	entry    int64       // size of an L2 entry
	data     io.ReaderAt // that holds the clusters
	dataSize int64
	backing  disk.Image // R is nil without a backing file
	tables   disk.Decoded
	clusters disk.Decoded
	decoders inflate.Buffers
}

// Open opens a qcow2 file.
func Open(f disk.File) (disk.Image, error) {
	img, err := open(f, 0)
	return img, damage.In(err, f.Name, "")
}

func open(f disk.File, depth int) (disk.Image, error) {
	if depth == disk.MaxChain {
		return disk.Image{}, damage.New("backing files", -1, depth+1, fmt.Sprintf("≤ %d", disk.MaxChain))
	}
	q := &file{f: f, data: f.R, dataSize: f.Size, tables: disk.Decoded{Max: 32}, clusters: disk.Decoded{Max: 64}, entry: 8}
	h, err := q.readHeader()
	if err != nil {
		return disk.Image{}, err
	}
	img := disk.Image{Size: q.size}
	if q.features&corrupt != 0 {
		img.Problems = append(img.Problems, damage.Note(damage.Malformed, damage.New("features", 0x48, "marked as corrupt", nil), f.Name, ""))
	}
	if n := binary.BigEndian.Uint32(h[0x3c:]); n > 0 {
		img.Problems = append(img.Problems, damage.Note(damage.Unsupported, damage.New("snapshots in the image", 0x3c, n,
			"the disk as it is now, which is read; qemu-img snapshot -l lists them, and qemu-img convert -l NAME converts one"), f.Name, ""))
	}
	if err := q.openOthers(h, depth); err != nil {
		return disk.Image{}, err
	}
	img.Problems = append(img.Problems, q.backing.Problems...)
	blocks := &disk.Blocks{Size: q.size, BlockSize: q.cluster, Find: q.find}
	if q.features&extended != 0 {
		blocks.BlockSize, blocks.Find = q.cluster/subclusters, q.findSub
	}
	img.R = blocks
	return img, nil
}

// readHeader reads the header and the L1 table. It returns the bytes of the first
// cluster, in which the extensions of the header are.
func (q *file) readHeader() ([]byte, error) {
	h, err := bin.ReadAt(q.f.R, q.f.Size, 0, headerLen, "header")
	if err != nil {
		return nil, err
	}
	if string(h[:4]) != Magic {
		return nil, damage.New("magic", 0, fmt.Sprintf("%q", h[:4]), fmt.Sprintf("%q", Magic))
	}
	version := binary.BigEndian.Uint32(h[4:])
	if version != 2 && version != 3 {
		return nil, damage.New("version", 4, version, "2 or 3")
	}
	bits := binary.BigEndian.Uint32(h[0x14:])
	if bits < 9 || bits > 21 {
		return nil, damage.New("size of a cluster", 0x14, fmt.Sprintf("2^%d", bits), "2^9 to 2^21")
	}
	q.bits, q.cluster = uint(bits), 1<<bits
	size := binary.BigEndian.Uint64(h[0x18:])
	if size > 1<<56 {
		return nil, damage.New("size of the disk", 0x18, size, "≤ 2⁵⁶")
	}
	q.size = int64(size)
	if crypt := binary.BigEndian.Uint32(h[0x20:]); crypt != 0 {
		return nil, &damage.Error{Offset: 0x20, What: "encryption", Got: fmt.Sprint(crypt), Want: "0", Err: disk.ErrEncrypted}
	}
	if h, err = bin.ReadAt(q.f.R, q.f.Size, 0, min(q.cluster, q.f.Size), "header"); err != nil {
		return nil, err
	}
	q.zeroes = version == 3
	if version == 3 {
		if len(h) < version3 {
			return nil, damage.Truncated("header", 0, version3, int64(len(h)))
		}
		q.features = binary.BigEndian.Uint64(h[0x48:])
		if unknown := q.features &^ uint64(allFeatures); unknown != 0 {
			return nil, damage.New("features", 0x48, fmt.Sprintf("%#x", unknown), "known ones")
		}
		if q.features&compression != 0 {
			if len(h) <= 0x68 || h[0x68] > 1 {
				return nil, damage.New("compression", 0x68, "another", "0 or 1")
			}
			q.zstd = h[0x68] == 1
		}
		if q.features&extended != 0 {
			q.entry = 16
			if q.bits < 14 {
				return nil, damage.New("size of a cluster with subclusters", 0x14, q.cluster, "≥ 16384")
			}
		}
	}
	count, at := int64(binary.BigEndian.Uint32(h[0x24:])), int64(binary.BigEndian.Uint64(h[0x28:]))
	perTable := q.cluster / q.entry
	if need := (q.size + q.cluster*perTable - 1) / (q.cluster * perTable); count < need {
		return nil, damage.New("entries of the L1 table", 0x24, count, fmt.Sprintf("≥ %d", need))
	} else {
		count = need
	}
	b, err := bin.ReadAt(q.f.R, q.f.Size, at, 8*count, "L1 table")
	if err != nil {
		return nil, err
	}
	q.l1 = make([]uint64, count)
	for i := range q.l1 {
		q.l1[i] = binary.BigEndian.Uint64(b[8*i:])
	}
	return h, nil
}

// dataFileName is the type of the header's extension with the name of the external
// data file.
const dataFileName = 0x44415441

// backingFormat is the type of the header's extension with the format of the backing file.
const backingFormat = 0xe2792aca

// openOthers opens the external data file and the backing file, which must be beside
// the image.
func (q *file) openOthers(h []byte, depth int) error {
	if q.features&dataFile != 0 {
		name := extension(h, dataFileName)
		d, err := q.f.Sibling(name)
		if err != nil {
			return &damage.Error{Offset: 0x48, What: "external data file", Got: name, Want: "beside the image", Err: err}
		}
		q.data, q.dataSize = d.R, d.Size
	}
	at, length := binary.BigEndian.Uint64(h[0x08:]), binary.BigEndian.Uint32(h[0x10:])
	if at == 0 {
		return nil
	}
	if length > maxNameLen || at > uint64(len(h)) || uint64(length) > uint64(len(h))-at {
		return damage.New("name of the backing file", 0x08, fmt.Sprintf("%d bytes at %#x", length, at), fmt.Sprintf("at most %d in the first cluster", maxNameLen))
	}
	name := string(h[at : at+uint64(length)])
	p, err := q.f.Sibling(name)
	if err != nil {
		return &damage.Error{Offset: int64(at), What: "backing file", Got: name, Want: "beside the image", Err: err}
	}
	var magic [4]byte
	n, _ := p.R.ReadAt(magic[:], 0)
	format := ""
	if q.zeroes {
		format = extension(h, backingFormat)
	}
	switch {
	case format != "" && format != "raw" && format != "qcow2":
		return damage.In(damage.New("format of the backing file", int64(at), format, "raw or qcow2"), "", p.Name)
	case format == "qcow2" || format == "" && string(magic[:n]) == Magic:
		q.backing, err = open(p, depth+1)
		return damage.In(err, p.Name, "")
	}
	q.backing = disk.Image{R: p.R, Size: p.Size}
	return nil
}

// extension returns the text of an extension of the header, or "".
func extension(h []byte, want uint32) string {
	at := uint64(binary.BigEndian.Uint32(h[0x64:]))
	for at+8 <= uint64(len(h)) {
		typ, length := binary.BigEndian.Uint32(h[at:]), uint64(binary.BigEndian.Uint32(h[at+4:]))
		if at += 8; typ == 0 || length > uint64(len(h))-at {
			return ""
		}
		if typ == want {
			return string(h[at : at+length])
		}
		at += (length + 7) / 8 * 8
	}
	return ""
}

// table returns the L2 table for a cluster of the disk, or nil if it has none.
func (q *file) table(i int64) ([]byte, error) {
	n := i / (q.cluster / q.entry)
	off := int64(q.l1[n] & offsetMask)
	if off == 0 {
		return nil, nil
	}
	return q.tables.Get(n, func() ([]byte, error) {
		return bin.ReadAt(q.f.R, q.f.Size, off, q.cluster, fmt.Sprintf("L2 table %d", n))
	})
}

// find finds a cluster of the disk, and how many follow it in the same file.
func (q *file) find(i int64) (disk.Block, error) {
	table, err := q.table(i)
	if err != nil {
		return disk.Block{}, err
	}
	perTable := q.cluster / q.entry
	if table == nil {
		return q.below(i*q.cluster, perTable-i%perTable-1, q.cluster), nil
	}
	first := i % perTable
	entry := func(j int64) uint64 { return binary.BigEndian.Uint64(table[8*j:]) }
	e := entry(first)
	if e&isCompressed != 0 {
		return q.compressed(i, e)
	}
	more := int64(0)
	switch off := int64(e & offsetMask); {
	case e&allZeros != 0 && !q.zeroes:
		return disk.Block{}, damage.New(fmt.Sprintf("entry of cluster %d", i), -1, fmt.Sprintf("%#x", e), "no flag of version 3")
	case e&allZeros != 0:
		for j := first + 1; j < perTable && entry(j)&(isCompressed|allZeros) == allZeros; j++ {
			more++
		}
		return disk.Block{More: more}, nil
	case off == 0 && !(q.features&dataFile != 0 && e&isCopied != 0): // a cluster of a data file may be at 0
		for j := first + 1; j < perTable && entry(j)&(isCompressed|allZeros|offsetMask) == 0; j++ {
			more++
		}
		return q.below(i*q.cluster, more, q.cluster), nil
	default:
		if off >= q.dataSize {
			return disk.Block{}, damage.New(fmt.Sprintf("offset of cluster %d", i), -1, off, fmt.Sprintf("< %d, the size of the file", q.dataSize))
		}
		for j := first + 1; j < perTable && entry(j)&(isCompressed|allZeros) == 0 && int64(entry(j)&offsetMask) == off+(j-first)*q.cluster; j++ {
			more++
		}
		return disk.Block{R: q.data, Offset: off, More: more}, nil
	}
}

// findSub finds a subcluster of a disk with extended L2 entries: the second half of an
// entry has a bit for each that is allocated, and one for each that has zeros.
func (q *file) findSub(i int64) (disk.Block, error) {
	c, sub := i/subclusters, i%subclusters
	size := q.cluster / subclusters
	table, err := q.table(c)
	if err != nil {
		return disk.Block{}, err
	}
	if table == nil {
		return q.below(i*size, subclusters-sub-1, size), nil
	}
	at := c % (q.cluster / q.entry) * q.entry
	e, bits := binary.BigEndian.Uint64(table[at:]), binary.BigEndian.Uint64(table[at+8:])
	if e&isCompressed != 0 {
		b, err := q.compressed(c, e)
		b.Offset += sub * size
		return b, err
	}
	off := int64(e & offsetMask)
	switch {
	case bits>>(32+sub)&1 != 0:
		return disk.Block{}, nil
	case bits>>sub&1 == 0:
		return q.below(i*size, 0, size), nil
	case off == 0 && q.features&dataFile == 0 || off >= q.dataSize:
		return disk.Block{}, damage.New(fmt.Sprintf("offset of cluster %d", c), -1, off, fmt.Sprintf("inside the %d bytes of the file", q.dataSize))
	}
	return disk.Block{R: q.data, Offset: off + sub*size}, nil
}

// below finds what the image does not hold: the backing file has it, as far as that
// reaches.
func (q *file) below(at, more, size int64) disk.Block {
	if q.backing.R == nil || at >= q.backing.Size {
		return disk.Block{More: more}
	}
	if at+(more+1)*size <= q.backing.Size {
		return disk.Block{R: q.backing.R, Offset: at, More: more}
	}
	if at+size <= q.backing.Size {
		return disk.Block{R: q.backing.R, Offset: at}
	}
	return disk.Block{R: &disk.Padded{Image: q.backing}, Offset: at}
}
