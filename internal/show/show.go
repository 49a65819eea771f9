// Package show makes text of evidence fit to be shown: on a terminal, in a line
// of text, in a cell of a table, in a bodyfile, as JSON. It is the only place
// that decides which characters act instead of showing, and how they are written.
//
// # What acts
//
// A character acts if it does something other than show itself: see [Acts] for
// the list and the reasons.
//
// # How it is written
//
//	U+202E, and all else that acts   \u202e
//	U+E0101, beyond U+FFFF           \udb40\udd01, its two UTF-16 units
//	half of a surrogate pair         \ud800
//	a byte that is not UTF-8         \x{9b}
//
// Windows stores names as UTF-16 and does not check that surrogates are paired,
// so a name may hold half of a pair. Strings hold it as package wtf8 writes it.
//
// # What can be read back
//
// Two different texts never become the same, but for what JSON cannot write:
//
//	Text, Cell    A backslash stays as it is, since Windows paths are full of
//	              them. One before u and four hexadecimal digits, or before x,
//	              an opening brace, two digits and a closing brace, would read
//	              as an escape: it is itself written as \u005c.
//	Cell          As Text, with an apostrophe in front of what begins a formula
//	              or with an apostrophe: taking one off gives the text.
//	BodyfileName  A backslash is doubled. ASCII characters and bytes that are
//	              not UTF-8 are \x7c, others \u202e.
//	AppendJSON    A backslash is doubled. Bytes that are not UTF-8 become
//	              U+FFFD, since JSON has no way to write them: what differs in
//	              them only becomes the same.
//
// Escapes are made once, where text leaves the program. Text that was escaped
// before has backslashes like any other text.
package show

import (
	"unicode/utf16"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

const lowerHex = "0123456789abcdef"

// AppendEscape appends r, a character or half of a surrogate pair, as \u and four
// hexadecimal digits; beyond U+FFFF as its two UTF-16 units. So JSON has it too.
func AppendEscape(dst []byte, r rune) []byte {
	if high, low := utf16.EncodeRune(r); r > 0xffff {
		return AppendEscape(AppendEscape(dst, high), low)
	}
	return append(dst, '\\', 'u', lowerHex[r>>12&15], lowerHex[r>>8&15], lowerHex[r>>4&15], lowerHex[r&15])
}

// Text returns s for a line of text. What acts is written as an escape, and so
// is a backslash that would read as the beginning of one.
func Text(s string) string {
	if isPlain(s) {
		return s
	}
	var b []byte
	for len(s) > 0 {
		r, size := wtf8.DecodeRune(s)
		switch {
		case r == utf8.RuneError && size == 1:
			b = append(b, '\\', 'x', '{', lowerHex[s[0]>>4], lowerHex[s[0]&15], '}')
		case Acts(r), r == '\\' && isEscape(s):
			b = AppendEscape(b, r)
		default:
			b = append(b, s[:size]...)
		}
		s = s[size:]
	}
	return string(b)
}

// isPlain reports whether Text leaves s as it is; false if it takes a closer look.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f || s[i] == '\\' && isEscape(s[i:]) {
			return false
		}
	}
	return true
}

// isEscape reports whether s, which begins with a backslash, reads as one of
// the escapes that Text writes. Digits count in either case, since a reader does
// not look at it.
func isEscape(s string) bool {
	switch {
	case len(s) >= 6 && s[1] == 'u':
		return isHex(s[2]) && isHex(s[3]) && isHex(s[4]) && isHex(s[5])
	case len(s) >= 6 && s[1] == 'x':
		return s[2] == '{' && isHex(s[3]) && isHex(s[4]) && s[5] == '}'
	}
	return false
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
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
