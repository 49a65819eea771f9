package evtx

import (
	"strings"
	"time"
)

// The events of Sysmon. Layouts are numbered in the order in which they appeared, because
// their Version does not change. Times are Sysmon's own, in milliseconds.

var sysmon = source{
	name: "sysmon", provider: "Microsoft-Windows-Sysmon", guid: "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}",
	channel: "Microsoft-Windows-Sysmon/Operational",
}

// Sysmon1 records a new process.
type Sysmon1 struct {
	System
	RuleName          string `evtx:",since=1"`
	UtcTime           time.Time
	ProcessGuid       GUID
	ProcessId         uint32
	Image             string
	FileVersion       string `evtx:",since=1"`
	Description       string `evtx:",since=1"`
	Product           string `evtx:",since=1"`
	Company           string `evtx:",since=1"`
	OriginalFileName  string `evtx:",since=2"`
	CommandLine       string
	CurrentDirectory  string
	User              string
	LogonGuid         GUID
	LogonId           uint64 `evtx:",hex"`
	TerminalSessionId uint32
	IntegrityLevel    string
	Hashes            string
	ParentProcessGuid GUID
	ParentProcessId   uint32
	ParentImage       string
	ParentCommandLine string
	ParentUser        string `evtx:",since=3"`
	Extra             []Field
}

var _ = declare[Sysmon1](sysmon, 1, written{versions: []uint8{5}, level: 4, task: 1, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) was started by {ParentImage} (process {ParentProcessId}) as {User}, LogonId {LogonId}[, command line {CommandLine}]`)

// Hash returns the hash of the given algorithm; see HashOf.
func (e *Sysmon1) Hash(algorithm string) string { return HashOf(e.Hashes, algorithm) }

// Sysmon2 records that a process changed the creation time of a file.
type Sysmon2 struct {
	System
	RuleName                string `evtx:",since=1"`
	UtcTime                 time.Time
	ProcessGuid             GUID
	ProcessId               uint32
	Image                   string
	TargetFilename          string
	CreationUtcTime         time.Time
	PreviousCreationUtcTime time.Time
	User                    string `evtx:",since=2"`
	Extra                   []Field
}

var _ = declare[Sysmon2](sysmon, 2, written{versions: []uint8{5}, level: 4, task: 2, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) changed the creation time of {TargetFilename} from {PreviousCreationUtcTime} to {CreationUtcTime}`)

// Sysmon3 records a network connection.
type Sysmon3 struct {
	System
	RuleName            string `evtx:",since=1"`
	UtcTime             time.Time
	ProcessGuid         GUID
	ProcessId           uint32
	Image               string
	User                string
	Protocol            string
	Initiated           bool
	SourceIsIpv6        bool
	SourceIp            string
	SourceHostname      string
	SourcePort          uint16
	SourcePortName      string
	DestinationIsIpv6   bool
	DestinationIp       string
	DestinationHostname string
	DestinationPort     uint16
	DestinationPortName string
	Extra               []Field
}

var _ = declare[Sysmon3](sysmon, 3, written{versions: []uint8{5}, level: 4, task: 3, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) connected: {Protocol} {SourceIp}:{SourcePort} to {DestinationIp}:{DestinationPort}[, host {DestinationHostname}]`)

// Sysmon5 records the end of a process.
type Sysmon5 struct {
	System
	RuleName    string `evtx:",since=1"`
	UtcTime     time.Time
	ProcessGuid GUID
	ProcessId   uint32
	Image       string
	User        string `evtx:",since=2"`
	Extra       []Field
}

var _ = declare[Sysmon5](sysmon, 5, written{versions: []uint8{3}, level: 4, task: 5, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) ended`)

// Sysmon11 records that a file was created or overwritten.
type Sysmon11 struct {
	System
	RuleName        string `evtx:",since=1"`
	UtcTime         time.Time
	ProcessGuid     GUID
	ProcessId       uint32
	Image           string
	TargetFilename  string
	CreationUtcTime time.Time
	User            string `evtx:",since=2"`
	Extra           []Field
}

var _ = declare[Sysmon11](sysmon, 11, written{versions: []uint8{2}, level: 4, task: 11, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) created {TargetFilename}`)

// Sysmon12 records that a registry key or value was created or deleted.
type Sysmon12 struct {
	System
	RuleName     string `evtx:",since=1"`
	EventType    string // CreateKey, DeleteKey, DeleteValue
	UtcTime      time.Time
	ProcessGuid  GUID
	ProcessId    uint32
	Image        string
	TargetObject string
	User         string `evtx:",since=2"`
	Extra        []Field
}

var _ = declare[Sysmon12](sysmon, 12, written{versions: []uint8{2}, level: 4, task: 12, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}): {EventType} {TargetObject}`)

// Sysmon13 records that a registry value was set.
type Sysmon13 struct {
	System
	RuleName     string `evtx:",since=1"`
	EventType    string // SetValue
	UtcTime      time.Time
	ProcessGuid  GUID
	ProcessId    uint32
	Image        string
	TargetObject string
	Details      string
	User         string `evtx:",since=2"`
	Extra        []Field
}

var _ = declare[Sysmon13](sysmon, 13, written{versions: []uint8{2}, level: 4, task: 13, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) set {TargetObject} to {Details}`)

// Sysmon14 records that a registry key or value was renamed.
type Sysmon14 struct {
	System
	RuleName     string `evtx:",since=1"`
	EventType    string
	UtcTime      time.Time
	ProcessGuid  GUID
	ProcessId    uint32
	Image        string
	TargetObject string
	NewName      string
	User         string `evtx:",since=2"`
	Extra        []Field
}

var _ = declare[Sysmon14](sysmon, 14, written{versions: []uint8{2}, level: 4, task: 14, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) renamed {TargetObject} to {NewName}`)

// Sysmon15 records that a named stream was created, such as a Zone.Identifier.
type Sysmon15 struct {
	System
	RuleName        string `evtx:",since=1"`
	UtcTime         time.Time
	ProcessGuid     GUID
	ProcessId       uint32
	Image           string
	TargetFilename  string // with the name of the stream
	CreationUtcTime time.Time
	Hash            string // of the file's unnamed stream, in the form of Hashes
	Contents        string `evtx:",since=2"` // of the new stream, if it is text
	User            string `evtx:",since=2"`
	Extra           []Field
}

var _ = declare[Sysmon15](sysmon, 15, written{versions: []uint8{2}, level: 4, task: 15, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) created the stream {TargetFilename}[, contents {Contents}]`)

// Sysmon23 records that a file was deleted and archived.
type Sysmon23 struct {
	System
	RuleName       string
	UtcTime        time.Time
	ProcessGuid    GUID
	ProcessId      uint32
	User           string
	Image          string
	TargetFilename string
	Hashes         string
	IsExecutable   bool
	Archived       string
	Extra          []Field
}

var _ = declare[Sysmon23](sysmon, 23, written{versions: []uint8{5}, level: 4, task: 23, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) deleted {TargetFilename}, archived by Sysmon: {Archived}`)

// Hash returns the hash of the given algorithm; see HashOf.
func (e *Sysmon23) Hash(algorithm string) string { return HashOf(e.Hashes, algorithm) }

// Sysmon26 records that a file was deleted.
type Sysmon26 struct {
	System
	RuleName       string
	UtcTime        time.Time
	ProcessGuid    GUID
	ProcessId      uint32
	User           string
	Image          string
	TargetFilename string
	Hashes         string
	IsExecutable   bool
	Extra          []Field
}

var _ = declare[Sysmon26](sysmon, 26, written{versions: []uint8{5}, level: 4, task: 26, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) deleted {TargetFilename}`)

// Hash returns the hash of the given algorithm; see HashOf.
func (e *Sysmon26) Hash(algorithm string) string { return HashOf(e.Hashes, algorithm) }

// HashOf returns the hash of the given algorithm (MD5, SHA1, SHA256, IMPHASH) from a
// list that Sysmon writes as "MD5=…,SHA256=…". It is in lower-case hexadecimal, or ""
// if the list does not have it.
func HashOf(hashes, algorithm string) string {
	for part := range strings.SplitSeq(hashes, ",") {
		if name, value, ok := strings.Cut(part, "="); ok && strings.EqualFold(name, algorithm) {
			return strings.ToLower(value)
		}
	}
	return ""
}
