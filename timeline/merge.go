package timeline

import (
	"iter"
	"slices"
)

// Merge merges sequences into one. Each must be in order of time. Events with the
// same time come in the order of their sequences.
func Merge(sequences ...iter.Seq[Event]) iter.Seq[Event] {
	if len(sequences) == 1 {
		return sequences[0]
	}
	return func(yield func(Event) bool) {
		merge(sequences, func(_ int, e Event) bool { return yield(e) })
	}
}

// merge is Merge that passes yield the number of each event's sequence too.
func merge(sequences []iter.Seq[Event], yield func(sequence int, e Event) bool) {
	type head struct {
		Event
		sequence int
		next     func() (Event, bool)
	}
	var heads []head
	for i, s := range sequences {
		next, stop := iter.Pull(s)
		defer stop()
		if e, ok := next(); ok {
			heads = append(heads, head{e, i, next})
		}
	}
	for len(heads) > 0 {
		first := 0
		for i := range heads {
			if heads[i].Time.Before(heads[first].Time) {
				first = i
			}
		}
		if !yield(heads[first].sequence, heads[first].Event) {
			return
		}
		var ok bool
		if heads[first].Event, ok = heads[first].next(); !ok {
			heads = slices.Delete(heads, first, first+1)
		}
	}
}
