package origin

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
)

var nameJournal = &rule{
	name: "original_name.journal", question: OriginalName, best: Recorded,
	finds: "the path in the record of the change journal with which the file, by its entry and sequence number, was created, and the renames since",
	reads: []*source{changeJournal},
	traps: []trap{
		{"begins_later", "the journal does not hold the creation: the file may have had other names before"},
		{"folder_unknown", "a folder of the path is gone, and neither the journal nor the $MFT has its name"},
		{"by_path", "no record of the $MFT ties the file to the journal: another file may have had its path"},
		{"loose", "nothing shows that the journal is of the same volume as the $MFT"},
	},
	against: "none: NTFS writes the name of a file with its reference into each record",
	apart:   "an earlier journal, from a shadow copy or a backup",
	find:    (*inquiry).findFirstName,
}

func (q *inquiry) findFirstName() []candidate {
	b := q.birth()
	if b == nil {
		return nil
	}
	places, first := q.placesOf(b)
	if len(places) == 0 {
		return nil
	}
	p := &places[0]
	a := candidate{Answer: Answer{Grade: Recorded}, claim: claimOfPath(p.path)}
	q.doubt(&a)
	if !p.known {
		a.caught("folder_unknown", "")
	}
	var said strings.Builder
	switch {
	case !first:
		a.caught("begins_later", "another name before %s", timeText(p.Time))
		fmt.Fprintf(&said, "Its earliest path in the change journal is %s, on %s", p.path, timeText(p.Time))
	case winpath.Same(p.path, q.path):
		fmt.Fprintf(&said, "It was created under its present path, %s", p.path)
	default:
		fmt.Fprintf(&said, "It was created as %s", p.path)
	}
	a.fact("path", p.path)
	a.cite(q.citeChange(&p.Record))
	a.other = strings.ToLower(said.String()[:1]) + said.String()[1:]
	moves := places[1:]
	for i := range moves[:min(len(moves), maxListed)] {
		to := &moves[i]
		if to.known {
			a.fact("renamed_to", to.path)
		}
		a.cite(q.citeChange(&to.Record))
		fmt.Fprintf(&said, ", %s %s on %s", verbOf(places[i].path, to), to.path, timeText(to.Time))
	}
	if n := len(moves) - maxListed; n > 0 {
		fmt.Fprintf(&said, ", and renamed %d more times", n)
	}
	switch {
	case q.endsHere(places):
	case b.linked:
		said.WriteString("; it has further names, as hard links")
	case q.present && places[len(places)-1].known:
		said.WriteString("; a folder of it has another name or place since")
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

// claimOfPath is the claim that a file was created with a path.
func claimOfPath(path string) claim { return claim{what: "path " + path} }

// verbOf says how a file got from one path to the next.
func verbOf(from string, to *journalPlace) string {
	switch {
	case to.Reason&(usnjrnl.RenameOldName|usnjrnl.RenameNewName) == 0:
		return "then"
	case winpath.Same(winpath.Dir(from), winpath.Dir(to.path)):
		return "renamed to"
	}
	return "moved to"
}
