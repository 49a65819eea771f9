package evtx

const (
	ticksPerSecond = 10_000_000
	ticksPerDay    = 86400 * ticksPerSecond
	lastTick       = 2_650_467_743_999_999_999 // the last of the year 9999
)

// putTicks writes a FILETIME with all seven decimal places, as evtx_dump does: it
// writes the last four digits of the year, and zeros for a negative time. It needs
// room for 32 bytes.
func putTicks(out []byte, n int, ticks uint64) int {
	if int64(ticks) < 0 {
		return n + copy(out[n:], "0000-00-00T00:00:00.0000000Z")
	}
	// Days since 0000-03-01, so that a leap day is the last day of its year. An era
	// of 400 years has 146097 days.
	days := ticks/ticksPerDay + 584_694
	era, day := days/146_097, days%146_097
	year := (day - day/1460 + day/36_524 - day/146_096) / 365
	day -= 365*year + year/4 - year/100
	month := (5*day + 2) / 153
	day -= (153*month+2)/5 - 1
	if month += 3; month > 12 {
		month -= 12
		year++
	}
	rest := ticks % ticksPerDay
	second := rest / ticksPerSecond
	return putTime(out, n, era*400+year, month, day, second/3600, second/60%60, second%60, rest%ticksPerSecond)
}

// putSystemTime writes a SYSTEMTIME. If it is not a date, 1601-01-01 is written, as
// Windows does.
func putSystemTime(out []byte, n int, b []byte) int {
	t, ok := systemTime(b)
	if !ok {
		return putTicks(out, n, 0)
	}
	return putTime(out, n, uint64(t.Year()), uint64(t.Month()), uint64(t.Day()), uint64(t.Hour()), uint64(t.Minute()), uint64(t.Second()), uint64(t.Nanosecond()/100))
}

// putTime writes a point in time. Four digits of the year are written.
func putTime(out []byte, n int, year, month, day, hour, minute, second, ticks uint64) int {
	year %= 10000
	to := out[n : n+32]
	le.PutUint64(to, pair(year/100)|pair(year%100)<<16|'-'<<32|pair(month)<<40|'-'<<56)
	le.PutUint64(to[8:], pair(day)|'T'<<16|pair(hour)<<24|':'<<40|pair(minute)<<48)
	le.PutUint32(to[16:], uint32(':'|pair(second)<<8|'.'<<24))
	to[20] = byte('0' + ticks/1_000_000)
	le.PutUint32(to[21:], thousand[ticks/1000%1000])
	le.PutUint32(to[24:], thousand[ticks%1000])
	to[27] = 'Z'
	return n + 28
}

// pair returns the two digits of a number below 100.
func pair(n uint64) uint64 { return uint64(thousand[n]>>8) & 0xffff }
