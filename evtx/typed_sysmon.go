package evtx

import (
	"strings"
	"time"
)

// The events of Sysmon. Layouts are numbered in the order in which they appeared, because
// their Version does not change. Times are Sysmon's own, in milliseconds.

const (
	providerSysmon = "Microsoft-Windows-Sysmon"
	channelSysmon  = providerSysmon + "/Operational"
)

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
}

var _ = declare[Sysmon1]("sysmon-1", providerSysmon, channelSysmon, 1)

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
}

var _ = declare[Sysmon2]("sysmon-2", providerSysmon, channelSysmon, 2)

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
}

var _ = declare[Sysmon3]("sysmon-3", providerSysmon, channelSysmon, 3)

// Sysmon5 records the end of a process.
type Sysmon5 struct {
	System
	RuleName    string `evtx:",since=1"`
	UtcTime     time.Time
	ProcessGuid GUID
	ProcessId   uint32
	Image       string
	User        string `evtx:",since=2"`
}

var _ = declare[Sysmon5]("sysmon-5", providerSysmon, channelSysmon, 5)

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
}

var _ = declare[Sysmon11]("sysmon-11", providerSysmon, channelSysmon, 11)

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
}

var _ = declare[Sysmon12]("sysmon-12", providerSysmon, channelSysmon, 12)

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
}

var _ = declare[Sysmon13]("sysmon-13", providerSysmon, channelSysmon, 13)

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
}

var _ = declare[Sysmon14]("sysmon-14", providerSysmon, channelSysmon, 14)

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
}

var _ = declare[Sysmon15]("sysmon-15", providerSysmon, channelSysmon, 15)

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
}

var _ = declare[Sysmon23]("sysmon-23", providerSysmon, channelSysmon, 23)

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
}

var _ = declare[Sysmon26]("sysmon-26", providerSysmon, channelSysmon, 26)

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
