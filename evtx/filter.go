package evtx

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// Filter selects records by what their System element says. A record is selected if
// it meets every condition that is set; the zero Filter selects all records.
//
// The conditions are checked in place, before anything else of the record is decoded.
// A record whose System element cannot be read is selected, so that it is not
// overlooked: decoding it then returns the error.
type Filter struct {
	Kinds     []string // names of kinds, such as "security-4688"; see Kinds
	Providers []string // in any case
	EventIDs  []uint16
	Channels  []string // in any case

	// FirstRecord and LastRecord are the first and the last EventRecordID to
	// select. If LastRecord is 0, there is no last one.
	FirstRecord, LastRecord uint64

	// From and To limit TimeCreated to [From, To). A zero time sets no limit.
	From, To time.Time
}

// WithFilter makes Reader.Records and Chunk.Records yield only the records that f
// selects, and the errors of lost records. A kind that f names and that does not
// exist is an error of Open and NewReader.
func WithFilter(f Filter) Option {
	return func(c *config) { c.filter = f }
}

// filter is a Filter that is ready to be used.
type filter struct {
	Filter
	kinds    []bool // by Kind.index; nil without the condition
	ids      *idSet // of the events that Kinds and EventIDs select; nil without these
	from, to uint64 // ticks; to is 0 without a limit
}

// newFilter returns nil for a Filter that selects everything.
func newFilter(f Filter) (*filter, error) {
	if len(f.Kinds) == 0 && len(f.Providers) == 0 && len(f.EventIDs) == 0 && len(f.Channels) == 0 &&
		f.FirstRecord == 0 && f.LastRecord == 0 && f.From.IsZero() && f.To.IsZero() {
		return nil, nil
	}
	c := &filter{Filter: f, from: filetime.Ticks(f.From), to: filetime.Ticks(f.To)}
	for _, name := range f.Kinds {
		k := declared().byName[name]
		if k == nil {
			return nil, fmt.Errorf("evtx: filter: no kind of event is called %q", name)
		}
		if c.kinds == nil {
			c.kinds = make([]bool, len(declared().kinds))
		}
		c.kinds[k.index] = true
		c.addID(k.EventID)
	}
	if len(f.Kinds) == 0 {
		for _, id := range f.EventIDs {
			c.addID(id)
		}
	}
	return c, nil
}

// idSet is a set of event identifiers.
type idSet [1 << 16 / 64]uint64

func (s *idSet) has(id uint16) bool { return s[id/64]>>(id%64)&1 != 0 }

func (f *filter) addID(id uint16) {
	if f.ids == nil {
		f.ids = new(idSet)
	}
	f.ids[id/64] |= 1 << (id % 64)
}

// selects reports whether the filter selects a record by its System element. An error
// of the record is not one of the filter.
func (f *filter) selects(c *Chunk, at, size int) bool {
	if f.ids != nil {
		if id, ok := c.peekEventID(at+24, at+size-4); ok && !f.ids.has(id) {
			return false // as most records
		}
	}
	if t, slots := c.outer(at+24, at+size-4); t != nil {
		if s := t.shaped(); s.system != nil {
			if selected, ok := f.peek(c, s, slots); ok {
				return selected
			}
		}
	}
	rec := c.record(at, size)
	s, err := rec.System()
	return err != nil || f.selectsSystem(&s)
}

func (f *filter) selectsSystem(s *System) bool {
	return f.selectsKind(s.kind()) &&
		f.selectsName(f.Providers, s.Provider) &&
		f.selectsName(f.Channels, s.Channel) &&
		(len(f.EventIDs) == 0 || slices.Contains(f.EventIDs, s.EventID)) &&
		f.selectsNumber(s.RecordID) && f.selectsTime(filetime.Ticks(s.TimeCreated))
}

func (f *filter) selectsKind(k *Kind) bool { return f.kinds == nil || k != nil && f.kinds[k.index] }

func (f *filter) selectsName(names []string, name string) bool {
	return len(names) == 0 || slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

func (f *filter) selectsNumber(id uint64) bool {
	return id >= f.FirstRecord && (f.LastRecord == 0 || id <= f.LastRecord)
}

func (f *filter) selectsTime(ticks uint64) bool {
	return ticks >= f.from && (f.to == 0 || ticks < f.to)
}

// peek is selects for a record of Windows' own shape. It returns false if a value is
// not what Windows writes there.
func (f *filter) peek(c *Chunk, s *shape, slots []slot) (selected, ok bool) {
	p := &s.peek
	if f.kinds != nil || len(f.EventIDs) > 0 {
		id, ok := p.id(c, slots)
		if !ok {
			return false, false
		}
		if !f.selectsKind(s.kind(c, slots)) || len(f.EventIDs) > 0 && !slices.Contains(f.EventIDs, id) {
			return false, true
		}
	}
	if len(f.Providers) > 0 && !f.selectsName(f.Providers, p.providerOf(c, slots)) ||
		len(f.Channels) > 0 && !f.selectsName(f.Channels, p.channelOf(c, slots)) {
		return false, true
	}
	if f.FirstRecord != 0 || f.LastRecord != 0 {
		id, ok := p.uint64(c, slots, p.recordID, UInt64Type)
		if !ok {
			return false, false
		}
		if !f.selectsNumber(id) {
			return false, true
		}
	}
	if f.from != 0 || f.to != 0 {
		ticks, ok := p.uint64(c, slots, p.created, FileTimeType)
		if !ok {
			return false, false
		}
		return f.selectsTime(ticks), true
	}
	return true, true
}
