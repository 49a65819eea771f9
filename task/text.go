package task

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// text is a file as UTF-8.
type text struct {
	utf8  string
	base  int64 // size of the byte order mark
	utf16 bool  // the file is UTF-16
}

// decodeText decodes a file by its byte order mark. Windows writes UTF-16LE with one.
// A file without one is UTF-8, unless its first character has two bytes.
func decodeText(raw []byte) text {
	for _, mark := range [...]struct {
		bytes string
		utf16 bool
	}{{"\xff\xfe", true}, {"\xfe\xff", true}, {"\xef\xbb\xbf", false}} {
		if rest, ok := bytes.CutPrefix(raw, []byte(mark.bytes)); ok {
			if mark.bytes[0] == 0xfe {
				rest = swapped(rest)
			}
			return newText(rest, int64(len(mark.bytes)), mark.utf16)
		}
	}
	return newText(raw, 0, bytes.HasPrefix(raw, []byte("<\x00")))
}

func newText(b []byte, base int64, wide bool) text {
	if wide {
		return text{utf8: fromUTF16(b), base: base, utf16: true}
	}
	return text{utf8: valid(string(b)), base: base}
}

// fromUTF16 decodes UTF-16LE. Half of a surrogate pair, which XML does not allow,
// becomes U+FFFD.
func fromUTF16(b []byte) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}

// valid replaces the bytes that are not UTF-8, each by one, so that offsets stay.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	b := []byte(s)
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			b[i] = '?'
		}
		i += n
	}
	return string(b)
}

// swapped returns UTF-16BE as UTF-16LE.
func swapped(b []byte) []byte {
	le := make([]byte, len(b)&^1)
	for i := 0; i+1 < len(b); i += 2 {
		le[i], le[i+1] = b[i+1], b[i]
	}
	return le
}

// offset returns the place in the file of a place in its text.
func (t *text) offset(at int64) int64 {
	if !t.utf16 {
		return t.base + at
	}
	n := t.base
	for _, r := range t.utf8[:at] {
		n += 2
		if r > 0xffff {
			n += 2
		}
	}
	return n
}

// head returns the beginning of the text for an error.
func (t *text) head() string {
	const most = 32
	s := t.utf8
	for i := range s {
		if i >= most {
			return s[:i] + "…"
		}
	}
	return s[:min(len(s), most+utf8.UTFMax)]
}
