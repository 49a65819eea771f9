package logfile

import "cmp"

// layout is how a log is divided, and how its LSNs are made up.
type layout struct {
	Restart       // the newest one, or what the pages say
	shift   int   // bits of an LSN below its sequence number
	size    int64 // of the file that is read
}

// lsnAt returns the LSN of a record at an offset of the ring.
func (l *layout) lsnAt(turn uint64, off int64) LSN {
	return LSN(turn<<l.shift | uint64(off)>>3)
}

// turnOf returns how often the ring had gone round.
func (l *layout) turnOf(lsn LSN) uint64 { return uint64(lsn) >> l.shift }

// offsetOf returns the offset in the log.
func (l *layout) offsetOf(lsn LSN) int64 { return int64(uint64(lsn)&(1<<l.shift-1)) << 3 }

// pageOf returns the offset of the page.
func (l *layout) pageOf(lsn LSN) int64 {
	return l.offsetOf(lsn) &^ int64(l.LogPageSize-1)
}

// ring returns the offset of the n-th part of the log: the copies, and the ring.
func (l *layout) ring(n int) int64 {
	off := int64(restartPages * l.SystemPageSize)
	if n > 0 {
		pages := tailPages
		if l.Major >= 2 {
			pages = fastPages
		}
		off += int64(pages * l.LogPageSize)
	}
	return off
}

// follows reports whether page q of the ring is the one behind p.
func (l *layout) follows(p, q *page) bool {
	next := p.home + int64(l.LogPageSize)
	return q.turn == p.turn && q.home == next ||
		q.turn == p.turn+1 && q.home == l.ring(1) && next >= l.end()
}

// end returns where the ring ends.
func (l *layout) end() int64 {
	n := cmp.Or(l.FileSize, l.size)
	return n - n%int64(l.LogPageSize)
}
