package evtxtest

import (
	"errors"
	"hash/crc32"
	"maps"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

var errTooBig = errors.New("the event does not fit into a chunk of 64 KiB")

// chunk is a chunk being filled.
type chunk struct {
	buf         []byte // grows to chunkSize
	names       map[string]int
	templates   map[string]int // offsets of definitions, by shape
	first, last uint64         // identifiers of records
	lastAt      int            // offset of the last record
	count       int
}

func newChunk() *chunk {
	return &chunk{
		buf: make([]byte, chunkHeaderSize, chunkSize), names: map[string]int{}, templates: map[string]int{},
	}
}

// mark is the state that rewind restores: the chunk before a record that did not fit.
type mark struct {
	size   int
	header [chunkHeaderSize]byte
}

func (c *chunk) mark() mark {
	m := mark{size: len(c.buf)}
	copy(m.header[:], c.buf)
	return m
}

// rewind restores a mark. What is behind it is no longer shared.
func (c *chunk) rewind(m mark) {
	c.buf = c.buf[:m.size]
	copy(c.buf, m.header[:])
	behind := func(_ string, at int) bool { return at >= m.size }
	maps.DeleteFunc(c.names, behind)
	maps.DeleteFunc(c.templates, behind)
}

// record is a record to be written.
type record struct {
	id, written uint64 // of its header; written is a FILETIME
	event       *element
}

// add writes a record:
//
//	0 4 signature, 4 4 size, 8 8 identifier, 16 8 FILETIME, 24 binary XML, the
//	size again
func (c *chunk) add(r record) error {
	at := len(c.buf)
	c.buf = le.AppendUint32(c.buf, 0x2a2a)
	c.buf = le.AppendUint32(c.buf, 0)
	c.buf = le.AppendUint64(c.buf, r.id)
	c.buf = le.AppendUint64(c.buf, r.written)
	c.event(r.event)
	for (len(c.buf)+4)%8 != 0 {
		c.buf = append(c.buf, 0)
	}
	size := uint32(len(c.buf) + 4 - at)
	c.buf = le.AppendUint32(c.buf, size)
	if len(c.buf) > chunkSize {
		return errTooBig
	}
	le.PutUint32(c.buf[at+4:], size)
	if c.count == 0 {
		c.first = r.id
	}
	c.last, c.lastAt = r.id, at
	c.count++
	return nil
}

// seal returns the chunk with header and checksums, padded to its full size.
func (c *chunk) seal(number int) []byte {
	free := len(c.buf)
	out := make([]byte, chunkSize)
	copy(out, c.buf)
	copy(out, "ElfChnk\x00")
	first, last := c.first, c.last
	if c.count == 0 {
		first, last = 1<<64-1, 1<<64-1
		c.lastAt = chunkHeaderSize
	}
	le.PutUint64(out[8:], first)
	le.PutUint64(out[16:], last)
	le.PutUint64(out[24:], first)
	le.PutUint64(out[32:], last)
	le.PutUint32(out[40:], 128)
	le.PutUint32(out[44:], uint32(c.lastAt))
	le.PutUint32(out[48:], uint32(free))
	le.PutUint32(out[52:], crc32.ChecksumIEEE(out[chunkHeaderSize:free]))
	le.PutUint32(out[120:], 1)
	sum := crc32.NewIEEE()
	sum.Write(out[:120])
	sum.Write(out[128:chunkHeaderSize])
	le.PutUint32(out[124:], sum.Sum32())
	return out
}

// name appends a reference to a name, and the name itself if it is new to the chunk. A
// new name is put at the head of the list of its bucket.
func (c *chunk) name(s string) {
	if at, ok := c.names[s]; ok {
		c.buf = le.AppendUint32(c.buf, uint32(at))
		return
	}
	at := len(c.buf) + 4
	c.names[s] = at
	units := wtf8.Encode(s)
	hash := nameHash(units)
	bucket := 128 + 4*int(hash%64)
	c.buf = le.AppendUint32(c.buf, uint32(at))
	c.buf = append(c.buf, c.buf[bucket:bucket+4]...)
	le.PutUint32(c.buf[bucket:], uint32(at))
	c.buf = le.AppendUint16(c.buf, hash)
	c.buf = le.AppendUint16(c.buf, uint16(len(units)/2))
	c.buf = append(c.buf, units...)
	c.buf = append(c.buf, 0, 0)
}

// nameHash returns the low 16 bits of a sum that is multiplied by 65599 before each
// unit is added.
func nameHash(units []byte) uint16 {
	sum := uint32(0)
	for ; len(units) >= 2; units = units[2:] {
		sum = sum*65599 + uint32(le.Uint16(units))
	}
	return uint16(sum)
}
