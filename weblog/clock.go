package weblog

import (
	"strings"
	"time"
)

// midnight returns the beginning of a day in seconds since 1970. IIS may leave out
// the zeros of month and day. No web log is older than 1990.
func midnight(date string) (int64, bool) {
	year, rest, _ := strings.Cut(date, "-")
	month, day, _ := strings.Cut(rest, "-")
	y, ok1 := digits(year, 4, 4)
	m, ok2 := digits(month, 1, 2)
	d, ok3 := digits(day, 1, 2)
	if !ok1 || !ok2 || !ok3 || y < 1990 {
		return 0, false
	}
	return dayOf(y, m, d)
}

// dayOf returns the beginning of a day in seconds since 1970, if there is such a day.
func dayOf(y, m, d int) (int64, bool) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t.Unix(), t.Month() == time.Month(m) && t.Day() == d
}

// sinceMidnight reads the time of a day. Some writers add fractions of a second.
func sinceMidnight(clock string) (time.Duration, bool) {
	clock, fraction, fractional := strings.Cut(clock, ".")
	hour, rest, _ := strings.Cut(clock, ":")
	minute, second, _ := strings.Cut(rest, ":")
	h, ok1 := digits(hour, 1, 2)
	m, ok2 := digits(minute, 1, 2)
	s, ok3 := digits(second, 1, 2)
	if !ok1 || !ok2 || !ok3 || h > 23 || m > 59 || s > 59 {
		return 0, false
	}
	since := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second
	if fractional {
		n, ok := digits(fraction, 1, 9)
		if !ok {
			return 0, false
		}
		for range 9 - len(fraction) {
			n *= 10
		}
		since += time.Duration(n)
	}
	return since, true
}

// digits reads a number of least to most decimal digits.
func digits(s string, least, most int) (n int, ok bool) {
	if len(s) < least || len(s) > most {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}
