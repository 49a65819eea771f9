package winpath

import "strings"

// ROT13 replaces each letter of ASCII by the one 13 places on. The Explorer writes names
// so in UserAssist. What is encoded twice is what it was.
func ROT13(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+13)%26
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+13)%26
		}
		return r
	}, name)
}
