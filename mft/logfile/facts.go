package logfile

import (
	"cmp"
	"slices"
	"sort"
)

// fact is what a log record, or the $MFT, says of a value that changes: what it was before
// and what it is after.
type fact[T comparable] struct {
	lsn           LSN
	before, after T
	knows         knowledge
}

// knowledge is which sides of a fact are known.
type knowledge uint8

const (
	knowsBefore knowledge = 1 << iota
	knowsAfter
	knowsToTheEnd // after holds to the end, whatever is missing
)

// facts are those of one value, in the order of their LSNs after sort.
type facts[T comparable] []fact[T]

func (list facts[T]) sort() {
	slices.SortStableFunc(list, func(a, b fact[T]) int { return cmp.Compare(a.lsn, b.lsn) })
}

// at returns the value after the record at an LSN. If records are missing in between, the
// value is taken to have stayed if it is the same before and after them.
func (list facts[T]) at(lsn LSN, gaps gaps) (value T, ok bool) {
	i := sort.Search(len(list), func(i int) bool { return list[i].lsn > lsn })
	var earlier, later *fact[T]
	if i > 0 && list[i-1].knows&knowsAfter != 0 {
		earlier = &list[i-1]
	}
	if i < len(list) && list[i].knows&knowsBefore != 0 {
		later = &list[i]
	}
	switch {
	case earlier != nil && (earlier.knows&knowsToTheEnd != 0 || !gaps.between(earlier.lsn, lsn)):
		return earlier.after, true
	case later != nil && !gaps.between(lsn, later.lsn):
		return later.before, true
	case earlier != nil && later != nil && earlier.after == later.before:
		return earlier.after, true
	}
	return value, false
}

// gaps are where records are missing, in order.
type gaps []gap

// gap is between two LSNs.
type gap struct{ from, to LSN }

// between reports whether records are missing between two LSNs.
func (list gaps) between(from, to LSN) bool {
	i := sort.Search(len(list), func(i int) bool { return list[i].to > from })
	return i < len(list) && list[i].from < to
}
