package origin

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

var nameLogFile = &rule{
	name: "original_name.logfile", question: OriginalName, best: Recorded,
	finds: "the path in the operation of the transaction log with which the file, by its entry and sequence number, was created, and the renames since",
	reads: []*source{logFile},
	traps: []trap{
		{"begins_later", "the log does not hold the creation: the file may have had other names before"},
		{"folder_unknown", "a folder of the path is gone, and neither the log nor the $MFT has its name"},
		{"by_path", "no record of the $MFT ties the file to the log: another file may have had its path"},
	},
	against: "none: NTFS writes the name of a file with its reference into the log",
	apart:   "the change journal, which goes back further",
	find:    (*inquiry).findLoggedName,
}

func (q *inquiry) findLoggedName() []candidate {
	b := q.loggedBirth()
	if b == nil {
		return nil
	}
	places, first := q.loggedPlaces(b)
	if len(places) == 0 || !first && (!q.bornAt().IsZero() || q.inJournal(places[0].path)) {
		return nil // the journal goes back further
	}
	p := &places[0]
	a := candidate{Answer: Answer{Grade: Recorded}, claim: claimOfPath(p.path)}
	q.doubtLogged(&a)
	if !p.known {
		a.caught("folder_unknown", "")
	}
	var said strings.Builder
	switch {
	case !first:
		a.caught("begins_later", "another name before%s", p.when)
		fmt.Fprintf(&said, "Its earliest path in the transaction log is %s", p.path)
	case winpath.Same(p.path, q.path):
		fmt.Fprintf(&said, "It was created under its present path, %s", p.path)
	default:
		fmt.Fprintf(&said, "It was created as %s", p.path)
	}
	a.fact("path", p.path)
	a.cite(p.cited)
	a.other = strings.ToLower(said.String()[:1]) + said.String()[1:]
	moves := places[1:]
	for i := range moves[:min(len(moves), maxListed)] {
		to := &moves[i]
		if to.known {
			a.fact("renamed_to", to.path)
		}
		a.cite(to.cited)
		verb := "moved to"
		if winpath.Same(winpath.Dir(places[i].path), winpath.Dir(to.path)) {
			verb = "renamed to"
		}
		fmt.Fprintf(&said, ", %s %s%s", verb, to.path, to.when)
	}
	if n := len(moves) - maxListed; n > 0 {
		fmt.Fprintf(&said, ", and renamed %d more times", n)
	}
	if stated, says := q.statedName(); stated != "" {
		a.fact("stated_name", stated)
		a.cite(says)
		if !winpath.Same(stated, winpath.Base(q.path)) {
			fmt.Fprintf(&said, "; its version information claims the name %s", stated)
		}
	}
	a.Answer.Answer = said.String() + "."
	return []candidate{a}
}
