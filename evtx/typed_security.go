package evtx

// The events of the Security log. Fields have the names that Windows gives them, in the
// order of the newest template. A field that was added later is tagged with the layout
// that introduced it, and is zero in older ones.

var security = source{
	name: "security", provider: "Microsoft-Windows-Security-Auditing", guid: "{54849625-5478-4994-a5ba-3e3b0328c30d}", channel: "Security",
}

// eventlogSecurity are the events of the event log service about the Security log.
var eventlogSecurity = source{name: "security", provider: providerEventlog, guid: guidEventlog, channel: "Security"}

// Security4624 records a logon.
type Security4624 struct {
	System
	SubjectUserSid            string `evtx:",sid"`
	SubjectUserName           string
	SubjectDomainName         string
	SubjectLogonId            uint64 `evtx:",hex"`
	TargetUserSid             string `evtx:",sid"`
	TargetUserName            string
	TargetDomainName          string
	TargetLogonId             uint64 `evtx:",hex"`
	LogonType                 uint32 // 2 interactive, 3 network, 4 batch, 5 service, 7 unlock, 8 network in clear text, 9 new credentials, 10 remote interactive, 11 cached
	LogonProcessName          string
	AuthenticationPackageName string
	WorkstationName           string
	LogonGuid                 GUID
	TransmittedServices       string
	LmPackageName             string
	KeyLength                 uint32
	ProcessId                 uint64 `evtx:",pointer"`
	ProcessName               string
	IpAddress                 string // or "-"
	IpPort                    string
	ImpersonationLevel        string `evtx:",since=1"`
	RestrictedAdminMode       string `evtx:",since=2"`
	RemoteCredentialGuard     string `evtx:",since=3"`
	TargetOutboundUserName    string `evtx:",since=2"`
	TargetOutboundDomainName  string `evtx:",since=2"`
	VirtualAccount            string `evtx:",since=2"`
	TargetLinkedLogonId       uint64 `evtx:",hex,since=2"`
	ElevatedToken             string `evtx:",since=2"`
	Extra                     []Field
}

var _ = declare[Security4624](security, 4624, written{versions: []uint8{0, 1, 2, 3}, task: 12544, keywords: auditSuccess},
	`{TargetDomainName\TargetUserName} logged on: type {LogonType}, LogonId {TargetLogonId}[, from {IpAddress|WorkstationName}]`)

// Security4625 records a failed logon.
type Security4625 struct {
	System
	SubjectUserSid            string `evtx:",sid"`
	SubjectUserName           string
	SubjectDomainName         string
	SubjectLogonId            uint64 `evtx:",hex"`
	TargetUserSid             string `evtx:",sid"`
	TargetUserName            string
	TargetDomainName          string
	Status                    uint32 `evtx:",hex"` // NTSTATUS
	FailureReason             string
	SubStatus                 uint32 `evtx:",hex"`
	LogonType                 uint32
	LogonProcessName          string
	AuthenticationPackageName string
	WorkstationName           string
	TransmittedServices       string
	LmPackageName             string
	KeyLength                 uint32
	ProcessId                 uint64 `evtx:",pointer"`
	ProcessName               string
	IpAddress                 string
	IpPort                    string
	Extra                     []Field
}

var _ = declare[Security4625](security, 4625, written{task: 12544, keywords: auditFailure},
	`{TargetDomainName\TargetUserName} failed to log on: type {LogonType}, status {Status}/{SubStatus}[, from {IpAddress|WorkstationName}]`)

// Security4634 records the end of a logon session.
type Security4634 struct {
	System
	TargetUserSid    string `evtx:",sid"`
	TargetUserName   string
	TargetDomainName string
	TargetLogonId    uint64 `evtx:",hex"`
	LogonType        uint32
	Extra            []Field
}

var _ = declare[Security4634](security, 4634, written{task: 12545, keywords: auditSuccess},
	`{TargetDomainName\TargetUserName} logged off: type {LogonType}, LogonId {TargetLogonId}`)

// Security4647 records a logoff that the user requested.
type Security4647 struct {
	System
	TargetUserSid    string `evtx:",sid"`
	TargetUserName   string
	TargetDomainName string
	TargetLogonId    uint64 `evtx:",hex"`
	Extra            []Field
}

var _ = declare[Security4647](security, 4647, written{task: 12545, keywords: auditSuccess},
	`{TargetDomainName\TargetUserName} initiated a logoff: LogonId {TargetLogonId}`)

// Security4648 records a logon with explicit credentials.
type Security4648 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	LogonGuid         GUID
	TargetUserName    string
	TargetDomainName  string
	TargetLogonGuid   GUID // 32-bit Windows names it LogonGuid too; then only Event has it
	TargetServerName  string
	TargetInfo        string
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	IpAddress         string
	IpPort            string
	Extra             []Field
}

var _ = declare[Security4648](security, 4648, written{task: 12544, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) used the credentials of {TargetDomainName\TargetUserName} for {TargetServerName}[, from {IpAddress}]`)

// Security4672 records the special privileges of a new logon.
type Security4672 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	PrivilegeList     string // separated by newlines and tabs
	Extra             []Field
}

var _ = declare[Security4672](security, 4672, written{task: 12548, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) was assigned the privileges {PrivilegeList}`)

// Security4688 records a new process.
type Security4688 struct {
	System
	SubjectUserSid     string `evtx:",sid"` // of the creator
	SubjectUserName    string
	SubjectDomainName  string
	SubjectLogonId     uint64 `evtx:",hex"`
	NewProcessId       uint64 `evtx:",pointer"`
	NewProcessName     string
	TokenElevationType string
	ProcessId          uint64 `evtx:",pointer"`     // of the creator
	CommandLine        string `evtx:",since=1"`     // empty unless the policy to log it is on
	TargetUserSid      string `evtx:",sid,since=2"` // S-1-0-0 if it is the subject
	TargetUserName     string `evtx:",since=2"`
	TargetDomainName   string `evtx:",since=2"`
	TargetLogonId      uint64 `evtx:",hex,since=2"`
	ParentProcessName  string `evtx:",since=3"`
	MandatoryLabel     string `evtx:",sid,since=3"`
	Extra              []Field
}

var _ = declare[Security4688](security, 4688, written{versions: []uint8{0, 1, 2, 2}, task: 13312, keywords: auditSuccess},
	`{NewProcessName} (process {NewProcessId}) was started by {ParentProcessName|"its parent"} (process {ProcessId}) as {TargetDomainName\TargetUserName|SubjectDomainName\SubjectUserName}, LogonId {TargetLogonId|SubjectLogonId}[, command line {CommandLine}]`)

// Security4689 records the end of a process.
type Security4689 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Status            uint32 `evtx:",hex"` // exit code
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	Extra             []Field
}

var _ = declare[Security4689](security, 4689, written{task: 13313, keywords: auditSuccess},
	`{ProcessName} (process {ProcessId}) ended with status {Status}`)

// Security4697 records that a service was installed.
type Security4697 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ServiceName       string
	ServiceFileName   string
	ServiceType       uint32 `evtx:",hex"`
	ServiceStartType  uint32
	ServiceAccount    string
	Extra             []Field
}

var _ = declare[Security4697](security, 4697, written{task: 12289, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) installed the service {ServiceName}: {ServiceFileName}, to run as {ServiceAccount}`)

// Security4698 records that a scheduled task was created.
type Security4698 struct {
	System
	SubjectUserSid        string `evtx:",sid"`
	SubjectUserName       string
	SubjectDomainName     string
	SubjectLogonId        uint64 `evtx:",hex"`
	TaskName              string
	TaskContent           string // XML
	ClientProcessStartKey uint64 `evtx:",since=1"`
	ClientProcessId       uint32 `evtx:",since=1"`
	ParentProcessId       uint32 `evtx:",since=1"`
	RpcCallClientLocality uint32 `evtx:",since=1"`
	FQDN                  string `evtx:",since=1"`
	Extra                 []Field
}

var _ = declare[Security4698](security, 4698, written{versions: []uint8{0, 1}, task: 12804, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) registered the task {TaskName}`)

// Security4720 records that a user account was created.
type Security4720 struct {
	System
	TargetUserName      string
	TargetDomainName    string
	TargetSid           string `evtx:",sid"`
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64 `evtx:",hex"`
	PrivilegeList       string
	SamAccountName      string
	DisplayName         string
	UserPrincipalName   string
	HomeDirectory       string
	HomePath            string
	ScriptPath          string
	ProfilePath         string
	UserWorkstations    string
	PasswordLastSet     string
	AccountExpires      string
	PrimaryGroupId      string
	AllowedToDelegateTo string
	OldUacValue         string
	NewUacValue         string
	UserAccountControl  string
	UserParameters      string
	SidHistory          string
	LogonHours          string
	Extra               []Field
}

var _ = declare[Security4720](security, 4720, written{task: 13824, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) created the account {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security1102 records that the Security log was cleared.
type Security1102 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security1102](eventlogSecurity, 1102, written{level: 4, task: 104, keywords: 0x4020000000000000, element: "LogFileCleared", namespace: nsEventlog},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) cleared the Security log`)
