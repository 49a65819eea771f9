package bits

import (
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Job is a job of BITS.
type Job struct {
	ID          winid.GUID
	Type        Type
	Priority    Priority
	State       State
	Name        string // the display name
	Description string
	Command     string // the program that BITS runs when the job is transferred or has failed; "" for none
	Arguments   string // its command line, which often begins with the name of the program
	Notify      Notify
	Owner       string // the SID of the account for which BITS transfers

	Created   time.Time
	Modified  time.Time // the last change of the job or of its state
	Completed time.Time // when the last file was transferred; zero if it was not
	Expires   time.Time // when BITS gives up; it is put off by each change

	Error           winid.Win32Error // the last one, an HRESULT
	ErrorContext    uint32           // BG_ERROR_CONTEXT: 5 is the remote file
	TransientErrors uint32           // how many there were
	RetryDelay      time.Duration
	Timeout         time.Duration // of a job without progress; 0 if errors are final

	Program string // the path of the program that made the job; "" before Windows 10
	Method  string // of HTTP

	FileIDs []winid.GUID // the files in the order of the job; none in qmgr0.dat and qmgr1.dat
	Files   []*File      // those of them that were found

	Recovery Recovery
	Record   string // the row of the table, or the number of the job
	Offset   int64  // in bytes from the beginning of the file; of the row in qmgr.db
}

// File is a file of a job.
type File struct {
	ID          winid.GUID // in qmgr.db; zero if it is not known
	URL         string     // the remote name
	Path        string     // the local name
	Temp        string     // what the local file is called until the job is completed
	Transferred uint64     // in bytes
	Total       uint64     // in bytes; Unknown before BITS asked the server
	Drive       string     // of the local name, such as C:\
	Volume      string     // its volume, by GUID
	DriveType   uint32     // as GetDriveType says: 2 removable, 3 fixed, 4 a network drive
	Serial      uint32     // number of the volume
	Ranges      []Range    // if only those are transferred
	Modified    time.Time  // of a download, as the server said; of an upload, of the local file

	Recovery Recovery
	Record   string
	Offset   int64
}

// Unknown is the Total of a file whose size is not known.
const Unknown = 1<<64 - 1

// Range is a part of a file.
type Range struct{ Offset, Length uint64 }

// Complete reports whether all bytes of the file were transferred.
func (f *File) Complete() bool { return f.Total != Unknown && f.Total > 0 && f.Transferred == f.Total }

// Runs reports whether BITS runs the command when the job is transferred or has failed.
func (j *Job) Runs() bool { return j.Command != "" && j.Off() == "" }

// Off returns what keeps BITS from running a notify command, or "".
func (j *Job) Off() string {
	switch {
	case j.State == Acknowledged || j.State == Cancelled:
		return "its state is " + j.State.String()
	case j.Notify&NotifyDisabled != 0:
		return "its notifications are disabled"
	case j.Notify&(NotifyTransferred|NotifyError) == 0:
		return "it notifies neither of its transfer nor of errors"
	}
	return ""
}

// CommandLine returns the notify command with its arguments, or "". The arguments are the
// command line of the program, whose first word is its name again.
func (j *Job) CommandLine() string {
	if j.Command == "" {
		return ""
	}
	program, args := winpath.Unquote(j.Command), strings.TrimSpace(j.Arguments)
	if first, rest := firstWord(args); stem(first) == stem(program) {
		args = rest
	}
	return strings.TrimSpace(`"` + program + `" ` + args)
}

// firstWord cuts a command line after its first word, which may be in quotes.
func firstWord(line string) (word, rest string) {
	if quoted, ok := strings.CutPrefix(line, `"`); ok {
		word, rest, _ = strings.Cut(quoted, `"`)
		return word, strings.TrimSpace(rest)
	}
	word, rest, _ = strings.Cut(line, " ")
	return word, strings.TrimSpace(rest)
}

// stem returns the name of a program without folder and extension, folded.
func stem(program string) string {
	return strings.TrimSuffix(winpath.Fold(winpath.Base(program)), ".EXE")
}

// Recovery is how a job or a file was found.
type Recovery uint8

// The ways, from the most certain.
const (
	InQueue      Recovery = iota // the queue refers to it
	Carved                       // nothing refers to it: it is left from before, and all of it was read
	CarvedInPart                 // likewise, and its end is overwritten: the times of a job, or the volume of a file
)

// String returns the recovery in words.
func (r Recovery) String() string { return word(recoveries[:], r) }

var recoveries = [...]string{InQueue: "in the queue", Carved: "carved", CarvedInPart: "carved in part"}
