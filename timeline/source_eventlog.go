package timeline

import (
	"cmp"
	"io/fs"
	"slices"
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
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

// event returns the event of a record that was read again. A brief one has neither
// Message nor Fields.
func (s *logSource) event(made *madeRecord, offset int64, brief bool) Event {
	e := Event{
		Time:   made.written,
		Desc:   createdDesc, // plaso's name for the time of the event, as opposed to that of writing
		Kind:   LogRecord,
		Source: Source{Artifact: s.artifact, Record: strconv.FormatUint(made.id, 10), Offset: offset, Type: TypeEVTX},
	}
	typed := made.event
	sys := typed.Sys()
	e.at(evtx.TimeOf(typed))
	if sys.RecordID != 0 {
		e.Source.Record = strconv.FormatUint(sys.RecordID, 10)
	}
	if made.err != nil {
		e.Message = "damaged record: " + made.err.Error()
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
	if !brief {
		e.Message = evtx.Describe(typed)
		e.Fields = valuesOf(typed)
	}
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
	m := &logMaker{logSource: s, brief: set.brief}
	for i, r := range s.refs {
		if w.holds(r.ticks) && wanted[r.kind] {
			add(ref{ticks: r.ticks, key: uint64(i)})
			m.order = append(m.order, uint32(i))
		}
	}
	slices.SortStableFunc(m.order, func(a, b uint32) int { return cmp.Compare(s.refs[a].ticks, s.refs[b].ticks) })
	return m
}

// logMaker reads the log again for the records that were found, a batch at a time.
// The records of a batch follow one another in time, and each chunk of the log is read
// once for a batch. Logs are nearly in order of time, so a small batch reads hardly any
// chunk twice. In a log that is not, such as one made of several, the batches grow.
type logMaker struct {
	*logSource
	brief bool
	order []uint32 // indices in refs, in order of time
	batch []madeRecord
	at    int // in batch
	size  int // of the next batch, in records
	log   *evtx.Reader
}

// madeRecord is a record that was read again.
type madeRecord struct {
	id      uint64
	written time.Time
	event   evtx.TypedEvent
	err     error
}

// The sizes of batches. An event takes about 2 KiB.
const (
	smallBatch = 1 << 10
	largeBatch = 1 << 16
)

func (m *logMaker) make(r ref) Event {
	if m.at == len(m.batch) {
		m.fill()
	}
	made := &m.batch[m.at]
	m.at++
	if made.event == nil {
		return Event{
			Time:    filetime.Time(r.ticks),
			Desc:    createdDesc,
			Kind:    LogRecord,
			Source:  Source{Artifact: m.artifact, Offset: m.refs[r.key].offset, Type: TypeEVTX},
			Message: unreadable(made.err),
		}
	}
	e := m.event(made, m.refs[r.key].offset, m.brief)
	*made = madeRecord{}
	return e
}

// fill reads the next batch.
func (m *logMaker) fill() {
	m.size = max(m.size, smallBatch)
	n := min(m.size, len(m.order))
	m.batch = slices.Grow(m.batch[:0], n)[:n]
	m.at = 0
	places := make([]uint32, n) // in the batch, in the order of the log
	for i := range places {
		places[i] = uint32(i)
	}
	offset := func(place uint32) int64 { return m.refs[m.order[place]].offset }
	slices.SortFunc(places, func(a, b uint32) int { return cmp.Compare(offset(a), offset(b)) })
	read, err := 0, m.open()
	chunks := 0
	if err == nil {
		last := -1
		for rec, failed := range m.log.At(func(yield func(int64) bool) {
			for _, place := range places {
				if !yield(offset(place)) {
					return
				}
			}
		}) {
			made := madeRecord{err: failed}
			if failed == nil {
				made = madeRecord{id: rec.ID, written: rec.Written}
				made.event, made.err = rec.Typed()
				if other, ok := made.event.(*evtx.Event); ok {
					made.event = evtx.Clone(other) // its values are in the chunk
				}
				if c := rec.Chunk().Number; c != last {
					chunks, last = chunks+1, c
				}
			} else if !damage.Is(failed) {
				err = failed
				break
			}
			m.batch[places[read]] = made
			read++
		}
	}
	for _, place := range places[read:] {
		m.batch[place] = madeRecord{err: cmp.Or(err, errChanged)}
	}
	m.order = m.order[n:]
	if m.size = smallBatch; chunks > n/16 {
		m.size = min(4*n, largeBatch)
	}
}

func (m *logMaker) open() (err error) {
	if m.log == nil {
		m.log, err = evtx.OpenFS(m.vol, m.artifact, logName)
	}
	return err
}

func (m *logMaker) close() { m.log.Close() }
