package show

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// AppendJSON appends s as a JSON string in which everything that acts is escaped.
// Decoding it gives s back, up to bytes that are not UTF-8, which become U+FFFD.
// Half of a surrogate pair is escaped as such; not every decoder takes that.
func AppendJSON(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for len(s) > 0 {
		// Nearly all text is plain, and taken as it is.
		n := 0
		for n < len(s) && plainInJSON[s[n]] {
			n++
		}
		dst = append(dst, s[:n]...)
		if s = s[n:]; s == "" {
			break
		}
		if s[0] == '\\' || s[0] == '"' {
			dst = append(dst, '\\', s[0])
			s = s[1:]
			continue
		}
		r, size := wtf8.DecodeRune(s)
		dst = AppendJSONRune(dst, r)
		s = s[size:]
	}
	return append(dst, '"')
}

// plainInJSON are the bytes that are a character by themselves and need no escape.
var plainInJSON = func() (plain [256]bool) {
	for c := ' '; c <= '~'; c++ {
		plain[c] = c != '"' && c != '\\'
	}
	return plain
}()

// AppendJSONRune appends a character of a JSON string, escaped if it acts or if
// JSON demands it.
func AppendJSONRune(dst []byte, r rune) []byte {
	switch {
	case r == '"' || r == '\\':
		return append(dst, '\\', byte(r))
	case r == '\n':
		return append(dst, '\\', 'n')
	case r == '\r':
		return append(dst, '\\', 'r')
	case r == '\t':
		return append(dst, '\\', 't')
	case Acts(r):
		return AppendEscape(dst, r)
	}
	return utf8.AppendRune(dst, r)
}

// JSONLine returns v as one line of JSON in which everything that acts is escaped.
func JSONLine(v any) ([]byte, error) {
	return marshal(v, func(e *json.Encoder) { e.SetEscapeHTML(false) })
}

// JSONDocument returns v as JSON indented by two spaces, in which everything that
// acts, and markup, is escaped. A line end follows it.
func JSONDocument(v any) ([]byte, error) {
	return marshal(v, func(e *json.Encoder) { e.SetIndent("", "  ") })
}

// marshal escapes what encoding/json writes. Strings come out as AppendJSON
// writes them.
func marshal(v any, set func(*json.Encoder)) ([]byte, error) {
	text, err := encode(v, set)
	// This text is what package json makes of every byte of half of a surrogate pair.
	if err == nil && bytes.Contains(text, []byte(`\ufffd`)) {
		text, err = encode(withMarks(v), set)
		if err == nil {
			return appendEncoded(nil, text, true), nil
		}
	}
	if err != nil {
		return nil, err
	}
	return appendEncoded(nil, text, false), nil
}

func encode(v any, set func(*json.Encoder)) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	set(e)
	err := e.Encode(v)
	return b.Bytes(), err
}

// appendEncoded appends text, which is JSON, with everything escaped that acts.
// Below U+007F there is nothing to do: JSON has escaped that in strings, and
// outside strings it separates. Beyond, JSON allows characters in strings only.
func appendEncoded(dst, text []byte, marked bool) []byte {
	for len(text) > 0 {
		if text[0] < 0x7f {
			dst, text = append(dst, text[0]), text[1:]
			continue
		}
		r, size := utf8.DecodeRune(text)
		if marked && r >= firstMark {
			dst = AppendEscape(dst, r-firstMark+firstHalf)
		} else {
			dst = AppendJSONRune(dst, r)
		}
		text = text[size:]
	}
	return dst
}
