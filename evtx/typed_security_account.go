package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// These events record changes of user accounts. The machine that has the account writes
// them: a domain controller for the accounts of a domain.

// Security4720 records that a user account was created. The machine that has the
// account writes it.
//
// Policy: Audit User Account Management (success).
type Security4720 struct {
	System
	TargetUserName      string
	TargetDomainName    string
	TargetSid           string `evtx:",sid"`
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64           `evtx:",hex"`
	PrivilegeList       winid.Privileges `evtx:",dash"`
	SamAccountName      string
	DisplayName         winid.ParameterText
	UserPrincipalName   string              `evtx:",dash"`
	HomeDirectory       winid.ParameterText `evtx:",dash"`
	HomePath            winid.ParameterText `evtx:",dash"`
	ScriptPath          winid.ParameterText `evtx:",dash"`
	ProfilePath         winid.ParameterText `evtx:",dash"`
	UserWorkstations    winid.ParameterText `evtx:",dash"`
	PasswordLastSet     winid.ParameterText
	AccountExpires      winid.ParameterText
	PrimaryGroupId      string
	AllowedToDelegateTo string `evtx:",dash"`
	OldUacValue         winid.AccountControl
	NewUacValue         winid.AccountControl
	UserAccountControl  winid.ParameterText
	UserParameters      winid.ParameterText `evtx:",dash"`
	SidHistory          string              `evtx:",dash"`
	LogonHours          winid.ParameterText
	Extra               []Field
}

var _ = declare[Security4720](security, 4720, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) created the account {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4722 records that an account of a user or a machine was enabled.
//
// Policy: Audit User Account Management (success).
type Security4722 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4722](security, 4722, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) enabled the account {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4723 records that a user tried to change his own password.
//
// Policy: Audit User Account Management (success and failure).
type Security4723 struct {
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

var _ = declare[Security4723](security, 4723, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) tried to change the password of {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4724 records that an administrator tried to reset the password of an
// account.
//
// Policy: Audit User Account Management (success and failure).
type Security4724 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4724](security, 4724, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) tried to reset the password of {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4725 records that an account of a user or a machine was disabled.
//
// Policy: Audit User Account Management (success).
type Security4725 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4725](security, 4725, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) disabled the account {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4726 records that a user account was deleted.
//
// Policy: Audit User Account Management (success).
type Security4726 struct {
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

var _ = declare[Security4726](security, 4726, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) deleted the account {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4738 records that a user account was changed. Attributes that did not change
// are "-".
//
// Policy: Audit User Account Management (success).
type Security4738 struct {
	System
	Dummy               string `evtx:",dash"` // always "-"
	TargetUserName      string
	TargetDomainName    string
	TargetSid           string `evtx:",sid"`
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64               `evtx:",hex"`
	PrivilegeList       winid.Privileges     `evtx:",dash"`
	SamAccountName      string               `evtx:",dash"`
	DisplayName         winid.ParameterText  `evtx:",dash"`
	UserPrincipalName   string               `evtx:",dash"`
	HomeDirectory       winid.ParameterText  `evtx:",dash"`
	HomePath            winid.ParameterText  `evtx:",dash"`
	ScriptPath          winid.ParameterText  `evtx:",dash"`
	ProfilePath         winid.ParameterText  `evtx:",dash"`
	UserWorkstations    winid.ParameterText  `evtx:",dash"`
	PasswordLastSet     winid.ParameterText  `evtx:",dash"`
	AccountExpires      winid.ParameterText  `evtx:",dash"`
	PrimaryGroupId      string               `evtx:",dash"`
	AllowedToDelegateTo string               `evtx:",dash"`
	OldUacValue         winid.AccountControl `evtx:",dash"`
	NewUacValue         winid.AccountControl `evtx:",dash"`
	UserAccountControl  winid.ParameterText  `evtx:",dash"`
	UserParameters      winid.ParameterText  `evtx:",dash"`
	SidHistory          string               `evtx:",dash"`
	LogonHours          winid.ParameterText  `evtx:",dash"`
	Extra               []Field
}

var _ = declare[Security4738](security, 4738, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the account {TargetDomainName\TargetUserName} ({TargetSid})[: user account control {OldUacValue} to {NewUacValue}]`)

// Security4740 records that an account was locked out after failed logons.
// TargetDomainName is the computer that they came from.
//
// Policy: Audit User Account Management (success).
type Security4740 struct {
	System
	TargetUserName    string
	TargetDomainName  string // the computer that the logons came from
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4740](security, 4740, written{task: auditUserAccount, keywords: auditSuccess},
	`the account {TargetUserName} ({TargetSid}) was locked out[, by logons from {TargetDomainName}]`)

// Security4765 records that a SID of another account was added to the SID history of
// an account.
//
// Policy: Audit User Account Management (success).
type Security4765 struct {
	System
	SourceUserName    string
	SourceSid         string `evtx:",sid"`
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	SidList           string           `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4765](security, 4765, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) added the SID history of {SourceUserName} ({SourceSid}) to {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4766 records that a SID of another account could not be added to the SID
// history of an account.
//
// Policy: Audit User Account Management (failure).
type Security4766 struct {
	System
	SourceUserName    string
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    string
	PrivilegeList     winid.Privileges `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4766](security, 4766, written{task: auditUserAccount, keywords: auditFailure},
	`{SubjectDomainName\SubjectUserName} failed to add the SID history of {SourceUserName} to {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4767 records that an account that was locked out was unlocked.
//
// Policy: Audit User Account Management (success).
type Security4767 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4767](security, 4767, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) unlocked the account {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4780 records that the access control list of an account that is a member of
// an administrative group was reset to that of AdminSDHolder. A domain controller does
// so every hour.
//
// Policy: Audit User Account Management (success).
type Security4780 struct {
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

var _ = declare[Security4780](security, 4780, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) reset the access control list of the administrative account {TargetDomainName\TargetUserName} ({TargetSid})`)

// Security4781 records that an account was renamed.
//
// Policy: Audit User Account Management (success).
type Security4781 struct {
	System
	OldTargetUserName string
	NewTargetUserName string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4781](security, 4781, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) renamed the account {TargetDomainName\OldTargetUserName} to {NewTargetUserName} ({TargetSid})`)

// Security4794 records that someone tried to set the password of the Directory
// Services Restore Mode of a domain controller.
//
// Policy: Audit User Account Management (success and failure).
type Security4794 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Workstation       string
	Status            winid.NTStatus `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4794](security, 4794, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) tried to set the password of the Directory Services Restore Mode[, workstation {Workstation}]: status {Status}`)

// Security4797 records that a process asked whether an account has an empty password.
//
// Policy: Audit User Account Management (success).
type Security4797 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Workstation       string
	TargetUserName    string
	TargetDomainName  string
	Extra             []Field
}

var _ = declare[Security4797](security, 4797, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) asked whether {TargetDomainName\TargetUserName} has an empty password[, workstation {Workstation}]`)

// Security4798 records that a process listed the local groups of a user.
//
// Policy: Audit User Account Management (success).
type Security4798 struct {
	System
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	CallerProcessId   uint64 `evtx:",pointer"`
	CallerProcessName string
	Extra             []Field
}

var _ = declare[Security4798](security, 4798, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) listed the local groups of {TargetDomainName\TargetUserName} ({TargetSid})[, process {CallerProcessName}]`)

// Security4830 records that SIDs were removed from the SID history of an account.
//
// Policy: Audit User Account Management (success).
type Security4830 struct {
	System
	SourceUserName    string
	SourceSid         string `evtx:",sid"`
	TargetUserName    string
	TargetDomainName  string
	TargetSid         string `evtx:",sid"`
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64           `evtx:",hex"`
	PrivilegeList     winid.Privileges `evtx:",dash"`
	SidList           string           `evtx:",dash"`
	Extra             []Field
}

var _ = declare[Security4830](security, 4830, written{task: auditUserAccount, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) removed {SidList} from the SID history of {TargetDomainName\TargetUserName} ({TargetSid})`)
