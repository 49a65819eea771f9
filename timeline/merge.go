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
		type head struct {
			Event
			next func() (Event, bool)
		}
		var heads []head
		for _, s := range sequences {
			next, stop := iter.Pull(s)
			defer stop()
			if e, ok := next(); ok {
				heads = append(heads, head{e, next})
			}
		}
		for len(heads) > 0 {
			first := 0
			for i := range heads {
				if heads[i].Time.Before(heads[first].Time) {
					first = i
				}
			}
			if !yield(heads[first].Event) {
				return
			}
			var ok bool
			if heads[first].Event, ok = heads[first].next(); !ok {
				heads = slices.Delete(heads, first, first+1)
			}
		}
	}
}
