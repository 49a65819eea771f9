// Package wtf8 converts UTF-16LE, as Windows stores names and strings, to UTF-8 and
// back without loss.
//
// Windows does not check that surrogates are paired, so a name may hold half of a
// pair. Such a unit becomes the three bytes that UTF-8 would use for its code point
// (WTF-8, https://simonsapin.github.io/wtf-8/). Package unicode/utf8 rejects these
// bytes, but they keep two different names different, and convert back to the same
// UTF-16.
package wtf8

import (
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	surrMin  = 0xd800
	surrEnd  = 0xe000
	surrSelf = 0x10000
)

// String converts b, UTF-16LE, to a string. An odd last byte is ignored. NULs
// are kept.
func String(b []byte) string {
	var stack [128]byte
	return string(Append(stack[:0], b))
}

// Append appends b, UTF-16LE, to dst and returns the extended buffer.
func Append(dst, b []byte) []byte {
	// Convert four ASCII units at a time: most names and log strings are ASCII.
	for len(b) >= 8 {
		u := binary.LittleEndian.Uint64(b)
		if u&0xff80ff80ff80ff80 != 0 {
			break
		}
		dst = append(dst, byte(u), byte(u>>16), byte(u>>32), byte(u>>48))
		b = b[8:]
	}
	for len(b) >= 2 {
		r := rune(binary.LittleEndian.Uint16(b))
		b = b[2:]
		switch {
		case r < utf8.RuneSelf:
			dst = append(dst, byte(r))
		case r < surrMin || r >= surrEnd:
			dst = utf8.AppendRune(dst, r)
		default:
			if len(b) >= 2 {
				if p := utf16.DecodeRune(r, rune(binary.LittleEndian.Uint16(b))); p != utf8.RuneError {
					dst = utf8.AppendRune(dst, p)
					b = b[2:]
					continue
				}
			}
			dst = append(dst, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
		}
	}
	return dst
}

// Encode converts s, UTF-8 or WTF-8, to UTF-16LE. Bytes that are neither become
// U+FFFD.
func Encode(s string) []byte {
	b := make([]byte, 0, 2*len(s))
	for len(s) > 0 {
		r, n := DecodeRune(s)
		if r >= surrSelf {
			hi, lo := utf16.EncodeRune(r)
			b = binary.LittleEndian.AppendUint16(b, uint16(hi))
			r = lo
		}
		b = binary.LittleEndian.AppendUint16(b, uint16(r))
		s = s[n:]
	}
	return b
}

// DecodeRune returns the first character of s and its size in bytes, as
// [utf8.DecodeRuneInString] does, except that the character may be half of a
// surrogate pair. Two halves that form a pair are not accepted, because Append never
// writes them: the bytes of the first half are then not WTF-8.
func DecodeRune(s string) (rune, int) {
	r, n := utf8.DecodeRuneInString(s)
	if r != utf8.RuneError || n != 1 {
		return r, n
	}
	half, ok := surrogate(s)
	if !ok {
		return r, n
	}
	if second, ok := surrogate(s[3:]); ok && utf16.DecodeRune(half, second) != utf8.RuneError {
		return r, n
	}
	return half, 3
}

// surrogate decodes the three bytes that Append writes for half of a pair.
func surrogate(s string) (rune, bool) {
	if len(s) < 3 || s[0] != 0xed || s[1]&0xe0 != 0xa0 || s[2]&0xc0 != 0x80 {
		return 0, false
	}
	return 0xd000 | rune(s[1]&0x3f)<<6 | rune(s[2]&0x3f), true
}

// Rejoin makes one character of the two halves of a surrogate pair, if b[:at] ends with
// the first half and b[at:] begins with the second. So two texts that were appended to
// each other are what their UTF-16 would be.
func Rejoin(b []byte, at int) []byte {
	if at < 3 || len(b) < at+3 || b[at-3] != 0xed || b[at] != 0xed {
		return b
	}
	first, ok1 := surrogate(string(b[at-3 : at]))
	second, ok2 := surrogate(string(b[at : at+3]))
	r := utf16.DecodeRune(first, second)
	if !ok1 || !ok2 || r == utf8.RuneError {
		return b
	}
	n := copy(b[at-3:], string(r))
	return append(b[:at-3+n], b[at+3:]...)
}

// Trim returns b, UTF-16LE, up to its first NUL unit.
func Trim(b []byte) []byte {
	for i := 0; i+1 < len(b); i += 2 {
		if b[i] == 0 && b[i+1] == 0 {
			return b[:i]
		}
	}
	return b
}
