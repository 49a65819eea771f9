package origin

import (
	"fmt"
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
)

var executedJournal = &rule{
	name: "executed.journal", question: Executed, best: Inferred,
	finds:   "the records of the change journal that a prefetch file with the name of the program was written, also if it is gone: Windows writes it about ten seconds after a start",
	also:    []*source{changeJournal},
	against: "another program with the same name: the name of a prefetch file has only a hash of the path",
	apart:   "the prefetch file, which has the path",
	find:    (*inquiry).findPrefetchWritten,
}

// prefetchFolder is where Windows keeps prefetch files.
const prefetchFolder = `\Windows\Prefetch`

// findPrefetchWritten finds the prefetch files of the name of the subject.
func (q *inquiry) findPrefetchWritten() []candidate {
	c := q.journal()
	if !c.usable() {
		return nil
	}
	base := winpath.Base(q.path)
	list := slices.Clone(c.prefetched[prefetchName(base)])
	list = slices.DeleteFunc(list, func(rec usnjrnl.Record) bool {
		path, known := q.pathAt(&rec)
		return q.before(rec.Time) || known && !winpath.Same(winpath.Dir(path), drivePrefix(q.drive)+prefetchFolder)
	})
	if len(list) == 0 {
		return nil
	}
	first, last := list[0].Time, list[len(list)-1].Time
	a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{what: "ran"}}
	a.Answer.Answer = fmt.Sprintf("A program named %s ran: its prefetch file %s was written %s, first on %s.", base, list[0].Name, times(len(list)), timeText(first))
	a.other = fmt.Sprintf("a run of a program named %s, whose prefetch file was written on %s", base, timeText(first))
	a.rival("another program named %s", base)
	a.fact("proves", "execution")
	a.fact("last", last)
	for i := range list[:min(len(list), maxListed)] {
		a.cite(q.citeChange(&list[i]))
	}
	return []candidate{a}
}

// times says how often something happened.
func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
