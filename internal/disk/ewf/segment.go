package ewf

import (
	"encoding/binary"
	"fmt"
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/disk"
)

// What a segment begins with, in the first and in the second version, and in that of files
// instead of a disk.
const (
	Magic        = "EVF\x09\x0d\x0a\xff\x00"
	SecondMagic  = "EVF2\x0d\x0a\x81\x00"
	LogicalMagic = "LVF\x09\x0d\x0a\xff\x00"

	SecondLogicalMagic = "LEF2\x0d\x0a\x81\x00"
)

// The header of a segment, little-endian, in bytes from its beginning:
//
//	0x00  8  signature
//	0x08  1  1
//	0x09  2  number of the segment, from 1
//	0x0b  2  0
//
// and that of the second version:
//
//	0x00  8  signature
//	0x08  2  version, 2 and 1
//	0x0a  2  method of compression: 1 deflate, 2 bzip2
//	0x0c  4  number of the segment, from 1
//	0x10 16  identifier of the image, the same in all of its segments
const (
	fileHeaderLen   = 13
	secondHeaderLen = 32
)

// segment is one file of an image.
type segment struct {
	disk.File
	number  int
	done    bool // it is the last of the image
	logical bool // it is of files

	// Of the second version:
	second bool
	method method
	set    [16]byte // identifier of the image
}

// readHeader reads the header of a segment.
func readHeader(f disk.File) (*segment, error) {
	b, err := bin.ReadAt(f.R, f.Size, 0, fileHeaderLen, "header of the segment")
	if err != nil {
		return nil, err
	}
	s := &segment{File: f}
	switch string(b[:8]) {
	case Magic, LogicalMagic:
		s.logical = string(b[:8]) == LogicalMagic
		s.number = int(binary.LittleEndian.Uint16(b[9:]))
		return s, nil
	case SecondMagic, SecondLogicalMagic:
		s.logical = string(b[:8]) == SecondLogicalMagic
		if b, err = bin.ReadAt(f.R, f.Size, 0, secondHeaderLen, "header of the segment"); err != nil {
			return nil, err
		}
		s.second, s.method = true, method(binary.LittleEndian.Uint16(b[10:]))
		s.number = int(min(binary.LittleEndian.Uint32(b[12:]), maxSecond+1))
		copy(s.set[:], b[16:])
		return s, nil
	}
	return nil, damage.New("signature", 0, fmt.Sprintf("% x", b[:8]), fmt.Sprintf("% x", Magic))
}

// findSegments returns the segments of an image in their order: the files beside f that
// have its name but for the extension, and their number in their header.
func findSegments(f disk.File) ([]*segment, []damage.Problem, error) {
	given, err := readHeader(f)
	if err != nil {
		return nil, nil, err
	}
	number := given.number
	found := map[int]*segment{number: given}
	names, err := f.Names()
	if err != nil {
		return nil, nil, err
	}
	stem, highest := stemOf(f.Name), number
	series, ok := seriesOf(path.Ext(f.Name), number, given)
	for _, name := range names {
		if !ok || name == f.Name || !strings.EqualFold(stemOf(name), stem) || len(found) > maxSegments {
			continue
		}
		sibling, err := f.Sibling(name)
		if err != nil {
			continue
		}
		s, err := readHeader(sibling)
		if err != nil || s.number < 1 || s.second != given.second || s.logical != given.logical || s.set != given.set ||
			!strings.EqualFold(path.Ext(name), extension(series, s.number)) || found[s.number] != nil && stemOf(name) != stem {
			continue
		}
		if s.number != number {
			found[s.number] = s
			highest = max(highest, s.number)
		}
	}
	var list []*segment
	var problems []damage.Problem
	for n := 1; n <= highest; n++ {
		if s := found[n]; s != nil {
			list = append(list, s)
		} else if len(problems) < 100 {
			problems = append(problems, damage.Note(damage.Gap, damage.New(fmt.Sprintf("segment %d", n), -1, "no file", "beside the others"), f.Name, ""))
		}
	}
	if len(list) == 0 {
		return nil, nil, damage.New("number of the segment", 9, number, "≥ 1")
	}
	return list, problems, nil
}
