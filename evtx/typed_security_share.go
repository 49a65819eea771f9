package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// These events record access to network shares. The machine that offers the share writes
// them.

// Security5140 records that a share was accessed, once for each session.
//
// Policy: Audit File Share (success and failure).
type Security5140 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ObjectType        string `evtx:",since=1"`
	IpAddress         string
	IpPort            string
	ShareName         string
	ShareLocalPath    string              `evtx:",since=1"`
	AccessMask        winid.FileAccess    `evtx:",hex,since=1"`
	AccessList        winid.ParameterText `evtx:",since=1"`
	Extra             []Field
}

var _ = declare[Security5140](security, 5140, written{versions: []uint8{0, 1}, task: auditFileShare, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) accessed the share {ShareName}[ ({ShareLocalPath})][, from {IpAddress}]`)

// Security5142 records that a share was added.
//
// Policy: Audit File Share (success).
type Security5142 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ShareName         string
	ShareLocalPath    string
	Extra             []Field
}

var _ = declare[Security5142](security, 5142, written{task: auditFileShare, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) added the share {ShareName}: {ShareLocalPath}`)

// Security5143 records that a share was changed.
//
// Policy: Audit File Share (success).
type Security5143 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ObjectType        string
	ShareName         string
	ShareLocalPath    string
	OldRemark         string
	NewRemark         string
	OldMaxUsers       uint32 `evtx:",hex"`
	NewMaxUsers       uint32 `evtx:",hex"`
	OldShareFlags     uint32 `evtx:",hex"`
	NewShareFlags     uint32 `evtx:",hex"`
	OldSD             string
	NewSD             string
	Extra             []Field
}

var _ = declare[Security5143](security, 5143, written{task: auditFileShare, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the share {ShareName}: {ShareLocalPath}`)

// Security5144 records that a share was deleted.
//
// Policy: Audit File Share (success).
type Security5144 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ShareName         string
	ShareLocalPath    string
	Extra             []Field
}

var _ = declare[Security5144](security, 5144, written{task: auditFileShare, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) deleted the share {ShareName}: {ShareLocalPath}`)

// Security5145 records that a file or named pipe of a share was checked for access.
// Windows writes it for each file that is opened.
//
// Policy: Audit Detailed File Share (success and failure).
type Security5145 struct {
	System
	SubjectUserSid     string `evtx:",sid"`
	SubjectUserName    string
	SubjectDomainName  string
	SubjectLogonId     uint64 `evtx:",hex"`
	ObjectType         string
	IpAddress          string
	IpPort             string
	ShareName          string
	ShareLocalPath     string
	RelativeTargetName string
	AccessMask         winid.FileAccess `evtx:",hex"`
	AccessList         winid.ParameterText
	AccessReason       winid.ParameterText `evtx:",dash"`
	Extra              []Field
}

var _ = declare[Security5145](security, 5145, written{task: auditDetailedFileShare, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) accessed {RelativeTargetName} of the share {ShareName}[ ({ShareLocalPath})][, from {IpAddress}]: {AccessList}`)

// Security5168 records that the name of a service that a client of SMB asked for is
// not one of the server, as in relayed connections.
//
// Policy: Audit File Share (failure).
type Security5168 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	SpnName           string
	ErrorCode         winid.Win32Error `evtx:",hex"`
	ServerNames       string
	ConfiguredNames   string
	IpAddresses       string
	Extra             []Field
}

var _ = declare[Security5168](security, 5168, written{task: auditFileShare, keywords: auditFailure},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) failed the check of the service name {SpnName}: {ErrorCode}`)
