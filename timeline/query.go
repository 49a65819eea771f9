package timeline

import "slices"

// query yields the refs of all sources in order.
type query struct {
	makers  []maker
	found   []ref  // in order
	ahead   *ahead // or nil: makes events of found before they are asked for
	late    []int  // the makers that have more to find
	due     uint64
	waiting refHeap // refs of late makers
}

func newQuery(sources []source, w window, kinds kindSet, workers int) *query {
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
	if workers > 1 && len(q.found) > aheadSize {
		q.ahead = newAhead(q.found, q.makers, workers)
	}
	return q
}

func (q *query) close() {
	if q.ahead != nil {
		q.ahead.close()
	}
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
		if !inOrder {
			q.waiting.pop()
			return q.makers[r.source].make(r), true
		}
		q.found = q.found[1:]
		if q.ahead != nil {
			if e, made := q.ahead.next(); made {
				return e, true
			}
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
