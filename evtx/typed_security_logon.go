package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// These events record logons and logoffs.

// Security4624 records that an account logged on. Windows writes it on the machine
// that was logged on to, for logons of every type.
//
// Policy: Audit Logon (success).
type Security4624 struct {
	System
	SubjectUserSid            string `evtx:",sid,dash"`
	SubjectUserName           string `evtx:",dash"`
	SubjectDomainName         string `evtx:",dash"`
	SubjectLogonId            uint64 `evtx:",hex"`
	TargetUserSid             string `evtx:",sid"`
	TargetUserName            string
	TargetDomainName          string
	TargetLogonId             uint64 `evtx:",hex"`
	LogonType                 winid.LogonType
	LogonProcessName          string `evtx:",dash"`
	AuthenticationPackageName string `evtx:",dash"`
	WorkstationName           string `evtx:",dash"`
	LogonGuid                 GUID
	TransmittedServices       string `evtx:",dash"`
	LmPackageName             string `evtx:",dash"`
	KeyLength                 uint32
	ProcessId                 uint64              `evtx:",pointer"`
	ProcessName               string              `evtx:",dash"`
	IpAddress                 string              `evtx:",dash"`
	IpPort                    string              `evtx:",dash"`
	ImpersonationLevel        winid.ParameterText `evtx:",since=1"`
	RestrictedAdminMode       winid.ParameterText `evtx:",dash,since=2"`
	RemoteCredentialGuard     winid.ParameterText `evtx:",since=3"`
	TargetOutboundUserName    string              `evtx:",dash,since=2"`
	TargetOutboundDomainName  string              `evtx:",dash,since=2"`
	VirtualAccount            winid.ParameterText `evtx:",since=2"`
	TargetLinkedLogonId       uint64              `evtx:",hex,since=2"`
	ElevatedToken             winid.ParameterText `evtx:",since=2"`
	Extra                     []Field
}

var _ = declare[Security4624](security, 4624, written{versions: []uint8{0, 1, 2, 3}, task: auditLogon, keywords: auditSuccess},
	`{TargetDomainName\TargetUserName} logged on: type {LogonType}, LogonId {TargetLogonId}[, from {IpAddress}][, workstation {WorkstationName}]`)

// Security4625 records that an account failed to log on. Windows writes it on the
// machine that was to be logged on to; Task is that of Account Lockout if the account
// was locked out.
//
// Policy: Audit Logon, or Audit Account Lockout (failure).
type Security4625 struct {
	System
	SubjectUserSid            string         `evtx:",sid,dash"`
	SubjectUserName           string         `evtx:",dash"`
	SubjectDomainName         string         `evtx:",dash"`
	SubjectLogonId            uint64         `evtx:",hex"`
	TargetUserSid             string         `evtx:",sid,dash"`
	TargetUserName            string         `evtx:",dash"`
	TargetDomainName          string         `evtx:",dash"`
	Status                    winid.NTStatus `evtx:",hex"`
	FailureReason             winid.ParameterText
	SubStatus                 winid.NTStatus `evtx:",hex"`
	LogonType                 winid.LogonType
	LogonProcessName          string
	AuthenticationPackageName string
	WorkstationName           string `evtx:",dash"`
	TransmittedServices       string `evtx:",dash"`
	LmPackageName             string `evtx:",dash"`
	KeyLength                 uint32
	ProcessId                 uint64 `evtx:",pointer"`
	ProcessName               string `evtx:",dash"`
	IpAddress                 string `evtx:",dash"`
	IpPort                    string `evtx:",dash"`
	Extra                     []Field
}

var _ = declare[Security4625](security, 4625, written{task: auditLogon, keywords: auditFailure},
	`{TargetDomainName\TargetUserName} failed to log on: type {LogonType}, status {Status}, sub-status {SubStatus}[, from {IpAddress}][, workstation {WorkstationName}]`)

// Security4627 records the groups that a new logon is a member of. Windows writes it
// beside 4624, and several of it if the list is long.
//
// Policy: Audit Group Membership (success).
type Security4627 struct {
	System
	SubjectUserSid    string `evtx:",sid,dash"`
	SubjectUserName   string `evtx:",dash"`
	SubjectDomainName string `evtx:",dash"`
	SubjectLogonId    uint64 `evtx:",hex"`
	TargetUserSid     string `evtx:",sid"`
	TargetUserName    string
	TargetDomainName  string
	TargetLogonId     uint64 `evtx:",hex"`
	LogonType         winid.LogonType
	EventIdx          uint32
	EventCountTotal   uint32
	GroupMembership   string
	Extra             []Field
}

var _ = declare[Security4627](security, 4627, written{task: auditGroupMembership, keywords: auditSuccess},
	`{TargetDomainName\TargetUserName} logged on as a member of groups: type {LogonType}, LogonId {TargetLogonId}, part {EventIdx} of {EventCountTotal}: {GroupMembership}`)

// Security4634 records that a logon session ended. Windows writes it for network
// logons above all; 4647 records a logoff by the user.
//
// Policy: Audit Logoff (success).
type Security4634 struct {
	System
	TargetUserSid    string `evtx:",sid"`
	TargetUserName   string
	TargetDomainName string
	TargetLogonId    uint64 `evtx:",hex"`
	LogonType        winid.LogonType
	Extra            []Field
}

var _ = declare[Security4634](security, 4634, written{task: auditLogoff, keywords: auditSuccess},
	`{TargetDomainName\TargetUserName} logged off: type {LogonType}, LogonId {TargetLogonId}`)

// Security4647 records that a user asked to log off from an interactive session.
//
// Policy: Audit Logoff (success).
type Security4647 struct {
	System
	TargetUserSid    string `evtx:",sid"`
	TargetUserName   string
	TargetDomainName string
	TargetLogonId    uint64 `evtx:",hex"`
	Extra            []Field
}

var _ = declare[Security4647](security, 4647, written{task: auditLogoff, keywords: auditSuccess},
	`{TargetDomainName\TargetUserName} initiated a logoff: LogonId {TargetLogonId}`)

// Security4648 records that a process used the credentials of another account
// explicitly, as runas, scheduled tasks and network connections do. Windows writes it
// on the machine of that process. On 32-bit Windows both GUIDs have the name
// LogonGuid; then LogonGuid is the first.
//
// Policy: Audit Logon (success).
type Security4648 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	LogonGuid         GUID
	TargetUserName    string
	TargetDomainName  string
	TargetLogonGuid   GUID // named LogonGuid too by 32-bit Windows, and then in Extra
	TargetServerName  string
	TargetInfo        string
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	IpAddress         string `evtx:",dash"`
	IpPort            string `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4648](security, 4648, written{task: auditLogon, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) used the credentials of {TargetDomainName\TargetUserName} for {TargetServerName}[, from {IpAddress}][, process {ProcessName}]`)

// Security4649 records that a domain controller saw a Kerberos request twice, which a
// replay attack or a fault of the network causes.
//
// Policy: Audit Other Logon/Logoff Events (success).
type Security4649 struct {
	System
	SubjectUserSid        string `evtx:",sid"`
	SubjectUserName       string
	SubjectDomainName     string
	SubjectLogonId        uint64 `evtx:",hex"`
	TargetUserName        string
	TargetDomainName      string
	RequestType           string
	LogonProcessName      string
	AuthenticationPackage string
	WorkstationName       string `evtx:",dash"`
	TransmittedServices   string `evtx:",dash"`
	ProcessId             uint64 `evtx:",pointer"`
	ProcessName           string
	Extra                 []Field
}

var _ = declare[Security4649](security, 4649, written{task: auditOtherLogon, keywords: auditSuccess},
	`a Kerberos request of {TargetDomainName\TargetUserName} was replayed[, workstation {WorkstationName}][, process {ProcessName}]`)

// Security4672 records that a new logon has privileges of an administrator. Windows
// writes it right after 4624.
//
// Policy: Audit Special Logon (success).
type Security4672 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	PrivilegeList     winid.Privileges
	Extra             []Field
}

var _ = declare[Security4672](security, 4672, written{task: auditSpecialLogon, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) was assigned the privileges {PrivilegeList}`)

// Security4675 records that SIDs were left out of the token of a logon from a trusted
// domain.
//
// Policy: Audit Logon (success).
type Security4675 struct {
	System
	TargetUserSid    string `evtx:",sid"`
	TargetUserName   string
	TargetDomainName string
	TdoDirection     uint32
	TdoAttributes    uint32
	TdoType          uint32
	TdoSid           string `evtx:",sid"`
	SidList          string `evtx:",dash"`
	Extra            []Field
}

var _ = declare[Security4675](security, 4675, written{task: auditLogon, keywords: auditSuccess},
	`SIDs of {TargetDomainName\TargetUserName} were filtered: {SidList}`)

// Security4964 records that a member of a group that is watched logged on. The
// registry lists the groups (SpecialGroups below Lsa\Audit).
//
// Policy: Audit Special Logon (success).
type Security4964 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	LogonGuid         GUID
	TargetUserSid     string `evtx:",sid"`
	TargetUserName    string
	TargetDomainName  string
	TargetLogonId     uint64 `evtx:",hex"`
	TargetLogonGuid   GUID
	SidList           string
	Extra             []Field
}

var _ = declare[Security4964](security, 4964, written{task: auditSpecialLogon, keywords: auditSuccess},
	`{TargetDomainName\TargetUserName}, a member of the special groups {SidList}, logged on: LogonId {TargetLogonId}`)
