package origin

import (
	"github.com/birthmark-dfir/birthmark/mft"
)

var arrivalOperation = &rule{
	name: "arrival.operation", question: Arrival, best: Inferred,
	finds:   "the operation that leaves the file's eight times in the $MFT, if only one way of arrival leaves them",
	also:    []*source{fileTimes},
	against: "a program that set the times",
	apart:   "the record of the operation in the change journal",
	find:    (*inquiry).findOperation,
}

// operationWords are the operations by what they say about the arrival. Those without a
// kind leave several ways open.
var operationWords = map[mft.Operation]struct{ kind, words string }{
	mft.OperationMovedFAT:       {"moved", "a file that was moved here from a volume with FAT, such as a USB stick"},
	mft.OperationMovedExFAT:     {"moved", "a file that was moved here from a volume with exFAT, such as a USB stick or a memory card"},
	mft.OperationMoved:          {"", "a file that was moved here from another volume with NTFS, or whose times a program set"},
	mft.OperationExtractedTimes: {"", "a file out of a zip archive, or one whose times a program set"},
	mft.OperationCopiedFAT:      {"", "a file out of a zip archive, or a copy from a volume with FAT"},
	mft.OperationFetched:        {"", "a file that has the time that a server or a tar archive names"},
	mft.OperationCopied:         {"", "a copy, or a file out of an archive or an installer"},
	mft.OperationTunnelled:      {"", "a file that replaced one of the same name"},
	mft.OperationCreated:        {"", "a file that was written here"},
}

// findOperation runs the table of operations backwards.
func (q *inquiry) findOperation() []candidate {
	list := q.rec.Operations()
	if len(list) == 0 {
		return nil
	}
	is := operationWords[list[0]]
	a := lead()
	if is.kind != "" {
		a.Grade = Inferred
		a.fact("kind", is.kind)
	}
	a.fact("operation", string(list[0]))
	a.Answer.Answer = "Its times are those of " + is.words + "."
	a.other = "its times, which are those of " + is.words
	a.cite(q.citeTimes()...)
	return []candidate{a}
}

// movedIn reports whether a move from another file system explains that times are
// before those of $FILE_NAME.
func (q *inquiry) movedIn() bool {
	list := q.rec.Operations()
	return len(list) > 0 && operationWords[list[0]].kind == "moved"
}
