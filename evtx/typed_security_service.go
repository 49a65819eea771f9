package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// These events record services and packages of the Local Security Authority (LSA).

// Security4610 records that LSA loaded an authentication package, at its start.
//
// Policy: Audit Security System Extension (success).
type Security4610 struct {
	System
	AuthenticationPackageName string
	Extra                     []Field
}

var _ = declare[Security4610](security, 4610, written{task: auditSecurityExtension, keywords: auditSuccess},
	`LSA loaded the authentication package {AuthenticationPackageName}`)

// Security4611 records that a process registered with LSA to ask for logons.
//
// Policy: Audit Security System Extension (success).
type Security4611 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	LogonProcessName  string
	Extra             []Field
}

var _ = declare[Security4611](security, 4611, written{task: auditSecurityExtension, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) registered the logon process {LogonProcessName}`)

// Security4614 records that SAM loaded a notification package, which is given every
// new password.
//
// Policy: Audit Security System Extension (success).
type Security4614 struct {
	System
	NotificationPackageName string
	Extra                   []Field
}

var _ = declare[Security4614](security, 4614, written{task: auditSecurityExtension, keywords: auditSuccess},
	`SAM loaded the notification package {NotificationPackageName}`)

// Security4622 records that LSA loaded a security package, at its start.
//
// Policy: Audit Security System Extension (success).
type Security4622 struct {
	System
	SecurityPackageName string
	Extra               []Field
}

var _ = declare[Security4622](security, 4622, written{task: auditSecurityExtension, keywords: auditSuccess},
	`LSA loaded the security package {SecurityPackageName}`)

// Security4697 records that a service was installed. System 7045 records the same
// without an account.
//
// Policy: Audit Security System Extension (success).
type Security4697 struct {
	System
	SubjectUserSid        string `evtx:",sid"`
	SubjectUserName       string
	SubjectDomainName     string
	SubjectLogonId        uint64 `evtx:",hex"`
	ServiceName           string
	ServiceFileName       string
	ServiceType           winid.ServiceType `evtx:",hex"`
	ServiceStartType      winid.ServiceStart
	ServiceAccount        string
	ClientProcessStartKey uint64 `evtx:",since=1"`
	ClientProcessId       uint32 `evtx:",since=1"`
	ParentProcessId       uint32 `evtx:",since=1"`
	Extra                 []Field
}

var _ = declare[Security4697](security, 4697, written{versions: []uint8{0, 1}, task: auditSecurityExtension, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) installed the service {ServiceName}: {ServiceFileName}, to run as {ServiceAccount}`)
