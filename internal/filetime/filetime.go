// Package filetime converts between Windows FILETIMEs, which count intervals of
// 100 ns since 1601-01-01 00:00:00 UTC, and time.Time, without loss in either
// direction.
//
// The FILETIME 0 means "not set" and corresponds to the zero time.Time.
//
// FILETIMEs reach the year 60056, but RFC 3339 ends with the year 9999. A later time
// is written as the last one of that year: see Clamp.
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

// last is the last FILETIME that RFC 3339 can express.
var last = time.Date(9999, 12, 31, 23, 59, 59, 999_999_900, time.UTC)

// Clamp returns t, or the last FILETIME of the year 9999 if t is later. Windows itself
// uses such times, as "never".
func Clamp(t time.Time) time.Time {
	if t.After(last) {
		return last
	}
	return t
}

// Text returns t in UTC as RFC 3339 with all 100 ns, clamped. The zero time, which
// was not set, is "".
func Text(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return Clamp(t).UTC().Format("2006-01-02T15:04:05.0000000Z")
}
