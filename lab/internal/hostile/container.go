package hostile

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/adler32"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/disk/ewf"
	"github.com/birthmark-dfir/birthmark/internal/disk/qcow2"
	"github.com/birthmark-dfir/birthmark/internal/disk/vdi"
	"github.com/birthmark-dfir/birthmark/internal/disk/vhd"
	"github.com/birthmark-dfir/birthmark/internal/disk/vhdx"
	"github.com/birthmark-dfir/birthmark/internal/disk/vmdk"
	"github.com/birthmark-dfir/birthmark/internal/unzstd"
	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

var be = binary.BigEndian

// containerParsers open the containers of disks, by the name of their format.
var containerParsers = map[string]child.Parser{
	"ewf": container(ewf.Open), "vhd": container(vhd.Open), "vhdx": container(vhdx.Open),
	"vmdk": container(vmdk.Open), "qcow2": container(qcow2.Open), "vdi": container(vdi.Open), "zstd": container(openZstd),
}

// openZstd opens a disk that is compressed by zstandard.
func openZstd(from disk.File) (disk.Image, error) {
	f, err := unzstd.Open(from.R, from.Size)
	if f == nil {
		return disk.Image{}, err
	}
	img := disk.Image{R: f, Size: f.Size()}
	if err != nil {
		img.Problems = append(img.Problems, damage.Note(damage.Truncation, err, "", ""))
	}
	return img, nil
}

// withoutChecksum are the containers of which a change of content passes unnoticed: they
// have no checksum of it. Such a change is counted as silent, and is not a finding.
var withoutChecksum = map[string]bool{"vhd": true, "vhdx": true, "vmdk": true, "qcow2": true, "vdi": true}

// The records of a container are the blocks of its disk, and its size.
const (
	diskBlock     = 4096
	maxDiskBlocks = 4096 // a damaged header may promise any size
)

// container returns a parser that reads the disk of a container.
func container(open func(disk.File) (disk.Image, error)) child.Parser {
	return func(path string, emit func(child.Record)) (int, error) {
		f, err := os.Open(path)
		if err != nil {
			return 0, err
		}
		defer f.Close()
		st, err := f.Stat()
		if err != nil {
			return 0, err
		}
		img, err := open(disk.File{Name: filepath.Base(path), R: f, Size: st.Size()})
		if err != nil {
			return 0, err
		}
		emit(child.Record{Key: "size", Offset: -1, Fields: []child.Field{{Name: "size", Value: fmt.Sprint(img.Size)}}})
		problems := len(img.Problems)
		b := make([]byte, diskBlock)
		for i := range min((img.Size+diskBlock-1)/diskBlock, maxDiskBlocks) {
			n, err := img.R.ReadAt(b[:min(diskBlock, img.Size-i*diskBlock)], i*diskBlock)
			if err != nil && err != io.EOF {
				problems++
				continue
			}
			sum := sha256.Sum256(b[:n])
			emit(child.Record{Key: fmt.Sprintf("block %d", i), Offset: i * diskBlock, Fields: []child.Field{{Name: "sha256", Value: hex.EncodeToString(sum[:])}}})
		}
		return problems, nil
	}
}

// wholeDisk is the footprint of every block: none of its bytes is known, so that each
// block that changes counts.
func wholeDisk([]byte) footprints {
	return func(string, int64) []Range { return []Range{} }
}

// containerFields returns the fields of a container: numbers at fixed places of structures.
func containerFields(data []byte) (list []field) {
	add := func(kind string, at int, width int, offs ...int) {
		for _, o := range offs {
			list = append(list, field{at + o, width, kind, nil})
		}
	}
	switch mark := string(data[:min(8, len(data))]); {
	case mark == ewf.Magic:
		add("number of a segment", 0, 2, 9)
		eachEWFSection(data, func(kind string, at, next int) {
			add("offset of the next section", at, 8, 0x10)
			add("type of a section", at, 1, 0, 4)
			switch kind {
			case "volume":
				add("size of the disk", at+76, 4, 4, 8, 0xc, 0x10)
			case "table", "table2":
				add("entries of a table", at+76, 4, 0)
				add("base of a table", at+76, 8, 8)
				for o := at + 76 + 24; o+8 < next; o += 4 {
					add("offset of a chunk", o, 4, 0)
				}
			}
		})
	case mark == ewf.SecondMagic:
		add("method of compression", 0, 2, 10)
		add("number of a segment", 0, 4, 12)
		eachSecondSection(data, func(kind uint32, start, at int) {
			add("type of a section", at, 4, 0, 4)
			add("offset of the descriptor before", at, 8, 8)
			add("size of a section", at, 8, 0x10)
			if kind == 4 {
				add("first chunk", start, 8, 0)
				add("entries of a table", start, 4, 8)
				for o := start + 32; o+16 <= at-16; o += 16 {
					add("offset of a chunk", o, 8, 0)
					add("size of a chunk", o, 4, 8)
					add("flags of a chunk", o, 4, 12)
				}
			}
		})
	case mark == "conectix", len(data) > 512 && string(data[len(data)-512:][:8]) == "conectix":
		for _, at := range []int{0, len(data) - 512} {
			if string(data[at:][:8]) == "conectix" {
				add("offset of the header", at, 8, 0x10)
				add("size of the disk", at, 8, 0x30)
				add("type of the disk", at, 4, 0x3c)
			}
		}
		if mark == "conectix" && string(data[512:520]) == "cxsparse" {
			add("offset of the table", 512, 8, 0x10)
			add("entries of the table", 512, 4, 0x1c)
			add("size of a block", 512, 4, 0x20)
			for o := 1536; o+4 <= 2048; o += 4 {
				add("offset of a block", o, 4, 0)
			}
		}
	case mark == vhdx.Magic:
		for _, at := range []int{64 << 10, 128 << 10} {
			add("sequence number", at, 8, 8)
			add("version", at, 2, 0x40, 0x42)
			add("log", at, 8, 0x30, 0x44, 0x48)
		}
		for _, at := range []int{192 << 10, 256 << 10} {
			add("number of regions", at, 4, 8)
			add("region", at, 8, 16, 24, 32, 40, 48, 56, 64, 72)
		}
		add("number of metadata", 2<<20, 2, 10)
		add("metadata", 2<<20, 4, 32, 48, 52, 56, 64, 80, 84, 96, 112, 116)
		add("metadata", 2<<20+64<<10, 4, 0, 4, 8, 12, 16)
		add("state and offset of a block", 3<<20, 8, 0, 8, 16, 24)
	case mark[:4] == vmdk.SparseMagic:
		for _, at := range []int{0, len(data) - 1024} {
			if string(data[at:][:4]) == vmdk.SparseMagic {
				add("version and flags", at, 4, 4, 8)
				add("size or offset", at, 8, 0xc, 0x14, 0x1c, 0x24, 0x30, 0x38, 0x40)
				add("entries of a table", at, 4, 0x2c)
				add("compression", at, 2, 0x4d)
			}
		}
		for o := 1024; o+4 <= min(len(data), 4096); o += 4 {
			add("entry or marker", o, 4, 0)
		}
	case mark == vmdk.SESparseMagic:
		add("size or offset", 0, 8, 8, 0x10, 0x18, 0x20, 0x50, 0x80, 0x88, 0x90, 0xc0)
		add("header that changes", 512, 8, 0, 0x18)
		for o := 4096; o+8 <= min(len(data), 8192); o += 8 {
			add("entry", o, 8, 0)
		}
	case mark[:4] == qcow2.Magic:
		add("version", 0, 4, 4)
		add("backing file", 0, 8, 8)
		add("size of a cluster", 0, 4, 0x14, 0x10)
		add("size of the disk", 0, 8, 0x18)
		add("first table", 0, 4, 0x24)
		add("offset of the first table", 0, 8, 0x28, 0x30, 0x38)
		add("features", 0, 8, 0x48, 0x50, 0x58, 0x60)
		for o := 4096; o+8 <= min(len(data), 3*4096); o += 8 {
			add("entry", o, 8, 0)
		}
	case mark[:4] == zstdMagic:
		for o := 0; o+12 <= len(data); o++ {
			if string(data[o:][:4]) == zstdMagic {
				add("mark of a frame", o, 4, 0)
				add("flags of a frame", o, 1, 4)
				add("window or size of a frame", o, 2, 5)
				add("header of a block", o, 2, 7, 8, 9)
			}
		}
	default: // VDI
		add("version", 0, 4, 0x44)
		add("type of the disk", 0, 4, 0x4c)
		add("offset", 0, 4, 0x154, 0x158)
		add("size of the disk", 0, 8, 0x170)
		add("size of a block", 0, 4, 0x178, 0x17c, 0x180, 0x184)
		for o := 512; o+4 <= min(len(data), 1024); o += 4 {
			add("entry", o, 4, 0)
		}
	}
	return list
}

// withinContainer changes a field, and corrects the checksums.
func withinContainer(data []byte, _ int, change func()) {
	change()
	seal := func(at, length, sumAt int, sum func([]byte) uint32, put func([]byte, uint32)) {
		if at < 0 || at+length > len(data) {
			return
		}
		clear(data[at+sumAt : at+sumAt+4])
		put(data[at+sumAt:], sum(data[at:at+length]))
	}
	switch mark := string(data[:min(8, len(data))]); {
	case mark == ewf.Magic:
		eachEWFSection(data, func(kind string, at, next int) {
			le.PutUint32(data[at+72:], adler32.Checksum(data[at:at+72]))
			content := data[at+76 : next]
			switch {
			case kind == "volume" && len(content) > 4:
				le.PutUint32(content[len(content)-4:], adler32.Checksum(content[:len(content)-4]))
			case (kind == "table" || kind == "table2") && len(content) > 28:
				le.PutUint32(content[20:], adler32.Checksum(content[:20]))
				le.PutUint32(content[len(content)-4:], adler32.Checksum(content[24:len(content)-4]))
			}
		})
	case mark == ewf.SecondMagic:
		eachSecondSection(data, func(kind uint32, start, at int) {
			if kind == 4 && at-start > 64 {
				le.PutUint32(data[start+16:], adler32.Checksum(data[start:start+16]))
				le.PutUint32(data[at-16:], adler32.Checksum(data[start+32:at-16]))
			}
			le.PutUint32(data[at+60:], adler32.Checksum(data[at:at+60]))
		})
	case mark == vhdx.Magic:
		castagnoli := func(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }
		for at, length := range map[int]int{64 << 10: 4096, 128 << 10: 4096, 192 << 10: 64 << 10, 256 << 10: 64 << 10} {
			seal(at, length, 4, castagnoli, le.PutUint32)
		}
	default:
		complement := func(b []byte) (sum uint32) {
			for _, c := range b {
				sum += uint32(c)
			}
			return ^sum
		}
		for _, at := range []int{0, len(data) - 512} {
			if at >= 0 && at+8 <= len(data) && string(data[at:at+8]) == "conectix" {
				seal(at, 512, 0x40, complement, be.PutUint32)
			}
		}
		if len(data) > 1536 && string(data[512:520]) == "cxsparse" {
			seal(512, 1024, 0x24, complement, be.PutUint32)
		}
	}
}

// eachEWFSection calls f for each section of a segment: with its type, the place of its
// descriptor, and that of what follows the section.
func eachEWFSection(data []byte, f func(kind string, at, next int)) {
	for at := 13; at+76 <= len(data); {
		kind := string(data[at : at+16])
		for i := range kind {
			if kind[i] == 0 {
				kind = kind[:i]
				break
			}
		}
		next := int64(le.Uint64(data[at+16:]))
		if next <= int64(at)+76 || next > int64(len(data)) {
			f(kind, at, at+76)
			return
		}
		f(kind, at, int(next))
		at = int(next)
	}
}

// eachSecondSection calls f for each section of a segment of the second version, from its
// end: with its type, its place, and that of its descriptor.
func eachSecondSection(data []byte, f func(kind uint32, start, at int)) {
	for at := len(data) - 64; at >= 32; {
		size, before := le.Uint64(data[at+16:]), le.Uint64(data[at+8:])
		start := at
		if size <= uint64(at-32) {
			start = at - int(size)
		}
		f(le.Uint32(data[at:]), start, at)
		if before >= uint64(at) {
			return
		}
		at = int(before)
	}
}
