// Package filetime converts between Windows FILETIMEs, which count intervals of
// 100 ns since 1601-01-01 00:00:00 UTC, and time.Time, without loss in either
// direction.
//
// The FILETIME 0 means "not set" and corresponds to the zero time.Time.
package filetime

import "time"

// Tick is the unit of a FILETIME.
const Tick = 100 * time.Nanosecond

const (
	ticksPerSecond = 10_000_000
	secondsTo1970  = 11_644_473_600 // from 1601-01-01 to 1970-01-01
)

// Time returns the time in UTC of a FILETIME of any value. For 0 it returns the zero
// time.Time.
func Time(ticks uint64) time.Time {
	if ticks == 0 {
		return time.Time{}
	}
	sec := int64(ticks/ticksPerSecond) - secondsTo1970
	return time.Unix(sec, int64(ticks%ticksPerSecond)*100).UTC()
}

// Ticks returns the FILETIME of t, truncated to 100 ns. It returns 0 for the zero
// time.Time and for times before 1601.
func Ticks(t time.Time) uint64 {
	if t.IsZero() {
		return 0
	}
	sec := t.Unix() + secondsTo1970
	if sec < 0 {
		return 0
	}
	return uint64(sec)*ticksPerSecond + uint64(t.Nanosecond()/100)
}
