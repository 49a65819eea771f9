package registry

import (
	"fmt"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// TaskTriggers is the value Triggers of a scheduled task: under which account and with
// which settings it runs, and when it starts. Durations are -1 s if they are not set.
type TaskTriggers struct {
	Version     uint8    // 0x15 to 0x17
	Start, End  TaskTime // the first and the last time at which a trigger counts
	Options     TaskOptions
	Checksum    uint32 // CRC-32 of the XML
	Principal   string // ID of the principal; from version 0x16 on
	DisplayName string // of the principal; from version 0x17 on
	Account     TaskAccount
	Settings    *TaskSettings // nil if they are not recorded
	List        []TaskTrigger
}

// TaskTime is a time at which triggers begin or end to count. Local is set if the time is
// the local time of the machine, whatever its time zone says at that time.
type TaskTime struct {
	Time  time.Time // zero if there is no limit
	Local bool
}

// TaskAccount is an account that a task runs as, or whose logon starts it.
type TaskAccount struct {
	Any  bool      // any account: there is neither a SID nor a name
	SID  winid.SID // zero if it is not recorded
	Type uint32    // SID_NAME_USE of the SID: 1 user, 2 group, 4 alias, 5 well-known group
	Name string    // DOMAIN\name, or "" if it is not recorded
}

// TaskOptions are switches of a task.
type TaskOptions uint32

// The options that decide whether a task starts and who sees it.
const (
	TaskEnabled       TaskOptions = 0x00400000
	TaskHidden        TaskOptions = 0x00800000 // the setting Hidden of the XML: the window of the Task Scheduler does not list it
	TaskHighestAccess TaskOptions = 0x01000000 // with the highest access rights that the account has
)

// TaskSettings are settings of a task.
type TaskSettings struct {
	IdleDuration, IdleWait time.Duration
	ExecutionLimit         time.Duration
	DeleteAfter            time.Duration // since the last trigger ended to count
	Priority               uint32        // 0 is the highest, 10 the lowest
	RestartDelay           time.Duration
	Restarts               uint32
	Network                winid.GUID
	Privileges             uint64 // a bit for each; only if Size is 0x38 or more
	Size                   uint32 // of the structure in bytes: 0x2c, 0x38 or 0x58
}

// TaskTrigger is a time or an event at which a task starts. Kind has the names of the XML
// of a task.
type TaskTrigger struct {
	Kind         string // BootTrigger, LogonTrigger, TimeTrigger, …: see kindsOfTrigger
	ID           string // from version 0x16 on
	Start, End   TaskTime
	Enabled      bool
	Delay        time.Duration
	Interval     time.Duration // between repetitions
	Duration     time.Duration // of the repetitions
	Limit        time.Duration // after which a run is ended
	StopAtEnd    bool          // runs end with Duration
	Account      TaskAccount   // of LogonTrigger and SessionStateChangeTrigger
	StateChange  uint32        // of SessionStateChangeTrigger: 1 the console was connected, 2 disconnected, 3 a remote session connected, 4 disconnected; others lock and unlock it
	Subscription string        // of EventTrigger: the query for the events, in XML
	Queries      [][2]string   // of EventTrigger: names and the paths of the values that they get
	State        [8]byte       // of WnfStateChangeTrigger: name of the state
	Data         []byte        // of WnfStateChangeTrigger
	Mode         TaskMode      // of TimeTrigger
	Mask         [3]uint16     // of TimeTrigger: depends on Mode
	Offset       int64         // in the value, in bytes
}

// TaskMode is how a TimeTrigger repeats, and what its Mask holds.
type TaskMode uint32

// The modes. Masks of days of the week begin with Sunday, those of months with January.
const (
	TaskOnce         TaskMode = 0
	TaskDaily        TaskMode = 1 // every Mask[0] days
	TaskWeekly       TaskMode = 2 // every Mask[0] weeks on the days Mask[1] of the week
	TaskMonthly      TaskMode = 3 // in the months Mask[2] on the days Mask[1] and Mask[0], 32 bits
	TaskMonthlyByDay TaskMode = 4 // in the months Mask[2] in the weeks Mask[1] on the days Mask[0] of the week
)

// kindsOfTrigger are the kinds of triggers by their marks.
var kindsOfTrigger = map[uint32]string{
	0x6666: "WnfStateChangeTrigger", 0x7777: "SessionStateChangeTrigger", 0x8888: "RegistrationTrigger", 0xaaaa: "LogonTrigger",
	0xcccc: "EventTrigger", 0xdddd: "TimeTrigger", 0xeeee: "IdleTrigger", 0xffff: "BootTrigger",
}

// The versions of the value Triggers.
const (
	triggersOldest = 0x15 // Windows 8 and earlier
	triggersIDs    = 0x16 // has the IDs of the principal and of triggers
	triggersNewest = 0x17 // has the name of the principal; Windows 10 and later
)

// ReadTaskTriggers reads a value Triggers up to what is damaged, with the error about
// that, or nothing if that comes before the options end. If the version is another, which no
// public description has, the cause of the error is [ErrTaskVersion]. Offsets of errors are
// in bytes from the beginning of the value. Most fields are filled up to a multiple of 8
// bytes. The value begins with:
//
//	 0  1   version
//	 8  16  first time: 1 if it is local, and at 8 its FILETIME
//	24  16  last time
//	40  4   options
//	48  4   CRC-32 of the XML
//	56  …   principal, account, settings, and triggers up to the end
func ReadTaskTriggers(data []byte) (TaskTriggers, error) {
	c := taskCursor{bin.NewCursor(data, 0)}
	t := TaskTriggers{Version: uint8(c.word("version of the triggers"))}
	if c.Err() == nil && (t.Version < triggersOldest || t.Version > triggersNewest) {
		return TaskTriggers{}, taskVersion(damage.New("version of the triggers", 0, fmt.Sprintf("%#x", t.Version), "0x15 to 0x17"))
	}
	t.Start, t.End = c.time("start"), c.time("end")
	t.Options = TaskOptions(c.word("options"))
	if c.Err() != nil { // without them nothing shows whether the task is enabled
		return TaskTriggers{}, c.Err()
	}
	t.Checksum = c.word("checksum of the XML")
	if t.Version >= triggersIDs {
		t.Principal = c.text("principal")
	}
	if t.Version >= triggersNewest {
		t.DisplayName = c.text("name of the principal")
	}
	t.Account = c.account()
	settings, err := c.settings()
	if err != nil {
		return t, err
	}
	t.Settings = settings
	for c.Err() == nil && c.Len() > 0 {
		if len(t.List) == maxTaskItems {
			return t, damage.New("number of triggers", c.Offset(), nil, fmt.Sprintf("≤ %d", maxTaskItems))
		}
		one := TaskTrigger{Offset: c.Offset()}
		mark := c.word("mark of a trigger")
		if one.Kind = kindsOfTrigger[mark]; one.Kind == "" && c.Err() == nil {
			return t, damage.New("mark of a trigger", one.Offset, fmt.Sprintf("%#x", mark), "that of a kind of triggers")
		}
		if one.Kind == "TimeTrigger" {
			c.schedule(&one, t.Version)
		} else {
			c.trigger(&one, t.Version)
		}
		if c.Err() == nil {
			t.List = append(t.List, one)
		}
	}
	return t, c.Err()
}

// taskCursor reads fields that are filled up to a multiple of 8 bytes.
type taskCursor struct{ bin.Cursor }

// fill skips what fills up n bytes to a multiple of 8.
func (c *taskCursor) fill(n int) { c.Skip("padding", -n&7) }

// word reads 4 bytes and the padding after them. Of a value of one byte, the others
// are padding too: the caller cuts them off.
func (c *taskCursor) word(what string) uint32 {
	n := c.U32(what)
	c.Skip(what, 4)
	return n
}

// flag reads one byte that is 0 or not, and the padding after it.
func (c *taskCursor) flag(what string) bool { return uint8(c.word(what)) != 0 }

func (c *taskCursor) time(what string) TaskTime {
	const never = 1<<64 - 1
	t := TaskTime{Local: c.flag(what)}
	if ticks := c.U64(what); ticks != never {
		t.Time = filetime.Time(ticks)
	}
	return t
}

// seconds reads a duration in seconds, in 4 bytes.
func (c *taskCursor) seconds(what string) time.Duration {
	n := c.U32(what)
	if n == 1<<32-1 {
		return -time.Second
	}
	return time.Duration(n) * time.Second
}

// text reads a text with its size in bytes before it, which includes a final NUL.
func (c *taskCursor) text(what string) string {
	n := taskSize(&c.Cursor, what)
	c.Skip(what, 4)
	s := wtf8.String(c.Bytes(what, n))
	c.fill(n)
	return strings.TrimSuffix(s, "\x00")
}

// longText reads a text with its length in characters before it, which does not include
// the final NUL. An empty one does not have a NUL.
func (c *taskCursor) longText(what string) string {
	n := taskSize(&c.Cursor, what)
	c.Skip(what, 4)
	if n == 0 || c.Err() != nil {
		return ""
	}
	n = int(min(2*int64(n)+2, 1<<31-1)) // bytes
	s := wtf8.String(c.Bytes(what, n))
	c.fill(n)
	return strings.TrimSuffix(s, "\x00")
}

// account reads an account: a byte that is 1 if there is no account, one that is 1 if
// there is no SID, the type of the SID, its size and the SID, and the name.
func (c *taskCursor) account() TaskAccount {
	if c.flag("whether there is an account") || c.Err() != nil {
		return TaskAccount{Any: true}
	}
	var a TaskAccount
	if !c.flag("whether there is a SID") {
		a.Type = c.word("type of the SID")
		n := taskSize(&c.Cursor, "SID")
		c.Skip("SID", 4)
		if b := c.Bytes("SID", n); len(b) > 0 {
			a.SID, _ = winid.DecodeSID(b) // what is not a SID leaves the zero one
		}
		c.fill(n)
	}
	a.Name = c.text("name of the account")
	return a
}

const (
	settingsLeast      = 0x2c // bytes of settings
	settingsPrivileges = 0x38 // bytes of settings with privileges; those of maintenance have 0x58
)

func (c *taskCursor) settings() (*TaskSettings, error) {
	at := c.Offset()
	size := taskSize(&c.Cursor, "settings")
	c.Skip("settings", 4)
	in := taskCursor{bin.NewCursor(c.Bytes("settings", size), c.Offset()-int64(size))}
	c.fill(size)
	switch {
	case size == 0 || c.Err() != nil:
		return nil, nil
	case size < settingsLeast:
		return nil, damage.New("size of the settings", at, size, fmt.Sprintf("0 or ≥ %#x", settingsLeast))
	}
	s := &TaskSettings{Size: uint32(size)}
	s.IdleDuration, s.IdleWait = in.seconds("idle duration"), in.seconds("idle wait")
	s.ExecutionLimit, s.DeleteAfter = in.seconds("execution limit"), in.seconds("time until deletion")
	s.Priority = in.U32("priority")
	s.RestartDelay, s.Restarts = in.seconds("delay of restarts"), in.U32("number of restarts")
	copy(s.Network[:], in.Bytes("network", len(s.Network)))
	if size >= settingsPrivileges {
		in.Skip("padding", 4)
		s.Privileges = in.U64("privileges")
	}
	return s, nil
}

// trigger reads a trigger of any kind but TimeTrigger. Offsets are from behind its mark:
//
//	 0  32  first and last time
//	32  4   delay in seconds
//	36  4   limit of a run in seconds
//	40  12  interval, duration, and again the duration of repetitions in seconds
//	52  1   1 if runs end with the duration
//	56  1   1 if it is enabled
//	64  8   unknown
//	72  …   from version 0x16 on: ID, whose size is 4 bytes; then what the kind needs
func (c *taskCursor) trigger(t *TaskTrigger, version uint8) {
	t.Start, t.End = c.time("start of a trigger"), c.time("end of a trigger")
	t.Delay, t.Limit = c.seconds("delay"), c.seconds("limit of a run")
	t.Interval, t.Duration = c.seconds("interval"), c.seconds("duration")
	c.Skip("duration", 4)
	t.StopAtEnd = c.U8("whether runs end with the duration") != 0
	c.Skip("padding", 3)
	t.Enabled = c.flag("whether a trigger is enabled")
	c.Skip("unknown", 8)
	c.triggerID(t, version)
	switch t.Kind {
	case "WnfStateChangeTrigger":
		copy(t.State[:], c.Bytes("name of a state", len(t.State)))
		n := taskSize(&c.Cursor, "data of a state")
		c.Skip("data of a state", 4)
		t.Data = append([]byte(nil), c.Bytes("data of a state", n)...) // is not filled up
	case "SessionStateChangeTrigger":
		t.StateChange = c.word("change of a session")
		t.Account = c.account()
	case "LogonTrigger":
		t.Account = c.account()
	case "EventTrigger":
		t.Subscription = c.longText("subscription")
		c.Skip("unknown", 8)
		c.longText("unknown")
		for n := c.word("number of queries"); n > 0 && c.Err() == nil; n-- {
			t.Queries = append(t.Queries, [2]string{c.longText("name of a query"), c.longText("path of a query")})
		}
	}
}

func (c *taskCursor) triggerID(t *TaskTrigger, version uint8) {
	if version >= triggersIDs {
		at := c.Pos()
		t.ID = taskText(&c.Cursor, "ID of a trigger")
		c.fill(c.Pos() - at)
	}
}

// schedule reads a TimeTrigger. Offsets are from behind its mark:
//
//	 0  48  first and last time, and an unknown one
//	48  12  interval and duration of repetitions, and the limit of a run, in seconds
//	60  4   mode
//	64  6   three masks
//	72  1   1 if runs end with the duration
//	73  1   1 if it is enabled
//	80  4   longest random delay in seconds
//	88  …   from version 0x16 on: ID
func (c *taskCursor) schedule(t *TaskTrigger, version uint8) {
	t.Start, t.End = c.time("start of a trigger"), c.time("end of a trigger")
	c.time("unknown")
	t.Interval, t.Duration, t.Limit = c.seconds("interval"), c.seconds("duration"), c.seconds("limit of a run")
	t.Mode = TaskMode(c.U32("mode"))
	for i := range t.Mask {
		t.Mask[i] = c.U16("mask")
	}
	c.Skip("padding", 2)
	t.StopAtEnd = c.U8("whether runs end with the duration") != 0
	t.Enabled = c.U8("whether a trigger is enabled") != 0
	c.Skip("unknown", 6)
	t.Delay = c.seconds("delay")
	c.Skip("padding", 4)
	c.triggerID(t, version)
}
