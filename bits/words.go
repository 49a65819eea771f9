package bits

import (
	"fmt"
	"strings"
)

// Type is what a job does, BG_JOB_TYPE.
type Type uint32

// The types of jobs.
const (
	Download    Type = 0
	Upload      Type = 1
	UploadReply Type = 2 // an upload whose reply is downloaded
)

// Priority is that of a job, BG_JOB_PRIORITY.
type Priority uint32

// The priorities.
const (
	Foreground Priority = 0
	High       Priority = 1
	Normal     Priority = 2
	Low        Priority = 3
)

// State is that of a job, BG_JOB_STATE.
type State uint32

// The states. Jobs that are acknowledged or cancelled leave the queue.
const (
	Queued         State = 0
	Connecting     State = 1
	Transferring   State = 2
	Suspended      State = 3 // as each job is at first
	Failed         State = 4 // BG_JOB_STATE_ERROR
	TransientError State = 5
	Transferred    State = 6 // all files are there, under their temporary names
	Acknowledged   State = 7 // the job was completed: the files have their names
	Cancelled      State = 8
)

// Notify are the events that a job reports, of IBackgroundCopyJob::SetNotifyFlags.
type Notify uint32

// The flags. The first two and the third decide whether the notify command is run.
const (
	NotifyTransferred       Notify = 0x01
	NotifyError             Notify = 0x02
	NotifyDisabled          Notify = 0x04
	NotifyModification      Notify = 0x08
	NotifyFileTransferred   Notify = 0x10
	NotifyRangesTransferred Notify = 0x20
)

var (
	types      = [...]string{"download", "upload", "upload-reply"}
	priorities = [...]string{"foreground", "high", "normal", "low"}
	states     = [...]string{"queued", "connecting", "transferring", "suspended", "error", "transient error", "transferred", "acknowledged", "cancelled"}
	notifies   = [...]string{"job transferred", "job error", "disabled", "job modification", "file transferred", "file ranges transferred"}
)

// String returns the type as bitsadmin words it.
func (t Type) String() string { return word(types[:], t) }

// String returns the priority as bitsadmin words it.
func (p Priority) String() string { return word(priorities[:], p) }

// String returns the state as bitsadmin words it.
func (s State) String() string { return word(states[:], s) }

// String returns the flags in words, and unknown ones as a number.
func (n Notify) String() string {
	var list []string
	for i, w := range notifies {
		if n&(1<<i) != 0 {
			list = append(list, w)
		}
	}
	if rest := n &^ (1<<len(notifies) - 1); rest != 0 {
		list = append(list, fmt.Sprintf("%#x", uint32(rest)))
	}
	return strings.Join(list, ", ")
}

// word returns the word of a number, or the number.
func word[T ~uint8 | ~uint32](words []string, n T) string {
	if uint64(n) < uint64(len(words)) {
		return words[n]
	}
	return fmt.Sprint(uint64(n))
}
