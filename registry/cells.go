package registry

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

// A hive bin (specification: "Hive bin") begins at a multiple of 4096 bytes with
// a header of 32 bytes:
//
//	 0  4  signature "hbin"
//	 4  4  offset of this bin, from the beginning of the hive bins data
//	 8  4  size of this bin, a multiple of 4096
//	20  8  FILETIME, in the first bin only
//
// The rest of it is filled with cells. A cell begins at a multiple of 8 bytes
// with its size, an int32 that counts itself: negative when the cell is in use,
// positive when it is free. In format 1.1 the offset of the previous cell
// follows, and cells begin at multiples of 16.
const (
	pageSize      = 4096
	binHeaderSize = 32
	none          = 0xffffffff // a cell offset that refers to no cell
)

// cells finds the cells of a hive.
type cells struct {
	data     []byte   // the hive file
	binEnd   []uint32 // per page of the hive bins data, the cell offset at which its bin ends
	header   int      // size of a cell's header: 4, or 8 in format 1.1
	badPages []badPage
}

// badPage is a run of pages without a bin header. The cells in it are read, but
// only the end of the run bounds them.
type badPage struct {
	start, end uint32 // cell offsets
	what       string
	got        string
}

// findBins walks the bins, up to the size in the base block and beyond it as long
// as there are more bins. In a sound hive no reference leads there, but a size
// that was made smaller would hide keys.
func findBins(data []byte, b *baseBlock) cells {
	c := cells{data: data, header: 4}
	size := uint32(max(0, len(data)-baseBlockSize))
	stated := min(b.binsSize, size)
	c.binEnd = make([]uint32, 0, (size+pageSize-1)/pageSize)
	for at := uint32(0); at < size; {
		end, bad := c.binAt(at, size)
		if at >= stated && b.sound() && bad.what != "" {
			break
		}
		if bad.what != "" {
			for end < size { // to the next bin
				next, bad := c.binAt(end, size)
				if bad.what == "" {
					break
				}
				end = next
			}
			bad.end = end
			c.badPages = append(c.badPages, bad)
		}
		for ; at < end; at += pageSize {
			c.binEnd = append(c.binEnd, end)
		}
	}
	return c
}

// lostBaseBlock stands in for the base block of a hive that begins with something else,
// if the first bin is in its place, or any bin for a fragment.
func lostBaseBlock(data []byte, fragment bool, lost error) (baseBlock, bool) {
	b := baseBlock{major: 1, minor: 5, root: none, binsSize: uint32(max(0, len(data)-baseBlockSize)), computed: 1, lost: lost}
	c := cells{data: data}
	for at := uint32(0); at < b.binsSize; at += pageSize {
		if _, bad := c.binAt(at, b.binsSize); bad.what == "" {
			return b, true
		}
		if !fragment {
			break
		}
	}
	return b, false
}

// binAt returns the end of the bin at a cell offset or, if no bin begins there,
// the end of the page and what is wrong.
func (c *cells) binAt(at, size uint32) (uint32, badPage) {
	page := c.data[baseBlockSize+int(at):]
	bad := badPage{start: at}
	next := min(at+pageSize, size)
	if len(page) < binHeaderSize {
		bad.what, bad.got = "hive bin header", fmt.Sprintf("%d bytes", len(page))
		return next, bad
	}
	offset, n := binary.LittleEndian.Uint32(page[4:]), binary.LittleEndian.Uint32(page[8:])
	switch {
	case string(page[:4]) != "hbin":
		bad.what, bad.got = "hive bin signature", fmt.Sprintf("%q", page[:4])
	case offset != at:
		bad.what, bad.got = "hive bin offset", fmt.Sprintf("%#x", offset)
	case n == 0 || n%pageSize != 0 || n > 1<<31:
		bad.what, bad.got = "hive bin size", fmt.Sprintf("%#x", n)
	default:
		return uint32(min(uint64(at)+uint64(n), uint64(size))), bad
	}
	return next, bad
}

// problems reports what is wrong with the sequence of bins. It returns false if
// note does.
func (c *cells) problems(b *baseBlock, note report) bool {
	if have := max(0, len(c.data)-baseBlockSize); uint64(b.binsSize) > uint64(have) &&
		!note(damage.Truncation, damage.Truncated("hive bins data", baseBlockSize, int64(b.binsSize), int64(have)), "") {
		return false
	}
	for _, bad := range c.badPages {
		if !note(damage.Malformed, damage.New(bad.what, fileOffset(bad.start), bad.got,
			fmt.Sprintf("a hive bin; no bin begins in the next %d bytes", bad.end-bad.start)), "") {
			return false
		}
	}
	return true
}

// fileOffset returns the file offset of a cell offset.
func fileOffset(cell uint32) int64 { return baseBlockSize + int64(cell) }

// A ref is a reference to a cell, together with its own place in the file.
type ref struct {
	at   int64  // file offset of the four bytes that hold the reference
	in   int64  // file offset of the structure that these belong to
	cell uint32 // cell offset
}

// refAt returns the reference at offset i of a structure that begins at a file
// offset. The caller has checked the bounds.
func refAt(structure []byte, base int64, i int) ref {
	return ref{base + int64(i), base, binary.LittleEndian.Uint32(structure[i:])}
}

// cell returns the content, without its header, of the cell that to refers to,
// and the file offset of the content. The cell must be in use and within one bin.
func (c *cells) cell(to ref, what string) ([]byte, int64, error) {
	if page := int(to.cell / pageSize); page < len(c.binEnd) && to.cell%8 == 0 && to.cell < c.binEnd[page] {
		b := c.data[baseBlockSize+int(to.cell) : baseBlockSize+int(c.binEnd[page])]
		if len(b) >= 4 {
			if n := -int(int32(binary.LittleEndian.Uint32(b))); n >= c.header && n <= len(b) {
				return b[c.header:n:n], fileOffset(to.cell) + int64(c.header), nil
			}
		}
	}
	return nil, 0, c.notCell(to, what)
}

// notCell returns why a reference does not refer to a cell in use.
func (c *cells) notCell(to ref, what string) error {
	page := to.cell / pageSize
	if to.cell == none || uint64(page) >= uint64(len(c.binEnd)) {
		return damage.New(what+" offset", to.at, fmt.Sprintf("%#x", to.cell),
			fmt.Sprintf("less than %#x", uint64(len(c.binEnd))*pageSize))
	}
	if to.cell%8 != 0 {
		return damage.New(what+" offset", to.at, fmt.Sprintf("%#x", to.cell), "a multiple of 8")
	}
	at := fileOffset(to.cell)
	// The last bin may be cut off.
	room := max(0, min(int64(c.binEnd[page]-to.cell), int64(len(c.data))-at))
	if room < int64(c.header) {
		return damage.Truncated(what+" cell", at, int64(c.header), room)
	}
	size := -int64(int32(binary.LittleEndian.Uint32(c.data[at:])))
	if size <= 0 {
		return damage.New(what+" cell", at, fmt.Sprintf("a free cell of %d bytes", -size), "a cell in use")
	}
	return damage.New(what+" cell size", at, size, fmt.Sprintf("%d to %d, the rest of its bin", c.header, room))
}

// structure returns the content of a cell that holds a structure with a
// signature of two bytes and at least size bytes.
func (c *cells) structure(to ref, what, signature string, size int) ([]byte, int64, error) {
	b, at, err := c.cell(to, what)
	if err != nil {
		return nil, 0, err
	}
	if len(b) < size {
		return nil, 0, damage.Truncated(what, at, int64(size), int64(len(b)))
	}
	if signature != "" && (b[0] != signature[0] || b[1] != signature[1]) {
		return nil, 0, damage.New(what+" signature", at, fmt.Sprintf("%q", b[:2]), fmt.Sprintf("%q", signature))
	}
	return b, at, nil
}
