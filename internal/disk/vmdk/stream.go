package vmdk

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/disk"
)

// A stream whose footer is lost, such as a download that broke off, has no directory: its
// grains are found by their markers, which follow each other from the end of the header.
// In bytes from the beginning of a marker:
//
//	0x00  8  first sector of the grain; of another structure, its size in sectors
//	0x08  4  length of the compressed grain; 0 for another structure
//	0x0c  4  type of another structure: 0 end of the stream, 1 grain table, 2 grain
//	         directory, 3 footer
//
// Grains begin at sectors. Other structures follow the sector of their marker.
const (
	markerEnd    = 0
	markerFooter = 3
)

// stream is the index of a stream without a footer.
type stream struct {
	grains []streamGrain // in the order of their numbers
	lost   int64         // first grain of those behind the break
}

// streamGrain is where a grain of a stream is.
type streamGrain struct{ number, off int64 }

// scan finds the grains of a stream by their markers. First is the sector of the first
// one.
func (s *sparse) scan(first uint64) error {
	if first == 0 || first > uint64(s.f.Size/sector) {
		return damage.New("offset of the first grain", 0x40, first, fmt.Sprintf("1 to %d", s.f.Size/sector))
	}
	x := &stream{}
	for at := int64(first) * sector; ; {
		m, err := bin.ReadAt(s.f.R, s.f.Size, at, 16, "marker")
		if err != nil {
			break
		}
		value, length := binary.LittleEndian.Uint64(m), int64(binary.LittleEndian.Uint32(m[8:]))
		if length > 0 {
			number := int64(value) * sector / s.grain
			if value >= uint64(s.size/sector) || int64(value)*sector%s.grain != 0 || length > 2*s.grain+1024 || at+12+length > s.f.Size {
				break
			}
			x.grains = append(x.grains, streamGrain{number, at})
			x.lost = max(x.lost, number+1)
			at += (12 + length + sector - 1) / sector * sector
			continue
		}
		kind := binary.LittleEndian.Uint32(m[12:])
		if kind == markerEnd && value == 0 && len(x.grains) > 0 && bytes.Count(m, []byte{0}) == len(m) {
			break
		}
		if kind == markerEnd || kind > markerFooter || value > uint64(s.f.Size/sector) {
			break
		}
		at += sector + int64(value)*sector
	}
	if len(x.grains) == 0 {
		return damage.New("stream", int64(first)*sector, "neither a grain nor a footer", "grains; the file may be cut off")
	}
	slices.SortStableFunc(x.grains, func(a, b streamGrain) int { return int(min(max(a.number-b.number, -1), 1)) })
	s.stream = x
	return nil
}

// findInStream finds a grain of a stream without a footer. The grains of a stream are in
// order, so those behind the last one that was found may be lost.
func (s *sparse) findInStream(i int64) (disk.Block, error) {
	at, ok := slices.BinarySearchFunc(s.stream.grains, i, func(g streamGrain, n int64) int { return int(min(max(g.number-n, -1), 1)) })
	switch {
	case ok:
		return s.unpacked(i, s.stream.grains[at].off)
	case i >= s.stream.lost:
		return disk.Block{}, damage.In(damage.New(fmt.Sprintf("grain %d", i), -1, "the end of the file", fmt.Sprintf("< %d, as far as the stream is whole", s.stream.lost)), s.f.Name, "")
	}
	return disk.Block{}, nil
}
