package registrytest

import (
	"encoding/binary"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

const (
	pageSize      = 4096
	binHeaderSize = 32
	none          = 0xffffffff
)

// bins is the hive bins data under construction.
type bins struct {
	data   []byte
	header int // size of a cell's header: 4, or 8 in format 1.1
	align  int // 8, or 16 in format 1.1
	end    int // of what is allocated in the last bin
	last   int // size of the previous cell, in format 1.1

	cells   []uint32 // all that were made
	deleted []uint32 // those to be freed at the end
}

func newBins(minor uint32) *bins {
	if minor == 1 {
		return &bins{header: 8, align: 16}
	}
	return &bins{header: 4, align: 8}
}

// alloc makes a cell for n bytes and returns its cell offset and its content,
// which is valid until the next alloc.
func (b *bins) alloc(n int) (uint32, []byte) {
	size := (b.header + n + b.align - 1) / b.align * b.align
	if b.end+size > len(b.data) {
		b.closeBin()
		b.openBin(size)
	}
	at := b.end
	b.cellHeader(at, -size, size)
	b.end += size
	b.cells = append(b.cells, uint32(at))
	return uint32(at), b.at(uint32(at))[:n]
}

// at returns the content of a cell.
func (b *bins) at(cell uint32) []byte {
	size := -int(int32(binary.LittleEndian.Uint32(b.data[cell:])))
	return b.data[int(cell)+b.header : int(cell)+size]
}

func (b *bins) cellHeader(at, signed, size int) {
	binary.LittleEndian.PutUint32(b.data[at:], uint32(int32(signed)))
	if b.header == 8 {
		prev := uint32(none)
		if b.last > 0 {
			prev = uint32(at - b.last)
		}
		binary.LittleEndian.PutUint32(b.data[at+4:], prev)
		b.last = size
	}
}

// openBin begins a bin that has room for a cell of size bytes.
func (b *bins) openBin(size int) {
	at := len(b.data)
	n := (binHeaderSize + size + pageSize - 1) / pageSize * pageSize
	b.data = append(b.data, make([]byte, n)...)
	bin := b.data[at:]
	copy(bin, "hbin")
	binary.LittleEndian.PutUint32(bin[4:], uint32(at))
	binary.LittleEndian.PutUint32(bin[8:], uint32(n))
	b.end = at + binHeaderSize
	b.last = 0
}

// closeBin makes the rest of the last bin a free cell.
func (b *bins) closeBin() {
	if rest := len(b.data) - b.end; rest > 0 {
		b.cellHeader(b.end, rest, rest)
		b.end = len(b.data)
	}
}

// unused makes a bin with one free cell that has the content.
func (b *bins) unused(content []byte) {
	b.closeBin()
	b.openBin((b.header + len(content) + b.align - 1) / b.align * b.align)
	at := b.end
	b.closeBin()
	copy(b.data[at+b.header:], content)
}

// free makes free cells of the deleted ones. Windows joins free cells that follow each
// other.
func (b *bins) free() {
	le := binary.LittleEndian
	for _, cell := range b.deleted {
		le.PutUint32(b.data[cell:], -le.Uint32(b.data[cell:]))
	}
	if len(b.deleted) == 0 || b.header == 8 {
		return
	}
	for bin := 0; bin < len(b.data); bin += int(le.Uint32(b.data[bin+8:])) {
		end := bin + int(le.Uint32(b.data[bin+8:]))
		before := -1 // the free cell before
		for at := bin + binHeaderSize; at < end; {
			size := int(int32(le.Uint32(b.data[at:])))
			switch {
			case size < 0:
				before, size = -1, -size
			case before >= 0:
				le.PutUint32(b.data[before:], uint32(at+size-before))
			default:
				before = at
			}
			at += size
		}
	}
}

// file returns the hive: base block and bins.
func (b *bins) file(h *Hive, minor, root uint32) []byte {
	b.closeBin()
	b.free()
	written := filetime.Ticks(h.LastWrite)
	binary.LittleEndian.PutUint64(b.data[20:], written)

	base := make([]byte, pageSize, pageSize+len(b.data))
	copy(base, "regf")
	le := binary.LittleEndian
	le.PutUint32(base[4:], 1)
	le.PutUint32(base[8:], 1)
	if h.Dirty {
		le.PutUint32(base[4:], 2)
	}
	le.PutUint64(base[12:], written)
	le.PutUint32(base[20:], 1)
	le.PutUint32(base[24:], minor)
	le.PutUint32(base[32:], 1) // direct memory load
	le.PutUint32(base[36:], root)
	le.PutUint32(base[40:], uint32(len(b.data)))
	le.PutUint32(base[44:], 1) // clustering factor
	name := wtf8.Encode(h.Name)
	copy(base[48:48+62], name[max(0, len(name)-62):])
	le.PutUint32(base[508:], checksum(base))
	return append(append(base, b.data...), h.Behind...)
}

func checksum(base []byte) uint32 {
	var sum uint32
	for i := 0; i < 508; i += 4 {
		sum ^= binary.LittleEndian.Uint32(base[i:])
	}
	switch sum {
	case 0:
		return 1
	case none:
		return none - 1
	}
	return sum
}

func putTime(b []byte, t time.Time) { binary.LittleEndian.PutUint64(b, filetime.Ticks(t)) }
