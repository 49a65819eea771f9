package task

import (
	"fmt"
	"strconv"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Job is what a task of the older format has beside a [Task]: a file with the extension
// .job in Windows\Tasks.
type Job struct {
	ID        winid.GUID
	Windows   uint16 // version of the Windows that wrote it: major in the high byte, minor in the low one
	Flags     JobFlags
	LastRun   string // "2006-01-02T15:04:05" in the time of the machine, which the file does not record; "" if it never ran
	ExitCode  uint32 // of the last run
	Status    uint32 // an HRESULT, such as 0x41303: it has not run yet
	Instances uint16 // how many are running
	Signed    bool   // the file ends with a signature, which is not verified
}

// JobFlags are the flags of a job, as [MS-TSCH] has them.
type JobFlags uint32

// The flags of a job.
const (
	JobInteractive    JobFlags = 1 << 0 // the program has a window
	JobDeleteWhenDone JobFlags = 1 << 1 // the file is deleted after the last run, as those of at.exe are
	JobDisabled       JobFlags = 1 << 2
	JobOnlyIfIdle     JobFlags = 1 << 4
	JobHidden         JobFlags = 1 << 9
	JobOnlyIfLoggedOn JobFlags = 1 << 13
)

// The sizes of the parts of a job, in bytes.
const (
	jobFixed     = 68 // FIXDLEN_DATA
	jobTrigger   = 0x30
	jobSignature = 68
	jobNames     = jobFixed + 2 // the texts begin here
)

// isJob reports whether a file begins like a job: its version, and where its texts begin.
func isJob(b []byte) bool {
	return len(b) >= jobNames && b[2] == 1 && b[3] == 0 && b[20] == jobNames && b[21] == 0 && b[1] >= 4 && b[1] <= 10
}

// job reads a file of the older format ([MS-TSCH] 2.4). Offsets from its beginning:
//
//	 0   2  version of Windows
//	 2   2  version of the format, 1
//	 4  16  identifier
//	20   2  offset of the name of the program, 70
//	22   2  offset of the triggers
//	24  12  retries, waiting for idle, priority
//	36   4  longest time to run, in milliseconds
//	40   4  exit code
//	44   4  status
//	48   4  flags
//	52  16  SYSTEMTIME of the last run, in the time of the machine
//	68   2  running instances
//	70   …  program, arguments, folder, author, comment: each the number of characters in 2
//	        bytes, with the NUL at the end, then the text in UTF-16LE
//	     …  user data and reserved data: each the size in 2 bytes, then the data
//	     …  number of triggers in 2 bytes, then the triggers
//	     …  signature of 68 bytes, if it has one
func (d *decoder) job(raw []byte) {
	c := bin.NewCursor(raw, 0)
	j := &Job{Windows: c.U16("version of Windows")}
	d.task.Job = j
	c.Skip("version", 2)
	copy(j.ID[:], c.Bytes("identifier", 16))
	c.Skip("offset of the program", 2)
	triggers := int(c.U16("offset of the triggers"))
	c.Seek("exit code", 40)
	j.ExitCode, j.Status, j.Flags = c.U32("exit code"), c.U32("status"), JobFlags(c.U32("flags"))
	j.LastRun = systemTime(&c)
	d.task.Disabled, d.task.Hidden = j.Flags&JobDisabled != 0, j.Flags&JobHidden != 0
	j.Instances = c.U16("running instances")
	text := func(what string) string {
		return wtf8.String(wtf8.Trim(c.Bytes(what, 2*int(c.U16("length of the "+what)))))
	}
	a := Action{Kind: "Exec", Command: text("program"), Arguments: text("arguments"), WorkingDirectory: text("folder")}
	d.task.Author, d.task.Description = text("author"), text("comment")
	if a.Command != "" {
		d.task.Actions = []Action{a}
	}
	c.Skip("user data", int(c.U16("size of the user data")))
	c.Skip("reserved data", int(c.U16("size of the reserved data")))
	if err := c.Err(); err == nil && c.Pos() != triggers {
		d.note(damage.Malformed, damage.New("offset of the triggers", 22, triggers, strconv.Itoa(c.Pos())), "")
	}
	n := int(c.U16("number of triggers"))
	for range min(n, maxItems) {
		if t := jobTriggerOf(&c); c.Err() == nil {
			d.task.Triggers = append(d.task.Triggers, t)
		}
	}
	switch {
	case c.Err() != nil:
		d.note(damage.Truncation, c.Err(), "")
	case n > maxItems:
		d.note(damage.Limit, damage.New("number of triggers", c.Offset(), n, strconv.Itoa(maxItems)), "")
	case c.Len() == jobSignature:
		j.Signed = true
	case c.Len() > 0:
		d.note(damage.Malformed, damage.New("after the triggers", c.Offset(), fmt.Sprintf("%d bytes", c.Len()), "the end of the file, or a signature"), "")
	}
}

// jobTriggers are the elements that triggers of a job would be, by their types: once,
// daily, weekly, monthly by date, monthly by day of the week, idle, start, logon.
var jobTriggers = [...]string{"TimeTrigger", "CalendarTrigger", "CalendarTrigger", "CalendarTrigger", "CalendarTrigger", "IdleTrigger", "BootTrigger", "LogonTrigger"}

// The flags of a trigger.
const (
	triggerEnds     = 1 << 0
	triggerDisabled = 1 << 2
)

// jobTriggerOf reads a trigger. Offsets from its beginning:
//
//	 0   2  size, 0x30
//	 4   6  year, month and day at which it begins
//	10   6  and those at which it ends
//	16   4  hour and minute at which it starts the program
//	20   4  for how many minutes it repeats that
//	24   4  after how many minutes each
//	28   4  flags
//	32   4  type
//	36  12  on which days
func jobTriggerOf(c *bin.Cursor) Trigger {
	c.Skip("size of a trigger", 4)
	begin, end := jobDate(c), jobDate(c)
	hour, minute := c.U16("hour"), c.U16("minute")
	c.Skip("duration", 4)
	interval, flags, kind := c.U32("interval"), c.U32("flags of a trigger"), c.U32("type of a trigger")
	c.Skip("days", jobTrigger-36)
	t := Trigger{Disabled: flags&triggerDisabled != 0, Kind: fmt.Sprintf("Trigger%d", kind)}
	if kind < uint32(len(jobTriggers)) {
		t.Kind = jobTriggers[kind]
	}
	if begin != "" {
		t.StartBoundary = fmt.Sprintf("%sT%02d:%02d:00", begin, hour, minute)
	}
	if end != "" && flags&triggerEnds != 0 {
		t.EndBoundary = end + "T00:00:00"
	}
	if interval > 0 {
		t.Interval = fmt.Sprintf("PT%dM", interval)
	}
	return t
}

// jobDate reads a date of three numbers, "" if all are 0.
func jobDate(c *bin.Cursor) string {
	year, month, day := c.U16("year"), c.U16("month"), c.U16("day")
	if year|month|day == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}

// systemTime reads a SYSTEMTIME, "" if it is 0: year, month, day of the week, day, hour,
// minute, second, milliseconds.
func systemTime(c *bin.Cursor) string {
	var v [8]uint16
	for i := range v {
		v[i] = c.U16("time of the last run")
	}
	if v == ([8]uint16{}) {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d", v[0], v[1], v[3], v[4], v[5], v[6])
}
