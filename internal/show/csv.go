package show

import (
	"strings"
	"unicode/utf8"
)

// formulaSigns are what a spreadsheet takes for the beginning of a formula. The
// full-width forms count, since spreadsheets of some locales read them as the
// signs themselves.
const formulaSigns = "=+-@＝＋－＠"

// Cell returns s for a cell of a CSV file, whose quotes are up to the writer. It
// is escaped as by Text, and cannot run as a formula: what begins with a sign
// that begins one, or with an apostrophe, gets an apostrophe in front.
//
// If the comma separates decimals, spreadsheets split CSV files at semicolons.
// So a sign behind a semicolon, or behind a quote that follows one, is escaped.
func Cell(s string) string {
	s = Text(s)
	if first, _ := utf8.DecodeRuneInString(s); first == '\'' || strings.ContainsRune(formulaSigns, first) {
		s = "'" + s
	}
	if strings.IndexByte(s, ';') < 0 {
		return s
	}
	var b []byte
	begins := false // a cell, if semicolons separate cells
	for _, r := range s {
		if begins && strings.ContainsRune(formulaSigns, r) {
			b = AppendEscape(b, r)
		} else {
			b = append(b, string(r)...)
		}
		begins = r == ';' || begins && r == '"'
	}
	return string(b)
}
