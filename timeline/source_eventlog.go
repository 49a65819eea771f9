package timeline

import (
	"io/fs"
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// logSource yields the events of an event log. It keeps one logRef for each record,
// and reads the log again for the events that are asked for.
type logSource struct {
	vol      fs.FS
	artifact string
	drive    string
	refs     []logRef // in the order of the log
}

type logRef struct {
	ticks  uint64 // FILETIME of the event
	offset int64  // of the record in the log
	kind   uint16 // index in loggedKinds
}

// logName is what errors call a log: the caller adds the name of the artifact.
var logName = evtx.WithName("evtx")

// openLog reads a log once.
func openLog(vol fs.FS, artifact, drive string, w window, c *Coverage) (*logSource, error) {
	r, err := evtx.OpenFS(vol, artifact, logName)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	s := &logSource{vol: vol, artifact: artifact, drive: drive}
	for rec, err := range r.Records() {
		if err != nil {
			c.damaged(err)
			continue
		}
		peek, err := rec.Peek()
		at := peek.Time
		if err != nil || at.IsZero() {
			at = rec.Written
		}
		c.Records++
		c.saw(at)
		if c.Name == "" {
			sys, _ := rec.System()
			c.Name = sys.Channel
		}
		if ticks := filetime.Ticks(at); w.holds(ticks) {
			kind := LogRecord
			if k, ok := logKinds[peek.Kind]; ok && err == nil {
				kind = k.kind
			}
			n, _ := slices.BinarySearch(loggedKinds, kind)
			s.refs = append(s.refs, logRef{ticks, rec.Offset, uint16(n)})
		}
	}
	for p := range r.Problems() {
		c.add(p)
	}
	return s, nil
}

// event returns a record's event.
func (s *logSource) event(rec *evtx.Record) Event {
	e := Event{
		Time:   rec.Written,
		Desc:   createdDesc, // plaso's name for the time of the event, as opposed to that of writing
		Kind:   LogRecord,
		Source: Source{Artifact: s.artifact, Record: strconv.FormatUint(rec.ID, 10), Offset: rec.Offset, Type: TypeEVTX},
	}
	typed, err := rec.Typed()
	sys := typed.Sys()
	e.at(evtx.TimeOf(typed))
	if sys.RecordID != 0 {
		e.Source.Record = strconv.FormatUint(sys.RecordID, 10)
	}
	if err != nil {
		e.Message = "damaged record: " + err.Error()
		e.SID = sys.UserSID
		return e
	}
	if k, ok := logKinds[typed.Kind()]; ok {
		k.describe(typed, &e)
		e.Path = winpath.Normalize(s.drive, e.Path)
	} else {
		e.SID = sys.UserSID
	}
	e.Data = typed
	e.Message = evtx.Describe(typed)
	e.Fields = valuesOf(typed)
	return e
}

// at sets the time, unless it is zero.
func (e *Event) at(t time.Time) {
	if !t.IsZero() {
		e.Time = t
	}
}

// valuesOf returns the fields of a typed record in their order, without System.
func valuesOf(e evtx.TypedEvent) (fields []Field) {
	for name, value := range evtx.Values(e) {
		fields = append(fields, Field{name, value})
	}
	return fields
}

func (s *logSource) find(w window, set kindSet, add func(ref)) maker {
	wanted := make([]bool, len(loggedKinds))
	for i, k := range loggedKinds {
		wanted[i] = set.holds(k)
	}
	m := &logMaker{logSource: s, early: map[uint64]evtx.Record{}}
	for _, r := range s.refs {
		if w.holds(r.ticks) && wanted[r.kind] {
			add(ref{ticks: r.ticks, key: uint64(len(m.wanted))})
			m.wanted = append(m.wanted, r.offset)
		}
	}
	return m
}

// logMaker reads the log forward, once, for the records that were found. Logs are
// nearly in order of time, so hardly any record waits in early for its turn. In a log
// whose beginning was overwritten many may wait, at most the whole log.
type logMaker struct {
	*logSource
	wanted []int64                // offsets of the records found, in the order of the log; refs hold the index
	at     int                    // index in wanted of the next record
	early  map[uint64]evtx.Record // by index in wanted
	log    *evtx.Reader
	next   func() (evtx.Record, error, bool)
	stop   func()
}

func (m *logMaker) make(r ref) Event {
	rec, err := m.record(r.key)
	if err != nil {
		return Event{
			Time:    filetime.Time(r.ticks),
			Desc:    createdDesc,
			Kind:    LogRecord,
			Source:  Source{Artifact: m.artifact, Offset: m.wanted[r.key], Type: TypeEVTX},
			Message: unreadable(err),
		}
	}
	return m.event(&rec)
}

// record returns the record of an index in wanted.
func (m *logMaker) record(index uint64) (evtx.Record, error) {
	if rec, ok := m.early[index]; ok {
		delete(m.early, index)
		return rec, nil
	}
	if m.next == nil {
		if err := m.open(); err != nil {
			return evtx.Record{}, err
		}
	}
	for {
		rec, err, ok := m.next()
		switch {
		case !ok:
			return evtx.Record{}, errChanged
		case err != nil || m.at == len(m.wanted) || rec.Offset != m.wanted[m.at]:
			continue
		}
		m.at++
		if uint64(m.at-1) == index {
			return rec, nil
		}
		m.early[uint64(m.at-1)] = rec
	}
}

func (m *logMaker) open() (err error) {
	if m.log, err = evtx.OpenFS(m.vol, m.artifact, logName); err != nil {
		return err
	}
	m.next, m.stop = iter.Pull2(m.log.Records())
	return nil
}

func (m *logMaker) close() {
	if m.stop != nil {
		m.stop()
	}
	m.log.Close()
}
