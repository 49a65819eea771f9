package hostile

import "bytes"

// A web log, as far as the damage needs it: lines that end with LF, of which those
// that begin with # are directives, and values between blanks.

// lineSeparators are what turns one line into two, or two values into one.
var lineSeparators = []uint64{'\n', '\r', ' ', '#', '-', '+', '"', '\t', 0}

func webLogFields(data []byte) []field {
	var list []field
	eachLine(data, func(line span) {
		directive := data[line.start] == '#'
		for at := line.start; at < line.end; at++ {
			kind := ""
			switch c := data[at]; {
			case c == '\n', c == '\r':
				kind = "end of a line"
			case c == ' ':
				kind = "separator"
			case directive:
				kind = "directive"
			case c < '0' || '9' < c:
			case at < line.start+len("2006-01-02 15:04:05"):
				kind = "digit of a time"
			default:
				kind = "digit"
			}
			if kind != "" {
				list = append(list, field{at, 1, kind, lineSeparators})
			}
		}
	})
	return list
}

// eachLine calls do for every line with its end.
func eachLine(data []byte, do func(span)) {
	for at := 0; at < len(data); {
		n := bytes.IndexByte(data[at:], '\n') + 1
		if n == 0 {
			n = len(data) - at
		}
		do(span{at, at + n})
		at += n
	}
}

// webLogFootprints: the line, the end of the line before it, the directive that says
// what its values are and, if the date is not one of them, that of the day.
func webLogFootprints(data []byte) footprints {
	prints := map[int64][]Range{}
	footprint := func(line span) Range { return Range{int64(max(0, line.start-1)), int64(line.end)} }
	var named, day []Range
	dated := false
	eachLine(data, func(line span) {
		switch text := data[line.start:line.end]; {
		case bytes.HasPrefix(text, []byte("#Fields:")):
			named, dated = []Range{footprint(line)}, bytes.Contains(text, []byte(" date "))
		case bytes.HasPrefix(text, []byte("#Date:")):
			day = []Range{footprint(line)}
		case text[0] != '#':
			print := append([]Range{footprint(line)}, named...)
			if !dated {
				print = append(print, day...)
			}
			prints[int64(line.start)] = merged(print)
		}
	})
	return byOffset(prints)
}
