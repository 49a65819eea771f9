package evtx

import (
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// The events of Sysmon about processes: start and end, what they load, what they do to
// each other. Layouts are numbered in the order in which they appeared, because most
// Versions did not change with them. Times are Sysmon's own, in milliseconds. Sysmon
// writes "-" if there is no value; before version 10 it wrote nothing.

var sysmon = source{
	name: "sysmon", provider: "Microsoft-Windows-Sysmon",
	guid: "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}", channel: "Microsoft-Windows-Sysmon/Operational",
}

// Sysmon1 records a new process. Sysmon writes it for each process that its rules name,
// with the command line, whatever the policy of Windows is.
//
// Policy: none of Windows; Sysmon must be installed. Without a configuration it logs all
// processes.
type Sysmon1 struct {
	System
	RuleName          string `evtx:",dash,since=1"`
	UtcTime           time.Time
	ProcessGuid       GUID
	ProcessId         uint32
	Image             string `evtx:",dash"`
	FileVersion       string `evtx:",dash,since=1"`
	Description       string `evtx:",dash,since=1"`
	Product           string `evtx:",dash,since=1"`
	Company           string `evtx:",dash,since=1"`
	OriginalFileName  string `evtx:",dash,since=2"`
	CommandLine       string `evtx:",dash"`
	CurrentDirectory  string `evtx:",dash"`
	User              string `evtx:",dash"`
	LogonGuid         GUID
	LogonId           uint64 `evtx:",hex"`
	TerminalSessionId uint32
	IntegrityLevel    string `evtx:",dash"`
	Hashes            string `evtx:",dash"`
	ParentProcessGuid GUID
	ParentProcessId   uint32
	ParentImage       string `evtx:",dash"`
	ParentCommandLine string `evtx:",dash"`
	ParentUser        string `evtx:",dash,since=3"`
	Extra             []Field
}

var _ = declare[Sysmon1](sysmon, 1, written{versions: []uint8{5}, level: 4, task: 1, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) was started by {ParentImage|"its parent"} (process {ParentProcessId}) as {User}[, LogonId {LogonId}][, command line {CommandLine}]`)

// Hash returns the hash of the given algorithm; see HashOf.
func (e *Sysmon1) Hash(algorithm string) string { return HashOf(e.Hashes, algorithm) }

// Sysmon5 records the end of a process.
//
// Policy: none of Windows; Sysmon must be installed. Without a configuration it logs all
// processes.
type Sysmon5 struct {
	System
	RuleName    string `evtx:",dash,since=1"`
	UtcTime     time.Time
	ProcessGuid GUID
	ProcessId   uint32
	Image       string `evtx:",dash"`
	User        string `evtx:",dash,since=2"`
	Extra       []Field
}

var _ = declare[Sysmon5](sysmon, 5, written{versions: []uint8{3}, level: 4, task: 5, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) ended`)

// Sysmon6 records that a driver was loaded.
//
// Policy: none of Windows; Sysmon must be installed. Without a configuration it logs all
// drivers.
type Sysmon6 struct {
	System
	RuleName        string `evtx:",dash,since=1"`
	UtcTime         time.Time
	ImageLoaded     string `evtx:",dash"`
	Hashes          string `evtx:",dash"`
	Signed          string `evtx:",dash"` // "true" or "false"
	Signature       string `evtx:",dash"` // who signed it
	SignatureStatus string `evtx:",dash"`
	Extra           []Field
}

var _ = declare[Sysmon6](sysmon, 6, written{versions: []uint8{4}, level: 4, task: 6, keywords: 0x8000000000000000},
	`the driver {ImageLoaded} was loaded, signed: {Signed}[ by {Signature}][ ({SignatureStatus})]`)

// Hash returns the hash of the given algorithm; see HashOf.
func (e *Sysmon6) Hash(algorithm string) string { return HashOf(e.Hashes, algorithm) }

// Sysmon7 records that a process loaded an image, such as a DLL.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// ImageLoad.
type Sysmon7 struct {
	System
	RuleName         string `evtx:",dash,since=1"`
	UtcTime          time.Time
	ProcessGuid      GUID
	ProcessId        uint32
	Image            string `evtx:",dash"`
	ImageLoaded      string `evtx:",dash"`
	FileVersion      string `evtx:",dash,since=1"`
	Description      string `evtx:",dash,since=1"`
	Product          string `evtx:",dash,since=1"`
	Company          string `evtx:",dash,since=1"`
	OriginalFileName string `evtx:",dash,since=2"`
	Hashes           string `evtx:",dash"`
	Signed           string `evtx:",dash"` // "true" or "false"
	Signature        string `evtx:",dash"` // who signed the image
	SignatureStatus  string `evtx:",dash"`
	User             string `evtx:",dash,since=3"`
	Extra            []Field
}

var _ = declare[Sysmon7](sysmon, 7, written{versions: []uint8{3}, level: 4, task: 7, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) loaded {ImageLoaded}, signed: {Signed}[ by {Signature}][ ({SignatureStatus})]`)

// Hash returns the hash of the given algorithm; see HashOf.
func (e *Sysmon7) Hash(algorithm string) string { return HashOf(e.Hashes, algorithm) }

// Sysmon8 records that a process created a thread in another. Code is injected this way;
// debuggers and some programs of Windows do the same.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// CreateRemoteThread.
type Sysmon8 struct {
	System
	RuleName          string `evtx:",dash,since=1"`
	UtcTime           time.Time
	SourceProcessGuid GUID
	SourceProcessId   uint32
	SourceImage       string `evtx:",dash"`
	TargetProcessGuid GUID
	TargetProcessId   uint32
	TargetImage       string `evtx:",dash"`
	NewThreadId       uint32
	StartAddress      string `evtx:",dash"`
	StartModule       string `evtx:",dash"`
	StartFunction     string `evtx:",dash"`
	SourceUser        string `evtx:",dash,since=2"`
	TargetUser        string `evtx:",dash,since=2"`
	Extra             []Field
}

var _ = declare[Sysmon8](sysmon, 8, written{versions: []uint8{2}, level: 4, task: 8, keywords: 0x8000000000000000},
	`{SourceImage} (process {SourceProcessId}) created a thread in {TargetImage} (process {TargetProcessId}) at {StartAddress}[, {StartModule}[ {StartFunction}]]`)

// Sysmon9 records that a process read a disk or volume past the file system.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// RawAccessRead.
type Sysmon9 struct {
	System
	RuleName    string `evtx:",dash,since=1"`
	UtcTime     time.Time
	ProcessGuid GUID
	ProcessId   uint32
	Image       string `evtx:",dash"`
	Device      string `evtx:",dash"`
	User        string `evtx:",dash,since=2"`
	Extra       []Field
}

var _ = declare[Sysmon9](sysmon, 9, written{versions: []uint8{2}, level: 4, task: 9, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) read {Device} directly`)

// Sysmon10 records that a process opened another. Its memory can then be read, as that of
// lsass.exe for passwords.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// ProcessAccess.
type Sysmon10 struct {
	System
	RuleName          string `evtx:",dash,since=1"`
	UtcTime           time.Time
	SourceProcessGUID GUID
	SourceProcessId   uint32
	SourceThreadId    uint32
	SourceImage       string `evtx:",dash"`
	TargetProcessGUID GUID
	TargetProcessId   uint32
	TargetImage       string              `evtx:",dash"`
	GrantedAccess     winid.ProcessAccess `evtx:",hex"`
	CallTrace         string              `evtx:",dash"`
	SourceUser        string              `evtx:",dash,since=2"`
	TargetUser        string              `evtx:",dash,since=2"`
	Extra             []Field
}

var _ = declare[Sysmon10](sysmon, 10, written{versions: []uint8{3}, level: 4, task: 10, keywords: 0x8000000000000000},
	`{SourceImage} (process {SourceProcessId}) opened {TargetImage} (process {TargetProcessId}), access {GrantedAccess}`)

// Sysmon25 records that the image of a process was changed, as in process hollowing.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// ProcessTampering.
type Sysmon25 struct {
	System
	RuleName    string `evtx:",dash"`
	UtcTime     time.Time
	ProcessGuid GUID
	ProcessId   uint32
	Image       string `evtx:",dash"`
	Type        string `evtx:",dash"`
	User        string `evtx:",dash,since=1"`
	Extra       []Field
}

var _ = declare[Sysmon25](sysmon, 25, written{versions: []uint8{5}, level: 4, task: 25, keywords: 0x8000000000000000},
	`the image of {Image} (process {ProcessId}) was changed: {Type}`)

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
