package evtx

import (
	"bytes"
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// An editor of logs can keep sizes and checksums right. It leaves other traces: a
// record that another one swallowed is still there, identifiers are missing or have
// been renumbered, and what a record says twice does not agree.
//
// Windows gives a record that it writes into a live log the same identifier and the
// same time in its header and in its event. An exported log has new identifiers in the
// headers, and often other times. So the two are compared only in a chunk in which
// most records agree.

// trace is what the header and the event of a record say about its place in the log.
type trace struct {
	at, size    int
	id, written uint64 // of the header
	event       uint64 // EventRecordID, or 0 if the event was not read
	created     uint64 // TimeCreated
	values      int    // the end of the values of the event, or 0 if it was not read
}

func (t *trace) agrees() bool { return t.event == t.id && t.created == t.written }

const (
	// enough is the number of records that show how things are in a chunk.
	enough = 32
	// clockStep is how far back, in ticks, a time has to be before it is reported.
	clockStep = uint64(time.Hour / 100)
)

// tampering reports what contradicts itself in the chunk, though its frame is sound.
func (c *Chunk) tampering(yield func(Problem) bool) bool {
	report := func(kind damage.Kind, id uint64, err error) bool {
		return yield(damage.Note(kind, err, c.log, c.recordPath(id)))
	}
	traces := c.traces[:0]
	agreeing, exported := 0, false
	next := uint64(0) // identifier of the next record, or 0 if it is unknown
	for f := range c.frames() {
		if f.size == 0 {
			next = 0
			continue
		}
		t := trace{at: f.at, size: f.size, id: le.Uint64(c.buf[f.at+8:]), written: le.Uint64(c.buf[f.at+16:])}
		c.readEvent(&t)
		if t.agrees() {
			agreeing++
		}
		if n := len(traces); n > 0 && traces[n-1].created != traces[n-1].written && traces[n-1].written == t.created {
			exported = true
		}
		traces = append(traces, t)
		if next != 0 && t.id != next && !report(damage.Gap, t.id, damage.New("record identifier", c.Offset+int64(f.at)+8, t.id, next)) {
			return false
		}
		next = t.id + 1
	}
	c.traces = traces
	if len(traces) == 0 {
		return true
	}
	for _, h := range c.hidden(traces) {
		if !report(damage.Hidden, h.id, h.problem(c)) {
			return false
		}
	}
	return exported || 2*agreeing <= len(traces) || c.disagreements(traces, report)
}

// readEvent sets what the event of the record says, if the record is of Windows' own
// shape.
func (c *Chunk) readEvent(t *trace) {
	c.scratch = c.scratch[:0]
	template, slots := c.instance(t.at+24, t.at+t.size-4, 0)
	if template == nil {
		return
	}
	if n := len(slots); n > 0 {
		t.values = int(slots[n-1].at) + int(slots[n-1].size)
	}
	p := &template.shaped().peek
	id, ok := p.uint64(c, slots, p.recordID, UInt64Type)
	created, ok2 := p.uint64(c, slots, p.created, FileTimeType)
	if ok && ok2 {
		t.event, t.created = id, created
	}
}

// disagreements reports the records of a live chunk that are not numbered or dated
// as the others are.
func (c *Chunk) disagreements(traces []trace, report func(damage.Kind, uint64, error) bool) bool {
	agreeing := 0
	returns := len(traces) // after the last record that agrees
	for returns > 0 && !traces[returns-1].agrees() {
		returns--
	}
	for i := range traces {
		t := &traces[i]
		if t.agrees() {
			agreeing++
		}
		// A filtered export of a young log begins like a live one, but its
		// identifiers never agree again.
		if t.event != 0 && (i < returns || agreeing >= enough) {
			if t.event != t.id && !report(damage.Conflict, t.id, damage.New("EventRecordID", c.Offset+int64(t.at), t.event, fmt.Sprintf("%d, as in the header of the record", t.id))) {
				return false
			}
			if t.created != t.written && i+1 < len(traces) && !report(damage.Conflict, t.id, damage.New("TimeCreated", c.Offset+int64(t.at), when(t.created), when(t.written)+", as in the header of the record")) {
				return false
			}
		}
		if i >= enough && i+1 < len(traces) && c.outOfTime(traces[i-enough:i+2]) &&
			!report(damage.Conflict, t.id, damage.New("time of the record", c.Offset+int64(t.at)+16, when(t.written), "not before those of the records around it")) {
			return false
		}
	}
	return true
}

// outOfTime reports whether the last but one of some records is earlier than all
// before it, although the last one is not. If the clock was set back, the records that
// follow are early, too; if the machine wrote late what it had noted before it slept,
// not all records before it are later.
func (c *Chunk) outOfTime(traces []trace) bool {
	n := len(traces)
	t, before, after := &traces[n-2], &traces[n-3], &traces[n-1]
	if after.written < before.written {
		return false
	}
	for i := range traces[:n-2] {
		if traces[i].written < t.written+clockStep {
			return false
		}
	}
	return true
}

func when(ticks uint64) string { return filetime.Time(ticks).Format("2006-01-02T15:04:05.0000000Z") }

// covert is a record that the chunk holds, but does not list.
type covert struct {
	at, size int
	id       uint64
	outer    *trace // the record that it is in, or nil
}

func (h *covert) problem(c *Chunk) error {
	if h.outer == nil {
		return damage.New("record behind the free space offset", c.Offset+int64(h.at), fmt.Sprintf("record %d", h.id), "free space")
	}
	return damage.New("record inside another", c.Offset+int64(h.at), fmt.Sprintf("record %d", h.id), fmt.Sprintf("only padding behind the event of record %d", h.outer.id))
}

// hidden returns the records that are inside the given ones, behind the end of their
// events, and those that follow the last one with the next identifiers.
func (c *Chunk) hidden(traces []trace) (found []covert) {
	for i := range traces {
		t := &traces[i]
		if end := t.at + t.size; t.values == 0 || end-t.values > recordOverhead { // else there is only padding
			found = c.inside(found, t, max(t.at+24, t.values), end)
		}
	}
	last := &traces[len(traces)-1]
	next := last.id + 1
	for at := c.free; last.at+last.size == c.free && c.plausible(at, len(c.buf), last.written); {
		size := int(le.Uint32(c.buf[at+4:]))
		if le.Uint64(c.buf[at+8:]) != next || !c.ends(at, size) {
			break
		}
		found = append(found, covert{at, size, next, nil})
		at += size
		next++
	}
	return found
}

// inside appends the records at [at, end) that are behind the event of the record.
func (c *Chunk) inside(found []covert, t *trace, at, end int) []covert {
	after := 0 // the end of the event, if it is known
	for {
		i := bytes.Index(c.buf[at:end], recordMark)
		if i < 0 {
			return found
		}
		at += i
		next := at + 1
		if at%8 == 0 && c.plausible(at, end, t.written) {
			if after == 0 {
				var ok bool
				if after, ok = c.eventEnd(t); !ok {
					return found
				}
			}
			if after <= at {
				size := min(int(le.Uint32(c.buf[at+4:])), end-at)
				found = append(found, covert{at, size, le.Uint64(c.buf[at+8:]), t})
				// It may itself hide others.
				var ok bool
				if next, ok = c.eventEnd(&trace{at: at, size: size}); !ok {
					next = at + size
				}
			}
		}
		at = min(next, end)
	}
}

// year is a year in ticks.
const year = uint64(365 * 24 * time.Hour / 100)

// plausible reports whether a record may begin at an offset: its header is right, it
// ends by end, and it was written within a year of another one.
func (c *Chunk) plausible(at, end int, written uint64) bool {
	if at+recordOverhead > end {
		return false
	}
	size, err := c.recordSize(at)
	w := le.Uint64(c.buf[at+16:])
	return err == nil && at+size <= end && le.Uint64(c.buf[at+8:]) != 0 && w+year > written && w < written+year
}

// eventEnd returns the offset behind the binary XML of a record.
func (c *Chunk) eventEnd(t *trace) (int, bool) {
	p := parser{c: c, pos: t.at + 24, end: t.at + t.size - 4, bare: true}
	_, err := p.fragment()
	return p.pos, err == nil
}
