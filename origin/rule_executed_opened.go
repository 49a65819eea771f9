package origin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
)

var executedOpened = &rule{
	name: "executed.opened", question: Executed, best: Inferred,
	finds:   "that a user opened it by way of the shell, if that starts it (links in Recent), or other files with it (the jump list of its AppID)",
	also:    []*source{recentLinks, jumpLists},
	traps:   []trap{{"other_entry", "the file that was opened had another entry of the $MFT"}},
	against: "another file that had this path at that time",
	apart:   "a record of the start of the process: Sysmon 1, or 4688",
	find:    (*inquiry).findOpened,
}

// startable are the endings of files that the shell starts when they are opened.
var startable = map[string]bool{
	".exe": true, ".com": true, ".scr": true, ".pif": true, ".bat": true, ".cmd": true, ".msi": true, ".vbs": true, ".vbe": true, ".js": true, ".jse": true,
	".wsf": true, ".hta": true, ".cpl": true, ".jar": true,
}

// findOpened finds the times at which a user opened the file, or another one with it. What
// was opened with another program did not run: that is a lead.
func (q *inquiry) findOpened() []candidate {
	var list []candidate
	others := lead()
	for i := range q.openings {
		o := &q.openings[i]
		if q.before(o.Time) {
			continue
		}
		who := cmp.Or(o.User, "a user")
		switch {
		case q.isProgramOf(o.data):
			a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{what: "ran"}, from: []*source{jumpLists}}
			a.Answer.Answer = fmt.Sprintf("According to the jump list of its AppID, %s opened %s with it, the last time on %s.", who, clip(cmp.Or(o.data.Path, "a file")), timeText(o.Time))
			if o.Kind != timeline.FileOpened {
				a.Answer.Answer = fmt.Sprintf("There is a jump list of its AppID, which %s made by using it.", who)
			} else {
				a.fact("last", o.Time)
			}
			a.other = "a run according to a jump list"
			a.fact("proves", "execution")
			a.cite(citeOpening(o))
			list = append(list, a)
		case o.Kind != timeline.FileOpened || !q.isSubject(o.Path) || !q.mayBeHere(o.data):
		case o.data.Entry == nil && startable[strings.ToLower(extension(q.path))]:
			a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{what: "ran"}, from: []*source{recentLinks}}
			a.Answer.Answer = fmt.Sprintf("According to a link in Recent, %s opened it by way of the shell, which starts it, %s.", who, openedAt(o))
			a.other = "a start by way of the shell"
			a.fact("proves", "execution")
			if !o.data.OfCopy {
				a.fact("last", o.Time)
			}
			if item := o.data.Item(); item != nil && item.Ref != 0 && q.rec != nil && refOfItem(item) != q.rec.Ref {
				a.caught("other_entry", "another file that had this path: entry %s of the $MFT, and not %s", refOfItem(item), q.rec.Ref)
			}
			a.cite(citeOpening(o))
			list = append(list, a)
		default:
			if len(others.Evidence) == 0 {
				others.Answer.Answer = fmt.Sprintf("It was opened: %s.", o.Message)
			}
			if len(others.Evidence) < maxListed {
				others.cite(citeOpening(o))
			}
		}
	}
	slices.Reverse(list) // the last one first
	if len(others.Evidence) > 0 {
		list = append(list, others)
	}
	return list
}

// extension returns the ending of the name in a path.
func extension(path string) string {
	base := winpath.Base(path)
	return base[max(0, strings.LastIndexByte(base, '.')):]
}

// openedAt says when a file was opened. The time of a copy may be that of the collection.
func openedAt(o *entry[*timeline.Opening]) string {
	if o.data.OfCopy {
		return "at a time that is not known: the copy of the record that was collected has " + timeText(o.Time)
	}
	return "on " + timeText(o.Time)
}
