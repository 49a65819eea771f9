package evtx

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
	SubjectLogonId        uint64 `evtx:",hex"`
	PrivilegeList         string `evtx:",dash"`
	SamAccountName        string
	DisplayName           string `evtx:",dash"`
	UserPrincipalName     string `evtx:",dash"`
	HomeDirectory         string `evtx:",dash"`
	HomePath              string `evtx:",dash"`
	ScriptPath            string `evtx:",dash"`
	ProfilePath           string `evtx:",dash"`
	UserWorkstations      string `evtx:",dash"`
	PasswordLastSet       string
	AccountExpires        string
	PrimaryGroupId        string
	AllowedToDelegateTo   string `evtx:",dash"`
	OldUacValue           string
	NewUacValue           string
	UserAccountControl    string
	UserParameters        string `evtx:",dash"`
	SidHistory            string `evtx:",dash"`
	LogonHours            string
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
	SubjectLogonId        uint64 `evtx:",hex"`
	PrivilegeList         string `evtx:",dash"`
	SamAccountName        string `evtx:",dash"`
	DisplayName           string `evtx:",dash"`
	UserPrincipalName     string `evtx:",dash"`
	HomeDirectory         string `evtx:",dash"`
	HomePath              string `evtx:",dash"`
	ScriptPath            string `evtx:",dash"`
	ProfilePath           string `evtx:",dash"`
	UserWorkstations      string `evtx:",dash"`
	PasswordLastSet       string `evtx:",dash"`
	AccountExpires        string `evtx:",dash"`
	PrimaryGroupId        string `evtx:",dash"`
	AllowedToDelegateTo   string `evtx:",dash"`
	OldUacValue           string `evtx:",dash"`
	NewUacValue           string `evtx:",dash"`
	UserAccountControl    string `evtx:",dash"`
	UserParameters        string `evtx:",dash"`
	SidHistory            string `evtx:",dash"`
	LogonHours            string `evtx:",dash"`
	DnsHostName           string `evtx:",dash"`
	ServicePrincipalNames string `evtx:",dash"`
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
	SubjectLogonId    uint64 `evtx:",hex"`
	PrivilegeList     string `evtx:",dash"`
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
	Status            uint32 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4793](security, 4793, written{task: auditOtherAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) checked a password against the policy[, for {TargetUserName}][, workstation {Workstation}]: status {Status}`)
