package main

import (
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// A clock writes times, several times as fast as time.Format. The times of a file are
// often equal, or in the same second, so it keeps the text of the last one.
type clock struct {
	last time.Time
	text [len("2006-01-02 15:04:05.0000000")]byte // of last; text[0] is 0 before the first time
}

// append appends a time with 100 ns, clamped to the year 9999. Sep is between the date
// and the time of day.
func (c *clock) append(b []byte, t time.Time, sep byte) []byte {
	t = filetime.Clamp(t)
	if t != c.last || c.text[0] == 0 {
		c.set(t)
	}
	c.text[len("2006-01-02")] = sep
	return append(b, c.text[:]...)
}

func (c *clock) set(t time.Time) {
	text := c.text[:0]
	if c.text[0] == 0 || t.Unix() != c.last.Unix() {
		year, month, day := t.Date()
		hour, minute, second := t.Clock()
		text = appendPair(appendPair(text, year/100), year%100)
		text = appendPair(append(text, '-'), int(month))
		text = appendPair(append(text, '-'), day)
		text = appendPair(append(text, ' '), hour)
		text = appendPair(append(text, ':'), minute)
		appendPair(append(text, ':'), second)
	}
	c.last = t
	n := t.Nanosecond() / 100
	text = append(c.text[:len("2006-01-02 15:04:05")], '.', byte('0'+n/1_000_000))
	appendPair(appendPair(appendPair(text, n/10_000%100), n/100%100), n%100)
}

// pairs are the decimal digits of the numbers from 0 to 99.
const pairs = "0001020304050607080910111213141516171819" +
	"2021222324252627282930313233343536373839" +
	"4041424344454647484950515253545556575859" +
	"6061626364656667686970717273747576777879" +
	"8081828384858687888990919293949596979899"

func appendPair(b []byte, n int) []byte { return append(b, pairs[2*n], pairs[2*n+1]) }
