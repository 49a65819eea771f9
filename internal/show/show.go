// Package show makes text of evidence fit to be shown: on a terminal, in a line
// of text, in a cell of a table, as JSON. It is the only place that decides which
// characters act instead of showing, and how they are written.
package show

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Text of evidence may hold characters that act instead of showing: terminal
// escapes, line ends, marks that turn the direction of writing (the "exe.txt"
// trick), invisible letters, and bytes that are no UTF-8 at all. Every export
// writes these, and only these, as escapes.

const lowerHex = "0123456789abcdef"

// Acts reports whether r does something other than show itself.
func Acts(r rune) bool {
	switch {
	case r < 0x20, 0x7f <= r && r <= 0x9f: // C0, DEL, C1
		return true
	case r == 0x061c, 0x200b <= r && r <= 0x200f, 0x202a <= r && r <= 0x202e, 0x2060 <= r && r <= 0x206f: // direction, zero width
		return true
	case r == 0x2028, r == 0x2029, r == 0xfeff: // line and paragraph separator, byte order mark
		return true
	case r == 0xad, r == 0x180e, 0xfff9 <= r && r <= 0xfffb: // soft hyphen, vowel separator, annotations: not shown
		return true
	case 0x1bca0 <= r && r <= 0x1bca3, 0x1d173 <= r && r <= 0x1d17a, 0xe0000 <= r && r <= 0xe0fff: // shorthand and music controls, tags: not shown
		return true
	}
	return false
}

// scan splits off the first character of s: a rune, a surrogate that UTF-16
// text held unpaired (WTF-8), or a byte that is neither (then ok is false).
func scan(s string) (r rune, size int, ok bool) {
	r, size = utf8.DecodeRuneInString(s)
	if r != utf8.RuneError || size != 1 {
		return r, size, true
	}
	if len(s) >= 3 && s[0] == 0xed && s[1]&0xe0 == 0xa0 && s[2]&0xc0 == 0x80 {
		return 0xd000 | rune(s[1]&0x3f)<<6 | rune(s[2]&0x3f), 3, true
	}
	return rune(s[0]), 1, false
}

func isSurrogate(r rune) bool { return 0xd800 <= r && r <= 0xdfff }

// appendUnicodeEscape appends r as JSON escapes it: outside the Basic
// Multilingual Plane as two surrogates.
func appendUnicodeEscape(dst []byte, r rune) []byte {
	if high, low := utf16.EncodeRune(r); r > 0xffff {
		return appendUnicodeEscape(appendUnicodeEscape(dst, high), low)
	}
	return append(dst, '\\', 'u', lowerHex[r>>12&15], lowerHex[r>>8&15], lowerHex[r>>4&15], lowerHex[r&15])
}

// Text returns s with every character that acts instead of showing written
// as an escape like \u202e, and every byte that is no UTF-8 as one like \x9b.
// Backslashes stay as they are, since Windows paths are full of them: the
// result is for reading, not for converting back.
func Text(s string) string {
	if plain(s) {
		return s
	}
	var b []byte
	for len(s) > 0 {
		r, size, ok := scan(s)
		switch {
		case !ok:
			b = append(b, '\\', 'x', lowerHex[r>>4], lowerHex[r&15])
		case Acts(r) || isSurrogate(r):
			b = appendUnicodeEscape(b, r)
		default:
			b = append(b, s[:size]...)
		}
		s = s[size:]
	}
	return string(b)
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// AppendJSON appends s as a JSON string in which every character that acts
// instead of showing is escaped. Decoding it gives s back, up to bytes that are
// no UTF-8, which become U+FFFD.
func AppendJSON(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for len(s) > 0 {
		// Nearly all text is plain, and taken as it is.
		n := 0
		for n < len(s) && s[n] >= 0x20 && s[n] < 0x7f && s[n] != '"' && s[n] != '\\' {
			n++
		}
		dst = append(dst, s[:n]...)
		if s = s[n:]; s == "" {
			break
		}
		if s[0] == '\\' || s[0] == '"' {
			dst = append(dst, '\\', s[0])
			s = s[1:]
			continue
		}
		r, size, ok := scan(s)
		switch {
		case !ok:
			dst = append(dst, "\ufffd"...)
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case Acts(r) || isSurrogate(r):
			dst = appendUnicodeEscape(dst, r)
		default:
			dst = append(dst, s[:size]...)
		}
		s = s[size:]
	}
	return append(dst, '"')
}

// Cut returns the longest prefix of s of at most limit bytes that does not end
// inside a character.
func Cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

// BodyfileName writes what would end a name in a bodyfile line, or act,
// as \xNN or \uNNNN. So it does with a percent sign before two hexadecimal
// digits, which mactime would turn into the byte they stand for. A backslash in
// a name is itself doubled, so that the result says unambiguously what the name
// was.
func BodyfileName(s string) string {
	if plain(s) && !strings.ContainsAny(s, `|\%`) {
		return s
	}
	var b []byte
	for len(s) > 0 {
		r, size, ok := scan(s)
		switch {
		case !ok, r == '|', r < 0x80 && Acts(r), r == '%' && len(s) > 2 && isHex(s[1]) && isHex(s[2]):
			b = append(b, '\\', 'x', lowerHex[r>>4], lowerHex[r&15])
		case r == '\\':
			b = append(b, '\\', '\\')
		case Acts(r) || isSurrogate(r):
			b = appendUnicodeEscape(b, r)
		default:
			b = append(b, s[:size]...)
		}
		s = s[size:]
	}
	return string(b)
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// Cell makes a text fit for a cell of a CSV file: it escapes as Text does and
// disarms formulas.
func Cell(s string) string { return noFormula(Text(s)) }

// noFormula puts an apostrophe before a text that a spreadsheet would run as a
// formula, and before one that begins with an apostrophe, so that taking one off
// gives the text back. Full-width forms of the signs count, since spreadsheets of
// some locales read them as the signs themselves.
func noFormula(s string) string {
	if strings.IndexAny(s, "=+-@'＝＋－＠") == 0 {
		return "'" + s
	}
	return s
}
