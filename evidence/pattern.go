package evidence

import (
	"strings"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// pattern is what Find searches for, parsed from what the analyst wrote.
type pattern struct {
	text     string
	wildcard bool
	bare     bool     // a name without a folder, which may be in any folder
	hash     string   // lower-case hexadecimal digits, if it may be a hash
	places   []placed // where to look
}

// placed is a path below the root of a volume, cut into folded parts.
type placed struct {
	volume *Volume
	parts  []string
}

func (e *Evidence) pattern(text string) pattern {
	plain := winpath.Unquote(text)
	t := e.target(plain)
	p := pattern{
		text:     text,
		wildcard: strings.ContainsAny(t.path, "*?"),
		bare:     t.anywhere && !strings.ContainsAny(plain, `/\`),
	}
	if p.bare && hashes[len(plain)] != nil && strings.Trim(strings.ToLower(plain), "0123456789abcdef") == "" {
		p.hash = strings.ToLower(plain)
	}
	for _, v := range t.volumes {
		p.places = append(p.places, placed{v, foldedParts(t.path)})
	}
	if v, rest := e.byName(t.path); v != nil && t.anywhere && rest != "." {
		p.places = append(p.places, placed{v, foldedParts(rest)})
	}
	return p
}

func foldedParts(name string) []string {
	var parts []string
	for part := range strings.SplitSeq(name, "/") {
		parts = append(parts, winpath.Fold(part))
	}
	return parts
}

// matches reports whether p means a path in the volume.
func (p placed) matches(name string, bare bool) bool {
	if bare {
		return matchName(p.parts[0], winpath.Fold(name[strings.LastIndexByte(name, '/')+1:]))
	}
	return strings.Count(name, "/")+1 == len(p.parts) && p.leads(name)
}

// leads reports whether the parts of a path are the first parts of p.
func (p placed) leads(name string) bool {
	i := 0
	for part := range strings.SplitSeq(name, "/") {
		if i == len(p.parts) || !matchName(p.parts[i], winpath.Fold(part)) {
			return false
		}
		i++
	}
	return true
}

// matchName reports whether a name matches a pattern, in which * is any number of
// characters and ? is one. Both are folded. It takes at most the length of one times
// the length of the other in time.
func matchName(pattern, name string) bool {
	size := func(i int) int { // of the character at i
		_, n := utf8.DecodeRuneInString(name[i:])
		return n
	}
	p, n := 0, 0
	star, from := -1, 0 // the last *, and where the part after it is tried
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, n
			p++
		case p < len(pattern) && pattern[p] == '?':
			p++
			n += size(n)
		case p < len(pattern) && pattern[p] == name[n]:
			p++
			n++
		case star >= 0:
			from += size(from)
			p, n = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
