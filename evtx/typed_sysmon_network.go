package evtx

import (
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// The events of Sysmon about connections, pipes and names, and about Sysmon itself.

// Sysmon3 records a network connection, TCP or UDP.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// NetworkConnect.
type Sysmon3 struct {
	System
	RuleName            string `evtx:",dash,since=1"`
	UtcTime             time.Time
	ProcessGuid         GUID
	ProcessId           uint32
	Image               string `evtx:",dash"`
	User                string `evtx:",dash"`
	Protocol            string `evtx:",dash"`
	Initiated           bool   // by this machine
	SourceIsIpv6        bool
	SourceIp            string `evtx:",dash"`
	SourceHostname      string `evtx:",dash"`
	SourcePort          uint16
	SourcePortName      string `evtx:",dash"`
	DestinationIsIpv6   bool
	DestinationIp       string `evtx:",dash"`
	DestinationHostname string `evtx:",dash"`
	DestinationPort     uint16
	DestinationPortName string `evtx:",dash"`
	Extra               []Field
}

var _ = declare[Sysmon3](sysmon, 3, written{versions: []uint8{5}, level: 4, task: 3, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) connected: {Protocol} {SourceIp}:{SourcePort} to {DestinationIp}:{DestinationPort}[, host {DestinationHostname}]`)

// Sysmon17 records that a named pipe was created.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// PipeEvent.
type Sysmon17 struct {
	System
	RuleName    string `evtx:",dash,since=1"`
	EventType   string `evtx:",dash,since=2"` // CreatePipe
	UtcTime     time.Time
	ProcessGuid GUID
	ProcessId   uint32
	PipeName    string `evtx:",dash"`
	Image       string `evtx:",dash"`
	User        string `evtx:",dash,since=3"`
	Extra       []Field
}

var _ = declare[Sysmon17](sysmon, 17, written{versions: []uint8{1}, level: 4, task: 17, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) created the pipe {PipeName}`)

// Sysmon18 records that a process connected to a named pipe.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// PipeEvent.
type Sysmon18 struct {
	System
	RuleName    string `evtx:",dash,since=1"`
	EventType   string `evtx:",dash,since=2"` // ConnectPipe
	UtcTime     time.Time
	ProcessGuid GUID
	ProcessId   uint32
	PipeName    string `evtx:",dash"`
	Image       string `evtx:",dash"`
	User        string `evtx:",dash,since=3"`
	Extra       []Field
}

var _ = declare[Sysmon18](sysmon, 18, written{versions: []uint8{1}, level: 4, task: 18, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) connected to the pipe {PipeName}`)

// Sysmon22 records that a process looked up a name.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// DnsQuery; Windows 8.1 or later.
type Sysmon22 struct {
	System
	RuleName     string `evtx:",dash"`
	UtcTime      time.Time
	ProcessGuid  GUID
	ProcessId    uint32
	QueryName    string          `evtx:",dash"`
	QueryStatus  winid.ErrorText `evtx:",dash"`
	QueryResults string          `evtx:",dash"` // addresses, and type: 5 NAME for aliases, separated by semicolons
	Image        string          `evtx:",dash"`
	User         string          `evtx:",dash,since=1"`
	Extra        []Field
}

var _ = declare[Sysmon22](sysmon, 22, written{versions: []uint8{5}, level: 4, task: 22, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) looked up {QueryName}: {QueryResults|"no results"}, status {QueryStatus}`)

// Sysmon4 records that the Sysmon service started or stopped.
//
// Policy: none of Windows; Sysmon must be installed, and always writes it.
type Sysmon4 struct {
	System
	UtcTime       time.Time
	State         string `evtx:",dash"` // Started, Stopped
	SysmonVersion string `evtx:"Version,dash"`
	SchemaVersion string `evtx:",dash"`
	Extra         []Field
}

var _ = declare[Sysmon4](sysmon, 4, written{versions: []uint8{3}, level: 4, task: 4, keywords: 0x8000000000000000},
	`Sysmon {SysmonVersion}: {State}`)

// Sysmon16 records that the configuration of Sysmon was changed.
//
// Policy: none of Windows; Sysmon must be installed, and always writes it.
type Sysmon16 struct {
	System
	UtcTime               time.Time
	Configuration         string `evtx:",dash"` // the path of the file, or the command line
	ConfigurationFileHash string `evtx:",dash"`
	Extra                 []Field
}

var _ = declare[Sysmon16](sysmon, 16, written{versions: []uint8{3}, level: 4, task: 16, keywords: 0x8000000000000000},
	`the configuration of Sysmon was set: {Configuration}[, {ConfigurationFileHash}]`)

// Sysmon255 records an error of Sysmon. Events may be missing around it.
//
// Policy: none of Windows; Sysmon must be installed, and always writes it.
type Sysmon255 struct {
	System
	UtcTime     time.Time
	ID          string `evtx:",dash"`
	Description string `evtx:",dash"`
	Extra       []Field
}

var _ = declare[Sysmon255](sysmon, 255, written{versions: []uint8{3}, level: 2, task: 255, keywords: 0x8000000000000000},
	`Sysmon: error {ID}: {Description}`)
