package evtx

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
)

// ansi is the encoding of WithANSI. A nil *ansi is Windows-1252.
type ansi struct{ encoding.Encoding }

// append appends text up to its first NUL.
func (a *ansi) append(dst, b []byte) []byte {
	b, _, _ = bytes.Cut(b, []byte{0})
	if a != nil {
		if text, err := a.NewDecoder().Bytes(b); err == nil {
			return append(dst, text...)
		}
	}
	for _, c := range b {
		switch {
		case c < utf8.RuneSelf:
			dst = append(dst, c)
		case c < 0xa0:
			dst = utf8.AppendRune(dst, windows1252[c-0x80])
		default:
			dst = utf8.AppendRune(dst, rune(c))
		}
	}
	return dst
}

// windows1252 holds the characters 0x80 to 0x9f; five are control characters.
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}
