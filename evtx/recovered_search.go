package evtx

import (
	"bytes"
	"io"
)

// search looks for records that were lost.
type search struct {
	r       io.ReaderAt
	size    int64
	name    string // in errors
	found   *Definitions
	store   *Definitions
	unnamed map[string]*template
	filter  *filter
	ansi    *ansi
	// seen has the records that were found, and whether they are not to be yielded:
	// they are among the records of the log, or have been yielded.
	seen    map[recordKey]bool
	yield   func(Recovered, error) bool
	stopped bool // yield returned false
}

// recordKey identifies a record and its copies.
type recordKey struct {
	id, written uint64
	size        uint32
}

// newSearch returns a search in what a Reader reads.
func newSearch(r *Reader, yield func(Recovered, error) bool) *search {
	store := r.definitions
	if store == nil {
		store = builtin()
	}
	return &search{
		r: r.r, size: r.size, name: r.name, filter: r.filter, ansi: r.ansi, store: store, yield: yield,
		found: new(Definitions), unnamed: map[string]*template{}, seen: map[recordKey]bool{},
	}
}

func (c *Chunk) key(at int) recordKey {
	return recordKey{le.Uint64(c.buf[at+8:]), le.Uint64(c.buf[at+16:]), le.Uint32(c.buf[at+4:])}
}

// log searches all chunks of a log: for definitions, for copies of its records, and for
// the records themselves.
func (s *search) log(r *Reader) error {
	_, order, err := r.ranges()
	if err != nil {
		return err
	}
	live := len(order)
	chunk := new(Chunk)
	each := func(visit func(c *Chunk, live bool) error) error {
		for n := range r.count() {
			if s.stopped {
				return nil
			}
			if err := r.load(chunk, n); err != nil {
				return err
			}
			if chunk.unused() {
				continue
			}
			if err := visit(chunk, n < live); err != nil {
				return err
			}
		}
		return nil
	}
	err = each(func(c *Chunk, live bool) error {
		if c.astray() {
			return s.windows(c.Offset, c.Offset+int64(len(c.buf)), s.learn)
		}
		s.found.addChunk(c)
		for _, f := range c.lost() {
			s.seen[c.key(f.at)] = false
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(s.seen) > 0 {
		err = each(func(c *Chunk, live bool) error {
			if live && !c.astray() {
				for f := range c.frames() {
					if _, ok := s.seen[c.key(f.at)]; ok && f.size > 0 {
						s.seen[c.key(f.at)] = true
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return each(func(c *Chunk, live bool) error {
		if c.astray() {
			return s.windows(c.Offset, c.Offset+int64(len(c.buf)), s.stray)
		}
		view := s.view(c)
		kept := false
		if live {
			kept = s.damaged(c, view)
		} else {
			kept = s.listed(view, BehindLog)
		}
		kept = s.unlisted(view) || kept
		if kept {
			chunk = new(Chunk) // the records share the memory of this one
		}
		return nil
	})
}

// carve searches what is not a log.
func (s *search) carve() error {
	if err := s.windows(0, s.size, s.learn); err != nil {
		return err
	}
	return s.windows(0, s.size, s.stray)
}

// astray reports whether the chunk is none, but has one inside.
func (c *Chunk) astray() bool { return !c.sound && bytes.Contains(c.buf, chunkSignature) }

// view returns a chunk with the same bytes, which decodes its records by verified
// definitions.
func (s *search) view(c *Chunk) *Chunk {
	return &Chunk{
		Number: c.Number, Offset: c.Offset, FirstRecord: c.FirstRecord, LastRecord: c.LastRecord, firstID: c.firstID, lastID: c.lastID,
		log: s.name, buf: c.buf, free: c.free, sound: c.sound, ansi: s.ansi,
		recovery: &recovery{log: s.found, store: s.store, unnamed: s.unnamed, placed: true},
	}
}

// learn takes the definitions of a chunk, or of a single record.
func (s *search) learn(c *Chunk, alone bool) {
	if alone {
		s.found.addFrom(c, len(c.buf)-c.free)
	} else {
		s.found.addChunk(c)
	}
}

// stray recovers all records of a chunk that is not in the place of one, or a record
// that is alone.
func (s *search) stray(c *Chunk, alone bool) {
	if alone {
		at := len(c.buf) - c.free
		s.recover(c, lostRecord{at: at, size: c.free, reason: Stray, intact: true})
		return
	}
	s.listed(c, Stray)
	s.unlisted(c)
}

// damaged recovers the records of a chunk of the log that their chunk cannot decode. It
// reports whether there is one.
func (s *search) damaged(c, view *Chunk) (found bool) {
	for f := range c.frames() {
		if f.size == 0 || s.stopped {
			continue
		}
		rec := c.record(f.at, f.size)
		_, err := rec.Event()
		if err == nil && c.sound {
			continue
		}
		again := view.record(f.at, f.size)
		view.recovery.reset()
		if _, err2 := again.Event(); err2 != nil || err == nil && !view.recovery.borrowed {
			continue // the record itself is damaged, or nothing is
		}
		found = s.recover(view, lostRecord{at: f.at, size: f.size, reason: WithoutTemplate, intact: f.err == nil}) || found
	}
	return found
}

// listed recovers the records that a chunk lists.
func (s *search) listed(c *Chunk, reason Reason) (found bool) {
	for f := range c.frames() {
		if f.size > 0 {
			found = s.recover(c, lostRecord{at: f.at, size: f.size, reason: reason, intact: f.err == nil}) || found
		}
	}
	return found
}

// unlisted recovers the records that a chunk does not list.
func (s *search) unlisted(c *Chunk) (found bool) {
	for _, f := range c.lost() {
		found = s.recover(c, f) || found
	}
	return found
}

// recover yields a record unless it is a copy of another one, or nothing of it can be
// read. It reports whether it does.
func (s *search) recover(c *Chunk, f lostRecord) bool {
	key := c.key(f.at)
	if s.stopped || f.reason != WithoutTemplate && f.reason != InRecord && s.seen[key] {
		return false
	}
	y := c.recovery
	y.reset()
	r := Recovered{Record: c.record(f.at, f.size), Reason: f.reason}
	e, err := r.Event()
	switch {
	case err != nil:
		return false // nothing of it is left
	case !f.intact, y.torn, c.zeroed(f.at, f.at+f.size):
		r.Grade = Torn
	case y.missing:
		r.Grade = ValuesOnly
	default:
		r.Grade = Whole
	}
	r.Borrowed = y.borrowed
	if s.filter != nil && !s.filter.selectsSystem(&e.System) {
		return false
	}
	s.seen[key] = true
	s.stopped = !s.yield(r, nil)
	return true
}

// zeroed reports whether a sector in [from, to) of the chunk is zeros: the page that it
// was in is gone.
func (c *Chunk) zeroed(from, to int) bool {
	const sector, least = 512, 128
	for at := from; at < to; {
		end := min(to, at+sector-int((c.Offset+int64(at))%sector))
		if end-at >= least && c.empty(at, end) {
			return true
		}
		at = end
	}
	return false
}
