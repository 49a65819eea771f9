package weblog

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
)

// layout is what a #Fields directive says: which value of a line is what.
type layout struct {
	offset  int64 // of the directive
	names   []string
	columns []column
	free    []int // the fields of free text, in order: only their values may hold blanks
}

func newLayout(fields string) *layout {
	l := &layout{}
	for name := range strings.FieldsSeq(fields) {
		c := columnNamed(name)
		if c.isFree() && !l.has(c) {
			l.free = append(l.free, len(l.names))
		}
		l.names = append(l.names, name)
		l.columns = append(l.columns, c)
	}
	return l
}

// has reports whether a field is in the layout.
func (l *layout) has(c column) bool { return slices.Contains(l.columns, c) }

// format returns the format of a log with these fields, or "" if it is not a log of
// requests.
func (l *layout) format() Format {
	switch {
	case l.has(colPath):
		return W3C
	case l.has(colURI) && l.has(colReason):
		return HTTPERR
	}
	return ""
}

// simple returns the values of a line that has a value for every field, in memory
// of spans, and whether it is such a line.
func (l *layout) simple(text string, spans []span) ([]span, bool) {
	spans = slices.Grow(spans[:0], len(l.names))
	for start := 0; ; {
		n := strings.IndexByte(text[start:], ' ')
		if len(spans) == len(l.names) {
			return spans, false
		}
		if n < 0 {
			spans = append(spans, span{start, len(text)})
			return spans, len(spans) == len(l.names)
		}
		spans = append(spans, span{start, start + n})
		start += n + 1
	}
}

// align returns the values of a line that does not have one part for every field.
// Programs write empty values, and blanks inside values, through the functions by
// which they add to the log. What follows from the number of parts and from what
// numbers, addresses and times look like is taken, and nothing else: err says which
// values are unknown. Without values the line cannot be read.
func (l *layout) align(text string, offset int64) (values []span, err *damage.Error) {
	parts := nonEmpty(text)
	surplus := len(parts) - len(l.names)
	got, want := strconv.Itoa(len(parts)), strconv.Itoa(len(l.names))
	if len(parts) > 0 && surplus == 0 && l.plausible(text, parts) {
		return parts, nil // without the empty ones
	}
	var fit []int // the fields of free text that can hold all surplus parts
	for _, i := range l.free {
		if surplus > 0 && l.plausible(text, widened(parts, i, surplus)) {
			fit = append(fit, i)
		}
	}
	switch len(fit) {
	case 0:
		if values, read := l.fromBothEnds(text, parts); values != nil {
			return values, damage.New("fields", offset, got, want+"; only "+read+" can be read")
		}
		if surplus >= 0 {
			got += " that do not fit"
		}
		return nil, damage.New("fields", offset, got, want)
	case 1:
		return widened(parts, fit[0], surplus), nil
	}
	first, last := fit[0], fit[len(fit)-1]
	values = widened(parts, first, surplus)
	for i := first; i <= last; i++ {
		values[i] = span{}
	}
	return values, damage.New("fields", offset, got, fmt.Sprintf("%s; the blanks are in a value from %s to %s", want, l.names[first], l.names[last]))
}

// fromBothEnds returns the values of a line whose parts do not fit its fields: from
// the left those before the first free text, if all of them look like what they should
// be and the path is among them; from the right those behind the last, as far as they
// do and if no part is missing. Read says which.
func (l *layout) fromBothEnds(text string, parts []span) (values []span, read string) {
	path := slices.Index(l.columns, colPath)
	head := path + 1
	if len(l.free) > 0 && l.free[0] > head {
		head = l.free[0]
	}
	if path < 0 || len(parts) < head || len(l.free) > 0 && l.free[0] < head {
		return nil, ""
	}
	begin := &layout{columns: l.columns[:head]}
	if !begin.has(colTime) || !begin.plausible(text, parts[:head]) || parts[path].of(text) == "" {
		return nil, ""
	}
	values = make([]span, len(l.names))
	copy(values, parts[:head])
	read = l.names[0] + " to " + l.names[head-1]
	if len(parts) < len(l.names) {
		return values, read
	}
	end := len(l.names)
	for last := max(head-1, slices.Max(append([]int{0}, l.free...))); end-1 > last; {
		s := parts[len(parts)-(len(l.names)-end)-1]
		if v := s.of(text); !l.columns[end-1].isTyped() || v != "" && !l.columns[end-1].plausible(v) {
			break
		}
		end--
		values[end] = s
	}
	if end < len(l.names) {
		read += " and " + l.names[end] + " to " + l.names[len(l.names)-1]
	}
	return values, read
}

// isTyped reports whether plausible can tell a value of the column from others.
func (c column) isTyped() bool {
	return c == colTaken || c == colClient || c == colServer || c.number(&Request{}) != nil
}

// widened returns the values if that of field i takes in the surplus parts.
func widened(parts []span, i, surplus int) []span {
	values := slices.Concat(parts[:i+1], parts[i+surplus+1:])
	values[i].end = parts[i+surplus].end
	return values
}

// plausible reports whether values look like what their fields hold.
func (l *layout) plausible(text string, values []span) bool {
	for i, s := range values {
		if v := s.of(text); v != "" && !l.columns[i].plausible(v) {
			return false
		}
	}
	return true
}

func (c column) plausible(value string) bool {
	switch c {
	case colDate:
		_, ok := midnight(value)
		return ok
	case colTime:
		_, ok := sinceMidnight(value)
		return ok
	case colClient, colServer:
		_, err := netip.ParseAddr(value)
		return err == nil
	case colPath:
		return value[0] == '/'
	}
	if c.isTyped() {
		_, err := strconv.ParseUint(value, 10, 63)
		return err == nil
	}
	return true
}
