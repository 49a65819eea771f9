package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/timeline"
)

// Escape makes a string from evidence fit for a terminal and for one line of
// text: control characters, line separators, invisible characters that reorder
// text, and bytes that are no UTF-8 become \n, \x1b, \u202e. What is printable,
// the backslashes of a Windows path included, stays.
func Escape(s string) string {
	if strings.IndexFunc(s, hidden) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case !hidden(r):
			b.WriteString(s[:n])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		s = s[n:]
	}
	return b.String()
}

// Cell makes a string from evidence fit for a cell of a CSV file: it escapes as
// Escape does, and puts an apostrophe before what a spreadsheet would run as a
// formula, and before an apostrophe, so that taking one off gives the text back.
func Cell(s string) string {
	return timeline.NoFormula(Escape(s))
}

// JSONLine returns v as one line of JSON in which what Escape escapes is written
// as an escape of JSON: what decodes it gets the text as it was.
func JSONLine(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	plain := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	var line []byte
	for len(plain) > 0 {
		r, n := utf8.DecodeRune(plain)
		switch high, low := utf16.EncodeRune(r); {
		case !hidden(r): // outside strings JSON has none of these
			line = append(line, plain[:n]...)
		case r > 0xffff:
			line = fmt.Appendf(line, `\u%04x\u%04x`, high, low)
		default:
			line = fmt.Appendf(line, `\u%04x`, r)
		}
		plain = plain[n:]
	}
	return append(line, '\n'), nil
}

// hidden reports whether r acts on the text instead of showing: categories Cc
// (control), Cf (format: bidirectional overrides, zero width), Zl and Zp.
func hidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}
