package timeline

import (
	"fmt"
	"hash/maphash"
	"iter"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/mft"
)

// Snapshot is a shadow copy of a volume with its events.
type Snapshot struct {
	Name    string          // as in vss1; it is put before the artifacts in the shadow copy
	Created time.Time       // when it was made
	Events  iter.Seq[Event] // in order of time
}

// MergeSnapshots merges the events of a volume with those that only its shadow copies have.
// An event of the same record is in the volume and in many shadow copies: it is yielded
// once, as that of the volume or, if the volume no longer has it, of the first shadow copy
// of the list that has it. So the newest should come first. [Source.Snapshot] of an event
// of a shadow copy is the time of that, and its artifact is named as in
// vss1/Windows/System32/config/SYSTEM.
//
// The record of a file is the same if the entry of the $MFT and its sequence number, the
// path and the time are. A line of a web log may have moved in its log, and a record of an
// event log to another log. A run in a prefetch file is the same however many others the
// file counts, and so is an access that User Access Logging counts.
func MergeSnapshots(live iter.Seq[Event], list ...Snapshot) iter.Seq[Event] {
	if len(list) == 0 {
		return live
	}
	all := []iter.Seq[Event]{live}
	for _, s := range list {
		all = append(all, s.Events)
	}
	return func(yield func(Event) bool) {
		var d repeats
		merge(all, func(sequence int, e Event) bool {
			if d.has(sequence, &e) {
				return true
			}
			if sequence > 0 {
				s := &list[sequence-1]
				e.Source.Snapshot, e.Source.Artifact = s.Created, s.Name+"/"+e.Source.Artifact
			}
			return yield(e)
		})
	}
}

// repeats finds the events that an earlier sequence has too. It keeps those of one time.
type repeats struct {
	at   time.Time
	seed maphash.Seed
	seen map[uint64]occurrences // by identity
}

// occurrences counts events of the same identity. A sequence may have several: two requests
// in the same second are two requests.
type occurrences struct {
	sequence int // the last one that has such events
	count    int // of them in this sequence
	most     int // in any of the sequences before
}

// has reports whether an earlier sequence has an event. Events come in order of time, those
// of one time in the order of their sequences.
func (d *repeats) has(sequence int, e *Event) bool {
	if d.seen == nil {
		d.seen, d.seed = map[uint64]occurrences{}, maphash.MakeSeed()
	}
	if !e.Time.Equal(d.at) {
		d.at = e.Time
		clear(d.seen)
	}
	key := d.identity(e)
	o := d.seen[key]
	if o.sequence != sequence {
		o.most, o.sequence, o.count = max(o.most, o.count), sequence, 0
	}
	o.count++
	d.seen[key] = o
	return o.count <= o.most
}

// identity returns a hash of what the same event has in the volume and in its shadow
// copies, apart from its time.
func (d *repeats) identity(e *Event) uint64 {
	var parts []string
	switch e.Source.Type {
	case TypeMFT:
		parts = []string{e.Source.Record, e.Desc, e.Path}
		if rec, ok := e.Data.(*mft.Record); ok {
			parts[0] = existed(rec).String()
		}
	case TypeEVTX:
		parts = []string{e.Source.Artifact, e.Source.Record, string(e.Kind), e.Message}
		if r, ok := e.Data.(interface{ Sys() *evtx.System }); ok {
			parts[0] = strings.ToLower(r.Sys().Channel)
		}
	case TypeWebLog:
		parts = []string{e.Source.Artifact, e.Message}
	case TypeUAL: // the accesses of a day, and of all days, are counted on
		parts = []string{e.Source.Artifact, e.Source.Record, e.Desc, e.User}
		for _, f := range e.Fields {
			switch f.Name {
			case "Address", "RoleGuid", "ClientName", "HostName":
				parts = append(parts, fmt.Sprint(f.Value))
			}
		}
	case TypePrefetch:
		parts = []string{e.Source.Artifact, e.Source.Record}
	default:
		parts = []string{e.Source.Artifact, e.Source.Record, string(e.Kind), e.Desc, e.Path, e.Message}
	}
	var h maphash.Hash
	h.SetSeed(d.seed)
	h.WriteString(e.Source.Type)
	for _, p := range parts {
		h.WriteByte(0)
		h.WriteString(p)
	}
	return h.Sum64()
}

// existed returns the reference that a file had while it existed: deleting it adds one to
// its sequence number.
func existed(rec *mft.Record) mft.Ref {
	ref := rec.Ref
	if !rec.InUse() {
		if ref.Seq--; ref.Seq == 0 {
			ref.Seq--
		}
	}
	return ref
}
