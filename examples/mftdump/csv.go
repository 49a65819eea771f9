package main

import (
	"strconv"
	"strings"
	"time"

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
	line []byte // with what precedes it
	clock
}

func newCSV() writer { return new(csvWriter) }

func (c *csvWriter) header() string {
	var h header
	(&row{rec: &mft.Record{}, fn: &mft.FileName{}, si: &mft.StandardInformation{}}).fields(&h)
	return strings.Join(h, ",") + "\n"
}

func (c *csvWriter) append(b []byte, s *source, f *file) []byte {
	c.line = b
	rows(s, f, func(r *row) {
		r.fields(c)
		c.line[len(c.line)-1] = '\n'
	})
	return c.line
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
		c.line = c.clock.append(c.line, t, ' ')
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

// header collects the names of the fields.
type header []string

func (h *header) number(name string, _ uint64)    { *h = append(*h, name) }
func (h *header) truth(name string, _ bool)       { *h = append(*h, name) }
func (h *header) moment(name string, _ time.Time) { *h = append(*h, name) }
func (h *header) word(name, _ string)             { *h = append(*h, name) }
func (h *header) text(name, _ string)             { *h = append(*h, name) }
