package evtx

import (
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

// escapes holds the escape of each ASCII character, or "" if it needs none.
var escapes = func() (all [3][utf8.RuneSelf]string) {
	for e := range all {
		for r := range rune(utf8.RuneSelf) {
			if text := string(escaper(e).appendRune(nil, r)); text != string(r) {
				all[e][r] = text
			}
		}
	}
	return all
}()

// suspects finds characters that may need an escape, in four UTF-16 units at a time:
// those that equal one of two values if some bits are ignored. In a subtraction, each
// of the four lanes of 16 bits keeps bit 7 unless the lane is less than what is
// subtracted. No lane borrows from the next.
var suspects = [3]struct{ without1, value1, without2, value2 uint64 }{
	forJSON:      {^uint64(0), lanes('"'), ^uint64(0), lanes('\\')},
	forXML:       {^lanes(2), lanes('<'), ^uint64(0), lanes('&')}, // and >
	forAttribute: {^lanes(2), lanes('<'), ^lanes(5), lanes('"')},  // and >, #, &, '
}

// lanes returns a word with n in each of its four 16-bit lanes.
func lanes(n uint64) uint64 { return n * 0x0001000100010001 }

const (
	eachLane = 0x0001000100010001
	notASCII = 0xff80 * eachLane
	highBits = 0x80 * eachLane
	controls = 0x20 * eachLane
)

// growth is how many bytes a byte of UTF-16 text can become: a unit takes at most the
// six bytes of \u200b or the eight of &#x200b; (a pair takes less).
var growth = [3]int{forJSON: 3, forXML: 4, forAttribute: 4}

// appendUTF16 appends UTF-16 text up to its first NUL, escaped.
func (e escaper) appendUTF16(dst, b []byte) []byte {
	n := len(dst)
	dst = slices.Grow(dst, growth[e]*len(b)+8)
	out := dst[:cap(dst)]
	s := &suspects[e]
	for {
		for len(b) >= 8 {
			x := le.Uint64(b)
			ok := ((x | highBits) - controls) &
				((x&s.without1 ^ s.value1 | highBits) - eachLane) &
				((x&s.without2 ^ s.value2 | highBits) - eachLane) &^
				(x + eachLane) // 0x7f, the last of ASCII, acts
			if x&notASCII != 0 || ok&highBits != highBits {
				break
			}
			x |= x >> 8
			le.PutUint32(out[n:], uint32(x&0xffff|x>>16&0xffff0000))
			n += 4
			b = b[8:]
		}
		// Append up to four units one by one.
		for range 4 {
			if len(b) < 2 {
				return out[:n]
			}
			r := rune(le.Uint16(b))
			b = b[2:]
			if r < utf8.RuneSelf {
				if r == 0 {
					return out[:n]
				}
				text := escapes[e][r]
				if text == "" || r == '\r' && e == forXML && len(b) >= 2 && le.Uint16(b) == '\n' {
					out[n] = byte(r)
					n++
					continue
				}
				n += copy(out[n:], text)
				continue
			}
			if r >= 0xd800 && r < 0xe000 {
				second := rune(0)
				if len(b) >= 2 {
					second = rune(le.Uint16(b))
				}
				if p := utf16.DecodeRune(r, second); p != utf8.RuneError {
					r = p
					b = b[2:]
				} // else half of a pair, which appendRune escapes
			}
			n = len(e.appendRune(out[:n], r))
		}
	}
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
