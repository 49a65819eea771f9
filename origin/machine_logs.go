package origin

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/timeline"
)

// entry is a record of the timeline with its decoded form.
type entry[T any] struct {
	timeline.Event
	data T
}

// A sourceKind is a kind of record of one log, any of which would answer a question.
type sourceKind struct {
	channel string // of the log
	kind    string // as evtx.TypedEvent names it
}

const (
	securityChannel = "Security"
	systemChannel   = "System"
	sysmonChannel   = "Microsoft-Windows-Sysmon/Operational"
	sessionChannel  = "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational"
	remoteChannel   = "Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational"
)

var (
	sysmonProcess = sourceKind{sysmonChannel, "sysmon-1"}
	sysmonConnect = sourceKind{sysmonChannel, "sysmon-3"}
	sysmonCreate  = sourceKind{sysmonChannel, "sysmon-11"}
	auditProcess  = sourceKind{securityChannel, "security-4688"}
	auditLogon    = sourceKind{securityChannel, "security-4624"}
)

// logs are the artifacts that were available, and what the event logs among them
// hold.
type logs struct {
	coverage []timeline.Coverage
	seen     map[string]int // records by evtx.TypedEvent.Kind
}

// because returns why records of these kinds, each of which would have recorded what
// happened at a time, are missing: one of the logs covers the time but has no match,
// or none covers it, or none is available. The text names each log.
func (l *logs) because(at time.Time, kinds ...sourceKind) (UnknownBecause, string) {
	best, said := SourceAbsent, make([]string, 0, len(kinds))
	for _, k := range kinds {
		reason, text := l.missing(at, k)
		said = append(said, text)
		if reason == SearchedEmpty || reason == OutsideRetention && best == SourceAbsent {
			best = reason
		}
	}
	return best, strings.Join(said, "; ")
}

func (l *logs) missing(at time.Time, k sourceKind) (UnknownBecause, string) {
	list := l.ofChannel(k.channel)
	if len(list) == 0 {
		return SourceAbsent, "the log " + k.channel + " is not available"
	}
	covered := at.IsZero() || slices.ContainsFunc(list, func(c timeline.Coverage) bool { return covers(c, at) })
	id := k.kind[strings.LastIndexByte(k.kind, '-')+1:]
	switch {
	case !covered:
		first, last := list[0].First, list[0].Last
		return OutsideRetention, fmt.Sprintf("the log %s covers only %s to %s", k.channel, timeText(first), timeText(last))
	case l.seen[k.kind] == 0:
		return SourceAbsent, fmt.Sprintf("the log %s holds no event %s", k.channel, id)
	}
	return SearchedEmpty, fmt.Sprintf("no match among the %s with ID %s in the log %s", count(l.seen[k.kind], "event", "events"), id, k.channel)
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
