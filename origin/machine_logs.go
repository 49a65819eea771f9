package origin

import (
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// entry is a record of the timeline with its decoded form.
type entry[T any] struct {
	timeline.Event
	data T
}

// logs are the artifacts that were available, and what the event logs among them
// hold.
type logs struct {
	coverage []timeline.Coverage
	seen     map[string]int // records by evtx.TypedEvent.Kind
}

// ofChannel returns the coverage of the readable logs of a channel.
func (l *logs) ofChannel(channel string) []timeline.Coverage {
	var list []timeline.Coverage
	for _, c := range l.coverage {
		if c.Type == timeline.TypeEVTX && c.State != timeline.Absent && c.Records > 0 && strings.EqualFold(c.Name, channel) {
			list = append(list, c)
		}
	}
	return list
}

// covers reports whether a time is between the first and the last record.
func covers(c timeline.Coverage, at time.Time) bool {
	return !c.First.IsZero() && !at.Before(c.First) && !at.After(c.Last)
}

// covered reports whether one log that would record a start of the machine covers all
// the time between two times.
func (l *logs) covered(t, u time.Time) bool {
	if u.Before(t) {
		t, u = u, t
	}
	for _, channel := range [...]string{systemChannel, securityChannel} {
		if slices.ContainsFunc(l.ofChannel(channel), func(c timeline.Coverage) bool { return covers(c, t) && covers(c, u) }) {
			return true
		}
	}
	return false
}

// hiveAutostart is an autostart in a hive.
type hiveAutostart struct {
	artifact string
	registry.Autostart
}

// deletedAutostart is an autostart that is left in a hive after it was deleted.
type deletedAutostart struct {
	artifact string // the hive
	registry.DeletedAutostart
}
