package weblog

import (
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
)

// iisLayout has the values of a line in the IIS format, which is fixed. Each is
// followed by a comma.
var iisLayout = func() *layout {
	l := newLayout("c-ip cs-username date time s-sitename s-computername s-ip time-taken cs-bytes sc-bytes sc-status sc-win32-status " +
		"cs-method cs-uri-stem cs-uri-query")
	l.offset = -1
	return l
}()

// iisLine returns the values of a line in the IIS format, nil for another line. Path
// and parameters may have commas of their own: then neither is known.
func iisLine(text string, offset int64) ([]span, *damage.Error) {
	n := len(iisLayout.names)
	var spans []span
	for start, text := 0, strings.TrimRight(text, " "); start < len(text); {
		end := start + strings.IndexByte(text[start:], ',')
		if end < start {
			end = len(text)
		}
		s := span{start, end}
		for s.start < s.end && text[s.start] == ' ' {
			s.start++
		}
		spans = append(spans, s)
		start = end + 1
	}
	got := len(spans)
	if got < n {
		return nil, damage.New("values", offset, got, n)
	}
	values := spans[:n:n]
	if got > n {
		values[n-2], values[n-1] = span{}, span{}
	}
	for i, s := range values {
		c, v := iisLayout.columns[i], s.of(text)
		if _, ok := usMidnight(v); c == colDate && !ok {
			return nil, damage.New("date", offset+int64(s.start), quoted(v), "M/D/YY")
		}
		if v != "" && c != colDate && !c.plausible(v) {
			return nil, damage.New(iisLayout.names[i], offset+int64(s.start), quoted(v), nil)
		}
	}
	if got > n {
		return values, damage.New("values", offset, strconv.Itoa(got), strconv.Itoa(n)+"; the commas are in cs-uri-stem or cs-uri-query")
	}
	return values, nil
}

// usMidnight returns the beginning of a day in seconds since 1970, of a date with the
// month first, as the format has it.
func usMidnight(date string) (int64, bool) {
	month, rest, _ := strings.Cut(date, "/")
	day, year, _ := strings.Cut(rest, "/")
	y, ok1 := digits(year, 2, 4)
	m, ok2 := digits(month, 1, 2)
	d, ok3 := digits(day, 1, 2)
	if !ok1 || !ok2 || !ok3 || len(year) == 3 {
		return 0, false
	}
	if len(year) == 2 {
		y += 2000
		if y >= 2090 { // no web log is older than 1990
			y -= 100
		}
	}
	return dayOf(y, m, d)
}
