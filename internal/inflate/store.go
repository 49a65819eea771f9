package inflate

import (
	"container/list"
	"sync"
)

const (
	pageSize   = 128 << 10
	maxCursors = 8
)

// A Store is what the files of an archive share, so that their memory is bounded
// together: the pages of output that were used last, and the decoders that stopped
// somewhere in a file, to continue there. It may be used by several goroutines.
type Store struct {
	mu      sync.Mutex
	most    int // pages
	pages   map[pageKey]*list.Element
	order   list.List // of page; the one used last is in front
	cursors []*cursor // the one used last is at the end
	free    []*decoder
}

type pageKey struct {
	of *File
	i  int64
}

type page struct {
	key  pageKey
	data []byte
}

// NewStore returns a Store that keeps at most size bytes of pages, but at least some.
func NewStore(size int64) *Store {
	return &Store{most: int(min(max(size/pageSize, 8), 1<<16)), pages: map[pageKey]*list.Element{}}
}

// size returns how many bytes of pages are kept at most.
func (s *Store) size() int64 { return int64(s.most) * pageSize }

func (s *Store) page(k pageKey) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.pages[k]
	if e == nil {
		return nil
	}
	s.order.MoveToFront(e)
	return e.Value.(page).data
}

func (s *Store) keep(k pageKey, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pages[k] != nil {
		return
	}
	if s.order.Len() >= s.most {
		last := s.order.Back()
		delete(s.pages, last.Value.(page).key)
		s.order.Remove(last)
	}
	s.pages[k] = s.order.PushFront(page{k, data})
}

// A cursor is a decoder that stopped somewhere in a file.
type cursor struct {
	of   *File
	d    *decoder
	part []byte // output that was not yet used
	pos  int64  // offset of part in the output
}

// take returns the cursor of a file that is nearest before pos, but not before least,
// or nil. It is the caller's until it is given back.
func (s *Store) take(of *File, least, pos int64) *cursor {
	s.mu.Lock()
	defer s.mu.Unlock()
	best := -1
	for i, c := range s.cursors {
		if c.of == of && c.pos >= least && c.pos <= pos && (best < 0 || c.pos > s.cursors[best].pos) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	c := s.cursors[best]
	s.cursors = append(s.cursors[:best], s.cursors[best+1:]...)
	return c
}

// give returns a cursor for others to use.
func (s *Store) give(c *cursor) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.cursors) == maxCursors {
		s.release(s.cursors[0].d)
		s.cursors = append(s.cursors[:0], s.cursors[1:]...)
	}
	s.cursors = append(s.cursors, c)
}

// decoder returns a decoder that is not in use.
func (s *Store) decoder() *decoder {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.free); n > 0 {
		d := s.free[n-1]
		s.free = s.free[:n-1]
		return d
	}
	return newDecoder()
}

// drop returns a decoder that nobody continues.
func (s *Store) drop(d *decoder) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.release(d)
}

func (s *Store) release(d *decoder) {
	d.src = nil
	if len(s.free) < 2 {
		s.free = append(s.free, d)
	}
}
