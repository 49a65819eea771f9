package evtx

import (
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// Peek is what Record.Peek reads of a record.
type Peek struct {
	Kind string // as System.Kind returns it
	// Time is when the event happened: what Sysmon records as UtcTime, else
	// System.TimeCreated, which is when the event was logged.
	Time time.Time
}

// Peek reads the kind and the time of an event, without decoding the rest of the
// record if the event has the shape that Windows gives it. An error is a *FormatError.
func (r *Record) Peek() (Peek, error) {
	if r.chunk != nil {
		if p, ok := r.chunk.peek(r.at+24, r.at+r.Size-4); ok {
			return p, nil
		}
	}
	e, err := r.Typed()
	return Peek{e.Kind(), TimeOf(e)}, err
}

func (c *Chunk) peek(pos, end int) (p Peek, ok bool) {
	r, ok := c.straight(pos, end)
	if !ok {
		return p, false
	}
	created, ok := r.shape.peek.uint64(c, r.slots, r.shape.peek.created, FileTimeType)
	if !ok {
		return p, false
	}
	p.Kind = "event"
	if r.kind != nil {
		p.Kind = r.kind.Name
	}
	if r.bound != nil && r.bound.happened >= 0 {
		d := &r.data.fields[r.bound.happened]
		if int(d.slot) < len(r.values) {
			v := c.valueOf(r.values[d.slot])
			p.Time = v.Time()
		}
	}
	if p.Time.IsZero() {
		p.Time = filetime.Time(created)
	}
	return p, true
}

// TimeOf returns when an event happened; see Peek.
func TimeOf(e TypedEvent) time.Time {
	if k := kindOf(e); k != nil {
		if n, ok := k.byName[happenedField]; ok && k.fields[n].form == formTime {
			if t := k.fields[n].time(k.pointer(e)); !t.IsZero() {
				return t
			}
		}
	}
	return e.Sys().TimeCreated
}
