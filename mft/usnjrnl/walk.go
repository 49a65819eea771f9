package usnjrnl

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// chunkSize is how much of a journal is read at once, a multiple of pageSize.
const chunkSize = 1 << 20

// separates is how many zeros end a range that is lost. Damage has some too.
const separates = 512

// walker goes over a journal once.
type walker struct {
	*Reader
	record  func(Record, error) bool
	problem func(Problem) bool

	lost     int64 // where the range that is being passed over begins; -1 outside one
	cause    error // why
	expected int64 // USN of the next record if none is missing; -1 before the first
	stopped  bool
	buf      []byte
}

// walk calls record for each record and each range that is lost, and problem for what
// is missing between records, until one of them returns false.
func (r *Reader) walk(record func(Record, error) bool, problem func(Problem) bool) {
	if r == nil || r.src == nil {
		return
	}
	w := &walker{Reader: r, record: record, problem: problem, lost: -1, expected: -1}
	w.buf = make([]byte, min(chunkSize, r.size))
	holes, _ := r.src.(sparse)
	for off := int64(0); off < r.size && !w.stopped; {
		if holes != nil {
			next := min(holes.NextData(off), r.size)
			if next > off {
				w.found(off)
				off = next
				continue
			}
		}
		b := w.buf[:min(int64(len(w.buf)), r.size-off)]
		err := bin.ReadFull(r.src, b, off, "page")
		switch {
		case err == nil:
			off += w.chunk(b, off, off+int64(len(b)) == r.size)
		case damage.Is(err) || errors.Is(err, io.ErrUnexpectedEOF):
			off = w.pageByPage(off, int64(len(b)))
		default:
			w.stopped = true
			w.record(Record{Offset: off}, err)
		}
	}
	w.found(r.size)
}

// pageByPage reads a range that cannot be read at once, and returns where it ends.
func (w *walker) pageByPage(off, n int64) int64 {
	end := off + n
	for off < end && !w.stopped {
		b := w.buf[:min(pageSize-off%pageSize, end-off)]
		n, err := w.src.ReadAt(b, off)
		if n == len(b) {
			off += w.chunk(b, off, true)
			continue
		}
		end := off + int64(len(b))
		if n = n &^ (align - 1); n > 0 { // what is there is there
			w.chunk(b[:n], off, true)
			off += int64(n)
		}
		switch {
		case err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			w.lose(off, damage.Truncated("page", off, end-off, 0))
		case damage.Is(err):
			w.lose(off, err)
		default:
			w.stopped = true
			w.record(Record{Offset: off}, err)
		}
		off = end
	}
	return off
}

// chunk decodes the records in b, which is at offset off, and returns how many of its
// bytes are done: the last record may go on behind them unless they are final.
func (w *walker) chunk(b []byte, off int64, final bool) int64 {
	at := 0
	for at < len(b) && !w.stopped {
		rest := b[at:]
		if len(rest) < align {
			if bin.AllZero(rest) {
				return int64(len(b))
			}
			w.lose(off+int64(at), damage.Truncated("record", off+int64(at), align, int64(len(rest))))
			return int64(len(b))
		}
		if w.lost >= 0 && !looksLike(rest) && zeros(rest[:min(len(rest), separates)]) < separates {
			at += align
			continue
		}
		if n := zeros(rest); n > 0 {
			w.found(off + int64(at))
			at += n
			continue
		}
		if !final && len(rest) < pageSize {
			return int64(at) // all that there is of it comes with the next chunk
		}
		rec, err := decode(rest, off+int64(at))
		if err != nil {
			w.lose(off+int64(at), err)
			at += align
			continue
		}
		w.found(rec.Offset)
		w.follows(&rec)
		if !w.stopped && !w.record(rec, nil) {
			w.stopped = true
		}
		at += rec.Size
	}
	return int64(at)
}

// zeros returns how many zeros b begins with, in units of align.
func zeros(b []byte) int {
	const step = 512
	n := 0
	for len(b)-n >= step && bin.AllZero(b[n:n+step]) {
		n += step
	}
	for len(b)-n >= align && binary.LittleEndian.Uint64(b[n:]) == 0 {
		n += align
	}
	return n
}

// isGap reports whether a record is not the one whose USN is expected next. The rest of
// a page is not used if the next record does not fit into it.
func isGap(expected int64, rec *Record) bool {
	next := (expected + pageSize - 1) / pageSize * pageSize
	return rec.USN != expected && !(rec.USN == next && next-expected < int64(rec.Size))
}

// follows reports what is missing in front of a record.
func (w *walker) follows(rec *Record) {
	expected := w.expected
	w.expected = rec.USN + int64(rec.Size)
	if expected < 0 || !isGap(expected, rec) {
		return
	}
	e := damage.New("USN", rec.Offset, rec.USN, expected)
	e.Artifact = w.name
	if rec.USN < expected {
		e.What = "USN, out of order"
		w.stopped = !w.problem(Problem{Kind: damage.Conflict, Err: e})
		return
	}
	w.stopped = !w.problem(Problem{Kind: damage.Gap, Err: e})
}

// lose begins a range that is lost, or goes on with it.
func (w *walker) lose(off int64, err error) {
	if w.lost < 0 {
		w.lost, w.cause = off, err
	}
}

// found ends the range that is lost at end.
func (w *walker) found(end int64) {
	if w.lost < 0 || w.stopped {
		return
	}
	err := w.cause
	var e *damage.Error
	if errors.As(err, &e) {
		ranged := *e
		ranged.Path = fmt.Sprintf("%d bytes at %#x", end-w.lost, w.lost)
		err = &ranged
	}
	off := w.lost
	w.lost, w.cause = -1, nil
	if !w.record(Record{Offset: off}, damage.In(err, w.name, "")) {
		w.stopped = true
	}
}

// kindOf returns the kind of problem that an error of a record is.
func kindOf(err error) damage.Kind {
	var e *damage.Error
	if errors.As(err, &e) && (errors.Is(e.Err, io.ErrUnexpectedEOF) || strings.HasSuffix(e.Got, " bytes")) {
		return damage.Truncation
	}
	return damage.Malformed
}
