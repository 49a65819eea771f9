package origin

import (
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/logfile"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// setBackTimes are the creation times that were set back, by file, according to the
// transaction logs of the subjects' volume.
type setBackTimes map[mft.Ref][]setBackTime

// setBackTime is a creation time that was set back.
type setBackTime struct {
	log *timeline.TransactionLog
	*logfile.Event
	change logfile.TimeChange
}
