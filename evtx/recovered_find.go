package evtx

import (
	"bytes"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// lostRecord is the place of a record that a chunk does not list.
type lostRecord struct {
	at, size int
	reason   Reason
	intact   bool // its frame is
}

// lost returns the records that the chunk holds, but does not list: those inside others
// and those that were cut off, then those in the parts that are not in use.
func (c *Chunk) lost() []lostRecord {
	var found []lostRecord
	used := chunkHeaderSize // everything before it was looked at
	traces := c.traces[:0]
	for f := range c.frames() {
		if f.size == 0 {
			continue
		}
		found = c.slack(found, used, f.at)
		used = f.at + f.size
		if f.err != nil { // another one may have been written over its end
			used = f.at + recordOverhead
		}
		traces = append(traces, trace{at: f.at, size: f.size, id: le.Uint64(c.buf[f.at+8:]), written: le.Uint64(c.buf[f.at+16:])})
	}
	c.traces = traces
	if len(traces) > 0 {
		for _, h := range c.hidden(traces) {
			if h.outer != nil {
				found = append(found, lostRecord{h.at, h.size, InRecord, true})
			} else {
				found = append(found, lostRecord{h.at, h.size, CutOff, true})
				used = h.at + h.size
			}
		}
	}
	return c.slack(found, used, len(c.buf))
}

// slack appends the records in [from, to), which is not in use.
func (c *Chunk) slack(found []lostRecord, from, to int) []lostRecord {
	for at := from; ; {
		if at = index(c.buf, at, to, recordMark); at >= to {
			return found
		}
		size, intact := c.leftover(at, to)
		if size == 0 || c.sound && at%8 != 0 {
			at++
			continue
		}
		found = append(found, lostRecord{at, size, InSlack, intact})
		at += size
	}
}

// leftover returns the size of a record that may begin at an offset and ends by end,
// or 0 if none does. If another record begins inside it, it ends there, and is not
// intact.
func (c *Chunk) leftover(at, end int) (size int, intact bool) {
	if !c.mayBegin(at, end) {
		return 0, false
	}
	if size = int(le.Uint32(c.buf[at+4:])); at+size <= end && c.ends(at, size) {
		return size, true
	}
	end = min(at+size, end)
	for pos := at + recordOverhead; ; pos++ {
		if pos = index(c.buf, pos, end, recordMark); pos >= end || c.mayBegin(pos, len(c.buf)) {
			return min(pos, end) - at, false
		}
	}
}

// mayBegin reports whether what is at an offset looks like the header of a record, of
// which something comes before end.
func (c *Chunk) mayBegin(at, end int) bool {
	if at+recordOverhead+4 > end {
		return false
	}
	size := le.Uint32(c.buf[at+4:])
	return le.Uint32(c.buf[at:]) == recordSignature && size >= recordOverhead && size <= chunkSize &&
		le.Uint64(c.buf[at+8:]) != 0 && sane(le.Uint64(c.buf[at+16:])) && c.buf[at+24] == tokenFragmentHeader
}

// sane reports whether a record may have been written at a time. The last record of an
// exported log has none.
func sane(ticks uint64) bool { return ticks == 0 || ticks > oldest && ticks < newest }

var (
	oldest = filetime.Ticks(time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC))
	newest = filetime.Ticks(time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC))
)

// windowSize is the number of bytes that windows looks at at a time.
const windowSize = 1 << 20

// windows calls visit for each chunk that begins in [from, to), at any offset, and for
// each single record between them. A chunk ends before the next one. The chunk of a
// single record ends with it; its free is the size of the record.
func (s *search) windows(from, to int64, visit func(c *Chunk, alone bool)) error {
	for pos := from; pos < to && !s.stopped; {
		buf, err := bin.ReadAt(s.r, s.size, pos, min(s.size-pos, windowSize+chunkSize), "a part of the image")
		if err != nil {
			return err
		}
		limit := int(min(windowSize, to-pos))
		at := 0
		for at < limit && !s.stopped {
			chunk := index(buf, at, limit, chunkSignature)
			s.single(buf, at, min(chunk, limit), pos, visit)
			if chunk >= limit {
				break
			}
			end := index(buf, chunk+8, min(chunk+chunkSize, len(buf)), chunkSignature)
			if c := s.window(buf[chunk:end:end], pos+int64(chunk)); c != nil {
				visit(c, false)
			}
			at = end
		}
		pos += int64(max(at, limit))
	}
	return nil
}

// index returns the offset of sep in b[from:to], or to.
func index(b []byte, from, to int, sep []byte) int {
	if from >= to {
		return to
	}
	if i := bytes.Index(b[from:min(len(b), to+len(sep)-1)], sep); i >= 0 {
		return from + i
	}
	return to
}

// window returns the chunk in a part of an image, or nil if its header is that of none.
func (s *search) window(buf []byte, offset int64) *Chunk {
	c := new(Chunk)
	c.init(0, offset, bytes.Clone(buf))
	c.parseHeader()
	if !c.sound {
		return nil
	}
	return s.view(c)
}

// single calls visit for each record in buf[from:to] that is not in a chunk.
func (s *search) single(buf []byte, from, to int, offset int64, visit func(c *Chunk, alone bool)) {
	c := &Chunk{buf: buf, free: len(buf)}
	for at := from; !s.stopped; {
		if at = index(buf, at, to, recordMark); at >= to {
			return
		}
		size, intact := c.leftover(at, len(buf))
		if !intact {
			at++
			continue
		}
		base, placed := placeOf(buf, at, size)
		if !placed {
			base = at
		}
		v := s.view(&Chunk{Offset: offset + int64(base), buf: bytes.Clone(buf[base : at+size]), free: size})
		v.recovery.placed = placed
		visit(v, true)
		at += size
	}
}

// placeOf returns the offset at which the chunk of a record begins. It follows from a
// definition or a name that comes right after the first reference to it. It returns
// false if the record has none, or the chunk begins before buf.
func placeOf(buf []byte, at, size int) (int, bool) {
	b := buf[at+24 : at+size]
	if len(b) < 38 {
		return 0, false
	}
	base := -1
	switch b[4] &^ tokenMore {
	case tokenTemplateInstance:
		if le.Uint32(b[6:]) == le.Uint32(b[18:]) {
			base = at + 38 - int(le.Uint32(b[10:]))
		}
	case tokenOpenStart: // without a dependency
		c := Chunk{buf: b}
		if _, end, err := c.name(13); err == nil && c.soundName(13, end) {
			base = at + 37 - int(le.Uint32(b[9:]))
		}
	}
	return base, base >= 0 && base+chunkHeaderSize <= at && at+size-base <= chunkSize
}
