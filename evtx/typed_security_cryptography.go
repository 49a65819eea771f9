package evtx

import (
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// These events record uses of cryptographic keys and modules.

// Security5056 records that a module of cryptography tested itself.
//
// Policy: Audit System Integrity (success and failure).
type Security5056 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Module            string
	ReturnCode        winid.Win32Error `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security5056](security, 5056, written{task: auditSystemIntegrity, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) tested the cryptographic module {Module}: {ReturnCode}`)

// Security5057 records that an operation of a cryptographic provider failed.
//
// Policy: Audit System Integrity (failure).
type Security5057 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ProviderName      string
	AlgorithmName     winid.ParameterText
	Reason            string
	ReturnCode        winid.Win32Error `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security5057](security, 5057, written{task: auditSystemIntegrity, keywords: auditFailure},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) failed to use the provider {ProviderName}: {Reason}, status {ReturnCode}`)

// Security5058 records that a file with a cryptographic key was used.
//
// Policy: Audit Other System Events (success and failure).
type Security5058 struct {
	System
	SubjectUserSid     string `evtx:",sid"`
	SubjectUserName    string
	SubjectDomainName  string
	SubjectLogonId     uint64    `evtx:",hex"`
	ClientProcessId    uint32    `evtx:",since=1"`
	ClientCreationTime time.Time `evtx:",filetime,since=1"`
	ProviderName       string
	AlgorithmName      winid.ParameterText
	KeyName            string
	KeyType            winid.ParameterText
	KeyFilePath        string
	Operation          winid.ParameterText
	ReturnCode         winid.Win32Error `evtx:",hex"`
	Extra              []Field
}

var _ = declare[Security5058](security, 5058, written{versions: []uint8{0, 1}, task: auditOtherSystem, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) used the key file {KeyFilePath}: {Operation}, key {KeyName}, status {ReturnCode}`)

// Security5059 records that a cryptographic key was exported, imported or migrated.
//
// Policy: Audit Other System Events (success and failure).
type Security5059 struct {
	System
	SubjectUserSid     string `evtx:",sid"`
	SubjectUserName    string
	SubjectDomainName  string
	SubjectLogonId     uint64    `evtx:",hex"`
	ClientProcessId    uint32    `evtx:",since=1"`
	ClientCreationTime time.Time `evtx:",filetime,since=1"`
	ProviderName       string
	AlgorithmName      winid.ParameterText
	KeyName            string
	KeyType            winid.ParameterText
	Operation          winid.ParameterText
	ReturnCode         winid.Win32Error `evtx:",hex"`
	Extra              []Field
}

var _ = declare[Security5059](security, 5059, written{versions: []uint8{0, 1}, task: auditOtherSystem, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) migrated the key {KeyName}: {Operation}, status {ReturnCode}`)

// Security5060 records that a signature or a hash was not valid.
//
// Policy: Audit System Integrity (failure).
type Security5060 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ProviderName      string
	AlgorithmName     winid.ParameterText
	KeyName           string
	KeyType           winid.ParameterText
	Reason            string
	ReturnCode        winid.Win32Error `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security5060](security, 5060, written{task: auditSystemIntegrity, keywords: auditFailure},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) failed a verification with the key {KeyName}: {Reason}, status {ReturnCode}`)

// Security5061 records that an operation with a cryptographic key was performed.
//
// Policy: Audit System Integrity (success and failure).
type Security5061 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ProviderName      string
	AlgorithmName     winid.ParameterText
	KeyName           string
	KeyType           winid.ParameterText
	Operation         winid.ParameterText
	ReturnCode        winid.Win32Error `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security5061](security, 5061, written{task: auditSystemIntegrity, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) used the key {KeyName}: {Operation}, status {ReturnCode}`)

// Security5062 records that a module of cryptography in the kernel tested itself.
//
// Policy: Audit System Integrity (success).
type Security5062 struct {
	System
	Module     string
	ReturnCode winid.Win32Error
	Extra      []Field
}

var _ = declare[Security5062](security, 5062, written{task: auditSystemIntegrity, keywords: auditSuccess},
	`the kernel tested the cryptographic module {Module}: {ReturnCode}`)
