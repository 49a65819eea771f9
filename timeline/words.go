package timeline

import "github.com/birthmark-dfir/birthmark/winid"

// The words in messages.

func or(s, otherwise string) string {
	if s = winid.Undash(s); s == "" {
		return otherwise
	}
	return s
}

// with returns ", name: value", or "" for an empty value.
func with(name, value string) string {
	if value = winid.Undash(value); value == "" {
		return ""
	}
	return ", " + name + ": " + value
}
