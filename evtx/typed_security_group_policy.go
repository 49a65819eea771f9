package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// These events record what group policies and central access policies change.

// Security4911 records that the resource attributes of an object were changed.
//
// Policy: Audit Authorization Policy Change (success).
type Security4911 struct {
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

var _ = declare[Security4911](security, 4911, written{task: auditAuthorizationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the resource attributes of {ObjectType}[ {ObjectName}][ from {OldSd}] to {NewSd}, process {ProcessName}`)

// Security4913 records that the central access policy of an object was changed.
//
// Policy: Audit Authorization Policy Change (success).
type Security4913 struct {
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

var _ = declare[Security4913](security, 4913, written{task: auditAuthorizationPolicy, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the central access policy of {ObjectType}[ {ObjectName}][ from {OldSd}] to {NewSd}, process {ProcessName}`)

// Security6144 records that the security settings of group policies were applied.
//
// Policy: Audit Other Policy Change Events (success).
type Security6144 struct {
	System
	ErrorCode winid.Win32Error
	GPOList   string
	Extra     []Field
}

var _ = declare[Security6144](security, 6144, written{task: auditOtherPolicy, keywords: auditSuccess},
	`the security settings of group policies were applied: {GPOList}`)

// Security6145 records that security settings of group policies could not be applied.
//
// Policy: Audit Other Policy Change Events (failure).
type Security6145 struct {
	System
	ErrorCode winid.Win32Error
	GPOList   string
	Extra     []Field
}

var _ = declare[Security6145](security, 6145, written{task: auditOtherPolicy, keywords: auditFailure},
	`the security settings of group policies were not applied: error {ErrorCode}, {GPOList}`)
