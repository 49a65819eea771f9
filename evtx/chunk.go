package evtx

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"iter"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// Chunk is a block of 64 KiB that holds whole records, and the names and templates
// that they share. It decodes independently: different goroutines may use different
// chunks, but only one at a time may use a chunk and its records.
type Chunk struct {
	Number int   // position in the file, from 0
	Offset int64 // in bytes from the beginning of the log

	// FirstRecord and LastRecord are the identifiers of the first and the last
	// record, as the header has them.
	FirstRecord, LastRecord uint64

	// firstID and lastID are the same, corrected if the records show that the
	// header is wrong.
	firstID, lastID uint64

	log       string // its name in errors
	buf       []byte // shorter than chunkSize if the log is cut off
	words     *words // that buf is in; may be nil
	free      int    // end of the records
	sound     bool   // the header has its signature
	checksums bool   // the log has checksums
	ansi      *ansi  // the code page of the log
	names     map[uint32]string
	templates map[uint32]*template
	cache     *templateCache // of the log; may be nil
	scratch   []slot         // of the instances being written
	texts     [256]*lastText // by the offsets of their templates
	memory    memory         // of the typed events
	traces    []trace        // of the records, to compare them
	others    []Field        // memory for the fields that no struct names
	logJSON   []byte         // log as a JSON string; nil until it is needed
	filter    *filter        // of the log; may be nil
	recovery  *recovery      // if its records are recovered; else nil
}

// parseHeader decodes the header of the chunk. Offsets are from its beginning:
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
	// The free space begins after the last record. An offset that was made smaller
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

// idAt returns the identifier of the record at an offset. It returns false if no
// intact record begins there.
func (c *Chunk) idAt(at uint32) (uint64, bool) {
	if at < chunkHeaderSize || uint64(at)+recordOverhead > uint64(len(c.buf)) {
		return 0, false
	}
	size, err := c.recordSize(int(at))
	return le.Uint64(c.buf[at+8:]), err == nil && c.ends(int(at), size)
}

// init resets c to an empty chunk that reuses its memory.
func (c *Chunk) init(number int, offset int64, buf []byte) {
	clear(c.names)
	clear(c.templates)
	for _, t := range c.texts {
		if t != nil {
			t.template = nil
		}
	}
	c.memory.outer.t = nil // it has places in the buffer
	*c = Chunk{Number: number, Offset: offset, buf: buf, words: c.words, free: len(buf), names: c.names, templates: c.templates,
		scratch: c.scratch[:0], texts: c.texts, memory: c.memory, traces: c.traces}
}

func (c *Chunk) path() string { return fmt.Sprintf("chunk %d", c.Number) }

func (c *Chunk) recordPath(id uint64) string { return fmt.Sprintf("%s record %d", c.path(), id) }

func (c *Chunk) in(err error) error { return damage.In(err, c.log, c.path()) }

func (c *Chunk) note(kind damage.Kind, err error) Problem {
	return damage.Note(kind, err, c.log, c.path())
}

// Records yields the records of the chunk in the order of the file: those that the
// filter of the log selects, if it has one.
//
// A *FormatError means that this record is damaged; the iteration continues with the
// next record that can be found. Any other error ends it. It is safe to stop early
// and to range again.
func (c *Chunk) Records() iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for f := range c.frames() {
			var rec Record
			var err error
			if f.size > 0 {
				if c.filter != nil && !c.filter.selects(c, f.at, f.size) {
					continue
				}
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

// frame is the place of a record in the chunk. A size of 0 means that the record is
// lost. If the size is not 0, err may say what is wrong with the frame.
type frame struct {
	at, size int
	err      error
}

// frames yields the frames of the records, including those of lost ones.
func (c *Chunk) frames() iter.Seq[frame] {
	return func(yield func(frame) bool) {
		for at := chunkHeaderSize; at < c.free && at+recordOverhead <= len(c.buf); {
			f, next := c.frame(at)
			if (f.size > 0 || !c.empty(at, next)) && !yield(f) {
				return
			}
			at = next
		}
	}
}

// frame returns the frame of the record at an offset of the chunk, and the offset of
// the next frame.
func (c *Chunk) frame(at int) (f frame, next int) {
	size, err := c.recordSize(at)
	if err == nil && !c.ends(at, size) {
		size, err = c.repaired(at, size)
	}
	if err == nil || size > 0 {
		return frame{at, size, err}, at + size
	}
	if next = c.resync(at + 1); next < 0 {
		next = c.free
	}
	// Only the size is wrong if its copy is right before the next record.
	if n := next - at; n >= recordOverhead && le.Uint32(c.buf[at:]) == recordSignature && c.ends(at, n) {
		size = n
	}
	return frame{at, size, err}, next
}

// ends reports whether a record of the given size ends with a copy of it.
func (c *Chunk) ends(at, size int) bool { return int64(le.Uint32(c.buf[at+size-4:])) == int64(size) }

// repaired returns the size of a record whose size and copy differ, and the error
// about it. The record ends at the next intact record, or else as its size says.
// Trusting the size alone would let one that was made larger hide the records that
// follow.
func (c *Chunk) repaired(at, size int) (int, error) {
	err := damage.New("copy of the record size", c.Offset+int64(at+size-4), le.Uint32(c.buf[at+size-4:]), size)
	if next := c.resync(at + recordOverhead); next >= 0 && (next < at+size || c.ends(at, next-at)) {
		size = next - at
	}
	return size, err
}

// recordSize returns the size of the record at an offset of the chunk. It checks the
// header, but not the copy of the size.
//
//	 0  4  signature 2a 2a 00 00
//	 4  4  size of the record in bytes, including header and copy
//	 8  8  identifier
//	16  8  FILETIME of when it was written
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

var recordMark = []byte{0x2a, 0x2a, 0, 0} // the signature as a log has it

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

// resync returns the offset of the next intact record, or -1. Records are aligned to
// 8 bytes. A chunk that was being overwritten also holds records of the previous
// round. Their identifiers are not in the range of the chunk, so they are skipped.
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

// empty reports whether [from, to) holds only zeros: nothing was ever written there.
func (c *Chunk) empty(from, to int) bool {
	b := c.buf[from:min(to, len(c.buf))]
	return bytes.Count(b, []byte{0}) == len(b)
}

// Problems yields what is wrong with the frame of the chunk: its signature, its
// checksums, and the sizes of records that were found nevertheless. It also yields
// what an editor of the log leaves behind: identifiers that are missing or repeat,
// records that the chunk holds but does not list, and records whose event has another
// identifier or time than their header. In an exported log these differ by nature, so
// they are compared only if most records of the chunk agree.
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
	if moved && len(c.buf) == chunkSize && !report(damage.Malformed, damage.New("free space offset", c.Offset+48, free, fmt.Sprintf("%d, the end of the records", c.free))) {
		return false
	}
	for f := range c.frames() {
		if f.size > 0 && f.err != nil && !report(damage.Malformed, f.err) {
			return false
		}
	}
	if !c.tampering(yield) {
		return false
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
	return stored == computed || moved || // then it is unknown what it covers
		report(damage.Checksum, damage.New("records checksum", c.Offset+52, fmt.Sprintf("%#x", stored), fmt.Sprintf("%#x", computed)))
}
