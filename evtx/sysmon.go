package evtx

import (
	"strings"
	"time"
)

// The events of Sysmon. Its Version stays the same over layouts: fields that
// one lacks are zero. Times are Sysmon's own, in milliseconds.

// Sysmon1 is a new process.
type Sysmon1 struct {
	System
	RuleName          string
	UtcTime           time.Time
	ProcessGuid       GUID
	ProcessId         uint32
	Image             string
	FileVersion       string
	Description       string
	Product           string
	Company           string
	OriginalFileName  string
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
	ParentUser        string
}

// Hash returns one of the hashes; see HashOf.
func (e *Sysmon1) Hash(algorithm string) string { return HashOf(e.Hashes, algorithm) }

// Sysmon2 is a process that changed the creation time of a file.
type Sysmon2 struct {
	System
	RuleName                string
	UtcTime                 time.Time
	ProcessGuid             GUID
	ProcessId               uint32
	Image                   string
	TargetFilename          string
	CreationUtcTime         time.Time
	PreviousCreationUtcTime time.Time
	User                    string
}

// Sysmon3 is a network connection.
type Sysmon3 struct {
	System
	RuleName            string
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

// Sysmon5 is the end of a process.
type Sysmon5 struct {
	System
	RuleName    string
	UtcTime     time.Time
	ProcessGuid GUID
	ProcessId   uint32
	Image       string
	User        string
}

// Sysmon11 is a file that was created or overwritten.
type Sysmon11 struct {
	System
	RuleName        string
	UtcTime         time.Time
	ProcessGuid     GUID
	ProcessId       uint32
	Image           string
	TargetFilename  string
	CreationUtcTime time.Time
	User            string
}

// Sysmon12 is a registry key or value that was created or deleted.
type Sysmon12 struct {
	System
	RuleName     string
	EventType    string // CreateKey, DeleteKey, DeleteValue
	UtcTime      time.Time
	ProcessGuid  GUID
	ProcessId    uint32
	Image        string
	TargetObject string
	User         string
}

// Sysmon13 is a registry value that was set.
type Sysmon13 struct {
	System
	RuleName     string
	EventType    string // SetValue
	UtcTime      time.Time
	ProcessGuid  GUID
	ProcessId    uint32
	Image        string
	TargetObject string
	Details      string
	User         string
}

// Sysmon14 is a registry key or value that was renamed.
type Sysmon14 struct {
	System
	RuleName     string
	EventType    string
	UtcTime      time.Time
	ProcessGuid  GUID
	ProcessId    uint32
	Image        string
	TargetObject string
	NewName      string
	User         string
}

// Sysmon15 is a named stream that was created, such as a Zone.Identifier.
type Sysmon15 struct {
	System
	RuleName        string
	UtcTime         time.Time
	ProcessGuid     GUID
	ProcessId       uint32
	Image           string
	TargetFilename  string // with the name of the stream
	CreationUtcTime time.Time
	Hash            string // of the file's unnamed stream, as Hashes elsewhere
	Contents        string // of the new stream, where it is text
	User            string
}

// Sysmon23 is a file that was deleted and archived.
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

// Hash returns one of the hashes; see HashOf.
func (e *Sysmon23) Hash(algorithm string) string { return HashOf(e.Hashes, algorithm) }

// Sysmon26 is a file that was deleted.
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

// Hash returns one of the hashes; see HashOf.
func (e *Sysmon26) Hash(algorithm string) string { return HashOf(e.Hashes, algorithm) }

// HashOf returns one of the hashes that Sysmon lists as "MD5=…,SHA256=…", by its
// algorithm (MD5, SHA1, SHA256, IMPHASH), in lower-case hexadecimal; "" without
// it.
func HashOf(hashes, algorithm string) string {
	for part := range strings.SplitSeq(hashes, ",") {
		if name, value, ok := strings.Cut(part, "="); ok && strings.EqualFold(name, algorithm) {
			return strings.ToLower(value)
		}
	}
	return ""
}
