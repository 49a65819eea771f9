package origin

import (
	"fmt"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// A searchState is how far a source could be searched over a span.
type searchState int

const (
	notThere    searchState = iota // the source is not in the evidence, or records no such thing
	notReadYet                     // it is there, and this version does not read it
	notReadable                    // it is there, and could not be opened or decoded
	notThen                        // it does not cover the span
	inParts                        // parts of it could not be read
	toItsEnd                       // it was searched completely
)

// searched returns how far a source could be searched, and a clause that says so.
func (q *inquiry) searched(s *source, at span) (searchState, string) {
	switch {
	case s.none != "":
		return toItsEnd, q.noneIn(s)
	case s.channel == "":
		return q.searchedArtifact(s, at)
	}
	return q.searchedLog(s.channel, []*source{s}, at)
}

// noneIn is the clause of a source in which most files have nothing.
func (q *inquiry) noneIn(s *source) string {
	if s == zoneMark && q.markOf(q.path) != nil {
		return "its Zone.Identifier does not name a place that it came from"
	}
	return strings.Trim(s.none, "-")
}

// searchedLog is searched for the records of one log that would answer a question.
func (q *inquiry) searchedLog(channel string, kinds []*source, at span) (searchState, string) {
	list := q.ofChannel(channel)
	if len(list) == 0 {
		if c := q.unreadable(channel); c != nil {
			return notReadable, fmt.Sprintf("the log %s could not be read: %s", channel, reasonOf(c))
		}
		return notThere, "the log " + channel + " is not available"
	}
	first, last := list[0].First, list[0].Last
	damaged := 0
	for _, c := range list {
		if c.First.Before(first) {
			first = c.First
		}
		if c.Last.After(last) {
			last = c.Last
		}
		damaged += c.ProblemCount
	}
	var held, not []string
	n := 0
	for _, s := range kinds {
		id := s.kind[strings.LastIndexByte(s.kind, '-')+1:]
		if q.seen[s.kind] > 0 {
			n += q.seen[s.kind]
			held = append(held, id)
		} else {
			not = append(not, id)
		}
	}
	switch {
	case !at.from.IsZero() && !at.covered(first, last):
		return notThen, fmt.Sprintf("the log %s covers only %s to %s", channel, timeText(first), timeText(last))
	case len(held) == 0:
		return notThere, fmt.Sprintf("the log %s holds no event %s", channel, either(not))
	case damaged > 0:
		return inParts, fmt.Sprintf("no match among the %s with ID %s that could be read in the log %s, which has %s",
			count(n, "event", "events"), either(held), channel, count(damaged, "problem", "problems"))
	}
	return toItsEnd, fmt.Sprintf("no match among the %s with ID %s in the log %s", count(n, "event", "events"), either(held), channel)
}

// either lists numbers of which each counts.
func either(list []string) string {
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " or " + list[n-1]
	}
	return strings.Join(list, "")
}

// searchedArtifact is searched for what is not an event log.
func (q *inquiry) searchedArtifact(s *source, at span) (searchState, string) {
	state := notThere
	clause := "the " + s.name + " is not available"
	if strings.HasPrefix(s.name, "hives") {
		clause = "the " + s.name + " are not available"
	}
	for _, c := range q.coverage {
		if c.Type != s.typ || s.named != "" && !strings.EqualFold(c.Name, s.named) {
			continue
		}
		got, said := notThere, ""
		switch {
		case c.State == timeline.Absent, c.Type == timeline.TypeMFT && at.from.IsZero():
			continue // without a creation time nothing is beside the file
		case c.Type == timeline.TypeLogFile && c.State == timeline.Parsed && c.Records == 0:
			got, said = notThere, fmt.Sprintf("the %s is empty", s.name)
		case c.Type == timeline.TypeLogFile && c.Records > 0 && len(q.logged().logs) == 0:
			got, said = notReadable, fmt.Sprintf("nothing shows that %s is the transaction log of this volume", c.Artifact)
		case c.Type == timeline.TypeLogFile && c.Records > 0 && !at.from.IsZero() && !at.covered(c.First, c.Last):
			got, said = notThen, sentenceOfLog(&c)
		case c.Type == timeline.TypeUSN && c.Records > 0 && !q.journal().usable():
			got, said = notReadable, fmt.Sprintf("%s is the change journal of another volume", c.Artifact)
		case c.Type == timeline.TypeUSN && c.Records > 0 && !at.from.IsZero() && !at.covered(c.First, c.Last):
			got, said = notThen, q.sentenceOfJournal(&c)
		case c.State == timeline.Unread && c.Type != timeline.TypeWebLog:
			got, said = notReadYet, fmt.Sprintf("%s is present, but not read", s.name)
		case c.State == timeline.Unread && at.from.IsZero():
			got, said = notReadYet, fmt.Sprintf("the %ss, of which none is known to be of that time", s.name)
		case c.State == timeline.Unread:
			got = toItsEnd // of another day
		case c.State != timeline.Parsed && c.Records == 0:
			got, said = notReadable, fmt.Sprintf("%s could not be read: %s", c.Artifact, reasonOf(&c))
		case c.Type == timeline.TypeWebLog && !at.from.IsZero() && !at.covered(c.First.Add(-time.Second), c.Last.Add(time.Second)):
			got, said = notThen, fmt.Sprintf("%s covers only %s to %s", c.Artifact, timeText(c.First), timeText(c.Last))
		case c.Local:
			got, said = inParts, fmt.Sprintf("%s has times of an unknown time zone", c.Artifact)
		case c.State == timeline.Parsed && c.Type == timeline.TypeWebLog && !at.from.IsZero() && lostLines(&c, at) == 0:
			got, said = toItsEnd, "nothing in "+s.name
		case c.Type == timeline.TypeWebLog && c.State == timeline.Parsed && len(c.Lost) > 0:
			got, said = inParts, fmt.Sprintf("%s of %s could not be read", count(lostLines(&c, at), "line", "lines"), c.Artifact)
		case c.Dirty:
			got, said = inParts, fmt.Sprintf("the newest changes of %s, which is dirty: its transaction logs are not there, or do not complete it", c.Artifact)
		case c.State != timeline.Parsed:
			got, said = inParts, fmt.Sprintf("%s of %s could not be read", count(c.ProblemCount, "part", "parts"), c.Artifact)
		default:
			got, said = toItsEnd, "nothing in "+s.name
		}
		// What could not be read counts before what was read to its end.
		if state == notThere || got == inParts || got == notReadable && state == toItsEnd || got == toItsEnd && state == notThen {
			state, clause = got, said
		}
	}
	return state, clause
}

// unreadable returns the log of a channel that is there but cannot be read.
func (l *logs) unreadable(channel string) *timeline.Coverage {
	name := winpath.Fold(strings.ReplaceAll(channel, "/", "%4") + ".evtx")
	for i := range l.coverage {
		c := &l.coverage[i]
		if c.Type != timeline.TypeEVTX || c.State == timeline.Absent || c.Records > 0 || c.State == timeline.Parsed {
			continue
		}
		if base := winpath.Fold(c.Artifact); base == name || strings.HasSuffix(base, winpath.Fold("/"+name)) || strings.EqualFold(c.Name, channel) {
			return c
		}
	}
	return nil
}

// reasonOf returns why an artifact could not be read.
func reasonOf(c *timeline.Coverage) string {
	if len(c.Problems) == 0 || c.Problems[0].Err == nil {
		return "it holds nothing that is readable"
	}
	if err := c.Problems[0].Err; err.Err != nil {
		return oneLine(err.Err.Error())
	}
	return oneLine(c.Problems[0].Err.Error())
}

// sentenceOfLog says what a transaction log covers.
func sentenceOfLog(c *timeline.Coverage) string {
	if c.First.IsZero() {
		return "nothing in the transaction log says when its records are of"
	}
	return fmt.Sprintf("the transaction log covers only %s to %s", timeText(c.First), timeText(c.Last))
}

// sentenceOfJournal says what a change journal covers, and when it was created, if that
// explains it.
func (q *inquiry) sentenceOfJournal(c *timeline.Coverage) string {
	said := fmt.Sprintf("the change journal covers only %s to %s", timeText(c.First), timeText(c.Last))
	if made := q.journal().made(); made.After(q.created) && q.journal().Artifact == c.Artifact {
		said += ", and was created on " + timeText(made)
	}
	return said
}
