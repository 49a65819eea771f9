package origin

import (
	"time"

	"github.com/birthmark-dfir/birthmark/timeline"
)

// A span is the time in which what a question asks for may have been recorded: one
// instant, or all the time since then.
type span struct {
	from time.Time
	to   time.Time // of the last evidence; zero for an instant
}

// lastLogged returns the time of the last record of any log.
func (l *logs) lastLogged() time.Time {
	var last time.Time
	for _, c := range l.coverage {
		if c.Type == timeline.TypeEVTX && c.Last.After(last) {
			last = c.Last
		}
	}
	return last
}

// lateEnd is how long before the last record of all logs one may end that still
// covers the time to the end.
const lateEnd = 24 * time.Hour

// covered reports whether an artifact with records between two times covers a span.
func (s span) covered(first, last time.Time) bool {
	if first.IsZero() || s.from.Before(first.Add(-clockSkew)) {
		return false
	}
	if s.to.IsZero() {
		return !s.from.After(last.Add(clockSkew))
	}
	return last.After(s.from.Add(clockSkew)) && !s.to.After(last.Add(lateEnd))
}
