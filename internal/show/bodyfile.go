package show

import (
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// bodyfilePlain has the bytes that stay as they are in a bodyfile, whatever follows
// them. Nearly all names have no others.
var bodyfilePlain = func() (plain [256]bool) {
	for c := 0x20; c < 0x7f; c++ {
		plain[c] = c != '|' && c != '\\' && c != '%'
	}
	return plain
}()

// BodyfileName returns s as the name in a line of a bodyfile. What would end
// the name, or acts, is written as \xNN or \uNNNN. So is a percent sign before
// two hexadecimal digits, which mactime would turn into the byte that they stand
// for. A backslash is doubled.
func BodyfileName(s string) string {
	n := 0
	for n < len(s) && bodyfilePlain[s[n]] {
		n++
	}
	if n == len(s) {
		return s
	}
	b := []byte(s[:n])
	s = s[n:]
	for len(s) > 0 {
		r, size := wtf8.DecodeRune(s)
		switch {
		case r == utf8.RuneError && size == 1, r == '|', r < utf8.RuneSelf && Acts(r), r == '%' && len(s) > 2 && isHex(s[1]) && isHex(s[2]):
			b = append(b, '\\', 'x', lowerHex[s[0]>>4], lowerHex[s[0]&15])
		case r == '\\':
			b = append(b, '\\', '\\')
		case Acts(r):
			b = AppendEscape(b, r)
		default:
			b = append(b, s[:size]...)
		}
		s = s[size:]
	}
	return string(b)
}
