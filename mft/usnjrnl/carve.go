package usnjrnl

import (
	"errors"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// Confidence is how certain it is that bytes are a record of a journal.
type Confidence uint8

// The grades of carved records.
const (
	Possible Confidence = iota // sizes and references agree, but a flag is set that is not documented, or the time is odd
	Likely                     // all fields are as Windows writes them
	Chained                    // and the record in front of it or behind it has the USN that follows
)

var confidenceNames = [...]string{"possible", "likely", "chained"}

// String returns the name of the grade in lower case.
func (c Confidence) String() string {
	if int(c) < len(confidenceNames) {
		return confidenceNames[c]
	}
	return "unknown"
}

// Carved is a record that was found outside a journal, or apart from its order. Its
// Offset is in the input.
type Carved struct {
	Record
	Confidence Confidence
}

// Carve looks for records in the first size bytes of r at every offset that is a multiple
// of 8, such as in unallocated clusters. They may be of a journal that was deleted long
// ago. The error for a range that cannot be read is a *FormatError, and the search goes on
// behind it; any other error is the last. Holes are passed over as NewReader does.
func Carve(r io.ReaderAt, size int64) iter.Seq2[Carved, error] {
	return func(yield func(Carved, error) bool) {
		if r == nil {
			return
		}
		c := &carver{yield: yield}
		c.search(r, size)
		if !c.stopped {
			c.flush()
		}
	}
}

// carver holds one record back, until it is known whether the next one follows it.
type carver struct {
	yield   func(Carved, error) bool
	held    Carved
	holds   bool
	stopped bool
}

func (c *carver) search(r io.ReaderAt, size int64) {
	buf := make([]byte, max(0, min(chunkSize, size)))
	holes, _ := r.(sparse)
	for off := int64(0); off < size && !c.stopped; {
		if holes != nil {
			if next := min(holes.NextData(off), size); next > off {
				off = next &^ (align - 1)
				if off >= size {
					return
				}
			}
		}
		b := buf[:min(int64(len(buf)), size-off)]
		err := bin.ReadFull(r, b, off, "records")
		if err != nil && len(b) > pageSize {
			b = b[:pageSize]
			err = bin.ReadFull(r, b, off, "records")
		}
		if err != nil {
			if !c.emit(Carved{Record: Record{Offset: off}}, err) || !damage.Is(err) && !errors.Is(err, io.ErrUnexpectedEOF) {
				c.stopped = true
				return
			}
			off += int64(len(b))
			continue
		}
		off += c.chunk(b, off, off+int64(len(b)) == size)
	}
}

// chunk searches b, and returns how many of its bytes are done.
func (c *carver) chunk(b []byte, off int64, final bool) int64 {
	at := 0
	for at+align <= len(b) && !c.stopped {
		rest := b[at:]
		if n := zeros(rest); n > 0 {
			at += n
			continue
		}
		if !final && len(b) > pageSize && len(rest) < pageSize {
			return int64(at)
		}
		if looksLike(rest) {
			if rec, err := decode(rest, off+int64(at)); err == nil && sound(&rec) {
				c.found(rec)
				at += rec.Size
				continue
			}
		}
		at += align
	}
	return int64(len(b))
}

// found takes a record, and yields the one before it.
func (c *carver) found(rec Record) {
	next := Carved{Record: rec, Confidence: Possible}
	if plausible(&rec) {
		next.Confidence = Likely
	}
	if c.holds {
		end := c.held.Offset + int64(c.held.Size)
		if rec.Offset-end == rec.USN-c.held.USN-int64(c.held.Size) && rec.Offset-end < pageSize {
			c.held.Confidence, next.Confidence = Chained, Chained
		}
		c.flush()
	}
	c.held, c.holds = next, true
}

func (c *carver) flush() {
	if c.holds {
		c.holds = false
		c.stopped = !c.yield(c.held, nil)
	}
}

// emit yields an error behind what was held back.
func (c *carver) emit(at Carved, err error) bool {
	c.flush()
	return !c.stopped && c.yield(at, err)
}

// sound reports whether a record refers to a file, and its name could be one.
func sound(rec *Record) bool {
	if rec.File == (FileID{}) || rec.Reason == 0 {
		return false
	}
	return rec.Major == 4 || rec.Name != "" && rec.Parent != (FileID{}) && !strings.ContainsAny(rec.Name, "\x00/\\")
}

// The times between which journals have been written.
var (
	firstJournal = time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)
	lastJournal  = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
)

// plausible reports whether all fields are as Windows writes them.
func plausible(rec *Record) bool {
	return rec.Minor == 0 && rec.Reason&^anyReason == 0 && rec.Source&^0xf == 0 &&
		(rec.Major == 4 || rec.Time.After(firstJournal) && rec.Time.Before(lastJournal))
}
