package evtx

import "time"

// The events of Sysmon about the registry and WMI.

// Sysmon12 records that a registry key or value was created or deleted.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// RegistryEvent.
type Sysmon12 struct {
	System
	RuleName     string `evtx:",dash,since=1"`
	EventType    string `evtx:",dash"` // CreateKey, DeleteKey, DeleteValue
	UtcTime      time.Time
	ProcessGuid  GUID
	ProcessId    uint32
	Image        string `evtx:",dash"`
	TargetObject string `evtx:",dash"`
	User         string `evtx:",dash,since=2"`
	Extra        []Field
}

var _ = declare[Sysmon12](sysmon, 12, written{versions: []uint8{2}, level: 4, task: 12, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}): {EventType} {TargetObject}`)

// Sysmon13 records that a registry value was set.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// RegistryEvent.
type Sysmon13 struct {
	System
	RuleName     string `evtx:",dash,since=1"`
	EventType    string `evtx:",dash"` // SetValue
	UtcTime      time.Time
	ProcessGuid  GUID
	ProcessId    uint32
	Image        string `evtx:",dash"`
	TargetObject string `evtx:",dash"`
	Details      string `evtx:",dash"`
	User         string `evtx:",dash,since=2"`
	Extra        []Field
}

var _ = declare[Sysmon13](sysmon, 13, written{versions: []uint8{2}, level: 4, task: 13, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) set {TargetObject} to {Details}`)

// Sysmon14 records that a registry key or value was renamed.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// RegistryEvent.
type Sysmon14 struct {
	System
	RuleName     string `evtx:",dash,since=1"`
	EventType    string `evtx:",dash"` // RenameKey, RenameValue
	UtcTime      time.Time
	ProcessGuid  GUID
	ProcessId    uint32
	Image        string `evtx:",dash"`
	TargetObject string `evtx:",dash"`
	NewName      string `evtx:",dash"`
	User         string `evtx:",dash,since=2"`
	Extra        []Field
}

var _ = declare[Sysmon14](sysmon, 14, written{versions: []uint8{2}, level: 4, task: 14, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) renamed {TargetObject} to {NewName}`)

// Sysmon19 records that a WMI event filter was registered. A filter, a consumer and their
// binding run a command at an event, also after a restart.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// WmiEvent.
type Sysmon19 struct {
	System
	RuleName       string `evtx:",dash,since=1"`
	EventType      string `evtx:",dash"`
	UtcTime        time.Time
	Operation      string `evtx:",dash"` // Created, Deleted, Modified
	User           string `evtx:",dash"`
	EventNamespace string `evtx:",dash"`
	Name           string `evtx:",dash"`
	Query          string `evtx:",dash"`
	Extra          []Field
}

var _ = declare[Sysmon19](sysmon, 19, written{versions: []uint8{3}, level: 4, task: 19, keywords: 0x8000000000000000},
	`{User} registered the WMI filter {Name}: {Query} ({Operation})`)

// Sysmon20 records that a WMI event consumer was registered.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// WmiEvent.
type Sysmon20 struct {
	System
	RuleName    string `evtx:",dash,since=1"`
	EventType   string `evtx:",dash"`
	UtcTime     time.Time
	Operation   string `evtx:",dash"` // Created, Deleted, Modified
	User        string `evtx:",dash"`
	Name        string `evtx:",dash"`
	Type        string `evtx:",dash"` // "Command Line", "Script", …
	Destination string `evtx:",dash"` // the command or script
	Extra       []Field
}

var _ = declare[Sysmon20](sysmon, 20, written{versions: []uint8{3}, level: 4, task: 20, keywords: 0x8000000000000000},
	`{User} registered the WMI consumer {Name} ({Type}): {Destination} ({Operation})`)

// Sysmon21 records that a WMI event consumer was bound to a filter.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// WmiEvent.
type Sysmon21 struct {
	System
	RuleName  string `evtx:",dash,since=1"`
	EventType string `evtx:",dash"`
	UtcTime   time.Time
	Operation string `evtx:",dash"` // Created, Deleted, Modified
	User      string `evtx:",dash"`
	Consumer  string `evtx:",dash"`
	Filter    string `evtx:",dash"`
	Extra     []Field
}

var _ = declare[Sysmon21](sysmon, 21, written{versions: []uint8{3}, level: 4, task: 21, keywords: 0x8000000000000000},
	`{User} bound the WMI consumer {Consumer} to the filter {Filter} ({Operation})`)
