package winpath

import "strings"

// MayBeShort reports whether a name may be the short name (8.3) that Windows gave to a
// long one: up to six of its characters, or two and four hexadecimal digits, with a tilde
// and a number, and up to three of its extension.
func MayBeShort(short, long string) bool {
	stem, ending, _ := strings.Cut(Fold(short), ".")
	head, number, ok := strings.Cut(stem, "~")
	if !ok || head == "" || len(head) > 6 || number == "" || strings.Trim(number, "0123456789") != "" {
		return false
	}
	long = strings.Map(func(c rune) rune {
		if c == ' ' || strings.ContainsRune(`+,;=[]`, c) {
			return -1
		}
		return c
	}, strings.TrimLeft(Fold(long), "."))
	name, extension := long, ""
	if i := strings.LastIndexByte(long, '.'); i >= 0 {
		name, extension = strings.ReplaceAll(long[:i], ".", ""), long[i+1:]
	}
	if ending != extension[:min(3, len(extension))] {
		return false
	}
	hashed := len(head) > 4 && strings.Trim(head[len(head)-4:], "0123456789ABCDEF") == "" && strings.HasPrefix(name, head[:len(head)-4])
	return strings.HasPrefix(name, head) || hashed
}
