package main

import (
	"strconv"
	"strings"
	"time"
)

// A rule makes two spellings of a value equal. Rules are tried only if values differ,
// and the report names those that were needed.
type rule struct {
	name  string
	apply func(value string) string
}

// emptyAsNone is the rule for fields that one parser leaves out and the other gives as
// empty text.
const emptyAsNone = "empty values as missing"

// rules are tried in their order: each alone, then all of them together.
var rules = map[string][]rule{
	"evtx": {
		{"GUIDs without braces, in lower case", plainGUID},
		{"hexadecimal numbers without leading zeros", shortHex},
		{"times without trailing zeros", shortTime},
		{"hexadecimal bytes in upper case", upperHex},
		{"characters that XML does not allow as underscores", xmlText},
	},
	"registry": {
		{"times cut to whole seconds", cutToSeconds},
	},
	"pe": {
		{"serial numbers without leading zeros", shortSerial},
	},
}

// cutToSeconds removes the fraction of a second, for a parser that keeps only whole
// seconds.
func cutToSeconds(v string) string {
	if i := strings.IndexByte(v, '.'); i == 19 && strings.HasSuffix(v, "Z") {
		return v[:i] + "Z"
	}
	return v
}

func plainGUID(v string) string {
	if t := strings.Trim(v, "{}"); len(t) == 36 && strings.Count(t, "-") == 4 {
		return strings.ToLower(t)
	}
	return v
}

func shortHex(v string) string {
	if h, ok := strings.CutPrefix(v, "0x"); ok {
		if n, err := strconv.ParseUint(h, 16, 64); err == nil {
			return "0x" + strconv.FormatUint(n, 16)
		}
	}
	return v
}

func shortTime(v string) string {
	if len(v) < 20 || v[4] != '-' || !strings.HasSuffix(v, "Z") {
		return v
	}
	if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
		return t.Format(time.RFC3339Nano)
	}
	return v
}

func upperHex(v string) string {
	if len(v) >= 2 && len(v)%2 == 0 && strings.Trim(v, "0123456789abcdefABCDEF") == "" {
		return strings.ToUpper(v)
	}
	return v
}

func shortSerial(v string) string { return strings.TrimLeft(v, "0") }

func xmlText(v string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return '_'
		}
		return r
	}, v)
}

// needed returns the names of the rules that make two values equal, which is an empty
// list if they are equal without rules, and whether the values are then equal.
func needed(format, mine, theirs string) (names []string, equal bool) {
	if mine == theirs {
		return nil, true
	}
	for _, r := range rules[format] {
		if r.apply(mine) == r.apply(theirs) {
			return []string{r.name}, true
		}
	}
	for _, r := range rules[format] {
		m, t := r.apply(mine), r.apply(theirs)
		if m != mine || t != theirs {
			names = append(names, r.name)
		}
		if mine, theirs = m, t; mine == theirs {
			return names, true
		}
	}
	return nil, false
}
