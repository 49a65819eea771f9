package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// These events record processes, their tokens and privileges.

// Security4673 records that a process used a privilege for a service of the kernel or
// of LSA. Task is that of Non Sensitive Privilege Use for other privileges.
//
// Policy: Audit Sensitive Privilege Use, or Audit Non Sensitive Privilege Use (success and failure).
type Security4673 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ObjectServer      string
	Service           string `evtx:",dash"`
	PrivilegeList     winid.Privileges
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	Extra             []Field
}

var _ = declare[Security4673](security, 4673, written{task: auditSensitivePrivilege, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) called the privileged service {Service|ObjectServer}: privileges {PrivilegeList}, process {ProcessName}`)

// Security4674 records that a process used a privilege on an object that it had
// opened. Task is that of Non Sensitive Privilege Use for other privileges.
//
// Policy: Audit Sensitive Privilege Use, or Audit Non Sensitive Privilege Use (success and failure).
type Security4674 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ObjectServer      string
	ObjectType        string `evtx:",dash"`
	ObjectName        string `evtx:",dash"`
	HandleId          uint64 `evtx:",pointer"`
	AccessMask        winid.ParameterText
	PrivilegeList     winid.Privileges
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	Extra             []Field
}

var _ = declare[Security4674](security, 4674, written{task: auditSensitivePrivilege, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) used the privileges {PrivilegeList} on [{ObjectType} ]{ObjectName|ObjectServer}, process {ProcessName}`)

// Security4688 records that a process was started. CommandLine is empty unless the
// policy "Include command line in process creation events" is enabled. A logon of zero
// in TargetLogonId means that of the subject.
//
// Policy: Audit Process Creation (success).
type Security4688 struct {
	System
	SubjectUserSid     string `evtx:",sid"` // of the creator
	SubjectUserName    string
	SubjectDomainName  string
	SubjectLogonId     uint64 `evtx:",hex"`
	NewProcessId       uint64 `evtx:",pointer"`
	NewProcessName     string
	TokenElevationType winid.ParameterText
	ProcessId          uint64 `evtx:",pointer"` // of the creator
	CommandLine        string `evtx:",since=1"`
	TargetUserSid      string `evtx:",sid,dash,since=2"` // S-1-0-0 if it is the subject
	TargetUserName     string `evtx:",dash,since=2"`
	TargetDomainName   string `evtx:",dash,since=2"`
	TargetLogonId      uint64 `evtx:",hex,since=2"`
	ParentProcessName  string `evtx:",since=3"`
	MandatoryLabel     string `evtx:",sid,since=3"`
	Extra              []Field
}

var _ = declare[Security4688](security, 4688, written{versions: []uint8{0, 1, 2, 2}, task: auditProcessCreation, keywords: auditSuccess},
	`{NewProcessName} (process {NewProcessId}) was started by {ParentProcessName|"its parent"} (process {ProcessId}) as {TargetDomainName\TargetUserName|SubjectDomainName\SubjectUserName}, LogonId {TargetLogonId|SubjectLogonId}[, command line {CommandLine}]`)

// Security4689 records that a process ended.
//
// Policy: Audit Process Termination (success).
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

var _ = declare[Security4689](security, 4689, written{task: auditProcessTermination, keywords: auditSuccess},
	`{ProcessName} (process {ProcessId}) ended with status {Status|"0x0"}`)

// Security4696 records that a process was assigned a primary token. It is deprecated
// since Windows 7 and Server 2008 R2.
//
// Policy: Audit Process Creation (success).
type Security4696 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	TargetUserSid     string `evtx:",sid"`
	TargetUserName    string
	TargetDomainName  string
	TargetLogonId     uint64 `evtx:",hex"`
	TargetProcessId   uint64 `evtx:",pointer"`
	TargetProcessName string
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	Extra             []Field
}

var _ = declare[Security4696](security, 4696, written{task: auditProcessCreation, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) assigned a token of {TargetDomainName\TargetUserName} to {TargetProcessName} (process {TargetProcessId})`)

// Security4703 records that privileges of a token were enabled or disabled.
//
// Policy: Audit Token Right Adjusted (success).
type Security4703 struct {
	System
	SubjectUserSid        string `evtx:",sid"`
	SubjectUserName       string
	SubjectDomainName     string
	SubjectLogonId        uint64 `evtx:",hex"`
	TargetUserSid         string `evtx:",sid"`
	TargetUserName        string
	TargetDomainName      string
	TargetLogonId         uint64 `evtx:",hex"`
	ProcessName           string
	ProcessId             uint64 `evtx:",pointer"`
	EnabledPrivilegeList  winid.Privileges
	DisabledPrivilegeList winid.Privileges `evtx:",dash"`
	Extra                 []Field
}

var _ = declare[Security4703](security, 4703, written{task: auditTokenRight, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) adjusted the token of {TargetDomainName\TargetUserName}[: enabled {EnabledPrivilegeList}][: disabled {DisabledPrivilegeList}], process {ProcessName}`)
