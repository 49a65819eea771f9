package timeline

import (
	"cmp"
	"slices"
)

// ref identifies an event that has not been made yet.
type ref struct {
	ticks  uint64 // FILETIME
	key    uint64 // what its source needs to make it; also orders events of the same time
	source int
}

func (a ref) compare(b ref) int {
	switch { // nearly all differ in time
	case a.ticks != b.ticks:
		return cmp.Compare(a.ticks, b.ticks)
	case a.source != b.source:
		return cmp.Compare(a.source, b.source)
	}
	return cmp.Compare(a.key, b.key)
}

// maker makes events of the refs of one find, in any order.
type maker interface {
	make(ref) Event
	close()
}

// lateMaker is a maker of a source that finds its refs as they are needed, because
// all of them at once would fill the memory.
type lateMaker interface {
	maker
	// due returns a time before which more finds nothing. Ok is false when everything
	// has been found.
	due() (ticks uint64, ok bool)
	// more calls add for the refs that may be at that time, and for others.
	more(add func(ref))
}

// query yields the refs of all sources in order.
type query struct {
	makers  []maker
	found   []ref // in order
	late    []int // the makers that have more to find
	due     uint64
	waiting refHeap // refs of late makers
}

func newQuery(sources []source, w window, kinds kindSet) *query {
	q := &query{makers: make([]maker, len(sources))}
	for i, s := range sources {
		q.makers[i] = s.find(w, kinds, func(r ref) {
			r.source = i
			q.found = append(q.found, r)
		})
		if _, ok := q.makers[i].(lateMaker); ok {
			q.late = append(q.late, i)
		}
	}
	slices.SortFunc(q.found, ref.compare)
	q.setDue()
	return q
}

func (q *query) close() {
	for _, m := range q.makers {
		m.close()
	}
}

// next returns the next event.
func (q *query) next() (Event, bool) {
	for {
		inOrder := len(q.found) > 0 && (len(q.waiting) == 0 || q.found[0].compare(q.waiting[0]) < 0)
		var r ref
		switch {
		case inOrder:
			r = q.found[0]
		case len(q.waiting) > 0:
			r = q.waiting[0]
		case len(q.late) == 0:
			return Event{}, false
		}
		if len(q.late) > 0 && (r == ref{} || r.ticks >= q.due) {
			q.more()
			continue
		}
		if inOrder {
			q.found = q.found[1:]
		} else {
			q.waiting.pop()
		}
		return q.makers[r.source].make(r), true
	}
}

// more calls the late maker whose refs may come first.
func (q *query) more() {
	for _, i := range q.late {
		m := q.makers[i].(lateMaker)
		if at, ok := m.due(); ok && at == q.due {
			m.more(func(r ref) {
				r.source = i
				q.waiting.push(r)
			})
			break
		}
	}
	q.setDue()
}

// setDue removes the makers that have found everything.
func (q *query) setDue() {
	q.due = ^uint64(0)
	q.late = slices.DeleteFunc(q.late, func(i int) bool {
		at, ok := q.makers[i].(lateMaker).due()
		if ok {
			q.due = min(q.due, at)
		}
		return !ok
	})
}

// refHeap is a binary heap: the first of all refs is at its beginning.
type refHeap []ref

func (h *refHeap) push(r ref) {
	*h = append(*h, r)
	s := *h
	for i := len(s) - 1; i > 0; {
		above := (i - 1) / 2
		if s[above].compare(s[i]) <= 0 {
			break
		}
		s[above], s[i] = s[i], s[above]
		i = above
	}
}

func (h *refHeap) pop() {
	s := *h
	last := len(s) - 1
	s[0] = s[last]
	s = s[:last]
	for i := 0; ; {
		least := i
		for _, below := range [...]int{2*i + 1, 2*i + 2} {
			if below < last && s[below].compare(s[least]) < 0 {
				least = below
			}
		}
		if least == i {
			break
		}
		s[i], s[least] = s[least], s[i]
		i = least
	}
	*h = s
}
