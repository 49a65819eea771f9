package task

import (
	"strings"
	"time"
)

// Task is a scheduled task. The names of the fields are those of the XML, except that
// Disabled is the opposite of Enabled: what the XML does not say is enabled.
type Task struct {
	Author             string // of RegistrationInfo; whoever registers a task chooses it
	Date               string // of RegistrationInfo, as written; see Registered
	URI                string // path in the Task Scheduler's library, such as \Microsoft\Windows\Defrag\ScheduledDefrag
	Description        string
	Source             string
	SecurityDescriptor string // in SDDL; if it denies reading, tools do not list the task

	Principals []Principal
	Triggers   []Trigger

	Disabled bool // the task does not start
	Hidden   bool // the Task Scheduler's window does not list it

	Context string // ID of the principal that the actions run as
	Actions []Action

	Job *Job // what a task of the older format has beside this; nil for XML
}

// Principal is an account under which actions run.
type Principal struct {
	ID          string
	UserID      string // name or SID
	GroupID     string // name or SID; the actions run as the member that is logged on
	DisplayName string
	LogonType   string // InteractiveToken, Password, S4U, …
	RunLevel    string // LeastPrivilege or HighestAvailable
}

// Trigger is a time or an event at which a task starts.
type Trigger struct {
	Kind          string // the name of its element: BootTrigger, LogonTrigger, CalendarTrigger, …
	Disabled      bool
	StartBoundary string // the time from which it counts, as written
	EndBoundary   string // and until which
	Delay         string // duration
	Interval      string // duration between repetitions
	UserID        string // of a logon or a session; "" means every account
	Subscription  string // of an EventTrigger: the query for the events
}

// Action is what a task does.
type Action struct {
	Kind             string // the name of its element: Exec, ComHandler, SendEmail, ShowMessage
	ID               string
	Command          string // of Exec: a program or a document; environment variables are as written
	Arguments        string // of Exec
	WorkingDirectory string // of Exec
	ClassID          string // of ComHandler: the class whose server is loaded
	Data             string // of ComHandler: what the handler gets
}

// Registered returns the time of registration in UTC. Ok is false if Date is empty, not
// a time, or without a time zone: then it is the local time of the machine that wrote
// it, which the task does not record.
func (t *Task) Registered() (at time.Time, ok bool) {
	at, err := time.Parse(time.RFC3339Nano, t.Date)
	if err != nil || at.IsZero() {
		return time.Time{}, false
	}
	return at.UTC(), true
}

// CommandLine returns the command and its arguments as they would be typed, or "" for
// an action of another kind than Exec. The command is put into quotes if it needs them:
// the Task Scheduler does not search for its end, as CreateProcess does.
func (a *Action) CommandLine() string {
	line := a.Command
	if strings.ContainsAny(line, " \t") && !strings.HasPrefix(line, `"`) {
		line = `"` + line + `"`
	}
	if a.Arguments != "" {
		line += " " + a.Arguments
	}
	return line
}

// RunsAs returns the principal that the actions run as, or a zero one if the task does
// not have it.
func (t *Task) RunsAs() Principal {
	for _, p := range t.Principals {
		if p.ID == t.Context {
			return p
		}
	}
	if len(t.Principals) == 1 { // the attributes may be absent
		return t.Principals[0]
	}
	return Principal{}
}
