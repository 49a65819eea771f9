package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// These events record changes of the audit policy and of the rights of accounts.

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

// Security4714 records that the policy for the recovery of encrypted files (EFS) was
// changed.
//
// Policy: Audit Other Policy Change Events (success).
type Security4714 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	EfsPolicyChange   string
	Extra             []Field
}

var _ = declare[Security4714](security, 4714, written{task: auditOtherPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the recovery policy for encrypted files: {EfsPolicyChange}`)

// Security4715 records that the system access control list of the audit policy was
// changed.
//
// Policy: Audit Audit Policy Change (success).
type Security4715 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	OldSd             string
	NewSd             string
	Extra             []Field
}

var _ = declare[Security4715](security, 4715, written{task: auditPolicyChange, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the permissions of the audit policy from {OldSd} to {NewSd}`)

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

// Security4817 records that the global system access control list for files or
// registry keys was changed.
//
// Policy: Audit Audit Policy Change (success).
type Security4817 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ObjectServer      string
	ObjectType        string
	ObjectName        string
	OldSd             string
	NewSd             string
	Extra             []Field
}

var _ = declare[Security4817](security, 4817, written{task: auditPolicyChange, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the global auditing settings of {ObjectType}[ {ObjectName}][ from {OldSd}] to {NewSd}`)

// Security4819 records that the central access policies of the machine were changed.
//
// Policy: Audit Other Policy Change Events (success).
type Security4819 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ObjectServer      string
	ObjectType        string
	AddedCAPs         string
	DeletedCAPs       string
	ModifiedCAPs      string
	AsIsCAPs          string
	Extra             []Field
}

var _ = declare[Security4819](security, 4819, written{task: auditOtherPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the central access policies[: added {AddedCAPs}][: deleted {DeletedCAPs}][: changed {ModifiedCAPs}]`)

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

// Security4912 records that the audit policy of one user was changed.
//
// Policy: Audit Audit Policy Change (success).
type Security4912 struct {
	System
	SubjectUserSid     string `evtx:",sid"`
	SubjectUserName    string
	SubjectDomainName  string
	SubjectLogonId     uint64 `evtx:",hex"`
	TargetUserSid      string `evtx:",sid"`
	CategoryId         winid.ParameterText
	SubcategoryId      winid.ParameterText
	SubcategoryGuid    GUID
	AuditPolicyChanges winid.ParameterText
	Extra              []Field
}

var _ = declare[Security4912](security, 4912, written{task: auditPolicyChange, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the audit policy of {TargetUserSid} for {SubcategoryId} ({CategoryId}): {AuditPolicyChanges}`)
