package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// These events record changes of the accounts of computers, and uses of passwords.

// Security4741 records that the account of a computer was created. A domain controller
// writes it.
//
// Policy: Audit Computer Account Management (success).
type Security4741 struct {
	System
	TargetUserName        string
	TargetDomainName      string
	TargetSid             string `evtx:",sid"`
	SubjectUserSid        string `evtx:",sid"`
	SubjectUserName       string
	SubjectDomainName     string
	SubjectLogonId        uint64           `evtx:",hex"`
	PrivilegeList         winid.Privileges `evtx:",dash"`
	SamAccountName        string
	DisplayName           winid.ParameterText `evtx:",dash"`
	UserPrincipalName     string              `evtx:",dash"`
	HomeDirectory         winid.ParameterText `evtx:",dash"`
	HomePath              winid.ParameterText `evtx:",dash"`
	ScriptPath            winid.ParameterText `evtx:",dash"`
	ProfilePath           winid.ParameterText `evtx:",dash"`
	UserWorkstations      winid.ParameterText `evtx:",dash"`
	PasswordLastSet       winid.ParameterText
	AccountExpires        winid.ParameterText
	PrimaryGroupId        string
	AllowedToDelegateTo   string `evtx:",dash"`
	OldUacValue           winid.AccountControl
	NewUacValue           winid.AccountControl
	UserAccountControl    winid.ParameterText
	UserParameters        winid.ParameterText `evtx:",dash"`
	SidHistory            string              `evtx:",dash"`
	LogonHours            winid.ParameterText
	DnsHostName           string `evtx:",dash"`
	ServicePrincipalNames string `evtx:",dash"`
	Extra                 []Field
}

var _ = declare[Security4741](security, 4741, written{task: auditComputerAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) created the computer account {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4742 records that the account of a computer was changed. Attributes that did
// not change are "-".
//
// Policy: Audit Computer Account Management (success).
type Security4742 struct {
	System
	ComputerAccountChange string `evtx:",dash"`
	TargetUserName        string
	TargetDomainName      string
	TargetSid             string `evtx:",sid"`
	SubjectUserSid        string `evtx:",sid"`
	SubjectUserName       string
	SubjectDomainName     string
	SubjectLogonId        uint64               `evtx:",hex"`
	PrivilegeList         winid.Privileges     `evtx:",dash"`
	SamAccountName        string               `evtx:",dash"`
	DisplayName           winid.ParameterText  `evtx:",dash"`
	UserPrincipalName     string               `evtx:",dash"`
	HomeDirectory         winid.ParameterText  `evtx:",dash"`
	HomePath              winid.ParameterText  `evtx:",dash"`
	ScriptPath            winid.ParameterText  `evtx:",dash"`
	ProfilePath           winid.ParameterText  `evtx:",dash"`
	UserWorkstations      winid.ParameterText  `evtx:",dash"`
	PasswordLastSet       winid.ParameterText  `evtx:",dash"`
	AccountExpires        winid.ParameterText  `evtx:",dash"`
	PrimaryGroupId        string               `evtx:",dash"`
	AllowedToDelegateTo   string               `evtx:",dash"`
	OldUacValue           winid.AccountControl `evtx:",dash"`
	NewUacValue           winid.AccountControl `evtx:",dash"`
	UserAccountControl    winid.ParameterText  `evtx:",dash"`
	UserParameters        winid.ParameterText  `evtx:",dash"`
	SidHistory            string               `evtx:",dash"`
	LogonHours            winid.ParameterText  `evtx:",dash"`
	DnsHostName           string               `evtx:",dash"`
	ServicePrincipalNames string               `evtx:",dash"`
	Extra                 []Field
}

var _ = declare[Security4742](security, 4742, written{task: auditComputerAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the computer account {TargetDomainName\TargetUserName} ({TargetSid})[: service principal names {ServicePrincipalNames}]`)

// Security4743 records that the account of a computer was deleted. A domain controller
// writes it.
//
// Policy: Audit Computer Account Management (success).
type Security4743 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4743](security, 4743, written{task: auditComputerAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) deleted the computer account {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4782 records that the password hash of an account was read, as the migration
// of accounts does. A domain controller writes it.
//
// Policy: Audit Other Account Management Events (success).
type Security4782 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4782](security, 4782, written{task: auditOtherAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) accessed the password hash of {TargetDomainName\TargetUserName}`)

// Security4793 records that a password was checked against the policy by
// NetValidatePasswordPolicy.
//
// Policy: Audit Other Account Management Events (success).
type Security4793 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Workstation       string
	TargetUserName    string
	Status            winid.NTStatus `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4793](security, 4793, written{task: auditOtherAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) checked a password against the policy[, for {TargetUserName}][, workstation {Workstation}]: status {Status}`)
