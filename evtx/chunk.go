package evtx

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"iter"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// Chunk is a block of 64 KiB that holds whole records and the names and
// templates they share. It decodes on its own: different chunks may be used by
// different goroutines, one chunk and its records by one at a time.
type Chunk struct {
	Number int   // position in the file, from 0
	Offset int64 // in bytes from the beginning of the log

	// What the header says: the identifiers of its first and last record.
	FirstRecord, LastRecord uint64

	// The same, where the records themselves show that the header is wrong.
	firstID, lastID uint64

	log       string // its name in errors
	buf       []byte // shorter than chunkSize where the log is cut off
	free      int    // end of the records
	sound     bool   // the header has its signature
	checksums bool   // the log has checksums
	names     map[uint32]string
	templates map[uint32]*template
	cache     *templateCache // of the log; nil for none
	scratch   []slot         // of the instances being written
}

// The header of a chunk, offsets from its beginning:
//
//	  0  8  signature "ElfChnk\0"
//	  8  8  number of the first record
//	 16  8  number of the last record
//	 24  8  identifier of the first record
//	 32  8  identifier of the last record
//	 40  4  size of the header, 128
//	 44  4  offset of the last record
//	 48  4  offset of the free space
//	 52  4  CRC-32 of the records
//	120  4  flags
//	124  4  CRC-32 of the bytes 0 to 120 and 128 to 512
//	128 256  offsets of 64 lists of names
//	384 128  offsets of 32 lists of template definitions
func (c *Chunk) parseHeader() {
	if len(c.buf) < chunkHeaderSize || !bytes.Equal(c.buf[:8], chunkSignature) {
		return
	}
	c.sound = true
	c.FirstRecord, c.LastRecord = le.Uint64(c.buf[24:]), le.Uint64(c.buf[32:])
	// The free space lies behind the last record: an offset that was made smaller
	// would hide records.
	free, last := le.Uint32(c.buf[48:]), le.Uint32(c.buf[44:])
	if free > last && free >= chunkHeaderSize && uint64(free) <= uint64(len(c.buf)) {
		c.free = int(free)
	} else if last >= chunkHeaderSize && uint64(last)+recordOverhead <= uint64(len(c.buf)) {
		if size, err := c.recordSize(int(last)); err == nil && c.ends(int(last), size) {
			c.free = int(last) + size
		}
	}
	c.firstID, c.lastID = c.FirstRecord, c.LastRecord
	if id, ok := c.idAt(chunkHeaderSize); ok {
		c.firstID = min(c.firstID, id)
	}
	if id, ok := c.idAt(last); ok {
		c.lastID = max(c.lastID, id)
	}
}

// idAt returns the identifier of the record at an offset, if one holds together
// there.
func (c *Chunk) idAt(at uint32) (uint64, bool) {
	if at < chunkHeaderSize || uint64(at)+recordOverhead > uint64(len(c.buf)) {
		return 0, false
	}
	size, err := c.recordSize(int(at))
	return le.Uint64(c.buf[at+8:]), err == nil && c.ends(int(at), size)
}

// init makes c an empty chunk, with the memory it had.
func (c *Chunk) init(number int, offset int64, buf []byte) {
	clear(c.names)
	clear(c.templates)
	*c = Chunk{Number: number, Offset: offset, buf: buf, free: len(buf), names: c.names, templates: c.templates, scratch: c.scratch[:0]}
}

func (c *Chunk) path() string { return fmt.Sprintf("chunk %d", c.Number) }

func (c *Chunk) in(err error) error { return damage.In(err, c.log, c.path()) }

func (c *Chunk) note(kind damage.Kind, err error) Problem {
	return damage.Note(kind, err, c.log, c.path())
}

// Records yields the records of the chunk in the order of the file.
//
// A *FormatError means that this record is damaged and iteration goes on with
// the next one that can be found; any other error is final and last. Breaking
// off early is safe, and so is ranging again.
func (c *Chunk) Records() iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for f := range c.frames() {
			var rec Record
			var err error
			if f.size > 0 {
				rec = c.record(f.at, f.size)
			} else {
				err = c.in(f.err)
			}
			if !yield(rec, err) {
				return
			}
		}
	}
}

// frame is where a record lies in the chunk, or, with a size of 0, where one is
// lost. Beside a size, err says what was wrong with the frame.
type frame struct {
	at, size int
	err      error
}

// frames yields the frames of the records.
func (c *Chunk) frames() iter.Seq[frame] {
	return func(yield func(frame) bool) {
		for at := chunkHeaderSize; at < c.free && at+recordOverhead <= len(c.buf); {
			size, err := c.recordSize(at)
			if err == nil && !c.ends(at, size) {
				size, err = c.repaired(at, size)
			}
			if err == nil || size > 0 {
				if !yield(frame{at, size, err}) {
					return
				}
				at += size
				continue
			}
			next := c.resync(at + 1)
			if next < 0 {
				next = c.free
			}
			// The size alone is wrong where its copy stands right before the next.
			if n := next - at; n >= recordOverhead && le.Uint32(c.buf[at:]) == recordSignature && c.ends(at, n) {
				size = n
			}
			if (size > 0 || !c.empty(at, next)) && !yield(frame{at, size, err}) {
				return
			}
			at = next
		}
	}
}

// ends reports whether a record of that size has a copy of it at its end.
func (c *Chunk) ends(at, size int) bool { return int64(le.Uint32(c.buf[at+size-4:])) == int64(size) }

// repaired returns the size of a record whose size and copy differ, and what is
// wrong: it ends where the next one begins that holds together, or else as its
// size says. Otherwise a size that was made larger would hide what follows.
func (c *Chunk) repaired(at, size int) (int, error) {
	err := damage.New("copy of the record size", c.Offset+int64(at+size-4), le.Uint32(c.buf[at+size-4:]), size)
	if next := c.resync(at + recordOverhead); next >= 0 && (next < at+size || c.ends(at, next-at)) {
		size = next - at
	}
	return size, err
}

// recordSize checks the frame of the record at an offset of the chunk: header
// and copy of the size.
//
//	 0  4  signature 2a 2a 00 00
//	 4  4  size of the record, with header and copy, in bytes
//	 8  8  identifier
//	16  8  FILETIME when it was written
//	24     binary XML
//	size-4  4  copy of the size
func (c *Chunk) recordSize(at int) (int, error) {
	offset := c.Offset + int64(at)
	if sig := le.Uint32(c.buf[at:]); sig != recordSignature {
		return 0, damage.New("record signature", offset, fmt.Sprintf("%#x", sig), fmt.Sprintf("%#x", recordSignature))
	}
	size := le.Uint32(c.buf[at+4:])
	if room := len(c.buf) - at; size < recordOverhead || uint64(size) > uint64(room) {
		return 0, damage.New("record size", offset+4, size, fmt.Sprintf("%d to %d", recordOverhead, room))
	}
	return int(size), nil
}

const recordSignature = 0x2a2a

func (c *Chunk) record(at, size int) Record {
	return Record{
		ID:      le.Uint64(c.buf[at+8:]),
		Written: filetime.Time(le.Uint64(c.buf[at+16:])),
		Offset:  c.Offset + int64(at),
		Size:    size,
		chunk:   c,
		at:      at,
	}
}

// resync returns where the next record that holds together begins, −1 when
// there is none. Records lie on multiples of 8 bytes. A chunk that was being
// written over also holds records of the round before, whose identifiers are not
// among those that its header states.
func (c *Chunk) resync(from int) int {
	for at := (from + 7) &^ 7; at+recordOverhead <= c.free; at += 8 {
		if le.Uint32(c.buf[at:]) != recordSignature {
			continue
		}
		size, err := c.recordSize(at)
		if err != nil || size > c.free-at || !c.ends(at, size) {
			continue
		}
		if id := le.Uint64(c.buf[at+8:]); !c.sound || id >= c.firstID && id <= c.lastID {
			return at
		}
	}
	return -1
}

// empty reports whether nothing was ever written in [from, to).
func (c *Chunk) empty(from, to int) bool {
	b := c.buf[from:min(to, len(c.buf))]
	return bytes.Count(b, []byte{0}) == len(b)
}

// Problems yields what is wrong with the frame of the chunk: its signature,
// checksums, and the sizes of records that were found all the same.
func (c *Chunk) Problems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) { c.problems(yield) }
}

func (c *Chunk) problems(yield func(Problem) bool) bool {
	report := func(kind damage.Kind, err error) bool { return yield(c.note(kind, err)) }
	if !c.sound {
		if c.empty(0, len(c.buf)) {
			return true
		}
		return report(damage.Malformed, damage.New("chunk signature", c.Offset, fmt.Sprintf("%q", c.buf[:min(8, len(c.buf))]), fmt.Sprintf("%q", chunkSignature)))
	}
	free := le.Uint32(c.buf[48:])
	moved := uint64(free) != uint64(c.free)
	if moved && len(c.buf) == chunkSize && !report(damage.Malformed, damage.New("free space offset", c.Offset+48, free, fmt.Sprintf("%d, where the records end", c.free))) {
		return false
	}
	for f := range c.frames() {
		if f.size > 0 && f.err != nil && !report(damage.Malformed, f.err) {
			return false
		}
	}
	if !c.checksums {
		return true
	}
	sum := crc32.NewIEEE()
	sum.Write(c.buf[:120])
	sum.Write(c.buf[128:chunkHeaderSize])
	if stored, computed := le.Uint32(c.buf[124:]), sum.Sum32(); stored != computed &&
		!report(damage.Checksum, damage.New("chunk header checksum", c.Offset+124, fmt.Sprintf("%#x", stored), fmt.Sprintf("%#x", computed))) {
		return false
	}
	stored, computed := le.Uint32(c.buf[52:]), crc32.ChecksumIEEE(c.buf[chunkHeaderSize:c.free])
	return stored == computed || moved || // then nothing tells what it covers
		report(damage.Checksum, damage.New("records checksum", c.Offset+52, fmt.Sprintf("%#x", stored), fmt.Sprintf("%#x", computed)))
}
