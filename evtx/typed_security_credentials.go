package evtx

import (
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// These events record uses of Credential Manager, of vaults, and of the Data Protection API
// (DPAPI).

// Security4692 records that the backup of a DPAPI master key was tried. Windows writes
// it when a master key is made.
//
// Policy: Audit DPAPI Activity (success and failure).
type Security4692 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	MasterKeyId       string
	RecoveryServer    string
	RecoveryKeyId     string
	FailureReason     winid.Win32Error `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4692](security, 4692, written{task: auditDPAPI, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) backed up the DPAPI master key {MasterKeyId}[, server {RecoveryServer}]: status {FailureReason}`)

// Security4693 records that the recovery of a DPAPI master key was tried, as after a
// password was reset.
//
// Policy: Audit DPAPI Activity (success and failure).
type Security4693 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	MasterKeyId       string
	RecoveryReason    uint32 `evtx:",hex"`
	RecoveryServer    string
	RecoveryKeyId     string
	FailureId         winid.Win32Error `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4693](security, 4693, written{task: auditDPAPI, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) recovered the DPAPI master key {MasterKeyId}[, server {RecoveryServer}]: status {FailureId}`)

// Security4694 records that data was protected by DPAPI with the flag to audit it.
//
// Policy: Audit DPAPI Activity (success and failure).
type Security4694 struct {
	System
	SubjectUserSid     string `evtx:",sid"`
	SubjectUserName    string
	SubjectDomainName  string
	SubjectLogonId     uint64 `evtx:",hex"`
	DataDescription    string
	MasterKeyId        string
	ProtectedDataFlags uint32 `evtx:",hex"`
	CryptoAlgorithms   string
	FailureReason      winid.Win32Error `evtx:",hex"`
	Extra              []Field
}

var _ = declare[Security4694](security, 4694, written{task: auditDPAPI, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) protected data with DPAPI: {DataDescription}, {MasterKeyId}: status {FailureReason}`)

// Security4695 records that data that was protected by DPAPI with the flag to audit it
// was decrypted. In logs MasterKeyId has the description and DataDescription the key.
//
// Policy: Audit DPAPI Activity (success and failure).
type Security4695 struct {
	System
	SubjectUserSid     string `evtx:",sid"`
	SubjectUserName    string
	SubjectDomainName  string
	SubjectLogonId     uint64 `evtx:",hex"`
	DataDescription    string
	MasterKeyId        string
	ProtectedDataFlags uint32 `evtx:",hex"`
	CryptoAlgorithms   string
	FailureReason      winid.Win32Error `evtx:",hex"`
	Extra              []Field
}

var _ = declare[Security4695](security, 4695, written{task: auditDPAPI, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) decrypted data with DPAPI: {DataDescription}, {MasterKeyId}: status {FailureReason}`)

// Security5376 records that a user backed up the credentials of Credential Manager.
//
// Policy: Audit User Account Management (success).
type Security5376 struct {
	System
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64    `evtx:",hex"`
	BackupFileName      string    `evtx:",since=1"`
	ProcessCreationTime time.Time `evtx:",filetime,since=1"`
	ClientProcessId     uint32    `evtx:",since=1"`
	Extra               []Field
}

var _ = declare[Security5376](security, 5376, written{versions: []uint8{0, 1}, task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) backed up the credentials of Credential Manager[ to {BackupFileName}]`)

// Security5377 records that a user restored the credentials of Credential Manager from
// a backup.
//
// Policy: Audit User Account Management (success).
type Security5377 struct {
	System
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64    `evtx:",hex"`
	BackupFileName      string    `evtx:",since=1"`
	ProcessCreationTime time.Time `evtx:",filetime,since=1"`
	ClientProcessId     uint32    `evtx:",since=1"`
	Extra               []Field
}

var _ = declare[Security5377](security, 5377, written{versions: []uint8{0, 1}, task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) restored the credentials of Credential Manager[ from {BackupFileName}]`)

// Security5379 records that a process read credentials of Credential Manager.
//
// Policy: Audit User Account Management (success).
type Security5379 struct {
	System
	SubjectUserSid             string `evtx:",sid"`
	SubjectUserName            string
	SubjectDomainName          string
	SubjectLogonId             uint64 `evtx:",hex"`
	TargetName                 string
	Type                       uint32
	CountOfCredentialsReturned uint32
	ReadOperation              winid.ParameterText
	ReturnCode                 winid.Win32Error
	ProcessCreationTime        time.Time `evtx:",filetime"`
	ClientProcessId            uint32
	Extra                      []Field
}

var _ = declare[Security5379](security, 5379, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) read {CountOfCredentialsReturned} credentials of Credential Manager[: {TargetName}], process {ClientProcessId}`)

// Security5380 records that a process looked for credentials in a vault.
//
// Policy: Audit User Account Management (success).
type Security5380 struct {
	System
	SubjectUserSid             string `evtx:",sid"`
	SubjectUserName            string
	SubjectDomainName          string
	SubjectLogonId             uint64 `evtx:",hex"`
	SearchString               string
	SchemaFriendlyName         string
	Schema                     GUID
	CountOfCredentialsReturned uint32
	ProcessCreationTime        time.Time `evtx:",filetime"`
	ClientProcessId            uint32
	Extra                      []Field
}

var _ = declare[Security5380](security, 5380, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) looked for credentials in a vault: {SchemaFriendlyName}[, {SearchString}], process {ClientProcessId}`)

// Security5381 records that a process listed the credentials of a vault.
//
// Policy: Audit User Account Management (success).
type Security5381 struct {
	System
	SubjectUserSid             string `evtx:",sid"`
	SubjectUserName            string
	SubjectDomainName          string
	SubjectLogonId             uint64 `evtx:",hex"`
	Flags                      uint32
	CountOfCredentialsReturned uint32
	ProcessCreationTime        time.Time `evtx:",filetime"`
	ClientProcessId            uint32
	Extra                      []Field
}

var _ = declare[Security5381](security, 5381, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) listed {CountOfCredentialsReturned} credentials of a vault, process {ClientProcessId}`)

// Security5382 records that a process read a credential of a vault.
//
// Policy: Audit User Account Management (success).
type Security5382 struct {
	System
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64 `evtx:",hex"`
	SchemaFriendlyName  string
	Schema              GUID
	Resource            string
	Identity            string
	PackageSid          string
	Flags               uint32
	ReturnCode          winid.Win32Error
	ProcessCreationTime time.Time `evtx:",filetime"`
	ClientProcessId     uint32
	Extra               []Field
}

var _ = declare[Security5382](security, 5382, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) read the credential of {Identity} for {Resource}: {SchemaFriendlyName}, process {ClientProcessId}`)
