package evtx

// The events of the System log.

const (
	providerEventlog = "Microsoft-Windows-Eventlog"
	providerSCM      = "Service Control Manager"
)

// nsEventlog is the namespace of the event log service's own events.
const nsEventlog = "http://manifests.microsoft.com/win/2004/08/windows/eventlog"

// System7045 records in the System log that a service was installed.
type System7045 struct {
	System
	ServiceName string
	ImagePath   string
	ServiceType string
	StartType   string
	AccountName string
}

var _ = declare[System7045]("system-7045", providerSCM, "System", 7045)

// System104 records that a log other than Security was cleared. Its Channel is the
// log that was cleared; System.Channel is the log that holds this event.
type System104 struct {
	System
	SubjectUserName   string
	SubjectDomainName string
	Channel           string
	BackupPath        string
}

var _ = declare[System104]("system-104", providerEventlog, "System", 104, userData{"LogFileCleared", nsEventlog})
