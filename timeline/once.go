package timeline

import (
	"iter"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// Once yields each record of an event log once, if several logs have it: the log of a machine
// and an export of it, or the copies that a collector made of a log. It is the event of the
// first log that has it. Records are the same if their channel, identifier, time, computer,
// kind and values are: two logs with different records of one identifier contradict each other,
// and both are yielded. One log may have the same record several times, as a damaged or a forged
// one: they are all yielded. Events of other types are yielded as they are.
//
// The events must be in order of time, and the artifacts of different logs must differ.
func Once(events iter.Seq[Event]) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		var c copies
		for e := range events {
			if !c.has(&e) && !yield(e) {
				return
			}
		}
	}
}

// copies finds the records that another log has too. It keeps those of one time.
type copies struct {
	at   time.Time
	seen map[recordID]firstSeen
}

// recordID is what identifies a record of an event log, apart from its time.
type recordID struct {
	channel, computer, provider, record string
	event                               uint16
}

// firstSeen is a record in the first log that has it.
type firstSeen struct {
	artifact string
	evtx.TypedEvent
}

// has reports whether a log before has the record of an event.
func (c *copies) has(e *Event) bool {
	r, ok := e.Data.(evtx.TypedEvent)
	if !ok || e.Source.Type != TypeEVTX {
		return false
	}
	if c.seen == nil || !e.Time.Equal(c.at) {
		c.at, c.seen = e.Time, map[recordID]firstSeen{}
	}
	sys := r.Sys()
	id := recordID{strings.ToLower(sys.Channel), strings.ToLower(sys.Computer), sys.Provider, e.Source.Record, sys.EventID}
	first, known := c.seen[id]
	if !known {
		c.seen[id] = firstSeen{e.Source.Artifact, r}
	}
	return known && first.artifact != e.Source.Artifact && sameValues(first.TypedEvent, r)
}

// sameValues reports whether two records have the same fields, with the same values.
func sameValues(a, b evtx.TypedEvent) bool {
	next, stop := iter.Pull2(evtx.Values(b))
	defer stop()
	for name, value := range evtx.Values(a) {
		other, is, ok := next()
		if !ok || other != name || is != value {
			return false
		}
	}
	_, _, more := next()
	return !more
}

// Overlap reports whether several of the artifacts are logs of the same channel, which may have
// the same records.
func Overlap(list []Coverage) bool {
	channels := map[string]bool{}
	for _, c := range list {
		if name := strings.ToLower(c.Name); c.Type == TypeEVTX && name != "" {
			if channels[name] {
				return true
			}
			channels[name] = true
		}
	}
	return false
}
