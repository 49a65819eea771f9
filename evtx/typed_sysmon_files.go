package evtx

import "time"

// The events of Sysmon about files, streams and the clipboard.

// Sysmon2 records that a process changed the creation time of a file.
//
// Policy: none of Windows; Sysmon must be installed. Without a configuration it logs all
// such changes.
type Sysmon2 struct {
	System
	RuleName                string `evtx:",dash,since=1"`
	UtcTime                 time.Time
	ProcessGuid             GUID
	ProcessId               uint32
	Image                   string `evtx:",dash"`
	TargetFilename          string `evtx:",dash"`
	CreationUtcTime         time.Time
	PreviousCreationUtcTime time.Time
	User                    string `evtx:",dash,since=2"`
	Extra                   []Field
}

var _ = declare[Sysmon2](sysmon, 2, written{versions: []uint8{4, 4, 5}, level: 4, task: 2, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) changed the creation time of {TargetFilename} from {PreviousCreationUtcTime} to {CreationUtcTime}`)

// Sysmon11 records that a file was created or overwritten.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// FileCreate.
type Sysmon11 struct {
	System
	RuleName        string `evtx:",dash,since=1"`
	UtcTime         time.Time
	ProcessGuid     GUID
	ProcessId       uint32
	Image           string `evtx:",dash"`
	TargetFilename  string `evtx:",dash"`
	CreationUtcTime time.Time
	User            string `evtx:",dash,since=2"`
	Extra           []Field
}

var _ = declare[Sysmon11](sysmon, 11, written{versions: []uint8{2}, level: 4, task: 11, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) created {TargetFilename}`)

// Sysmon15 records that a named stream was created, such as a Zone.Identifier.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// FileCreateStreamHash.
type Sysmon15 struct {
	System
	RuleName        string `evtx:",dash,since=1"`
	UtcTime         time.Time
	ProcessGuid     GUID
	ProcessId       uint32
	Image           string `evtx:",dash"`
	TargetFilename  string `evtx:",dash"` // with the name of the stream
	CreationUtcTime time.Time
	Hash            string `evtx:",dash"`         // of the file's unnamed stream, in the form of Hashes
	Contents        string `evtx:",dash,since=2"` // of the new stream, if it is text
	User            string `evtx:",dash,since=2"`
	Extra           []Field
}

var _ = declare[Sysmon15](sysmon, 15, written{versions: []uint8{2}, level: 4, task: 15, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) created the stream {TargetFilename}[, contents {Contents}]`)

// Sysmon23 records that a file was deleted and archived.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// FileDelete.
type Sysmon23 struct {
	System
	RuleName       string `evtx:",dash"`
	UtcTime        time.Time
	ProcessGuid    GUID
	ProcessId      uint32
	User           string `evtx:",dash"`
	Image          string `evtx:",dash"`
	TargetFilename string `evtx:",dash"`
	Hashes         string `evtx:",dash"`
	IsExecutable   bool
	Archived       string `evtx:",dash"`
	Extra          []Field
}

var _ = declare[Sysmon23](sysmon, 23, written{versions: []uint8{5}, level: 4, task: 23, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) deleted {TargetFilename}, archived by Sysmon: {Archived}`)

// Hash returns the hash of the given algorithm; see HashOf.
func (e *Sysmon23) Hash(algorithm string) string { return HashOf(e.Hashes, algorithm) }

// Sysmon24 records that text was put on the clipboard. Sysmon archives the text under its
// hash.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// ClipboardChange.
type Sysmon24 struct {
	System
	RuleName    string `evtx:",dash"`
	UtcTime     time.Time
	ProcessGuid GUID
	ProcessId   uint32
	Image       string `evtx:",dash"`
	Session     uint32
	ClientInfo  string `evtx:",dash"` // of a remote session: its user, IP and host
	Hashes      string `evtx:",dash"`
	Archived    string `evtx:",dash"`
	User        string `evtx:",dash,since=1"`
	Extra       []Field
}

var _ = declare[Sysmon24](sysmon, 24, written{versions: []uint8{5}, level: 4, task: 24, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) put text on the clipboard of session {Session}[, {ClientInfo}]`)

// Sysmon26 records that a file was deleted.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// FileDeleteDetected.
type Sysmon26 struct {
	System
	RuleName       string `evtx:",dash"`
	UtcTime        time.Time
	ProcessGuid    GUID
	ProcessId      uint32
	User           string `evtx:",dash"`
	Image          string `evtx:",dash"`
	TargetFilename string `evtx:",dash"`
	Hashes         string `evtx:",dash"`
	IsExecutable   bool
	Extra          []Field
}

var _ = declare[Sysmon26](sysmon, 26, written{versions: []uint8{5}, level: 4, task: 26, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) deleted {TargetFilename}`)

// Hash returns the hash of the given algorithm; see HashOf.
func (e *Sysmon26) Hash(algorithm string) string { return HashOf(e.Hashes, algorithm) }

// Sysmon27 records that Sysmon kept a process from writing an executable.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// FileBlockExecutable.
type Sysmon27 struct {
	System
	RuleName       string `evtx:",dash"`
	UtcTime        time.Time
	ProcessGuid    GUID
	ProcessId      uint32
	User           string `evtx:",dash"`
	Image          string `evtx:",dash"`
	TargetFilename string `evtx:",dash"`
	Hashes         string `evtx:",dash"`
	Extra          []Field
}

var _ = declare[Sysmon27](sysmon, 27, written{versions: []uint8{5}, level: 4, task: 27, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) was kept from writing {TargetFilename}`)

// Hash returns the hash of the given algorithm; see HashOf.
func (e *Sysmon27) Hash(algorithm string) string { return HashOf(e.Hashes, algorithm) }

// Sysmon28 records that Sysmon kept a process from wiping a file.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// FileBlockShredding.
type Sysmon28 struct {
	System
	RuleName       string `evtx:",dash"`
	UtcTime        time.Time
	ProcessGuid    GUID
	ProcessId      uint32
	User           string `evtx:",dash"`
	Image          string `evtx:",dash"`
	TargetFilename string `evtx:",dash"`
	Hashes         string `evtx:",dash"`
	IsExecutable   bool
	Extra          []Field
}

var _ = declare[Sysmon28](sysmon, 28, written{versions: []uint8{5}, level: 4, task: 28, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) was kept from wiping {TargetFilename}`)

// Hash returns the hash of the given algorithm; see HashOf.
func (e *Sysmon28) Hash(algorithm string) string { return HashOf(e.Hashes, algorithm) }

// Sysmon29 records that a process wrote an executable.
//
// Policy: none of Windows; Sysmon must be installed, and its configuration must ask for
// FileExecutableDetected.
type Sysmon29 struct {
	System
	RuleName       string `evtx:",dash"`
	UtcTime        time.Time
	ProcessGuid    GUID
	ProcessId      uint32
	User           string `evtx:",dash"`
	Image          string `evtx:",dash"`
	TargetFilename string `evtx:",dash"`
	Hashes         string `evtx:",dash"`
	Extra          []Field
}

var _ = declare[Sysmon29](sysmon, 29, written{versions: []uint8{5}, level: 4, task: 29, keywords: 0x8000000000000000},
	`{Image} (process {ProcessId}) wrote the executable {TargetFilename}`)

// Hash returns the hash of the given algorithm; see HashOf.
func (e *Sysmon29) Hash(algorithm string) string { return HashOf(e.Hashes, algorithm) }
