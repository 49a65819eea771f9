package origin

import (
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/timeline"
)

// unanswered makes the answer to a question for which no rule found one. Its reason is
// the true one: that nothing was found is said only after everything was searched.
func (q *inquiry) unanswered(d *decision, found []Contradiction) Answer {
	why, clauses, not := q.whyUnknown(d, found)
	a := unknown(why, d.row.unknown+": "+strings.Join(clauses, "; ")+".")
	a.Question, a.NotSearched = d.row.Question, not
	for _, run := range d.runs {
		for i := range run.found {
			c := &run.found[i]
			if c.Answer.Answer != "" {
				a.Answer += " " + c.Answer.Answer
			}
			a.Facts = append(a.Facts, c.Facts...)
			a.cite(c.Evidence...)
			for _, r := range c.Rivals {
				a.rival("%s", r)
			}
		}
	}
	return a
}

// notSearched begins the clause with what was not searched.
const notSearched = "not searched: "

// whyUnknown returns why a question has no answer: the reason, a clause for each
// source, and what was not searched.
func (q *inquiry) whyUnknown(d *decision, found []Contradiction) (UnknownBecause, []string, []string) {
	var clauses, not []string
	states := map[searchState]int{}
	say := func(list *[]string, text string) {
		if text = clip(text); text != "" && len(*list) < maxListed && !slices.Contains(*list, text) {
			*list = append(*list, text)
		}
	}
	at := d.row.span(q)
	var rules []*rule
	var waits *decision
	for _, run := range d.runs {
		if run.waits != nil {
			waits = run.waits
			continue
		}
		rules = append(rules, run.rule)
		for _, c := range run.found {
			for _, m := range c.missed {
				states[inParts]++
				say(&not, m)
			}
		}
	}
	if d.row.Question == What && q.unread != nil {
		states[notReadable]++
		say(&not, "the content: "+q.unread.Error())
	}
	reads, also := sourcesOf(rules)
	answering := len(reads)
	sources := append(reads, also...)
	var channels []string
	var absent, lacking []string
	hints := 0
	for i, s := range append(sources, d.row.unread...) {
		var state searchState
		var clause string
		switch {
		case s.none != "":
			say(&clauses, q.noneIn(s))
			continue
		case s.channel == "":
			state, clause = q.searchedArtifact(s, at)
			if state == notThere {
				if s.everywhere && i < answering {
					say(&lacking, clause)
				}
				continue // nobody expects the others everywhere
			}
		case slices.Contains(channels, s.channel):
			continue
		default:
			channels = append(channels, s.channel)
			state, clause = q.searchedLog(s.channel, slices.DeleteFunc(slices.Clone(sources), func(t *source) bool { return t.channel != s.channel }), at)
		}
		hint := i >= answering && i < len(sources)
		switch {
		case hint && s.typ == timeline.TypeMFT && state == toItsEnd: // the subject is known from it
		case hint && state == toItsEnd:
			hints++
		case hint && state == notThen && states[toItsEnd] > 0: // what answers was searched
		default:
			states[state]++
		}
		switch {
		case state == inParts || state == notReadable || state == notReadYet:
			say(&not, clause)
		case state == notThere && !hint:
			say(&absent, clause)
		}
		if state != notReadYet && !(s.hint && state == notThere) {
			say(&clauses, clause)
		}
	}
	for _, clause := range lacking {
		if states[toItsEnd]+states[inParts] > 0 {
			say(&not, clause)
		} else {
			say(&clauses, clause)
		}
	}
	for _, c := range found {
		if c.Kind == RecordGap && slices.Contains(c.Touches, d.row.Question) && states[toItsEnd]+states[inParts] > 0 {
			states[inParts]++
			say(&not, strings.TrimSuffix(c.Text, "."))
		}
	}
	if waits != nil {
		why, theirs, missed := SourceAbsent, []string(nil), []string(nil)
		if waits.sees != nil {
			why, theirs, missed = waits.sees.whyUnknown(waits, found)
		}
		if states[inParts]+states[toItsEnd]+hints == 0 && len(not) == 0 {
			return why, append([]string{"the " + waits.row.topic + " is unknown"}, append(clauses, theirs...)...), missed
		}
		if states[notReadable] == 0 || states[inParts]+states[toItsEnd]+hints > 0 {
			states[inParts]++
		}
		say(&clauses, "the "+waits.row.topic+" is unknown")
		for _, clause := range theirs {
			if !strings.HasPrefix(clause, notSearched) {
				say(&clauses, clause)
			}
		}
		say(&not, "what follows from the "+waits.row.topic+", which is unknown")
	}
	if len(not) > 0 {
		say(&clauses, notSearched+strings.Join(not, ", "))
	}
	if len(clauses) == 0 {
		say(&clauses, "no artifact that records it is available")
	}
	switch {
	case states[inParts] > 0, states[toItsEnd] > 0 && states[notReadable] > 0:
		return PartlySearched, clauses, not
	case states[notReadable] > 0:
		return SourceUnreadable, clauses, not
	case states[notThen] > 0:
		return OutsideRetention, clauses, not
	case len(not) > 0:
		return PartlySearched, clauses, not
	case states[toItsEnd] > 0:
		return SearchedEmpty, clauses, not
	case hints > 0:
		return PartlySearched, clauses, absent
	}
	return SourceAbsent, clauses, not
}
