package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// These events record access to files, registry keys and other objects. Windows writes them
// only for objects whose system access control list (SACL) asks for it.

// Security4656 records that a handle to an object was requested. Task is that of the
// category of the object: File System, Registry, Kernel Object, Removable Storage.
//
// Policy: Audit Handle Manipulation, and the category of the object (success and failure).
type Security4656 struct {
	System
	SubjectUserSid     string `evtx:",sid"`
	SubjectUserName    string
	SubjectDomainName  string
	SubjectLogonId     uint64 `evtx:",hex"`
	ObjectServer       string
	ObjectType         string
	ObjectName         string
	HandleId           uint64 `evtx:",pointer"`
	TransactionId      GUID
	AccessList         winid.ParameterText
	AccessReason       winid.ParameterText `evtx:",dash,since=1"`
	AccessMask         winid.AccessMask    `evtx:",hex"`
	PrivilegeList      winid.Privileges    `evtx:",dash"`
	RestrictedSidCount uint32
	ProcessId          uint64 `evtx:",pointer"`
	ProcessName        string
	ResourceAttributes string `evtx:",dash,since=2"`
	Extra              []Field
}

var _ = declare[Security4656](security, 4656, written{versions: []uint8{0, 1, 1}, task: auditFileSystem, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) requested a handle to {ObjectType}[ {ObjectName}]: {AccessList}[, process {ProcessName}]`)

// Security4657 records that a value of the registry was created, changed or deleted.
//
// Policy: Audit Registry (success).
type Security4657 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ObjectName        string
	ObjectValueName   string
	HandleId          uint64 `evtx:",pointer"`
	OperationType     winid.ParameterText
	OldValueType      winid.ParameterText
	OldValue          string
	NewValueType      winid.ParameterText
	NewValue          string
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	Extra             []Field
}

var _ = declare[Security4657](security, 4657, written{task: auditRegistry, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the registry value {ObjectName\ObjectValueName}: {OperationType}[, from {OldValue}][, to {NewValue}], process {ProcessName}`)

// Security4658 records that a handle to an object was closed. Task is that of the
// category of the object.
//
// Policy: Audit Handle Manipulation, and the category of the object (success).
type Security4658 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ObjectServer      string
	HandleId          uint64 `evtx:",pointer"`
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	Extra             []Field
}

var _ = declare[Security4658](security, 4658, written{task: auditFileSystem, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) closed the handle {HandleId}, process {ProcessName}`)

// Security4659 records that a handle to an object was requested in order to delete it.
//
// Policy: Audit File System (success and failure).
type Security4659 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ObjectServer      string
	ObjectType        string
	ObjectName        string
	HandleId          uint64 `evtx:",pointer"`
	TransactionId     GUID
	AccessList        winid.ParameterText
	AccessMask        uint32           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	ProcessId         uint64           `evtx:",pointer"`
	Extra             []Field
}

var _ = declare[Security4659](security, 4659, written{task: auditFileSystem, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) requested a handle to delete {ObjectType}[ {ObjectName}]: {AccessList}`)

// Security4660 records that an object was deleted. 4656 or 4663 with the same handle
// has its name.
//
// Policy: Audit File System, or the category of the object (success).
type Security4660 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ObjectServer      string
	HandleId          uint64 `evtx:",pointer"`
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	TransactionId     GUID
	Extra             []Field
}

var _ = declare[Security4660](security, 4660, written{task: auditFileSystem, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) deleted the object of handle {HandleId}, process {ProcessName}`)

// Security4661 records that a handle to an object of the accounts database was
// requested: a user, a group, a domain.
//
// Policy: Audit SAM, or Audit Directory Service Access (success and failure).
type Security4661 struct {
	System
	SubjectUserSid     string `evtx:",sid"`
	SubjectUserName    string
	SubjectDomainName  string
	SubjectLogonId     uint64 `evtx:",hex"`
	ObjectServer       string
	ObjectType         string
	ObjectName         string
	HandleId           uint64 `evtx:",pointer"`
	TransactionId      GUID
	AccessList         winid.ParameterText
	AccessReason       winid.ParameterText `evtx:",dash,since=1"`
	AccessMask         winid.AccessMask    `evtx:",hex"`
	PrivilegeList      winid.Privileges    `evtx:",dash"`
	Properties         string
	RestrictedSidCount uint32
	ProcessId          uint64 `evtx:",pointer"`
	ProcessName        string
	Extra              []Field
}

var _ = declare[Security4661](security, 4661, written{versions: []uint8{0, 1}, task: auditSAM, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) requested a handle to {ObjectType}[ {ObjectName}]: {AccessList}, process {ProcessName}`)

// Security4662 records that an operation was performed on an object of Active
// Directory or LSA. A domain controller writes it, also for replication (DCSync).
//
// Policy: Audit Directory Service Access (success and failure).
type Security4662 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ObjectServer      string
	ObjectType        winid.DirectoryText
	ObjectName        string
	OperationType     string
	HandleId          uint64              `evtx:",pointer"`
	AccessList        winid.ParameterText `evtx:",dash"`
	AccessMask        winid.AccessMask    `evtx:",hex"`
	Properties        winid.DirectoryText `evtx:",dash"`
	AdditionalInfo    string              `evtx:",dash"`
	AdditionalInfo2   string
	Extra             []Field
}

var _ = declare[Security4662](security, 4662, written{task: auditDirectoryAccess, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) performed an operation on {ObjectType}[ {ObjectName}]: {AccessList}, properties {Properties}`)

// Security4663 records that an access right to an object was used. Task is that of the
// category of the object.
//
// Policy: Audit File System, or the category of the object (success).
type Security4663 struct {
	System
	SubjectUserSid     string `evtx:",sid"`
	SubjectUserName    string
	SubjectDomainName  string
	SubjectLogonId     uint64 `evtx:",hex"`
	ObjectServer       string
	ObjectType         string
	ObjectName         string
	HandleId           uint64 `evtx:",pointer"`
	AccessList         winid.ParameterText
	AccessMask         winid.AccessMask `evtx:",hex"`
	ProcessId          uint64           `evtx:",pointer"`
	ProcessName        string
	ResourceAttributes string `evtx:",dash,since=1"`
	Extra              []Field
}

var _ = declare[Security4663](security, 4663, written{versions: []uint8{0, 1}, task: auditFileSystem, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) accessed {ObjectType}[ {ObjectName}]: {AccessList}, process {ProcessName}`)

// Security4664 records that a hard link was created, or its creation was tried.
//
// Policy: Audit File System (success).
type Security4664 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	FileName          string
	LinkName          string
	TransactionId     GUID
	Extra             []Field
}

var _ = declare[Security4664](security, 4664, written{task: auditFileSystem, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) created the hard link {LinkName} to {FileName}`)

// Security4670 records that the access control list of an object was changed. Task is
// that of the category of the object.
//
// Policy: Audit Authorization Policy Change, and the category of the object (success).
type Security4670 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ObjectServer      string
	ObjectType        string
	ObjectName        string `evtx:",dash"`
	HandleId          uint64 `evtx:",pointer"`
	OldSd             string
	NewSd             string
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	Extra             []Field
}

var _ = declare[Security4670](security, 4670, written{task: auditAuthorizationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the permissions of {ObjectType}[ {ObjectName}] from {OldSd} to {NewSd}, process {ProcessName}`)

// Security4690 records that a handle was duplicated into another process.
//
// Policy: Audit Handle Manipulation (success).
type Security4690 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	SourceHandleId    uint64 `evtx:",pointer"`
	SourceProcessId   uint64 `evtx:",pointer"`
	TargetHandleId    uint64 `evtx:",pointer"`
	TargetProcessId   uint64 `evtx:",pointer"`
	Extra             []Field
}

var _ = declare[Security4690](security, 4690, written{task: auditHandle, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) duplicated the handle {SourceHandleId} of process {SourceProcessId} into process {TargetProcessId}`)

// Security4691 records that an object was accessed by way of another one, such as a
// port of ALPC.
//
// Policy: Audit Other Object Access Events (success).
type Security4691 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ObjectType        string
	ObjectName        string
	AccessList        winid.ParameterText
	AccessMask        winid.AccessMask `evtx:",hex"`
	ProcessId         uint64           `evtx:",pointer"`
	Extra             []Field
}

var _ = declare[Security4691](security, 4691, written{task: auditOtherObject, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) requested indirect access to {ObjectType}[ {ObjectName}]: {AccessList}`)

// Security4818 records that a central access policy that is only proposed would have
// refused an access that was granted.
//
// Policy: Audit Central Access Policy Staging (success).
type Security4818 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ObjectServer      string
	ObjectType        string
	ObjectName        string
	HandleId          uint64 `evtx:",pointer"`
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	AccessReason      winid.ParameterText `evtx:",dash"`
	StagingReason     string
	Extra             []Field
}

var _ = declare[Security4818](security, 4818, written{task: auditAccessStaging, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) would lose access to {ObjectType}[ {ObjectName}] by the proposed policy: {StagingReason}, process {ProcessName}`)

// Security4985 records that the state of a transaction of the file system or registry
// changed.
//
// Policy: Audit File System (success).
type Security4985 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	TransactionId     GUID
	NewState          uint32
	ResourceManager   GUID
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	Extra             []Field
}

var _ = declare[Security4985](security, 4985, written{task: auditFileSystem, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the state of the transaction {TransactionId} to {NewState}, process {ProcessName}`)

// Security5039 records that a registry key was virtualized: a write below HKLM was
// redirected to the user.
//
// Policy: Audit Registry (success).
type Security5039 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ObjectPath        string
	ObjectVirtualPath string
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	Extra             []Field
}

var _ = declare[Security5039](security, 5039, written{task: auditRegistry, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) wrote to {ObjectPath}, redirected to {ObjectVirtualPath}, process {ProcessName}`)

// Security5051 records that a file was virtualized: a write below a protected folder
// was redirected to the user.
//
// Policy: Audit File System (success).
type Security5051 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	FileName          string
	VirtualFileName   string
	ProcessId         uint64 `evtx:",pointer"`
	ProcessName       string
	Extra             []Field
}

var _ = declare[Security5051](security, 5051, written{task: auditFileSystem, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) wrote to {FileName}, redirected to {VirtualFileName}, process {ProcessName}`)
