package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// These events record what happens to a session, and logons to networks.

// Security4626 records the claims of a user and his device that a new logon has.
// Windows writes it beside 4624.
//
// Policy: Audit User/Device Claims (success).
type Security4626 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	TargetUserSid     string `evtx:",sid"`
	TargetUserName    string
	TargetDomainName  string
	TargetLogonId     uint64 `evtx:",hex"`
	LogonType         winid.LogonType
	EventIdx          uint32
	EventCountTotal   uint32
	UserClaims        string
	DeviceClaims      string
	Extra             []Field
}

var _ = declare[Security4626](security, 4626, written{task: auditClaims, keywords: auditSuccess},
	`{TargetDomainName\TargetUserName} logged on with claims: type {LogonType}, LogonId {TargetLogonId}, part {EventIdx} of {EventCountTotal}[: {UserClaims}]`)

// Security4778 records that a session was reconnected to a window station: a remote
// desktop session, or a switch of users.
//
// Policy: Audit Other Logon/Logoff Events (success).
type Security4778 struct {
	System
	AccountName   string
	AccountDomain string
	LogonID       uint64 `evtx:",hex"`
	SessionName   string
	ClientName    string
	ClientAddress string
	Extra         []Field
}

var _ = declare[Security4778](security, 4778, written{task: auditOtherLogon, keywords: auditSuccess},
	`{AccountDomain\AccountName} (LogonId {LogonID}) reconnected to session {SessionName}[, from {ClientAddress}][, client {ClientName}]`)

// Security4779 records that a session was disconnected from a window station: a remote
// desktop session, or a switch of users.
//
// Policy: Audit Other Logon/Logoff Events (success).
type Security4779 struct {
	System
	AccountName   string
	AccountDomain string
	LogonID       uint64 `evtx:",hex"`
	SessionName   string
	ClientName    string
	ClientAddress string
	Extra         []Field
}

var _ = declare[Security4779](security, 4779, written{task: auditOtherLogon, keywords: auditSuccess},
	`{AccountDomain\AccountName} (LogonId {LogonID}) was disconnected from session {SessionName}[, from {ClientAddress}][, client {ClientName}]`)

// Security4800 records that a workstation was locked, by its user or by itself.
//
// Policy: Audit Other Logon/Logoff Events (success).
type Security4800 struct {
	System
	TargetUserSid    string `evtx:",sid"`
	TargetUserName   string
	TargetDomainName string
	TargetLogonId    uint64 `evtx:",hex"`
	SessionId        uint32
	Extra            []Field
}

var _ = declare[Security4800](security, 4800, written{task: auditOtherLogon, keywords: auditSuccess},
	`session {SessionId} of {TargetDomainName\TargetUserName} was locked: LogonId {TargetLogonId}`)

// Security4801 records that a workstation was unlocked.
//
// Policy: Audit Other Logon/Logoff Events (success).
type Security4801 struct {
	System
	TargetUserSid    string `evtx:",sid"`
	TargetUserName   string
	TargetDomainName string
	TargetLogonId    uint64 `evtx:",hex"`
	SessionId        uint32
	Extra            []Field
}

var _ = declare[Security4801](security, 4801, written{task: auditOtherLogon, keywords: auditSuccess},
	`session {SessionId} of {TargetDomainName\TargetUserName} was unlocked: LogonId {TargetLogonId}`)

// Security4802 records that a screen saver started.
//
// Policy: Audit Other Logon/Logoff Events (success).
type Security4802 struct {
	System
	TargetUserSid    string `evtx:",sid"`
	TargetUserName   string
	TargetDomainName string
	TargetLogonId    uint64 `evtx:",hex"`
	SessionId        uint32
	Extra            []Field
}

var _ = declare[Security4802](security, 4802, written{task: auditOtherLogon, keywords: auditSuccess},
	`the screen saver started in session {SessionId} of {TargetDomainName\TargetUserName}: LogonId {TargetLogonId}`)

// Security4803 records that a screen saver ended.
//
// Policy: Audit Other Logon/Logoff Events (success).
type Security4803 struct {
	System
	TargetUserSid    string `evtx:",sid"`
	TargetUserName   string
	TargetDomainName string
	TargetLogonId    uint64 `evtx:",hex"`
	SessionId        uint32
	Extra            []Field
}

var _ = declare[Security4803](security, 4803, written{task: auditOtherLogon, keywords: auditSuccess},
	`the screen saver ended in session {SessionId} of {TargetDomainName\TargetUserName}: LogonId {TargetLogonId}`)

// Security4825 records that a user was refused a remote desktop session, for example
// because he is not a member of Remote Desktop Users.
//
// Policy: Audit Other Logon/Logoff Events (failure).
type Security4825 struct {
	System
	AccountName   string
	AccountDomain string
	LogonID       uint64 `evtx:",hex"`
	ClientAddress string
	Extra         []Field
}

var _ = declare[Security4825](security, 4825, written{task: auditOtherLogon, keywords: auditFailure},
	`{AccountDomain\AccountName} was refused a remote desktop session[, from {ClientAddress}]`)

// Security5378 records that the policy did not allow to delegate credentials to a
// server, as CredSSP does.
//
// Policy: Audit Other Logon/Logoff Events (failure).
type Security5378 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Package           string
	UserUPN           string
	TargetServer      string
	CredType          string
	Extra             []Field
}

var _ = declare[Security5378](security, 5378, written{task: auditOtherLogon, keywords: auditFailure},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) was not allowed to delegate the credentials of {UserUPN} to {TargetServer}: {CredType}`)

// Security5632 records that a user or machine asked to join a wireless network that
// uses 802.1X.
//
// Policy: Audit Other Logon/Logoff Events (success and failure).
type Security5632 struct {
	System
	SSID               string
	Identity           string
	SubjectUserName    string
	SubjectDomainName  string
	SubjectLogonId     uint64 `evtx:",hex"`
	PeerMac            string
	LocalMac           string
	IntfGuid           GUID
	ReasonCode         uint32 `evtx:",hex"`
	ReasonText         string
	ErrorCode          winid.Win32Error `evtx:",hex"`
	EAPReasonCode      uint32           `evtx:",hex,since=1"`
	EapRootCauseString string           `evtx:",since=1"`
	EAPErrorCode       winid.Win32Error `evtx:",hex,since=1"`
	Extra              []Field
}

var _ = declare[Security5632](security, 5632, written{versions: []uint8{0, 1}, task: auditOtherLogon, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName|Identity} asked to join the wireless network {SSID}: {ReasonText}`)

// Security5633 records that a user or machine asked to join a wired network that uses
// 802.1X.
//
// Policy: Audit Other Logon/Logoff Events (success and failure).
type Security5633 struct {
	System
	InterfaceName     string
	Identity          string
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	ReasonCode        uint32 `evtx:",hex"`
	ReasonText        string
	ErrorCode         winid.Win32Error `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security5633](security, 5633, written{task: auditOtherLogon, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName|Identity} asked to join the wired network on {InterfaceName}: {ReasonText}`)

// Security5712 records that a call of a remote procedure was tried.
//
// Policy: Audit RPC Events (success and failure).
type Security5712 struct {
	System
	SubjectUserSid        string `evtx:",sid"`
	SubjectUserName       string
	SubjectDomainName     string
	SubjectLogonId        uint64
	ProcessId             uint32
	ProcessName           string
	RemoteIpAddress       string
	RemotePort            string
	InterfaceUuid         GUID
	ProtocolSequence      string
	AuthenticationService uint32
	AuthenticationLevel   uint32
	OpNum                 uint32 `evtx:",since=1"`
	Endpoint              string `evtx:",since=2"`
	RemoteHost            string `evtx:",since=2"`
	Extra                 []Field
}

var _ = declare[Security5712](security, 5712, written{versions: []uint8{0, 1, 1, 2}, task: auditRPC, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) called the interface {InterfaceUuid} by RPC[, from {RemoteIpAddress}], process {ProcessName}`)
