package registry

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sameName reports whether Windows takes two names for the same: it compares
// them in upper case, one UTF-16 unit at a time.
func sameName(a, b string) bool {
	for len(a) > 0 && len(b) > 0 {
		if a[0] < utf8.RuneSelf && b[0] < utf8.RuneSelf {
			if a[0] != b[0] && upperASCII(a[0]) != upperASCII(b[0]) {
				return false
			}
			a, b = a[1:], b[1:]
			continue
		}
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if x == utf8.RuneError && n == 1 || y == utf8.RuneError && m == 1 { // half a surrogate pair
			n, m = 1, 1
			if a[0] != b[0] {
				return false
			}
		} else if x != y && upper(x) != upper(y) {
			return false
		}
		a, b = a[n:], b[m:]
	}
	return a == b
}

func upperASCII(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

// upper is Windows' upper case: it never maps into or out of ASCII, nor beyond
// the basic plane, and leaves the micro sign alone.
func upper(c rune) rune {
	if c < utf8.RuneSelf {
		return rune(upperASCII(byte(c)))
	}
	if u := unicode.ToUpper(c); u >= utf8.RuneSelf && c <= 0xffff && c != 'µ' {
		return u
	}
	return c
}

// foldName returns the form that all names share which Windows takes for the
// same.
func foldName(s string) string { return strings.Map(upper, s) }
