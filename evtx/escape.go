package evtx

import (
	mathbits "math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// escaper escapes text for one output format.
type escaper uint8

const (
	forJSON      escaper = iota // inside a string
	forXML                      // between tags
	forAttribute                // inside double quotes
)

// escape is the escape of an ASCII character: at most 7 bytes, and their number.
type escape struct {
	text uint64
	size uint8
}

// escapes holds the escape of each ASCII character, which may be the character
// itself.
var escapes = func() (all [3][utf8.RuneSelf]escape) {
	for e := range all {
		for r := range rune(utf8.RuneSelf) {
			var text [8]byte
			size := len(escaper(e).appendRune(text[:0], r))
			all[e][r] = escape{le.Uint64(text[:]), uint8(size)}
		}
	}
	return all
}()

// suspects finds characters that may need an escape, in eight ASCII characters at a
// time. After some bits are ignored and some inverted, one of them is below 0x21: a
// control character, or the one that becomes 0x20. Or it is 0 after others are.
type suspects struct{ keep1, flip1, keep2, flip2 uint64 }

var suspectsOf = [3]suspects{
	forJSON:      {^uint64(0), 2 * eachByte, ^uint64(0), '\\' * eachByte},                      // "; \
	forXML:       {^uint64(0), 6 * eachByte, ^uint64(2 * eachByte), '<' * eachByte},            // &; < and >
	forAttribute: {^uint64(5 * eachByte), 2 * eachByte, ^uint64(2 * eachByte), '<' * eachByte}, // ", #, & and '; < and >
}

const (
	eachByte = 0x0101010101010101
	highBits = 0x80 * eachByte
	eachLane = 0x0001000100010001 // of four units
	notASCII = 0xff80 * eachLane
	laneHigh = 0x80 * eachLane
)

// in sets the high bit of each byte of x that may need an escape. The bytes are ASCII.
// Each of them keeps its high bit in a subtraction unless it is less than what is
// subtracted; no byte borrows from the next.
func (s *suspects) in(x uint64) uint64 {
	return ^(((x&s.keep1 ^ s.flip1 | highBits) - 0x21*eachByte) &
		((x&s.keep2 ^ s.flip2 | highBits) - eachByte) &^
		(x + eachByte)) & highBits // 0x7f, the last of ASCII, acts
}

// packed returns four UTF-16 units, which are ASCII, as four bytes.
func packed(x uint64) uint64 {
	x |= x >> 8
	return x&0xffff | x>>16&0xffff0000
}

// firstUnits has masks for the first n of eight units.
var firstUnits = func() (masks [9][2]uint64) {
	for n := range masks {
		masks[n] = [2]uint64{1<<(16*min(n, 4)) - 1, 1<<(16*max(n-4, 0)) - 1}
	}
	return masks
}()

// firstBytes has masks for the first n of eight bytes.
var firstBytes = [9]uint64{0, 1<<8 - 1, 1<<16 - 1, 1<<24 - 1, 1<<32 - 1, 1<<40 - 1, 1<<48 - 1, 1<<56 - 1, 1<<64 - 1}

// growth is how many bytes a byte of UTF-16 text can become: a unit takes at most the
// six bytes of \u200b or the eight of &#x200b; (a pair takes less).
const growth = 4

// appendUTF16 appends UTF-16 text up to its first NUL, escaped.
func (e escaper) appendUTF16(dst, b []byte) []byte {
	dst = slices.Grow(dst, growth*len(b)+8)
	return dst[:e.putUTF16(dst[:cap(dst)], len(dst), b, len(b))]
}

// putUTF16 writes UTF-16 text of size bytes up to its first NUL at out[n:], escaped,
// and returns the offset of its end. It needs room for growth*size+16 bytes. It is
// faster if b holds at least 14 bytes more than the text.
func (e escaper) putUTF16(out []byte, n int, b []byte, size int) int {
	s := &suspectsOf[e]
	for at := 0; at < size-1; {
		if at > len(b)-16 {
			n, at = e.putUnits(out, n, b[:size], at)
			continue
		}
		x, y, units := le.Uint64(b[at:]), le.Uint64(b[at+8:]), 8
		if left := (size - at) / 2; left < units { // what follows becomes NULs
			units = left
			x &= firstUnits[units][0]
			y &= firstUnits[units][1]
		}
		if (x|y)&notASCII != 0 {
			n, at = e.putUnits(out, n, b[:size], at)
			continue
		}
		x = packed(x) | packed(y)<<32
		le.PutUint64(out[n:], x)
		at += 16
		if special := s.in(x) & firstBytes[units]; special == 0 {
			n += units
		} else if n = e.putSpecial(out, n, x, special, units, newlineAt(b[:size], at)); n < 0 {
			return ^n
		}
	}
	return n
}

// putSpecial is putUTF16 for up to eight ASCII characters, some of which may need an
// escape. It returns the complement of the end if that is a NUL.
func (e escaper) putSpecial(out []byte, n int, x, special uint64, units int, newline bool) int {
	for special != 0 {
		plain := mathbits.TrailingZeros64(special) / 8 // which are written already
		n += plain
		units -= plain + 1
		x = mathbits.RotateLeft64(x, -8*plain)
		c := x & 0x7f
		if c == 0 {
			return ^n
		}
		x = mathbits.RotateLeft64(x, -8)
		n = e.putASCII(out, n, c, units > 0 && x&0x7f == '\n' || units == 0 && newline)
		le.PutUint64(out[n:], x)
		special >>= 8*plain + 8
	}
	return n + units
}

// putASCII writes an ASCII character, escaped. A carriage return is part of a newline
// if a line feed follows.
func (e escaper) putASCII(out []byte, n int, c uint64, newline bool) int {
	if c == '\r' && newline && e == forXML {
		out[n] = '\r'
		return n + 1
	}
	text := &escapes[e][c]
	le.PutUint64(out[n:], text.text)
	return n + int(text.size)
}

func newlineAt(b []byte, at int) bool { return at < len(b)-1 && b[at] == '\n' && b[at+1] == 0 }

// putUnits is putUTF16 for up to eight units at an offset of b. It also returns the
// offset of what follows them.
func (e escaper) putUnits(out []byte, n int, b []byte, at int) (int, int) {
	for end := min(at+16, len(b)-1); at < end; {
		r := rune(le.Uint16(b[at:]))
		at += 2
		if r < utf8.RuneSelf {
			if r == 0 {
				return n, len(b)
			}
			n = e.putASCII(out, n, uint64(r), newlineAt(b, at))
			continue
		}
		if r >= 0xd800 && r < 0xe000 && at < len(b)-1 {
			if p := utf16.DecodeRune(r, rune(le.Uint16(b[at:]))); p != utf8.RuneError {
				r = p
				at += 2
			} // else half of a pair, which appendRune escapes
		}
		n = len(e.appendRune(out[:n], r))
	}
	return n, at
}

// appendString appends text, escaped. The text may hold halves of surrogate pairs as
// package wtf8 writes them.
func (e escaper) appendString(dst []byte, s string) []byte {
	for len(s) > 0 {
		r, n := wtf8.DecodeRune(s)
		if s = s[n:]; r == '\r' && e == forXML && len(s) > 0 && s[0] == '\n' {
			dst = append(dst, '\r')
			continue
		}
		dst = e.appendRune(dst, r)
	}
	return dst
}

// appendRune appends a character, escaped. In JSON, half of a surrogate pair becomes
// U+FFFD. In XML, a character that XML 1.0 does not allow becomes an underscore, as
// Windows writes it. Other characters that act (see package show) are escaped by
// number, except newlines and tabs in XML text. A carriage return is part of a
// newline only before a line feed, so the callers handle it by what follows.
func (e escaper) appendRune(dst []byte, r rune) []byte {
	if e == forJSON {
		if utf16.IsSurrogate(r) {
			r = utf8.RuneError
		}
		return show.AppendJSONRune(dst, r)
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
	case (r == '\n' || r == '\t') && e == forXML:
		return append(dst, byte(r))
	case !allowedInXML(r):
		return append(dst, '_')
	case show.Acts(r):
		dst = strconv.AppendUint(append(dst, "&#x"...), uint64(r), 16)
		return append(dst, ';')
	}
	return utf8.AppendRune(dst, r)
}

// appendInstruction appends the text of a processing instruction. XML has no escapes
// there, so a character that acts or is not allowed becomes an underscore.
func appendInstruction(dst []byte, s string) []byte {
	for _, r := range strings.ReplaceAll(s, "?>", "? >") {
		if !allowedInXML(r) || show.Acts(r) && r != '\n' && r != '\t' {
			r = '_'
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

// allowedInXML reports whether XML 1.0 allows the character.
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
		return e.appendString(dst, string(v.appendText(nil)))
	}
	return appendScalar(dst, v.Type, v.data)
}
