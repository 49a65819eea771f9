package origin

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

var nameCreated = &rule{
	name: "original_name.created", question: OriginalName, best: Recorded,
	finds:   "the path in the record of the creation",
	reads:   []*source{sysmonCreate},
	traps:   []trap{{"untied", "the record of the creation and the file have different times"}},
	against: "another path, of which a rename left no record: Sysmon does not log renames",
	apart:   "the record of a rename in the change journal",
	find:    (*inquiry).findNameCreated,
}

func (q *inquiry) findNameCreated() []candidate {
	if q.creation == nil {
		return nil
	}
	first := winpath.Normalize(q.drive, q.creation.data.TargetFilename)
	a := candidate{Answer: Answer{Grade: Recorded, Answer: fmt.Sprintf("It was created under its present path, %s", first)}, claim: claimOfPath(first), other: "it was created as " + first}
	if !q.tied {
		a.caught("untied", "another path: the record of the creation and the file have different times")
	}
	a.fact("path", first)
	a.cite(q.citeCreation()...)
	if stated, says := q.statedName(); stated != "" {
		a.fact("stated_name", stated)
		a.cite(says)
		if !winpath.Same(stated, winpath.Base(q.path)) {
			a.Answer.Answer += fmt.Sprintf("; its version information claims the name %s", stated)
		}
	}
	a.Answer.Answer += "."
	return []candidate{a}
}

var nameStated = &rule{
	name: "original_name.version", question: OriginalName, best: Inferred,
	finds:   "another name in its version information",
	reads:   []*source{fileContent},
	against: "none: whoever builds a program chooses the name in its version information",
	apart:   "the record of its creation, or of a rename in the change journal",
	find:    (*inquiry).findNameStated,
}

func (q *inquiry) findNameStated() []candidate {
	stated, says := q.statedName()
	if q.creation != nil || stated == "" || q.birth() != nil {
		return nil
	}
	a := lead()
	a.fact("stated_name", stated)
	a.cite(says)
	if !winpath.Same(stated, winpath.Base(q.path)) {
		a.Grade = Inferred
		a.Answer.Answer = fmt.Sprintf("Its version information claims that it was built as %s.", stated)
	}
	return []candidate{a}
}
