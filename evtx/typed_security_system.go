package evtx

import (
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// These events record the state and the integrity of the system.

// Security4608 records that Windows started: the audit begins when LSA does.
//
// Policy: Audit Security State Change (success).
type Security4608 struct {
	System
	Extra []Field
}

var _ = declare[Security4608](security, 4608, written{task: auditSecurityState, keywords: auditSuccess},
	`Windows started`)

// Security4609 records that Windows shut down.
//
// Policy: Audit Security State Change (success).
type Security4609 struct {
	System
	Extra []Field
}

var _ = declare[Security4609](security, 4609, written{task: auditSecurityState, keywords: auditSuccess},
	`Windows shut down`)

// Security4612 records that events of the audit were lost because the queue of LSA was
// full.
//
// Policy: Audit System Integrity (success).
type Security4612 struct {
	System
	AuditsDiscarded uint32
	Extra           []Field
}

var _ = declare[Security4612](security, 4612, written{task: auditSystemIntegrity, keywords: auditSuccess},
	`{AuditsDiscarded} audit events were lost`)

// Security4615 records that a process used a port of LSA in a way that is not valid,
// to speak for another client.
//
// Policy: Audit System Integrity (success).
type Security4615 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	InvalidCallName   string
	ServerPortName    string
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	Extra             []Field
}

var _ = declare[Security4615](security, 4615, written{task: auditSystemIntegrity, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) made the invalid call {InvalidCallName} to {ServerPortName}, process {ProcessName}`)

// Security4616 records that the time of the system was changed. A service of the
// virtual machine or of time does so regularly. Windows 7 and older write dates and
// times as text; then the times are in Extra.
//
// Policy: Audit Security State Change (success).
type Security4616 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64    `evtx:",hex"`
	PreviousDate      string    `evtx:",until=0"`
	PreviousTime      time.Time `evtx:",filetime"`
	NewDate           string    `evtx:",until=0"`
	NewTime           time.Time `evtx:",filetime"`
	ProcessId         uint64    `evtx:",pointer"`
	ProcessName       string
	Extra             []Field
}

var _ = declare[Security4616](security, 4616, written{versions: []uint8{0, 1}, task: auditSecurityState, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the system time[ from {PreviousTime}][ to {NewTime}], process {ProcessName}`)

// Security4618 records that a pattern of events that is watched occurred, as a process
// reported to LSA.
//
// Policy: Audit System Integrity (success).
type Security4618 struct {
	System
	EventId          uint32
	ComputerName     string
	TargetUserSid    string `evtx:",sid"`
	TargetUserName   string
	TargetUserDomain string
	TargetLogonId    uint64 `evtx:",hex"`
	EventCount       uint32
	Duration         string
	Extra            []Field
}

var _ = declare[Security4618](security, 4618, written{task: auditSystemIntegrity, keywords: auditSuccess},
	`event {EventId} of {TargetUserDomain\TargetUserName} occurred {EventCount} times on {ComputerName}`)

// Security4621 records that an administrator let the system go on after it had stopped
// because it could not audit (CrashOnAuditFail).
//
// Policy: Audit Security State Change (success).
type Security4621 struct {
	System
	CrashOnAuditFailValue string
	Extra                 []Field
}

var _ = declare[Security4621](security, 4621, written{task: auditSecurityState, keywords: auditSuccess},
	`the system was recovered from CrashOnAuditFail`)

// Security4826 records that the boot configuration was loaded. Windows writes it at
// each start.
//
// Policy: Audit Other Policy Change Events (success).
type Security4826 struct {
	System
	SubjectUserSid         string `evtx:",sid"`
	SubjectUserName        string `evtx:",dash"`
	SubjectDomainName      string `evtx:",dash"`
	SubjectLogonId         uint64 `evtx:",hex"`
	LoadOptions            string `evtx:",dash"`
	AdvancedOptions        winid.ParameterText
	ConfigAccessPolicy     winid.ParameterText
	RemoteEventLogging     winid.ParameterText
	KernelDebug            winid.ParameterText
	VsmLaunchType          winid.ParameterText
	TestSigning            winid.ParameterText
	FlightSigning          winid.ParameterText
	DisableIntegrityChecks winid.ParameterText
	HypervisorLoadOptions  string `evtx:",dash"`
	HypervisorLaunchType   winid.ParameterText
	HypervisorDebug        winid.ParameterText
	Extra                  []Field
}

var _ = declare[Security4826](security, 4826, written{task: auditOtherPolicy, keywords: auditSuccess},
	`the boot configuration was loaded: test signing {TestSigning}, kernel debugging {KernelDebug}, integrity checks disabled {DisableIntegrityChecks}`)

// Security5038 records that the hash of an image file is not valid: it was changed, or
// the disk is faulty.
//
// Policy: Audit System Integrity (failure).
type Security5038 struct {
	System
	Param1 string `evtx:"param1"`
	Extra  []Field
}

var _ = declare[Security5038](security, 5038, written{task: auditSystemIntegrity, keywords: auditFailure},
	`the image hash of {Param1} is not valid`)

// Security5888 records that an object of the catalog of COM+ was changed.
//
// Policy: Audit Other Object Access Events (success).
type Security5888 struct {
	System
	SubjectUserSid              string `evtx:",sid"`
	SubjectUserName             string
	SubjectUserDomainName       string
	SubjectLogonId              uint64
	ObjectCollectionName        string
	ObjectIdentifyingProperties string
	ModifiedObjectProperties    string
	Extra                       []Field
}

var _ = declare[Security5888](security, 5888, written{task: auditSystemIntegrity, keywords: auditSuccess},
	`{SubjectUserDomainName\SubjectUserName} changed an object of {ObjectCollectionName} of the COM+ catalog: {ObjectIdentifyingProperties}`)

// Security5889 records that an object was deleted from the catalog of COM+.
//
// Policy: Audit Other Object Access Events (success).
type Security5889 struct {
	System
	SubjectUserSid              string `evtx:",sid"`
	SubjectUserName             string
	SubjectUserDomainName       string
	SubjectLogonId              uint64
	ObjectCollectionName        string
	ObjectIdentifyingProperties string
	ObjectProperties            string
	Extra                       []Field
}

var _ = declare[Security5889](security, 5889, written{task: auditSystemIntegrity, keywords: auditSuccess},
	`{SubjectUserDomainName\SubjectUserName} deleted an object from {ObjectCollectionName} of the COM+ catalog: {ObjectIdentifyingProperties}`)

// Security5890 records that an object was added to the catalog of COM+.
//
// Policy: Audit Other Object Access Events (success).
type Security5890 struct {
	System
	SubjectUserSid              string `evtx:",sid"`
	SubjectUserName             string
	SubjectUserDomainName       string
	SubjectLogonId              uint64
	ObjectCollectionName        string
	ObjectIdentifyingProperties string
	ObjectProperties            string
	Extra                       []Field
}

var _ = declare[Security5890](security, 5890, written{task: auditSystemIntegrity, keywords: auditSuccess},
	`{SubjectUserDomainName\SubjectUserName} added an object to {ObjectCollectionName} of the COM+ catalog: {ObjectIdentifyingProperties}`)

// Security6281 records that the page hashes of an image file are not valid: it was
// changed, or the disk is faulty.
//
// Policy: Audit System Integrity (failure).
type Security6281 struct {
	System
	Param1 string `evtx:"param1"`
	Extra  []Field
}

var _ = declare[Security6281](security, 6281, written{task: auditSystemIntegrity, keywords: auditFailure},
	`the page hashes of {Param1} are not valid`)

// Security6410 records that Code Integrity found that a file does not meet the
// requirements to load into a process.
//
// Policy: Audit System Integrity (failure).
type Security6410 struct {
	System
	Param1 string `evtx:"param1"`
	Extra  []Field
}

var _ = declare[Security6410](security, 6410, written{task: auditSystemIntegrity, keywords: auditFailure},
	`{Param1} does not meet the requirements to load`)
