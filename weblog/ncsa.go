package weblog

import (
	"net/netip"
	"slices"
	"strings"
	"time"
)

// ncsaLine returns the layout and the values of a line in the common or the combined
// log format, nil for another line:
//
//	client ident user [time] "request" status bytes
//	client ident user [time] "request" status bytes "referer" "agent"
//
// The name of the virtual host may be before the client, and any values behind. The
// layout is the same as last if that fits.
func ncsaLine(text string, last *layout) (*layout, []span) {
	stamp := stampIn(text)
	if stamp.end == 0 {
		return nil, nil
	}
	names, spans, ok := ncsaPrefix(text, stamp.start-1)
	if !ok {
		return nil, nil
	}
	begin := stamp.end + len(`] "`)
	if begin > len(text) || text[stamp.end:begin] != `] "` {
		return nil, nil
	}
	request, status, ok := ncsaRequest(text, begin)
	if !ok {
		return nil, nil
	}
	size := tokenAt(text, status.end+1, false)
	if size.start >= len(text) || !isCount(text[size.start:size.end]) {
		return nil, nil
	}
	names = append(names, "date-time", "cs-request", "sc-status", "sc-bytes")
	spans = append(spans, stamp, request, status, size)
	var rest []span
	for at := size.end + 1; at < len(text); {
		s := tokenAt(text, at, true)
		rest = append(rest, s)
		at = s.end + 1
		if s.start > 0 && text[s.start-1] == '"' {
			at++
		}
	}
	names = append(names, ncsaRest(text, rest)...)
	spans = append(spans, rest...)
	if last == nil || !slices.Equal(last.names, names) {
		last = newLayout(strings.Join(names, " "))
		last.offset = -1
	}
	return last, spans
}

// ncsaPrefix returns what is before the time, which ends at an offset: the virtual
// host if there is one, the client, the name that identd gave, the user. A user may
// have blanks in its name; a client may be a list that a proxy forwarded.
func ncsaPrefix(text string, end int) (names []string, spans []span, ok bool) {
	if end < 1 || text[end-1] != ' ' {
		return nil, nil, false
	}
	parts := nonEmpty(text[:end-1])
	if len(parts) >= 4 && isHostPort(text[parts[0].start:parts[0].end]) {
		if _, err := netip.ParseAddr(text[parts[1].start:parts[1].end]); err == nil {
			names, spans, parts = []string{"cs-host"}, parts[:1], parts[1:]
		}
	}
	client := 0 // parts of a list
	for client < len(parts)-1 && strings.HasSuffix(text[parts[client].start:parts[client].end], ",") {
		client++
	}
	if len(parts) < client+3 {
		return nil, nil, false
	}
	name := "c-ip"
	if client > 0 {
		name = "x-forwarded-for"
	}
	user := span{parts[client+2].start, parts[len(parts)-1].end}
	return append(names, name, "identd", "cs-username"), append(slices.Clone(spans), span{parts[0].start, parts[client].end}, parts[client+1], user), true
}

// isHostPort reports whether a text is a name and a port.
func isHostPort(s string) bool {
	i := strings.LastIndexByte(s, ':')
	if i < 1 {
		return false
	}
	_, isPort := digits(s[i+1:], 1, 5)
	_, err := netip.ParseAddr(s)
	return isPort && err != nil
}

// ncsaRequest returns the request that begins at an offset, and the status behind it.
// Apache and nginx escape quotation marks in it. Where others do not, the first that a
// status follows ends it.
func ncsaRequest(text string, begin int) (request, status span, ok bool) {
	for i := begin; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			const n = len(`" 200 `)
			if i+n > len(text) || text[i+1] != ' ' || text[i+n-1] != ' ' {
				continue
			}
			if _, isStatus := digits(text[i+2:i+5], 3, 3); isStatus || text[i+2:i+5] == "000" {
				return span{begin, i}, span{i + 2, i + 5}, true
			}
		}
	}
	return span{}, span{}, false
}

// ncsaRest names the values behind the size: referer and agent if they are quoted.
// Behind them are what the administrator chose. Two numbers are the bytes received and
// sent (%I %O); a decimal number is the time that nginx took in seconds; a quoted list
// of addresses is what a proxy forwarded. The unit of a single number (%D, %T) is
// unknown.
func ncsaRest(text string, rest []span) []string {
	quoted := func(s span) bool { return text[s.start-1] == '"' }
	names := make([]string, len(rest))
	for i := range names {
		names[i] = "extra"
	}
	extras := rest
	if len(rest) >= 2 && quoted(rest[0]) && quoted(rest[1]) {
		names[0], names[1] = "cs(Referer)", "cs(User-Agent)"
		extras = rest[2:]
	}
	first := len(rest) - len(extras)
	numbers, forwarded := 0, false
	for i, s := range extras {
		v := text[s.start:s.end]
		switch {
		case quoted(s):
			if !forwarded && (v == "-" || isAddressList(v)) {
				names[first+i], forwarded = "x-forwarded-for", true
			}
		case isSeconds(v):
			names[first+i] = "time-taken-s"
		case i == numbers && first > 0 && isCount(v) && v != "-":
			numbers++
		}
	}
	if numbers == 2 && len(extras) >= 2 {
		names[first], names[first+1] = "cs-bytes", "sc-bytes-all"
	}
	return names
}

func isCount(s string) bool {
	_, ok := digits(s, 1, 18)
	return ok || s == "-"
}

func isSeconds(s string) bool {
	whole, fraction, ok := strings.Cut(s, ".")
	_, ok1 := digits(whole, 1, 9)
	_, ok2 := digits(fraction, 3, 3)
	return ok && ok1 && ok2
}

func isAddressList(s string) bool {
	for part := range strings.SplitSeq(s, ",") {
		if _, err := netip.ParseAddr(strings.TrimSpace(part)); err != nil {
			return false
		}
	}
	return true
}

// stampForm is the form of times in the common log format.
const stampForm = "02/Jan/2006:15:04:05 -0700"

// stampIn finds the time of a line, between brackets.
func stampIn(text string) span {
	for i := 0; ; i++ {
		n := strings.IndexByte(text[i:], '[')
		if n < 0 {
			return span{}
		}
		i += n
		s := span{i + 1, i + 1 + len(stampForm)}
		if s.end < len(text) && text[s.end] == ']' {
			if _, ok := stampTime(text[s.start:s.end]); ok {
				return s
			}
		}
	}
}

// stampTime reads a time of the common log format.
func stampTime(s string) (time.Time, bool) {
	if len(s) != len(stampForm) || s[2] != '/' || s[6] != '/' {
		return time.Time{}, false
	}
	t, err := time.Parse(stampForm, s)
	return t.UTC(), err == nil && t.Year() >= 1990
}
