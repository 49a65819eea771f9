package origin

import (
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/logfile"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// operations are what the transaction logs of the subjects' volume hold about the subjects.
// They are read when the first of them needs them.
type operations struct {
	read  bool
	logs  []*timeline.TransactionLog // of the volume
	about map[mft.Ref][]operation    // in their order

	// named are the files that had the path of a subject of which there is no record in the
	// $MFT, in the order in which the logs have them.
	named map[*subject][]mft.Ref
}

// An operation is an event of a transaction log.
type operation struct {
	log *timeline.TransactionLog
	*logfile.Event
}

// happened reports whether an operation is known not to have been undone.
func (o operation) happened() bool { return o.State == logfile.Committed }

// between returns the times that surround an operation, as far as they are known.
func (o operation) between() (after, before time.Time) { return o.log.Paths.Between(o.LSN) }

// when says when an operation happened, or "".
func (o operation) when() string {
	switch after, before := o.between(); {
	case after.Equal(before) && !after.IsZero():
		return " on " + timeText(after)
	case !after.IsZero() && !before.IsZero():
		return " between " + timeText(after) + " and " + timeText(before)
	case !after.IsZero():
		return " after " + timeText(after)
	case !before.IsZero():
		return " before " + timeText(before)
	}
	return ""
}

// born returns the time that NTFS wrote with the creation of a file, and whether it is in
// order with those around it.
func (o operation) born() (time.Time, bool) { return o.log.Paths.Born(o.Event) }

// timeSet is a creation time that was set.
type timeSet struct {
	operation
	logfile.TimeChange
}

// loggedBirth is what the transaction log holds about the beginning of the subject.
type loggedBirth struct {
	created *operation  // nil if the log does not hold it
	later   []operation // the renames since then
	deleted *operation  // nil if the log does not hold it
	set     []timeSet   // its creation time was set
}
