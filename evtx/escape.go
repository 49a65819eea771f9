package evtx

import (
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// escaper is how text is escaped for one form of output.
type escaper uint8

const (
	forJSON      escaper = iota // inside a string
	forXML                      // between tags
	forAttribute                // inside double quotes
)

// lanes has n in each of the four 16-bit lanes of a word.
func lanes(n uint64) uint64 { return n * 0x0001000100010001 }

// plain reports whether four UTF-16 units are ASCII and need no escape. Each
// lane keeps bit 7 through a subtraction unless it was below what is subtracted,
// which no lane borrows from the next.
func (e escaper) plain(x uint64) bool {
	if x&lanes(0xff80) != 0 {
		return false
	}
	high := lanes(0x80)
	ok := (x | high) - lanes(0x20) // controls
	differs := func(c uint64) uint64 { return (x ^ lanes(c) | high) - lanes(1) }
	if e == forJSON {
		ok &= differs('"') & differs('\\')
	} else {
		// < and > differ in bit 1 only, & and ' in bit 0: no text is worse off
		// for taking the slow way once too often.
		ok &= (x&^lanes(2) ^ lanes('<') | high) - lanes(1)
		ok &= (x&^lanes(1) ^ lanes('&') | high) - lanes(1)
		ok &= differs('"')
	}
	return ok&high == high
}

// appendUTF16 appends UTF-16 text up to its first NUL, escaped.
func (e escaper) appendUTF16(dst, b []byte) []byte {
	dst = slices.Grow(dst, len(b)/2+8)
	for {
		n := len(dst)
		room := dst[n:cap(dst)]
		i := 0
		for ; len(b) >= 8 && len(room) >= i+4; i += 4 {
			x := le.Uint64(b)
			if !e.plain(x) {
				break
			}
			x |= x >> 8
			le.PutUint32(room[i:], uint32(x&0xffff|x>>16&0xffff0000))
			b = b[8:]
		}
		dst = dst[:n+i]
		// Up to four units one by one.
		for range 4 {
			if len(b) < 2 {
				return dst
			}
			r := rune(le.Uint16(b))
			if r == 0 {
				return dst
			}
			b = b[2:]
			if r >= 0xd800 && r < 0xe000 {
				second := rune(0)
				if len(b) >= 2 {
					second = rune(le.Uint16(b))
				}
				if p := utf16.DecodeRune(r, second); p != utf8.RuneError {
					r = p
					b = b[2:]
				} // else half of a pair, as appendRune takes it
			}
			dst = e.appendRune(dst, r)
		}
	}
}

// appendString appends text, which may hold halves of surrogate pairs as package
// wtf8 writes them, escaped.
func (e escaper) appendString(dst []byte, s string) []byte {
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			r = 0xd800
			if len(s) >= 3 && s[0] == 0xed {
				n = 3
			}
		}
		dst = e.appendRune(dst, r)
		s = s[n:]
	}
	return dst
}

// appendRune appends a character, escaped. Halves of surrogate pairs become
// U+FFFD in JSON; what XML 1.0 has no character for becomes an underscore, as
// Windows writes it. The controls U+0080 to U+009F, which both allow and which
// terminals obey, are escaped.
func (e escaper) appendRune(dst []byte, r rune) []byte {
	if e == forJSON {
		return appendJSONRune(dst, r)
	}
	switch {
	case r == '&':
		return append(dst, "&amp;"...)
	case r == '<':
		return append(dst, "&lt;"...)
	case r == '>':
		return append(dst, "&gt;"...)
	case r == '"' && e == forAttribute:
		return append(dst, "&quot;"...)
	case r == '\'' && e == forAttribute:
		return append(dst, "&apos;"...)
	case r >= 0x20 && r < 0x80:
		return append(dst, byte(r))
	case r == '\t' || r == '\n' || r == '\r':
		return append(dst, byte(r))
	case r >= 0x80 && r < 0xa0:
		return append(dst, '&', '#', 'x', lowerHex[r>>4], lowerHex[r&15], ';')
	case !allowedInXML(r):
		return append(dst, '_')
	}
	return utf8.AppendRune(dst, r)
}

func appendJSONRune(dst []byte, r rune) []byte {
	switch {
	case r == '"' || r == '\\':
		return append(dst, '\\', byte(r))
	case r >= 0x20 && r < 0x80:
		return append(dst, byte(r))
	case r == '\n':
		return append(dst, '\\', 'n')
	case r == '\r':
		return append(dst, '\\', 'r')
	case r == '\t':
		return append(dst, '\\', 't')
	case r < 0xa0:
		return append(dst, '\\', 'u', '0', '0', lowerHex[r>>4], lowerHex[r&15])
	}
	return utf8.AppendRune(dst, r) // U+FFFD for a surrogate
}

// allowedInXML reports whether XML 1.0 has the character.
func allowedInXML(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000
}

// appendValue appends a value as text, escaped.
func (e escaper) appendValue(dst []byte, v Value) []byte {
	switch {
	case v.text != nil:
		return e.appendString(dst, *v.text)
	case v.Type == StringType:
		return e.appendUTF16(dst, v.data)
	case v.Type == AnsiType || v.Type&ArrayFlag != 0:
		return e.appendString(dst, v.String())
	}
	return appendScalar(dst, v.Type, v.data)
}
