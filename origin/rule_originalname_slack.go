package origin

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

var nameSlack = &rule{
	name: "original_name.slack", question: OriginalName, best: Inferred,
	finds: "another name in the slack of a folder's index, with the file reference of the file, or in the slack of its own $MFT record",
	also:  []*source{indexSlack},
	traps: []trap{
		{"times_differ", "the name has another creation time than the file: its times were set, or the name is another file's"},
		{"folder_unknown", "a folder of the path is gone, and nothing has its name"},
	},
	against: "a file of an earlier volume in the same clusters, which had the same file reference",
	apart:   "the record of the rename in the change journal",
	find:    (*inquiry).findNameInSlack,
}

// findNameInSlack finds the names that the file had before, the oldest first. A journal
// or a log that has the file from its creation has all of its names.
func (q *inquiry) findNameInSlack() []candidate {
	if q.rec == nil || !q.bornAt().IsZero() || !q.loggedBornAt().IsZero() {
		return nil
	}
	var first *oldName
	var since []*oldName
	list := q.oldNames()
	for i := range list {
		n := &list[i]
		switch {
		case q.isPresentName(n.FileName) || q.isFormer(n.path):
		case first == nil:
			first = n
		case !winpath.Same(n.path, first.path) && (len(since) == 0 || !winpath.Same(n.path, since[len(since)-1].path)):
			since = append(since, n)
		}
	}
	if first == nil {
		return nil
	}
	a := candidate{Answer: Answer{Grade: Inferred}, claim: claimOfPath(first.path), other: "its name in slack, " + clip(first.path)}
	si, own := q.rec.StandardInformation, first.FileName
	if fn, ok := q.rec.FileName(); ok && !near(own.Created, si.Created) && !near(own.Created, fn.Created) {
		a.caught("times_differ", "another file: the name in slack was created on %s", timeText(own.Created))
	}
	if !first.known {
		a.caught("folder_unknown", "")
	}
	where := "an index entry in slack has that name with the file reference of the file"
	if first.file {
		where = "the slack of its $MFT record has that name"
	}
	a.Answer.Answer = fmt.Sprintf("It was %s before: %s.", clip(first.path), where)
	a.fact("path", first.path)
	a.cite(first.cited)
	for _, n := range since[:min(len(since), maxListed)] {
		a.fact("renamed_to", n.path)
		a.cite(n.cited)
	}
	return []candidate{a}
}
