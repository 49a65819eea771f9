package main

import (
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/mft"
)

// csvWriter writes a header and a line for each row. Cells are as in MFTECmd:
// times in UTC with 100 ns, True and False, and empty if nothing is known. As in
// timeline.WriteCSV, text that a spreadsheet would run as a formula gets an
// apostrophe in front, and characters that act on a terminal instead of showing are
// escaped. Line ends become spaces only in ZoneIdContents, since every mark of the
// web has some.
type csvWriter struct {
	w    io.Writer
	line []byte
}

func newCSV(w io.Writer) writer { return &csvWriter{w: w} }

func (c *csvWriter) begin() error {
	var h header
	(&row{rec: &mft.Record{}, fn: &mft.FileName{}, si: &mft.StandardInformation{}}).fields(&h)
	_, err := io.WriteString(c.w, strings.Join(h, ",")+"\n")
	return err
}

func (c *csvWriter) record(s *source, f *file) error {
	return rows(s, f, func(r *row) error {
		c.line = c.line[:0]
		r.fields(c)
		c.line[len(c.line)-1] = '\n'
		_, err := c.w.Write(c.line)
		return err
	})
}

func (c *csvWriter) number(_ string, n uint64) {
	c.line = append(strconv.AppendUint(c.line, n, 10), ',')
}

func (c *csvWriter) truth(_ string, b bool) {
	if b {
		c.line = append(c.line, "True,"...)
	} else {
		c.line = append(c.line, "False,"...)
	}
}

func (c *csvWriter) moment(_ string, t time.Time) {
	if !t.IsZero() {
		c.line = appendTime(c.line, t, ' ')
	}
	c.line = append(c.line, ',')
}

func (c *csvWriter) word(_, s string) { c.line = append(append(c.line, s...), ',') }

func (c *csvWriter) text(name, s string) {
	if harmless(s) {
		c.line = append(append(c.line, s...), ',')
		return
	}
	if name == zoneContents {
		s = lineEnds.Replace(s)
	}
	s = show.Cell(s)
	if strings.ContainsAny(s, `",`) || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") {
		s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	c.line = append(append(c.line, s...), ',')
}

var lineEnds = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")

// harmless reports whether s can be written as it is, which is true of nearly all
// text.
func harmless(s string) bool {
	if s == "" {
		return true
	}
	switch s[0] {
	case '=', '+', '-', '@', '\'', ' ':
		return false
	}
	for i := range len(s) {
		if careful[s[i]] && (s[i] != '\\' || i+1 < len(s) && (s[i+1] == 'u' || s[i+1] == 'x')) {
			return false
		}
	}
	return s[len(s)-1] != ' '
}

// careful are the bytes that need care. A backslash needs it only if it may be read as
// the beginning of an escape.
var careful = func() (all [256]bool) {
	for c := range all {
		all[c] = c < ' ' || c > '~' || strings.IndexByte("\",;\\", byte(c)) >= 0
	}
	return all
}()

// appendTime appends a time with 100 ns, several times as fast as time.Format, and
// clamped to the year 9999.
func appendTime(b []byte, t time.Time, sep byte) []byte {
	t = filetime.Clamp(t)
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	b = appendDigits(b, year, 4)
	b = appendDigits(append(b, '-'), int(month), 2)
	b = appendDigits(append(b, '-'), day, 2)
	b = appendDigits(append(b, sep), hour, 2)
	b = appendDigits(append(b, ':'), minute, 2)
	b = appendDigits(append(b, ':'), second, 2)
	return appendDigits(append(b, '.'), t.Nanosecond()/100, 7)
}

// appendDigits appends the last digits of n, at most 7.
func appendDigits(b []byte, n, digits int) []byte {
	b = append(b, "0000000"[:digits]...)
	for i := len(b) - 1; digits > 0; digits-- {
		b[i] += byte(n % 10)
		n /= 10
		i--
	}
	return b
}

// header collects the names of the fields.
type header []string

func (h *header) number(name string, _ uint64)    { *h = append(*h, name) }
func (h *header) truth(name string, _ bool)       { *h = append(*h, name) }
func (h *header) moment(name string, _ time.Time) { *h = append(*h, name) }
func (h *header) word(name, _ string)             { *h = append(*h, name) }
func (h *header) text(name, _ string)             { *h = append(*h, name) }
