package timeline

import "cmp"

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

// forker is a maker of which several can work at the same time.
type forker interface {
	maker
	// fork returns a maker that shares nothing with this one that changes.
	fork() maker
}
