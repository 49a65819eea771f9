package origin

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

var nameRenamed = &rule{
	name: "original_name.renamed", question: OriginalName, best: Inferred,
	finds:   "Sysmon 11 for another name, which no file has now, with the creation time of the file",
	also:    []*source{sysmonCreate},
	traps:   []trap{{"several", "several files were created at that time whose names no file has now"}},
	against: "another file that was created in the same millisecond and is gone",
	apart:   "the record of the rename in the change journal",
	find:    (*inquiry).findFormerName,
}

func (q *inquiry) findFormerName() []candidate {
	var list []candidate
	for _, c := range q.formerNames() {
		path := winpath.Normalize(q.drive, c.data.TargetFilename)
		a := candidate{Answer: Answer{Grade: Inferred}, claim: claimOfPath(path)}
		a.Answer.Answer = fmt.Sprintf("It was created as %s, which has the same creation time and no longer exists.", path)
		a.fact("path", path)
		a.cite(citeWrite(&c))
		list = append(list, a)
	}
	return oneOf(list)
}
