package weblog

import "strings"

// span is where a value is in the text of a line.
type span struct{ start, end int }

// of returns the value, "" for a dash.
func (s span) of(text string) string {
	if v := text[s.start:s.end]; v != "-" {
		return v
	}
	return ""
}

// nonEmpty returns the parts of a text between blanks.
func nonEmpty(text string) []span {
	var parts []span
	start := 0
	for start < len(text) {
		end := start
		for end < len(text) && text[end] != ' ' {
			end++
		}
		if end > start {
			parts = append(parts, span{start, end})
		}
		start = end + 1
	}
	return parts
}

// quotedParts returns the parts of a text between blanks, of which those that hold
// blanks are in quotation marks. A mark inside is doubled.
func quotedParts(text string) []span {
	var parts []span
	for at := 0; at < len(text); {
		switch {
		case text[at] == ' ':
			at++
			continue
		case text[at] != '"':
			s := tokenAt(text, at, false)
			parts = append(parts, s)
			at = s.end
			continue
		}
		end := at + 1
		for end < len(text) && (text[end] != '"' || strings.HasPrefix(text[end:], `""`)) {
			if text[end] == '"' {
				end++
			}
			end++
		}
		end = min(end, len(text))
		parts = append(parts, span{at + 1, end})
		at = end + 1
	}
	return parts
}

// tokenAt returns the value at an offset: up to the next blank or, if it may be
// quoted, between quotation marks.
func tokenAt(text string, at int, mayQuote bool) span {
	if mayQuote && text[at] == '"' {
		for i := at + 1; i < len(text); i++ {
			if text[i] == '\\' {
				i++
			} else if text[i] == '"' && (i+1 == len(text) || text[i+1] == ' ') {
				return span{at + 1, i}
			}
		}
		return span{at + 1, len(text)}
	}
	if at > len(text) {
		return span{len(text), len(text)}
	}
	if n := strings.IndexByte(text[at:], ' '); n >= 0 {
		return span{at, at + n}
	}
	return span{at, len(text)}
}
