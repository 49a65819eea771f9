package evtx

import (
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// The events of the System log that say when the machine ran, what time it was and what
// its name was. Those of the service control manager are in typed_system_services.go.

var (
	kernelGeneral = source{
		name: "system", provider: "Microsoft-Windows-Kernel-General",
		guid: "{a68ca8b7-004f-d7b6-a698-07e2de0f1f5d}", channel: "System",
	}
	eventlogSystem = source{
		name: "system", provider: providerEventlog,
		guid: guidEventlog, channel: "System",
	}
	// eventlogClassic writes without a manifest.
	eventlogClassic = source{
		name: "system", provider: "EventLog",
		also: []string{"eventlog", providerEventlog}, channel: "System",
	}
	// user32 has no manifest before Windows 8, and another spelling.
	user32 = source{
		name: "system", provider: "User32",
		also: []string{"USER32"}, guid: "{b0aa8734-56f7-41cc-b2f4-de228e98b946}", eventSource: "User32", channel: "System",
	}
	userPnp = source{
		name: "system", provider: "Microsoft-Windows-UserPnp",
		guid: "{96f4a050-7e31-453c-88be-9634f4e02139}", channel: "System",
	}
)

// System1 records that the system time changed. The kernel writes it, also for the small
// steps of the time service.
//
// Policy: none; always written.
type System1 struct {
	System
	NewTime             time.Time              `evtx:",filetime"`
	OldTime             time.Time              `evtx:",filetime"`
	TimeDeltaInMs       int64                  `evtx:",since=4"`
	Reason              winid.TimeChangeReason `evtx:",since=1"`
	ProcessName         string                 `evtx:",since=2"`
	ChangingProcessID   uint32                 `evtx:"ProcessID,since=2"`
	CmosTime            time.Time              `evtx:",filetime,since=3"`
	TimeZoneBias        int32                  `evtx:",since=3"`
	RealTimeIsUniversal bool                   `evtx:",since=3"`
	SystemInCmosMode    bool                   `evtx:",since=3"`
	Extra               []Field
}

var _ = declare[System1](kernelGeneral, 1, written{versions: []uint8{0, 1, 2, 3, 4}, level: 4, task: 5, keywords: 0x8000000000000010},
	`the system time changed from {OldTime} to {NewTime}[ by {ProcessName}]`)

// System12 records that Windows started. The kernel writes it early in each start;
// StartTime is when it began.
//
// Policy: none; always written.
type System12 struct {
	System
	MajorVersion   uint32
	MinorVersion   uint32
	BuildVersion   uint32
	QfeVersion     uint32
	ServiceVersion uint16
	BootMode       uint32    // 0 normal, 1 safe mode, 2 safe mode with network
	StartTime      time.Time `evtx:",filetime"`
	Extra          []Field
}

var _ = declare[System12](kernelGeneral, 12, written{level: 4, task: 1, keywords: 0x8000000000000080},
	`Windows {MajorVersion}.{MinorVersion}.{BuildVersion} started at {StartTime}`)

// System13 records that Windows is shutting down. The kernel writes it last in an orderly
// shutdown.
//
// Policy: none; always written.
type System13 struct {
	System
	StopTime time.Time `evtx:",filetime"`
	Extra    []Field
}

var _ = declare[System13](kernelGeneral, 13, written{level: 4, task: 2, keywords: 0x8000000000000080},
	`Windows shut down at {StopTime}`)

// System104 records that a log other than Security was cleared. The event log service
// writes it. Its Channel is the log that was cleared; System.Channel is the log that holds
// this event.
//
// Policy: none; always written.
type System104 struct {
	System
	SubjectUserName   string
	SubjectDomainName string
	Channel           string
	BackupPath        string
	Extra             []Field
}

var _ = declare[System104](eventlogSystem, 104, written{level: 4, task: 104, keywords: 0x8000000000000000, element: "LogFileCleared", namespace: nsEventlog},
	`{SubjectDomainName\SubjectUserName} cleared the log {Channel}[ and saved it as {BackupPath}]`)

// System6005 records that the event log service started, and so that Windows did.
//
// Policy: none; always written.
type System6005 struct {
	System
	Binary []byte // a SYSTEMTIME
	Extra  []Field
}

var _ = declare[System6005](eventlogClassic, 6005, written{level: 4, qualifiers: 32768, keywords: 0x80000000000000},
	`the event log service started`)

// System6006 records that the event log service stopped: an orderly shutdown.
//
// Policy: none; always written.
type System6006 struct {
	System
	Binary []byte
	Extra  []Field
}

var _ = declare[System6006](eventlogClassic, 6006, written{level: 4, qualifiers: 32768, keywords: 0x80000000000000},
	`the event log service stopped`)

// System6008 records that the previous shutdown was unexpected. The event log service
// writes it at the next start. Time and date are local, in the form of the machine's
// language.
//
// Policy: none; always written.
type System6008 struct {
	System
	Time   string `evtx:"#0"`
	Date   string `evtx:"#1"`
	Text2  string `evtx:"#2"`
	Text3  string `evtx:"#3"`
	Uptime string `evtx:"#4"` // in seconds
	Text5  string `evtx:"#5"`
	Text6  string `evtx:"#6"`
	Binary []byte // two SYSTEMTIMEs: local time, and UTC
	Extra  []Field
}

var _ = declare[System6008](eventlogClassic, 6008, written{level: 2, qualifiers: 32768, keywords: 0x80000000000000},
	`the shutdown at {Time} on {Date} was unexpected`)

// System6009 records the version of Windows at its start.
//
// Policy: none; always written.
type System6009 struct {
	System
	WindowsVersion string `evtx:"#0"`
	Build          string `evtx:"#1"`
	ServicePack    string `evtx:"#2"`
	Processors     string `evtx:"#3"` // "Multiprocessor Free"
	Text4          string `evtx:"#4"`
	Extra          []Field
}

var _ = declare[System6009](eventlogClassic, 6009, written{level: 4, qualifiers: 32768, keywords: 0x80000000000000},
	`Windows {WindowsVersion} {Build}[ {ServicePack}] {Processors} started`)

// System6011 records that the machine has a new name. The event log service writes it at
// the first start with the new name.
//
// Policy: none; always written.
type System6011 struct {
	System
	OldName string `evtx:"#0"`
	NewName string `evtx:"#1"`
	Extra   []Field
}

var _ = declare[System6011](eventlogClassic, 6011, written{level: 4, qualifiers: 32768, keywords: 0x80000000000000},
	`the machine was renamed from {OldName} to {NewName}`)

// System6013 records how long the machine has been up. The event log service writes it
// every day at noon, and after a start.
//
// Policy: none; always written.
type System6013 struct {
	System
	Text0    string `evtx:"#0"`
	Text1    string `evtx:"#1"`
	Text2    string `evtx:"#2"`
	Text3    string `evtx:"#3"`
	Uptime   string `evtx:"#4"` // in seconds
	Text5    string `evtx:"#5"`
	TimeZone string `evtx:"#6"` // minutes from UTC, and its name
	Binary   []byte
	Extra    []Field
}

var _ = declare[System6013](eventlogClassic, 6013, written{level: 4, qualifiers: 32768, keywords: 0x80000000000000},
	`the machine was up for {Uptime} seconds; its time zone was {TimeZone}`)

// System1074 records that a process asked for a shutdown or restart.
//
// Policy: none; always written.
type System1074 struct {
	System
	Process      string `evtx:"param1|#0"` // its path, and the machine in parentheses
	ComputerName string `evtx:"param2|#1"`
	Reason       string `evtx:"param3|#2"`
	ReasonCode   string `evtx:"param4|#3"`
	Type         string `evtx:"param5|#4"` // "restart", "power off", in the machine's language
	Comment      string `evtx:"param6|#5"`
	User         string `evtx:"param7|#6"`
	Extra        []Field
}

var _ = declare[System1074](user32, 1074, written{level: 4, qualifiers: 32768, keywords: 0x8080000000000000},
	`{User} asked for a {Type} of {ComputerName} by {Process}, reason {Reason} ({ReasonCode})[: {Comment}]`)

// System20001 records that a driver was installed for a device, such as a USB stick.
// Windows writes it when the device is seen for the first time.
//
// Policy: none; always written.
type System20001 struct {
	System
	DriverName        string
	DriverVersion     string
	DriverProvider    string
	DeviceInstanceID  string
	SetupClass        GUID
	RebootOption      bool
	UpgradeDevice     bool
	IsDriverOEM       bool
	InstallStatus     winid.Win32Error `evtx:",hex"`
	DriverDescription string
	Extra             []Field
}

var _ = declare[System20001](userPnp, 20001, written{level: 4, task: 7005, keywords: 0x8000000000000000, element: "InstallDeviceID", namespace: "http://manifests.microsoft.com/win/2004/08/windows/userpnp"},
	`the driver {DriverName} {DriverVersion} of {DriverProvider} was installed for {DeviceInstanceID}[ ({DriverDescription})], status {InstallStatus}`)

// System20003 records that a service was added for a device. Windows writes it when it
// installs the driver of the device.
//
// Policy: none; always written.
type System20003 struct {
	System
	ServiceName      string
	DriverFileName   string
	DeviceInstanceID string
	PrimaryService   bool
	UpdateService    bool
	AddServiceStatus winid.Win32Error
	Extra            []Field
}

var _ = declare[System20003](userPnp, 20003, written{level: 4, task: 7005, keywords: 0x8000000000000000, element: "AddServiceID", namespace: "http://manifests.microsoft.com/win/2004/08/windows/userpnp"},
	`the service {ServiceName} ({DriverFileName}) was added for {DeviceInstanceID}, status {AddServiceStatus}`)

// nsEventlog is the namespace of the event log service's own events.
const nsEventlog = "http://manifests.microsoft.com/win/2004/08/windows/eventlog"

const (
	providerEventlog = "Microsoft-Windows-Eventlog"
	guidEventlog     = "{fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148}"
)
