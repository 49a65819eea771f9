package evtx

// The events of the System log.

const (
	providerEventlog = "Microsoft-Windows-Eventlog"
	guidEventlog     = "{fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148}"
)

var (
	services = source{
		name: "system", provider: "Service Control Manager", guid: "{555908d1-a6d7-4695-8e1e-26931d2012f4}",
		eventSource: "Service Control Manager", channel: "System",
	}
	eventlogSystem = source{name: "system", provider: providerEventlog, guid: guidEventlog, channel: "System"}
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
	Extra       []Field
}

var _ = declare[System7045](services, 7045, written{level: 4, qualifiers: 16384, keywords: 0x8080000000000000},
	`the service {ServiceName} was installed: {ImagePath}, to run as {AccountName|"an unnamed account"}[, start {StartType}]`)

// System104 records that a log other than Security was cleared. Its Channel is the
// log that was cleared; System.Channel is the log that holds this event.
type System104 struct {
	System
	SubjectUserName   string
	SubjectDomainName string
	Channel           string
	BackupPath        string
	Extra             []Field
}

var _ = declare[System104](eventlogSystem, 104, written{level: 4, task: 104, keywords: 0x8000000000000000, element: "LogFileCleared", namespace: nsEventlog},
	`{SubjectDomainName\SubjectUserName} cleared the log {Channel}`)
