package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// These events record changes of policies: of the audit, of the rights of accounts, of
// trusts and of the domain.

// Security4704 records that an account was given a user right.
//
// Policy: Audit Authorization Policy Change (success).
type Security4704 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	TargetSid         string `evtx:",sid"`
	PrivilegeList     winid.Privileges
	Extra             []Field
}

var _ = declare[Security4704](security, 4704, written{task: auditAuthorizationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) assigned the user rights {PrivilegeList} to {TargetSid}`)

// Security4705 records that a user right of an account was removed.
//
// Policy: Audit Authorization Policy Change (success).
type Security4705 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	TargetSid         string `evtx:",sid"`
	PrivilegeList     winid.Privileges
	Extra             []Field
}

var _ = declare[Security4705](security, 4705, written{task: auditAuthorizationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) removed the user rights {PrivilegeList} from {TargetSid}`)

// Security4706 records that a trust to another domain was created.
//
// Policy: Audit Authentication Policy Change (success).
type Security4706 struct {
	System
	DomainName          string
	DomainSid           string `evtx:",sid"`
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64 `evtx:",hex"`
	TdoType             uint32
	TdoDirection        uint32
	TdoAttributes       uint32
	SidFilteringEnabled winid.ParameterText
	Extra               []Field
}

var _ = declare[Security4706](security, 4706, written{task: auditAuthenticationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) created the trust to {DomainName} ({DomainSid})`)

// Security4707 records that a trust to another domain was removed.
//
// Policy: Audit Authentication Policy Change (success).
type Security4707 struct {
	System
	DomainName        string
	DomainSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4707](security, 4707, written{task: auditAuthenticationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) removed the trust to {DomainName} ({DomainSid})`)

// Security4713 records that the Kerberos policy of the domain was changed.
//
// Policy: Audit Authentication Policy Change (success).
type Security4713 struct {
	System
	SubjectUserSid       string `evtx:",sid"`
	SubjectUserName      string
	SubjectDomainName    string
	SubjectLogonId       uint64 `evtx:",hex"`
	KerberosPolicyChange string
	Extra                []Field
}

var _ = declare[Security4713](security, 4713, written{task: auditAuthenticationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the Kerberos policy: {KerberosPolicyChange}`)

// Security4716 records that a trust to another domain was changed.
//
// Policy: Audit Authentication Policy Change (success).
type Security4716 struct {
	System
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64 `evtx:",hex"`
	DomainName          string
	DomainSid           string `evtx:",sid"`
	TdoType             uint32
	TdoDirection        uint32
	TdoAttributes       uint32
	SidFilteringEnabled winid.ParameterText
	Extra               []Field
}

var _ = declare[Security4716](security, 4716, written{task: auditAuthenticationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the trust to {DomainName} ({DomainSid})`)

// Security4717 records that an account was given a right to log on.
//
// Policy: Audit Authentication Policy Change (success).
type Security4717 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	TargetSid         string `evtx:",sid"`
	AccessGranted     winid.Privileges
	Extra             []Field
}

var _ = declare[Security4717](security, 4717, written{task: auditAuthenticationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) granted the logon right {AccessGranted} to {TargetSid}`)

// Security4718 records that a right to log on of an account was removed.
//
// Policy: Audit Authentication Policy Change (success).
type Security4718 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	TargetSid         string `evtx:",sid"`
	AccessRemoved     winid.Privileges
	Extra             []Field
}

var _ = declare[Security4718](security, 4718, written{task: auditAuthenticationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) removed the logon right {AccessRemoved} from {TargetSid}`)

// Security4719 records that the audit policy was changed, as by auditpol or a group
// policy. Windows writes it whatever the policy.
//
// Policy: none; always written.
type Security4719 struct {
	System
	SubjectUserSid        string `evtx:",sid"`
	SubjectUserName       string
	SubjectDomainName     string
	SubjectLogonId        uint64 `evtx:",hex"`
	CategoryId            winid.ParameterText
	SubcategoryId         winid.ParameterText
	SubcategoryGuid       GUID
	AuditPolicyChanges    winid.ParameterText
	ClientProcessId       uint32 `evtx:",since=1"`
	ClientProcessStartKey uint64 `evtx:",since=1"`
	Extra                 []Field
}

var _ = declare[Security4719](security, 4719, written{versions: []uint8{0, 1}, task: auditPolicyChange, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the audit policy of {SubcategoryId} ({CategoryId}): {AuditPolicyChanges}`)

// Security4739 records that the policy of the domain for passwords and lockouts was
// changed. Attributes that did not change are "-".
//
// Policy: Audit Authentication Policy Change (success).
type Security4739 struct {
	System
	DomainPolicyChanged      string `evtx:",dash"`
	DomainName               string
	DomainSid                string `evtx:",sid"`
	SubjectUserSid           string `evtx:",sid"`
	SubjectUserName          string
	SubjectDomainName        string
	SubjectLogonId           uint64           `evtx:",hex"`
	PrivilegeList            winid.Privileges `evtx:",dash"`
	MinPasswordAge           string           `evtx:",dash"`
	MaxPasswordAge           string           `evtx:",dash"`
	ForceLogoff              string           `evtx:",dash"`
	LockoutThreshold         string           `evtx:",dash"`
	LockoutObservationWindow string           `evtx:",dash"`
	LockoutDuration          string           `evtx:",dash"`
	PasswordProperties       string           `evtx:",dash"`
	MinPasswordLength        string           `evtx:",dash"`
	PasswordHistoryLength    string           `evtx:",dash"`
	MachineAccountQuota      string           `evtx:",dash"`
	MixedDomainMode          string           `evtx:",dash"`
	DomainBehaviorVersion    string           `evtx:",dash"`
	OemInformation           string           `evtx:",dash"`
	Extra                    []Field
}

var _ = declare[Security4739](security, 4739, written{task: auditAuthenticationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the policy {DomainPolicyChanged} of the domain {DomainName}`)

// Security4865 records that an entry was added to what is known about a trusted
// forest.
//
// Policy: Audit Authentication Policy Change (success).
type Security4865 struct {
	System
	ForestRoot        string
	ForestRootSid     string `evtx:",sid"`
	OperationId       uint64 `evtx:",hex"`
	EntryType         uint32
	Flags             uint32
	TopLevelName      string `evtx:",dash"`
	DnsName           string `evtx:",dash"`
	NetbiosName       string `evtx:",dash"`
	DomainSid         string `evtx:",sid,dash"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4865](security, 4865, written{task: auditAuthenticationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) added {TopLevelName|DnsName} to the information about the trusted forest {ForestRoot}`)

// Security4902 records that the table of audit policies of users was created. Windows
// writes it at each start.
//
// Policy: Audit Audit Policy Change (success).
type Security4902 struct {
	System
	PuaCount    uint32
	PuaPolicyId uint64 `evtx:",hex"`
	Extra       []Field
}

var _ = declare[Security4902](security, 4902, written{task: auditPolicyChange, keywords: auditSuccess},
	`the table of {PuaCount} per-user audit policies was created`)

// Security4904 records that a process registered a source of security events.
//
// Policy: Audit Audit Policy Change (success).
type Security4904 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	AuditSourceName   string
	EventSourceId     uint64 `evtx:",hex"`
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	Extra             []Field
}

var _ = declare[Security4904](security, 4904, written{task: auditPolicyChange, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) registered the source of security events {AuditSourceName}, process {ProcessName}`)

// Security4905 records that a process unregistered a source of security events.
//
// Policy: Audit Audit Policy Change (success).
type Security4905 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	AuditSourceName   string
	EventSourceId     uint64 `evtx:",hex"`
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	Extra             []Field
}

var _ = declare[Security4905](security, 4905, written{task: auditPolicyChange, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) unregistered the source of security events {AuditSourceName}, process {ProcessName}`)

// Security4906 records that the value CrashOnAuditFail was changed.
//
// Policy: Audit Audit Policy Change (success).
type Security4906 struct {
	System
	CrashOnAuditFailValue uint32
	Extra                 []Field
}

var _ = declare[Security4906](security, 4906, written{task: auditPolicyChange, keywords: auditSuccess},
	`CrashOnAuditFail was set to {CrashOnAuditFailValue}`)

// Security4907 records that the system access control list of an object was changed.
//
// Policy: Audit Audit Policy Change (success).
type Security4907 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ObjectServer      string
	ObjectType        string
	ObjectName        string
	HandleId          uint64 `evtx:",pointer"`
	OldSd             string
	NewSd             string
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	Extra             []Field
}

var _ = declare[Security4907](security, 4907, written{task: auditPolicyChange, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the auditing settings of {ObjectType}[ {ObjectName}][ from {OldSd}] to {NewSd}, process {ProcessName}`)

// Security4908 records that the list of groups that 4964 watches was changed. Windows
// writes it at each start too.
//
// Policy: Audit Audit Policy Change (success).
type Security4908 struct {
	System
	SidList string `evtx:",dash"`
	Extra   []Field
}

var _ = declare[Security4908](security, 4908, written{task: auditPolicyChange, keywords: auditSuccess},
	`the special groups are now {SidList}`)
