package winpath

import (
	"unicode"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// unmapped are the characters to which Unicode gives an upper case and Windows
// does not: letters that share one with another letter, and those that got theirs
// after Unicode 5.1. The table in $UpCase, which Windows writes on every volume
// that it formats, has been the same since Windows 7.
var unmapped = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x00b5, 0x00b5, 1},
		{0x0131, 0x0131, 1}, // the dotless i is not an I,
		{0x017f, 0x017f, 1}, // and the long s is not an S
		{0x019b, 0x019b, 1},
		{0x01c5, 0x01cb, 3},
		{0x01f2, 0x01f2, 1},
		{0x023f, 0x0240, 1},
		{0x0252, 0x0252, 1},
		{0x025c, 0x025c, 1},
		{0x0261, 0x0261, 1},
		{0x0264, 0x0266, 1},
		{0x026a, 0x026a, 1},
		{0x026c, 0x026c, 1},
		{0x0282, 0x0282, 1},
		{0x0287, 0x0287, 1},
		{0x029d, 0x0345, 1},
		{0x03c2, 0x03c2, 1}, // the sigma at the end of a word
		{0x03d0, 0x03d6, 1},
		{0x03f0, 0x03f1, 1},
		{0x03f3, 0x03f5, 1},
		{0x0525, 0x052f, 1},
		{0x10d0, 0x1c8f, 1}, // Georgian, Cherokee
		{0x1d8e, 0x1d8e, 1},
		{0x1e9b, 0x1e9b, 1},
		{0x1fbe, 0x1fbe, 1},
		{0x2c5f, 0x2c5f, 1},
		{0x2cec, 0x2cf3, 1},
		{0x2d27, 0x2d2d, 1},
		{0xa661, 0xa661, 1},
		{0xa699, 0xa69b, 1},
		{0xa791, 0xabbf, 1},
	},
	LatinOffset: 1,
}

// Upper returns r in upper case as NTFS and the registry have it. It is never
// a letter of ASCII unless r is one.
func Upper(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	case r > 0xffff || unicode.Is(unmapped, r): // Windows looks at UTF-16 units
		return r
	}
	return unicode.ToUpper(r)
}

// FoldName returns the form of a name that all names share which Windows takes
// for the same, for use as a map key. Names of files, and of keys and values of
// the registry, are the same if they are the same in upper case.
func FoldName(s string) string { return fold(s, false) }

// Fold returns the form of a path that all paths share which [Same] takes for
// the same, for use as a map key.
func Fold(p string) string { return fold(p, true) }

// Same reports whether two Windows paths name the same file as far as their
// text tells: case is ignored as NTFS ignores it, slashes and backslashes are
// the same. Short (8.3) names are not resolved. Dots and blanks at the end
// count: Windows drops them on most ways to a file, but a file may be named so.
func Same(a, b string) bool { return same(a, b, true) }

// SameName reports whether Windows takes two names for the same.
func SameName(a, b string) bool { return same(a, b, false) }

// CutPrefix returns s without a prefix that is found in any case of its letters,
// and whether it was found. The prefix is ASCII.
func CutPrefix(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !SameName(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

func fold(s string, path bool) string {
	n := 0
	for n < len(s) && s[n] < utf8.RuneSelf && upperASCII(s[n], path) == s[n] {
		n++
	}
	if n == len(s) {
		return s
	}
	b := append(make([]byte, 0, len(s)+8), s[:n]...)
	for n < len(s) {
		if s[n] < utf8.RuneSelf {
			b = append(b, upperASCII(s[n], path))
			n++
			continue
		}
		r, size := wtf8.DecodeRune(s[n:])
		if up := Upper(r); up != r {
			b = utf8.AppendRune(b, up)
		} else {
			b = append(b, s[n:n+size]...) // be it UTF-8 or not
		}
		n += size
	}
	return string(b)
}

// same compares without making the folded forms.
func same(a, b string, path bool) bool {
	for len(a) > 0 && len(b) > 0 {
		if a[0] < utf8.RuneSelf && b[0] < utf8.RuneSelf {
			if a[0] != b[0] && upperASCII(a[0], path) != upperASCII(b[0], path) {
				return false
			}
			a, b = a[1:], b[1:]
			continue
		}
		x, n := wtf8.DecodeRune(a)
		y, m := wtf8.DecodeRune(b)
		if invalid := x == utf8.RuneError && n == 1; invalid != (y == utf8.RuneError && m == 1) || invalid && a[0] != b[0] || Upper(x) != Upper(y) {
			return false
		}
		a, b = a[n:], b[m:]
	}
	return len(a) == len(b)
}

func upperASCII(c byte, path bool) byte {
	switch {
	case 'a' <= c && c <= 'z':
		return c - 'a' + 'A'
	case c == '/' && path:
		return '\\'
	}
	return c
}
